"""A Safety Impact Assessment with its review as one paper: the answer first, then all 22 fields."""

from collections.abc import Callable, Mapping, Sequence

from interlock.adapters import assessment_filled as filled
from interlock.adapters import assessment_written as authored
from interlock.adapters.assessment_summary import summary
from interlock.adapters.pages import ReviewPage
from interlock.adapters.paper import Block, Code, Label, Link, Name, Paper, Section, Words
from interlock.adapters.review_paper import (
    as_of_line,
    questions_section,
    review_signal,
    time_section,
    trace_section,
    votes_section,
)
from interlock.review import FieldName, SafetyImpactAssessment

_LEDGER = Label("Filled from the ledger", "good")
_AUTHOR = Label("Written by the author")

_Blocks = Callable[[ReviewPage], list[Block]]
_Field = tuple[FieldName, str, _Blocks, tuple[Label, ...]]


def _alone(blocks: Callable[[SafetyImpactAssessment], list[Block]]) -> _Blocks:
    """A field that is told from the document, without its review."""
    return lambda page: blocks(page.document)


_FIELDS: tuple[_Field, ...] = (
    ("identity", "Identity, validity, re-assessment", _alone(authored.identity), (_AUTHOR,)),
    ("subject", "Subject by digest", _alone(filled.subject), (_LEDGER,)),
    ("use", "Purpose and use", _alone(authored.use), (_AUTHOR,)),
    ("regimes", "Rules in play", _alone(authored.regimes), (_AUTHOR,)),
    ("affected", "Affected parties", _alone(authored.affected), (_AUTHOR,)),
    ("hazards", "Hazards", _alone(authored.hazards), (_AUTHOR,)),
    ("scores", "Named risk scores", filled.scores, (_AUTHOR, _LEDGER)),
    ("seal", "Seal and deviations", _alone(filled.seal), (_LEDGER, _AUTHOR)),
    ("evidence", "Evidence", _alone(filled.evidence), (_LEDGER, _AUTHOR)),
    ("against", "Evidence against, and attempts", _alone(filled.against), (_LEDGER, _AUTHOR)),
    ("limits", "Limits of validity", _alone(authored.limits), (_AUTHOR,)),
    ("mitigations", "Mitigations", _alone(authored.mitigations), (_AUTHOR, _LEDGER)),
    ("residual", "What remains of each hazard", filled.residual, (_LEDGER, _AUTHOR)),
    ("alternatives", "Alternatives and benefits", _alone(authored.alternatives), (_AUTHOR,)),
    ("safety_case", "Safety case", authored.safety_case, (_AUTHOR,)),
    ("monitoring", "Monitoring", _alone(authored.monitoring), (_AUTHOR,)),
    ("incidents", "Incident plan", _alone(authored.incidents), (_AUTHOR,)),
    ("conditions", "Conditions on the release", _alone(authored.conditions), (_AUTHOR, _LEDGER)),
    ("interests", "Interests and independence", _alone(authored.interests), (_AUTHOR,)),
)
_LAST: tuple[_Field, ...] = (
    ("disclosure", "Disclosure", _alone(authored.disclosure), (_AUTHOR,)),
    ("retention", "Retention and legal hold", _alone(authored.retention), (_AUTHOR,)),
)


_SUMMED: frozenset[FieldName] = frozenset(
    {
        "identity",
        "hazards",
        "scores",
        "seal",
        "evidence",
        "against",
        "mitigations",
        "residual",
        "conditions",
    }
)
"""What the summary tells of: whoever may not read one of these gets no summary."""


def assessment_paper(
    page: ReviewPage,
    *,
    withheld: Mapping[FieldName, str] | None = None,
    more: Sequence[Section] = (),
    path: str = "",
    menu: Sequence[Link] = (),
) -> Paper:
    """The whole assessment with its review.

    Args:
        page: The assessment and what the log says of it.
        withheld: For a copy with less in it, the disclosure class of every
            field that its readers may not read.
        more: What a site has to add to it.
        path: Its place in a site; empty where it stands alone.
        menu: The site's rooms.
    """
    kept = withheld or {}
    draft = page.document.draft
    number = len(_FIELDS) + 1
    votes = votes_section(page)
    sections = [
        *([] if _SUMMED.intersection(kept) else [summary(page)]),
        *(_section(page, f"{k}.", each) for k, each in enumerate(_FIELDS, 1)),
        Section("votes", f"{number}. {votes.title}", votes.blocks, labels=(_LEDGER,)),
        *(_section(page, f"{k}.", each) for k, each in enumerate(_LAST, number + 1)),
        questions_section(page),
        time_section(page.steps, page.days_in_review),
        trace_section(page),
        *more,
    ]
    hidden = "identity" in kept
    named = f" {draft.id}, version {draft.version}" if not hidden else ""
    return Paper(
        title=page.candidate if hidden else draft.title,
        eyebrow=(f"Safety Impact Assessment{named} · ", Name(page.product)),
        kind="Safety Impact Assessment",
        signal=review_signal(page),
        as_of=as_of_line(page.as_of),
        sections=[_kept_from(one, kept) for one in sections],
        path=path,
        menu=menu,
        foot=(
            "This page is a rendering and proves nothing by itself. To check the decision without "
            "trusting whoever sent it, run ",
            Code("interlock verify BUNDLE --root FILE"),
            " with a root you hold yourself. It claims no compliance with any law or standard.",
        ),
    )


def _section(page: ReviewPage, number: str, field: _Field) -> Section:
    """One field under its number, marked with who filled it in."""
    name, title, blocks, labels = field
    return Section(name, f"{number} {title}", blocks(page), labels=labels)


def _kept_from(section: Section, withheld: Mapping[FieldName, str]) -> Section:
    """The section as it is, or the class that keeps it from these readers."""
    for name, kept in withheld.items():
        if section.id == name:
            label = Label(f"withheld: {kept}", "open")
            return Section(section.id, section.title, [Words((label,))])
    return section
