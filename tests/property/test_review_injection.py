"""Whatever people write, the page keeps its shape: words stay words."""

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.adapters.pages import review_page
from interlock.review import Draft, draft_template, fill, load_draft
from interlock.review.draft import (
    AffectedParty,
    DroppedClaim,
    Hazard,
    Mitigation,
    Monitor,
    UnmeasuredRedLine,
)
from tests.review_facts import CHARTER, FACTS, HYPOTHESIS, PAGE

MARKUP = st.sampled_from(
    ["<script>", "</p>", "</style>", "-->", "<!--", "]]>", "&lt;", '"', "'", "{{ x }}", "{% x %}",
     "<svg onload=x>", "\u202e", "\x00", "\ud7ff", "javascript:", "<b", "&#60;"]
)  # fmt: skip
WRITTEN = st.lists(MARKUP | st.text(max_size=8), max_size=6).map("".join)

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


def shape_of(words: str) -> list[tuple[str, ...]]:
    draft = Draft(
        id=words,
        title=words,
        product=words,
        purpose=words,
        excluded_uses=(words,),
        affected=(AffectedParty(who=words, how=words),),
        hazards=(
            Hazard(
                category=words,
                scenario=words,
                metric=words,
                mitigation=Mitigation(control=words, owner=words, fails_when=words),
            ),
        ),
        limits=(words,),
        dropped=(DroppedClaim(claim=EARLIER.claim, reason=words),),
        unmeasured_red_lines=(UnmeasuredRedLine(id=LINE.id, reason=words),),
        not_shipping=words,
        monitoring=(Monitor(metric=words, threshold=words, pages=words),),
    )
    vote = replace(PAGE.votes[0], person=words, reasons=words)
    page = replace(PAGE, document=fill(draft, FACTS), votes=(vote,), author=words)
    shape = Shape()
    shape.feed(review_page(page))
    shape.close()
    return shape.shape


PLAIN = shape_of("plain words")


@settings(max_examples=60, deadline=None)
@given(WRITTEN)
def test_no_text_of_a_draft_or_a_vote_changes_the_markup_around_it(words: str) -> None:
    assert shape_of(words) == PLAIN


@settings(max_examples=60, deadline=None)
@given(WRITTEN.map(lambda words: "".join(c for c in words if c.isprintable())))
def test_no_id_changes_the_shape_of_a_template(words: str) -> None:
    draft = load_draft(draft_template(HYPOTHESIS, CHARTER, id=words), file="draft.yaml")
    assert draft.id == " ".join(words.split())
    assert draft.product == "assistant"
