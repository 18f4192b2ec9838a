"""Charts as files: every form, nothing loaded, whole or not at all, text stays text."""

import json
import re
import subprocess
import sys
import zlib
from pathlib import Path

import altair as alt
import pytest
import vl_convert

from hs_jupyter.chart_files import picture
from hs_jupyter.errors import InputError
from hs_jupyter.renderer import save

ROOT = Path(__file__).parents[2]
ROWS = 6000  # above Altair's own limit


def chart(text="quiet"):
    values = [{"x": x, "text": text} for x in range(ROWS)]
    return alt.Chart(alt.Data(values=values), title=text).mark_point().encode(x="x:Q", tooltip="text:N")


def test_json_holds_all_rows(tmp_path):
    path = save(chart(), tmp_path / "ratings.json")
    assert len(json.loads(path.read_text("utf-8"))["data"]["values"]) == ROWS


@pytest.mark.parametrize(
    ("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<svg"), ("A.PNG", b"\x89PNG")]
)
def test_pictures(tmp_path, name, start):
    assert save(chart(), str(tmp_path / name)).read_bytes().startswith(start)


def pixels(png):
    """Return the colours and alpha of a PNG of 8 bits, row after row; its rows may be filtered by 'Sub'."""
    chunks, at = {b"IDAT": b"", b"PLTE": b""}, 8
    while at < len(png):
        length, name = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        assert int.from_bytes(png[at + 8 + length : at + 12 + length], "big") == zlib.crc32(
            png[at + 4 : at + 8 + length]
        )
        chunks[name] = chunks.get(name, b"") + png[at + 8 : at + 8 + length]
        at += 12 + length
    width, parts = int.from_bytes(png[16:20], "big"), {2: 3, 3: 1, 6: 4}[png[25]]
    data, size, palette = zlib.decompress(chunks[b"IDAT"]), 1 + width * parts, chunks[b"PLTE"]
    found = []
    for start in range(0, len(data), size):
        row = bytearray(data[start + 1 : start + size])
        assert data[start] in {0, 1}
        if data[start] == 1:
            for place in range(parts, len(row)):
                row[place] = (row[place] + row[place - parts]) % 256
        if parts == 1:
            found += [(*palette[3 * index : 3 * index + 3], 255) for index in row]
            continue
        found += [
            (*row[place : place + 3], row[place + 3] if parts == 4 else 255)
            for place in range(0, len(row), parts)
        ]
    return found


@pytest.mark.parametrize("background", ["white", "#f0f8ff", "#ff000080"])
def test_a_png_is_packed_and_its_pixels_are_the_same(background):
    points = alt.Chart(alt.Data(values=[{"x": x} for x in range(9)])).mark_point().encode(x="x:Q")
    spec = {**points.to_dict(), "background": background}
    quick = vl_convert.vegalite_to_png(spec, vl_version="6.4")
    small = picture(spec, "png")
    assert len(small) < len(quick) / 2
    assert small[12:24] == quick[12:24]
    assert pixels(small) == pixels(quick)
    assert small[25] == (6 if background == "#ff000080" else 2)  # alpha stays where there is any


def many_colors(count, size):
    """Return a chart of so many squares, each of a colour of its own."""
    values = [
        {"x": number % 20, "y": number // 20, "c": f"hsl({number * 137 % 360} 60% 50%)"}
        for number in range(count)
    ]
    square = alt.Chart(alt.Data(values=values)).mark_square(size=size, opacity=1)
    return square.encode(x="x:Q", y="y:Q", color=alt.Color("c:N", scale=None, legend=None)).to_dict()


def test_a_png_with_few_colors_looks_the_same():
    spec = many_colors(60, 90)
    whole, small = picture(spec, "png"), picture(spec, "png", few_colors=True)
    assert small[25] == 3
    assert len(small) < 0.8 * len(whole)
    off = [
        max(abs(a - b) for a, b in zip(*both, strict=True))
        for both in zip(pixels(whole), pixels(small), strict=True)
    ]
    assert sum(one > 8 for one in off) <= len(off) / 1000
    assert len(set(pixels(small))) > 60


def test_a_png_of_more_colors_than_a_palette_holds_stays_as_it_is():
    spec = many_colors(360, 200)
    spec["mark"]["opacity"] = 0.7  # where squares overlap there are more
    assert pixels(picture(spec, "png", few_colors=True)) == pixels(picture(spec, "png"))


def test_a_picture_is_on_white_even_if_the_chart_is_transparent(tmp_path):
    svg = save(chart().configure(background="transparent"), tmp_path / "a.svg").read_text("utf-8")
    assert 'fill="white"' in svg


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    hostile = "</script><script>alert(1)</script><!--<script>"
    path = save(chart(hostile), tmp_path_factory.mktemp("page") / "ratings.html")
    return path.read_text("utf-8")


def test_a_page_names_no_address_to_load(page):
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"(src|href)=|url\(|@import", markup)
    assert "://cdn" not in page
    assert "default-src 'none'; script-src 'sha256-" in page


def test_data_in_a_page_cannot_end_its_script(page):
    assert page.count("<script>") == page.count("</script>") == 2
    assert "alert(1)" in page
    assert "<title>&lt;/script&gt;&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.htm", "cannot save a chart as 'a.htm': its name must end in .html, .png, .svg, .json; did you"),
        ("a", "cannot save a chart as 'a': its name must end in .html, .png, .svg, .json"),
        ("nowhere/a.json", "cannot write '.*a.json': No such file or directory"),
    ],
)
def test_a_path_that_does_not_work_is_one_sentence(tmp_path, name, sentence):
    with pytest.raises(InputError, match=sentence):
        save(chart(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_only_charts_are_saved(tmp_path):
    with pytest.raises(InputError, match="only an Altair chart can be saved here, not a dict"):
        save({}, tmp_path / "a.png")


def test_data_from_elsewhere_are_not_fetched(tmp_path):
    outside = alt.Chart("http://127.0.0.1:9/ratings.csv").mark_point().encode(x="x:Q")
    with pytest.raises(InputError, match=r"could not be saved as 'a.png': .*not allowed: http"):
        save(outside, tmp_path / "a.png")


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("before")
    save(chart("after"), path)
    assert "after" in path.read_text("utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_characters_that_no_picture_can_hold_do_not_end_the_kernel():
    # the converter would abort the process, this one here: another is risked
    code = (
        "from hs_jupyter.chart_files import picture\n"
        r"text = {'field': 'a', 'type': 'nominal'}; data = {'values': [{'a': 'x\x07y\x00\ufffe'}]}" + "\n"
        "for form in ('png', 'svg'):\n"
        "    print(len(picture({'mark': 'text', 'data': data, 'encoding': {'text': text}}, form)) > 100)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.split() == ["True", "True"]
