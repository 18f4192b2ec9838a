"""The page on the demo study: what it holds and what is hidden in it, from the generator's own constants."""

from __future__ import annotations

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.keys import KEYS

_MINUTE_SEC = 60


def demo_study(note: str) -> str:
    """Return the page; ``note`` says that it is generated."""
    late, stuck, dropped = truths.LATE_VIEWER, truths.STUCK_SLIDER, truths.DROPPED
    left, lost, (pair_room, *_) = truths.ABANDONED, truths.TIMED_OUT, truths.CLOSE_PAIR
    moment = f"{truths.SHARED_MOMENT_SEC // _MINUTE_SEC:g}:{truths.SHARED_MOMENT_SEC % _MINUTE_SEC:02g}"
    return f"""\
# The demo study

{note}

`%hs demo` starts it on your own machine, `hs-jupyter demo` for any other client: a server that speaks the
documented API, without a key of your own and without a network. It ends when its last user does.

Two experiments with one ten-minute film. In `{truths.PAIRS}` two people (once four) watch it together, in
`{truths.SOLO}` one person alone. Both rate valence and arousal while they watch, and answer at five pauses.
Everybody is invented; the same seed gives the same people. `{truths.LIVE_ROOM}` in `{truths.LIVE}` is always
running: rows appear as time goes.

## What is hidden in it

Read on only when you have looked for yourself.

- **A pair in close synchrony**, `{pair_room}`: the viewer's valence follows the host's nearly all the time.
- **A shared response**: everyone's arousal rises at {moment} of the film. On the film's clock: every room starts
  it at another onset, and pauses it for other lengths.
- **A viewer behind**, `{late.participant}` in `{late.room}`: {truths.LATE_BY_MS:g} ms behind the host from film
  second {late.start_sec:g} to {late.end_sec:g}.
- **A slider that was stuck**, `{stuck.participant}` in `{stuck.room}`: {truths.STUCK_SCALE} stands still from film
  second {stuck.start_sec:g} to {stuck.end_sec:g}, though it is sampled.
- **A dropped connection**, `{dropped.participant}` in `{dropped.room}`, film second {dropped.start_sec:g} to
  {dropped.end_sec:g}: two recordings exist.
- **Somebody who left**, `{left.participant}` in `{left.room}` at film second {left.start_sec:g}: the room ends.
- **A connection that never came back**, `{lost.participant}` in `{lost.room}` at film second {lost.start_sec:g}.
- **An AI participant**, `{truths.AGENT}` in `{truths.AGENT_ROOM}`.
- **Somebody who came twice**, `{truths.TWICE}`: in a pair, and alone.

## Its keys

They are public: any client may use them.

{_keys()}
"""


def _keys() -> str:
    return "\n".join(
        f"- `{key.text}`: {'has expired' if key.expired else ', '.join(key.scopes)}" for key in KEYS.values()
    )
