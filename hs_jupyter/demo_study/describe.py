"""What OpenAPI says about the answers: the catalogue's columns, and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hs_jupyter.catalog import Column, DataType

JSON_TYPE: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "float": {"type": "number"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "instant": {"type": "string", "format": "date-time"},
    "json": {"type": ["object", "array"]},
    "any": {},
}
ERRORS = {
    400: "a parameter is wrong; details name it",
    401: "the key is missing, unknown or expired",
    403: "the key lacks a scope; details name it",
    404: "no such experiment, room or participant",
    429: "too many requests; Retry-After says how many seconds to wait",
}
KEY_HEADER = {"ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}


def described(kind: DataType) -> dict[int | str, dict[str, Any]]:
    """Describe the answers of a data type; every field may be missing, and others may come."""
    record = {"type": "object", "properties": {one.name: _field(one) for one in kind.columns}}
    body = {
        "type": "object",
        "properties": {
            "status": {"const": "success"},
            "data": {"type": "array", "items": record},
            "metadata": {"type": "object"},
        },
    }
    error = {
        "type": "object",
        "properties": {
            "status": {"const": "error"},
            "error": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    }
    return {
        200: {"description": kind.meaning, "content": {"application/json": {"schema": body}}},
        **{
            status: {"description": text, "content": {"application/json": {"schema": error}}}
            for status, text in ERRORS.items()
        },
    }


def _field(column: Column) -> dict[str, Any]:
    unit = f" ({column.unit})" if column.unit else ""
    return JSON_TYPE[column.type] | {"description": column.meaning + unit}


def with_key(document: dict[str, Any]) -> dict[str, Any]:
    """Say in an OpenAPI document that requests carry a key."""
    document.setdefault("components", {})["securitySchemes"] = KEY_HEADER
    document["security"] = [{name: []} for name in KEY_HEADER]
    return document
