"""One result of promptfoo: the answer of one provider to one test, and how it was scored."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from interlock.adapters.imports.rows import Row
from interlock.adapters.imports.source import (
    Fields,
    Source,
    fields_of,
    judge,
    milliseconds,
    print_of,
    whole,
)

PASS, SCORE = "pass", "score"
_NONE, _ASSERTION, _ERROR = 0, 1, 2
_BY_MODEL = (
    "llm-rubric",
    "model-graded",
    "g-eval",
    "factuality",
    "answer-relevance",
    "context-",
    "conversation-relevance",
    "select-best",
    "search-rubric",
    "agent-rubric",
    "trajectory:goal-success",
    "pi",
    "promptfoo:redteam",
)
_WEAKER = ("rule", "classifier", "model")
_BY_CLASSIFIER = ("classifier", "moderation", "guardrails", "similar")


class Answer(NamedTuple):
    """One result.

    Attributes:
        member: The place of it in the file.
        test: A digest of the test's variables, description and assertions.
        place: The test's number in the run, which repeats do not share.
        providers: The names of what answered, the best known first.
        prompts: The names of the prompt, its id first.
        failed: Whether it ended in an error.
        cached: Whether the answer was read from a cache.
        cluster: What it depends on.
        slices: A value for each slice asked for.
        scores: Scores by name; None where there is none.
        kinds: Who gives each score: the kind of judge and the assertion's type.
        prompt: What was asked.
        completion: What came back.
        tokens_out: Tokens of it.
        latency_ms: Milliseconds to it.
    """

    member: str
    test: str
    place: int
    providers: tuple[str, ...]
    prompts: tuple[str, ...]
    failed: bool
    cached: bool
    cluster: str
    slices: tuple[str | None, ...]
    scores: Mapping[str, float | None]
    kinds: Mapping[str, tuple[str, str]]
    prompt: str | None
    completion: str | None
    tokens_out: int | None
    latency_ms: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """The scores it has or should have."""
        return tuple(self.kinds)

    def rows(self, item: str, epoch: int, version: str) -> Iterator[Row]:
        """A row for each score."""
        for name, (kind, scorer) in self.kinds.items():
            yield Row(
                item=item,
                metric=name,
                value=self.scores.get(name),
                cluster=self.cluster if self.cluster != self.test else item.partition("/")[0],
                epoch=epoch,
                failed=self.failed,
                judge=judge(kind, f"promptfoo.{scorer}", version),
                slices=self.slices,
                prompt=self.prompt,
                completion=self.completion,
                tokens_out=self.tokens_out,
                latency_ms=self.latency_ms,
            )


def read_answer(source: Source, found: object, member: str) -> Answer:
    """One result from its JSON.

    Raises:
        BadLogError: A field that counts is not what it must be, or a person
            changed its grade after the run.
    """
    if not isinstance(found, dict):
        raise source.refused(member, "it is no result; export the file again")
    why, place = whole(found.get("failureReason")), whole(found.get("testIdx"))
    if why not in {_NONE, _ASSERTION, _ERROR} or place is None:
        known = "failureReason (0, 1 or 2) and testIdx"
        raise source.refused(member, f"it has no {known}; run promptfoo 0.123 or later")
    case, response = fields_of(found.get("testCase")), fields_of(found.get("response"))
    graded = fields_of(found.get("gradingResult"))
    test = _test(case, found)
    asserted, components = _asserted(case.get("assert")), _components(source, graded, member)
    failed = why == _ERROR
    stated = [*asserted, *(one for one, _ in components)]
    if not all(isinstance(one.get("metric"), str | None) for one in stated):
        raise source.refused(member, "the metric of an assertion is no text; write its name")
    kinds = _kinds(stated)
    for name in kinds:
        source.fit(name, "metric", member)
    if any(one.get("metric") in {PASS, SCORE} for one in asserted):
        reason = f"a metric of it is called {PASS} or {SCORE}, as the whole result is; rename it"
        raise source.refused(member, reason)
    return Answer(
        member=member,
        test=test,
        place=place,
        providers=_providers(source, found.get("provider"), member),
        prompts=_prompts(source, found, member),
        failed=failed,
        cached=response.get("cached") is True,
        cluster=source.cluster(case.get("metadata"), test, member),
        slices=source.slices(case.get("metadata"), member),
        scores={} if failed else _scores(source, found, kinds=kinds, components=components),
        kinds=kinds,
        prompt=_text(fields_of(found.get("prompt")).get("raw")),
        completion=_text(response.get("output")),
        tokens_out=whole(fields_of(response.get("tokenUsage")).get("completion")),
        latency_ms=milliseconds(found.get("latencyMs")),
    )


def _test(case: Fields, found: Fields) -> str:
    """What a test is, whatever run it is in: repeats have nothing else in common."""
    given = case.get("vars") if isinstance(case.get("vars"), dict) else found.get("vars")
    return print_of([given, case.get("description"), case.get("assert")])


def _providers(source: Source, found: object, member: str) -> tuple[str, ...]:
    told = fields_of(found)
    names = (told.get("label"), told.get("id")) if told else (found,)
    known = tuple(one for one in names if isinstance(one, str) and one)
    if not known:
        raise source.refused(member, "it has no provider; export the file again")
    return tuple(source.fit(one, "provider", member) for one in known)


def _prompts(source: Source, found: Fields, member: str) -> tuple[str, ...]:
    label = fields_of(found.get("prompt")).get("label")
    known = source.fit(found.get("promptId") or "none", "promptId", member)
    return (known, label) if isinstance(label, str) else (known,)


def _asserted(found: object) -> list[Fields]:
    """The assertions of a test as promptfoo reports on them: a set's own after the set."""
    listed = [fields_of(each) for each in found] if isinstance(found, list) else []
    return [inner for each in listed for inner in (each, *_asserted(each.get("assert")))]


def _components(source: Source, graded: Fields, member: str) -> list[tuple[Fields, object]]:
    found = graded.get("componentResults")
    made = []
    for each in found if isinstance(found, list) else []:
        told = fields_of(each)
        asserted = fields_of(told.get("assertion"))
        if asserted.get("type") == "human":
            raise source.refused(
                member,
                "a person changed its grade after the run; export the run as it ended, or hand "
                "the corrected scores in as a table that names who rated",
            )
        if asserted:
            made.append((asserted, told.get("score")))
    return made


def _kinds(asserted: list[Fields]) -> dict[str, tuple[str, str]]:
    """Who gives each score; one of several assertions is as weak as the weakest of them."""
    made: dict[str, tuple[str, str]] = {PASS: ("rule", "none"), SCORE: ("rule", "none")}
    for one in asserted:
        kind = str(one.get("type") or "none")
        name = str(one.get("metric") or "") or (kind if _plain(one) else "")
        for each in dict.fromkeys((PASS, SCORE, name) if name else (PASS, SCORE)):
            before = made.get(each, ("rule", "none"))
            weakest = max(before[0], _kind(kind), key=_WEAKER.index)
            made[each] = (weakest, kind if before[1] in {"none", kind} else "several")
    return made


def _plain(one: Fields) -> bool:
    return isinstance(one.get("type"), str) and one.get("type") != "assert-set"


def _kind(assertion: str) -> str:
    bare = assertion.removeprefix("not-")
    if bare == "pi" or bare.startswith(tuple(each for each in _BY_MODEL if each != "pi")):
        return "model"
    return "classifier" if bare.startswith(_BY_CLASSIFIER) else "rule"


def _scores(
    source: Source,
    found: Fields,
    *,
    kinds: Mapping[str, Any],
    components: list[tuple[Fields, object]],
) -> dict[str, float | None]:
    """Every score of a result; unnamed assertions go by their type, several by their mean."""
    named = fields_of(found.get("namedScores"))
    given: dict[str, Any] = {PASS: found.get("success"), SCORE: found.get("score")}
    for name in kinds.keys() - given.keys():
        if name in named:
            given[name] = named[name]
            continue
        same = [
            score for one, score in components if one.get("type") == name and not one.get("metric")
        ]
        numbers = [one for one in same if isinstance(one, int | float)]
        given[name] = sum(numbers) / len(same) if same and len(numbers) == len(same) else None
    return {name: source.scored(name, given[name]) for name in kinds}


def _text(found: object) -> str | None:
    if found is None or isinstance(found, str):
        return found
    return None
