"""The demo study's public keys: each shows another side of what keys may do."""

from __future__ import annotations

from dataclasses import dataclass

from hs_jupyter.demo_study.refusals import Refusal, forbidden

SCOPES = (
    "read:events", "read:recordings", "read:chat", "read:videochat", "read:ratings", "read:sync",
    "read:components", "read:participants", "read:experiments", "read:personas",
)  # fmt: skip


@dataclass(frozen=True)
class Key:
    """A key and what it may read."""

    text: str
    scopes: tuple[str, ...]
    expired: bool = False

    def require(self, scope: str | None) -> None:
        """Refuse with 403 when the scope is missing; no scope is always granted."""
        if scope and not {scope, "read:*", "*"} & set(self.scopes):
            raise forbidden(scope, self.scopes)


FULL = Key("hst_test_demostudy0everything0may0be0read", ("read:*",))
"""Reads everything: the key that ``start()`` returns."""
NO_RATINGS = Key("hst_test_demostudy0no0ratings", tuple(one for one in SCOPES if one != "read:ratings"))
"""Reads everything but ratings: these answer 403."""
EVENTS_ONLY = Key("hst_test_demostudy0events0only", ("read:events",))
"""Reads events, participants, rooms and agents."""
EXPIRED = Key("hst_test_demostudy0expired0last0year", ("read:*",), expired=True)
"""Was good once: answers 401."""

KEYS = {one.text: one for one in (FULL, NO_RATINGS, EVENTS_ONLY, EXPIRED)}


def key_of(text: str | None) -> Key:
    """Find the key of a request, or refuse with 401."""
    key = KEYS.get(text or "")
    if key is None:
        reason = "Missing API key: send it as X-API-Key" if not text else "Invalid API key"
        raise Refusal(401, "UNAUTHORIZED", reason)
    if key.expired:
        raise Refusal(401, "UNAUTHORIZED", "API key has expired")
    return key
