"""A log of Inspect gives the rows its run measured, each of them, or is refused by its part."""

import json
import math
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from interlock.adapters.evidence import EvidenceStore, TextStore
from interlock.adapters.tables import read_observations
from interlock.errors import BadLogError, BadTableError, IncompleteRunError, InterlockError
from interlock.trial import OBSERVATION_SCHEMA, Account, Reading, count_observations
from tests.eval_logs import Fields, header, members, sample, save_eval, save_json
from tests.zips import DEFLATED, STORED, ZSTD, write_zip

NAN = math.nan
THREE = [sample("a", scores={"harm": 1}), sample("b"), sample("c")]


def read(path: Path, account: Account | None = None, **asked: Any) -> pa.Table:
    batches = read_observations(path, reading=Reading(**asked), account=account)
    return pa.Table.from_batches(list(batches), OBSERVATION_SCHEMA)


def rows(path: Path, *names: str, **asked: Any) -> list[tuple[Any, ...]]:
    table = read(path, **asked)
    return sorted(zip(*(table[name].to_pylist() for name in names), strict=True), key=repr)


def refused(path: Path, **asked: Any) -> InterlockError:
    with pytest.raises(InterlockError) as caught:
        read(path, **asked)
    assert str(path) in str(caught.value)
    return caught.value


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.eval"


@pytest.mark.parametrize("method", [STORED, DEFLATED, ZSTD])
def test_a_log_is_read_however_it_is_packed(log: Path, method: int) -> None:
    save_eval(log, THREE, method=method)
    assert rows(log, "item", "value") == [("a", 1.0), ("b", 0.0), ("c", 0.0)]


def test_a_plain_log_gives_the_same_rows(tmp_path: Path, log: Path) -> None:
    save_eval(log, THREE)
    plain = save_json(tmp_path / "log.json", THREE)
    columns = ("item", "value", "status", "epoch", "metric", "judge", "tokens_out", "latency_ms")
    assert rows(log, *columns) == rows(plain, *columns)


def test_a_row_says_where_it_comes_from_and_what_it_cost(log: Path) -> None:
    account = Account()
    row = read(save_eval(log, [sample("a")]), account).to_pylist()[0]
    assert (row["run"], row["system"], row["suite"]) == ("run-1", "test/model", "asked")
    assert (row["judge"], row["tokens_out"], row["latency_ms"]) == ("rule:inspect/harm", 3, 500.0)
    assert row["source"] == f"inspect sha256:{account.source}"


def test_repeats_are_counted_from_zero_and_paired_by_id_not_by_place(log: Path) -> None:
    repeated = [sample(item, epoch=epoch) for epoch in (1, 2) for item in (7, "b")]
    save_eval(log, [dict(one, uuid=str(k)) for k, one in enumerate(reversed(repeated))])
    assert rows(log, "item", "epoch", "cluster") == [
        ("7", 0, "7"),
        ("7", 1, "7"),
        ("b", 0, "b"),
        ("b", 1, "b"),
    ]


@pytest.mark.parametrize(
    ("value", "worth"),
    [("C", 1.0), ("I", 0.0), ("P", 0.5), ("N", 0.0), (True, 1.0), (3, 3.0), (-0.5, -0.5)],
)
def test_a_score_is_worth_what_the_tool_says(log: Path, value: object, worth: float) -> None:
    assert rows(save_eval(log, [sample("a", scores={"s": value})]), "value", "status") == [
        (worth, "scored")
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (NAN, "not a number"),
        (math.inf, "not finite"),
        (10**400, "not finite"),
        (None, "no value"),
        ([1, 2], "a list"),
        ("maybe", "a word"),
        ("1", "a word"),
    ],
)
def test_a_score_that_is_no_number_is_unscored_and_says_why(
    log: Path, value: object, reason: str
) -> None:
    account = Account()
    table = read(save_eval(log, [sample("a"), sample("b", scores={"harm": value})]), account)
    assert count_observations(table).unscored == 1
    ((told, count),) = account.unscored.items()
    assert (told.startswith(reason), count) == (True, 1)


def test_a_word_gets_the_value_that_was_asked_for_and_others_lose_theirs(log: Path) -> None:
    save_eval(log, [sample(one, scores={"harm": one, "help": one}) for one in "CIP"])
    asked = {("harm", "C"): 0.0, ("harm", "I"): 1.0}
    assert rows(log, "metric", "item", "value", values=asked) == [
        ("harm", "C", 0.0),
        ("harm", "I", 1.0),
        ("harm", "P", None),
        ("help", "C", 1.0),
        ("help", "I", 0.0),
        ("help", "P", 0.5),
    ]


def test_only_scorers_that_compare_texts_are_taken_at_their_word(log: Path) -> None:
    names = ("includes", "inspect_ai/match", "my own#1")
    save_eval(log, [sample("a", scores=dict.fromkeys(names, "C"))])
    assert [judge for (judge,) in rows(log, "judge")] == [
        "exact:inspect/includes",
        "exact:inspect/inspect_ai/match",
        "rule:inspect/my-own-1",
    ]


def test_a_scorer_with_several_scores_gives_a_metric_for_each(log: Path) -> None:
    save_eval(log, [sample("a", scores={"judge": {"tone": 1, "depth": 2}, "harm": 0})])
    asked = {"judge/tone": "tone"}
    assert rows(log, "metric", "judge", "value", metrics=asked) == [
        ("harm", "rule:inspect/harm", 0.0),
        ("judge/depth", "rule:inspect/judge", 2.0),
        ("tone", "rule:inspect/judge", 1.0),
    ]


def test_what_one_sample_does_not_score_is_a_row_all_the_same(log: Path) -> None:
    save_eval(
        log,
        [
            sample("a", scores={"judge": NAN}),
            sample("b", scores={}, error={"message": "gone"}),
            sample("c", scores={"judge": {"tone": 1, "depth": 2}}),
            sample("d", scores={"judge": NAN}),
            sample("e", scores={"judge": {"tone": 1}}, error={"message": "gone"}),
        ],
    )
    assert rows(log, "item", "metric", "status") == [
        ("a", "judge/depth", "unscored"),
        ("a", "judge/tone", "unscored"),
        ("b", "judge/depth", "error"),
        ("b", "judge/tone", "error"),
        ("c", "judge/depth", "scored"),
        ("c", "judge/tone", "scored"),
        ("d", "judge/depth", "unscored"),
        ("d", "judge/tone", "unscored"),
        ("e", "judge/depth", "error"),
        ("e", "judge/tone", "error"),
    ]


def test_slices_and_clusters_come_from_metadata_where_asked(log: Path) -> None:
    save_eval(
        log,
        [
            sample("a", metadata={"language": "de", "of": {"pair": 1}, "secret": "x"}),
            sample("b", metadata={"language": None, "of": {"pair": 1}, "secret": "x"}),
        ],
    )
    found = rows(log, "item", "cluster", "slices", slices=("language",), cluster="of.pair")
    assert found == [("a", "1", [("language", "de")]), ("b", "1", [])]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"slices": ("absent",)}, "no sample has a metadata field absent"),
        ({"cluster": "absent"}, "no metadata field absent"),
        ({"slices": ("long",)}, "no short text"),
        ({"cluster": "list"}, "no short text"),
        ({"metrics": {"other": "x"}}, "no score 'other' to rename; it has harm"),
    ],
)
def test_what_a_log_cannot_answer_is_refused(log: Path, asked: dict[str, Any], words: str) -> None:
    save_eval(log, [sample("a", metadata={"long": "x" * 300, "list": [1]})])
    assert words in str(refused(log, **asked))


def test_two_scores_under_one_name_are_refused(log: Path) -> None:
    save_eval(log, [sample("a", scores={"harm": 1, "help": 1})])
    assert "two of its scores get one name" in str(refused(log, metrics={"help": "harm"}))


SEAL = "5ea1" * 16


@pytest.mark.parametrize("named", [SEAL, SEAL[:6]])
def test_a_log_that_was_run_for_another_seal_is_refused(tmp_path: Path, named: str) -> None:
    samples = [sample("a")]
    top = header(samples, eval={"metadata": {"interlock.seal": named}})
    log = save_eval(tmp_path / "sealed.eval", samples, top)
    assert len(rows(log, "item", seal=SEAL)) == 1
    assert len(rows(log, "item")) == 1, "read for no seal"
    assert "import it under its own seal" in str(refused(log, seal="0ther" * 12))


@pytest.mark.parametrize("named", ["", SEAL[:5], SEAL + "0", 7, {"seal": SEAL}])
def test_a_log_that_names_its_seal_in_no_known_way_is_refused(
    tmp_path: Path, named: object
) -> None:
    samples = [sample("a")]
    top = header(samples, eval={"metadata": {"interlock.seal": named}})
    log = save_eval(tmp_path / "sealed.eval", samples, top)
    assert "import it under its own seal" in str(refused(log, seal=SEAL))


def test_a_log_that_names_no_seal_is_read_for_any(log: Path) -> None:
    save_eval(log, [sample("a")])
    assert rows(log, "item", seal=SEAL) == rows(log, "item")


def test_nothing_is_asked_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("item,metric,value\na,m,1\n")
    error = refused(tmp_path / "x.csv", slices=("language",))
    assert isinstance(error, BadTableError)
    assert "read as it stands" in str(error)


INCOMPLETE: list[tuple[Fields, str]] = [
    ({"status": "error"}, "status is 'error'"),
    ({"status": "cancelled"}, "status is 'cancelled'"),
    ({"status": "started", "results": {}}, "status is 'started'"),
    (
        {"results": {"early_stopping": {"manager": "m", "early_stops": [{"id": "d"}]}}},
        "1 samples were stopped early",
    ),
    (
        {
            "eval": {"dataset": {"sample_ids": ["a", "b", "c", "d"]}},
            "results": {"total_samples": 4},
        },
        "1 samples are missing, the first 'd', epoch 1; 3 of 4 samples are there",
    ),
]


@pytest.mark.parametrize(("lie", "words"), INCOMPLETE)
def test_a_run_that_is_not_whole_is_refused_and_may_be_allowed(
    log: Path, lie: Fields, words: str
) -> None:
    save_eval(log, THREE, header(THREE, **json.loads(json.dumps(lie))))
    error = refused(log)
    assert isinstance(error, IncompleteRunError)
    assert words in str(error)
    assert "--allow-incomplete" in str(error)
    account = Account()
    table = read(log, account, allow_incomplete=True)
    assert table.num_rows == account.expected >= account.found == 3
    assert any("not whole" in note for note in account.notes)


def test_a_run_without_a_header_is_not_whole_and_its_missing_rows_are_errors(log: Path) -> None:
    top = header([sample(one, epoch=2) for one in "abc"])
    start = ("_journal/start.json", json.dumps({"version": 2, "eval": top["eval"]}).encode())
    done = members([sample("a", scores={"harm": 1}), sample("b")])[:-1]
    write_zip(log, [start, *done])
    assert isinstance(refused(log), IncompleteRunError)
    found = rows(log, "item", "epoch", "status", allow_incomplete=True)
    assert found == [
        ("a", 0, "scored"),
        ("a", 1, "error"),
        ("b", 0, "scored"),
        ("b", 1, "error"),
        ("c", 0, "error"),
        ("c", 1, "error"),
    ]


def test_a_missing_sample_without_a_known_cluster_is_refused(log: Path) -> None:
    held = [sample("a", metadata={"pair": "p"})]
    top = header([*held, sample("b")], results={"completed_samples": 1})
    save_eval(log, held, top)
    asked: dict[str, Any] = {"allow_incomplete": True, "cluster": "pair"}
    assert "nobody knows its cluster" in str(refused(log, **asked))


def test_a_missing_repeat_keeps_its_cluster_and_slices(log: Path) -> None:
    held = [sample("a", metadata={"pair": "p", "language": "de"})]
    planned = [*held, sample("a", epoch=2)]
    save_eval(log, held, header(planned, results={"completed_samples": 1}))
    asked: dict[str, Any] = {"allow_incomplete": True, "cluster": "pair", "slices": ("language",)}
    assert rows(log, "epoch", "cluster", "status", "slices", **asked) == [
        (0, "p", "scored", [("language", "de")]),
        (1, "p", "error", [("language", "de")]),
    ]


WRONG: list[tuple[Callable[[], tuple[list[Fields], Fields | None]], str]] = [
    (lambda: ([sample("a", invalidation={"author": "ann"})], None), "invalidated after its run"),
    (lambda: (THREE, header(THREE, invalidated=True)), "were invalidated after the run"),
    (lambda: (THREE, header(THREE, version=3)), "a log of version 3"),
    (lambda: (THREE, header(THREE, results={"total_samples": 9})), "it had 9 samples and lists 3"),
    (lambda: (THREE, header(THREE[:2])), "sample 'c', epoch 1 is not in its plan"),
    (lambda: (THREE, header(THREE, eval={"model": 5})), "eval.model"),
    (lambda: ([sample("a", scores={})], None), "it holds no scores"),
    (lambda: ([sample(" a")], None), "' a' cannot name a row"),
    (lambda: ([sample("a\nb")], None), "cannot name a row"),
    (lambda: ([sample("a", scores={"": 1})], None), "its scorer '' cannot name a row"),
    (lambda: ([sample("a", epoch=0)], None), "no whole number from 1 up"),
    (lambda: ([sample(True)], None), "it has no id"),
    (lambda: ([dict(sample("a"), scores=[1])], None), "no table of scores"),
    (lambda: ([dict(sample("a"), scores={"harm": 1})], None), "has no value"),
    (
        lambda: ([dict(sample("a"), scores={"harm": {"value": 1, "history": [{}]}})], None),
        "the score of harm was edited after the run",
    ),
    (
        lambda: (THREE, header(THREE, eval={"scorers": [{"name": "inspect_ai/model_graded_qa"}]})),
        "had the candidate grade its own answers",
    ),
    (
        lambda: (
            THREE,
            header(
                THREE,
                eval={
                    "scorers": [{"name": "model_graded_fact"}],
                    "model_roles": {"grader": {"model": "test/model"}},
                },
            ),
        ),
        "had the candidate grade its own answers",
    ),
]


@pytest.mark.parametrize(("made", "words"), WRONG)
def test_a_log_that_cannot_be_believed_is_refused(
    tmp_path: Path, made: Callable[[], tuple[list[Fields], Fields | None]], words: str
) -> None:
    samples, top = made()
    for save, name in ((save_eval, "x.eval"), (save_json, "x.json")):
        error = refused(save(tmp_path / name, samples, top), allow_incomplete=True)
        assert isinstance(error, BadLogError)
        assert words in str(error)


OTHERS: list[tuple[Fields, Fields]] = [
    ({}, {"grader": {"model": "test/other"}}),
    ({}, {"grader": [{"model": "test/other"}, {"model": "test/third"}]}),
    ({"model": "test/other"}, {}),
    ({"model": ["test/other", "test/third"]}, {"grader": {"model": "test/model"}}),
    ({"model": {"model": "test/other", "config": {}}}, {}),
    ({"model_role": "judge"}, {"judge": {"model": "test/other"}}),
    ({"model_role": {"name": "judge", "required": True}}, {"judge": {"model": "test/other"}}),
]
ITSELF: list[tuple[Fields, Fields]] = [
    ({"model": ["test/other", "test/model"]}, {}),
    ({}, {"grader": [{"model": "test/other"}, {"model": "test/model"}]}),
    ({"model_role": None}, {"grader": {"model": "test/other"}}),
    ({"model_role": "judge"}, {"grader": {"model": "test/other"}}),
]
NOBODY: list[tuple[Fields, Fields]] = [
    ({"model": {"a": "b"}}, {}),
    ({"model": [["test/other"]]}, {}),
    ({"model": []}, {}),
    ({"model": 5}, {}),
    ({}, {"grader": {"model": ["test/other"]}}),
    ({}, {"grader": ""}),
    ({"model_role": ["grader"]}, {}),
]
GRADED = (
    [(each, "") for each in OTHERS]
    + [(each, "had the candidate grade its own answers") for each in ITSELF]
    + [(each, "nobody can say which model its scorer") for each in NOBODY]
)


@pytest.mark.parametrize(("bound", "words"), GRADED)
def test_only_other_models_that_are_named_may_grade(
    log: Path, bound: tuple[Fields, Fields], words: str
) -> None:
    options, roles = bound
    scorers = [{"name": "model_graded_qa", "options": options}]
    save_eval(log, THREE, header(THREE, eval={"scorers": scorers, "model_roles": roles}))
    if not words:
        assert read(log).num_rows == 3
        return
    error = refused(log)
    assert isinstance(error, BadLogError)
    assert words in str(error)


EPOCHS = [sample(one, epoch=epoch) for epoch in (1, 2, 3) for one in "abc"]


def journalled(samples: list[Fields], top: Fields | None = None) -> list[tuple[str, bytes]]:
    """The members of a log with the journal and the summaries that Inspect writes."""
    start = {"version": 2, "eval": header(samples)["eval"]}
    told = [
        {"id": one["id"], "epoch": one["epoch"], "scores": one["scores"], "completed": True}
        for one in samples
    ]
    return [
        ("_journal/start.json", json.dumps(start).encode()),
        ("_journal/summaries/1.json", json.dumps(told).encode()),
        ("summaries.json", json.dumps(told).encode()),
        *members(samples, top),
    ]


def without(parts: list[tuple[str, bytes]], *names: str) -> list[tuple[str, bytes]]:
    return [part for part in parts if not part[0].startswith(names)]


def nulled(samples: list[Fields]) -> Fields:
    """A header that counts its samples and does not list them."""
    top = header(samples)
    top["eval"]["dataset"]["sample_ids"] = None
    return top


ALTERED: list[tuple[list[tuple[str, bytes]], str]] = [
    (
        without(journalled(THREE, header(THREE[1:])), "samples/a"),
        "header.json: its eval.dataset.sample_ids is another than in _journal/start.json",
    ),
    (
        without(journalled(THREE, header(THREE[1:])), "samples/a", "_journal/start"),
        "summaries.json: it tells of sample 'a', epoch 1, which is not in the log",
    ),
    (
        without(journalled(THREE, header(THREE[1:])), "samples/a", "_journal/start", "summaries"),
        "_journal/summaries/1.json: it tells of sample 'a'",
    ),
    (
        without(journalled(EPOCHS, header(EPOCHS[:3])), *(f"samples/{k}_epoch_2" for k in "abc")),
        "its eval.config.epochs is another",
    ),
    (without(journalled(EPOCHS, nulled(EPOCHS)), "nothing"), "its eval.dataset.sample_ids"),
    (members(EPOCHS, nulled(EPOCHS[:3])), "sample 'a', epoch 2 is not in its plan"),
    (members(THREE, nulled(THREE[:2])), "sample"),
    (
        members(THREE[1:], header(THREE[1:], eval={"dataset": header(THREE)["eval"]["dataset"]})),
        "it says it had 2 samples and lists 3",
    ),
    (
        members(
            THREE[1:],
            header(THREE[1:], eval={"dataset": {"samples": 3, "sample_ids": ["b", "c"]}}),
        ),
        "its dataset has 3 samples, with repeats 3, and it plans 2",
    ),
    (members(THREE, header(THREE, results={"completed_samples": 2})), "2 samples were completed"),
    (members(THREE, header(THREE, results={"completed_samples": 4})), "4 samples were completed"),
    ([*members(THREE), ("samples/d_epoch_1.txt", b"{}")], "samples/d_epoch_1.txt"),
    (
        [
            *without(journalled(THREE), "samples/a"),
            members([sample("a", scores={"harm": 0})])[0],
        ],
        "samples/a_epoch_1.json: its scores, or whether it failed, are not what summaries.json",
    ),
    ([*without(journalled(THREE), "summaries"), ("summaries.json", b"{}")], "summaries of samples"),
]


@pytest.mark.parametrize(("parts", "words"), ALTERED)
def test_a_log_that_contradicts_itself_is_refused(
    log: Path, parts: list[tuple[str, bytes]], words: str
) -> None:
    assert words in str(refused(write_zip(log, parts)))


def test_a_log_with_journal_and_summaries_is_read(log: Path) -> None:
    assert read(write_zip(log, journalled(EPOCHS))).num_rows == 9


def test_a_part_of_a_dataset_may_be_asked(log: Path) -> None:
    part = {"dataset": {"samples": 9, "sample_ids": ["a", "b", "c"]}, "config": {"limit": 3}}
    assert read(save_eval(log, THREE, header(THREE, eval=part))).num_rows == 3


def test_a_sample_that_scores_twice_is_refused(tmp_path: Path, log: Path) -> None:
    said, instead = '"events": []', '"events": [], "scores": {"harm": {"value": 0}}'
    whole = json.dumps(THREE[0])
    assert said in whole
    name, *rest = members(THREE)[0][0], *members(THREE)[1:]
    write_zip(log, [(name, whole.replace(said, instead, 1).encode()), *rest])
    assert "samples/a_epoch_1.json: its key 'scores' stands twice" in str(refused(log))
    plain = save_json(tmp_path / "x.json", THREE)
    plain.write_text(plain.read_text().replace(said, instead, 1))
    assert "its key 'scores' stands twice" in str(refused(plain))


def test_a_header_that_says_something_twice_is_refused(log: Path) -> None:
    top = json.dumps(header(THREE)).replace('"status"', '"status": "error", "status"', 1)
    write_zip(log, [*members(THREE)[:-1], ("header.json", top.encode())])
    assert "header.json: its key 'status' stands twice" in str(refused(log))


def test_a_word_said_twice_elsewhere_in_a_sample_is_no_matter(log: Path) -> None:
    events: list[Fields] = [{"scores": {}, "error": None}, {"scores": {}, "error": None}]
    assert read(save_eval(log, [sample("a", events=events)])).num_rows == 1


def test_a_member_with_too_much_in_it_is_refused_before_it_is_read(log: Path) -> None:
    many = json.dumps(sample("a")).replace('"events": []', f'"events": [{"{}," * (1 << 20)}{{}}]')
    top = members([sample("a")])[-1]
    write_zip(log, [("samples/a_epoch_1.json", many.encode()), top], method=STORED)
    error = refused(log)
    assert "samples/a_epoch_1.json: it has over 1,048,576 parts" in str(error)
    large = [("samples/a_epoch_1.json", b" " * ((16 << 20) + 1)), top]
    error = refused(write_zip(log, large, method=STORED))
    assert "samples/a_epoch_1.json: it unpacks to over 16 MiB" in str(error)
    assert "split the log" in str(error)


def test_a_plan_of_ten_million_samples_is_counted_and_not_listed(log: Path) -> None:
    ids = list("abcdefghijkl")
    plan = {"dataset": {"samples": 12, "sample_ids": ids}, "config": {"epochs": 833_333}}
    results = {"total_samples": 12 * 833_333, "completed_samples": 3}
    save_eval(log, THREE, header(THREE, eval=plan, results=results))
    tracemalloc.start()
    try:
        assert "9999993 samples are missing, the first 'a', epoch 2" in str(refused(log))
        error = refused(log, allow_incomplete=True)
        assert isinstance(error, IncompleteRunError)
        assert "over 100,000 samples are missing" in str(error)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("asked", [{"slices": ("note",)}, {"cluster": "note"}])
@pytest.mark.parametrize("value", [" my-secret-note", "my-secret\nnote", "my-secret" * 200])
def test_a_refused_metadata_field_is_named_and_not_quoted(
    log: Path, asked: dict[str, Any], value: str
) -> None:
    error = str(refused(save_eval(log, [sample("a", metadata={"note": value})]), **asked))
    assert "metadata field note is no short text" in error
    assert "my-secret" not in error


def test_edited_tags_are_told(log: Path) -> None:
    account = Account()
    read(save_eval(log, THREE, header(THREE, log_updates=[{"edits": []}])), account)
    assert account.notes == ["tags or metadata of the log were edited after the run"]


def test_the_tools_own_figures_are_kept_as_claims(log: Path) -> None:
    score = {
        "name": "harm",
        "scorer": "harm",
        "reducer": "mean",
        "metrics": {
            "accuracy": {"name": "accuracy", "value": 0.9},
            "x": {"name": "x", "value": NAN},
        },
    }
    several = {**score, "name": "tone", "scorer": "judge"}
    account = Account()
    read(save_eval(log, THREE, header(THREE, results={"scores": [score, several]})), account)
    assert [(one.metric, one.statistic, one.value) for one in account.claimed] == [
        ("harm", "accuracy", 0.9),
        ("harm", "x", None),
        ("judge/tone", "accuracy", 0.9),
        ("judge/tone", "x", None),
    ]


def test_neither_prompts_nor_secrets_reach_the_evidence(tmp_path: Path, log: Path) -> None:
    held = [sample("a", metadata={"note": "my-secret-note"})]
    save_eval(log, held)
    texts = TextStore(tmp_path / "texts", b"k" * 32)
    store, account = EvidenceStore(tmp_path / "evidence"), Account()
    digest = store.write(read_observations(log, texts=texts, account=account), account=account)
    row = store.open(digest).to_pylist()[0]
    assert texts.get(row["prompt_ref"]) == "question a"
    assert texts.get(row["completion_ref"]) == "answer a"
    data = (tmp_path / "evidence" / f"{digest}.parquet").read_bytes()
    assert account.source.encode() in data
    assert not any(word in data for word in (b"question", b"answer", b"secret-key", b"secret-note"))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("plain", "plain"),
        ([{"role": "user", "content": "one"}], "one"),
        ([{"role": "user", "content": [{"text": "x"}, {"image": 1}, {"text": "y"}]}], "x\ny"),
        (
            [{"role": "system", "content": "be good"}, {"role": "user", "content": "hi"}],
            "system: be good\n\nuser: hi",
        ),
        ("attachment://k", "kept"),
    ],
)
def test_a_prompt_is_kept_as_it_was_asked(tmp_path: Path, asked: object, text: str) -> None:
    path = save_eval(tmp_path / "x.eval", [sample("a", input=asked, attachments={"k": "kept"})])
    texts = TextStore(tmp_path / "texts", b"k" * 32)
    (row,) = pa.Table.from_batches(list(read_observations(path, texts=texts))).to_pylist()
    assert texts.get(row["prompt_ref"]) == text


def test_a_sample_in_several_pieces_is_read_from_its_shell(log: Path) -> None:
    shell = sample("a")
    pieces = [
        ("samples/a_epoch_1/sample.json", json.dumps({**shell, "metadata": None}).encode()),
        ("samples/a_epoch_1/metadata.json", b'{"language": "de"}'),
        ("samples/a_epoch_1/events/0.json", b"[]"),
    ]
    write_zip(log, [*pieces, members([shell])[-1]])
    assert rows(log, "item", "slices", slices=("language",)) == [("a", [("language", "de")])]


def deep(levels: int) -> bytes:
    """A sample that is sound but for how deeply something in it is nested."""
    nested = b"[" * levels + b"]" * levels
    return json.dumps(sample("a")).encode().replace(b'"events": []', b'"events": ' + nested)


def test_a_deeply_nested_sample_is_read_or_refused(log: Path) -> None:
    write_zip(log, [("samples/a_epoch_1.json", deep(300)), members([sample("a")])[-1]])
    assert read(log).num_rows == 1
    write_zip(log, [("samples/a_epoch_1.json", deep(100_000)), members([sample("a")])[-1]])
    assert "no JSON (RecursionError)" in str(refused(log))


GOOD = members(THREE)
BROKEN: list[tuple[list[tuple[str, bytes]], dict[str, Any], str]] = [
    ([GOOD[0], GOOD[0], GOOD[-1]], {}, "it stands twice"),
    ([("samples/z_epoch_1.json", GOOD[0][1]), GOOD[-1]], {}, "another sample than its name says"),
    ([("samples/../a_epoch_1.json", GOOD[0][1]), GOOD[-1]], {}, "leads out of the archive"),
    ([("/samples/a_epoch_1.json", GOOD[0][1]), GOOD[-1]], {}, "leads out of the archive"),
    ([("samples/a_epoch_1.json", b"\xff"), GOOD[-1]], {}, "it is no JSON"),
    ([("samples/a_epoch_1.json", b"[1]"), GOOD[-1]], {}, "no JSON object"),
    ([("samples/a_epoch_1.json", b'{"id": "\\ud800"}'), GOOD[-1]], {}, "it is no JSON"),
    (GOOD, {"checksum": 7}, "damaged or altered"),
    (GOOD, {"size": 7}, "damaged or altered"),
    (GOOD, {"size": 1 << 30}, "over 16 MiB"),
    (GOOD, {"flags": 0x801}, "encrypted"),
    (GOOD, {"says": 14}, "packed by method 14"),
    (GOOD[:-1], {}, "neither header nor journal"),
    ([("header.json", b"0" * (8 << 20))], {}, "250 times its size"),
    ([], {}, "neither header nor journal"),
]


@pytest.mark.parametrize(("parts", "lies", "words"), BROKEN)
def test_an_archive_that_lies_is_refused(
    log: Path, parts: list[tuple[str, bytes]], lies: dict[str, Any], words: str
) -> None:
    error = refused(write_zip(log, parts, **lies), allow_incomplete=True)
    assert isinstance(error, BadLogError)
    assert words in str(error)


@pytest.mark.parametrize("method", [STORED, DEFLATED, ZSTD])
def test_a_log_that_is_cut_off_anywhere_is_refused(log: Path, method: int) -> None:
    data = save_eval(log, THREE, method=method).read_bytes()
    for cut in range(1, len(data), 7):
        log.write_bytes(data[:-cut])
        assert isinstance(refused(log), BadLogError)
        log.write_bytes(data[cut:])
        assert isinstance(refused(log), BadLogError)


def test_members_that_share_their_bytes_are_refused(log: Path) -> None:
    data = bytearray(save_eval(log, THREE).read_bytes())
    second = data.rfind(b"PK\1\2", 0, data.rfind(b"PK\1\2"))
    data[second + 42 : second + 46] = bytes(4)
    log.write_bytes(data)
    assert "belong to another member" in str(refused(log))


def test_json_that_is_no_log_is_told_what_to_be(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"item": "a"}]')
    assert "no JSON object" in str(refused(path))
    path.write_text('{"item": "a", "metric": "m", "value": 1}')
    assert "write observations one a line, as .jsonl" in str(refused(path))
    with path.open("r+b") as stream:
        stream.truncate(65 << 20)
    assert "convert it: inspect log convert" in str(refused(path))
