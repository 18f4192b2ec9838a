"""What a demo study can be asked to be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

from hs_jupyter.errors import InputError, did_you_mean


@cache
def study_version() -> str:
    """Digest this package's own sources: what another version made or runs is never taken for ours.

    Examples
    --------
    >>> len(study_version())
    10
    """
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:10]


BOUNDS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**31 - 1),
    "rooms": (1, 5000),
    "hz": (0.5, 50),
    "minutes": (1, 120),
    "port": (0, 65535),
    "page_cap": (1, 100_000),
    "delay_ms": (0, 60_000),
    "link_seconds": (0, 604_800),
}


@dataclass(frozen=True)
class Parameters:
    """The parameters of a demo study; the same parameters give the same records.

    Parameters
    ----------
    seed
        Random seed of the generator.
    rooms
        Number of pair rooms; there are twice as many solo rooms. All truths need 12.
    hz
        Samples per second of the continuous ratings.
    minutes
        Length of the film in minutes. All truths need 10.
    port
        Port to listen on; 0 takes a free one.
    limits
        Enforce the service's limits: 100 requests a minute per endpoint, 1000 an hour per key.
    page_cap
        Most records that one page holds, whatever ``limit`` asks for.
    delay_ms
        Milliseconds that every answer is held back.
    link_seconds
        Seconds that a signed link to a recording works.

    Raises
    ------
    InputError
        For a value out of bounds.

    Examples
    --------
    >>> Parameters(seed=7).study_key == Parameters(seed=7, limits=True).study_key
    True
    """

    seed: int = 1
    rooms: int = 12
    hz: float = 4.0
    minutes: float = 10.0
    port: int = 0
    limits: bool = False
    page_cap: int = 5000
    delay_ms: float = 0.0
    link_seconds: float = 900.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name not in BOUNDS:
                object.__setattr__(self, one.name, bool(value))
                continue
            low, high = BOUNDS[one.name]
            try:
                number = int(value) if one.type == "int" else float(value)
            except (TypeError, ValueError):
                number = float("nan")
            if not low <= number <= high or number != float(value):
                raise InputError(f"demo study: {one.name} {value!r} is not a number from {low:g} to {high:g}")
            object.__setattr__(self, one.name, number)

    @classmethod
    def of(cls, **given: object) -> Parameters:
        """Make parameters from keywords, naming an unknown one."""
        known = [one.name for one in fields(cls)]
        for name in given:
            if name not in known:
                raise InputError(
                    f"demo study: unknown parameter '{name}'{did_you_mean(name, known)} (valid: {', '.join(known)})"
                )
        return cls(**given)  # type: ignore[arg-type]

    def to_json(self) -> str:
        """Spell the parameters for the server's command line."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def study_key(self) -> str:
        """Name of the generated study: version and what shapes its records."""
        return f"{study_version()}-seed{self.seed}-rooms{self.rooms}-hz{self.hz:g}-min{self.minutes:g}"

    @property
    def server_key(self) -> str:
        """Name of the server that serves with exactly these parameters."""
        return f"{self.study_key}-{hashlib.sha256(self.to_json().encode()).hexdigest()[:12]}"
