"""The service's errors, as it words and numbers them."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - an answer of the server, not a fault of it
    """An answer that is an error: HTTP status, code, message, details."""

    def __init__(
        self, status: int, code: str, message: str, details: dict[str, Any] | None = None, **headers: str
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        error: dict[str, Any] = {"code": code, "message": message}
        if details is not None:
            error["details"] = details
        self.body = {"status": "error", "error": error}


def bad_parameter(parameter: str, value: object, expected: str) -> Refusal:
    """Refuse a query value (400)."""
    return Refusal(
        400,
        "INVALID_PARAMETER",
        f"Invalid value for parameter '{parameter}': expected {expected}",
        {"parameter": parameter, "value": value, "expected": expected},
    )


def not_found(kind: str, name: str) -> Refusal:
    """Refuse an unknown ID (404)."""
    return Refusal(404, "NOT_FOUND", f"{kind.capitalize()} '{name}' not found")


def forbidden(required: str, provided: tuple[str, ...]) -> Refusal:
    """Refuse a key that lacks a scope (403)."""
    return Refusal(
        403,
        "FORBIDDEN",
        f"API key lacks the required scope: {required}",
        {"required": [required], "provided": list(provided)},
    )
