"""The ``%hs`` language as one table: every verb, its options, an example.

The grammar reads lines by it; help, completion and ``docs/language.md`` are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hs_jupyter.catalog import DATA_TYPES, DataType
from hs_jupyter.catalog.quality import QUALITY
from hs_jupyter.magics.options import (
    AS,
    ASKING,
    COLUMNS,
    FROM,
    OUT,
    PAGE,
    PII,
    QUIET,
    ROOM,
    TO,
    TYPES,
    Option,
    filter_option,
)

Address = Literal[
    "", "experiment", "experiment?", "scope", "scope or experiment", "topic?", "folder", "clear?", "scope?"
]
"""What stands behind the verb."""


@dataclass(frozen=True)
class Verb:
    """One verb of the language.

    Attributes
    ----------
    call
        The Python twin's name in ``hs_jupyter.functions``; empty for help.
    type
        The data type, for the main verb.
    made
        The table that another verb makes, for the columns in its help.
    spellings
        What it may be called in a line.
    """

    name: str
    call: str
    meaning: str
    example: str
    address: Address = ""
    scopes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    type: DataType | None = None
    made: DataType | None = None
    spellings: tuple[str, ...] = ()

    @property
    def option(self) -> dict[str, Option]:
        """Its options by spelling."""
        return {one.spelling: one for one in self.options}

    @property
    def usage(self) -> str:
        """The line in general, for example ``%hs rooms EXP [options]``."""
        address = {
            "experiment": "EXP",
            "experiment?": "[EXP]",
            "scope": f"{'|'.join(self.scopes)} ID",
            "scope or experiment": f"EXP | {'|'.join(self.scopes)} ID",
            "scope?": f"[{'|'.join(self.scopes)} ID]",
            "topic?": "[VERB]",
            "folder": "FOLDER",
            "clear?": f"[clear [{'|'.join(self.scopes)} ID]]",
        }.get(self.address, "")
        return " ".join(
            part for part in ("%hs", self.name, address, "[options]" if self.options else "") if part
        )


SCOPES = ("experiment", "room", "participant")

_EXAMPLES = {
    "events": "%hs events room room_pair_01 --from 0s --limit 20",
    "ratings/continuous": "%hs ratings room room_pair_01 --columns participantId,onset_sec,value_norm",
    "ratings/sparse": "%hs ratings sparse room room_pair_01 -o pauses",
    "sync": "%hs sync room room_pair_01 --from 1:00 --to 2:00",
    "chat": "%hs chat room room_group_01 --sort onset_sec --order desc",
    "components": "%hs components room room_solo_01 --limit 5",
    "recordings": "%hs recordings experiment exp_film_pairs",
    "participants": "%hs participants exp_film_pairs --completion-code SUCCESS",
    "agent-decisions": "%hs agent-decisions room room_pair_12 --limit 10",
    "eyetracking": "%hs eyetracking room room_solo_01",
    "rooms": "%hs rooms exp_film_pairs",
    "counts": "%hs counts participant p_pair_01_host --room room_pair_01",
}


def _main_verb(one: DataType) -> Verb:
    """Make the verb of a data type from its entry in the catalogue."""
    name = "ratings" if one.name == "ratings/continuous" else one.name
    scope, place = ("room", "room_pair_01") if "room" in one.scopes else ("experiment", "exp_film_pairs")
    return Verb(
        name=name,
        call="table",
        meaning=one.meaning,
        example=_EXAMPLES.get(one.name, f"%hs {name} {scope} {place}"),
        address="scope or experiment" if name in {"rooms", "participants"} else "scope",
        scopes=one.scopes,
        options=(
            *((ROOM,) if "participant" in one.scopes else ()),
            *((FROM, TO) if one.time else ()),
            *PAGE,
            *(filter_option(parameter) for parameter in one.parameters),
            COLUMNS,
            AS,
            PII,
            OUT,
            *ASKING,
            QUIET,
        ),
        type=one,
        spellings=tuple(dict.fromkeys((name, one.name, one.table, *one.aliases))),
    )


CONNECTION = (
    Verb(
        "help", "", "the verbs, or one of them with its options and an example", "%hs help events", "topic?"
    ),
    Verb(
        "login",
        "login",
        "ask for an API key with a hidden prompt, check it, say what it can read",
        "%hs login",
        options=(
            Option("--url", "url", "text", "the service's base URL", "URL"),
            Option("--org", "org", "text", "the organization", "ORG"),
            Option("--save", "save", "flag", "keep the key in the system's keyring"),
        ),
    ),
    Verb("logout", "logout", "forget the key of %hs login, in the keyring too", "%hs logout"),
    Verb(
        "demo",
        "demo",
        "start (or find) the demo study on this machine and connect to it",
        "%hs demo",
        options=(Option("--stop", "stop", "flag", "disconnect from it, and stop it"),),
    ),
    Verb(
        "open",
        "connect",
        "open a study that %hs mirror wrote: read-only, without key and network",
        "%hs open film_pairs",
        "folder",
    ),
    Verb(
        "store",
        "store",
        "what is kept on this machine, how large, how fresh; clear forgets it, a participant everywhere",
        "%hs store",
        "clear?",
        SCOPES,
        (
            Option("--yes", "yes", "flag", "clear everything without asking"),
            AS,
            OUT,
            Option("-q", "quiet", "flag", "no summary"),
        ),
    ),
)
STUDY = (
    Verb(
        "experiments",
        "experiments",
        "the experiments this key may see",
        "%hs experiments --search film",
        options=(
            Option("--search", "search", "text", "only names that contain this text", "TEXT"),
            AS,
            PII,
            OUT,
            *ASKING,
            QUIET,
        ),
    ),
    Verb(
        "experiment",
        "experiment",
        "one experiment's states, roles and configuration",
        "%hs experiment exp_film_pairs",
        "experiment",
        options=(AS, OUT, *ASKING, QUIET),
    ),
    Verb(
        "deployments",
        "deployments",
        "the data-collection runs, of one experiment or of all",
        "%hs deployments exp_film_pairs",
        "experiment?",
        options=(AS, PII, OUT, *ASKING, QUIET),
    ),
)
WHOLE = (
    Verb(
        "bundle",
        "bundle",
        "every data type the key may read, one table each (also: %hs all)",
        "%hs bundle room room_pair_01 --types events,ratings,sync -o pair",
        "scope",
        SCOPES,
        (ROOM, TYPES, FROM, TO, AS, PII, OUT, *ASKING, QUIET),
        spellings=("bundle", "all"),
    ),
    Verb(
        "plot",
        "plot",
        "the linked chart: ratings, sync, events, chat, recordings on one onset axis",
        "%hs plot room room_pair_01 --types ratings,sync",
        "scope",
        SCOPES,
        (ROOM, TYPES, FROM, TO, OUT, *ASKING, QUIET),
    ),
    Verb(
        "explore",
        "explore",
        "the explorer: look through a study, select in it, hold the selection as a variable",
        "%hs explore room room_pair_01",
        "scope?",
        SCOPES,
        (ROOM, OUT),
    ),
    Verb(
        "quality",
        "quality",
        QUALITY.meaning,
        "%hs quality room room_pair_03",
        "scope",
        SCOPES,
        (ROOM, FROM, TO, AS, OUT, *ASKING, QUIET),
        made=QUALITY,
    ),
    Verb(
        "mirror",
        "mirror",
        "the whole experiment as a folder that %hs open reads; run again, it is brought up to date",
        "%hs mirror exp_film_pairs --to film_pairs",
        "experiment",
        options=(
            Option("--to", "to", "text", "the folder, required; made if it is not there", "FOLDER"),
            Option("--recordings", "recordings", "flag", "the recordings' files, too"),
            PII,
            OUT,
            *ASKING,
            QUIET,
        ),
    ),
    Verb(
        "download",
        "download",
        "files on disk, one per table, with a manifest",
        "%hs download room room_pair_01 --to pair_01 --types events,ratings",
        "scope",
        SCOPES,
        (
            ROOM,
            Option("--to", "to", "text", "the folder, required; made if it is not there", "DIR"),
            Option(
                "--format",
                "format",
                "text",
                "the files' format (default csv)",
                "FORMAT",
                ("csv", "parquet", "json"),
                strict=True,
            ),
            TYPES,
            Option("--recordings", "recordings", "flag", "the recordings' files, too; the next run goes on"),
            Option(
                "--pseudonyms",
                "pseudonyms",
                "flag",
                "P001, P002... for participants' IDs and names; who is who is written beside the folder",
            ),
            PII,
            OUT,
            *ASKING,
            QUIET,
        ),
    ),
)
DATA = tuple(_main_verb(one) for one in DATA_TYPES.values())
SQL = Verb(
    "sql",
    "sql",
    "SQL (DuckDB) over the scope's tables and the notebook's DataFrames; $name is bound from the notebook",
    "%%hs sql room room_pair_01\nSELECT participantId, avg(abs(timeDrift)) AS drift FROM sync GROUP BY 1",
    "scope",
    SCOPES,
    (ROOM, FROM, TO, AS, OUT, *ASKING, QUIET),
)
PLAN = Verb(
    "plan",
    "table",
    "several tables at once: a line per TYPE with its options, -> NAME names the variable; "
    "options on the first line are defaults for the lines that take them",
    "%%hs room room_pair_01 --from 0s\nevents --limit 20 -> ev\nratings\nratings/sparse -> sparse",
    "scope",
    SCOPES,
    tuple({one.spelling: one for verb in DATA for one in verb.options if one is not OUT}.values()),
)

VERBS: tuple[Verb, ...] = (*CONNECTION, *STUDY, *DATA, *WHOLE)
"""Every verb of a ``%hs`` line."""

SPELLED: dict[str, Verb] = {spelling: verb for verb in VERBS for spelling in (verb.spellings or (verb.name,))}
"""Verbs by everything they may be called."""

TYPE_NAMES: tuple[str, ...] = tuple(verb.name for verb in DATA)
