"""The AI participant's decisions and runs, and the persona it plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.session import entered
from hs_jupyter.demo_study.stamps import at, iso
from hs_jupyter.demo_study.talk import chat_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Room

MODEL = {"model": "demo-model-1", "provider": "custom"}
PERSONA: dict[str, Any] = {
    "id": "persona_robin",
    "name": "Robin, a curious viewer",
    "description": "Likes films, asks back.",
    "provider": "custom",
    "model": MODEL["model"],
    "prompt": {"persona": "You are Robin.", "objective": "Watch and talk."},
    "visibility": "organization",
}
CATALOG = {"abilities": ["remember", "reflect"], "recipes": ["plain"], "offlineRecipes": ["none"]}
DETAIL = ("prompt", "reasoning", "chain", "peerModelSnapshot", "predictionUpdate")
"""Large fields, sent with ``detail=true`` and with a single decision only."""
COST_PER_TOKEN_USD = 2e-6


def decision_records(room: Room) -> Iterator[dict[str, Any]]:
    """Write every decision of the room's AI, its details included."""
    for agent in _agents(room):
        rng = room.rng(agent, "decisions")
        turns: list[tuple[float, str, str, Any]] = [
            (one["onset"] / 1000, "chat", "send_message", one["content"])
            for one in chat_records(room)
            if one["senderId"] == agent
        ]
        turns += [
            (onset + 3, "component", "respond", int(rng.integers(20, 80))) for _, onset in entered(room)
        ]
        for seq, (onset, kind, action, value) in enumerate(sorted(turns, key=lambda one: one[0]), 1):
            state = next(state for state, begins in reversed(entered(room)) if begins <= onset)
            yield {
                "id": f"{agent}_{seq}",
                "participantId": agent,
                "roomId": room.id,
                "seq": seq,
                "stateId": state.id,
                "stateName": state.name,
                "turnKind": kind,
                "action": action,
                "value": value,
                **MODEL,
                "latencyMs": int(rng.gamma(9, 110)),
                "inputTokens": int(rng.integers(400, 1600)),
                "outputTokens": int(rng.integers(6, 60)),
                "timestamp": at(room, onset)["timestamp"],
                "prompt": f"You are Robin. It is turn {seq}.",
                "reasoning": "Somebody should answer that.",
                "chain": [{"stage": "perceive", "output": "a message"}, {"stage": "act", "output": action}],
                "peerModelSnapshot": {"friendly": 0.8},
                "predictionUpdate": {"surprise": round(float(rng.random()), 3)},
            }


def run_records(room: Room) -> Iterator[dict[str, Any]]:
    """Write the run of the room's AI; one without an end was orphaned when its room ended."""
    for agent in _agents(room):
        decisions = list(decision_records(room))
        read, written = (sum(one[key] for one in decisions) for key in ("inputTokens", "outputTokens"))
        orphaned = agent == truths.ORPHAN_AGENT[1]
        yield {
            "id": agent,
            "participantId": agent,
            "roomId": room.id,
            **MODEL,
            "personaId": PERSONA["id"],
            "codeCommitSha": "0d3ad0beef",
            "seed": room.seed,
            "turns": len(decisions),
            "totalInputTokens": read,
            "totalOutputTokens": written,
            "totalCostUsd": round((read + written) * COST_PER_TOKEN_USD, 6),
            "startedAt": iso(room.start_ms - 30_000),
            "endedAt": None if orphaned else iso(room.start_ms + room.end_sec * 1000),
            "roomStatus": room.status,
            "orphaned": orphaned,
        }


def _agents(room: Room) -> list[str]:
    watching = [truths.ORPHAN_AGENT[1]] if room.id == truths.ORPHAN_AGENT[0] else []
    return [one.id for one in room.people if one.agent] + watching
