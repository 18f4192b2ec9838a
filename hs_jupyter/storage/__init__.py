"""The store: every record that was fetched, kept as Parquet, and read again at once.

``opening`` finds the folder, ``space`` what is held in it, ``holding`` reads it, ``journal`` keeps a
fetch under way; docs/store-format.md describes the files.
"""

from __future__ import annotations

from hs_jupyter.storage.clearing import Cleared
from hs_jupyter.storage.holding import Holding
from hs_jupyter.storage.journal import Journal, JournalState
from hs_jupyter.storage.opening import open_mirror, open_space, store_folder
from hs_jupyter.storage.space import Space

__all__ = [
    "Cleared",
    "Holding",
    "Journal",
    "JournalState",
    "Space",
    "open_mirror",
    "open_space",
    "store_folder",
]
