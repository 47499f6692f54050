"""Whatever people write, the page keeps its shape: words stay words."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.adapters.assessment_paper import assessment_paper
from interlock.adapters.html import html
from interlock.adapters.markdown import markdown
from interlock.adapters.paper import Paper
from interlock.adapters.pdf import pdf
from interlock.review import Draft, draft_template, fill, load_draft
from interlock.review.hazards import Hazard, Mitigation, RiskAcceptance
from interlock.review.operation import (
    IncidentLevel,
    IncidentPlan,
    KillSwitch,
    Monitor,
    NotificationClock,
    Retention,
)
from interlock.review.safety_case import CaseClaim, Defeater, SafetyCase
from interlock.review.scope import (
    AffectedParty,
    Alternative,
    DroppedClaim,
    Interest,
    Regime,
    UnmeasuredRedLine,
)
from tests.review_facts import CHARTER, FACTS, HYPOTHESIS, PAGE

MARKUP = st.sampled_from(
    ["<script>", "</p>", "</style>", "-->", "<!--", "]]>", "&lt;", '"', "'", "{{ x }}", "{% x %}",
     "<svg onload=x>", "\u202e", "\x00", "\ud7ff", "javascript:", "<b", "&#60;"]
)  # fmt: skip
WRITTEN = st.lists(MARKUP | st.text(max_size=8), max_size=6).map("".join)
# What nobody wrote is told in other words than what somebody did.
SOMETHING = WRITTEN.map(lambda words: f"{words}x")

EARLIER, LINE = FACTS.earlier[1], CHARTER.red_lines[0]


class Shape(HTMLParser):
    """The tags and attribute names of a page, without its words."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.shape.append(("comment",))


def page_of(words: str) -> Paper:
    """A page on which everything that people write is the same words."""
    case = SafetyCase(
        claims=(
            CaseClaim(
                id="top", text=words, argument=words, evidence=(words,), assumptions=(words,)
            ),
        ),
        defeaters=(Defeater(claim="top", text=words, state="resolved", reason=words, by=words),),
    )
    draft = Draft(
        id=words,
        title=words,
        product=words,
        supersedes=words,
        reassess_when=(words,),
        purpose=words,
        users=(words,),
        languages=(words,),
        excluded_uses=(words,),
        misuse=(words,),
        regimes=(Regime(name=words, role=words, reason=words),),
        affected=(AffectedParty(who=words, how=words),),
        hazards=(
            Hazard(
                id="first",
                category=words,
                scenario=words,
                actor=words,
                detectability=words,
                metric=words,
                acceptance=RiskAcceptance(by=words, reason=words),
            ),
        ),
        elicitation=words,
        limits=(words,),
        dropped=(DroppedClaim(claim=EARLIER.claim, reason=words),),
        unmeasured_red_lines=(UnmeasuredRedLine(id=LINE.id, reason=words),),
        mitigations=(Mitigation(control=words, hazards=("first",), owner=words, fails_when=words),),
        not_shipping=words,
        alternatives=(Alternative(option=words, why_not=words),),
        benefits=(words,),
        safety_case=case,
        monitoring=(Monitor(metric=words, threshold=words, pages=words, rollback=words),),
        kill_switch=KillSwitch(how=words),
        incidents=IncidentPlan(
            levels=(IncidentLevel(level=words, when=words, response=words),),
            clocks=(NotificationClock(to=words, rule=words, event=words),),
            contact=words,
        ),
        interests=(Interest(person=words, interest=words, handled=words),),
        independence=words,
        retention=Retention(reason=words, matter=words),
    )
    vote = replace(PAGE.votes[0], person=words, reasons=words)
    page = replace(PAGE, document=fill(draft, FACTS), votes=(vote,), author=words, product=words)
    return assessment_paper(page)


def shape_of(words: str) -> list[tuple[str, ...]]:
    shape = Shape()
    shape.feed(html(page_of(words)))
    shape.close()
    return shape.shape


PLAIN = shape_of("plain words")


@settings(max_examples=60, deadline=None)
@given(SOMETHING)
def test_no_text_of_a_draft_or_a_vote_changes_the_markup_around_it(words: str) -> None:
    assert shape_of(words) == PLAIN


@settings(max_examples=60, deadline=None)
@given(SOMETHING)
def test_no_text_makes_a_heading_a_list_or_a_tag_of_its_own_in_markdown(words: str) -> None:
    plain, hostile = (markdown(page_of(one)) for one in ("plain words", words))
    headings = [line for line in hostile.splitlines() if line.startswith("#")]
    assert len(headings) == len([line for line in plain.splitlines() if line.startswith("#")])
    assert not re.search(r"(?<!\\)<(?!`)[a-zA-Z/!]", re.sub(r"`+[^`]*`+", "", hostile))
    assert not re.search(r"(?<!\\)\]\(", hostile)


@settings(max_examples=8, deadline=None)
@given(SOMETHING)
def test_no_text_is_markup_to_the_typesetter(words: str) -> None:
    """What is set as markup would not compile, or read another file."""
    hostile = f'#panic("x") #read("/etc/hosts") $x$ *b* _i_ `r` <a> @b {words}'
    assert pdf(page_of(hostile)).startswith(b"%PDF-")


@settings(max_examples=60, deadline=None)
@given(WRITTEN.map(lambda words: "".join(c for c in words if c.isprintable())[:200]))
def test_no_name_changes_the_shape_of_a_template(words: str) -> None:
    name = words or "guard"
    facts = replace(FACTS, hypothesis=replace(HYPOTHESIS, name=name))
    draft = load_draft(draft_template(facts), file="draft.yaml")
    assert draft.id == " ".join(name.split())
    assert draft.product == "assistant"
