"""The user's own tables: what is needed of them comes in, and new columns go back in the same form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa


def columns_of(
    frame: Any,
    what: str,
    *,
    texts: Sequence[str] = (),
    numbers: Sequence[str] = (),
    nested: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> pa.Table:
    """Take columns of a pandas, polars or Arrow table.

    Parameters
    ----------
    frame
        The table.
    what
        What an error calls it.
    texts, numbers, nested
        Names of columns: text, float64, and JSON text where the table has dicts or JSON text.
    optional
        Those of them that may be absent; they come as nulls.

    Raises
    ------
    InputError
        For no table, a missing column, or one that holds no numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> columns_of(pd.DataFrame({"a": [1]}), "rows", numbers=["a"], texts=["b"], optional=["b"]).to_pydict()
    {'b': [None], 'a': [1.0]}
    """
    import pyarrow as pa

    held = names_of(frame, what)
    arrays: dict[str, Any] = {}
    for names, read in ((texts, _text), (numbers, _numbers), (nested, _json)):
        for name in names:
            if name in held:
                arrays[name] = read(frame, name, what)
            elif name in optional:
                arrays[name] = pa.nulls(len(frame), pa.float64() if read is _numbers else pa.string())
            else:
                near = did_you_mean(name, held)
                raise InputError(f"{what} have no column '{name}'{near} (there are: {', '.join(held)})")
    return pa.table(arrays)


def with_columns(frame: Any, columns: Mapping[str, pa.Array]) -> Any:
    """Return the table with these columns, in the form in which it came; the table itself stays as it is."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(frame, pd.DataFrame):
        return frame.assign(**{name: values.to_pandas().array for name, values in columns.items()})
    if isinstance(frame, pa.Table):
        for name, values in columns.items():
            at = frame.schema.get_field_index(name)
            frame = frame.append_column(name, values) if at < 0 else frame.set_column(at, name, values)
        return frame
    import polars as pl

    return frame.with_columns(**{name: pl.Series(name, values) for name, values in columns.items()})


def names_of(frame: Any, what: str) -> list[str]:
    """Name the columns of a pandas, polars or Arrow table.

    Raises
    ------
    InputError
        For anything else.
    """
    import pandas as pd
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return list(frame.column_names)
    if isinstance(frame, pd.DataFrame) or _is_polars(frame):
        return [str(name) for name in frame.columns]
    raise InputError(f"{what} are to be a pandas, polars or Arrow table, not {type(frame).__name__}")


def _is_polars(frame: Any) -> bool:
    return type(frame).__module__.partition(".")[0] == "polars" and hasattr(frame, "to_arrow")


def _arrow(frame: Any, name: str) -> pa.Array:
    import pandas as pd
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame[name].combine_chunks()
    if isinstance(frame, pd.DataFrame):
        return pa.array(frame[name], from_pandas=True)
    return frame[name].to_arrow()


def _text(frame: Any, name: str, what: str) -> pa.Array:
    import pyarrow as pa

    try:
        return _arrow(frame, name).cast(pa.string())
    except pa.ArrowException:
        raise InputError(f"{what}: column '{name}' holds no plain text") from None


def _numbers(frame: Any, name: str, what: str) -> pa.Array:
    import pyarrow as pa

    try:
        return _arrow(frame, name).cast(pa.float64())
    except pa.ArrowException:
        raise InputError(f"{what}: column '{name}' holds no numbers") from None


def _json(frame: Any, name: str, what: str) -> pa.Array:
    """Take text as it is, and spell dicts as JSON text; other values are no objects."""
    import orjson
    import pandas as pd
    import pyarrow as pa

    held = frame[name].tolist() if isinstance(frame, pd.DataFrame) else _arrow(frame, name).to_pylist()
    try:
        texts = [
            orjson.dumps(
                one, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
            ).decode()
            if isinstance(one, dict)
            else one
            if isinstance(one, str)
            else None
            for one in held
        ]
    except orjson.JSONEncodeError:
        raise InputError(f"{what}: column '{name}' holds what cannot be spelled as JSON") from None
    return pa.array(texts, pa.string())
