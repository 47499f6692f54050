"""Edge cases follow from a seed alone, keep their behaviour, and never say the same twice."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.charter import SliceValue
from interlock.errors import InvalidRecordError, TooManyEdgeCasesError
from interlock.ledger import dump
from interlock.trial import Attack, Case, Turn
from interlock.trial.suites import expand, standard_suites
from interlock.trial.suites.chance import Chance
from interlock.trial.suites.wording import frames, wordings

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@dataclass(frozen=True)
class Reversing:
    """An attack that writes the request backwards, and its seed behind it."""

    name: str = "backwards"
    version: str = "1"
    owasp: tuple[str, ...] = ()
    atlas: tuple[str, ...] = ()

    def apply(self, case: Case, *, seed: int) -> Case:
        turn = Turn(speaker="user", text=f"{case.turns[-1].text[::-1]} {seed}")
        return replace(case, id=f"{case.id}+backwards", turns=(turn,))

    def recover(self, case: Case) -> str | None:
        return None


@dataclass(frozen=True)
class Nothing(Reversing):
    """An attack that changes nothing but the name."""

    name: str = "nothing"

    def apply(self, case: Case, *, seed: int) -> Case:
        return case


def case(k: int, text: str, language: str = "en") -> Case:
    return Case(
        id=f"c-{k}",
        cluster=f"b-{k // 2}",
        metrics=("harm",),
        turns=(Turn(speaker="user", text=text),),
        slices=(SliceValue(slice="language", value=language),),
        intent=text,
    )


def said(one: Case) -> tuple[tuple[str, str], ...]:
    return tuple((turn.speaker, turn.text) for turn in one.turns)


def all_of(made: Iterator[Case]) -> tuple[list[Case], TooManyEdgeCasesError | None]:
    """Every edge case there is, and the refusal at the end if there are too few."""
    found: list[Case] = []
    try:
        for one in made:
            found.append(one)  # noqa: PERF402 - what came before the refusal is kept
    except TooManyEdgeCasesError as refused:
        return found, refused
    return found, None


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=5, unique=True),
    languages=st.lists(st.sampled_from(["en", "de", "xx"]), min_size=5, max_size=5),
    seed=st.integers(-(2**40), 2**40),
    attacks=st.sampled_from([(), (Reversing(),), (Nothing(), Reversing())]),
)
def test_whatever_is_asked_edge_cases_keep_their_promises(
    texts: list[str], languages: list[str], seed: int, attacks: Sequence[Attack]
) -> None:
    given_cases = [case(k, text, languages[k]) for k, text in enumerate(texts)]
    clusters = {one.id: one.cluster for one in given_cases}
    made, _ = all_of(expand(given_cases, 60, seed, attacks=attacks))
    again, _ = all_of(expand(given_cases, 60, seed, attacks=attacks))
    assert [dump(one) for one in again] == [dump(one) for one in made]
    everything = [*given_cases, *made]
    assert len({one.id for one in everything}) == len(everything)
    assert len({said(one) for one in everything}) == len(everything)
    for one in made:
        base = next(each for each in given_cases if one.id.startswith(f"{each.id}~"))
        assert (one.cluster, one.intent) == (clusters[base.id], base.intent)
        assert (one.metrics, one.expects) == (base.metrics, base.expects)
        assert all(one.slice(name) for name in ("template", "language", "attack", "wording"))
        assert one.slice("language").startswith(base.slice("language"))


def test_ten_thousand_come_from_the_standard_suites_evenly() -> None:
    suites = standard_suites()
    bases = [one for each in suites for one in each.cases]
    attacks = (Reversing(), Nothing())
    made = list(expand(bases, 10_000, 7, attacks=attacks))
    assert len(made) == len({said(one) for one in made}) == 10_000
    shares = Counter(one.cluster for one in made)
    assert set(shares) == {cluster for each in suites for cluster in each.clusters}
    assert max(shares.values()) - min(shares.values()) <= 1
    kinds = Counter(one.slice("kind") for one in made)
    there = Counter(one.slice("kind") for one in bases)
    assert kinds["benign"] / 10_000 == pytest.approx(there["benign"] / len(bases), abs=0.01)
    for name in ("template", "wording", "language", "attack"):
        assert Counter(one.slice(name) for one in made).most_common()[-1][1] >= 50


_IN_A_PROCESS_OF_ITS_OWN = """
import hashlib, json
from interlock.ledger import dump
from interlock.trial.suites import expand, standard_suites
cases = [one for each in standard_suites() for one in each.cases]
made = b"".join(dump(one) for one in expand(cases, 2000, 7))
print(json.dumps(hashlib.sha256(made).hexdigest()))
"""


def test_another_process_makes_the_same_bytes() -> None:
    bases = [one for each in standard_suites() for one in each.cases]
    here = hashlib.sha256(b"".join(dump(one) for one in expand(bases, 2000, 7))).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_PROCESS_OF_ITS_OWN],
        env={"PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(done.stdout) == here


def test_another_seed_makes_others() -> None:
    bases = [case(k, f"Tell me about the year {k}.") for k in range(20)]
    texts = [{said(one) for one in expand(bases, 100, seed)} for seed in (1, 2)]
    assert texts[0] != texts[1]


def test_more_than_there_are_is_refused_once_they_are_all_made() -> None:
    made, refused = all_of(expand([case(1, "Hilf mir.", "de")], 50, 1))
    assert refused is not None
    assert (refused.asked, refused.made) == (50, len(made))
    assert {one.slice("language") for one in made} == {"de"}
    assert len(made) == len(frames().languages["de"])


def test_no_cases_make_none() -> None:
    assert list(expand([], 0, 1)) == []
    with pytest.raises(TooManyEdgeCasesError):
        list(expand([], 1, 1))


def test_two_cases_of_one_name_are_refused_at_once() -> None:
    with pytest.raises(InvalidRecordError, match="stands twice"):
        expand([case(1, "a"), case(1, "b")], 5, 1)


def test_a_case_without_a_users_turn_is_reached_by_attacks_alone() -> None:
    read = replace(case(1, "x"), turns=(Turn(speaker="document", text="Dear all."),))
    with pytest.raises(TooManyEdgeCasesError):
        list(expand([read], 1, 1))
    (made,) = expand([read], 1, 1, attacks=(Reversing(),))
    assert made.slice("attack") == "backwards"


def test_only_the_last_words_of_the_user_change() -> None:
    turns = (
        Turn(speaker="user", text="My tree is the larch."),
        Turn(speaker="assistant", text="Noted."),
        Turn(speaker="user", text="Which tree do I not like less than others?"),
        Turn(speaker="tool", text="no result"),
    )
    for made in expand([replace(case(1, "x"), turns=turns)], 60, 3):
        assert made.turns[:2] == turns[:2]
        assert made.turns[3:] == turns[3:]


@pytest.mark.parametrize("one", wordings(), ids=lambda one: f"{one.name}-{one.nth}")
def test_a_rule_of_wording_always_gives_the_same_words(one: object) -> None:
    rule = next(each for each in wordings() if each is one)
    text = "Someone cannot explain why the children do not find a large important mistake."
    first, second = (rule.reword(text, Chance("a", rule.nth)) for _ in range(2))
    assert first == second != text


def test_a_case_that_names_no_language_is_taken_as_english() -> None:
    made = expand([replace(case(1, "Tell me."), slices=())], 40, 1)
    assert {one.slice("language").partition("+")[0] for one in made} == {"en"}


def test_a_frame_holds_the_request_once_and_unchanged() -> None:
    for frame in frames().templates:
        assert frame.text.count("{request}") == 1
        assert "{a} \\1 %s" in frame.around("{a} \\1 %s")
    for texts in frames().languages.values():
        assert all(text.count("{request}") == 1 for text in texts)
