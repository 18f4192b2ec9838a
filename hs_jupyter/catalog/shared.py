"""Columns and parameters that many data types have in common."""

from __future__ import annotations

from hs_jupyter.catalog.model import Column, Parameter

EXPERIMENT = Column("experimentId", "text", "the experiment's design")
ROOM = Column("roomId", "text", "the room: one session of one group", fallback=("sessionId",))
DEPLOYMENT = Column("deploymentId", "text", "the data-collection run; missing in older rooms")
PARTICIPANT = Column("participantId", "text", "the participant")
TIMESTAMP = Column("timestamp", "instant", "when it happened", unit="UTC")
ONSET = Column("onset", "float", "from the experiment's start in that room; negative before it", unit="ms")
STATE_ID = Column("stateId", "text", "the experiment's state")
STATE_NAME = Column("stateName", "text", "the state's label")
COMPONENT_ID = Column("componentId", "text", "the component, for ratings the scale")
COMPONENT_TYPE = Column(
    "componentType", "text", "the component's type; spelling varies, e.g. VasRating, vasrating"
)
SCALE_MIN = Column("scaleMin", "float", "lower end of the scale", unit="scale")
SCALE_MAX = Column("scaleMax", "float", "upper end of the scale", unit="scale")
SCALE = Column("scale", "json", "newer form of the scale: {min, max}")

ADDRESS = (EXPERIMENT, ROOM, PARTICIPANT, TIMESTAMP, ONSET)

DERIVED = (
    Column("onset_sec", "float", "from the experiment's start in that room; negative before it", unit="s"),
    Column("value_norm", "float", "the rating on its scale", unit="0..1"),
)
"""Columns this package adds; ``value_norm`` to ratings only."""

BY_DEPLOYMENT = Parameter(
    "deployment", "--deployment", "deploymentId", "text", "only this deployment", "deploymentId", takes="ID"
)
BY_CATEGORY = Parameter(
    "category",
    "--category",
    "category",
    "text",
    "only events of this category",
    "category",
    values=(
        "component", "state", "media", "communication", "sync", "system", "pre_experiment",
        "post_experiment", "questionnaire", "sparse_rating", "scanner",
    ),
    takes="NAME",
)  # fmt: skip
BY_COMPONENT_TYPE = Parameter(
    "component_type",
    "--component-type",
    "componentType",
    "text",
    "only components of this type, however it is spelled",
    "componentType",
    loose=True,
    takes="TYPE",
)
BY_STATE = Parameter("state", "--state", "stateId", "text", "only this state", "stateId", takes="ID")
COMPLETED = Parameter(
    "completed",
    "--completed",
    "completed",
    "bool",
    "only completed components (or not: --completed false)",
    takes="true|false",
)
BY_COMPLETION_CODE = Parameter(
    "completion_code",
    "--completion-code",
    "completionCode",
    "text",
    "only participants who ended so",
    "completionCode",
    loose=True,
    values=(
        "SUCCESS", "TIMEOUT", "TECHNICAL", "NOCONSENT", "ABANDONED", "IN_PROGRESS", "COMPLETED_NO_CODE",
        "DISCONNECT_TIMEOUT",
    ),
    takes="CODE",
)  # fmt: skip
WINDOW = Parameter(
    "window",
    "--window",
    "aggregationWindow",
    "milliseconds",
    "aggregate over windows of so many milliseconds",
    takes="MS",
)
SEARCH = Parameter(
    "search",
    "--search",
    "search",
    "text",
    "only experiments whose name or description holds this",
    takes="TEXT",
)
