/** Lines of the tree from the kernel's tables. */
import type { ScopeState } from '../../contract';
import type { Row } from '../arrow';
import { clock, counted, minute } from '../words';
import type { Item } from './tree';

const joined = (...parts: (string | null | undefined | false)[]) =>
  parts.filter(Boolean).join(' · ');

const PLAIN = {
  lasted: '',
  people: null,
  stored: false,
  recent: false,
  running: false,
  opens: false,
};

export function experimentItem(row: Row<'experiments'>): Item {
  const scope: ScopeState = { kind: 'experiment', id: row.id ?? '', room: null };
  return {
    ...PLAIN,
    key: keyOf(scope),
    kind: 'experiment',
    scope,
    name: row.name || scope.id,
    detail: joined(row.rooms !== null && counted(row.rooms, 'room'), row.name ? scope.id : ''),
    people: row.participants,
    stored: row.stored ?? false,
    recent: row.opened_ms !== null,
    opens: true,
  };
}

export function roomItem(row: Row<'rooms'>): Item {
  const scope: ScopeState = { kind: 'room', id: row.id ?? '', room: null };
  return {
    key: keyOf(scope),
    kind: 'room',
    scope,
    name: scope.id,
    detail: joined(
      row.running ? 'running' : row.status,
      row.started_ms !== null && minute(row.started_ms),
    ),
    lasted: row.duration_sec === null ? '' : clock(row.duration_sec),
    people: row.participants,
    stored: row.stored ?? false,
    recent: row.opened_ms !== null,
    running: row.running ?? false,
    opens: true,
  };
}

export function participantItem(row: Row<'participants'>, room: string): Item {
  const scope: ScopeState = { kind: 'participant', id: row.id ?? '', room };
  return {
    ...PLAIN,
    key: keyOf(scope),
    kind: 'participant',
    scope,
    name: row.name || scope.id,
    detail: joined(row.name ? scope.id : '', row.role, row.status, row.completion_code),
    stored: row.stored ?? false,
    recent: row.opened_ms !== null,
  };
}

export function foundItem(row: Row<'found'>, under: string): Item {
  const kind = (row.kind ?? 'room') as ScopeState['kind'];
  const scope: ScopeState = { kind, id: row.id ?? '', room: row.room };
  return {
    ...PLAIN,
    key: `${under} ${keyOf(scope)}`,
    kind,
    scope,
    name: row.name || scope.id,
    detail: joined(
      kind,
      row.name ? scope.id : '',
      row.status,
      kind === 'participant' && row.room && `in ${row.room}`,
      kind !== 'experiment' && row.experiment,
    ),
    stored: row.stored ?? false,
    recent: row.opened_ms !== null,
  };
}

/** A line that only says something, below a parent. */
export const noteItem = (parent: string, text: string): Item => ({
  ...PLAIN,
  key: `${parent} note`,
  kind: 'note',
  scope: null,
  name: text,
  detail: '',
});

export const groupItem = (key: string, name: string): Item => ({
  ...PLAIN,
  key,
  kind: 'group',
  scope: null,
  name,
  detail: '',
  opens: true,
});

/** A scope's key in the tree. */
export const keyOf = ({ kind, id, room }: ScopeState): string => JSON.stringify([kind, id, room]);
