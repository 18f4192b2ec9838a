"""Words of a line: quotes, apostrophes, backslashes, comments, values of the notebook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PureWindowsPath
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hs_jupyter.errors import InputError
from hs_jupyter.magics.references import expand
from hs_jupyter.magics.tokens import quoted, tokenize


def one_line(error):
    assert len(str(error).splitlines()) == 1


def texts(line, names=None):
    return [word.text for word in expand(tokenize(line), names or {})]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("events  room\troom_1 ", ["events", "room", "room_1"]),
        (r"--to C:\data\new", ["--to", r"C:\data\new"]),
        (r"--to \\server\share$", ["--to", r"\\server\share$"]),
        (r'--to "C:\my data\"', ["--to", "C:\\my data\\"]),
        ("it's Anna's", ["it's", "Anna's"]),
        ('rooms "Film in pairs"', ["rooms", "Film in pairs"]),
        ("rooms 'Film in pairs'", ["rooms", "Film in pairs"]),
        ("rooms 'Anna's film'", ["rooms", "Anna's film"]),
        ("""rooms "Anna's film" """, ["rooms", "Anna's film"]),
        ("""rooms 'a "b" c'""", ["rooms", 'a "b" c']),
        ("--search='Film in pairs' -q", ["--search=Film in pairs", "-q"]),
        ('a"b c"d', ['a"b', 'c"d']),
        ('""', [""]),
        ("room_1 # a 'comment", ["room_1"]),
        ("# all of it", []),
        ("room#1 a#", ["room#1", "a#"]),
        ("'# no comment' x", ["# no comment", "x"]),
        ("cost$5 $ {{x}} $$y 5$", ["cost$5", "$", "{x}", "$y", "5$"]),
        ("room_1;", ["room_1", ";"]),
        ("room_1 ; # shown", ["room_1", ";"]),
        ("'room;1';", ["room;1", ";"]),
        ("a;b", ["a;b"]),
    ],
)
def test_words(line, words):
    assert texts(line) == words


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("$room", "a --b 'c\" #d"),
        ("{room}", "a --b 'c\" #d"),
        ("{ room }", "a --b 'c\" #d"),
        ("x_{room}_y", "x_a --b 'c\" #d_y"),
        ('"{room} y"', "a --b 'c\" #d y"),
        ("{row.id}", "r 1"),
        ("{row.tags['a b']}", "t"),
        ('{row.tags["a b"]}', "t"),
        ("{many[0]}{many[-1]}", "r1r2"),
        ("$number.csv", "7.csv"),
        ("{numpy_number}", "3"),
        ("{moment}", "2026-03-02T15:04:00+00:00"),
        ("{folder}", "C:\\x"),
        ("{many}", "r1,r2"),
    ],
)
def test_a_value_is_one_word(line, value):
    names = {
        "room": "a --b 'c\" #d",
        "row": SimpleNamespace(id="r 1", tags={"a b": "t"}),
        "many": ["r1", "r2"],
        "number": 7,
        "numpy_number": np.int64(3),
        "moment": datetime(2026, 3, 2, 15, 4, tzinfo=UTC),
        "folder": PureWindowsPath("C:\\x"),
    }
    assert texts(line, names) == [value]


def test_a_value_is_never_an_option():
    words = expand(tokenize("events room $room --x '--y'"), {"room": "--limit"})
    assert [word.is_option for word in words] == [False, False, False, True, False]


class Spiteful:
    """An object of the notebook that fails whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError("no " + name)

    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{rom}", "'rom' is not defined in this notebook ({rom}); did you mean 'room'?"),
        ("$rom", "'rom' is not defined in this notebook ($rom); did you mean 'room'?"),
        ("{room.name}", "{room.name} has no value: AttributeError: 'str' object has no attribute 'name'"),
        ("{none}", "{none} is None; one text, number or time is needed"),
        ("{table}", "{table} is a dict; one text, number or time is needed"),
        ("x{many}", "x{many}"),
        ("{print}", "{print} is a builtin_function_or_method; one text, number or time is needed"),
        ("{spite}", "{spite} has no value: RuntimeError: no __len__"),
        ("{room+1}", "'{room+1' is no value of the notebook"),
        ("{", "'{' is no value of the notebook"),
        ('rooms "Film in', 'the quote in "Film in is never closed: end it with " before a space or the end'),
        ("--search='Film", "the quote in 'Film is never closed"),
    ],
)
def test_what_cannot_be_read_is_said(line, sentence):
    names = {"room": "r", "none": None, "table": {}, "many": [1], "print": print, "spite": Spiteful()}
    if line == "x{many}":
        sentence = "{many} is a list; one text, number or time is needed"
    with pytest.raises(InputError) as caught:
        texts(line, names)
    assert str(caught.value).startswith(sentence)


@given(st.text())
@example("\\")
def test_any_line_is_words_or_one_sentence(line):
    try:
        tokens = tokenize(line)
    except InputError as error:
        one_line(error)
    else:
        assert all(0 <= token.start < token.end <= len(line) for token in tokens)
    tokenize(line, lenient=True)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_a_quoted_text_is_read_back(text):
    unreadable = ('" ' in text or text.endswith('"')) and ("' " in text or text.endswith("'"))
    if not unreadable and not any(mark + space in text for mark in "'\"" for space in "\u00a0\u2003; "):
        assert texts(quoted(text)) == [text]
