"""``hs-jupyter demo`` in the foreground."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from hs_jupyter import command


def test_it_prints_what_to_paste_and_ends_at_ctrl_c(demo_folder: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    line = [
        sys.executable,
        "-m",
        "hs_jupyter.command",
        "demo",
        "--rooms",
        "2",
        "--hz",
        "1",
        "--minutes",
        "1",
    ]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        try:
            said = [process.stdout.readline() for _ in range(9)]
            base_url = re.search(r"http://127\.0\.0\.1:\d+/api/v3", said[0])[0]
            key = said[1].split()[-1]
            assert f'hs.connect(base_url="{base_url}", api_key="{key}")' in said[6]
            answer = requests.get(f"{base_url}/experiments", headers={"X-API-Key": key}, timeout=30)
            assert answer.json()["data"]
        finally:
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        assert process.wait(30) == 0 or os.name != "posix"
        assert "Traceback" not in process.stderr.read()


def test_a_bad_value_is_one_line(capsys: pytest.CaptureFixture[str], demo_folder: Path) -> None:
    assert command.main(["demo", "--rooms", "0"]) == 1
    assert capsys.readouterr().err == "hs-jupyter: demo study: rooms 0 is not a number from 1 to 5000\n"


@pytest.mark.parametrize("line", [[], ["dem"], ["demo", "--room", "3"], ["demo", "--port", "x"]])
def test_what_is_no_command_line_is_said(capsys: pytest.CaptureFixture[str], line: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(line)
    assert ended.value.code == 2
    assert "usage: hs-jupyter" in capsys.readouterr().err


def test_every_parameter_has_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["demo", "--help"])
    said = capsys.readouterr().out
    for name in ("seed", "rooms", "hz", "minutes", "port", "limits", "page-cap", "delay-ms", "link-seconds"):
        assert f"--{name}" in said
