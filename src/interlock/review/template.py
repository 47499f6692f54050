"""A draft to start from, as a file with everything in it that a person has to write."""

import json
from collections.abc import Iterable

from interlock.charter import Charter, Hypothesis
from interlock.review.red_lines import unmeasured


def draft_template(
    hypothesis: Hypothesis,
    charter: Charter,
    *,
    id: str,  # noqa: A002 - the field's own name
    dropped: Iterable[str] = (),
) -> str:
    """A draft to start from: everything known is filled in, everything else asked for.

    It loads as it is, and `blanks` then names what is left to write.

    Args:
        hypothesis: The sealed hypothesis.
        charter: The charter in force.
        id: Short name of the assessment.
        dropped: Claims that did not pass earlier and are no longer judged.
    """
    categories = "\n".join(
        f"#   {_flat(one.id)}: {_flat(one.name)} (scale {_flat(one.scale)})"
        for one in charter.categories
    )
    return _TEMPLATE.format(
        id=_quoted(id),
        product=_quoted(hypothesis.product),
        hypothesis=_flat(hypothesis.name),
        metrics=", ".join(_flat(name) for name in hypothesis.metrics),
        categories=categories,
        category=_quoted(charter.categories[0].id),
        dropped=_listed("claim", dropped),
        unmeasured=_listed("id", (line.id for line in unmeasured(hypothesis, charter))),
    )


def _listed(key: str, names: Iterable[str]) -> str:
    """A YAML list with a reason to be written for each name, each once."""
    lines = (f'\n  - {{{key}: {_exact(name)}, reason: ""}}' for name in dict.fromkeys(names))
    return "".join(lines) or " []"


def _exact(words: str) -> str:
    """Words as a YAML scalar that reads back the same, whatever they hold."""
    return json.dumps(words)


def _flat(words: str) -> str:
    """Words on one line, so that a name cannot end the comment it stands in."""
    return " ".join(words.split())


def _quoted(words: str) -> str:
    return json.dumps(_flat(words), ensure_ascii=False)


_TEMPLATE = """\
# Safety Impact Assessment: the half that a person writes.
# The seal, the evidence, what speaks against, the attempts and the residual bounds
# are filled from the ledger when you submit; typing them here is refused.
id: {id}
title: ""
version: 1
product: {product}

# What the release is for, and for whom.
purpose: ""

# What it is not for; foreseeable misuse belongs here.
excluded_uses: []

# Who is touched by it, also people who never use it, minors, and speakers of small languages:
#   - {{who: "", how: ""}}
affected: []

# Every hazard needs a mitigation or an acceptance.
# category: one of
{categories}
# severity: a level on the category's scale in the charter.
# metric: what measures it, so that its residual bound can be filled; leave it out where none does.
#   Sealed by {hypothesis}: {metrics}
# In place of a mitigation: acceptance: {{by: "", reason: ""}}
hazards:
  - category: {category}
    scenario: ""
    severity: 1
    mitigation: {{control: "", owner: "", fails_when: ""}}

# Where the evidence says nothing: languages, lengths, tools, time.
limits: []

# Claims of other seals on the same systems or evidence that did not pass and that this
# hypothesis no longer judges; each needs the reason why it was dropped.
dropped:{dropped}

# Red lines of the charter that no criterion of this hypothesis measures; each needs a reason.
unmeasured_red_lines:{unmeasured}

# What happens if nothing is released, and what else was weighed:
#   - {{option: "", why_not: ""}}
not_shipping: ""
alternatives: []

# What is watched afterwards, the level that raises an alarm, and who is called:
#   - {{metric: "", threshold: "", pages: ""}}
monitoring: []

# Bounds a machine checks when serving:
#   - {{kind: max_traffic_percent, limit: "10"}}
#   - {{kind: tier, limit: internal}}
conditions: []

# Days until a go ends.
valid_days: 90
"""
