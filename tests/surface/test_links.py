"""Documents hold together: links lead somewhere, pages are found, the practice names every word."""

import re
from pathlib import Path

import pytest

from tests.surface.documents import DOCS, ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
WORDS = (
    "Safety Impact Assessment",
    "Safety Review Board",
    "Model Behaviour Dashboard",
    "Behaviour envelope",
    "Safety spike",
    "Safety debt",
    "Red line",
    "constraint map",
    "Failure-mode map",
    "Forum",
    "playbook",
)

_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


def links(page: Path) -> list[str]:
    found = [one or other for one, other in _LINK.findall(page.read_text("utf-8"))]
    return [one for one in found if "://" not in one]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_resolves(page: Path) -> None:
    for link in links(page):
        assert (page.parent / link.partition("#")[0]).exists(), link


def test_every_page_is_reached_from_the_readme() -> None:
    seen, open_ = set[Path](), [ROOT / "README.md"]
    while open_:
        page = open_.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        open_ += [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
    decisions = set((DOCS / "decisions").glob("*.md"))
    assert set(PAGES) - decisions <= seen


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=named)
def test_a_decision_is_short_and_numbered(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()
    assert lines[0].startswith(f"# {int(page.name[:4])}. ")
    assert len(lines) <= 20


def test_the_practice_explains_every_word_the_product_uses() -> None:
    practice = (DOCS / "explanation" / "the-practice.md").read_text("utf-8").lower()
    for word in WORDS:
        assert word.lower() in practice
