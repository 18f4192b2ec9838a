"""The Python twins of the ``%hs`` verbs: one function, two doors.

``session`` holds which study this Python session talks to, ``records`` asks for tables, ``twins`` has a
function for every data type, ``plans`` asks several questions together, ``wholes`` is for everything of a
scope (bundle, plot, SQL, download), ``checks`` for how good it is, ``film_time``
and ``correlations`` for what viewers share, ``explore`` for the explorer, ``stores`` for what is kept.
"""

from __future__ import annotations

from hs_jupyter.functions.checks import quality
from hs_jupyter.functions.correlations import synchrony
from hs_jupyter.functions.explore import explore
from hs_jupyter.functions.film_time import align, stimulus_time
from hs_jupyter.functions.records import deployments, experiment, experiments, table
from hs_jupyter.functions.session import connect, connection, demo, login, logout
from hs_jupyter.functions.stores import mirror, store
from hs_jupyter.functions.twins import (
    agent_decisions,
    agent_runs,
    chat,
    check_access,
    components,
    consent,
    counts,
    events,
    eyetracking,
    instructions,
    participants,
    questionnaire,
    ratings,
    recordings,
    rooms,
    sync,
    variables,
    videochat,
)
from hs_jupyter.functions.wholes import bundle, download, plot, save, sql

__all__ = [
    "agent_decisions",
    "agent_runs",
    "align",
    "bundle",
    "chat",
    "check_access",
    "components",
    "connect",
    "connection",
    "consent",
    "counts",
    "demo",
    "deployments",
    "download",
    "events",
    "experiment",
    "experiments",
    "explore",
    "eyetracking",
    "instructions",
    "login",
    "logout",
    "mirror",
    "participants",
    "plot",
    "quality",
    "questionnaire",
    "ratings",
    "recordings",
    "rooms",
    "save",
    "sql",
    "stimulus_time",
    "store",
    "sync",
    "synchrony",
    "table",
    "variables",
    "videochat",
]
