"""What the name of a column, or of a key in a nested value, says about the person behind it."""

from __future__ import annotations

import re

_WHO = (
    "participant|sender|recipient|receiver|author|user|peer|partner|agent|member|viewer|observer|subject|"
    "respondent|worker|prolific"
)
_ID = re.compile(rf"(?:.*(?:{_WHO}))(?:ids?|pids?|uids?|identity|identities|codes?)|identity|uid")
_NAME = re.compile(
    rf"(?:.*(?:{_WHO}))(?:display)?names?|(?:display|nick|first|last|full|screen)names?|username"
)
_PERSON = re.compile(r"participants?|senders?|recipients?|receivers?|authors?|users?|members?")
_LEFT_OUT = re.compile(
    r".*emails?|emailaddress|mail|owner.*|createdby|ip|.*ipaddress|remoteaddress|.*phone(?:number)?|useragent"
)
_STAYS = {"roomid", "sessionid", "experimentid", "deploymentid", "roomname"}

TELLING_KEYS = rf'"[^"]*(?i:{_WHO}|owner|createdby|identity|uid|name|mail|phone|address|\bip)[^"]*"\s*:'
"""A regular expression (RE2) that JSON text matches in which some key says more than its value."""

NOBODY = {"", "all", "everyone", "everybody", "system", "server", "none", "null", "undefined", "unknown"}
"""What stands where an ID or a name is expected, and is nobody's."""


def is_id(name: str) -> bool:
    """Tell whether this column or key holds the ID of a person.

    Examples
    --------
    >>> [one for one in ("participantId", "recipientIds", "roomId", "ratingId") if is_id(one)]
    ['participantId', 'recipientIds']
    """
    return bool(_ID.fullmatch(plain(name)))


def is_name(name: str) -> bool:
    """Tell whether it holds the name of a person.

    Examples
    --------
    >>> [one for one in ("senderName", "displayName", "stateName", "fileName") if is_name(one)]
    ['senderName', 'displayName']
    """
    return bool(_NAME.fullmatch(plain(name)))


def is_person(name: str) -> bool:
    """Tell whether it holds persons: names, IDs, or objects with ``id`` and ``name``."""
    return bool(_PERSON.fullmatch(plain(name)))


def is_left_out(name: str) -> bool:
    """Tell whether it holds what is never told under pseudonyms: e-mail, telephone, address, owner.

    Examples
    --------
    >>> [one for one in ("email", "ownerId", "ipAddress", "value", "messageType") if is_left_out(one)]
    ['email', 'ownerId', 'ipAddress']
    """
    return bool(_LEFT_OUT.fullmatch(plain(name)))


def stays(name: str) -> bool:
    """Tell whether it holds a place, in which no name is looked for: a room, an experiment."""
    return plain(name) in _STAYS


def stem(name: str) -> str:
    """Return whose ID or name it is, to pair the two.

    Examples
    --------
    >>> stem("senderId"), stem("senderName")
    ('sender', 'sender')
    """
    return re.sub(r"(?:ids?|uids?|pids?|identity|identities|(?:display)?names?)$", "", plain(name))


def plain(name: str) -> str:
    """Return a name in lower case, letters and digits alone."""
    return re.sub(r"[\W_]", "", name.lower())
