"""Never GO through the product: a real workspace, its files on disk, and the reason a user reads.

What is decided by the rules alone is in `test_never_go_admission`, what by the
numbers alone in `test_never_go_gate`; here the whole line has to hold.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interlock.admission import CriterionOutcome, Hold, Run, Seal, Verdict
from interlock.app import (
    Sample,
    accept,
    answer,
    ask,
    back_up,
    check_decision,
    drawn_items,
    hold,
    lift,
    open_workspace,
    pin_minimum,
    restore_log,
    revoke,
    verify_log,
)
from interlock.errors import (
    ChangedSystemError,
    CharterError,
    DoesNotHoldError,
    EntryRefusedError,
    InterlockError,
    InvalidRecordError,
    LogMissingError,
    LogRewrittenError,
    LogRolledBackError,
    LogTruncatedError,
    NotOnLogError,
    OverplannedError,
    RestoreRefusedError,
    UnlistedProductError,
    WrongPassphraseError,
    WrongSampleError,
)
from tests.board import (
    BASELINE,
    CANDIDATE,
    DEPLOYMENT,
    DRAFT,
    GUARD,
    PASSPHRASE,
    Board,
    board_at,
    refusal,
    rows,
)

DAY_SECONDS = 24 * 3600
EXPLORATORY = GUARD + "confirmatory: false\n"
PROSPECTIVE = GUARD + "basis: prospective\n"
NEWEST_ENTRY = 'DELETE FROM entry WHERE "index" = (SELECT max("index") FROM entry)'
NEWEST_CHECKPOINT = "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)"
BANK = [f"prompt-{k:03}" for k in range(200)]


@pytest.fixture
def convened(tmp_path: Path) -> Iterator[Board]:
    """Enrolled and qualified people, and a charter in force."""
    with board_at("convened", tmp_path / "own") as board:
        yield board


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Board]:
    """A passed verdict on retrospective evidence."""
    with board_at("judged", tmp_path / "own") as board:
        yield board


@pytest.fixture
def assessed(tmp_path: Path) -> Iterator[Board]:
    """An assessment before the panel."""
    with board_at("assessed", tmp_path / "own") as board:
        yield board


@pytest.fixture
def voted(tmp_path: Path) -> Iterator[Board]:
    """Every required role has voted go."""
    with board_at("voted", tmp_path / "own") as board:
        yield board


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[Board]:
    """A go that holds."""
    with board_at("decided", tmp_path / "own") as board:
        assert board.standing(board.made["decision"]) == "holds"
        yield board


def never_goes(board: Board, assessment: str) -> str:
    """The one reason for which a go is refused when asked for, when forced, and in a bundle."""
    asked = refusal(board.close, assessment)
    forced = board.force_go(assessment)
    assert board.standing(forced) == board.bundle_standing(forced) == asked
    return asked


def change(board: Board, statement: str) -> None:
    """Change the log's database by hand, while nobody has it open."""
    board.close_all()
    with closing(sqlite3.connect(board.log_file)) as connection, connection:
        assert connection.execute(statement).rowcount > 0


def reads_refused(board: Board) -> str:
    """The code with which reading is refused; every command that acts or answers reads first."""
    with pytest.raises(InterlockError) as caught:
        board.work.read()
    for command in (
        lambda: check_decision(board.work, board.made["decision"], deployment=DEPLOYMENT),
        lambda: verify_log(board.work),
        board.seal,
    ):
        with pytest.raises(type(caught.value)):
            command()
    return caught.value.code


# The evidence.


@pytest.mark.parametrize(
    ("after", "outcome"), [(rows(harm=10), "undecided"), (rows(harm=60), "failed")]
)
def test_a_verdict_that_did_not_pass_never_goes_though_everyone_votes_for_it(
    convened: Board, after: str, outcome: str
) -> None:
    judged = convened.judged(after)
    assert judged.judgement.outcome == outcome
    assessment = convened.assess(judged.verdict.identity)
    convened.vote_all(assessment)
    assert never_goes(convened, assessment) == "verdict-not-passed"


def test_an_exploratory_seal_never_goes(convened: Board) -> None:
    judged = convened.judged(rows(harm=3), text=EXPLORATORY, assumed=None)
    assert judged.judgement.outcome == "passed"
    assessment = convened.assess(judged.verdict.identity)
    convened.vote_all(assessment)
    assert never_goes(convened, assessment) == "exploratory"


def test_retrospective_evidence_that_one_role_did_not_accept_never_goes(assessed: Board) -> None:
    assessment = assessed.made["assessment"]
    assessed.vote_all(assessment, ("sofia", "pedro"))
    assessed.vote("lea", assessment, accepts=False)
    assert never_goes(assessed, assessment) == "retrospective-unaccepted"


def test_the_same_evidence_never_counts_for_both_arms(convened: Board) -> None:
    seal = convened.seal().identity
    convened.run(seal, BASELINE, rows(harm=3))
    assert refusal(convened.run, seal, CANDIDATE, rows(harm=3)) == "same-evidence"


def test_a_system_is_not_run_again_until_it_passes(convened: Board) -> None:
    seal = convened.seal().identity
    convened.run(seal, CANDIDATE, rows(harm=60))
    assert refusal(convened.run, seal, CANDIDATE, rows(harm=3)) == "run-twice"


def test_evidence_does_not_carry_over_to_a_system_that_changed_after_its_seal(
    convened: Board,
) -> None:
    seal = convened.seal().identity
    manifest = convened.work.path(f"systems/{CANDIDATE}.yaml")
    manifest.write_text(manifest.read_text("utf-8").replace("model-1", "model-2"), "utf-8")
    with pytest.raises(ChangedSystemError) as caught:
        convened.run(seal, CANDIDATE, rows(harm=3))
    assert "evidence does not carry over" in str(caught.value)
    assert len(list(convened.work.state().of(Run))) == 0
    assert convened.seal().identity != seal


def test_the_tenth_attempt_has_what_nine_halvings_left_of_its_alpha(convened: Board) -> None:
    for attempt in range(1, 10):
        text = EXPLORATORY.replace("hypothesis: guard", f"hypothesis: try {attempt}")
        convened.seal(text.replace("0.40", f"0.{40 - attempt}"), assumed=None)
    judged = convened.judged(rows(harm=3), text=EXPLORATORY, assumed=None)
    for verdict in judged.judgement.verdicts:
        assert verdict.attempt == 10
        assert verdict.alpha == pytest.approx(0.05 / 2**10)


def test_a_renamed_baseline_is_the_same_baseline_and_its_alpha_is_not_whole_again(
    convened: Board,
) -> None:
    convened.seal(EXPLORATORY, assumed=None)
    manifest = convened.work.path(f"systems/{BASELINE}.yaml")
    text = manifest.read_text("utf-8").replace(f"system: {BASELINE}", "system: renamed")
    convened.work.path("systems/renamed.yaml").write_text(text, "utf-8")
    renamed = EXPLORATORY.replace(f"baseline: {BASELINE}", "baseline: renamed")
    seal = convened.seal(renamed, assumed=None).identity
    sealed: Seal = convened.work.state().accepted[seal].act
    assert {one.attempt for one in sealed.lineages} == {2}
    for system, harm in (("renamed", 90), (CANDIDATE, 3)):
        convened.run(seal, system, rows(harm=harm))
    judged = convened.judge(seal)
    assert judged.system == convened.judge(seal).system == CANDIDATE
    assert {one.attempt for one in judged.judgement.verdicts} == {2}


def test_a_manifest_that_calls_its_system_otherwise_than_its_file_is_not_sealed(
    convened: Board,
) -> None:
    manifest = convened.work.path(f"systems/{BASELINE}.yaml")
    manifest.write_text("model: model-1\nsystem: other\n", "utf-8")
    with pytest.raises(CharterError) as caught:
        convened.seal()
    assert (caught.value.file, caught.value.line) == (str(manifest), 2)
    assert not list(convened.work.state().of(Seal))


def test_another_spelling_of_a_product_never_begins_a_count_of_its_own(convened: Board) -> None:
    convened.seal()
    with pytest.raises(UnlistedProductError) as caught:
        convened.seal(GUARD.replace("product: assistant", "product: Assistant"))
    assert caught.value.file.endswith("interlock.yaml")
    assert "did you mean 'assistant'?" in str(caught.value)
    assert len(list(convened.work.state().of(Seal))) == 1
    settings = convened.work.path("interlock.yaml")
    settings.write_text("products: [assistant, voice]\n", "utf-8")
    convened.seal(GUARD.replace("product: assistant", "product: voice"))


def test_settings_that_list_no_product_or_something_else_seal_nothing(convened: Board) -> None:
    for text in ("products: []\n", "products: [assistant]\nsquads: []\n", "products: assistant\n"):
        convened.work.path("interlock.yaml").write_text(text, "utf-8")
        with pytest.raises(CharterError):
            convened.seal()


def test_a_hypothesis_with_a_rubric_the_charter_does_not_hold_is_not_sealed(
    convened: Board,
) -> None:
    with pytest.raises(CharterError) as caught:
        convened.seal(GUARD + "rubrics: {helpfulness: generous}\n")
    assert "generous" in str(caught.value)
    assert not list(convened.work.state().of(Seal))


def test_a_verdict_by_another_rubric_than_the_sealed_one_has_no_effect(convened: Board) -> None:
    sealed = [
        convened.seal(GUARD + f"rubrics: {{helpfulness: {rubric}}}\n").identity
        for rubric in ("helpfulness-10-5-0", "helpfulness-10-0-0")
    ]
    runs = tuple(
        convened.run(sealed[1], system, rows(harm=harm))
        for system, harm in ((BASELINE, 90), (CANDIDATE, 3))
    )
    state = convened.work.state()
    lenient: Seal = state.accepted[sealed[0]].act
    claimed = Verdict(
        seal=sealed[1],
        system=lenient.candidates[0],
        runs=runs,
        judgement="0" * 64,
        outcome="passed",
        criteria=tuple(
            CriterionOutcome(criterion=one.criterion, outcome="passed", red_line=False)
            for one in lenient.lineages
        ),
    )
    forced = convened.force(claimed, "paula")
    state = convened.work.state()
    assert [(each.identity, each.reason) for each in state.refused] == [
        (forced, "missing-criterion")
    ]
    with pytest.raises(NotOnLogError):
        convened.assess(forced)


# Prospective evidence.


def sealed_prospectively(board: Board, *, name: str = "guard") -> str:
    bank = board.write("bank.txt", "".join(f"{item}\tharm\thelpfulness\n" for item in BANK))
    text = PROSPECTIVE.replace("hypothesis: guard", f"hypothesis: {name}")
    return board.seal(text, sample=Sample(bank=bank, size=150)).identity


def drawn_names(board: Board, seal: str) -> list[str]:
    return [each.item for each in drawn_items(board.work, seal)]


def rows_of(items: list[str], *, harm: int) -> str:
    lines = [f"{item},harm,{int(k < harm)}" for k, item in enumerate(items)]
    lines += [f"{item},helpfulness,9" for item in items]
    return "\n".join(["item,metric,value", *lines, ""])


def test_a_draw_is_the_same_for_everyone_and_another_under_every_seal(convened: Board) -> None:
    first, second = (sealed_prospectively(convened, name=name) for name in ("one", "two"))
    drawn = drawn_items(convened.work, first)
    assert len(set(drawn)) == 150
    assert {each.item for each in drawn} < set(BANK)
    assert {each.metrics for each in drawn} == {("harm", "helpfulness")}
    convened.close_all()
    assert drawn_items(convened.work, first) == drawn
    assert set(drawn_items(convened.work, second)) != set(drawn)


def test_sealing_the_same_again_before_any_run_draws_no_second_sample(convened: Board) -> None:
    assert sealed_prospectively(convened) == sealed_prospectively(convened)
    assert len(list(convened.work.state().of(Seal))) == 1


@pytest.mark.parametrize("fault", ["one absent", "one foreign", "another sample"])
def test_prospective_evidence_of_other_items_than_those_drawn_is_refused(
    convened: Board, fault: str
) -> None:
    seal = sealed_prospectively(convened)
    drawn = drawn_names(convened, seal)
    other = [item for item in BANK if item not in drawn]
    items = {
        "one absent": drawn[1:],
        "one foreign": [*drawn, other[0]],
        "another sample": [*drawn[50:], *other],
    }[fault]
    with pytest.raises(WrongSampleError) as caught:
        convened.run(seal, CANDIDATE, rows_of(items, harm=3))
    assert (caught.value.foreign > 0) == (fault != "one absent")
    assert (caught.value.absent > 0) == (fault != "one foreign")
    assert not list(convened.work.state().of(Run))


def test_rows_of_one_metric_left_out_in_both_arms_are_refused(convened: Board) -> None:
    seal = sealed_prospectively(convened)
    whole = rows_of(drawn_names(convened, seal), harm=3).splitlines()
    dropped = [line for line in whole if ",helpfulness," in line][:20]
    for system in (BASELINE, CANDIDATE):
        with pytest.raises(WrongSampleError) as caught:
            convened.run(seal, system, "\n".join(line for line in whole if line not in dropped))
        assert (caught.value.foreign, caught.value.absent) == (0, 20)
    assert not list(convened.work.state().of(Run))


def test_a_metric_that_was_not_drawn_for_an_item_is_refused(convened: Board) -> None:
    seal = sealed_prospectively(convened)
    drawn = drawn_names(convened, seal)
    with pytest.raises(WrongSampleError) as caught:
        convened.run(seal, CANDIDATE, rows_of(drawn, harm=3) + f"{drawn[0]},toxicity,0\n")
    assert (caught.value.foreign, caught.value.absent) == (1, 0)


def test_repeats_count_only_if_every_drawn_row_has_them(convened: Board) -> None:
    seal = sealed_prospectively(convened)
    header, *lines = rows_of(drawn_names(convened, seal), harm=3).splitlines()
    twice = [f"{line},{epoch}" for epoch in (0, 1) for line in lines]
    with pytest.raises(WrongSampleError) as caught:
        convened.run(seal, CANDIDATE, "\n".join([header + ",epoch", *twice[:-7]]))
    assert (caught.value.foreign, caught.value.absent) == (0, 7)
    convened.run(seal, CANDIDATE, "\n".join([header + ",epoch", *twice]))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("b", "names no metric"),
        ("b\t", "the metric ''"),
        ("b\tharm\tspeed", "'speed', which the hypothesis does not judge"),
        ("b\tharm\tharm", "names a metric twice"),
        ("\tharm", "names no item"),
        ("a\thelpfulness", "repeats the item 'a'"),
    ],
)
def test_a_bank_whose_line_does_not_say_what_is_measured_is_not_sealed(
    convened: Board, line: str, fault: str
) -> None:
    bank = convened.write("bank.txt", f"a\tharm\n{line}\nc\tharm\n")
    with pytest.raises(InvalidRecordError) as caught:
        convened.seal(PROSPECTIVE, sample=Sample(bank=bank, size=1))
    assert "bank.txt, line 2" in str(caught.value)
    assert fault in str(caught.value)


def test_power_is_not_planned_on_more_clusters_than_are_drawn(convened: Board) -> None:
    bank = convened.write("bank.txt", "".join(f"{item}\tharm\thelpfulness\n" for item in BANK))
    with pytest.raises(OverplannedError) as caught:
        convened.seal(PROSPECTIVE, sample=Sample(bank=bank, size=149))
    assert (caught.value.clusters, caught.value.sample) == (150, 149)
    assert "--clusters 149 at most" in str(caught.value)
    assert not list(convened.work.state().of(Seal))


def test_prospective_evidence_goes_without_anyone_accepting_it_as_retrospective(
    convened: Board,
) -> None:
    seal = sealed_prospectively(convened)
    drawn = drawn_names(convened, seal)
    for system, harm in ((BASELINE, 90), (CANDIDATE, 3)):
        run = convened.run(seal, system, rows_of(drawn, harm=harm))
        assert convened.work.state().accepted[run].act.basis == "prospective"
    judged = convened.judge(seal)
    assert (judged.judgement.outcome, judged.judgement.basis) == ("passed", "prospective")
    assessment = convened.assess(judged.verdict.identity)
    convened.vote_all(assessment, accepts=False)
    assert convened.standing(convened.close(assessment)) == "holds"


# The panel.


def test_an_open_question_stops_every_vote_until_its_asker_accepts_an_answer(
    assessed: Board,
) -> None:
    work, assessment = assessed.work, assessed.made["assessment"]
    asked = ask(work, assessment, "What of minors?", signer=assessed.key("sofia"))
    assert refusal(assessed.vote, "pedro", assessment) == "open-question"
    given = answer(work, asked.identity, "Excluded.", signer=assessed.key("paula"))
    assert refusal(assessed.vote, "pedro", assessment) == "open-question"
    accepting = refusal(accept, work, given.identity, signer=assessed.key("pedro"))
    assert accepting == "not-the-asker"
    accept(work, given.identity, signer=assessed.key("sofia"))
    assert refusal(assessed.vote, "pedro", assessment) == "accepted"


def test_a_question_asked_after_the_votes_stops_the_decision(voted: Board) -> None:
    assessment = voted.made["assessment"]
    ask(voted.work, assessment, "What of minors?", signer=voted.key("sofia"))
    assert never_goes(voted, assessment) == "open-question"


def test_whoever_wrote_the_assessment_does_not_vote_on_it(judged: Board) -> None:
    assessment = judged.assess(judged.made["verdict"], by="nina")
    assert refusal(judged.vote, "nina", assessment) == "conflict-of-interest"


def test_whoever_sealed_does_not_vote_though_qualified(convened: Board) -> None:
    judged = convened.judged(rows(harm=3), by="nina")
    assessment = convened.assess(judged.verdict.identity)
    assert refusal(convened.vote, "nina", assessment) == "conflict-of-interest"
    assert refusal(convened.vote, "sofia", assessment) == "accepted"


@pytest.mark.parametrize("ballot", ["abstain", "no-go", None])
def test_a_required_role_that_does_not_say_go_makes_it_a_no_go(
    assessed: Board, ballot: str | None
) -> None:
    assessment = assessed.made["assessment"]
    assessed.vote_all(assessment, ("sofia", "pedro"))
    if ballot is not None:
        assessed.vote("lea", assessment, ballot)
    forced = assessed.force_go(assessment)
    assert assessed.standing(forced) == assessed.bundle_standing(forced) == "missing-go"
    decision = assessed.close(assessment)
    assert assessed.outcome(decision) == "no-go"
    assert assessed.standing(decision) == assessed.bundle_standing(decision) == "no-go"


def test_an_edit_voids_every_vote(voted: Board) -> None:
    before = voted.made["assessment"]
    after = voted.assess(
        voted.made["verdict"],
        draft=DRAFT.replace("version: 1", "version: 2\nsupersedes: version 1"),
    )
    assert never_goes(voted, before) == "stale-assessment"
    assert never_goes(voted, after) == "no-votes"
    voted.vote_all(after)
    assert voted.standing(voted.close(after)) == "holds"


# The end of a go.


def test_a_go_expires_without_anyone_doing_anything(decided: Board) -> None:
    decided.clock.forward(89 * DAY_SECONDS)
    assert decided.standing(decided.made["decision"]) == "holds"
    decided.clock.forward(2 * DAY_SECONDS)
    assert decided.standing(decided.made["decision"]) == "expired"
    assert decided.bundle_standing(decided.made["decision"]) == "expired"


def test_a_hold_stops_a_go_until_somebody_else_lifts_it(decided: Board) -> None:
    work, decision = decided.work, decided.made["decision"]
    held = hold(work, decision, "toxicity rises", signer=decided.key("carol"))
    assert decided.standing(decision) == decided.bundle_standing(decision) == "held"
    lifting = refusal(lift, work, held.identity, "fine now", signer=decided.key("carol"))
    assert lifting == "own-hold"
    lift(work, held.identity, "cause found", signer=decided.key("sofia"))
    assert decided.standing(decision) == decided.bundle_standing(decision) == "holds"


def test_one_required_role_takes_a_go_back_for_good(decided: Board) -> None:
    decision = decided.made["decision"]
    revoke(decided.work, decision, "new evidence", signer=decided.key("lea"))
    assert decided.standing(decision) == decided.bundle_standing(decision) == "revoked"


def test_a_condition_about_which_the_deployment_says_nothing_does_not_hold(
    decided: Board,
) -> None:
    for deployment in ({}, {"tier": "internal"}, {"tier": "public", "traffic_percent": "10"}):
        with pytest.raises(DoesNotHoldError) as caught:
            check_decision(decided.work, decided.made["decision"], deployment=deployment)
        assert caught.value.reason == "condition"


def test_a_reader_without_the_logs_keys_does_not_believe_an_old_checkpoint(
    decided: Board, tmp_path: Path
) -> None:
    decision = decided.made["decision"]
    decided.work.current()
    decided.clock.forward(8 * DAY_SECONDS)
    with closing(
        open_workspace(decided.place, home=tmp_path / "reader", clock=decided.clock)
    ) as reader:
        with pytest.raises(DoesNotHoldError) as caught:
            check_decision(reader, decision, deployment=DEPLOYMENT)
        assert caught.value.reason == "stale-checkpoint"
        decided.work.current()
        check_decision(reader, decision, deployment=DEPLOYMENT)


# The log, changed by hand.


def test_a_revocation_deleted_from_the_database_is_missed(decided: Board) -> None:
    revoke(decided.work, decided.made["decision"], "new evidence", signer=decided.key("lea"))
    change(decided, NEWEST_ENTRY)
    assert reads_refused(decided) == LogTruncatedError.code


def test_a_revocation_deleted_with_its_checkpoint_is_missed_and_never_cosigned(
    decided: Board,
) -> None:
    revoke(decided.work, decided.made["decision"], "new evidence", signer=decided.key("lea"))
    change(decided, NEWEST_ENTRY)
    change(decided, NEWEST_CHECKPOINT)
    before = decided.work.log.note()
    assert reads_refused(decided) == LogTruncatedError.code
    assert decided.work.log.note() == before


def test_a_checkpoint_rolled_back_without_its_entries_is_missed(decided: Board) -> None:
    change(decided, NEWEST_CHECKPOINT)
    assert reads_refused(decided) == LogTruncatedError.code


def test_a_row_altered_in_the_middle_is_noticed(decided: Board) -> None:
    change(
        decided,
        "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '2026-01-05T09:00', "
        "'2026-01-05T09:01') AS BLOB) WHERE \"index\" = 3",
    )
    assert reads_refused(decided) in {EntryRefusedError.code, LogRewrittenError.code}


def test_two_rows_exchanged_are_noticed(decided: Board) -> None:
    change(decided, 'UPDATE entry SET "index" = -1 WHERE "index" = 3')
    change(decided, 'UPDATE entry SET "index" = 3 WHERE "index" = 4')
    change(decided, 'UPDATE entry SET "index" = 4 WHERE "index" = -1')
    assert reads_refused(decided) in {EntryRefusedError.code, LogRewrittenError.code}


def test_a_whole_but_older_log_is_caught_by_what_the_user_last_saw(
    decided: Board, tmp_path: Path
) -> None:
    older = tmp_path / "older.sqlite"
    back_up(decided.work, older)
    revoke(decided.work, decided.made["decision"], "new evidence", signer=decided.key("lea"))
    decided.close_all()
    shutil.copy(older, decided.log_file)
    assert reads_refused(decided) == LogTruncatedError.code


def test_a_log_rolled_back_while_a_command_runs_is_caught(decided: Board) -> None:
    origin = decided.work.root.origin
    revoke(decided.work, decided.made["decision"], "new evidence", signer=decided.key("lea"))
    read = decided.work.read()
    with closing(open_workspace(decided.place, home=decided.home, clock=decided.clock)) as other:
        elsewhere = Hold(product="another", system="a" * 64, reason="a test", previous="")
        other.append(elsewhere, decided.key("carol"))
    with closing(sqlite3.connect(decided.log_file)) as connection, connection:
        connection.execute('DELETE FROM entry WHERE "index" >= ?', (read.state.size,))
        connection.execute("DELETE FROM checkpoint WHERE size > ?", (read.state.size,))
    assert decided.work.keys.last_seen(origin) != read.note
    with pytest.raises(LogRolledBackError):
        decided.work.read()


def test_a_log_that_is_gone_is_never_made_anew(decided: Board) -> None:
    decided.close_all()
    decided.log_file.unlink()
    with pytest.raises(LogMissingError):
        decided.work.read()
    assert not decided.log_file.exists()


# Restoring, and owning up to it.


def lose(board: Board, damage: str, backup: Path) -> None:
    """Back up, decide on more, then damage the log."""
    back_up(board.work, backup)
    hold(board.work, board.made["decision"], "toxicity rises", signer=board.key("carol"))
    board.close_all()
    match damage:
        case "gone":
            board.log_file.unlink()
        case "empty":
            board.log_file.write_bytes(b"")
        case "garbage":
            board.log_file.write_bytes(b"not a database any more " * 200)
        case "a row missing":
            change(board, 'DELETE FROM entry WHERE "index" = 2')
        case "cut short":
            change(board, NEWEST_ENTRY)
            change(board, NEWEST_CHECKPOINT)


def restored(board: Board, backup: Path) -> int | None:
    """Restore; the index of the admission of loss, or None."""
    done = restore_log(
        board.place,
        backup,
        "the disk failed",
        home=board.home,
        passphrase=PASSPHRASE,
        clock=board.clock,
    )
    return done.act.receipt.index if done.act else None


@pytest.mark.parametrize("damage", ["gone", "empty", "garbage", "a row missing", "cut short"])
def test_a_restored_log_is_believed_and_its_go_is_not_until_decided_again(
    decided: Board, tmp_path: Path, damage: str
) -> None:
    decision, backup = decided.made["decision"], tmp_path / "backup.sqlite"
    lose(decided, damage, backup)
    index = restored(decided, backup)
    assert decided.work.state().size == (index or 0) + 1
    assert decided.standing(decision) == decided.bundle_standing(decision) == "lost"
    anew = decided.assess(decided.made["verdict"])
    decided.vote_all(anew)
    again = decided.close(anew)
    assert decided.standing(again) == decided.bundle_standing(again) == "holds"


def test_a_pinned_log_is_restored_to_less_by_its_root_key_and_pinned_again(
    decided: Board, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.sqlite"
    back_up(decided.work, backup)
    hold(decided.work, decided.made["decision"], "toxicity rises", signer=decided.key("carol"))
    pinned = pin_minimum(decided.work)
    decided.close_all()
    decided.log_file.unlink()
    index = restored(decided, backup)
    assert decided.work.state().size == (index or 0) + 1 == pinned.minimum_size
    assert decided.standing(decided.made["decision"]) == "lost"
    again = pin_minimum(decided.work)
    assert (again.minimum_size, again != pinned) == (pinned.minimum_size, True)


def test_a_reader_who_saw_more_believes_a_restored_log_only_with_its_recovery(
    decided: Board, tmp_path: Path
) -> None:
    backup, home = tmp_path / "backup.sqlite", tmp_path / "reader"
    back_up(decided.work, backup)
    hold(decided.work, decided.made["decision"], "toxicity", signer=decided.key("carol"))
    with closing(open_workspace(decided.place, home=home, clock=decided.clock)) as reader:
        reader.read()
    decided.close_all()
    decided.log_file.unlink()
    shutil.copy(backup, decided.log_file)
    with (
        closing(open_workspace(decided.place, home=home, clock=decided.clock)) as reader,
        pytest.raises(LogTruncatedError),
    ):
        reader.read()
    restored(decided, backup)
    with closing(open_workspace(decided.place, home=home, clock=decided.clock)) as reader:
        assert reader.read().state.loss > 0
        assert reader.read().state.size == decided.work.state().size


def test_a_reader_who_missed_two_losses_believes_the_log_that_owns_up_to_both(
    decided: Board, tmp_path: Path
) -> None:
    backup, home = tmp_path / "backup.sqlite", tmp_path / "reader"
    back_up(decided.work, backup)
    for reason in ("one", "two", "three"):
        hold(decided.work, decided.made["decision"], reason, signer=decided.key("carol"))
    with closing(open_workspace(decided.place, home=home, clock=decided.clock)) as reader:
        reader.read()
    for _ in range(2):
        decided.close_all()
        decided.log_file.unlink()
        restored(decided, backup)
        back_up(decided.work, backup)
        hold(decided.work, decided.made["decision"], "again", signer=decided.key("carol"))
    with closing(open_workspace(decided.place, home=home, clock=decided.clock)) as reader:
        assert reader.read().state.size == decided.work.state().size


def test_a_restore_that_loses_nothing_admits_nothing_and_the_go_holds(
    decided: Board, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.sqlite"
    back_up(decided.work, backup)
    decided.close_all()
    decided.log_file.write_bytes(b"garbage " * 500)
    assert restored(decided, backup) is None
    assert decided.standing(decided.made["decision"]) == "holds"


def test_a_restore_that_cannot_be_signed_changes_nothing_and_can_be_tried_again(
    decided: Board, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.sqlite"
    lose(decided, "a row missing", backup)
    before = decided.log_file.read_bytes()
    with pytest.raises(WrongPassphraseError):
        restore_log(decided.place, backup, "x", home=decided.home, passphrase="wrong")  # noqa: S106
    assert decided.log_file.read_bytes() == before
    assert restored(decided, backup) is not None
    assert decided.standing(decided.made["decision"]) == "lost"


def test_a_whole_log_is_never_restored_to_less(decided: Board, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite"
    back_up(decided.work, backup)
    revoke(decided.work, decided.made["decision"], "new evidence", signer=decided.key("lea"))
    decided.close_all()
    with pytest.raises(RestoreRefusedError):
        restored(decided, backup)
    assert decided.standing(decided.made["decision"]) == "revoked"
