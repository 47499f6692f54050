"""Acceptance 5: engagement is read by all required roles together, after a pass, or by nobody."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from itertools import chain, combinations, permutations
from pathlib import Path

import pytest
from click.testing import CliRunner

from interlock.adapters.keys import FileSigner
from interlock.adapters.log_client import TeamLog
from interlock.adapters.sealing import SealedFile
from interlock.admission import Engagement, Unseal
from interlock.app import (
    import_engagement,
    list_engagements,
    open_engagement,
    record_run,
    unseal_engagement,
)
from interlock.app.acts import find_act
from interlock.app.engagement import peel_outer
from interlock.cli import main
from interlock.errors import (
    EngagementShutError,
    ForeignLayerError,
    ForeignSystemError,
    NotHolderError,
    NotKeeperError,
    RefusedActError,
    SealedFileError,
    SealedMetricError,
    ServiceRefusedError,
    UnsealedMetricError,
)
from tests.board import BASELINE, CANDIDATE, GUARD, PANEL, PASSPHRASE, Board, board_at, rows
from tests.fakes import StepClock
from tests.scenario.test_team_workspace import office_of

MINUTES = 1234.56789
SECRET = f"{MINUTES}"
TEXT = GUARD + "sealed: [minutes]\n"
USAGE = "item,metric,value\n" + "".join(
    f"user-{k:03},minutes,{MINUTES + k * 0.001:.5f}\n" for k in range(60)
)
IN_ORDER = ("sofia", "pedro", "lea")
SUBSETS = [
    subset
    for size in range(len(IN_ORDER))
    for subset in chain.from_iterable(permutations(each) for each in combinations(IN_ORDER, size))
]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with board_at("convened", tmp_path / "own") as board:
        yield board


@pytest.fixture(scope="module")
def at_stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Board]:
    """A board with sealed figures and a pass, and one where they are unsealed, to be copied."""
    made = {}
    with board_at("convened", tmp_path_factory.mktemp("sealed")) as board:
        board.made["engagement"] = sealed(board)
        assert judged(board, 3) == "passed"
        board.close_all()
        made["passed"] = copied(board, tmp_path_factory.mktemp("passed"))
        unseal_engagement(board.work, board.made["engagement"], signer=board.key("lea"))
        board.close_all()
        made["unsealed"] = copied(board, tmp_path_factory.mktemp("unsealed"))
    return made


@pytest.fixture
def passed(at_stages: dict[str, Board], tmp_path: Path) -> Iterator[Board]:
    board = copied(at_stages["passed"], tmp_path / "own")
    yield board
    board.close_all()


@pytest.fixture
def unsealed(at_stages: dict[str, Board], tmp_path: Path) -> Iterator[Board]:
    board = copied(at_stages["unsealed"], tmp_path / "own")
    yield board
    board.close_all()


def copied(board: Board, folder: Path) -> Board:
    shutil.copytree(board.folder, folder, dirs_exist_ok=True)
    clock = StepClock()
    clock.seconds = board.clock.seconds
    return Board(folder, clock, dict(board.made))


def sealed(board: Board, *, system: str = CANDIDATE) -> str:
    """A seal with both runs and figures; what identifies the figures."""
    seal = board.seal(TEXT).identity
    board.made["seal"] = seal
    source = board.write("usage.csv", USAGE)
    done = import_engagement(board.work, source, seal, system=system, signer=board.key("paula"))
    source.unlink()
    return done.act.identity


def judged(board: Board, harm: int) -> str:
    seal = board.made["seal"]
    board.run(seal, BASELINE, rows(harm=90))
    board.run(seal, CANDIDATE, rows(harm=harm))
    done = board.judge(seal)
    board.recompute(done.verdict.identity)
    return done.judgement.outcome


def ciphertexts(board: Board) -> list[Path]:
    return sorted((board.place / ".interlock" / "engagement").iterdir())


def every_file(board: Board) -> Iterator[tuple[Path, bytes]]:
    """All there is on disk: the workspace, its log, and the users' own directories."""
    board.close_all()
    for path in board.folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def test_all_roles_in_their_order_read_the_figures_after_a_pass(unsealed: Board) -> None:
    engagement = unsealed.made["engagement"]
    for name in IN_ORDER:
        done = open_engagement(unsealed.work, engagement, signer=unsealed.key(name))
        assert done.role == PANEL[name]
    (figure,) = done.figures
    assert (figure.metric, figure.rows, figure.missing, figure.clusters) == ("minutes", 60, 0, 60)
    assert figure.mean is not None
    assert figure.mean.value == pytest.approx(MINUTES + 0.0295)


def test_the_rows_are_written_only_where_the_last_one_asks(unsealed: Board) -> None:
    engagement, file = unsealed.made["engagement"], unsealed.folder / "open.jsonl"
    for name in IN_ORDER[:2]:
        open_engagement(unsealed.work, engagement, signer=unsealed.key(name), to=file)
    assert not file.exists()
    open_engagement(unsealed.work, engagement, signer=unsealed.key("lea"), to=file)
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(lines) == 60
    assert lines[0]["value"] == MINUTES
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("who", SUBSETS, ids="-".join)
def test_no_subset_of_roles_short_of_all_reads_them(unsealed: Board, who: tuple[str, ...]) -> None:
    engagement = unsealed.made["engagement"]
    done = []
    for _ in who:
        # Everybody of the subset tries again after each success.
        for name in who:
            try:
                done.append(open_engagement(unsealed.work, engagement, signer=unsealed.key(name)))
            except NotKeeperError:
                continue
    assert all(not each.figures and each.left for each in done)
    absent = next(name for name in IN_ORDER if name not in who)
    assert any(PANEL[absent] in each.left for each in list_engagements(unsealed.work))
    assert not readable(unsealed, [*who, "paula", "carol"])


def readable(unsealed: Board, people: list[str]) -> bool:
    """Whether these people's keys, tried on every ciphertext there is and found, give figures."""
    keys = [unsealed.key(name) for name in people]
    waiting = [data for path in ciphertexts(unsealed) for data in layers_of(path.read_bytes())]
    seen: set[bytes] = set()
    while waiting:
        layer = waiting.pop()
        if layer in seen:
            continue
        seen.add(layer)
        for key in keys:
            assert isinstance(key, FileSigner)
            try:
                content = key.unlock(layer)
            except ForeignLayerError:
                continue
            waiting.append(content.partition(b"\n")[2])
    return any(b"minutes" in data for data in seen)


def layers_of(data: bytes) -> list[bytes]:
    return [data, data.partition(b"\n")[2]]


def test_everybody_together_cannot_read_them_before_the_log_lets_them(passed: Board) -> None:
    engagement = passed.made["engagement"]
    assert not readable(passed, [*IN_ORDER, "paula", "nina", "carol"])
    for name in IN_ORDER:
        with pytest.raises(EngagementShutError, match="unsealed"):
            open_engagement(passed.work, engagement, signer=passed.key(name))


def test_the_helper_that_tries_all_keys_does_find_figures_that_are_open(unsealed: Board) -> None:
    assert readable(unsealed, list(IN_ORDER))


def test_another_holder_of_a_role_may_stand_in_but_for_that_role_only(unsealed: Board) -> None:
    engagement = unsealed.made["engagement"]
    assert open_engagement(unsealed.work, engagement, signer=unsealed.key("nina")).left
    with pytest.raises(NotKeeperError, match="policy-analyst"):
        open_engagement(unsealed.work, engagement, signer=unsealed.key("nina"))
    assert not readable(unsealed, ["nina", "sofia", "lea", "paula"])
    assert readable(unsealed, ["nina", "pedro", "lea"])


def test_before_a_verdict_nobody_unseals_them(board: Board) -> None:
    engagement = sealed(board)
    with pytest.raises(EngagementShutError, match="no verdict"):
        unseal_engagement(board.work, engagement, signer=board.key("lea"))
    with pytest.raises(EngagementShutError, match="no act"):
        peel_outer(board.work, engagement)
    assert len(ciphertexts(board)) == 1


@pytest.mark.parametrize(("harm", "outcome"), [(89, "failed"), (14, "undecided")])
def test_where_safety_did_not_pass_they_stay_shut(board: Board, harm: int, outcome: str) -> None:
    engagement = sealed(board)
    assert judged(board, harm) == outcome
    with pytest.raises(RefusedActError) as refused:
        unseal_engagement(board.work, engagement, signer=board.key("lea"))
    assert refused.value.reason == "verdict-not-passed"
    with pytest.raises(EngagementShutError):
        peel_outer(board.work, engagement)


def test_an_unseal_that_does_not_count_takes_nothing_off(board: Board) -> None:
    engagement = sealed(board)
    assert judged(board, 89) == "failed"
    (verdict,) = board.work.state().verdicts.values()
    board.force(Unseal(engagement=engagement, verdict=verdict), "lea")
    with pytest.raises(EngagementShutError, match="no act"):
        peel_outer(board.work, engagement)


def test_only_a_required_role_unseals(passed: Board) -> None:
    engagement = passed.made["engagement"]
    with pytest.raises(RefusedActError):
        unseal_engagement(passed.work, engagement, signer=passed.key("paula"))


def test_figures_of_the_baseline_open_with_the_verdict_on_the_candidate(board: Board) -> None:
    engagement = sealed(board, system=BASELINE)
    assert judged(board, 3) == "passed"
    unseal_engagement(board.work, engagement, signer=board.key("lea"))
    assert len(ciphertexts(board)) == 2


def test_the_importer_alone_and_the_logs_key_alone_read_nothing(unsealed: Board) -> None:
    log_key = unsealed.work.log.signer  # type: ignore[attr-defined]
    outer, inner = (path.read_bytes() for path in by_size(ciphertexts(unsealed)))
    assert isinstance(log_key, FileSigner)
    content = log_key.unlock(SealedFile.parse(outer).outer)
    assert content.partition(b"\n")[2] == inner
    with pytest.raises(ForeignLayerError):
        log_key.unlock(inner)
    assert not readable(unsealed, ["paula"])


def by_size(paths: list[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: -path.stat().st_size)


def test_an_importer_who_holds_a_required_role_keeps_no_layer(board: Board) -> None:
    seal = board.seal(TEXT, by="paula").identity
    source = board.write("usage.csv", USAGE)
    nina = board.key("nina")
    done = import_engagement(board.work, source, seal, system=CANDIDATE, signer=nina)
    assert dict(done.keepers)["safety-researcher"] == ("sofia",)
    board.made["seal"] = seal
    assert judged(board, 3) == "passed"
    unseal_engagement(board.work, done.act.identity, signer=board.key("lea"))
    with pytest.raises(NotKeeperError, match="nina"):
        open_engagement(board.work, done.act.identity, signer=nina)
    (standing,) = list_engagements(board.work)
    assert (standing.importer, standing.unsealed) == ("nina", "lea")


def test_a_ciphertext_that_was_altered_opens_for_nobody(passed: Board) -> None:
    engagement = passed.made["engagement"]
    (file,) = ciphertexts(passed)
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(SealedFileError, match="altered"):
        unseal_engagement(passed.work, engagement, signer=passed.key("lea"))
    file.unlink()
    with pytest.raises(SealedFileError, match="not in this workspace"):
        unseal_engagement(passed.work, engagement, signer=passed.key("lea"))


def test_an_unseal_cut_short_is_finished_by_doing_it_again(passed: Board) -> None:
    engagement = passed.made["engagement"]
    (file,) = ciphertexts(passed)
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(SealedFileError):
        unseal_engagement(passed.work, engagement, signer=passed.key("lea"))
    file.write_bytes(kept)
    again = unseal_engagement(passed.work, engagement, signer=passed.key("lea"))
    assert again.identity == passed.work.state().unsealed[engagement].identity
    assert open_engagement(passed.work, engagement, signer=passed.key("sofia")).left


def test_a_remainder_that_was_altered_opens_for_nobody(unsealed: Board) -> None:
    engagement = unsealed.made["engagement"]
    inner = by_size(ciphertexts(unsealed))[1]
    data = bytearray(inner.read_bytes())
    data[-1] ^= 1
    inner.write_bytes(data)
    with pytest.raises(SealedFileError, match="altered"):
        open_engagement(unsealed.work, engagement, signer=unsealed.key("sofia"))


def test_the_layers_of_the_file_must_be_those_on_the_log(board: Board) -> None:
    sealed(board)
    seal, (file,) = board.made["seal"], ciphertexts(board)
    act = find_act(board.work.state(), seal, type(board.work.state().accepted[seal].act)).act
    turned = Engagement(
        seal=seal,
        system=act.baseline,
        ciphertext=file.stem,
        roles=("legal-counsel", "policy-analyst", "safety-researcher"),
    )
    moved = board.work.append(turned, board.key("paula")).identity
    assert judged(board, 3) == "passed"
    with pytest.raises(SealedFileError, match="not those on the log"):
        unseal_engagement(board.work, moved, signer=board.key("lea"))


def test_a_file_of_a_failed_seal_does_not_open_under_one_that_passed(board: Board) -> None:
    sealed(board)
    assert judged(board, 89) == "failed"
    (file,) = ciphertexts(board)
    text = TEXT.replace("hypothesis: guard", "hypothesis: again").replace(
        "below: 0.10", "below: 0.99"
    )
    other = board.seal(text.replace("cut: 0.40", "cut: 0.01")).identity
    old = next(board.work.state().of(Engagement)).act
    copied = board.work.append(
        Engagement(seal=other, system=old.system, ciphertext=file.stem, roles=old.roles),
        board.key("paula"),
    ).identity
    board.made["seal"] = other
    assert judged(board, 1) == "passed"
    with pytest.raises(SealedFileError, match="something else"):
        unseal_engagement(board.work, copied, signer=board.key("lea"))
    assert len(ciphertexts(board)) == 1


def test_without_the_logs_key_nobody_takes_its_layer_off(passed: Board, tmp_path: Path) -> None:
    engagement = passed.made["engagement"]
    unseal_engagement(passed.work, engagement, signer=passed.key("lea"))
    passed.close_all()
    for file in (passed.home).rglob("log.pem"):
        file.unlink()
    for name in by_size(ciphertexts(passed))[1:]:
        shutil.move(name, tmp_path)
    with pytest.raises(NotHolderError):
        peel_outer(passed.work, engagement)


def test_a_teams_log_service_takes_its_layer_off_for_members_who_lack_its_key(board: Board) -> None:
    with office_of(board):
        engagement = sealed(board)
        assert isinstance(board.work.log, TeamLog)
        (file,) = ciphertexts(board)
        with pytest.raises(ServiceRefusedError, match="no act on the log unseals"):
            board.work.log.peel(file.read_bytes(), engagement)
        assert judged(board, 3) == "passed"
        unseal_engagement(board.work, engagement, signer=board.key("lea"))
        with pytest.raises(ServiceRefusedError, match="altered"):
            board.work.log.peel(file.read_bytes()[:-1], engagement)
        for name in IN_ORDER:
            done = open_engagement(board.work, engagement, signer=board.key(name))
        assert done.figures[0].rows == 60


def test_nothing_on_disk_holds_a_figure_or_the_digest_of_one(passed: Board) -> None:
    table = USAGE.encode()
    plain = [SECRET.encode(), b"user-0", table[:40], table.splitlines()[7]]
    digests = [hashlib.sha256(each).hexdigest().encode() for each in (table, *table.splitlines())]
    digests += [bytes.fromhex(each.decode()) for each in digests]
    checked = 0
    for path, data in every_file(passed):
        checked += 1
        found = [each for each in (*plain, *digests) if each in data]
        assert not found, f"{path} holds {found}"
    assert checked > 10


def test_opening_leaves_no_figure_on_disk_either(unsealed: Board) -> None:
    engagement = unsealed.made["engagement"]
    for name in IN_ORDER:
        open_engagement(unsealed.work, engagement, signer=unsealed.key(name))
    for path, data in every_file(unsealed):
        assert SECRET.encode() not in data, path
        assert b"user-0" not in data, path


def test_a_sealed_metric_in_the_clear_is_refused_and_leaves_no_trace(board: Board) -> None:
    seal = board.seal(TEXT).identity
    mixed = rows(harm=1, of=3) + f"user-001,minutes,{SECRET}\n"
    source = board.write("mixed.csv", mixed)
    with pytest.raises(SealedMetricError, match="engagement import") as refused:
        record_run(board.work, source, seal, system=CANDIDATE, signer=board.key("paula"))
    assert (refused.value.metric, refused.value.row) == ("minutes", 7)
    assert str(source) in str(refused.value)
    source.unlink()
    for path, data in every_file(board):
        assert SECRET.encode() not in data, path


def test_only_sealed_metrics_may_be_hidden(board: Board) -> None:
    seal = board.seal(TEXT).identity
    source = board.write("usage.csv", USAGE + "p1,harm,1\n")
    key = board.key("paula")
    with pytest.raises(UnsealedMetricError, match="harm") as refused:
        import_engagement(board.work, source, seal, system=CANDIDATE, signer=key)
    assert refused.value.row == 61
    other = board.write("usage.csv", USAGE)
    with pytest.raises(ForeignSystemError):
        import_engagement(board.work, other, seal, system="stranger", signer=key)
    assert not (board.place / ".interlock" / "engagement").exists()


def test_figures_after_the_verdict_or_twice_leave_no_file(board: Board) -> None:
    sealed(board)
    source, key, seal = board.write("usage.csv", USAGE), board.key("paula"), board.made["seal"]
    with pytest.raises(RefusedActError) as twice:
        import_engagement(board.work, source, seal, system=CANDIDATE, signer=key)
    assert twice.value.reason == "engagement-twice"
    assert judged(board, 3) == "passed"
    with pytest.raises(RefusedActError) as late:
        import_engagement(board.work, source, seal, system=BASELINE, signer=key)
    assert late.value.reason == "too-late"
    assert len(ciphertexts(board)) == 1


def test_one_cluster_has_no_interval_and_an_unscored_row_is_counted(board: Board) -> None:
    seal = board.seal(TEXT).identity
    source = board.write(
        "usage.csv", "item,metric,value,status\na,minutes,3,\nb,minutes,,unscored\n"
    )
    key = board.key("paula")
    done = import_engagement(board.work, source, seal, system=CANDIDATE, signer=key)
    board.made["seal"] = seal
    assert judged(board, 3) == "passed"
    unseal_engagement(board.work, done.act.identity, signer=board.key("lea"))
    for name in IN_ORDER:
        opened = open_engagement(board.work, done.act.identity, signer=board.key(name))
    (figure,) = opened.figures
    assert (figure.rows, figure.missing, figure.clusters, figure.mean) == (2, 1, 1, None)


def test_the_command_line_tells_the_same(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLOCK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("INTERLOCK_HOME", str(board.home))
    seal = board.seal(TEXT).identity
    board.made["seal"] = seal
    usage = board.write("usage.csv", USAGE)

    def run(*arguments: str) -> str:
        board.close_all()
        done = CliRunner().invoke(main, ["--workspace", str(board.place), "engagement", *arguments])
        return f"{done.exit_code}\n{done.output}"

    assert "no engagement figures" in run("list")
    said = run(
        "import", str(usage), "--seal", seal, "--system", CANDIDATE, "--as", "paula", "--json"
    )
    engagement = json.loads(said.partition("\n")[2])["engagement"]
    assert run("unseal", engagement, "--as", "lea").startswith("4\n")
    assert "brought by paula" in run("list")
    assert "next: log, then safety-researcher" in run("list")
    assert judged(board, 3) == "passed"
    assert run("unseal", engagement, "--as", "lea").startswith("0\nunseal ")
    assert run("open", engagement, "--as", "lea").startswith("4\n")
    assert "left: policy-analyst, legal-counsel" in run("open", engagement, "--as", "sofia")
    assert "left: legal-counsel" in run("open", engagement, "--as", "pedro")
    shown = run("open", engagement, "--as", "lea")
    assert "minutes: mean 1235 (1235 to 1235) at 90%, 60 clusters" in shown
    assert "mean" in json.loads(run("open", engagement, "--as", "lea", "--json")[2:])["figures"][0]
