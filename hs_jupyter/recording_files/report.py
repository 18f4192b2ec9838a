"""What became of recordings, for a manifest, a table and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hs_jupyter.recording_files.names import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hs_jupyter.recording_files.fetch import Outcome
    from hs_jupyter.recording_files.index import Key
    from hs_jupyter.recording_files.parts import Stored
    from hs_jupyter.recording_files.wanted import Wanted

_NAMED = 3
"""So many recordings that did not come are named in a sentence; the manifest names all."""


@dataclass(frozen=True)
class Report:
    """What became of each recording of a table, in the order of its rows."""

    wanted: Sequence[Wanted]
    came: Mapping[Key, Stored]
    reasons: Mapping[Key, str]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The manifest's entry of each file."""
        return [_entry(one, self.came[one.key]) for one in self.wanted if one.key in self.came]

    @property
    def missing(self) -> list[dict[str, str]]:
        """The manifest's entry of each recording without a file."""
        return [
            {"roomId": room, "recordingId": recording, "reason": why}
            for (room, recording), why in self.reasons.items()
        ]

    @property
    def sentence(self) -> str:
        """What is missing, in one sentence."""
        named = [f"{recording}: {why}" for (_, recording), why in [*self.reasons.items()][:_NAMED]]
        rest = len(self.reasons) - _NAMED
        more = f"; {rest} more are in the manifest" if rest > 0 else ""
        return f"{len(self.reasons)} of {len(self.wanted)} recordings did not come: {'; '.join(named)}{more}"

    def named_in(self, table: pa.Table) -> pa.Table:
        """Add the columns ``file`` and ``missing_because`` to the recordings' table."""
        files = [
            f"{FOLDER}/{self.came[one.key].name}" if one.key in self.came else None for one in self.wanted
        ]
        table = table.append_column("file", pa.array(files, pa.string()))
        reasons = [self.reasons.get(one.key) for one in self.wanted]
        return table.append_column("missing_because", pa.array(reasons, pa.string()))


def report_of(
    wanted: Sequence[Wanted],
    outcome: Outcome,
    index: Mapping[Key, Stored],
    told: Callable[[str], str] = str,
) -> Report:
    """Hold what is wanted against what came.

    Parameters
    ----------
    wanted
        The recordings.
    outcome
        What became of them; of an interrupted download, nothing.
    index
        The folder's index, which knows what came before an interrupt.
    told
        Puts pseudonyms into a reason.
    """
    stored = {**index, **outcome.stored}
    reasons = {
        one.key: told(outcome.missing.get(one.key, "it did not come: download again"))
        for one in wanted
        if one.key in outcome.missing or one.key not in stored
    }
    return Report(wanted, {one.key: stored[one.key] for one in wanted if one.key not in reasons}, reasons)


def _entry(one: Wanted, stored: Stored) -> dict[str, Any]:
    return {
        "type": "recording",
        "roomId": one.shown_room,
        "recordingId": one.shown_id,
        "participantId": one.shown_participant,
        "file": f"{FOLDER}/{stored.name}",
        "bytes": stored.bytes,
        "sha256": stored.sha256,
        "complete": True,
        "fetched_at": stored.fetched_at,
    }
