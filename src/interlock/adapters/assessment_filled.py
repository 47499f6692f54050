"""The fields of an assessment that the ledger filled in, on paper."""

from collections.abc import Iterator, Sequence

from interlock.adapters.assessment_written import listed, noted, unmeasured, written
from interlock.adapters.evidence_paper import (
    attempts_table,
    rows_line,
    slices_blocks,
    verdict_card,
)
from interlock.adapters.pages import ReviewPage
from interlock.adapters.paper import (
    Block,
    Bullets,
    Card,
    Code,
    Digest,
    Facts,
    Label,
    Line,
    Link,
    Moment,
    Name,
    Part,
    Strong,
    Table,
    Words,
    Written,
)
from interlock.adapters.wording import counted, sentence, taken_on, voted_go
from interlock.review import (
    Exceedance,
    ResidualRisk,
    RiskScore,
    SafetyImpactAssessment,
    Simulation,
    figure,
    told,
)


def subject(doc: SafetyImpactAssessment) -> list[Block]:
    """Exactly what is assessed, by digest."""
    found = doc.subject
    rows: list[tuple[str, Sequence[Block]]] = [
        (
            "System",
            [Words((Name(found.name), " ", Digest(found.system, f"systems/{found.system}.html")))],
        ),
        (
            "Model",
            [Words((Code(found.model),)) if found.model else Words("Its manifest is not at hand.")],
        ),
    ]
    if found.features:
        rows.append(("Features", [Words(", ".join(found.features))]))
    blocks: list[Block] = [Facts(rows)]
    if found.parts:
        parts: list[tuple[Line, ...]] = [(one.name, (Code(one.version),)) for one in found.parts]
        blocks.append(
            Table("Everything else that can change its answers", ("Part", "Version"), parts)
        )
    return [
        *blocks,
        Words("No digest can prove what a provider serves behind a name.", soft=True),
    ]


def scores(page: ReviewPage) -> list[Block]:
    """The named risk scores, each with its formula, inputs and interval."""
    over = dict(score_lines(page))
    cards: list[Block] = [
        Card(one.score, [*_score(one), *([Words(over[one.score])] if one.score in over else [])])
        for one in page.document.scores
    ]
    return cards or [Words("No score could be worked out, or the charter names none.")]


def score_lines(page: ReviewPage) -> Iterator[tuple[str, Line]]:
    """By name, every score that may be over the charter's limit, and who takes that on."""
    doc, voters = page.document, voted_go(page.votes)
    given = {one.score: one.acceptance for one in doc.draft.scores}
    for one in doc.scores:
        if not one.over_limit:
            continue
        accepted, found = given.get(one.score), one.figures
        why = f": {sentence(accepted.reason)}" if accepted and accepted.reason.strip() else "."
        yield (
            one.score,
            (
                f"The score {one.score} may be over the charter's limit {one.limit:g}: P95 "
                f"{found.p95:.3g} ({found.p95_low:.3g} to {found.p95_high:.3g}); ",
                f"{taken_on(accepted.by if accepted else '', voters)}{why}",
            ),
        )


def _score(one: RiskScore) -> list[Block]:
    weights = {each.input: f"{each.weight:g}" for each in one.weights}
    inputs: list[tuple[Line, ...]] = [
        (
            each.input,
            weights.get(each.input, ""),
            told(each.range) if each.range else "",
            each.grounds,
        )
        for each in one.inputs
    ]
    rows = [("Formula", [Words((Code(one.formula),))]), *_drawn(one.figures)]
    if one.limit is not None:
        over = _exceeded(one.exceedance, "if the ranges are right")
        rows.append(("Limit", [Words(f"{one.limit:g} at the 95th percentile{over}")]))
    head = ("Input", "Weight", "Range", "Grounds")
    return [
        Words(one.definition),
        Facts(rows, small=True),
        Table(f"Inputs of {one.score}", head, inputs, numbers=(1,)),
    ]


def _exceeded(chance: Exceedance | None, terms: str) -> str:
    """How often a limit is exceeded, with the error of drawing, and on which terms."""
    if chance is None:
        return ""
    share, low, high = (figure(one, "share") for one in (chance.share, chance.low, chance.high))
    return f"; exceeded with a chance of {share} ({low} to {high}), {terms}"


def seal(doc: SafetyImpactAssessment) -> list[Block]:
    """Which bar, when it was fixed, and what went otherwise."""
    sealed = doc.sealed
    basis: Line = (
        Label("Retrospective", "open"),
        " The results existed before the bar was fixed, so the bar may have been chosen with "
        "them in view.",
    )
    if sealed.basis == "prospective":
        basis = (Label("Prospective", "good"), " The bar was fixed before the evidence was drawn.")
    blocks: list[Block] = [
        Words(
            (
                "The bar ",
                Name(doc.hypothesis.name),
                " was sealed as entry ",
                f"{sealed.index} of the log on ",
                Moment(sealed.time),
                ", seal ",
                Digest(sealed.seal, f"hypotheses/{sealed.seal}.html"),
                f", for {counted(sealed.candidates, 'candidate')}.",
            )
        ),
        Words(basis),
    ]
    if not sealed.confirmatory:
        blocks.append(Words(exploratory()))
    blocks.append(Part("Deviations"))
    if not doc.deviations:
        return [*blocks, Words("None: everything went as it was sealed.")]
    rows: list[tuple[Line, ...]] = [
        (sentence(one.what), (Moment(one.time),), doc.reasons.get(one.what, "No reason is given."))
        for one in doc.deviations
    ]
    head = ("What went otherwise", "When", "Why")
    return [*blocks, Table("Deviations from what was sealed", head, rows)]


def exploratory() -> Line:
    """What is said of a seal that can never lead to GO."""
    return (
        Label("Exploratory", "bad"),
        " This hypothesis was sealed to explore. It can never lead to GO.",
    )


def evidence(doc: SafetyImpactAssessment) -> list[Block]:
    """Every criterion with its verdict and interval, who scored it, and the slices."""
    unit = f" One independent unit is {doc.hypothesis.cluster}." if doc.hypothesis.cluster else ""
    blocks: list[Block] = [
        Words(
            "A criterion passes only if its whole interval lies on the passing side of its limit, "
            f"shaded below; it is undecided while the limit lies inside.{unit}"
        ),
        *map(verdict_card, doc.evidence),
    ]
    if not doc.evidence:
        blocks.append(Words("There is none, and nothing judged is nothing passed."))
    blocks.append(Words(rows_line(doc.judgement.evidence)))
    if doc.judges:
        rows: list[tuple[Line, ...]] = [
            (one.metric, (Code(one.judge),), f"{one.rows:,}", one.validated_by or "nothing")
            for one in doc.judges
        ]
        head = ("Metric", "Judge", "Rows", "Held to people's labels by")
        blocks += [Part("Judges"), Table("Who scored the rows", head, rows, numbers=(2,))]
    tried = written(doc.draft.elicitation, "Nothing is said of it.")
    blocks += [Part("How hard it was tried to make the candidate fail"), tried]
    names = (doc.sealed.baseline_name, doc.sealed.candidate_name)
    title = Part("Slices: what an average can hide", id="slices")
    return [*blocks, title, *slices_blocks(doc.slices, names)]


def against(doc: SafetyImpactAssessment) -> list[Block]:
    """Everything that speaks against the release: failures, losses, attempts, dropped claims."""
    blocks: list[Block] = [listed([*against_lines(doc, most=len(doc.worsened))], nothing_against())]
    if not doc.earlier:
        return [*blocks, *unmeasured(doc)]
    reason = " A claim that did not pass and is no longer judged needs a reason."
    blocks += [
        Part("What other seals tried on the same systems or evidence", id="attempts"),
        Words(
            "Each attempt at a claim leaves the next one less error to spend."
            + (reason if doc.abandoned else "")
        ),
        attempts_table(doc.earlier),
    ]
    if doc.abandoned:
        blocks += [
            Words("Why what did not pass is no longer judged:"),
            Facts([(sentence(claim), _dropped(doc, claim)) for claim in _claims(doc)]),
        ]
    return [*blocks, *unmeasured(doc)]


def _claims(doc: SafetyImpactAssessment) -> list[str]:
    return list(dict.fromkeys(one.claim for one in doc.abandoned))


def _dropped(doc: SafetyImpactAssessment, claim: str) -> list[Block]:
    given: list[Block] = [Written(one.reason) for one in doc.draft.dropped if one.claim == claim]
    return given or [Words("No reason is given.")]


def nothing_against() -> str:
    """What is said where nothing speaks against a release."""
    return (
        "Every criterion passed, no slice is known to have got worse or to lack the gain, and "
        "nothing else was tried on these systems or this evidence."
    )


def against_lines(doc: SafetyImpactAssessment, *, most: int) -> list[Line]:
    """What speaks against, a line each.

    Args:
        doc: The assessment.
        most: How many slices of one standing to name before the rest are counted.
    """
    lines: list[Line] = [
        f"{one.verdict.outcome.capitalize()}: {sentence(one.claim)}" for one in doc.against
    ]
    for status in ("worse", "no gain shown"):
        many = [one for one in doc.worsened if one.finding.status == status]
        for one in many[:most]:
            found = one.finding
            before, after = figure(found.before, one.scale), figure(found.after, one.scale)
            lines.append(
                f"{status.capitalize()} where {found.slice} is {found.value}: {found.metric} "
                f"went from {before} to {after}."
            )
        if len(many) > most:
            left = f"{status.capitalize()} in {len(many) - most} more, "
            lines.append((left, Link("below", "#slices"), "."))
    for past in doc.setbacks:
        gone: Line = (", and ", Strong("no longer judged")) if past.dropped else ()
        lines.append(
            (
                "In another seal, ",
                Name(past.hypothesis),
                ", on ",
                Moment(past.time),
                f": {past.claim}: ",
                Strong(past.outcome),
                *gone,
                ".",
            )
        )
    if doc.earlier:
        count = f"Attempts in other seals on the same systems or evidence: {len(doc.earlier)}"
        lines.append((f"{count}; all of them are ", Link("below", "#attempts"), "."))
    return lines


def residual(page: ReviewPage) -> list[Block]:
    """What remains of each hazard, against what is accepted and by whom."""
    doc, cards = page.document, list[Block]()
    for rest in doc.residual:
        rows: list[tuple[str, Sequence[Block]]] = [("Rate", [Words(rate_line(doc, rest.hazard))])]
        if rest.figures is not None:
            rows += [("Formula", [Words((Code(rest.formula),))]), *_drawn(rest.figures)]
        else:
            rows.append(("Severity a year", [Words("Bound, exposure or severity is not there.")]))
        rows.append(("What remains is", _accepted(page, rest)))
        title = rest.category or doc.draft.hazards[rest.hazard].category
        cards.append(Card(title, [Facts(rows, small=True)]))
    if any(rest.figures is not None for rest in doc.residual):
        cards.insert(0, Words(_POINTS, soft=True))
    return cards or [Words("No hazard is named.")]


_POINTS = (
    "Severity points a year are what would remain if the bound were the rate, and the ranges "
    "right. They treat the levels of an ordinal scale as numbers: nothing shows that level 4 is "
    "twice as bad as level 2."
)


def _accepted(page: ReviewPage, rest: ResidualRisk) -> list[Block]:
    """Who takes on what remains of a hazard, up to which level."""
    found = page.document.draft.hazards[rest.hazard].acceptance
    if found is None:
        return [Words("accepted by nobody.")]
    points = "" if found.level is None else f", up to {found.level:g} severity points a year"
    chance = _exceeded(rest.exceedance, "if the bound were the rate, and the ranges right")
    bare = " It is accepted with no mitigation at all." if found.as_it_is else ""
    who = taken_on(found.by, voted_go(page.votes))
    return [Words(f"{who}{points}{chance}.{bare}"), *noted(found.reason)]


def rate_line(doc: SafetyImpactAssessment, hazard: int) -> str:
    """The residual rate of a hazard as far as evidence bounds it."""
    rest = next(one for one in doc.residual if one.hazard == hazard)
    if rest.bound is None or rest.confidence is None:
        return "not bounded by evidence"
    metric = doc.draft.hazards[hazard].metric
    bound, confidence = figure(rest.bound, "share"), figure(rest.confidence, "share")
    return f"{metric} at most {bound}, with {confidence} confidence"


def _drawn(one: Simulation) -> list[tuple[str, Sequence[Block]]]:
    """A result worked out by drawing: percentiles, their own error, and what moves them."""
    moved = [
        f"{each.input}: {figure(each.share, 'share')} of squared rank correlation"
        for each in one.sensitivity
        if each.share > 0
    ]
    return [
        ("P50", [Words(f"{one.p50:.3g} ({one.p50_low:.3g} to {one.p50_high:.3g})")]),
        ("P95", [Words(f"{one.p95:.3g} ({one.p95_low:.3g} to {one.p95_high:.3g})")]),
        ("Drawn", [Words(f"{one.draws:,} times, seed {one.seed}")]),
        ("Moves with", [Bullets(moved) if moved else Words("Nothing: it never moves.")]),
    ]
