"""What participants write: some of it looks like formulas, markup or templates, and is only text."""

from __future__ import annotations

CHAT = (
    "hi!", "can you hear the sound?", "yes, all good", "ready when you are", "that cut was odd", "wow, the dam",
    "did you see that coming?", "no!! 😱", "lol", "the music is great", "poor family :(", "what was her name again?",
    "Anna I think", "so it was the mayor", "I need a coffee after this ☕", "bye, was fun", "thanks, you too",
)  # fmt: skip
HOSTILE = (
    "=1+1",
    '=HYPERLINK("https://example.org","click")',
    "<b>bold</b> <i>claims</i>",
    "<img src=x onerror=alert(1)>",
    "{{x}} and ${y} and %s",
    'she said "no", then\nleft',
    "+49 no number, -1 no sum, @home",
    "naïve 🧑‍🚀 café — 你好",
    "../../etc/passwd",
    "</script><script>alert('x')</script>",
)
"""Harmless texts that would do harm where text is taken for something else."""
OPINIONS = (
    "The water coming through the wall.", "How quiet it was before the flood.", "The mother's face.",
    "I guessed the ending.", "Nothing much, I was tired.", "The sound of the bells under water.",
    *HOSTILE,
)  # fmt: skip
