"""The widget: what lasts as traits, and wires to what answers. Everything else lives beside this file."""

from __future__ import annotations

from threading import Lock, RLock, Thread
from typing import TYPE_CHECKING, Any

import anywidget
import msgspec
import traitlets as t

from hs_jupyter.catalog import data_type
from hs_jupyter.errors import HsError, InputError
from hs_jupyter.explorer.addresses import ADDRESSES
from hs_jupyter.explorer.again import keep, last_of, run_of_cell
from hs_jupyter.explorer.code import CodeKind, code_for, reopening_line
from hs_jupyter.explorer.desk import Desk
from hs_jupyter.explorer.explain import unread
from hs_jupyter.explorer.handle_selection import doubts_of, selected_bundle, selected_table
from hs_jupyter.explorer.host import Doors, Host, scope_to
from hs_jupyter.explorer.messages import News
from hs_jupyter.explorer.module import browser_part
from hs_jupyter.explorer.registry import handlers_of
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.explorer.state import PlaceState, SelectionState
from hs_jupyter.explorer.still import Bundle as MimeBundle
from hs_jupyter.explorer.still import Outputs, chart_picture, still_bundle
from hs_jupyter.progress import Progress
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    import altair as alt

    from hs_jupyter.bundles import Bundle
    from hs_jupyter.catalog import DataType
    from hs_jupyter.explorer.shelf import Shelf

_FROM_BROWSER: dict[str, Any] = {"_selection": SelectionState, "_place": PlaceState}
"""The explorer's traits that the browser sets; the others are set here alone."""

_OF_ANY_WIDGET = frozenset({"layout", "tabbable", "tooltip", "_dom_classes", "_view_count"})


class Explorer(anywidget.AnyWidget):
    """See a session, select in it, hold the selection as a variable.

    Made by ``hs.explore(...)`` and ``%hs explore``.

    Attributes
    ----------
    scope : Scope or None
        What is shown; an observable trait.
    selection : Selection
        What is selected: the same in every view and here, settable, an observable trait.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> explorer = hs.explore(room="room_pair_01")
    >>> explorer.selection = hs.Selection(window=(160, 175.5), types=["sync"])
    >>> len(explorer.data.sync)
    16
    >>> print(explorer.code())
    %hs bundle room room_pair_01 --types sync --from 160s --to 175.5s -o selected

    Linked to another widget, beside it:

    >>> import ipywidgets as widgets
    >>> who = widgets.Dropdown(options=["p_pair_01_host", "p_pair_01_viewer"])
    >>> link = widgets.dlink((who, "value"), (explorer, "selection"), lambda p: hs.Selection(participants=[p]))
    >>> box = widgets.HBox([who, explorer])
    >>> explorer.selection.participants
    ('p_pair_01_host',)
    """

    _esm = t.Unicode().tag(sync=True)
    _css = t.Unicode().tag(sync=True)
    _scope = t.Dict(default_value=None, allow_none=True).tag(sync=True)
    _selection = t.Dict().tag(sync=True)
    _place = t.Dict().tag(sync=True)

    scope = t.Instance(Scope, allow_none=True, default_value=None, help="What is shown: a Scope, or None.")
    selection = t.Instance(Selection, (), help="What is selected: a Selection.")

    def __init__(self, doors: Doors, scope: Scope | None = None) -> None:
        self._sending = Lock()
        self._changing = RLock()
        self._host = Host(doors, self._choose, self._told)
        self._desk = Desk(handlers_of(self._host), self._send_message)
        self._outputs = Outputs(self._mime_bundle)
        self._keeps = False
        super().__init__()
        self.on_msg(self._receive)
        if scope is not None:
            scope = self._host.study().resolve(scope)
            self._choose(scope)
            self._host.opened(scope)
        if (run := run_of_cell()) is not None:
            self._go_on(last_of(run, scope))
            keep(run, scope, self)

    @property
    def data(self) -> Bundle:
        """Exactly the selection: a Bundle, as ``hs.bundle`` gives it; what is missing is fetched.

        Raises
        ------
        InputError
            While no scope is chosen.
        ApiError, NetworkError, CredentialsError
            If nothing came at all.
        """
        with Progress(shown=True) as bar:
            found = selected_bundle(self._shelf(), self.selection, bar)
        for doubt in doubts_of(found.arrow().values()):
            self._host.doors.warn(doubt)
        return found

    @property
    def chart(self) -> alt.VConcatChart:
        """The timeline as it is shown, an ordinary Altair chart: change it, save it.

        Raises
        ------
        InputError
            While no scope is chosen.
        """
        from hs_jupyter.explorer.handle_records import drawable_tables

        with Progress(shown=True) as bar:
            prepared, *_ = drawable_tables(self._shelf(), bar)
        return self._still(prepared)

    @property
    def fault(self) -> str:
        """The last unexpected fault in full, for a report; empty if there was none."""
        return self._desk.fault

    def code(self, kind: CodeKind = "magic", *, name: str = "selected", table: str | None = None) -> str:
        """Return the code that gives the same rows as `data`.

        Parameters
        ----------
        kind
            ``"magic"`` for ``%hs`` lines, ``"python"`` for functions.
        name
            The variable that takes the result.
        table
            Only this table, instead of a Bundle.
        """
        if kind not in ("magic", "python"):
            raise InputError(f"code is of kind 'magic' or 'python', not '{kind}'")
        one: DataType | None = None if table is None else self._shelf().kind(table)
        return code_for(self._shelf().scope, self.selection, kind, name=name, table=one)

    def push(self, name: str, *, table: str | None = None) -> None:
        """Put the selection in a variable of the notebook.

        A name that is taken stays as it is, and what it holds is said; pushing again replaces it. What this
        explorer put there is replaced at once.

        Parameters
        ----------
        name
            The variable.
        table
            Only this table, instead of a Bundle.

        Raises
        ------
        InputError
            For a name that no variable can or should have, or while no scope is chosen.
        """
        shelf = self._shelf()
        with Progress(shown=True) as bar:
            answer = self._host.pusher.push_again(
                name,
                lambda: (
                    selected_bundle(shelf, self.selection, bar)
                    if table is None
                    else selected_table(shelf, self.selection, table, bar)
                ),
            )
        print(f"hs: {answer.sentence}")  # noqa: T201 - the notebook is where it belongs

    def open(self) -> None:
        """Open the widget's line to the browser."""
        super().open()
        answer_while_busy(self.comm)

    def close(self) -> None:
        """End what is under way, and close the widget."""
        self._desk.end()
        self._outputs.end()
        super().close()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser says of its traits, as far as it is what the contract says."""
        kept = {name: value for name, value in sync_data.items() if name in _OF_ANY_WIDGET}
        for name in _FROM_BROWSER.keys() & sync_data.keys():
            try:
                kept[name] = self._taken(name, sync_data[name])
            except (HsError, msgspec.ValidationError, RecursionError) as problem:
                self._desk.send(unread({}, problem))
        with self._changing:
            super().set_state(kept)
        for name, value in sync_data.items():  # snapped or refused: the browser shows what holds
            if name in self.keys and kept.get(name, self) != value:
                self.send_state(name)

    def _taken(self, name: str, value: Any) -> Any:
        state = msgspec.convert(ADDRESSES.show(value), _FROM_BROWSER[name])
        if isinstance(state, SelectionState):
            return _traveling(self._fitting(Selection.from_wire(state)))
        return ADDRESSES.hide(_plain(state))

    @t.default("_esm")
    def _default_esm(self) -> str:
        return browser_part("explorer.js")

    @t.default("_css")
    def _default_css(self) -> str:
        return browser_part("explorer.css")

    @t.default("_selection")
    def _default_selection(self) -> dict[str, Any]:
        return Selection().to_wire()

    @t.default("_place")
    def _default_place(self) -> dict[str, Any]:
        return _plain(PlaceState())

    @t.validate("selection")
    def _valid_selection(self, proposal: Any) -> Selection:
        return self._fitting(proposal["value"])

    @t.observe("selection")
    def _selection_changed(self, change: Any) -> None:
        self._selection = _traveling(change["new"])

    @t.observe("_selection")
    def _wire_selection_changed(self, change: Any) -> None:
        state = msgspec.convert(ADDRESSES.show(change["new"]), SelectionState)
        self.selection = Selection.from_wire(state)

    @t.observe("scope")
    def _scope_changed(self, change: Any) -> None:
        scope: Scope | None = change["new"]
        self._scope = None if scope is None else ADDRESSES.hide(_plain(scope_to(scope)))  # type: ignore[assignment]

    def _choose(self, scope: Scope) -> Selection:
        """Show a scope; another one begins without a selection, at its whole length."""
        with self._changing, self.hold_sync():
            if scope != self.scope:
                place = msgspec.convert(self._place, PlaceState)
                self._place = _plain(PlaceState(table=place.table, columns=place.columns, sorts=place.sorts))
                self.selection = Selection()
                self.scope = scope
            return self.selection

    def _go_on(self, last: Explorer | None) -> None:
        """Be where the explorer was that this cell showed before it was run again."""
        if last is None or last.scope is None:
            return
        if last._host.study() is not self._host.study():  # noqa: SLF001 - one of its own kind
            return
        if self.scope is None:
            self._choose(last.scope)
        if self.scope == last.scope:
            self.selection = last.selection
            self._place = dict(last._place)  # noqa: SLF001 - one of its own kind

    def _fitting(self, selection: Selection) -> Selection:
        """Refuse a selection of types that the scope does not have."""
        for table in selection.types or ():
            if self.scope is not None and self.scope.kind not in data_type(table).scopes:
                raise InputError(f"{table} does not exist for a {self.scope.kind}")
        return selection

    def _shelf(self) -> Shelf:
        if self.scope is None:
            raise InputError("no scope is chosen: choose one in the explorer, or hs.explore(room=...)")
        return self._host.shelf(self.scope)

    def _still(self, prepared: Any) -> alt.VConcatChart:
        from hs_jupyter.explorer.drawing import still_chart

        place = msgspec.convert(ADDRESSES.show(self._place), PlaceState)
        return still_chart(prepared, place.window, hidden=place.hidden, title=str(self.scope))

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "hello":
            self._keeps = self._keeps or content.get("keeps") is True
        self._desk.receive(content)

    def _send_message(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        with self._sending:
            self.send(content, buffers)
        if self._keeps and content["type"] == "answer" and content["to"] in ("open", "timeline"):
            self._outputs.renew_soon()

    def _told(self, shelf: Shelf, table: str) -> None:
        """Tell every view that a table of what it shows changed."""
        if shelf.scope == self.scope:
            self._desk.send(News("", scope_to(shelf.scope), (shelf.state(table),)))

    def _ipython_display_(self, **_: Any) -> None:
        self._outputs.show()
        Thread(target=_load_drawing, name="hs-explorer-load", daemon=True).start()

    def _repr_mimebundle_(self, **_: Any) -> MimeBundle:
        return self._mime_bundle()

    def _mime_bundle(self, picture: bool = False) -> MimeBundle:  # noqa: FBT001, FBT002 - `Outputs` calls it so
        prepared = self._shelf().ready() if picture and self.scope is not None else None
        png = None if prepared is None else chart_picture(self._still(prepared))
        return still_bundle(self.model_id, ADDRESSES.hide(reopening_line(self.scope)), png)


def _load_drawing() -> None:
    """Load what draws while the person still looks for a scope: it takes a second or two."""
    import hs_jupyter.explorer.drawing  # noqa: F401


def answer_while_busy(comm: Any) -> None:
    """Let the browser's messages be answered while a cell runs.

    ipykernel 7.4 hands a message of the browser to the shell that spoke last on the comm, which for a widget
    made in a cell is the busy one, instead of the shell that the browser sent it to.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001


def _traveling(selection: Selection) -> dict[str, Any]:
    hidden: dict[str, Any] = ADDRESSES.hide(selection.to_wire())
    return hidden


def _plain(state: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(state))
    return plain
