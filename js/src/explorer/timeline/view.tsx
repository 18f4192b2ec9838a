import { useEffect, useId, useRef } from 'preact/hooks';

import { Bar } from './bar';
import { colorsAt, watchTheme } from './colors';
import { listen } from './gestures';
import { HELP } from './keys';
import { Notes } from './notes';
import { Painter } from './painter';
import { Pointing } from './pointing';
import { Recordings } from './recordings';
import { described } from './spoken';
import type { Timeline, Tools } from './timeline';
import { Tip } from './tip';

interface Props {
  readonly timeline: Timeline;
  readonly tools: Tools;
}

/** The figure's inside: what is shown, the chart with all that moves over it, and what it does not show. */
export function TimelineView({ timeline, tools }: Props) {
  return (
    <>
      <Bar timeline={timeline} tools={tools} />
      <Stage timeline={timeline} tools={tools} />
      <Notes timeline={timeline} />
    </>
  );
}

function Stage({ timeline, tools }: Props) {
  const id = useId();
  const stage = useRef<HTMLDivElement>(null);
  const chart = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const live = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    if (!stage.current || !chart.current || !canvas.current || !panel.current || !live.current) {
      return;
    }
    const node = stage.current;
    const say = live.current;
    const ended = new AbortController();
    const { signal } = ended;
    tools.signal.addEventListener('abort', () => ended.abort(), { signal });
    const own = { ...tools, signal };
    const pointing = new Pointing(timeline, own, new Tip(panel.current), text => {
      say.textContent = text;
    });
    const painter = new Painter(
      chart.current,
      canvas.current,
      timeline,
      own,
      () => pointing.scene(),
      colorsAt(node),
    );
    watchTheme(() => painter.recolor(colorsAt(node)), signal);
    listen(node, timeline, pointing, signal);
    const measured = tools.state.begin();
    const sized = new ResizeObserver(() => {
      timeline.stage.value = node.clientWidth;
      measured();
    });
    sized.observe(node);
    signal.addEventListener('abort', () => {
      sized.disconnect();
      measured();
    });
    return () => ended.abort();
  }, []);

  return (
    <>
      <div
        ref={stage}
        class="hs-Stage"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is interactive, by its keys
        tabIndex={0}
        role="application"
        aria-roledescription="timeline"
        aria-label="Plots on one time axis"
        aria-describedby={`${id}-shown ${id}-keys`}
        data-empty={timeline.frame.value === null}
      >
        <div aria-hidden="true">
          <div ref={chart} class="hs-Stage-chart" />
          <canvas ref={canvas} class="hs-Stage-overlay" />
        </div>
        <Recordings timeline={timeline} />
        <div ref={panel} class="hs-Stage-tip" role="tooltip" hidden />
      </div>
      <Described timeline={timeline} id={`${id}-shown`} />
      <p id={`${id}-keys`} class="hs-hidden">
        {HELP}
      </p>
      <p ref={live} class="hs-hidden" aria-live="polite" />
    </>
  );
}

function Described({ timeline, id }: { timeline: Timeline; id: string }) {
  const frame = timeline.frame.value;
  const { place, selection } = timeline.rested.value;
  return (
    <p id={id} class="hs-hidden">
      {frame ? described(frame, place, selection) : 'Nothing is drawn yet.'}
    </p>
  );
}
