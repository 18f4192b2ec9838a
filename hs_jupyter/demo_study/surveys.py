"""What is asked around the film: consent, instructions with a quiz, the questionnaire, answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study.words import OPINIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Person, Room

QUESTIONS = (
    ("q_age", "How old are you?", "text-short"),
    ("q_seen", "Had you seen the film before?", "multiple-choice"),
    ("q_engaged", "I was absorbed by the film.", "likert"),
    ("q_words", "Anything you want to tell us?", "text-long"),
)


@dataclass(frozen=True)
class Event:
    """One log line: onset in seconds, type, category, and what else belongs to it."""

    onset_sec: float
    type: str
    category: str
    content: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def before(room: Room, person: Person) -> Iterator[Event]:
    """Consent, instructions with a quiz, waiting: all of it before onset 0."""
    if person.agent:
        return
    rng = room.rng(person.id, "before")
    came = -rng.uniform(170, 300)
    yes = "consent.agreed" if room.age == "old" else "consent.accepted"
    failed_first = bool(rng.random() < 0.2)  # noqa: PLR2004 - one in five
    steps: list[tuple[float, str, dict[str, Any]]] = [(0, "consent.shown", {}), (rng.uniform(8, 30), yes, {})]
    steps += [
        (rng.uniform(6, 20), "instructions.page_view", {"pageIndex": page, "pageTitle": f"Page {page + 1}"})
        for page in range(3)
    ]
    for attempt in range(1, 3 if failed_first else 2):
        passed = attempt == (2 if failed_first else 1)
        quiz = {
            "pageIndex": 2, "attemptNumber": attempt, "answers": {"q1": "a", "q2": "b" if passed else "c"},
            "score": 100 if passed else 50, "passed": passed, "correctCount": 2 if passed else 1, "totalQuestions": 2,
        }  # fmt: skip
        steps.append((rng.uniform(8, 25), "instructions.comprehension_attempt", quiz))
    outcome = {"final_score": 100, "total_attempts": 2 if failed_first else 1}
    steps += [
        (0.4, "instructions.comprehension_passed", outcome),
        (rng.uniform(1, 3), "instructions.completed", {}),
    ]
    onset = came
    for after, kind, payload in steps:
        onset = min(onset + after, -1.0)
        yield Event(onset, kind, "pre_experiment", more={"data": payload} if payload else {})


def questionnaire(room: Room, person: Person) -> Iterator[Event]:
    """Log the questionnaire's answers; an older room files them under another category."""
    if room.status == "abandoned" or person.agent:
        return
    rng = room.rng(person.id, "questionnaire")
    category = "post_experiment" if room.age == "old" else "questionnaire"
    onset = room.film.end_onset + 58
    for page, (question, text, kind) in enumerate(QUESTIONS):
        took = float(rng.uniform(3, 8))
        onset += took
        answer: Any = {
            "q_age": str(int(rng.integers(18, 68))),
            "q_seen": str(rng.choice(["yes", "no", "no", "not sure"])),
            "q_engaged": int(rng.integers(3, 8)),
            "q_words": OPINIONS[int(rng.integers(len(OPINIONS)))],
        }[question]
        payload = {
            "questionId": question, "questionText": text, "questionType": kind, "answer": answer,
            "pageIndex": page // 2, "pageTitle": f"Page {page // 2 + 1}", "responseTime": round(took * 1000),
        }  # fmt: skip
        more = {"data": payload, "response": {"value": answer, "responseTime": round(took * 1000)}}
        yield Event(onset, "questionnaire.response", category, content=str(answer), more=more)
    done = {"totalPages": 2, "totalQuestions": len(QUESTIONS), "totalResponseTime": round(onset * 1000)}
    yield Event(onset + 0.2, "questionnaire.completed", category, more={"data": done})


def answer_to(state_id: str, rng: np.random.Generator) -> int | str | None:
    """Draw an answer: a number, a choice, a text, or nothing where nothing is asked."""
    if state_id == "st_mood":
        return int(np.clip(rng.normal(68, 16), 0, 100))
    if state_id == "st_choice":
        return str(rng.choice(["valley", "flood", "flood", "return"]))
    if state_id == "st_words":
        return OPINIONS[int(rng.integers(len(OPINIONS)))]
    return None
