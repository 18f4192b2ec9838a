"""What a session measures: ratings, synchronization, eye tracking."""

from __future__ import annotations

from hs_jupyter.catalog.model import Column, DataType
from hs_jupyter.catalog.sessions import EVERYWHERE
from hs_jupyter.catalog.shared import (
    ADDRESS,
    BY_DEPLOYMENT,
    COMPONENT_ID,
    DEPLOYMENT,
    SCALE,
    SCALE_MAX,
    SCALE_MIN,
    STATE_ID,
    WINDOW,
)

_RATING = (
    Column("ratingId", "text", "the rating's ID"),
    *ADDRESS,
    DEPLOYMENT,
    COMPONENT_ID,
)

CONTINUOUS = DataType(
    name="ratings/continuous",
    table="ratings",
    meaning="a slider sampled while it is shown, several scales per participant",
    path="data/ratings/continuous/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:ratings",
    columns=(
        *_RATING,
        Column("value", "float", "the rating, normalized or raw: see value_norm", unit="0..1 or scale"),
        Column("normalizedValue", "float", "the rating on its scale", unit="0..1"),
        Column("rawValue", "float", "the slider's position", unit="scale"),
        SCALE_MIN,
        SCALE_MAX,
        SCALE,
    ),
    key=("ratingId",),
    time="timestamp",
    parameters=(BY_DEPLOYMENT,),
    sorts=("timestamp",),
    timed=True,
    drawn="line",
    by_participant=True,
    aliases=("ratings", "ratings_continuous"),
)

SPARSE = DataType(
    name="ratings/sparse",
    table="ratings_sparse",
    meaning="ratings asked for at moments, usually while the film pauses",
    path="data/ratings/sparse/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:ratings",
    columns=(
        *_RATING,
        Column(
            "value",
            "any",
            "the answer: raw in older records, percent of the scale in newer; see value_norm",
            unit="scale or %",
        ),
        Column("rawValue", "any", "the answer on its own scale", unit="scale"),
        SCALE_MIN,
        SCALE_MAX,
        SCALE,
        Column("labels", "json", "labels of the scale's ends: {min, max}"),
        Column("rawOnset", "float", "onset before clock correction", unit="ms"),
        Column("clockOffsetApplied", "float", "the clock correction", unit="ms"),
        Column("ratingEndOnset", "float", "onset of the answer", unit="ms"),
        Column("responseTime", "float", "from shown to answered", unit="ms"),
        Column("type", "text", "sparse"),
        Column("confidence", "float", "the participant's confidence"),
        STATE_ID,
        Column("stimulusId", "text", "the film"),
        Column("stimulusTime", "float", "position in the film", unit="ms"),
        Column("stateStartTime", "instant", "start of the state", unit="UTC"),
        Column("stateDuration", "float", "length of the state", unit="ms"),
        Column("metadata", "json", "question, dimension, componentType, sampleIndex"),
        Column(
            "sparseRatingData",
            "json",
            "the pause: pauseIndex, videoRelativeTime, mediaPauseOnset, mediaResumeOnset in ms, ...",
        ),
    ),
    key=("ratingId",),
    time="timestamp",
    parameters=(BY_DEPLOYMENT,),
    sorts=("timestamp",),
    timed=True,
    drawn="points",
    by_participant=True,
    aliases=("ratings_sparse",),
)

SYNC = DataType(
    name="sync",
    table="sync",
    meaning="how well each viewer's film keeps up with the host's",
    path="data/sync/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope="read:sync",
    columns=(
        Column("metricId", "text", "the metric's ID"),
        *ADDRESS,
        DEPLOYMENT,
        Column("timeDrift", "float", "difference from the host; negative: behind", unit="ms"),
        Column("playbackRate", "float", "speed correction", unit="0.95..1.05"),
        Column("syncQuality", "float", "0 bad, 1 perfect", unit="0..1"),
        Column("latency", "float", "network latency", unit="ms"),
        Column("bufferHealth", "float", "how full the buffer is", unit="0..1"),
    ),
    key=("metricId",),
    time="timestamp",
    parameters=(WINDOW, BY_DEPLOYMENT),
    sorts=("timestamp",),
    timed=True,
    drawn="drift",
    by_participant=True,
    note="Only rooms with several participants and a video have rows; empty is normal.",
)

EYETRACKING = DataType(
    name="eyetracking",
    table="eyetracking",
    meaning="gaze samples",
    path="data/eyetracking/{scope}/{id}",
    scopes=EVERYWHERE,
    key_scope=None,
    columns=(
        *ADDRESS,
        Column("gazeX", "float", "horizontal gaze", unit="0..1 of the screen"),
        Column("gazeY", "float", "vertical gaze", unit="0..1 of the screen"),
        Column("pupilDiameter", "float", "size of the pupil", unit="mm"),
        Column("confidence", "float", "the tracker's confidence", unit="0..1"),
    ),
    time="timestamp",
    note="No source documents its fields; what comes is passed through.",
)

TYPES = (CONTINUOUS, SPARSE, SYNC, EYETRACKING)
