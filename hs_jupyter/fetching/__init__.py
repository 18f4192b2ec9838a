"""One question to the service becomes one table: its pages, in order, kept as they come."""

from hs_jupyter.fetching.fetcher import Fetched, Fetcher, reach
from hs_jupyter.fetching.gathering import MAY_BE_INCOMPLETE
from hs_jupyter.fetching.watching import OnProgress, tell_waiting, watched

__all__ = ["MAY_BE_INCOMPLETE", "Fetched", "Fetcher", "OnProgress", "reach", "tell_waiting", "watched"]
