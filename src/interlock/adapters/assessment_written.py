"""The fields of an assessment that its author wrote, on paper."""

from collections.abc import Iterator, Sequence

from interlock.adapters.pages import ReviewPage
from interlock.adapters.paper import (
    Badge,
    Block,
    Bullets,
    Card,
    Code,
    Digest,
    Facts,
    Line,
    Name,
    Part,
    Strong,
    Table,
    Tone,
    Words,
    Written,
)
from interlock.adapters.wording import condition, counted, sentence, taken_on, voted_go
from interlock.review import Defeater, SafetyImpactAssessment, figure, interval, told

_DOUBTS: dict[str, Tone] = {"open": "bad", "resolved": "good", "accepted": "open"}


def listed(lines: Sequence[Line], none: str) -> Block:
    """A list, or the sentence that says there is nothing to list."""
    return Bullets(lines) if lines else Words(none)


def written(text: str, none: str) -> Block:
    """What somebody wrote, or the sentence that says nobody wrote it."""
    return Written(text) if text.strip() else Words(none)


def identity(doc: SafetyImpactAssessment) -> list[Block]:
    """What the assessment is, how long it lasts, what would call for another."""
    draft = doc.draft
    days = draft.valid_days
    lasts = f"{counted(days, 'day')} from the decision, if it is a go." if days else ""
    follows: list[Block] = [Words(("It follows the go ", Digest(draft.follows), "."))]
    return [
        Facts(
            [
                ("Id and version", [Words((Code(draft.id), f", version {draft.version}"))]),
                ("Status", [Words(sentence(draft.status))]),
                ("Replaces", [written(draft.supersedes, "Nothing: it is the first.")]),
                *([("Differs in", [Words(", ".join(doc.changed))])] if doc.changed else []),
                (
                    "Class of change",
                    [Words(sentence(draft.change)), *(follows if draft.follows else [])],
                ),
                ("Lasts", [Words(lasts or "No expiry is stated.")]),
                (
                    "Assessed again when",
                    [listed(draft.reassess_when, "Nothing but its expiry is named.")],
                ),
            ]
        )
    ]


def use(doc: SafetyImpactAssessment) -> list[Block]:
    """What the release is for, and what it is not for."""
    draft = doc.draft
    return [
        Facts(
            [
                ("Intended purpose", [written(draft.purpose, "None is stated.")]),
                ("Users", [listed(draft.users, "Nobody is named.")]),
                ("Languages", [Words(", ".join(draft.languages) or "None is named.")]),
                ("Tiers", [Words(", ".join(draft.tiers) or "None is named.")]),
                ("Not for", [listed(draft.excluded_uses, "Nothing is excluded.")]),
                ("Foreseeable misuse", [listed(draft.misuse, "None is named.")]),
            ]
        )
    ]


def regimes(doc: SafetyImpactAssessment) -> list[Block]:
    """Bodies of rules in play, and those that are not."""
    rows: list[tuple[Line, ...]] = [(one.name, one.role, one.reason) for one in doc.draft.regimes]
    if not rows:
        return [Words("None is named.")]
    return [Table("Rules in play, and those that are not", ("Rules", "Our role", "Why"), rows)]


def affected(doc: SafetyImpactAssessment) -> list[Block]:
    """Parties affected, users or not."""
    rows: list[tuple[Line, ...]] = [
        (one.who, one.group.replace("-", " "), one.how) for one in doc.draft.affected
    ]
    if not rows:
        return [Words("Nobody is named.")]
    return [Table("Who is affected, users or not", ("Who", "Group", "How"), rows)]


def hazards(doc: SafetyImpactAssessment) -> list[Block]:
    """How the product can do harm."""
    cards: list[Block] = []
    for rest in doc.residual:
        hazard = doc.draft.hazards[rest.hazard]
        level = "not stated" if hazard.severity is None else f"{hazard.severity}"
        meaning = f": {rest.severity}" if rest.severity else ""
        rows: list[tuple[str, Sequence[Block]]] = [
            ("Severity", [Words(f"{level}{meaning}")]),
            ("By whose hand", [written(hazard.actor, "Not stated.")]),
            ("Exposure", [Words(_a_year(told(hazard.exposure) if hazard.exposure else ""))]),
            ("Noticed by", [written(hazard.detectability, "Not stated.")]),
            ("Metric", [Words(hazard.metric or "None: no evidence speaks to it.")]),
        ]
        if rest.nist:
            rows.append(("NIST AI 600-1", [Words(", ".join(rest.nist))]))
        blocks: list[Block] = [written(hazard.scenario, "No scenario is written.")]
        title = rest.category or hazard.category
        cards.append(Card(title, [*blocks, Facts(rows, small=True)]))
    return cards or [Words("No hazard is named.")]


def limits(doc: SafetyImpactAssessment) -> list[Block]:
    """Where the evidence says nothing."""
    return [listed(doc.draft.limits, "None is named.")]


def unmeasured(doc: SafetyImpactAssessment) -> list[Block]:
    """Red lines of the charter that no criterion measures, and why that may be so."""
    if not doc.unmeasured:
        return []
    given = {one.id: one.reason for one in doc.draft.unmeasured_red_lines}
    rows: list[tuple[str, Sequence[Block]]] = [
        (
            line.id,
            [
                Words(line.text),
                Written(f"Acknowledged: {given[line.id]}")
                if line.id in given
                else Words("Nobody has acknowledged this."),
            ],
        )
        for line in doc.unmeasured
    ]
    return [
        Part("Red lines of the charter that this evidence does not speak to"),
        Words("No criterion measures them. Nothing here shows that they are kept."),
        Facts(rows),
    ]


def mitigations(doc: SafetyImpactAssessment) -> list[Block]:
    """Controls against the hazards, with what the sealed evidence says of them."""
    cards: list[Block] = []
    for place, one in enumerate(doc.draft.mitigations):
        cards.append(
            Card(
                sentence(one.control),
                [
                    Facts(
                        [
                            ("Against", [Words(", ".join(one.hazards) or "No hazard is named.")]),
                            ("Measured", [listed([*_measured(doc, place)], "Nothing.")]),
                            (
                                "Beyond that",
                                [
                                    Words(
                                        f"Stops a share of {told(one.effect)} of what is left"
                                        if one.effect
                                        else "Nothing is claimed."
                                    ),
                                    *([Written(one.grounds)] if one.grounds else []),
                                ],
                            ),
                            ("Owner", [Words((Name(one.owner or "nobody"),))]),
                            ("How it fails", [written(one.fails_when, "Not stated.")]),
                            ("Last verified", [Words(one.verified or "Never.")]),
                        ],
                        small=True,
                    )
                ],
            )
        )
    return cards or [Words("No mitigation is named.")]


def _measured(doc: SafetyImpactAssessment, place: int) -> Iterator[Line]:
    """What the sealed evidence says of one mitigation."""
    scales = {one.verdict.label: one.scale for one in doc.evidence}
    for one in doc.effects:
        if one.mitigation != place:
            continue
        shown = ""
        if one.estimate is not None and one.claim in scales:
            scale = scales[one.claim]
            value, ends = figure(one.estimate.value, scale), interval(one.estimate, scale)
            shown = f", {value} ({ends})"
        yield (f"{sentence(one.claim)} ", Strong(one.outcome), shown)


def alternatives(doc: SafetyImpactAssessment) -> list[Block]:
    """What else was weighed, not shipping among it; benefits apart."""
    draft = doc.draft
    ways = [(Strong(one.option), f": {one.why_not}") for one in draft.alternatives]
    return [
        Facts(
            [
                ("Not shipping", [written(draft.not_shipping, "Nothing is said of it.")]),
                ("Other ways", [listed(ways, "None is named.")]),
                ("Benefits", [listed(draft.benefits, "None is named.")]),
            ]
        )
    ]


def safety_case(page: ReviewPage) -> list[Block]:
    """Claims with what holds them up, and the doubts about them."""
    case, voters = page.document.draft.safety_case, voted_go(page.votes)
    cards: list[Block] = []
    for claim in case.claims:
        rows: list[tuple[str, Sequence[Block]]] = []
        if claim.supports:
            rows.append(("Supports", [Words((Code(claim.supports),))]))
        if claim.argument:
            rows.append(("Argument", [Written(claim.argument)]))
        if claim.evidence:
            rows.append(("Evidence", [Bullets(claim.evidence)]))
        if claim.assumptions:
            rows.append(("Assumes", [Bullets(claim.assumptions)]))
        cards.append(Card((Code(claim.id), f" {claim.text}"), [Facts(rows, small=True)]))
    cards += [
        Card(
            ("Doubt about ", Code(one.claim)),
            [written(one.text, "Nothing is said."), *_met(one, voters), *noted(one.reason)],
            badge=Badge(one.state, _DOUBTS[one.state]),
        )
        for one in case.defeaters
    ]
    return cards or [Words("No safety case is made.")]


def _met(one: Defeater, voters: frozenset[str]) -> list[Block]:
    """By whom a doubt was met, as far as anybody says so."""
    if not one.by.strip():
        return []
    if one.state == "accepted":
        return [Words(sentence(taken_on(one.by, voters)), soft=True)]
    return [Words(f"{one.state.capitalize()} by {one.by}, as the author states.", soft=True)]


def monitoring(doc: SafetyImpactAssessment) -> list[Block]:
    """What is watched after the release, and how it is stopped."""
    draft = doc.draft
    blocks: list[Block] = [Words("Nothing is watched.")]
    if draft.monitoring:
        head = ("Metric", "Out of", "Window", "Alarm", "False alarms", "Calls", "Way back")
        blocks = [
            Table(
                "What is watched after the release",
                head,
                [
                    (
                        one.metric,
                        one.denominator,
                        one.window,
                        one.threshold,
                        one.false_alarms,
                        (Name(one.pages),),
                        one.rollback,
                    )
                    for one in draft.monitoring
                ],
            )
        ]
    switch = draft.kill_switch
    tested = f"Last tried on {switch.tested}." if switch.tested else "It was never tried."
    how = written(switch.how, "No kill switch is described.")
    return [*blocks, Part("Kill switch"), how, *([Words(tested)] if switch.how else [])]


def incidents(doc: SafetyImpactAssessment) -> list[Block]:
    """What happens when harm is seen."""
    plan = doc.draft.incidents
    blocks: list[Block] = []
    if plan.levels:
        ladder: list[tuple[Line, ...]] = [
            (one.level, one.when, one.response) for one in plan.levels
        ]
        blocks.append(Table("Severity ladder", ("Level", "When", "What is done"), ladder))
    if plan.clocks:
        clocks: list[tuple[Line, ...]] = [
            (one.to, one.rule, one.event, "not stated" if one.hours is None else f"{one.hours} h")
            for one in plan.clocks
        ]
        head = ("Who is told", "Rule", "What starts the clock", "Within")
        blocks.append(Table("How soon others must be told", head, clocks, numbers=(3,)))
    contact = written(plan.contact, "Nobody is named.")
    return [*blocks, Facts([("Contact", [contact])])]


def conditions(doc: SafetyImpactAssessment) -> list[Block]:
    """Bounds that a machine can check, and features that stay blocked."""
    blocks = [listed([condition(one) for one in doc.draft.conditions], "None.")]
    if doc.blocked:
        rows: list[tuple[Line, ...]] = [
            (
                one.feature,
                one.campaign,
                f"{one.clusters:,} independent units of {one.metric}",
                sentence(one.reason),
                "yes" if one.off else "no",
            )
            for one in doc.blocked
        ]
        head = ("Feature", "Campaign", "Needs", "Why blocked", "Turned off here")
        blocks += [
            Part("Features whose campaign the evidence does not cover"),
            Table("Blocked features", head, rows),
        ]
    return blocks


def interests(doc: SafetyImpactAssessment) -> list[Block]:
    """Who stands to gain or lose, and what keeps them from deciding."""
    rows: list[tuple[Line, ...]] = [
        ((Name(one.person),), one.interest or "none", one.handled) for one in doc.draft.interests
    ]
    blocks: list[Block] = [Words("Nobody has declared any.")]
    if rows:
        head = ("Person", "Interest", "How it is kept from deciding")
        blocks = [Table("Interests declared", head, rows)]
    return [
        *blocks,
        Facts([("Independence", [written(doc.draft.independence, "Nothing is said of it.")])]),
    ]


def disclosure(doc: SafetyImpactAssessment) -> list[Block]:
    """Who may read a field, where it is another than by default."""
    rows: list[tuple[Line, ...]] = [
        (one.field.replace("_", " "), one.to) for one in doc.draft.disclosure
    ]
    if not rows:
        return [Words("Every field is disclosed as by default.")]
    return [Table("Fields disclosed otherwise than by default", ("Field", "Class"), rows)]


def retention(doc: SafetyImpactAssessment) -> list[Block]:
    """How long all this is kept."""
    kept = doc.draft.retention
    lasts = "Not stated." if kept.years is None else f"{counted(kept.years, 'year')} after it ends."
    hold = "Nothing may be erased until counsel lifts the hold." if kept.legal_hold else "None."
    return [
        Facts(
            [
                ("Kept for", [Words(sentence(lasts)), *noted(kept.reason)]),
                ("Legal hold", [Words(hold), *noted(kept.matter)]),
            ]
        )
    ]


def noted(text: str) -> list[Block]:
    """What somebody wrote, if anybody did."""
    return [Written(text)] if text.strip() else []


def _a_year(words: str) -> str:
    return f"{words} occasions a year" if words else "Not stated."
