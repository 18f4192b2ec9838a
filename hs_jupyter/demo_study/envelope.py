"""How an answer is wrapped: the envelope, its metadata, and the bare CSV."""

from __future__ import annotations

import csv
import io
import time
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

from hs_jupyter.demo_study.stamps import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

API_VERSION = "3.0.0"


def success(data: object, metadata: dict[str, Any] | None = None) -> Response:
    """Wrap any JSON value."""
    body = {"status": "success", "data": data}
    if metadata is not None:
        body["metadata"] = metadata
    return Response(orjson.dumps(body), media_type="application/json")


def success_texts(records: Sequence[str], metadata: dict[str, Any]) -> Response:
    """Wrap records that are JSON texts already: nothing is read or written twice."""
    text = f'{{"status":"success","data":[{",".join(records)}],"metadata":{orjson.dumps(metadata).decode()}}}'
    return Response(text.encode(), media_type="application/json")


def metadata(data_type: str, scope: str, scope_id: str, began: float, **more: object) -> dict[str, Any]:
    """Describe an answer; ``began`` is the ``time.perf_counter()`` of its request."""
    kind, _, rating = data_type.partition("/")
    return {
        "dataType": kind,
        **({"ratingType": rating} if rating else {}),
        "scope": scope,
        "scopeId": scope_id,
        "timestamp": iso(time.time() * 1000),
        "processing": {
            "processingTimeMs": round((time.perf_counter() - began) * 1000, 1),
            "enriched": True,
            "version": API_VERSION,
        },
        **more,
    }


def pagination(total: int, returned: int, limit: int, offset: int) -> dict[str, Any]:
    """Describe a page; on the last one there is no ``nextOffset``."""
    more = offset + returned < total
    page: dict[str, Any] = {
        "total": total,
        "returned": returned,
        "hasMore": more,
        "limit": limit,
        "offset": offset,
    }
    return page | ({"nextOffset": offset + returned} if more else {})


def csv_text(records: Sequence[str]) -> Response:
    """Write records as bare CSV: one header row, nested values as JSON text, no metadata."""
    rows = [orjson.loads(one) for one in records]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8")


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value
