/** A made-up study, as large as a test wants it, with text that would like to be more than text. */
import {
  bool,
  dictionary,
  float64,
  int32,
  type Table,
  tableFromArrays,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';

import type { PageColumn, TableState } from '../../../src/contract';

/** What a participant might write; none of it may ever run or become markup. */
export const HOSTILE = [
  `<img src=x onerror="window.hacked=1">`,
  `</script><script>window.hacked=1</script>`,
  `{{constructor.constructor('window.hacked=1')()}}`,
  '=HYPERLINK("http://outside.example","x")',
  '\u202Egnp.exe',
  'javascript:window.hacked=1',
];

type Cell = string | number | boolean | null;

/** An Arrow stream of columns, typed as the contract's buffers are. */
export function stream(columns: Record<string, readonly Cell[]>): Uint8Array {
  const types = Object.fromEntries(
    Object.entries(columns).map(([name, cells]) => [name, typeOf(name, cells)]),
  );
  const table: Table = tableFromArrays(columns as Record<string, unknown[]>, { types });
  return tableToIPC(table, {}) as Uint8Array;
}

function typeOf(name: string, cells: readonly Cell[]) {
  const one = cells.find(cell => cell !== null);
  if (name === '__row__' || name === 'rooms' || name === 'participants') {
    return int32();
  }
  return typeof one === 'number' || /_(ms|sec)$/.test(name)
    ? float64()
    : typeof one === 'boolean'
      ? bool()
      : dictionary(utf8());
}

/** Columns of rows, as `stream` takes them. */
export function columnsOf<T extends Record<string, Cell>>(
  rows: readonly T[],
  names: readonly (keyof T & string)[],
): Record<string, Cell[]> {
  return Object.fromEntries(names.map(name => [name, rows.map(row => row[name] ?? null)]));
}

export interface Made {
  readonly state: TableState;
  readonly columns: readonly PageColumn[];
  cell(row: number, column: string): Cell;
}

const column = (name: string, kind: PageColumn['kind'], unit = '', meaning = ''): PageColumn => ({
  name,
  kind,
  unit,
  meaning,
});

const state = (
  table: string,
  announced: number | null,
  more: Partial<TableState> = {},
): TableState => ({
  table,
  type: table,
  meaning: `What ${table} are.`,
  timed: true,
  drawn: true,
  announced,
  loaded: announced ?? 0,
  whole: true,
  readable: true,
  key_scope: null,
  problem: null,
  warnings: [],
  stored: true,
  version: 1,
  ...more,
});

const START_MS = Date.UTC(2026, 2, 2, 15, 4);
const STEP_SEC = 0.1;

/** The tables of a room; `size` is the number of its ratings. */
export function roomTables(size: number): Record<string, Made> {
  const who = (row: number) => `p_${(row % 2) + 1}`;
  const common = (row: number, name: string): Cell =>
    ({
      onset_sec: row * STEP_SEC - 1,
      timestamp: START_MS + row * STEP_SEC * 1000,
      participantId: who(row),
      roomId: 'room_a',
    })[name] ?? null;
  const timed = [
    column('onset_sec', 'number', 's', "seconds from the experiment's start"),
    column('timestamp', 'instant', '', 'when it was made'),
    column('participantId', 'text'),
    column('roomId', 'text'),
  ];
  return {
    ratings: {
      state: state('ratings', size),
      columns: [
        ...timed,
        column('value', 'number'),
        column('value_norm', 'number'),
        column('componentId', 'text'),
      ],
      cell: (row, name) =>
        ({ value: Math.round(500 + 480 * Math.sin(row / 300)) / 10, value_norm: 0.1 + 0.2 })[
          name
        ] ?? (name === 'componentId' ? (row % 2 ? 'valence' : 'arousal') : common(row, name)),
    },
    events: {
      state: state('events', 255_896, { loaded: 2_000, whole: false, stored: false }),
      columns: [
        ...timed,
        column('eventType', 'text'),
        column('success', 'truth'),
        column('data', 'nested', '', 'what the event carried'),
        column('text', 'text'),
      ],
      cell: (row, name) =>
        ({
          eventType: ['click', 'chat_message', 'state_change'][row % 3] ?? null,
          success: row % 5 ? true : null,
          data: JSON.stringify({
            x: row,
            path: [1, 2, { deep: HOSTILE[0] }],
            note: HOSTILE[row % 6],
          }),
          text: HOSTILE[row % HOSTILE.length] ?? null,
        })[name] ?? common(row, name),
    },
    recordings: {
      state: state('recordings', 2),
      columns: [...timed, column('recordingId', 'text'), column('kind', 'text')],
      cell: (row, name) =>
        ({ recordingId: `rec_${row + 1}`, kind: row ? 'audio' : 'video' })[name] ??
        common(row, name),
    },
    chat: {
      state: state('chat', null, {
        whole: false,
        readable: false,
        key_scope: 'read:chat',
        stored: false,
      }),
      columns: [],
      cell: () => null,
    },
    eyetracking: { state: state('eyetracking', 0), columns: timed, cell: () => null },
  };
}
