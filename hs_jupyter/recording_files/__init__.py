"""Recordings as files: fetched in parallel, gone on with where they were left, checked."""

from __future__ import annotations

from hs_jupyter.recording_files.fetch import Outcome, fetch_files
from hs_jupyter.recording_files.index import read_index
from hs_jupyter.recording_files.names import FOLDER
from hs_jupyter.recording_files.origins import Mirror, Road
from hs_jupyter.recording_files.parts import Stored
from hs_jupyter.recording_files.wanted import Wanted, wanted_of

__all__ = [
    "FOLDER",
    "Mirror",
    "Outcome",
    "Road",
    "Stored",
    "Wanted",
    "fetch_files",
    "read_index",
    "wanted_of",
]
