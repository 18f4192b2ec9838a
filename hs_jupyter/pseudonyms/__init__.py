"""Pseudonyms in the place of IDs and names: pure functions, tables in, tables out."""

from __future__ import annotations

from hs_jupyter.pseudonyms.people import sightings
from hs_jupyter.pseudonyms.roster import SOMEBODY, Person, Roster
from hs_jupyter.pseudonyms.tables import Pseudonymizer

__all__ = ["SOMEBODY", "Person", "Pseudonymizer", "Roster", "sightings"]
