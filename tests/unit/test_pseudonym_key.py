"""The key of the pseudonyms: beside the folder, private, and nobody else's file."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hs_jupyter.errors import InputError
from hs_jupyter.pseudonyms import Person
from hs_jupyter.pseudonyms.key_file import key_path, read_key, write_key

MIA = Person("P001", ("u_mia", "prolific_1"), ("Mia", "Mia Berg", "M."))


def test_it_comes_back_as_it_was(tmp_path):
    people = (
        MIA,
        Person("P002", ("=1+1", "'=x", "-2"), ("@leo", 'a,"b"\nc', "'")),
        Person("P1000", (), ("Zo\u00eb",)),
    )
    write_key(tmp_path / "k.csv", people)
    assert read_key(tmp_path / "k.csv") == people


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=st.lists(TEXTS, unique=True, max_size=4), names=st.lists(TEXTS, unique=True, max_size=4))
def test_any_id_and_name_comes_back(tmp_path, ids, names):
    write_key(tmp_path / "k.csv", [Person("P001", tuple(ids), tuple(names))])
    assert read_key(tmp_path / "k.csv") == (Person("P001", tuple(ids), tuple(names)),)


def test_no_cell_is_a_formula(tmp_path):
    write_key(tmp_path / "k.csv", [Person("P001", ("=1+1",), ("@SUM(1)",))])
    with (tmp_path / "k.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["pseudonym", "id", "name"], ["P001", "'=1+1", "'@SUM(1)"]]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_its_owner_alone_may_read_it(tmp_path):
    (tmp_path / "k.csv").write_text("pseudonym,id,name\n")
    (tmp_path / "k.csv").chmod(0o644)
    write_key(tmp_path / "k.csv", [MIA])
    assert (tmp_path / "k.csv").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["k.csv"]


@pytest.mark.parametrize(
    "content",
    ["", "my notes", "name,id\n", "pseudonym,id,name\nP1,u,n\n", "pseudonym,id,name\nX001,u,n\n",
     "pseudonym,id,name\nP001,u\n", "pseudonym,id,name\nP000,u,n\n", 'pseudonym,id,name\nP001,"u,n\n',
     "pseudonym,id,name\nP001,u,n\nP002,u,n\n", b"\xff\xfe"],
)  # fmt: skip
def test_a_file_of_somebody_else_is_left_alone(content, tmp_path):
    path = tmp_path / "k.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match="is no key of pseudonyms: move it, or choose another folder"):
        read_key(path)


def test_no_file_is_nobody(tmp_path):
    assert read_key(tmp_path / "k.csv") == ()


def test_it_stands_beside_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert key_path(Path("data")) == tmp_path / "data-pseudonyms.csv"
    assert key_path(Path()) == tmp_path.with_name(f"{tmp_path.name}-pseudonyms.csv")
    assert key_path(tmp_path / "a.b") == tmp_path / "a.b-pseudonyms.csv"
    with pytest.raises(InputError, match="has no place beside it"):
        key_path(Path(tmp_path.anchor))
