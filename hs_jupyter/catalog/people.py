"""Who took part and where: participants, rooms, access, counts, variables, agents, experiments."""

from __future__ import annotations

from hs_jupyter.catalog.model import Column, DataType
from hs_jupyter.catalog.shared import (
    BY_COMPLETION_CODE,
    BY_DEPLOYMENT,
    DEPLOYMENT,
    EXPERIMENT,
    PARTICIPANT,
    ROOM,
    SEARCH,
    STATE_ID,
    STATE_NAME,
    TIMESTAMP,
)

PARTICIPANTS = DataType(
    name="participants",
    table="participants",
    meaning="who took part, with role, status and completion code",
    path="data/participants/{scope}/{id}",
    scopes=("experiment", "room"),
    key_scope="read:events",
    columns=(
        Column("id", "text", "its ID"),
        Column("participantId", "text", "the participant", fallback=("id",)),
        ROOM,
        EXPERIMENT,
        DEPLOYMENT,
        Column("role", "text", "the participant's role"),
        Column("status", "text", "completed, active, disconnected, abandoned"),
        Column("completionCode", "text", "e.g. SUCCESS, ABANDONED, TIMEOUT"),
        Column("joinedAt", "instant", "when they came", unit="UTC"),
        Column("completedAt", "instant", "when they ended; missing if they did not", unit="UTC"),
        Column("email", "text", "e-mail address; left out unless --pii", personal="email"),
        Column("name", "text", "display name", personal="name"),
    ),
    key=("participantId", "roomId"),
    time="joinedAt",
    parameters=(BY_COMPLETION_CODE, BY_DEPLOYMENT),
    sorts=("joinedAt", "completedAt", "id", "email", "role", "status", "completionCode"),
    note="Some keys need read:participants instead.",
)

ROOMS = DataType(
    name="rooms",
    table="rooms",
    meaning="the sessions of an experiment",
    path="data/rooms/{scope}/{id}",
    scopes=("experiment",),
    key_scope="read:events",
    columns=(
        Column("id", "text", "its ID"),
        Column("roomId", "text", "the room", fallback=("id", "sessionId")),
        EXPERIMENT,
        DEPLOYMENT,
        Column("deploymentName", "text", "the deployment's name"),
        Column("status", "text", "completed, active, waiting, abandoned, failed"),
        Column("participantCount", "int", "how many took part"),
        Column("createdAt", "instant", "when the room was made", unit="UTC"),
        Column(
            "startedAt",
            "instant",
            "the experiment's start: onset 0",
            unit="UTC",
            fallback=("firstStateStartedAt", "startTime", "experimentStartedAt"),
        ),
        Column("duration", "float", "length of the session", unit="ms"),
    ),
    key=("roomId",),
    time="createdAt",
    parameters=(BY_DEPLOYMENT,),
    cap=5000,
    note="At most 5000 rooms are returned.",
)

VARIABLES = DataType(
    name="variables",
    table="variables",
    meaning="what was written to the shared variables, in order",
    path="data/variables/{scope}/{id}",
    scopes=("room",),
    key_scope=None,
    columns=(
        Column("variable", "text", "the variable's name"),
        Column("value", "any", "the value written"),
        Column("source", "text", "who wrote it: seed, human, ..."),
        Column("persisted", "bool", "whether it was kept"),
        ROOM,
    ),
    paged=False,
    note="The timeline per state comes beside the rows, in df.attrs['hs'].",
)

COUNTS = DataType(
    name="counts",
    table="counts",
    meaning="how many records of each kind one participant has",
    path="data/counts/{scope}/{id}",
    scopes=("participant",),
    key_scope=None,
    columns=(
        PARTICIPANT,
        ROOM,
        Column("kind", "text", "the store's name of the kind, e.g. textchat"),
        Column("count", "int", "number of records"),
        Column("hasData", "bool", "whether there are any"),
    ),
    paged=False,
)

CHECK_ACCESS = DataType(
    name="check-access",
    table="check_access",
    meaning="whether this account may view and export an experiment's data",
    path="data/check-access/{scope}/{id}",
    scopes=("experiment",),
    key_scope="",
    columns=(
        EXPERIMENT,
        Column("canView", "bool", "may view"),
        Column("canExport", "bool", "may export"),
    ),
    paged=False,
)

_AGENT = (
    Column("id", "text", "decision: participant and number; run: the participant"),
    PARTICIPANT,
    ROOM,
    Column("model", "text", "the language model"),
    Column("provider", "text", "who runs the model"),
)
_RUN = (
    Column("personaId", "text", "the persona"),
    Column("codeCommitSha", "text", "version of the agent's code"),
    Column("seed", "int", "random seed"),
    Column("turns", "int", "number of turns"),
    Column("totalInputTokens", "int", "tokens read"),
    Column("totalOutputTokens", "int", "tokens written"),
    Column("totalCostUsd", "float", "cost of the run", unit="US dollars"),
    Column("startedAt", "instant", "start of the run", unit="UTC"),
    Column("endedAt", "instant", "end of the run; missing when orphaned", unit="UTC"),
)

AGENT_DECISIONS = DataType(
    name="agent-decisions",
    table="agent_decisions",
    meaning="what AI participants decided, turn by turn, and their runs",
    path="data/agent-decisions/{scope}/{id}",
    scopes=("experiment", "room"),
    key_scope="read:events",
    columns=(
        Column("_type", "text", "decision or run"),
        *_AGENT,
        Column("seq", "int", "number of the decision, from 1"),
        STATE_ID,
        STATE_NAME,
        Column("turnKind", "text", "chat or component"),
        Column("action", "text", "send_message or respond"),
        Column("value", "any", "what was sent or answered", personal="text"),
        Column("latencyMs", "float", "time to decide", unit="ms"),
        Column("inputTokens", "int", "tokens read"),
        Column("outputTokens", "int", "tokens written"),
        TIMESTAMP,
        *_RUN,
    ),
    key=("_type", "id", "roomId"),
    time="timestamp",
    paged=False,
    note="At most 5000 decisions per room; a cut is said.",
)

AGENT_RUNS = DataType(
    name="agent-runs",
    table="agent_runs",
    meaning="the runs of AI participants, with tokens and cost",
    path="data/agent-runs/{scope}/{id}",
    scopes=("experiment",),
    key_scope="read:events",
    columns=(
        *_AGENT,
        *_RUN,
        Column("roomStatus", "text", "status of the room"),
        Column("orphaned", "bool", "the run never ended"),
    ),
    key=("id", "roomId"),
    time="startedAt",
    paged=False,
)

EXPERIMENTS = DataType(
    name="experiments",
    table="experiments",
    meaning="the experiments this key may see",
    path="experiments",
    scopes=("user",),
    key_scope="read:experiments",
    columns=(
        Column("id", "text", "its ID"),
        Column("experimentId", "text", "the experiment", fallback=("id",)),
        Column("name", "text", "its name"),
        Column("description", "text", "its description"),
        Column("roomCount", "int", "number of rooms"),
        Column("participantCount", "int", "number of participants"),
        Column("createdAt", "instant", "when it was made", unit="UTC"),
        Column("updatedAt", "instant", "when it was last changed", unit="UTC"),
        Column("ownerEmail", "text", "the owner's e-mail; left out unless --pii", personal="email"),
    ),
    key=("experimentId",),
    time="createdAt",
    parameters=(SEARCH,),
)

DEPLOYMENTS = DataType(
    name="deployments",
    table="deployments",
    meaning="the data-collection runs of experiments",
    path="deployments",
    scopes=("user", "experiment"),
    key_scope=None,
    columns=(
        Column("id", "text", "its ID"),
        Column("deploymentId", "text", "the deployment", fallback=("id",)),
        EXPERIMENT,
        Column("name", "text", "its name"),
        Column("status", "text", "active, paused, completed, archived"),
        Column("ownerId", "text", "the owner"),
        Column("ownerName", "text", "the owner's name", personal="name"),
        Column("createdAt", "instant", "when it was made", unit="UTC"),
    ),
    key=("deploymentId",),
    time="createdAt",
    scope_parameter="experimentId",
    paged=False,
)

TYPES = (PARTICIPANTS, ROOMS, VARIABLES, COUNTS, CHECK_ACCESS, AGENT_DECISIONS, AGENT_RUNS)
LISTS = (EXPERIMENTS, DEPLOYMENTS)
