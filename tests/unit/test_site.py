"""A folder of pages: whole or not there, and never over what is somebody else's."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.adapters.site import MANIFEST, publish
from interlock.errors import NotAReportError

PAGES = [("index.html", b"first"), ("rooms/a.html", b"a")]


def quiet(_: str) -> None:
    """Hear nothing."""


def tree(folder: Path) -> dict[str, bytes]:
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def test_a_folder_has_every_page_and_a_list_of_them(tmp_path: Path) -> None:
    out = tmp_path / "new" / "site"
    assert publish(PAGES, out, tell=quiet) == 2
    found = tree(out)
    assert found.keys() == {"index.html", "rooms/a.html", MANIFEST}
    assert json.loads(found[MANIFEST])["files"].keys() == dict(PAGES).keys()


def test_an_empty_folder_and_an_earlier_report_are_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "site"
    out.mkdir()
    publish([*PAGES, ("rooms/old.html", b"old")], out, tell=quiet)
    publish([("index.html", b"second")], out, tell=quiet)
    assert tree(out).keys() == {"index.html", MANIFEST}
    assert (out / "index.html").read_bytes() == b"second"
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("with_report", [False, True])
def test_a_folder_with_a_file_of_somebody_elses_is_left_alone(
    with_report: bool, tmp_path: Path
) -> None:
    if with_report:
        publish(PAGES, tmp_path / "site", tell=quiet)
    (tmp_path / "site").mkdir(exist_ok=True)
    (tmp_path / "site" / "thesis.txt").write_text("years of work")
    before = tree(tmp_path)
    with pytest.raises(NotAReportError, match=r"thesis\.txt"):
        publish(PAGES, tmp_path / "site", tell=quiet)
    assert tree(tmp_path) == before


def test_a_file_is_no_place_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(NotAReportError, match="it is a file"):
        publish(PAGES, tmp_path / "site", tell=quiet)


def test_a_list_that_is_none_protects_nothing(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"format": "something else", "files": {"thesis.txt": ""}}')
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotAReportError):
        publish(PAGES, tmp_path, tell=quiet)


def test_a_page_that_cannot_be_made_leaves_the_earlier_report(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"half"
        raise RuntimeError("no more")

    out = tmp_path / "site"
    publish(PAGES, out, tell=quiet)
    before = tree(tmp_path)
    with pytest.raises(RuntimeError):
        publish(broken(), out, tell=quiet)
    assert tree(tmp_path) == before


def test_a_long_report_says_how_far_it_has_come(tmp_path: Path) -> None:
    heard: list[str] = []
    publish(((f"{k}.html", b"") for k in range(450)), tmp_path / "site", tell=heard.append)
    assert heard == ["200 pages written", "400 pages written"]
