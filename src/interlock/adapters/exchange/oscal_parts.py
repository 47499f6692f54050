"""The pieces of which OSCAL documents are made: properties, parties, attestations, resources."""

from collections.abc import Mapping

from interlock.adapters.exchange.dossier import Dossier
from interlock.adapters.exchange.words import markup, one_line
from interlock.admission import Accepted, Vote
from interlock.ledger import Json

CONTROL = "interlock-release-gate"
"""The one control that is assessed, defined in the document itself."""

_NAMESPACE = "urn:interlock:export"


def token(name: str) -> str:
    """A name as OSCAL allows one: it begins with a letter or an underscore."""
    return name if name[:1].isalpha() else f"_{name}"


def properties(facts: Mapping[str, str]) -> list[Json]:
    """Facts as properties in our own namespace, so that no reader takes them for OSCAL's."""
    return [
        {"name": name, "ns": _NAMESPACE, "value": one_line(value)} for name, value in facts.items()
    ]


def party(dossier: Dossier, person: str) -> Json:
    """Somebody who voted, by the name the keyring has."""
    return {"uuid": str(dossier.uuid("person", person)), "type": "person", "name": one_line(person)}


def attestation(dossier: Dossier, vote: Accepted[Vote]) -> Json:
    """A vote with its reasons word for word, dissent no less than consent."""
    act = vote.act
    person = str(dossier.uuid("person", vote.person))
    return {
        "responsible-parties": [{"role-id": token(act.role), "party-uuids": [person]}],
        "parts": [
            {
                "uuid": str(dossier.uuid("vote", vote.identity)),
                "name": "vote",
                "ns": _NAMESPACE,
                "title": one_line(f"{act.ballot} as {act.role}"),
                "props": properties({"statement": vote.identity, "time": vote.time}),
                "prose": markup(act.reasons),
            }
        ],
    }


def digest_resource(dossier: Dossier, name: str, sha256: str, *, title: str) -> Json:
    """Something the document leads back to, named by its digest."""
    return {
        "uuid": str(dossier.uuid(name)),
        "title": title,
        "rlinks": [
            {
                "href": f"urn:interlock:{name}:{sha256}",
                "hashes": [{"algorithm": "SHA-256", "value": sha256}],
            }
        ],
    }
