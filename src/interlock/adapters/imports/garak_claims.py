"""What garak counted itself, held against what its rows say."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from interlock.adapters.imports.source import Fields, Source, whole
from interlock.trial import Claim, Reading

_LOW, _HIGH = "confidence_lower", "confidence_upper"


@dataclass
class Tally:
    """Scores of one detector on one probe, counted as garak counts them."""

    passed: int = 0
    fails: int = 0
    nones: int = 0

    @property
    def processed(self) -> int:
        """All scores, those without a value among them."""
        return self.passed + self.fails + self.nones

    def count(self, score: float | None, threshold: float) -> None:
        """Count one score."""
        if score is None:
            self.nones += 1
        elif score >= threshold:
            self.fails += 1
        else:
            self.passed += 1


@dataclass
class Told:
    """A report's own sums, and the counts of its rows beside them."""

    _tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    _claimed: dict[tuple[str, str], Tally] = field(default_factory=dict)
    _intervals: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _outputs: dict[str, int] = field(default_factory=dict)
    _unjudged: int = 0
    absent: int = 0
    """Scores that garak gave to outputs that never came."""
    missing: dict[str, int] = field(default_factory=dict)
    """Outputs that garak summed up and that are not there, by probe."""

    @property
    def detectors(self) -> list[str]:
        """Every detector that scored anything."""
        return list(dict.fromkeys(detector for _, detector in self._tallies))

    @property
    def unsummed(self) -> list[str]:
        """Probes with scores that garak did not sum up."""
        return sorted({probe for probe, _ in self._tallies.keys() - self._claimed.keys()})

    def detectors_of(self, probe: str) -> list[str]:
        """Detectors that scored a probe; all of them where it has none."""
        own = [detector for each, detector in self._tallies if each == probe]
        return own or self.detectors

    def tally(self, probe: str, detector: str) -> Tally:
        """The counts of one detector on one probe."""
        return self._tallies.setdefault((probe, detector), Tally())

    def outputs(self, probe: str, n: int, *, unjudged: bool) -> None:
        """Count the outputs of an attempt, which may have been given to no detector."""
        self._outputs[probe] = self._outputs.get(probe, 0) + n
        self._unjudged += n if unjudged else 0

    def claim(self, source: Source, line: Fields, member: str) -> None:
        """Keep a sum of garak's.

        Raises:
            BadLogError: It has no counts, or stands twice.
        """
        key = (
            source.fit(line.get("probe"), "probe", member),
            source.fit(line.get("detector"), "detector", member),
        )
        counts = [whole(line.get(name)) for name in ("passed", "fails", "nones")]
        if None in counts:
            raise source.refused(member, "its counts are no whole numbers; run garak 0.17 anew")
        if key in self._claimed:
            reason = f"{key[1]} on {key[0]} is summed up twice; import the report of one run"
            raise source.refused(member, reason)
        self._claimed[key] = Tally(*(n or 0 for n in counts))
        low, high = line.get(_LOW), line.get(_HIGH)
        if isinstance(low, int | float) and isinstance(high, int | float):
            self._intervals[key] = (float(low), float(high))

    def check(self, source: Source, threshold: float) -> None:
        """Hold garak's sums against the rows; fewer rows than it summed up are missing ones.

        Raises:
            BadLogError: They contradict each other.
        """
        for key, claimed in self._claimed.items():
            found = self._tallies.get(key)
            counted = found.processed if found else 0
            where = f"{key[1]} on {key[0]}"
            if counted > claimed.processed:
                reason = (
                    f"garak summed up {claimed.processed} scores of {where}, {counted} are there"
                )
                raise source.refused("", f"{reason}; import the report as garak wrote it")
            if counted < claimed.processed:
                lacking = claimed.processed - counted
                self.missing[key[0]] = max(self.missing.get(key[0], 0), lacking)
            elif found != claimed:
                raise source.refused(
                    "",
                    f"garak counted {claimed.fails} hits of {where}, its scores of {threshold:g} "
                    f"and more are {found.fails if found else 0}; run garak with its usual "
                    "threshold, or hand the scores in as a table",
                )

    def claims(self, reading: Reading) -> Iterator[Claim]:
        """Garak's own rates: of each metric over all probes, and of each probe, with intervals."""
        sums: dict[str, list[int]] = {}
        for (_, detector), tally in self._claimed.items():
            both = sums.setdefault(reading.metric(detector), [0, 0])
            both[0] += tally.fails
            both[1] += tally.fails + tally.passed
        for metric, (fails, scored) in sums.items():
            yield _claim(metric, "mean", fails / scored if scored else None)
        for (probe, detector), tally in self._claimed.items():
            metric, scored = reading.metric(detector), tally.fails + tally.passed
            yield _claim(metric, f"{probe} rate", tally.fails / scored if scored else None)
            bounds = self._intervals.get((probe, detector), ())
            for name, bound in zip((_LOW, _HIGH), bounds, strict=False):
                yield _claim(metric, f"{probe} {name}", bound)

    def notes(self) -> Iterator[str]:
        """What a reader should know of garak's figures and of its rows."""
        if self._intervals:
            yield (
                "garak corrects its intervals for the errors of a detector and its rates not, so "
                "that the two do not fit each other; both are claims, and neither is used"
            )
        if self.absent:
            yield (
                f"garak counts {self.absent} scores of outputs that never came; here they are "
                "errors"
            )
        if self._unjudged:
            yield f"{self._unjudged} outputs were given to no detector and have no row"


def _claim(metric: str, statistic: str, value: float | None) -> Claim:
    return Claim(metric=metric, statistic=statistic, reducer="", value=value)
