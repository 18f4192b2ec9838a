"""Keys and signed URLs are in no text that a person or a file could see."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter import errors
from hs_jupyter.masking import mask_key, mask_secrets, strip_signatures

RANDOM = "ab12cd34ef56gh78ij90"
SIGNED = f"https://store.example/a.mp4?X-Goog-Signature={RANDOM}&X-Goog-Date=1"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (f"hst_live_{RANDOM}", "hst_live_ab12…"),
        (f"hst_test_{RANDOM}", "hst_test_ab12…"),
        ("hst_live_abc", "hst_live_…"),
        (f"hst_{RANDOM}", "hst_…"),
        ("hst_live_ab-cd_ef-gh_ij", "hst_live_ab-c…"),
        ("another kind of key", "anot…"),
    ],
)
def test_a_key_is_shown_by_what_tells_it_apart(key, shown):
    assert mask_key(key) == shown


@pytest.mark.parametrize(
    "around", ["{}", "key={}", '"{}"', "<{}>", "({}),", "{}\n", "a{}", "/{}/", "x_{}", "{}."]
)
def test_keys_are_masked_wherever_they_stand(around):
    for key in (f"hst_live_{RANDOM}", f"hst_test_{RANDOM * 4}", f"hst_{RANDOM}"):
        assert RANDOM not in mask_secrets(around.format(key))


@given(st.text(), st.text(alphabet="abcXYZ019-_", min_size=9), st.text())
def test_no_text_around_a_key_shows_it(before, random, after):
    masked = mask_secrets(f"{before} hst_live_{random} {after}")
    assert f"hst_live_{random}" not in masked
    assert mask_secrets(masked) == masked


def test_the_query_of_a_url_is_masked_and_the_rest_stays():
    text = mask_secrets(f"see {SIGNED}, or https://a.example/help#part and http://b.example/?x=1")
    assert text == (
        "see https://store.example/a.mp4?… or https://a.example/help#part and http://b.example/?…"
    )


@pytest.mark.parametrize(
    "query",
    ["X-Goog-Signature=ab", "a=1&x-amz-signature=ab", "sig=ab", "alt=media&token=ab", "Key-Pair-Id=1&Policy=2",
     "Expires=1&Signature=ab"],
)  # fmt: skip
def test_signatures_leave_records(query):
    url = f"https://s.example/a.mp4?{query}"
    assert strip_signatures(f'{{"u":"{url}","v":2}}') == '{"u":"https://s.example/a.mp4","v":2}'
    assert strip_signatures(f"{url} and {url}") == "https://s.example/a.mp4 and https://s.example/a.mp4"


@pytest.mark.parametrize(
    "text", ["https://a.example/?page=2", "why? https://a.example", "token=3", "design=1?sig=2"]
)
def test_other_text_stays_as_it_is(text):
    assert strip_signatures(text) == text


@pytest.mark.parametrize(
    "kind",
    [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.HsError)],
)
def test_no_error_of_ours_tells_a_secret(kind):
    problem = kind(f"bad key hst_live_{RANDOM}\n at  {SIGNED}")
    shown = f"{problem!s}{problem!r}{problem.args}{vars(problem)}{pickle.dumps(problem)!r}"
    assert RANDOM not in shown
    assert "\n" not in str(problem)


def test_details_of_an_api_error_are_masked_too():
    problem = errors.ForbiddenError("no", details={"key": f"hst_live_{RANDOM}", "required": ["read:sync"]})
    assert RANDOM not in repr(problem.details)
    assert problem.details["required"] == ["read:sync"]


def test_errors_travel_between_processes():
    problem = errors.NotFoundError("gone", status=404, code="NOT_FOUND", details={"a": 1})
    again = pickle.loads(pickle.dumps(problem))
    assert (str(again), again.status, again.code, again.details) == ("gone", 404, "NOT_FOUND", {"a": 1})


def test_the_nearest_word():
    assert errors.did_you_mean("Syncc", ["events", "sync"]) == "; did you mean 'sync'?"
    assert errors.did_you_mean("zzz", ["events", "sync"]) == ""
    assert errors.did_you_mean("", []) == ""
