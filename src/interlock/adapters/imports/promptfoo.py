"""Results of promptfoo (results.json): a score for each test, repeat and metric of one provider."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from interlock.adapters.imports.promptfoo_case import PASS, Answer, read_answer
from interlock.adapters.imports.rows import Pile, Row
from interlock.adapters.imports.source import AUTOMATIC, Fields, Source, fields_of, judge, whole
from interlock.adapters.imports.walk import Walk
from interlock.trial import Account, Claim, Reading

_ALL = "*"


def promptfoo_batches(path: Path, reading: Reading, account: Account) -> Iterator[pa.RecordBatch]:
    """Read the results of promptfoo 0.123, of one provider and one prompt.

    A result gives rows for ``pass``, ``score`` and each metric or unnamed
    assertion of its test. ``item`` is a digest of the test's variables,
    description and assertions, so that repeats, which promptfoo does not
    number, are its epochs in the order of the run; a result that ended in an
    error is an errored row for each of them. Of the configuration only counts
    are looked at, since it may hold secrets.

    Args:
        path: The results.
        reading: What was asked for; ``provider`` and ``prompt`` can be chosen,
            and the prompt ``*`` takes all prompts, each as items of its own.
        account: Told of what the file says besides its rows.

    Raises:
        BadLogError: It is damaged, or was edited; repeats came from a cache; or
            several providers or prompts are there and none was chosen.
        IncompleteRunError: Tests or repeats are missing, and that was not allowed.
    """
    account.tool = "promptfoo"
    source = Source(path=path, reading=reading, account=account)
    source.check_choices(("provider", "prompt"))
    yield from _Results(source).batches()


@dataclass
class _Results:
    """One file of results on its way to rows."""

    source: Source
    _answers: list[Answer] = field(default_factory=list)
    _stats: Fields = field(default_factory=dict)
    _heads: list[Fields] = field(default_factory=list)
    _id: str = ""
    _version: str = ""
    _planned: int = 0
    """Tests the configuration lists, repeats counted; 0 where it only names files of them."""
    _repeat: int = 1

    def batches(self) -> Iterator[pa.RecordBatch]:
        self._walk()
        account = self.source.account
        self._check_stats()
        provider, prompt = self._choose()
        chosen = [
            each
            for each in self._answers
            if provider in each.providers and (prompt in {_ALL, *each.prompts})
        ]
        groups = self._groups(chosen, apart=prompt == _ALL)
        self._check_repeats(groups)
        account.found = len(chosen)
        missing = self._missing(groups)
        account.expected = account.found + missing
        if missing:
            self.source.check_missing(missing)
            self.source.allow(f"{missing} results are missing that its tests and repeats call for")
        names = {name: who for each in chosen for name, who in each.kinds.items()}
        self._check_names(list(names))
        account.claimed = tuple(self._claims(provider, prompt))
        account.notes.append(AUTOMATIC)
        yield from self._rows(groups, missing=missing, names=names)

    def _walk(self) -> None:
        walk, listed = Walk.of(self.source.path), False
        for key in walk.keys():  # noqa: SIM118 - a walk is no dict
            if key == "results":
                listed = self._walk_results(walk)
            elif key == "metadata":
                self._version = str(fields_of(walk.value()).get("promptfooVersion") or "")
            elif key in {"config", "runtimeOptions"}:
                self._plan(fields_of(walk.value()), options=key == "runtimeOptions")
            elif key == "evalId":
                self._id = str(walk.value() or "")
            else:
                walk.value()
        walk.end()
        if not listed:
            raise self.source.refused("", "it has no results.results; export it: promptfoo export")

    def _walk_results(self, walk: Walk) -> bool:
        listed = False
        for key in walk.keys():  # noqa: SIM118 - a walk is no dict
            if key == "results":
                listed = True
                for k in walk.items():
                    member = f"results[{k}]"
                    self._answers.append(read_answer(self.source, walk.value(), member))
            elif key == "stats":
                self._stats = fields_of(walk.value())
            elif key == "prompts":
                heads = walk.value()
                self._heads = [fields_of(one) for one in heads] if isinstance(heads, list) else []
            else:
                walk.value()
        return listed

    def _plan(self, found: Fields, *, options: bool) -> None:
        """Look at what was planned, and forget the rest."""
        given = found if options else fields_of(found.get("evaluateOptions"))
        self._repeat = max(self._repeat, whole(given.get("repeat")) or 1)
        tests = found.get("tests")
        if not options and isinstance(tests, list) and all(isinstance(t, dict) for t in tests):
            self._planned = len(tests)

    def _check_stats(self) -> None:
        """Hold the results against promptfoo's own counts."""
        counts = [whole(self._stats.get(name)) for name in ("successes", "failures", "errors")]
        if None in counts:
            raise self.source.refused("results.stats", "it has no counts; export it again")
        total, errors = sum(one or 0 for one in counts), counts[2]
        found = len(self._answers)
        if found > total or (found == total and errors != sum(a.failed for a in self._answers)):
            reason = (
                f"promptfoo counted {total} results, {errors} of them errors; {found} are there"
            )
            raise self.source.refused("results.stats", f"{reason}, not so; import it as written")
        if found < total:
            self.source.allow(f"promptfoo counted {total} results, {found} are there")
        if not self._answers:
            raise self.source.refused("results", "it holds no result; run promptfoo eval first")

    def _choose(self) -> tuple[str, str]:
        """The provider and the prompt that evidence is of."""
        known = {each.providers[0] for each in self._answers}
        asked = self.source.reading.only.get("provider", "")
        if not any(asked in each.providers for each in self._answers):
            asked = self.source.choose("provider", known)
        if self.source.reading.only.get("prompt") == _ALL:
            return asked, _ALL
        prompts = {each.prompts[0] for each in self._answers if asked in each.providers}
        wanted = self.source.reading.only.get("prompt", "")
        if not any(wanted in each.prompts for each in self._answers):
            wanted = self.source.choose("prompt", prompts)
        return asked, wanted

    def _groups(self, chosen: list[Answer], *, apart: bool) -> dict[str, list[Answer]]:
        """The repeats of each item in the order of the run."""
        groups: dict[str, list[Answer]] = {}
        for each in sorted(chosen, key=lambda one: one.place):
            item = f"{each.test}/{each.prompts[0][:12]}" if apart else each.test
            groups.setdefault(item, []).append(each)
        return groups

    def _check_repeats(self, groups: dict[str, list[Answer]]) -> None:
        for item, repeats in groups.items():
            cached = next((each for each in repeats if each.cached), None)
            if cached is not None and len(repeats) > 1:
                raise self.source.refused(
                    cached.member,
                    f"its answer came from promptfoo's cache, and {item} stands "
                    f"{len(repeats)} times: copies are no repeats; run it with --no-cache",
                )
        if cached_ones := sum(each.cached for repeats in groups.values() for each in repeats):
            note = f"{cached_ones} answers came from promptfoo's cache and not from this run"
            self.source.account.notes.append(note)

    def _missing(self, groups: dict[str, list[Answer]]) -> int:
        """How many results the plan calls for and the file lacks."""
        columns = len({a.prompts for repeats in groups.values() for a in repeats})
        last = max(each.place for each in self._answers) + 1
        short = sum(max(0, self._repeat - len(repeats)) for repeats in groups.values())
        planned = max(last, self._planned * self._repeat) * columns
        if not self._planned:
            self.source.account.notes.append(
                "its configuration names files of tests, so that nobody can say from it whether "
                "tests at the end are missing"
            )
        return max(short, planned - sum(map(len, groups.values())))

    def _check_names(self, names: list[str]) -> None:
        self.source.check_asked(names)
        called = [self.source.reading.metric(name) for name in names]
        if len(set(called)) < len(called):
            reason = f"two of its scores get one name; name apart {', '.join(names[:20])}"
            raise self.source.refused("", reason)

    def _claims(self, provider: str, prompt: str) -> Iterator[Claim]:
        """What promptfoo sums up itself, for the column that was chosen."""
        for head in self._heads:
            told = {str(head.get(name)) for name in ("id", "label", "raw")}
            if head.get("provider") != provider or not (prompt == _ALL or prompt in told):
                continue
            metrics = fields_of(head.get("metrics"))
            counts = [
                whole(metrics.get(f"test{name}Count")) or 0 for name in ("Pass", "Fail", "Error")
            ]
            reading = self.source.reading
            if sum(counts):
                yield Claim(
                    metric=reading.metric(PASS),
                    statistic="pass rate, errors as failures",
                    reducer="",
                    value=counts[0] / sum(counts),
                )
            for name, total in fields_of(metrics.get("namedScores")).items():
                if isinstance(total, int | float):
                    yield Claim(
                        metric=reading.metric(name), statistic="sum", reducer="", value=float(total)
                    )

    def _rows(
        self, groups: dict[str, list[Answer]], *, missing: int, names: Mapping[str, tuple[str, str]]
    ) -> Iterator[pa.RecordBatch]:
        system = next(iter(groups.values()))[0].providers[0]
        pile = Pile(self.source, run=self._id, system=system, suite="promptfoo")
        for item, repeats in groups.items():
            for epoch, answer in enumerate(repeats):
                for row in answer.rows(item, epoch, self._version):
                    pile.add(row)
                if pile.full:
                    yield pile.batch()
        for k in range(missing):
            item = f"missing-{k + 1}"
            for name, (kind, scorer) in names.items():
                who = judge(kind, f"promptfoo.{scorer}", self._version)
                bare = Row(item=item, metric=name, value=None, cluster=item, failed=True, judge=who)
                pile.add(bare)
            if pile.full:
                yield pile.batch()
        if len(pile):
            yield pile.batch()
