"""Tables by type: ``table``, and the lists above rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.bundles import Bundle
from hs_jupyter.catalog import data_type
from hs_jupyter.functions.manners import with_manner
from hs_jupyter.functions.session import current_study, say
from hs_jupyter.progress import Progress, join
from hs_jupyter.query import Query, make_query
from hs_jupyter.scope import Scope, scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa


@with_manner
def table(
    type: str,  # noqa: A002 - the language's own word
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    from_: Any = None,
    to: Any = None,
    limit: int | None = None,
    offset: int | None = None,
    sort: str | None = None,
    order: str | None = None,
    columns: Sequence[str] | str | None = None,
    as_: str = "pandas",
    pii: bool = False,
    progress: bool = True,
    **filters: Any,
) -> Any:
    """Return the records of one data type as a table.

    Parameters
    ----------
    type
        A data type, for example ``"events"`` or ``"ratings/sparse"``.
    experiment, room, participant
        The scope: exactly one, and ``room=`` with a participant. An experiment may be given by its
        exact name.
    from_, to
        Closed bounds: seconds of onset as a number, ``"90s"``, ``"1:30"``, an ISO 8601 instant (UTC
        when it names no zone), or a datetime.
    limit, offset, sort, order
        Applied after all filters; without ``limit`` every record comes.
    columns
        Keep these, in this order.
    as_
        ``"pandas"``, ``"polars"``, ``"arrow"`` or ``"records"``.
    pii
        Keep e-mail columns.
    progress
        False: no progress bar, no notes (warnings of incompleteness are always said).
    refresh
        Ask the service again, whatever is stored.
    offline
        Never ask the service: answer from the store, or raise `NotStoredError`.
    yes
        Go ahead where more than 200 requests are needed.
    wait
        Wait however long the service asks; else a wait above 5 minutes ends in a sentence.
    filters
        ``category``, ``component_type``, ``state``, ``completed``, ``completion_code``,
        ``deployment``, ``window`` (ms), for the types that have them.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame, pyarrow.Table or list of dict
        The catalogue's columns, ``onset_sec`` (float64, s), for ratings ``value_norm`` (0..1); facts
        about the result in ``df.attrs["hs"]``.

    Raises
    ------
    InputError
        For anything that is not in the language; `PlanError` for more than 200 requests without ``yes``.
    ApiError, NetworkError, CredentialsError
        As the service answers.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> sparse = hs.table("ratings/sparse", participant="p_pair_01_host", room="room_pair_01")
    >>> sparse["value_norm"].between(0, 1).all()
    np.True_
    """
    from hs_jupyter.tables.output import check_output, hand_over

    check_output(as_)
    query = make_query(
        type,
        scope_of(experiment, room, participant),
        from_=from_,
        to=to,
        limit=limit,
        offset=offset,
        sort=sort,
        order=order,
        columns=columns,
        pii=pii,
        **filters,
    )
    return hand_over(ask(query, progress=progress), as_)


def ask(query: Query, *, progress: bool | Progress = True) -> pa.Table:
    """Ask the current study, show progress, and say what must be known about the result."""
    with join(progress) as bar:
        answer = current_study().table(query, bar)
    tell(answer, progress=bool(progress))
    return answer


def tell(answer: pa.Table, *, progress: bool) -> None:
    """Say the warnings of a result; those of incompleteness always."""
    from hs_jupyter.fetching import MAY_BE_INCOMPLETE
    from hs_jupyter.tables.facts import facts_of

    for warning in facts_of(answer).warnings:
        alarm = MAY_BE_INCOMPLETE in warning
        if progress or alarm:
            say(warning, alarm=alarm)


@with_manner
def experiments(
    *, search: str | None = None, as_: str = "pandas", pii: bool = False, progress: bool = True
) -> Any:
    """Return the experiments this key may see, oldest first.

    Parameters
    ----------
    search
        Only those whose name or description holds this text.
    as_, pii, progress
        As in `table`.

    Returns
    -------
    pandas.DataFrame
        ``experimentId``, ``name``, ``description``, ``roomCount``, ``participantCount``,
        ``createdAt``, ``updatedAt`` (UTC).

    Raises
    ------
    ApiError, NetworkError, CredentialsError
        As the service answers.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> hs.experiments(search="alone", progress=False)["experimentId"].tolist()
    ['exp_film_solo']
    """
    return _list("experiments", Scope("user"), as_=as_, pii=pii, progress=progress, search=search)


@with_manner
def deployments(
    experiment: str | None = None, *, as_: str = "pandas", pii: bool = False, progress: bool = True
) -> Any:
    """Return the data-collection runs, of one experiment or of all.

    Returns
    -------
    pandas.DataFrame
        ``deploymentId``, ``experimentId``, ``name``, ``status``, ``ownerName``, ``createdAt`` (UTC).

    Raises
    ------
    ApiError, NetworkError, CredentialsError
        As the service answers.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> hs.deployments("exp_film_solo")["experimentId"].unique().tolist()
    ['exp_film_solo']
    """
    scope = Scope("experiment", experiment) if experiment is not None else Scope("user")
    return _list("deployments", scope, as_=as_, pii=pii, progress=progress)


@with_manner
def experiment(experiment: str, *, as_: str = "pandas") -> Bundle:
    """Return one experiment's design.

    Parameters
    ----------
    experiment
        Its ID or its exact name.
    as_
        The form of the tables, as in `table`.

    Returns
    -------
    Bundle
        ``experiment`` (one row), ``states`` (in order), ``roles``, ``global_components``.

    Raises
    ------
    NotFoundError
        With the nearest ID.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> design = hs.experiment("Film in pairs")
    >>> design.roles["role"].tolist()
    ['host', 'viewer']
    """
    from hs_jupyter.tables.design import design_tables
    from hs_jupyter.tables.narrow import without_emails
    from hs_jupyter.tables.output import check_output

    check_output(as_)
    scope = Scope("experiment", experiment)
    tables = design_tables(current_study().experiment(scope.id), scope)
    tables["experiment"] = without_emails(tables["experiment"], data_type("experiments"))[0]
    return Bundle(tables, form=as_)


def _list(name: str, scope: Scope, *, as_: str, pii: bool, progress: bool, **filters: Any) -> Any:
    from hs_jupyter.tables.output import check_output, hand_over

    check_output(as_)
    return hand_over(ask(make_query(name, scope, pii=pii, **filters), progress=progress), as_)
