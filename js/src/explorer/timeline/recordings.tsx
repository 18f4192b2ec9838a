import { clock } from './clock';
import { pointY } from './hits';
import { overlap, shareOf } from './span';
import type { Timeline } from './timeline';

const HEIGHT_PX = 14;

/** Recordings as buttons over their spans: to open with pointer and keyboard. */
export function Recordings({ timeline }: { timeline: Timeline }) {
  const frame = timeline.frame.value;
  const boxes = timeline.boxes.value;
  const window = timeline.window.value;
  const at = frame?.rows.findIndex(row => row.facts.kind === 'spans') ?? -1;
  const [row, box] = [frame?.rows[at], boxes[at]];
  if (!frame || !row || !box) {
    return null;
  }
  const cut = (sec: number) => Math.min(Math.max(shareOf(sec, window), 0), 1) * box.width;
  return (
    <div class="hs-Recordings">
      {row.points.map(point => {
        const [start, end] = [point.onset_sec, Number(point.end_sec)];
        if (!overlap([start, end], window)) {
          return null;
        }
        const [left, right] = [cut(start), cut(end)];
        const middle = pointY(point, row.facts, box.height, frame.answer.choices.participants);
        const until = point.open ? 'end not known' : `to ${clock(end)}`;
        const label = `Play the recording of ${String(point.participant)}, ${clock(start)} ${until}`;
        return (
          <button
            key={String(point.recording)}
            type="button"
            class="hs-Recording"
            aria-label={label}
            style={{
              left: `${box.left + left}px`,
              top: `${box.top + middle - HEIGHT_PX / 2}px`,
              width: `${Math.max(right - left, HEIGHT_PX)}px`,
              height: `${HEIGHT_PX}px`,
            }}
            onClick={event => {
              // A press of a key has no place: the recording begins where it begins.
              const share = (event.offsetX + left) / box.width;
              const sec = event.detail ? window[0] + share * (window[1] - window[0]) : start;
              timeline.play(String(point.recording), sec);
            }}
          />
        );
      })}
    </div>
  );
}
