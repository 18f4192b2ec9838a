/** What the pointer and the keyboard point at: the cursor, a mark with its tooltip, a line and its room. */
import { signal as value } from '@preact/signals';
import { clock, lasting } from './clock';
import type { Frame } from './frame';
import type { Heard } from './gestures';
import { lineAt, type Point, pointAt, rowAt, valueY } from './hits';
import type { Action } from './keys';
import { type Line, nearest } from './lines';
import type { Scene } from './overlay';
import { beside, linesAt, type RowLine } from './readings';
import { clamp, length, momentAt, panned, shareOf } from './span';
import { spoken } from './spoken';
import type { Timeline, Tools } from './timeline';
import { type Tip, tipOf } from './tip';

type Place = { readonly x: number; readonly y: number };

export class Pointing implements Heard {
  private readonly mark = value<{ row: number; point: Point } | null>(null);
  private readonly line = value<RowLine | null>(null);
  /** Where a selection by keyboard began. */
  private anchor: number | null = null;

  constructor(
    private readonly timeline: Timeline,
    private readonly tools: Tools,
    private readonly tip: Tip,
    private readonly say: (text: string) => void,
  ) {}

  /** What lies over the chart; read inside an effect. */
  scene(): Omit<Scene, 'boxes' | 'rows' | 'window' | 'selection'> {
    const { state } = this.tools;
    const frame = this.timeline.frame.value;
    const colors = frame?.about.colors ?? {};
    return {
      cursor: this.timeline.cursor.value,
      playhead: state.recording.value === null ? null : (state.cursor.value?.onset_sec ?? null),
      mark: this.mark.value,
      line: this.line.value,
      saying: this.saying(),
      people: frame?.answer.choices.participants ?? [],
      accent: frame?.about.accent ?? '',
      colorOf: participant =>
        (Object.hasOwn(colors, participant) ? colors[participant] : undefined) ??
        frame?.about.chosen ??
        '',
    };
  }

  /** The selection in words, while it is made. */
  private saying(): string {
    const marking = this.timeline.marking.value;
    return marking
      ? `${clock(marking[0], 1)} to ${clock(marking[1], 1)}, ${lasting(length(marking))}`
      : '';
  }

  over(place: Place | null): void {
    this.anchor = null;
    const found = place && this.find(place);
    this.mark.value = found?.mark ?? null;
    this.line.value = found?.line ?? null;
    if (place && found?.text.length) {
      const { labels } = this.timeline.measures.peek();
      this.tip.show(found.text, place.x + labels, place.y);
    } else {
      this.tip.hide();
    }
  }

  click(place: Place): boolean {
    return this.open(this.find(place)?.line?.line);
  }

  act(action: Action): boolean {
    const { timeline } = this;
    switch (action.do) {
      case 'line':
        return this.step(action.by);
      case 'open':
        return this.open(this.line.peek()?.line);
      case 'zoom':
        timeline.zoom(action.factor);
        break;
      case 'whole':
        timeline.showAll();
        break;
      case 'pan':
        timeline.pan(action.by);
        break;
      case 'leave':
        this.over(null);
        timeline.select(null, true);
        break;
      case 'point': {
        const window = timeline.window.peek();
        this.go(this.from() + action.by * length(window), action.mark);
        break;
      }
      case 'edge': {
        const [start, end] = timeline.window.peek();
        this.go(action.to === 'start' ? start : end, action.mark);
        break;
      }
    }
    return true;
  }

  /** Name the next line at the cursor, from the highest value down; where a legend names them all, none. */
  private step(by: -1 | 1): boolean {
    const { timeline } = this;
    const frame = timeline.frame.peek();
    if (!frame || !isCrowd(frame)) {
      return false;
    }
    const sec = this.from();
    timeline.point(sec, true);
    const next = beside(linesAt(frame.rows, sec), this.line.peek(), by);
    this.line.value = next;
    this.tell();
    const lead = next && frame.about.overlay ? '. Enter opens its room' : '';
    this.say(next ? `${named(next.line, frame)}${lead}.` : 'No line at the cursor.');
    return true;
  }

  /** Show beside the cursor whose line is named. */
  private tell(): void {
    const { timeline } = this;
    const frame = timeline.frame.peek();
    const now = this.line.peek();
    const [facts, box] = [
      now && frame?.rows[now.row]?.facts,
      now && timeline.boxes.peek()[now.row],
    ];
    const sec = timeline.cursor.peek();
    const at = now && facts && sec !== null ? nearest(now.line, sec, facts.reach_sec) : -1;
    if (frame && now && box && facts?.y && sec !== null && at >= 0) {
      const x = shareOf(sec, timeline.window.peek()) * box.width;
      const y = box.top + valueY(now.line.value[at] as number, facts.y, box.height);
      this.tip.show(told(now.line, frame), x + timeline.measures.peek().labels, y);
    } else {
      this.tip.hide();
    }
  }

  private open(line: Line | undefined): boolean {
    if (!line || !this.timeline.frame.peek()?.about.overlay) {
      return false;
    }
    this.over(null);
    this.timeline.openRoom(line.room);
    return true;
  }

  /** Where the keyboard's cursor is: it begins in the middle. */
  private from(): number {
    const { timeline } = this;
    return timeline.cursor.peek() ?? momentAt(0.5, timeline.window.peek());
  }

  /** Move the cursor; the window follows, and a selection grows while `mark`. */
  private go(sec: number, mark: boolean): void {
    const { timeline } = this;
    const from = this.from();
    const to = clamp(sec, timeline.domain.peek());
    const window = timeline.window.peek();
    if (to < window[0] || to > window[1]) {
      timeline.show(
        panned(window, timeline.domain.peek(), to - (to < window[0] ? window[0] : window[1])),
      );
      timeline.settle();
    }
    timeline.point(to, true);
    this.tell();
    if (mark) {
      this.anchor ??= from;
      timeline.select([Math.min(this.anchor, to), Math.max(this.anchor, to)], true);
    } else {
      this.anchor = null;
    }
    const frame = timeline.frame.peek();
    if (frame) {
      this.say(spoken(frame, timeline.window.peek(), to));
    }
  }

  private find({ x, y }: Place) {
    const frame = this.timeline.frame.peek();
    const boxes = this.timeline.boxes.peek();
    const at = rowAt(y, boxes);
    const [row, box] = [frame?.rows[at], boxes[at]];
    if (!frame || !row || !box) {
      return null;
    }
    const window = this.timeline.window.peek();
    const { participants } = frame.answer.choices;
    const { facts } = row;
    const below = y - box.top;
    if (facts.kind !== 'lines') {
      const point = pointAt(x, below, row.points, facts, box, window, participants);
      return point && { mark: { row: at, point }, line: null, text: tipOf(point, facts) };
    }
    const line = isCrowd(frame) ? lineAt(x, below, row.lines, facts, box, window) : null;
    return line && { mark: null, line: { row: at, line }, text: told(line, frame) };
  }
}

/** A legend tells few participants apart; many are named at their line. */
const isCrowd = ({ about }: Frame): boolean => about.overlay || !Object.keys(about.colors).length;

/** Whose line it is, as a tooltip. */
const told = ({ participant, room }: Line, { about }: Frame): [string, string][] => [
  ['participant', participant],
  ...(about.overlay ? [['room', `${room}: click to open`] as [string, string]] : []),
];

/** Whose line it is, in words. */
const named = ({ participant, room }: Line, { about }: Frame): string =>
  about.overlay ? `${participant} in ${room}` : participant;
