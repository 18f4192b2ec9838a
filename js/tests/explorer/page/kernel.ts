/** A kernel for the page: it answers every question from the made-up study, when the test lets it. */
import type {
  AnyRequest,
  Live,
  Open,
  Page,
  Place,
  Reason,
  ScopeState,
  SelectionState,
  Timeline,
} from '../../../src/contract';
import { FakeModel } from '../model';
import { columnsOf, HOSTILE, type Made, roomTables, stream } from './study';

export interface Settings {
  /** Ratings of every room. */
  ratings: number;
  rooms: number;
  /** No word at all, as in a long cell. */
  busy: boolean;
  demo: boolean;
  connected: boolean;
  running: boolean;
  /** Restarted: nothing can be said to it any more. */
  dead: boolean;
}

interface Said {
  result: Record<string, unknown>;
  tables?: Record<string, Uint8Array>;
}

class Refusal extends Error {
  constructor(
    sentence: string,
    readonly place: Place,
    readonly reason: Reason,
  ) {
    super(sentence);
  }
}

const ALL: SelectionState = { window: null, participants: null, types: null };

export class Kernel extends FakeModel {
  settings: Settings = {
    ratings: 32_000,
    rooms: 3_000,
    busy: false,
    demo: true,
    connected: true,
    running: false,
    dead: false,
  };
  /** What a push left in the notebook. */
  readonly variables = new Map<string, unknown>([['taken', 3]]);
  /** The next question of a type is refused so. */
  readonly refusals = new Map<string, [string, Place, Reason]>();
  private readonly late: AnyRequest[] = [];
  private readonly fetching = new Map<string, string>();
  private whole = new Set<string>();

  override save_changes(): void {
    if (this.settings.dead) {
      throw new Error('Cannot send');
    }
    super.save_changes();
  }

  override send(message: unknown): void {
    if (this.settings.dead) {
      throw new Error('Cannot send');
    }
    super.send(message);
    const request = message as AnyRequest;
    if (this.settings.busy) {
      this.late.push(request);
      return;
    }
    setTimeout(() => this.reply(request));
  }

  /** The cell is over. */
  free(): void {
    this.settings.busy = false;
    for (const request of this.late.splice(0)) {
      this.reply(request);
    }
  }

  /** A fetch comes to its end. */
  finish(): void {
    for (const [id, table] of [...this.fetching]) {
      this.fetching.delete(id);
      this.whole.add(table);
      this.answer(id, 'fetch', { result: { tables: [this.table(table).state] } });
    }
  }

  /** A running room has new records. */
  news(added: number): void {
    const { id, scope } = this.last('live') as Live;
    const tables = [this.table('ratings').state];
    this.say({ type: 'news', id, scope, tables, added, next_sec: 5, sentence: null });
  }

  /** The running room has ended. */
  end(): void {
    this.answer(this.last('live').id, 'live', { result: { running: false } });
  }

  private reply(request: AnyRequest): void {
    const { id, type } = request;
    const refusal = this.refusals.get(type);
    try {
      if (refusal && this.refusals.delete(type)) {
        throw new Refusal(...refusal);
      }
      const said = this.said(request);
      if (said) {
        this.answer(id, type, said);
      }
    } catch (error) {
      const known = error instanceof Refusal;
      this.say({
        type: 'error',
        id,
        to: type,
        sentence: (error as Error).message,
        place: known ? error.place : 'records',
        reason: known ? error.reason : 'fault',
        key_scope: null,
      });
    }
  }

  private answer(id: string, to: string, { result, tables = {} }: Said): void {
    // As a comm delivers them: views into one larger buffer.
    const buffers = Object.values(tables).map(bytes => {
      const larger = new Uint8Array(bytes.length + 32);
      larger.set(bytes, 16);
      return new DataView(larger.buffer, 16, bytes.length);
    });
    this.say({ type: 'answer', id, to, result, tables: Object.keys(tables) }, buffers);
  }

  private table(name: string): Made {
    const found = roomTables(this.settings.ratings)[name];
    if (!found) {
      throw new Refusal(`There is no table ${name}.`, 'records', 'not found');
    }
    const { state } = found;
    return this.whole.has(name)
      ? { ...found, state: { ...state, whole: true, loaded: state.announced ?? 0 } }
      : found;
  }

  private said(request: AnyRequest): Said | null {
    switch (request.type) {
      case 'hello':
        return {
          result: {
            version: '0',
            connected: this.settings.connected,
            connection: this.settings.connected
              ? 'http://127.0.0.1, organization demo'
              : 'Run %hs login, or %hs demo, then list again.',
            demo: this.settings.demo,
            requests_left: 961,
            requests_per_hour: 970,
          },
        };
      case 'scopes':
        return this.list(request.parent ?? null);
      case 'recent':
        return this.found([{ kind: 'room', id: 'room_0002', experiment: 'exp_01', opened_ms: 1 }]);
      case 'find':
        return this.find(request.text, request.ask ?? false);
      case 'open':
      case 'types':
        return this.open(request);
      case 'page':
        return this.page(request);
      case 'cell': {
        const { cell, columns } = this.table(request.table);
        const kind = columns.find(one => one.name === request.column)?.kind ?? 'text';
        const text = String(cell(request.row, request.column) ?? '');
        return { result: { text, kind, cut: false } };
      }
      case 'fetch': {
        const [table = ''] = request.tables;
        this.fetching.set(request.id, table);
        const progress = {
          received: 120_000,
          total: 255_896,
          per_sec: 9_000,
          left_sec: 15,
          waiting: null,
        };
        this.say({ type: 'progress', id: request.id, label: table, ...progress });
        return null;
      }
      case 'counts':
        return { result: { counts: this.counts(request.selection), partial: ['events'] } };
      case 'vega':
        void this.sendVega(request.id);
        return null;
      case 'bound':
        return { result: this.bound(request.text) };
      case 'push': {
        const { name, replace, selection, table } = request;
        if (this.variables.has(name) && !replace) {
          const sentence = `${name} is there already: an int, 3. Push again to replace it.`;
          return { result: { pushed: false, name, sentence, replace: 'token' } };
        }
        this.variables.set(name, { selection, table });
        return {
          result: { pushed: true, name, sentence: `${name} holds the selection.`, replace: null },
        };
      }
      case 'code':
        return {
          result: { text: `%%hs room ${request.scope.id}\n${request.kind} -> ${request.name}` },
        };
      case 'media': {
        const kind = request.recording === 'rec_2' ? 'audio' : 'video';
        const place = { start_sec: 10, duration_sec: 4 };
        const url = `${location.origin}/recording.webm?signature=secret`;
        const media_type = `${kind}/webm`;
        return { result: { recording: request.recording, url, kind, media_type, ...place } };
      }
      case 'cancel': {
        const cancelled = this.fetching.delete(request.cancels);
        return { result: { cancelled } };
      }
      case 'timeline':
        void this.draw(request);
        return null;
      case 'live':
        return null;
    }
  }

  /** This page has no extension that lends its Vega. */
  private async sendVega(id: string): Promise<void> {
    const module = await (await fetch('/vega.js')).text();
    this.answer(id, 'vega', { result: { module } });
  }

  /** The test draws with the package itself: the length of a head, the head, then the tables. */
  private async draw(request: Timeline): Promise<void> {
    const response = await fetch('/ask', { method: 'POST', body: JSON.stringify(request) });
    const body = await response.arrayBuffer();
    const length = new DataView(body).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(body, 4, length)));
    let at = 4 + length;
    const buffers = head.lengths.map((bytes: number) => {
      at += bytes;
      return new DataView(body, at - bytes, bytes);
    });
    this.say(head, buffers);
  }

  private list(parent: ScopeState | null): Said {
    if (!parent) {
      const rows = Array.from({ length: 12 }, (_, at) => ({
        id: `exp_${two(at + 1)}`,
        name: at === 3 ? (HOSTILE[0] ?? '') : `Emotion study ${at + 1}`,
        rooms: at ? at * 4 : this.settings.rooms,
        participants: at ? at * 8 : this.settings.rooms * 2,
        created_ms: Date.UTC(2026, 0, at + 1),
        stored: at === 0,
        opened_ms: null,
      }));
      return this.listed('experiments', rows, parent);
    }
    if (parent.kind === 'experiment') {
      const rows = Array.from({ length: this.settings.rooms }, (_, at) => ({
        id: `room_${String(at + 1).padStart(4, '0')}`,
        status: at % 9 ? 'completed' : 'abandoned',
        started_ms: Date.UTC(2026, 2, 2, 15, 4) - at * 3_600_000,
        duration_sec: 600 + (at % 60),
        participants: 2,
        deployment: 'dep_1',
        running: at === 4,
        stored: at < 2,
        opened_ms: at === 1 ? 1 : null,
      }));
      return this.listed('rooms', rows, parent);
    }
    const rows = ['p_1', 'p_2'].map(id => ({
      id,
      name: id === 'p_1' ? (HOSTILE[1] ?? '') : null,
      role: 'viewer',
      status: 'completed',
      completion_code: 'OK',
      joined_ms: null,
      stored: false,
      opened_ms: null,
    }));
    return this.listed('participants', rows, parent);
  }

  private listed(
    name: string,
    rows: readonly Record<string, string | number | boolean | null>[],
    parent: ScopeState | null,
  ): Said {
    const columns = columnsOf(rows, Object.keys(rows[0] ?? {}));
    return {
      result: { parent, total: rows.length, warnings: [] },
      tables: { [name]: stream(columns) },
    };
  }

  private found(rows: readonly Partial<Record<string, string | number | boolean | null>>[]): Said {
    const names = ['kind', 'id', 'name', 'room', 'experiment', 'status', 'stored', 'opened_ms'];
    const full = rows.map(row => ({ stored: false, status: 'completed', ...row }));
    const columns = columnsOf<Record<string, string | number | boolean | null>>(
      full as never,
      names,
    );
    return {
      result: { total: rows.length, asked: false, sentence: null },
      tables: { found: stream(columns) },
    };
  }

  private find(text: string, ask: boolean): Said {
    const known = /^room_00/.test(text) || (ask && text === 'room_pasted');
    const said = this.found(
      known ? [{ kind: 'room', id: ask ? text : 'room_0007', experiment: 'exp_01' }] : [],
    );
    const sentence = known || !ask ? null : `The service knows no scope '${text}'.`;
    return { ...said, result: { asked: ask, sentence } };
  }

  private open({ type, scope }: Pick<Open, 'scope'> & { type: 'open' | 'types' }): Said {
    const tables = Object.keys(roomTables(1)).map(name => this.table(name).state);
    const { running } = this.settings;
    const result = { scope, title: `${scope.kind} ${scope.id}`, running, tables };
    if (type === 'types') {
      return { result };
    }
    this.set('_scope', scope);
    this.set('_selection', ALL);
    return { result: { ...result, selection: ALL } };
  }

  private page(request: Page): Said {
    const { table, offset = 0, count = 200, sort, filter, columns } = request;
    const made = this.table(table);
    const size = made.state.announced ?? 0;
    // Half of the records, for a filter or a selection: enough to see that it was asked for.
    const total = filter || request.selection ? Math.floor(size / 2) : size;
    const shown = made.columns.filter(one => !columns || columns.includes(one.name));
    const numbers = Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, at) =>
      sort?.order === 'desc' ? size - 1 - offset - at : offset + at,
    );
    const cells = Object.fromEntries(
      shown.map(one => [one.name, numbers.map(row => made.cell(row, one.name))]),
    );
    return {
      result: {
        table,
        offset,
        returned: numbers.length,
        total: made.state.whole ? total : null,
        state: made.state,
        columns: shown,
        others: made.columns.map(one => one.name),
        note: sort && !made.state.whole ? 'Sorted among the 2,000 records loaded so far.' : null,
      },
      tables: { rows: stream({ ...cells, __row__: numbers }) },
    };
  }

  private counts({ window }: SelectionState): Record<string, number> {
    const [start, end] = window ?? [0, 100];
    return { ratings: Math.round((end - start) * 10), events: 40, recordings: 0 };
  }

  private bound(text: string): Record<string, unknown> {
    const sec = /^(-?[\d.]+)s$/.exec(text)?.[1];
    if (sec === undefined) {
      const sentence = `From ${text} has no unit: write ${text}s for seconds of onset.`;
      throw new Refusal(sentence, 'selection', 'input');
    }
    return { onset_sec: Number(sec), text };
  }
}

const two = (number: number) => String(number).padStart(2, '0');
