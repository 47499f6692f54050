"""People and what binds them: keyring, qualifications, the charter in force."""

from collections.abc import Iterator, Sequence

from interlock.adapters.paper import (
    Block,
    Bullets,
    Card,
    Code,
    Digest,
    Facts,
    Line,
    Moment,
    Name,
    Paper,
    Section,
    Table,
    Words,
)
from interlock.adapters.wording import counted
from interlock.admission import Accepted, Adoption, Keyring
from interlock.app.report.shelf import Shelf, by_line
from interlock.charter import Charter
from interlock.ledger import key_id, strict_base64
from interlock.review import figure


def people_paper(shelf: Shelf) -> Paper:
    """Who is enrolled, with which key, qualified for what."""
    return shelf.paper(
        "people.html",
        "People and keyring",
        [
            Section("people", "Enrolled now", _people(shelf)),
            Section("qualified", "Qualifications", _qualifications(shelf)),
            Section("keyrings", "Keyrings", _keyrings(shelf)),
        ],
    )


def _people(shelf: Shelf) -> list[Block]:
    rows: list[tuple[Line, ...]] = [
        ((Name(one.name),), ", ".join(one.roles), (Digest(key_id(strict_base64(one.key) or b"")),))
        for one in shelf.seen.state.people.values()
    ]
    head = ("Person", "Roles", "Key (SHA-256)")
    if not rows:
        return [Words("Nobody.")]
    return [Table("Who may sign, by the keyring in force", head, rows)]


def _qualifications(shelf: Shelf) -> list[Block]:
    rows: list[tuple[Line, ...]] = [
        (
            (Name(one.act.person),),
            one.act.role,
            (Moment(one.act.until),),
            "yes" if one.act.until > shelf.seen.time else "no",
            (Name(one.person), ", ", Moment(one.time)),
        )
        for one in shelf.seen.state.qualifications.values()
    ]
    head = ("Person", "Role", "Until", "Now", "Qualified by")
    if not rows:
        return [Words("Nobody is qualified.")]
    return [Table("The last qualification of each person for each role", head, rows)]


def _keyrings(shelf: Shelf) -> list[Block]:
    rows: list[tuple[Line, ...]] = [
        (f"{one.index}", (Moment(one.time),), ", ".join(each.name for each in one.act.people))
        for one in shelf.of(Keyring)
    ]
    head = ("Entry", "Since", "People")
    return [Table("Every keyring, oldest first; the root keys sign them", head, rows)]


def charter_paper(shelf: Shelf) -> Paper:
    """What the product promises, and whose go is needed."""
    adoption = shelf.seen.state.adoption
    if adoption is None:
        none = Section("charter", "Charter", [Words("No charter is in force.")])
        return shelf.paper("charter.html", "Charter", [none])
    found = shelf.record(adoption.act.charter, Charter)
    sections = [Section("force", "In force", [_force(adoption)])]
    if found is not None:
        sections += [*_articles(found)]
    sections.append(Section("versions", "Every charter in force so far", _versions(shelf)))
    return shelf.paper("charter.html", found.name if found else "Charter", sections)


def _force(adoption: Accepted[Adoption]) -> Facts:
    act = adoption.act
    roles, parts = ", ".join(act.emergency), ", ".join(act.standard_parts)
    needs = "Needed before anyone votes." if act.recomputation else "Not needed."
    old = "May lead to GO if every required role accepts it." if act.retrospective else "Refused."
    aged = f"{counted(act.evidence_days, 'day')} after it was recorded."
    rows: list[tuple[str, Sequence[Block]]] = [
        ("Since", [Words(by_line(adoption))]),
        ("A GO needs", [Bullets([f"go from {role}" for role in act.required])]),
        ("Advisory", [Words(", ".join(act.advisory) or "Nobody.")]),
        ("Recomputation", [Words(needs)]),
        ("Older evidence", [Words(old)]),
        ("Evidence ends", [Words(aged if act.evidence_days else "It does not age.")]),
        ("Standard changes", [Words(parts or "There are none.")]),
        (
            "Emergency changes",
            [Words(f"{roles}; ratified within {act.ratify_hours} hours." if roles else "None.")],
        ),
        ("Record", [Words((Digest(act.charter, whole=True),))]),
    ]
    return Facts(rows)


def _articles(found: Charter) -> Iterator[Section]:
    yield Section(
        "principles",
        "Principles",
        [Facts([(one.id, [Words(one.text)]) for one in found.principles])],
    )
    yield Section(
        "red-lines",
        "Red lines",
        [Facts([(one.id, [Words(one.text)]) for one in found.red_lines])]
        if found.red_lines
        else [Words("None.")],
    )
    yield Section("metrics", "Metrics", [_metrics(found)])
    cards = [
        Card(one.name, [Words(one.definition), Words((Code(one.id),), soft=True)])
        for one in found.categories
    ]
    yield Section("categories", "Harm categories", cards)
    yield Section("alpha", "Error", [Words(_error(found))])


def _metrics(found: Charter) -> Table:
    rows: list[tuple[Line, ...]] = [
        (one.name, one.definition, one.direction, f"{one.low:g} to {one.high:g}")
        for one in found.metrics
    ]
    head = ("Metric", "What it measures", "Better", "Range")
    return Table("What is measured", head, rows)


def _error(found: Charter) -> str:
    spent = "half of what is left to each attempt"
    if found.schedule != "halving":
        spent = ", ".join(f"{share:g}" for share in found.schedule)
    return f"A claim may pass wrongly with a chance of {figure(found.alpha, 'share')}: {spent}."


def _versions(shelf: Shelf) -> list[Block]:
    rows: list[tuple[Line, ...]] = [
        (
            f"{one.index}",
            (Moment(one.time),),
            (Digest(one.act.charter),),
            ", ".join(one.act.required),
        )
        for one in shelf.of(Adoption)
    ]
    head = ("Entry", "Since", "Record", "Required roles")
    return [Table("Adoptions, oldest first", head, rows)]
