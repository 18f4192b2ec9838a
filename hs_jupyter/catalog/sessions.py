"""What a session logs: events and their views, recordings, chat, components."""

from __future__ import annotations

from hs_jupyter.catalog.model import Column, DataType, View
from hs_jupyter.catalog.shared import (
    ADDRESS,
    BY_CATEGORY,
    BY_COMPONENT_TYPE,
    BY_DEPLOYMENT,
    BY_STATE,
    COMPLETED,
    COMPONENT_ID,
    COMPONENT_TYPE,
    DEPLOYMENT,
    EXPERIMENT,
    ONSET,
    PARTICIPANT,
    ROOM,
    STATE_ID,
    STATE_NAME,
    TIMESTAMP,
)

EVERYWHERE = ("experiment", "room", "participant")

EVENTS = DataType(
    name="events",
    table="events",
    meaning="everything the platform logs: states, components, media, messages, consent, questionnaires",
    path="data/events/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:events",
    columns=(
        Column("id", "text", "the event's ID", fallback=("eventId",)),
        *ADDRESS,
        DEPLOYMENT,
        Column("eventType", "text", "e.g. component.complete; missing in some newer records"),
        Column("category", "text", "e.g. component, state, media, pre_experiment"),
        COMPONENT_TYPE,
        COMPONENT_ID,
        Column("content", "text", "a description, or the answer itself", personal="text"),
        STATE_ID,
        STATE_NAME,
        Column("participantRole", "text", "the participant's role"),
        Column("duration", "float", "how long it took", unit="ms"),
        Column("response", "json", "the answer: {value, responseTime in ms}", personal="text"),
    ),
    key=("id",),
    time="timestamp",
    parameters=(BY_CATEGORY, BY_DEPLOYMENT),
    sorts=("timestamp", "onset"),
    timed=True,
    drawn="ticks",
    note="Continuous ratings may appear here too, as component.update.",
)


def _view(name: str, meaning: str, prefix: str, categories: tuple[str, ...] = ()) -> DataType:
    return DataType(
        name=name,
        table=name,
        meaning=meaning,
        path=EVENTS.path,
        scopes=EVENTS.scopes,
        key_scope=EVENTS.key_scope,
        columns=EVENTS.columns,
        key=EVENTS.key,
        time=EVENTS.time,
        parameters=(BY_DEPLOYMENT,),
        sorts=EVENTS.sorts,
        timed=EVENTS.timed,
        view=View("events", prefix, categories),
        note="A view of events.",
    )


QUESTIONNAIRE = _view(
    "questionnaire",
    "answers to questionnaires",
    "questionnaire.",
    ("questionnaire", "post_experiment"),
)
CONSENT = _view("consent", "consent shown, given, declined", "consent.")
INSTRUCTIONS = _view("instructions", "instruction pages and comprehension checks", "instructions.")

RECORDINGS = DataType(
    name="recordings",
    table="recordings",
    meaning="video and audio files, one or more per participant",
    path="data/recordings/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:recordings",
    columns=(
        Column("recordingId", "text", "the recording's ID", fallback=("egressId",)),
        EXPERIMENT,
        ROOM,
        PARTICIPANT,
        DEPLOYMENT,
        Column("participantName", "text", "display name", personal="name"),
        Column("startTime", "instant", "start of the recording", unit="UTC"),
        Column("endTime", "instant", "end of the recording; missing while it runs", unit="UTC"),
        Column("duration", "float", "length of the recording", unit="ms"),
        Column(
            "videoOffset",
            "float",
            "from the experiment's start to the recording's; file position = onset - videoOffset",
            unit="ms",
        ),
        Column("fileSize", "int", "size of the file", unit="bytes"),
        Column("status", "text", "completed or complete; starting, active, interrupted, failed"),
        Column("format", "text", "mp4 or webm"),
        Column("resolution", "text", "WIDTHxHEIGHT in pixels"),
        Column("fileName", "text", "the server's file name"),
        Column("downloadPath", "text", "where a fresh download link is asked for"),
        Column("metadata", "json", "type (video or audio), recordingType, roomName, experimentId"),
    ),
    key=("recordingId",),
    time="startTime",
    end="endTime",
    parameters=(BY_DEPLOYMENT,),
    sorts=("startTime",),
    drawn="spans",
    note="Links to files (downloadUrl, url) are signed, hence secrets: they are left out of tables.",
)

VIDEOCHAT = DataType(
    name="videochat",
    table="videochat",
    meaning="connections and quality of the video call",
    path="data/videochat/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:videochat",
    columns=(
        Column("id", "text", "the record's ID"),
        *ADDRESS,
        DEPLOYMENT,
        Column("eventType", "text", "e.g. participant_connected"),
    ),
    key=("id",),
    time="timestamp",
    parameters=(BY_DEPLOYMENT,),
    sorts=("timestamp",),
    timed=True,
    note="No source documents its fields; what comes is passed through.",
)

CHAT = DataType(
    name="chat",
    table="chat",
    meaning="text messages between participants",
    path="data/chat/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:chat",
    columns=(
        Column("messageId", "text", "the message's ID"),
        EXPERIMENT,
        ROOM,
        DEPLOYMENT,
        Column("senderId", "text", "the author"),
        Column("senderName", "text", "the author's display name", personal="name"),
        Column("content", "text", "the message", personal="text"),
        TIMESTAMP,
        ONSET,
        Column("recipientIds", "json", "array of the receivers' IDs"),
        Column("messageType", "text", "text"),
        Column("deleted", "bool", "the sender removed it"),
    ),
    key=("messageId",),
    time="timestamp",
    parameters=(BY_DEPLOYMENT,),
    sorts=("timestamp",),
    timed=True,
    participant="senderId",
    drawn="text",
)

COMPONENTS = DataType(
    name="components",
    table="components",
    meaning="what was shown, with its configuration and the variables at that moment",
    path="data/components/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:components",
    columns=(
        COMPONENT_ID,
        COMPONENT_TYPE,
        *ADDRESS,
        DEPLOYMENT,
        STATE_ID,
        Column("config", "json", "the component's configuration as shown"),
        Column("variableSnapshot", "json", "values of the variables when it was shown"),
    ),
    time="timestamp",
    parameters=(BY_COMPONENT_TYPE, BY_STATE, COMPLETED, BY_DEPLOYMENT),
    sorts=("timestamp",),
    timed=True,
)

TYPES = (EVENTS, QUESTIONNAIRE, CONSENT, INSTRUCTIONS, RECORDINGS, VIDEOCHAT, CHAT, COMPONENTS)
