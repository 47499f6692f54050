"""The report: everything a log says, for people without a terminal, and nothing that stays shut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from interlock.adapters.evidence import EvidenceStore
from interlock.admission import Run, Seal, Verdict
from interlock.app import (
    answer,
    ask,
    close_question,
    hold,
    import_engagement,
    lift,
    report,
    revoke,
    unseal_engagement,
)
from interlock.app.acts import find_act
from interlock.cli import main
from interlock.errors import NotAReportError
from tests.board import BASELINE, CANDIDATE, DRAFT, GUARD, PASSPHRASE, Board, board_at, rows
from tests.unit.test_pages import Reader, read

HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;\u202e|*_`"
MINUTES = "7391.25"
SECOND = DRAFT.replace("version: 1", "version: 2\nsupersedes: version 1").replace(
    "English only", "English and nothing else whatsoever"
)
ALLOWED_TAGS_NOT = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "input"}


@dataclass(frozen=True)
class Site:
    """A report as its readers find it."""

    folder: Path
    board: Board

    def pages(self) -> dict[str, str]:
        return {
            each.relative_to(self.folder).as_posix(): each.read_text("utf-8")
            for each in sorted(self.folder.rglob("*.html"))
        }

    def words(self, path: str) -> str:
        (body,) = read((self.folder / path).read_text("utf-8")).all("body")
        return " ".join(body.text.split())


def quiet(_: str) -> None:
    """Hear nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A practice with most things in it, and hostile words wherever people write."""
    folder = tmp_path_factory.mktemp("report")
    with board_at("assessed", folder / "board") as board:
        _question(board)
        board.vote_all(board.made["assessment"])
        board.made["decision"] = board.close(board.made["assessment"])
        stop = hold(board.work, board.made["decision"], HOSTILE, signer=board.key("lea"))
        lift(board.work, stop.identity, "It was nothing.", signer=board.key("carol"))
        board.made["next"] = board.assess(board.made["verdict"], draft=SECOND)
        board.made["failed"] = board.judged(rows(harm=85)).verdict.identity
        _engagement(board)
        board.force_go(board.made["assessment"])
        report(board.work, folder / "site", tell=quiet)
        yield Site(folder / "site", board)


def _question(board: Board) -> None:
    """A question with hostile words, closed over its asker."""
    work, assessment = board.work, board.made["assessment"]
    asked = ask(work, assessment, HOSTILE, signer=board.key("sofia")).identity
    answer(work, asked, HOSTILE, signer=board.key("paula"))
    for name, role in (("pedro", "policy-analyst"), ("lea", "legal-counsel")):
        close_question(work, asked, "It was answered.", role=role, signer=board.key(name))


def _engagement(board: Board) -> None:
    """Figures that stay shut, under a seal that nobody has judged."""
    seal = board.seal(GUARD + "sealed: [minutes]\n").identity
    usage = "item,metric,value\n" + "".join(f"u{k:03},minutes,{MINUTES}\n" for k in range(40))
    source = board.write("usage.csv", usage)
    done = import_engagement(board.work, source, seal, system=CANDIDATE, signer=board.key("paula"))
    board.made["sealed"], board.made["engagement"] = seal, done.act.identity


def test_every_page_is_one_whole_document_that_fetches_and_runs_nothing(site: Site) -> None:
    for path, text in site.pages().items():
        reader = read(text)
        assert not {one.tag for one in reader.elements} & ALLOWED_TAGS_NOT, path
        for element in reader.elements:
            for name, value in element.attributes.items():
                assert not name.startswith("on")
                assert name not in {"style", "src", "srcset", "formaction", "xlink:href"}
                assert name != "href" or not re.match(r"[a-z]+:", value), path
        assert "default-src 'none'" in text


def test_every_page_is_fit_to_be_listened_to(site: Site) -> None:
    for path, text in site.pages().items():
        reader = read(text)
        assert reader.all("html")[0].attributes["lang"] == "en"
        assert len(reader.all("h1")) == len(reader.all("main")) == 1
        assert len(reader.all("caption")) == len(reader.all("table"))
        assert all(one.attributes["scope"] in {"row", "col"} for one in reader.all("th"))
        here = [one for one in reader.all("a") if one.attributes.get("aria-current") == "page"]
        assert len(here) == ("/" not in path), path
        pictures = [one for one in reader.all("svg") if "svg" not in one.path]
        assert all({"role", "aria-hidden"} & one.attributes.keys() for one in pictures)


def test_every_link_arrives_at_a_file_and_a_place_in_it(site: Site) -> None:
    readers = {path: read(text) for path, text in site.pages().items()}
    arrivals = {path: _ids(reader) for path, reader in readers.items()}
    for path, reader in readers.items():
        assert len(arrivals[path]) == len(set(arrivals[path])), f"an id stands twice in {path}"
        for link in reader.all("a"):
            place, _, anchor = unquote(link.attributes["href"]).partition("#")
            target = (site.folder / path).parent / place if place else site.folder / path
            name = target.resolve().relative_to(site.folder.resolve()).as_posix()
            assert name in readers, f"{path} leads to {place}"
            assert not anchor or anchor in arrivals[name], f"{path} leads to {name}#{anchor}"


def _ids(reader: Reader) -> list[str]:
    return [one.attributes["id"] for one in reader.elements if "id" in one.attributes]


def test_every_page_can_be_reached_from_the_first_one(site: Site) -> None:
    pages = site.pages()
    seen, waiting = set[str](), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for link in read(pages[path]).all("a"):
            place = link.attributes["href"].partition("#")[0]
            if place:
                target = ((site.folder / path).parent / place).resolve()
                waiting.append(target.relative_to(site.folder.resolve()).as_posix())
    assert seen == pages.keys()


def test_hostile_words_stand_on_the_pages_as_words(site: Site) -> None:
    shown = HOSTILE.replace("\u202e", "\ufffd")
    holding = [path for path in site.pages() if " ".join(shown.split()) in site.words(path)]
    assert f"assessments/{site.board.made['assessment']}.html" in holding
    assert f"decisions/{site.board.made['decision']}.html" in holding
    assert "ledger.html" in holding
    assert "practice.html" in holding


def test_the_first_page_says_what_stands_and_what_waits(site: Site) -> None:
    text = site.words("index.html")
    assert "guarded CONTRADICTED" in text
    assert "Only for the tier internal. At most 50 % of traffic." in text
    assert "safety-researcher, policy-analyst, legal-counsel" in text
    assert "Nothing is held." in text


def test_a_decision_tells_its_votes_its_stops_and_who_was_overruled(site: Site) -> None:
    text = site.words(f"decisions/{site.board.made['decision']}.html")
    assert "A later verdict on guarded failed after the go. It may not be served." in text
    assert "sofia, safety-researcher Required role" in text
    assert "Closed over its asker" in text
    assert "Held to be answered by pedro, policy-analyst" in text
    assert "It was nothing." in text
    assert "emil" in text
    assert "the same figures" in text


def test_an_assessment_leads_to_what_changed_since_the_version_before(site: Site) -> None:
    made = site.board.made
    text = site.words(f"assessments/{made['next']}.html")
    assert "what changed" in text
    changes = site.words(f"assessments/{made['next']}-changes.html")
    assert "English only" in changes
    assert "English and nothing else whatsoever" in changes


def test_a_hypothesis_tells_its_bar_and_that_engagement_is_shut(site: Site) -> None:
    text = site.words(f"hypotheses/{site.board.made['sealed']}.html")
    assert "Harm cut by at least 0.4 of the baseline." in text
    assert "Engagement of guarded" in text
    assert "Shut Nobody has opened it." in text
    assert "paula" in text


def test_a_system_tells_in_what_it_differs_from_its_baseline(site: Site) -> None:
    run = next(
        one for one in site.board.work.state().of(Run) if one.act.system == _candidate(site.board)
    )
    text = site.words(f"systems/{run.act.system}.html")
    assert f"Differences from {BASELINE}" in text
    assert "prompt changed plain guarded" in text


def _candidate(board: Board) -> str:
    return find_act(board.work.state(), board.made["verdict"], Verdict).act.system


def test_the_ledger_lists_what_has_no_effect_with_its_reason(site: Site) -> None:
    text = site.words("ledger.html")
    (refused,) = site.board.work.state().refused
    assert f"No effect {refused.sentence}" in text
    entries = read((site.folder / "ledger.html").read_text("utf-8")).all("tr")
    assert len(entries) - 1 == site.board.work.state().size


def test_no_figure_that_is_sealed_is_on_any_page_opened_or_not(site: Site, tmp_path: Path) -> None:
    assert not [path for path, text in site.pages().items() if MINUTES in text]
    board = site.board
    for system in (BASELINE, CANDIDATE):
        board.run(board.made["sealed"], system, rows(harm=90 if system == BASELINE else 3))
    board.recompute(board.judge(board.made["sealed"]).verdict.identity)
    unseal_engagement(board.work, board.made["engagement"], signer=board.key("lea"))
    report(board.work, tmp_path / "site", tell=quiet)
    opened = Site(tmp_path / "site", board)
    assert "Opened by lea" in opened.words(f"hypotheses/{board.made['sealed']}.html")
    assert not [path for path, text in opened.pages().items() if MINUTES in text]


def test_rows_of_a_metric_that_nobody_judged_are_not_shown(tmp_path: Path) -> None:
    with board_at("convened", tmp_path / "board") as board:
        seal = board.seal().identity
        run = board.run(seal, CANDIDATE, rows(harm=3) + "c1,clicks,0.7391\n")
        report(board.work, tmp_path / "site", tell=quiet)
        text = Site(tmp_path / "site", board).words(f"evidence/{run}.html")
    assert "clicks" not in text
    assert "0.7391" not in text
    assert "300 rows of judged metrics: 300 scored" in text


def test_the_same_log_under_the_same_clock_gives_the_same_bytes(tmp_path: Path) -> None:
    with board_at("decided", tmp_path / "board") as board:
        board.clock.step = 0
        for name in ("one", "two"):
            report(board.work, tmp_path / name, tell=quiet)
    one, two = (
        {each.relative_to(tmp_path / name): each.read_bytes() for each in files}
        for name, files in ((n, _files(tmp_path / n)) for n in ("one", "two"))
    )
    assert one == two


def _files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_a_new_workspace_has_a_report_too(tmp_path: Path) -> None:
    with board_at("convened", tmp_path / "board") as board:
        report(board.work, tmp_path / "site", tell=quiet)
        site = Site(tmp_path / "site", board)
        assert "Nothing was sealed yet." in site.words("index.html")
        assert "Nothing was judged yet." in site.words("practice.html")
        assert "sofia safety-researcher" in site.words("people.html")


def test_what_is_not_stored_any_more_is_told_and_the_rest_is_written(tmp_path: Path) -> None:
    with board_at("decided", tmp_path / "board") as board:
        verdict = find_act(board.work.state(), board.made["verdict"], Verdict).act
        run = board.work.state().accepted[verdict.runs[0]]
        store = board.work.evidence
        assert isinstance(store, EvidenceStore)
        for path in (board.place / ".interlock" / "evidence").rglob(f"{run.act.evidence}*"):
            path.unlink()
        report(board.work, tmp_path / "site", tell=quiet)
        site = Site(tmp_path / "site", board)
        assert "The rows are not at hand" in site.words(f"evidence/{run.identity}.html")
        assert "GO" in site.words(f"decisions/{board.made['decision']}.html")


def test_a_verdict_that_is_not_what_its_numbers_came_to_is_not_shown_as_one(
    tmp_path: Path,
) -> None:
    with board_at("convened", tmp_path / "board") as board:
        judged = board.judged(rows(harm=85))
        act = find_act(board.work.state(), judged.verdict.identity, Verdict).act
        seal = board.seal().identity
        arms = {BASELINE: rows(harm=88), CANDIDATE: rows(harm=9)}
        runs = tuple(board.run(seal, one, text) for one, text in arms.items())
        other = find_act(board.work.state(), seal, Seal).act
        passed = tuple(
            type(one)(criterion=line.criterion, outcome="passed", red_line=False)
            for one, line in zip(act.criteria, other.lineages, strict=True)
        )
        board.force(
            Verdict(
                seal=seal,
                system=act.system,
                runs=runs,
                judgement=act.judgement,
                outcome="passed",
                criteria=passed,
            ),
            "paula",
        )
        report(board.work, tmp_path / "site", tell=quiet)
        text = Site(tmp_path / "site", board).words(f"hypotheses/{seal}.html")
    assert "are not what was signed. Nothing may rest on it." in text


def test_a_revoked_go_says_so_on_every_page_that_names_it(tmp_path: Path) -> None:
    with board_at("decided", tmp_path / "board") as board:
        revoke(board.work, board.made["decision"], "Confirmed.", signer=board.key("lea"))
        report(board.work, tmp_path / "site", tell=quiet)
        site, made = Site(tmp_path / "site", board), board.made
        system = _candidate(board)
        for path in (
            "index.html",
            "reviews.html",
            "systems.html",
            f"systems/{system}.html",
            f"decisions/{made['decision']}.html",
            f"assessments/{made['assessment']}.html",
        ):
            assert "REVOKED" in site.words(path), path


def test_the_command_writes_the_site_and_leaves_what_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with board_at("decided", tmp_path / "board") as board:
        monkeypatch.setenv("INTERLOCK_HOME", str(board.home))
        monkeypatch.setenv("INTERLOCK_PASSPHRASE", PASSPHRASE)
        board.close_all()
        command = ["--workspace", str(board.place), "report"]
        done = CliRunner().invoke(main, [*command, str(tmp_path / "site"), "--json"])
        assert done.exit_code == 0, done.output
        assert '"pages"' in done.stdout
        assert (tmp_path / "site" / "index.html").is_file()
        (tmp_path / "site" / "mine.txt").write_text("keep")
        refused = CliRunner().invoke(main, [*command, str(tmp_path / "site")])
        assert refused.exit_code == 4
        assert NotAReportError.code in refused.output
        assert (tmp_path / "site" / "mine.txt").read_text() == "keep"
