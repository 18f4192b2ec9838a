"""A function for every data type of the catalogue: ``table`` with its name, scopes and filters."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import DATA_TYPES, DataType
from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.functions.records import table

if TYPE_CHECKING:
    from collections.abc import Callable

_SCOPE_WORDS = {"experiment": ("experiment",), "room": ("room",), "participant": ("participant", "room")}


def _twin(kind: DataType) -> Callable[..., Any]:
    """Make the function of a data type: `table` with its name, its scopes and its own filters."""

    def ask_for(**options: Any) -> Any:
        unknown = [one for one in options if one not in signature.parameters]
        if unknown:
            near = did_you_mean(unknown[0], signature.parameters)
            valid = ", ".join(signature.parameters)
            raise InputError(f"hs.{kind.table} has no option '{unknown[0]}'{near} (there are: {valid})")
        return table(kind.name, **options)

    signature = _signature(kind)
    ask_for.__name__ = ask_for.__qualname__ = kind.table
    ask_for.__doc__ = _document(kind)
    ask_for.__signature__ = signature  # type: ignore[attr-defined]
    return ask_for


def _signature(kind: DataType) -> inspect.Signature:
    whole = inspect.signature(table).parameters
    words = dict.fromkeys(word for scope in kind.scopes for word in _SCOPE_WORDS[scope])
    shared = [name for name in whole if name not in {"type", "filters", *_SCOPE_WORDS}]
    keywords = [whole[word] for word in words]
    for name in shared:
        keywords.append(whole[name])
        if name == "order":
            keywords += [
                inspect.Parameter(
                    one.keyword, inspect.Parameter.KEYWORD_ONLY, default=None, annotation="str | None"
                )
                for one in kind.parameters
            ]
    return inspect.Signature(keywords, return_annotation="Any")


def _document(kind: DataType) -> str:
    lines = [f"Return {kind.meaning}.", "", "Options and errors as in `table`; one scope is needed."]
    lines += [f"``{one.keyword}``: {one.meaning}." for one in kind.parameters]
    lines += ["", "Returns", "-------", "pandas.DataFrame", "    Columns:", ""]
    lines += [
        f"    - ``{one.name}``{f' ({one.unit})' if one.unit else ''}: {one.meaning}" for one in kind.columns
    ]
    lines += ["", "Examples", "--------", "On the demo study (``hs.demo()``):", "", *_example(kind)]
    return "\n".join(lines)


def _example(kind: DataType) -> list[str]:
    scope = (
        'room="room_pair_01"'
        if "room" in kind.scopes
        else 'experiment="exp_film_pairs"'
        if "experiment" in kind.scopes
        else 'participant="p_pair_01_host", room="room_pair_01"'
    )
    return [
        ">>> import hs_jupyter as hs",
        f">>> {kind.table} = hs.{kind.table}({scope}, progress=False)",
        f'>>> set({kind.table}.attrs["hs"]["scope"]) == {{"kind", "id", "room"}}',
        "True",
    ]


def ratings(*, kind: str = "continuous", **options: Any) -> Any:
    """Return ratings: continuous (a slider sampled over time) or sparse (asked for at moments).

    Parameters
    ----------
    kind
        ``"continuous"`` or ``"sparse"``.
    options
        As in `table`.

    Returns
    -------
    pandas.DataFrame
        Among others ``participantId``, ``componentId`` (the scale), ``onset_sec`` (s), ``value_norm``
        (0..1).

    Raises
    ------
    InputError
        For another kind.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> asked = hs.ratings(room="room_pair_01", kind="sparse")
    >>> asked.groupby("participantId").size().tolist()
    [5, 5]
    """
    if kind not in {"continuous", "sparse"}:
        raise InputError(f"ratings are continuous or sparse, not '{kind}'")
    return table(f"ratings/{kind}", **options)


agent_decisions = _twin(DATA_TYPES["agent-decisions"])
agent_runs = _twin(DATA_TYPES["agent-runs"])
chat = _twin(DATA_TYPES["chat"])
check_access = _twin(DATA_TYPES["check-access"])
components = _twin(DATA_TYPES["components"])
consent = _twin(DATA_TYPES["consent"])
counts = _twin(DATA_TYPES["counts"])
events = _twin(DATA_TYPES["events"])
eyetracking = _twin(DATA_TYPES["eyetracking"])
instructions = _twin(DATA_TYPES["instructions"])
participants = _twin(DATA_TYPES["participants"])
questionnaire = _twin(DATA_TYPES["questionnaire"])
recordings = _twin(DATA_TYPES["recordings"])
rooms = _twin(DATA_TYPES["rooms"])
sync = _twin(DATA_TYPES["sync"])
variables = _twin(DATA_TYPES["variables"])
videochat = _twin(DATA_TYPES["videochat"])
