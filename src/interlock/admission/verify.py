"""Verify a release decision offline: ``python verify.py BUNDLE --root root.json``.

This one file needs Python and the package ``cryptography``, and nothing of
Interlock: it is for whoever is asked to believe a decision, and it states
every rule a second time, apart from the product. It reads the whole log in the
bundle from its first entry, since nothing less shows that nothing was taken
back. Exit codes: 0 holds, 4 does not hold, 2 usage, 5 could not run.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fields = dict[Any, Any]

TOLERANCE = timedelta(seconds=300)
PATTERNS = {
    "text": r"(?s:.*)",
    "digest": r"[0-9a-f]{64}",
    "digest?": r"([0-9a-f]{64})?",
    "time": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z",
    "week": r"[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])",
    "key": r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=",
    "signature": r"[A-Za-z0-9+/]{85}[AQgw]==",
}
FORMS = {
    "bundle": "format:interlock-bundle/1 decision:digest entries:text* checkpoint:text"
    " records:dict proof:proof",
    "proof": "index:int hashes:digest*",
    "root-file": "kind:root/1 content:root",
    "root": "origin:text log_key:key witness_name:text witness_key:key root_keys:key*"
    " threshold:int minimum_size:int minimum_root_hash:digest max_age_seconds:int",
    "leaf": "envelope:envelope time:time",
    "envelope": r"payload:text payloadType:application/vnd\.in-toto\+json signatures:signed*",
    "signed": "keyid:digest sig:signature",
    "enrolment": "name:text key:key roles:text* proof:signature countersigner:text"
    " countersignature:signature",
    "lineage": "criterion:text claim:text attempt:int",
    "criterion": "criterion:text outcome:passed|failed|undecided red_line:bool",
    "condition": "kind:max_traffic_percent|tier|feature_off limit:text",
}
# Each act: who may do it, the field that holds its subject's digest, and its fields.
ACTS = {
    "keyring": ("root", "", "previous:digest? people:enrolment*"),
    "adoption": ("root", "charter", "previous:digest? charter:digest required:text*"
        " advisory:text* retrospective:bool recomputation:bool standard_parts:text*"
        " emergency:text* ratify_hours:int evidence_days:int"),
    "recovery": ("root", "root_hash", "size:int root_hash:digest lost_size:int"
        " lost_root_hash:digest reason:text"),
    "qualification": ("chair", "", "person:text role:text until:time previous:digest?"),
    "variant": ("product-manager evaluation-engineer", "system", "system:digest product:text"
        " kind:prompt|reward|data|guardrail parent:digest? week:week says:text"),
    "seal": ("product-manager evaluation-engineer", "hypothesis", "hypothesis:digest"
        " charter:digest product:text baseline:digest candidates:digest* lineages:lineage*"
        " basis:prospective|retrospective confirmatory:bool bank:digest? sample:int"),
    "run": ("product-manager evaluation-engineer", "evidence",
        "seal:digest system:digest evidence:digest basis:prospective|retrospective"),
    "verdict": ("product-manager evaluation-engineer", "judgement", "seal:digest system:digest"
        " runs:digest* judgement:digest outcome:passed|failed|undecided criteria:criterion*"),
    "recomputation": ("@panel evaluation-engineer", "verdict", "verdict:digest judgement:digest"),
    "engagement": ("product-manager evaluation-engineer", "ciphertext",
        "seal:digest system:digest ciphertext:digest roles:text*"),
    "unseal": ("@required", "engagement", "engagement:digest verdict:digest"),
    "assessment": ("product-manager", "document",
        "document:digest product:text system:digest verdict:digest conditions:condition*"
        " valid_days:int previous:digest? change:standard|normal|emergency follows:digest?"
        " changed:text*"),
    "question": ("@panel", "assessment", "assessment:digest text:text"),
    "answer": ("product-manager evaluation-engineer", "question", "question:digest text:text"),
    "acceptance": ("@panel", "answer", "question:digest answer:digest"),
    "closing": ("@required", "question", "question:digest role:text reason:text"),
    "vote": ("@panel @emergency", "assessment", "origin:text assessment:digest system:digest"
        " charter:digest role:text ballot:go|no-go|abstain reasons:text previous:digest?"
        " accepts_retrospective:bool"),
    "decision": ("chair product-manager on-call", "system", "assessment:digest product:text"
        " system:digest outcome:go|no-go votes:digest* conditions:condition* expires:time"
        " change:standard|normal|emergency"),
    "revocation": ("@required", "decision", "decision:digest reason:text"),
    "hold": ("@required chair on-call", "system",
        "product:text system:digest reason:text previous:digest?"),
    "lift": ("@required chair", "hold", "hold:digest reason:text"),
    "kill": ("@required chair", "system",
        "product:text system:digest reason:text evidence:digest?"),
    "rollback": ("@required chair on-call", "system",
        "product:text system:digest to:digest reason:text evidence:digest?"),
}  # fmt: skip
# What the second version of an act added, with what the first one is read to have said.
SECOND: dict[str, Fields] = {
    "adoption": {"recomputation": False, "standard_parts": [], "emergency": [],
        "ratify_hours": 72, "evidence_days": 0},
    "assessment": {"change": "normal", "follows": "", "changed": []},
    "decision": {"change": "normal"},
}  # fmt: skip
KNOWN = {
    f"urn:interlock:{kind}/{version}": (kind, SECOND.get(kind, {}) if version == 1 else {})
    for kind in ACTS
    for version in (1, 2)
    if version == 1 or kind in SECOND
}
JUDGEMENTS = ("judgement/1", "judgement/2")
CLASSES = {("normal", "normal"), ("emergency", "emergency"), ("emergency", "normal")}


class Refused(Exception):  # noqa: N818 - it stands apart from the product's errors
    """The decision does not hold, or a statement has no effect; ``reason`` is a stable word."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


class Unverifiable(Refused):
    """Nothing on this log can be believed."""


def need(holds: object, reason: str, detail: str = "") -> None:
    """Go on only where a rule holds."""
    if not holds:
        raise Refused(reason, detail)


@cache
def fields_of(form: str) -> dict[str, str]:
    """The fields of a form, each with its type."""
    return dict(part.split(":", 1) for part in form.split())


def fits(value: object, form: str) -> bool:
    """Whether a JSON value has a form: exactly its fields, each exactly of its type."""
    if form in FORMS or ":" in form:
        fields = fields_of(FORMS.get(form, form))
        if not isinstance(value, dict) or value.keys() != fields.keys():
            return False
        return all(fits(value[name], part) for name, part in fields.items())
    if form.endswith("*"):
        return isinstance(value, list) and all(fits(each, form[:-1]) for each in value)
    if form in {"int", "bool", "dict"}:
        return type(value).__name__ == form
    return isinstance(value, str) and bool(re.fullmatch(PATTERNS.get(form, form), value))


def encode(value: object) -> bytes:
    """Canonical JSON (RFC 8785) of a value without fractions and with ASCII keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def decode(data: bytes, reason: str, *, act: bool = True) -> Any:  # noqa: ANN401 - any JSON value
    """The value of JSON without a key named twice; an act's is canonical and has no fractions."""

    def once(pairs: list[tuple[str, Any]]) -> Fields:
        need(len(dict(pairs)) == len(pairs), reason, "a JSON object names one key twice")
        return dict(pairs)

    def whole(digits: str) -> int:
        need(abs(int(digits)) < 2**53, reason, "a number is too large for JSON")
        return int(digits)

    def fraction(text: str) -> NoReturn:
        raise Refused(reason, f"the number {text} is not whole")

    strict: Fields = {"parse_int": whole, "parse_float": fraction, "parse_constant": fraction}
    try:
        value = json.loads(data, object_pairs_hook=once, **(strict if act else {}))
        again = encode(value) if act else data
    except (ValueError, RecursionError) as error:
        raise Refused(reason, f"it is no JSON: {error}") from error
    need(again == data, reason, "its bytes are not canonical JSON (RFC 8785)")
    return value


def unbase64(text: str, reason: str = "invalid-envelope") -> bytes:
    """The bytes of standard base64, which must be their only encoding."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refused(reason, f"its base64 is broken: {error}") from error
    need(base64.b64encode(data).decode() == text, reason, "its base64 is not the standard one")
    return data


def moment(time: str) -> datetime:
    """A time written as ``2026-11-21T21:52:51Z``."""
    try:
        need(fits(time, "time"), "invalid-time", f"{time!r} is no time in UTC seconds")
        return datetime.fromisoformat(time)
    except ValueError as error:
        raise Refused("invalid-time", f"{time!r} is no time in UTC seconds") from error


def sha256(data: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def signs(key: str, signature: bytes, message: bytes) -> bool:
    """Whether a signature over a message is this key's."""
    try:
        Ed25519PublicKey.from_public_bytes(unbase64(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sound(key: str) -> bool:
    """Whether a key is canonical and not of small order, so that its signatures mean something."""
    field = 2**255 - 19
    eight = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
    y = int.from_bytes(unbase64(key), "little") % 2**255
    return y < field and y not in {0, 1, field - 1, eight, field - eight}


def tree(hashes: list[bytes]) -> bytes:
    """Root hash over leaf hashes (RFC 9162, section 2.1.1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(hashes[:half]) + tree(hashes[half:])).digest()


def path(index: int, hashes: list[bytes]) -> list[str]:
    """The inclusion proof of a leaf (RFC 9162, section 2.1.3.1)."""
    if len(hashes) < 2:
        return []
    half = 1 << (len(hashes) - 1).bit_length() - 1
    if index < half:
        return [*path(index, hashes[:half]), tree(hashes[half:]).hex()]
    return [*path(index - half, hashes[half:]), tree(hashes[:half]).hex()]


def open_note(note: str, root: Fields) -> tuple[int, bytes, datetime]:
    """Size, root hash and time of a checkpoint that the root's log and witness signed (C2SP)."""
    bad = "invalid-checkpoint"
    body, _, tail = note.rpartition("\n\n")
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]+)", body)
    lines = [re.fullmatch(r"— (\S+) (\S+)", line) for line in tail[:-1].split("\n")]
    if match is None or not all(lines) or not tail.endswith("\n"):
        raise Refused(bad, "it is no signed note")
    need(match[1] == root["origin"], bad, f"it speaks for {match[1]!r}, not {root['origin']!r}")
    body += "\n"

    def signature(name: str, kind: bytes, key: str) -> bytes:
        named = hashlib.sha256(name.encode() + b"\n" + kind + unbase64(key)).digest()[:4]
        data = [unbase64(line[2], bad) for line in lines if line and line[1] == name]
        found = [each[4:] for each in data if each[:4] == named]
        need(len(found) == 1, bad, f"{name} has not signed it with the key the root names")
        return found[0]

    by_log = signature(root["origin"], b"\x01", root["log_key"])
    by_witness = signature(root["witness_name"], b"\x04", root["witness_key"])
    seconds = int.from_bytes(by_witness[:8], "big")
    stamped = f"cosignature/v1\ntime {seconds}\n{body}".encode()
    need(signs(root["log_key"], by_log, body.encode()), bad, "the log's signature is wrong")
    need(signs(root["witness_key"], by_witness[8:], stamped), bad, "the cosignature is wrong")
    need(seconds < 2**37, bad, "its time is out of range")
    return int(match[2]), unbase64(match[3], bad), datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class Act:
    """A statement that counts."""

    index: int
    time: str
    id: str
    kind: str
    person: str
    key: str
    said: Fields


class Log:
    """The log read again, one act after the other.

    A rule is a method named like its act. ``last`` holds what stands now, by
    what it is about, such as ``("hold", product, system)``.
    """

    def __init__(self, root: Fields) -> None:
        self.root, self.time = root, ""
        self.hashes: list[bytes] = []
        self.ids: list[str] = []
        self.acts: dict[str, Act] = {}
        self.refused: dict[str, Refused] = {}
        self.people: dict[str, Fields] = {}
        self.holders: dict[str, Fields] = {}
        self.charter: Fields = {"charter": "", "required": [], "advisory": []}
        self.charter |= SECOND["adoption"]
        self.loss = -1
        self.last: dict[tuple[str, ...], Any] = {}

    def enter(self, text: str) -> None:
        """Read one leaf; a statement that breaks a rule is noted and has no effect."""
        leaf = decode(text.encode(), "invalid-envelope")
        need(fits(leaf, "leaf"), "invalid-envelope", "an entry is no envelope with its time")
        signatures = {each["keyid"]: each["sig"] for each in leaf["envelope"]["signatures"]}
        count = len(leaf["envelope"]["signatures"])
        need(0 < count == len(signatures), "invalid-envelope", "a key signed twice, or none did")
        need(moment(leaf["time"]) and leaf["time"] >= self.time, "time-runs-back")
        payload = unbase64(leaf["envelope"]["payload"])
        identity, self.time = sha256(payload), leaf["time"]
        try:
            need(identity not in self.acts, "repeated")
            kind, said = self._read(payload)
            person, key = self._signer(kind, payload, signatures)
            act = Act(len(self.hashes), self.time, identity, kind, person, key, said)
            getattr(self, kind)(act, said)
            self.acts[identity] = act
        except Unverifiable:
            raise
        except Refused as refused:
            self.refused[identity] = refused
        self.ids.append(identity)
        self.hashes.append(hashlib.sha256(b"\x00" + text.encode()).digest())

    def _read(self, payload: bytes) -> tuple[str, Fields]:
        try:
            loose = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise Refused("malformed", str(error)) from error
        named = loose.get("predicateType") if isinstance(loose, dict) else None
        if isinstance(named, str) and named not in KNOWN:
            raise Unverifiable("unknown-act", f"{named!r}: ignoring it could hide a revocation")
        value = decode(payload, "malformed")
        need(isinstance(named, str), "malformed", "it is no statement")
        kind, later = KNOWN[str(named)]
        _, subject, form = ACTS[kind]
        said = value.get("predicate")
        of_its_time = isinstance(said, dict) and not later.keys() & said.keys()
        need(of_its_time and fits(said | later, form), "malformed", f"it is no {kind}")
        record = encode({"kind": f"{kind}/1", "content": said})
        about = {
            "name": {"root_hash": "tree", "ciphertext": kind, "": kind}.get(subject, subject),
            "digest": {"sha256": said[subject] if subject else sha256(record)},
        }
        whole = {"_type": "https://in-toto.io/Statement/v1", "subject": [about]}
        need(value == whole | {"predicateType": named, "predicate": said}, "wrong-subject")
        return kind, said | later

    def _signer(self, kind: str, payload: bytes, signatures: Fields) -> tuple[str, str]:
        message = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
        by = {name: unbase64(signature) for name, signature in signatures.items()}
        if ACTS[kind][0] == "root":
            signed = [
                signs(key, by.get(sha256(unbase64(key)), b""), message)
                for key in self.root["root_keys"]
            ]
            need(sum(signed) >= self.root["threshold"], "below-threshold")
            return "root", ""
        people = [(self.holders[name], by[name]) for name in by if name in self.holders]
        found = [each for each, signature in people if signs(each["key"], signature, message)]
        need(found, "unknown-signer")
        need(len(found) == 1, "ambiguous-signer")
        required, advisory = self.charter["required"], self.charter["advisory"]
        groups = {"@required": required, "@panel": required + advisory}
        groups["@emergency"] = self.charter["emergency"]
        may = {role for name in ACTS[kind][0].split() for role in groups.get(name, [name])}
        need(kind == "revocation" or may & set(found[0]["roles"]), "role-not-held")
        return found[0]["name"], found[0]["key"]

    def _get(self, identity: str, kind: str) -> Act:
        act = self.acts.get(identity)
        if act is None or act.kind != kind:
            raise Refused(f"unknown-{kind}")
        return act

    def _latest(self, identity: str) -> Act:
        act = self._get(identity, "assessment")
        last = self.last["assessment", act.said["product"], act.said["system"]]
        need(last == identity, "stale-assessment")
        return act

    def _replace(self, act: Act, *about: str) -> None:
        previous = self.last.get((act.kind, *about), "")
        need(act.said["previous"] == previous, "previous-mismatch")
        self.last[act.kind, *about] = act.id

    def keyring(self, act: Act, said: Fields) -> None:
        """Everyone once, each with a key of their own, proved and vouched for by another."""
        people = {each["name"]: each for each in said["people"]}
        need(len(people) == len(said["people"]) and not {"", "root"} & set(people), "person-twice")
        need(len({each["key"] for each in people.values()}) == len(people), "key-twice")
        root = self.root
        for name, each in people.items():
            key, roles, vouching = each["key"], each["roles"], each["countersigner"]
            need(sound(key), "weak-key")
            need(
                key not in [root["log_key"], root["witness_key"], *root["root_keys"]],
                "reserved-key",
            )
            need(self.last.get(("owner", key), name) == name, "key-of-another")
            need(len(set(roles)) == len(roles), "role-twice")
            shown = {"origin": root["origin"], "name": name, "key": key, "roles": roles}
            message = b"interlock-enrolment/1\n" + encode(shown)
            need(signs(key, unbase64(each["proof"]), message), "bad-proof")
            others = root["root_keys"] if vouching == "root" and len(people) == 1 else []
            if vouching in people and vouching != name:
                others = [people[vouching]["key"]]
            vouched = unbase64(each["countersignature"])
            need(any(signs(other, vouched, message) for other in others), "bad-countersignature")
        self._replace(act)
        self.last |= {("owner", each["key"]): name for name, each in people.items()}
        self.people = people
        self.holders = {sha256(unbase64(each["key"])): each for each in people.values()}

    def adoption(self, act: Act, said: Fields) -> None:
        """At least one required role, and no role twice."""
        for roles in (said["required"] + said["advisory"], said["emergency"]):
            need(len(set(roles)) == len(roles), "role-twice")
        need(said["required"], "no-required-role")
        possible = 1 <= said["ratify_hours"] <= 720 and 0 <= said["evidence_days"] <= 36500
        need(possible, "wrong-validity")
        self._replace(act)
        self.charter = said

    def recovery(self, act: Act, said: Fields) -> None:
        """The tree is the one restored; what was lost may have been a revocation."""
        here = (act.index, tree(self.hashes).hex())
        need((said["size"], said["root_hash"]) == here, "recovery-mismatch")
        need(said["lost_size"] >= said["size"], "recovery-mismatch")
        self.loss = act.index if said["lost_size"] > said["size"] else self.loss

    def qualification(self, act: Act, said: Fields) -> None:
        """Nobody qualifies themselves."""
        need(said["person"] != act.person, "own-qualification")
        self._replace(act, said["person"], said["role"])

    def variant(self, act: Act, said: Fields) -> None:
        """Once a product, from a variant of the same product or from none."""
        place = ("variant", said["product"], said["system"])
        need(place not in self.last, "variant-twice")
        parent = self._get(said["parent"], "variant").said if said["parent"] else said
        need(parent["product"] == said["product"], "foreign-parent")
        self.last[place] = act.id

    def seal(self, _: Act, said: Fields) -> None:
        """Under the charter in force, with every criterion's attempt counted."""
        need(said["charter"] == self.charter["charter"], "wrong-charter")
        candidates, lineages = said["candidates"], said["lineages"]
        need(
            candidates and len({said["baseline"], *candidates}) > len(candidates),
            "wrong-candidates",
        )
        place = ("attempt", said["product"], said["baseline"])
        criteria = {each["criterion"] for each in lineages}
        need(criteria and len(criteria) == len(lineages), "wrong-criteria")
        for each in lineages:
            due = self.last.get((*place, each["claim"]), 0) + 1
            need(each["attempt"] == due, "wrong-attempt")
        drawn, empty = (
            said["bank"] and said["sample"] > 0,
            (said["bank"], said["sample"]) == ("", 0),
        )
        need(drawn if said["basis"] == "prospective" else empty, "wrong-sample")
        self.last |= {(*place, each["claim"]): each["attempt"] for each in lineages}

    def run(self, act: Act, said: Fields) -> None:
        """One run a system; evidence that was known before is retrospective."""
        sealed, weak = self._get(said["seal"], "seal").said, said["basis"] == "retrospective"
        run, known = ("run", said["seal"], said["system"]), ("evidence", said["evidence"])
        need(said["system"] in [sealed["baseline"], *sealed["candidates"]], "foreign-system")
        need(run not in self.last, "run-twice")
        need(weak or sealed["basis"] == "prospective", "stronger-basis")
        first = self.last.get(known) is None
        need(first or (weak and self.last[known] == said["system"]), "same-evidence")
        self.last |= {run: act.id, known: said["system"]}
        self.last.setdefault(("recorded", said["evidence"]), act.time)

    def verdict(self, act: Act, said: Fields) -> None:
        """Exactly the sealed criteria, on exactly the baseline's and the candidate's run."""
        sealed = self._get(said["seal"], "seal").said
        need(said["system"] in sealed["candidates"], "foreign-system")
        need(("verdict", said["seal"], said["system"]) not in self.last, "verdict-twice")
        systems = (sealed["baseline"], said["system"])
        runs = [self.last.get(("run", said["seal"], system), "") for system in systems]
        need(sorted(said["runs"]) == sorted(runs), "wrong-runs")
        judged = sorted(each["criterion"] for each in said["criteria"])
        need(
            judged == sorted(each["criterion"] for each in sealed["lineages"]), "missing-criterion"
        )
        outcomes = {each["outcome"] for each in said["criteria"]}
        mixed = "failed" if "failed" in outcomes else "undecided"
        need(
            said["outcome"] == ("passed" if outcomes == {"passed"} else mixed),
            "inconsistent-outcome",
        )
        self.last["verdict", said["seal"], said["system"]] = self.last["judged", said["seal"]] = 1
        if said["outcome"] == "failed":
            self.last["failed", sealed["product"], said["system"]] = act.index

    def _makers(self, verdict: Act) -> set[str]:
        evidence = [verdict.id, verdict.said["seal"], *verdict.said["runs"]]
        return {self.acts[each].person for each in evidence}

    def recomputation(self, act: Act, said: Fields) -> None:
        """By a second person; another result disputes the verdict for good."""
        verdict = self._get(said["verdict"], "verdict")
        need(act.person not in self._makers(verdict), "conflict-of-interest")
        same = said["judgement"] == verdict.said["judgement"]
        self.last["recomputed" if same else "disputed", verdict.id] = act.id

    def engagement(self, act: Act, said: Fields) -> None:
        """Of a sealed system, shut to every required role before any verdict is known."""
        sealed = self._get(said["seal"], "seal").said
        need(said["system"] in [sealed["baseline"], *sealed["candidates"]], "foreign-system")
        need(("judged", said["seal"]) not in self.last, "too-late")
        need(sorted(said["roles"]) == sorted(self.charter["required"]), "wrong-roles")
        place = ("engagement", said["seal"], said["system"])
        need(place not in self.last, "engagement-twice")
        self.last[place] = act.id

    def unseal(self, _: Act, said: Fields) -> None:
        """By a passed verdict of the same seal, on the same candidate or any of the baseline's."""
        kept = self._get(said["engagement"], "engagement").said
        verdict = self._get(said["verdict"], "verdict")
        sealed = self.acts[kept["seal"]].said
        fitting = kept["system"] in (verdict.said["system"], sealed["baseline"])
        need(verdict.said["seal"] == kept["seal"] and fitting, "wrong-verdict")
        need(sealed["confirmatory"], "exploratory")
        need(verdict.said["outcome"] == "passed", "verdict-not-passed")
        self._undoubted(verdict)
        self._recomputed(verdict.id)

    def _undoubted(self, verdict: Act) -> None:
        product = self.acts[verdict.said["seal"]].said["product"]
        failed = self.last.get(("failed", product, verdict.said["system"]), -1)
        need(failed <= verdict.index, "contradicted")
        need(("disputed", verdict.id) not in self.last, "disputed")

    def assessment(self, act: Act, said: Fields) -> None:
        """On a verdict about the same system; it voids the votes on the one before."""
        verdict = self._get(said["verdict"], "verdict").said
        about = (self.acts[verdict["seal"]].said["product"], verdict["system"])
        need((said["product"], said["system"]) == about, "wrong-system")
        for each in said["conditions"]:
            percent, feature = r"0|[1-9][0-9]?|100", r"[^\s,]+"
            forms = {"max_traffic_percent": percent, "feature_off": feature, "tier": r"(?s:.+)"}
            need(re.fullmatch(forms[each["kind"]], each["limit"]), "unreadable-condition")
        need(1 <= said["valid_days"] <= 366, "wrong-validity")
        change, changed = said["change"], said["changed"]
        whole = said["follows"] and changed and changed == sorted(set(changed))
        none = not said["follows"] and not changed
        need(whole if change == "standard" else none, "wrong-change")
        for name, needed in (("standard", "standard_parts"), ("emergency", "emergency")):
            need(change != name or self.charter[needed], "no-such-class")
        self._replace(act, *about)
        self.last.setdefault(("involved", *about), set()).add(act.person)

    def question(self, act: Act, said: Fields) -> None:
        """It blocks the vote until its answer is accepted."""
        self._latest(said["assessment"])
        need(("decided", said["assessment"]) not in self.last, "already-decided")
        self.last.setdefault(("open", said["assessment"]), set()).add(act.id)

    def answer(self, act: Act, said: Fields) -> None:
        """By somebody other than who asked or voted."""
        asked = self._get(said["question"], "question")
        need(act.person != asked.person, "own-answer")
        on = asked.said["assessment"]
        need(act.person not in self.last.get(("votes", on), {}), "conflict-of-interest")
        about = self.acts[on].said
        self.last["involved", about["product"], about["system"]].add(act.person)

    def acceptance(self, act: Act, said: Fields) -> None:
        """By the asker, of an answer to the question."""
        asked = self._get(said["question"], "question")
        need(act.person == asked.person, "not-the-asker")
        answer = self.acts.get(said["answer"])
        fitting = answer and answer.kind == "answer" and answer.said["question"] == asked.id
        need(fitting, "wrong-answer")
        self.last["open", asked.said["assessment"]].discard(asked.id)

    def closing(self, act: Act, said: Fields) -> None:
        """By every required role but the asker's: the question is closed over its asker."""
        asked, role = self._get(said["question"], "question"), said["role"]
        release = self._latest(asked.said["assessment"])
        need(asked.id in self.last["open", release.id], "question-closed")
        need(act.person != asked.person, "own-question")
        required = set(self.charter["required"])
        need(role in required & set(self.people[act.person]["roles"]), "role-not-held")
        said_so: dict[str, Act] = self.last.setdefault(("closing", asked.id), {})
        others = [each.person for name, each in said_so.items() if name != role]
        need(act.person not in others, "second-role")
        self._independent(act.person, release)
        need(self._qualified(act.person, role, act.time), "unqualified")
        said_so[role] = act
        asker = set(self.people.get(asked.person, {"roles": []})["roles"])
        if all(
            name in said_so and self._still(said_so[name], name, act.time)
            for name in required - asker
        ):
            self.last["open", release.id].discard(asked.id)
            self.last.setdefault(("overruled", release.id), []).append(asked.said["text"])

    def _independent(self, person: str, release: Act) -> None:
        involved = self.last["involved", release.said["product"], release.said["system"]]
        makers = self._makers(self.acts[release.said["verdict"]])
        need(person not in involved | makers, "conflict-of-interest")

    def _still(self, act: Act, role: str, time: str) -> bool:
        person = self.people.get(act.person)
        held = person and person["key"] == act.key and role in person["roles"]
        return bool(held) and self._qualified(act.person, role, time)

    def vote(self, act: Act, said: Fields) -> None:
        """By a qualified, independent person, on the latest assessment, with no question open."""
        need(said["origin"] == self.root["origin"], "wrong-origin")
        assessed = self._latest(said["assessment"])
        release, change = assessed.said, assessed.said["change"]
        need(("decided", said["assessment"]) not in self.last, "already-decided")
        need(change != "standard", "wrong-change")
        need(said["system"] == release["system"], "wrong-system")
        need(said["charter"] == self.charter["charter"], "wrong-charter")
        panel = self.charter["required"] + self.charter["advisory"]
        panel = panel + (self.charter["emergency"] if change == "emergency" else [])
        held = said["role"] in panel and said["role"] in self.people[act.person]["roles"]
        need(held, "role-not-held")
        votes: dict[str, Act] = self.last.setdefault(("votes", said["assessment"]), {})
        for person, other in votes.items():
            same = other.said["role"] == said["role"]
            need(person != act.person or same, "second-role")
            need(person == act.person or not same, "role-taken")
        self._independent(act.person, assessed)
        need(self._qualified(act.person, said["role"], act.time), "unqualified")
        need(not self.last.get(("open", said["assessment"])), "open-question")
        if change == "normal":
            self._recomputed(release["verdict"])
        self._replace(act, act.person, release["product"])
        votes[act.person] = act

    def _recomputed(self, verdict: str) -> None:
        done = ("recomputed", verdict) in self.last
        need(done or not self.charter["recomputation"], "not-recomputed")

    def _qualified(self, person: str, role: str, time: str) -> bool:
        last = self.last.get(("qualification", person, role))
        return last is not None and self.acts[last].said["until"] > time

    def decision(self, act: Act, said: Fields) -> None:
        """Exactly the standing votes on the latest assessment; a go needs much more."""
        release = self._get(said["assessment"], "assessment").said
        about = (said["product"], said["system"])
        need(about == (release["product"], release["system"]), "wrong-system")
        self._latest(said["assessment"])
        standard = said["change"] == release["change"] == "standard"
        fitting = (release["change"], said["change"]) in CLASSES
        only_go = said["outcome"] == "go" or said["change"] == "normal"
        need((standard or fitting) and only_go, "wrong-change")
        votes: dict[str, Act] = self.last.get(("votes", said["assessment"]), {})
        need(votes or standard, "no-votes")
        need(sorted(said["votes"]) == sorted(each.id for each in votes.values()), "wrong-votes")
        need(said["conditions"] == release["conditions"], "other-conditions")
        late, ratify = ("ratify", said["assessment"]), timedelta(hours=self.charter["ratify_hours"])
        timely = late not in self.last or moment(act.time) <= self.last[late]
        need(said["change"] != "normal" or timely, "ratification-late")
        if said["outcome"] == "go":
            self._go(act, said, {each.said["role"]: each for each in votes.values()})
        else:
            gone = {each.said["role"] for each in votes.values() if each.said["ballot"] == "go"}
            need(not gone >= set(self.charter["required"]), "votes-say-go")
        self.last["decision", *about] = act.id
        pending = ("pending", said["product"])
        if said["change"] == "emergency":
            self.last |= {late: moment(act.time) + ratify, pending: act.id}
            self.last["emergency", said["assessment"]] = act
        else:
            self.last.setdefault(("decided", said["assessment"]), act.id)
        if said["change"] == "normal":
            self.last.pop(pending, None)
        if said["outcome"] == "no-go":
            self.last["spoken", *about] = act.index
        self.last["quorum", act.id] = self.charter["required"]

    def _go(self, act: Act, said: Fields, votes: dict[str, Act]) -> None:
        need(("decided", said["assessment"]) not in self.last, "already-decided")
        release, about = self.acts[said["assessment"]], (said["product"], said["system"])
        need(release.index > self.loss, "lost")
        need(("killed", *about) not in self.last, "killed")
        need(release.index > self.last.get(("left", *about), -1), "rolled-back")
        need(not self.last.get(("open", release.id)), "open-question")
        need(not self.last.get(("held", *about)), "held")
        lasts = moment(said["expires"]) - moment(act.time)
        longest = timedelta(days=release.said["valid_days"])
        need(timedelta() < lasts <= longest, "wrong-expiry")
        judged = self.acts[release.said["verdict"]]
        self._undoubted(judged)
        verdict = judged.said
        red = [each["outcome"] for each in verdict["criteria"] if each["red_line"]]
        need(set(red) <= {"passed"}, "red-line")
        need(verdict["outcome"] == "passed", "verdict-not-passed", verdict["outcome"])
        sources = [self.acts[each].said for each in [verdict["seal"], *verdict["runs"]]]
        need(sources[0]["confirmatory"], "exploratory")
        old = any(each["basis"] == "retrospective" for each in sources)
        need(not old or self.charter["retrospective"], "retrospective")
        found = [self.last["recorded", each["evidence"]] for each in sources[1:]]
        days, ends = self.charter["evidence_days"], moment(said["expires"])
        need(not days or ends <= moment(min(found)) + timedelta(days=days), "evidence-too-old")
        if said["change"] == "standard":
            need(not old, "retrospective")
            self._standard(act, release)
        elif said["change"] == "emergency":
            need(lasts <= timedelta(hours=self.charter["ratify_hours"]), "wrong-expiry")
            self._emergency(act, list(votes.values()), old=old)
        else:
            self._normal(act, votes, old=old)

    def _normal(self, act: Act, votes: dict[str, Act], *, old: bool) -> None:
        release = self.acts[act.said["assessment"]].said
        emergency = self.last.get(("emergency", act.said["assessment"]))
        taken_back = emergency and ("revoked", emergency.id) in self.last
        need(not taken_back, "revoked")
        spoken = self.last.get(("spoken", release["product"], release["system"]), -1)
        need(spoken < self.acts[act.said["assessment"]].index, "panel-has-spoken")
        self._recomputed(release["verdict"])
        for role in self.charter["required"]:
            need(role in votes and votes[role].said["ballot"] == "go", "missing-go", repr(role))
            vote, person = votes[role], self.people.get(votes[role].person)
            need(vote.said["charter"] == self.charter["charter"], "wrong-charter")
            still = person and person["key"] == vote.key and role in person["roles"]
            need(still, "no-longer-enrolled", repr(vote.person))
            need(self._qualified(vote.person, role, act.time), "unqualified", repr(vote.person))
            need(
                not old or vote.said["accepts_retrospective"],
                "retrospective-unaccepted",
                repr(role),
            )

    def _emergency(self, act: Act, votes: list[Act], *, old: bool) -> None:
        """One emergency role and one required role, by two people; no required role against."""
        said = act.said
        need(("ratify", said["assessment"]) not in self.last, "already-decided")
        exceptional, required = set(self.charter["emergency"]), set(self.charter["required"])
        need(exceptional, "no-such-class")
        about = (said["product"], said["system"])
        if ("spoken", *about) in self.last:
            newest = self.acts[self.last["decision", *about]]
            panel = newest.said["change"] == "normal" and self._stands(newest.id)
            need(panel and newest.index > self.last["spoken", *about], "panel-has-spoken")
        need(("pending", said["product"]) not in self.last, "unratified")
        against = {each.said["role"] for each in votes if each.said["ballot"] == "no-go"}
        need(not against & required, "standing-no-go")
        able = {
            each.said["role"]
            for each in votes
            if each.said["ballot"] == "go"
            and each.said["charter"] == self.charter["charter"]
            and self._still(each, each.said["role"], act.time)
            and (each.said["accepts_retrospective"] or not old)
        }
        pairs = [(one, two) for one in able & exceptional for two in able & required if one != two]
        need(pairs, "missing-go")

    def _standard(self, act: Act, release: Act) -> None:
        """Inside what was agreed beforehand, and inside a standing go of the panel."""
        said = release.said
        about = (said["product"], said["system"])
        need(("spoken", *about) not in self.last, "panel-has-spoken")
        need(set(said["changed"]) <= set(self.charter["standard_parts"]), "outside-standard")
        follows = self.acts.get(said["follows"])
        if follows is None or follows.kind != "decision":
            raise Refused("wrong-follows")
        theirs = follows.said
        panel = theirs["change"] == "normal" and theirs["product"] == said["product"]
        need(panel, "wrong-follows")
        baseline = self.acts[self.acts[said["verdict"]].said["seal"]].said["baseline"]
        need(baseline == theirs["system"], "wrong-baseline")
        need(self._stands(follows.id), "follows-fallen")
        need(said["conditions"] == theirs["conditions"], "other-conditions")
        need(act.said["expires"] <= theirs["expires"], "wrong-expiry")
        self._recomputed(said["verdict"])
        self._independent(act.person, release)

    def revocation(self, act: Act, said: Fields) -> None:
        """By a role required when the go was given, or now."""
        decision = self._get(said["decision"], "decision")
        need(decision.said["outcome"] == "go", "unknown-decision")
        entitled = {*self.last["quorum", decision.id], *self.charter["required"]}
        need(entitled & set(self.people[act.person]["roles"]), "role-not-held")
        self.last["revoked", decision.id] = act.id
        self.last["spoken", decision.said["product"], decision.said["system"]] = act.index

    def hold(self, act: Act, said: Fields) -> None:
        """It stops a system until somebody else lifts it."""
        about = (said["product"], said["system"])
        self._replace(act, *about)
        self.last.setdefault(("held", *about), set()).add(act.id)

    def lift(self, act: Act, said: Fields) -> None:
        """By somebody other than who set the hold."""
        hold = self._get(said["hold"], "hold")
        active = self.last["held", hold.said["product"], hold.said["system"]]
        need(hold.id in active, "unknown-hold")
        need(act.person != hold.person, "own-hold")
        active.discard(hold.id)

    def kill(self, act: Act, said: Fields) -> None:
        """The system never goes again."""
        self.last["killed", said["product"], said["system"]] = act.id

    def rollback(self, act: Act, said: Fields) -> None:
        """To a go on another system that stands, and stands when this one is left."""
        back = self._get(said["to"], "decision")
        elsewhere = back.said["system"] != said["system"]
        need(back.said["product"] == said["product"] and elsewhere, "wrong-system")
        follows = self.acts.get(self.acts[back.said["assessment"]].said["follows"])
        leans = follows is not None and follows.said["system"] == said["system"]
        lasting = act.time < back.said["expires"] and not leans
        need(self._stands(back.id) and lasting, "not-standing")
        self.last["left", said["product"], said["system"]] = act.index

    def _stands(self, identity: str) -> bool:
        try:
            return bool(self.standing(identity))
        except Refused:
            return False

    def standing(self, identity: str) -> Act:
        """The decision under an identity, if it is a go that nothing has overtaken."""
        if identity not in self.acts and identity in self.refused:
            raise self.refused[identity]
        decision = self._get(identity, "decision")
        about = (decision.said["product"], decision.said["system"])
        newest = self.last["decision", *about]
        need(newest == identity, "superseded", f"decision {newest} replaced it")
        revoked = ("revoked", identity) in self.last
        need(not revoked, "revoked", "a required role took it back for good")
        go = decision.said["outcome"] == "go"
        killed = go and ("killed", *about) in self.last
        need(not killed, "killed", "the system was stopped for good")
        need(decision.index > self.loss, "lost", "later entries were lost, perhaps its revocation")
        need(go, "no-go", "only a go allows a release")
        failed = self.last.get(("failed", *about), -1) > decision.index
        need(not failed, "contradicted", "a later verdict on the same system failed")
        release = self.acts[decision.said["assessment"]].said
        disputed = ("disputed", release["verdict"]) in self.last
        need(not disputed, "disputed", "deriving its verdict again gave something else")
        left = self.last.get(("left", *about), -1) > decision.index
        need(not left, "rolled-back", "the product went back to an earlier release")
        need(not self.last.get(("held", *about)), "held", "a hold stops the system")
        leans = not release["follows"] or self._stands(release["follows"])
        need(leans, "follows-fallen", "the go that this standard change follows stands no more")
        return decision


def shown(records: dict[str, str], verdict: Fields) -> bool:
    """Whether the numbers behind a verdict are in the bundle; they must say what it says."""
    if verdict["judgement"] not in records:
        return False
    record = decode(records[verdict["judgement"]].encode(), "invalid-bundle", act=False)
    try:
        found = record["content"]
        judged = {each["criterion"]: each["outcome"] for each in found["verdicts"]}
        same = found["outcome"] == verdict["outcome"] and record["kind"] in JUDGEMENTS
    except (KeyError, TypeError) as error:
        raise Refused("invalid-bundle", "its judgement is none") from error
    signed = {each["criterion"]: each["outcome"] for each in verdict["criteria"]}
    need(same and judged == signed, "untrue-verdict", "the verdict is not what its numbers say")
    return True


def check_seal(records: dict[str, str], sealed: Fields) -> None:
    """A seal must say what its hypothesis says, where that is in the bundle."""
    if sealed["hypothesis"] not in records:
        return
    record = decode(records[sealed["hypothesis"]].encode(), "invalid-bundle", act=False)
    try:
        found = record["content"]
        same = record["kind"].startswith("hypothesis/")
        same = same and len(found["candidates"]) == len(sealed["candidates"])
        same = same and all(
            found[name] == sealed[name] for name in ("product", "basis", "confirmatory")
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise Refused("invalid-bundle", "its hypothesis is none") from error
    need(same, "untrue-seal", "the seal is not what its hypothesis says")


def manifest(records: dict[str, str], system: str) -> set[tuple[str, str, str]]:
    """Everything a system's manifest names: the part, its name within the part, its version."""
    record = decode(records[system].encode(), "invalid-bundle", act=False)
    try:
        said = record["content"]
        found = {("model", "", said["model"])}
        found |= {(each["name"], "", each["version"]) for each in said["parts"]}
        kinds = said.get("components", [])
        found |= {(each["section"], each["name"], each["version"]) for each in kinds}
        found |= {("features", each, "on") for each in said.get("features", [])}
        need(record["kind"] in {"system/1", "system/2"}, "invalid-bundle", "it is no system")
    except (AttributeError, KeyError, TypeError) as error:
        raise Refused("invalid-bundle", "its system is none") from error
    return found


def manifests_shown(records: dict[str, str], release: Fields, baseline: str) -> bool:
    """Whether both manifests are in the bundle; a standard change must be what they say."""
    standard = release["change"] == "standard"
    if not {baseline, release["system"]} <= records.keys():
        need(not standard, "manifests-missing", "nothing shows which parts it changes")
        return False
    differing = manifest(records, baseline) ^ manifest(records, release["system"])
    found = sorted({part for part, _, _ in differing})
    same = not standard or found == release["changed"]
    need(same, "untrue-change", f"the manifests differ in {found}, not {release['changed']}")
    return True


def read_root(data: bytes) -> Fields:
    """The root that the reader holds from elsewhere."""
    file = decode(data.strip(), "invalid-root")
    need(fits(file, "root-file"), "invalid-root", "it is no root/1")
    root: Fields = file["content"]
    keys = [root["log_key"], root["witness_key"], *root["root_keys"]]
    whole = len(set(keys)) == len(keys) and 0 < root["threshold"] <= len(root["root_keys"])
    whole = whole and root["minimum_size"] >= 0 and root["max_age_seconds"] > 0
    need(whole and all(map(sound, keys)), "invalid-root", "it binds nobody")
    return root


def verify(bundle: bytes, root: bytes, now: str) -> Fields:
    """Who decided what, as of which checkpoint, if the bundle's decision holds at a time.

    Raises:
        Refused: It does not; the reason is a stable word.
    """
    trusted, given = read_root(root), decode(bundle, "invalid-bundle")
    need(fits(given, "bundle"), "invalid-bundle", "its fields are not exactly those of a bundle")
    index, hashes = given["proof"]["index"], given["proof"]["hashes"]
    for name, text in given["records"].items():
        need(fits(text, "text") and sha256(text.encode()) == name, "invalid-bundle", "a record")
    size, root_hash, seen = open_note(given["checkpoint"], trusted)
    log = Log(trusted)
    for leaf in given["entries"]:
        log.enter(leaf)
    minimum = trusted["minimum_size"]
    whole = (size, root_hash) == (len(log.hashes), tree(log.hashes))
    need(whole, "wrong-checkpoint", "the log was cut short or rewritten after it was signed")
    need(size >= minimum, "below-minimum", "the log is shorter than your root knows it to be")
    began = tree(log.hashes[:minimum]).hex() == trusted["minimum_root_hash"]
    need(began, "rewritten", "the log does not begin as your root knows it to")
    need(not log.time or moment(log.time) <= seen + TOLERANCE, "clock", "an entry is too new")
    need(moment(now) >= seen - TOLERANCE, "clock", "the checkpoint lies in the future")
    fresh = moment(now) - seen <= timedelta(seconds=trusted["max_age_seconds"])
    need(fresh, "stale-checkpoint", "it cannot show that nothing was revoked since")
    decision = log.standing(given["decision"])
    need(now < decision.said["expires"], "expired", f"it ended at {decision.said['expires']}")
    placed = index >= 0 and log.ids[index : index + 1] == [decision.id]
    need(placed, "invalid-proof", "it is of another statement")
    need(hashes == path(index, log.hashes), "invalid-proof", "it does not lead to the root hash")
    votes = [log.acts[each] for each in decision.said["votes"]]
    release = log.acts[decision.said["assessment"]].said
    verdict = log.acts[release["verdict"]].said
    sealed, records = log.acts[verdict["seal"]].said, given["records"]
    check_seal(records, sealed)
    return {
        **{name: decision.said[name] for name in ("product", "system", "expires", "conditions")},
        "decision": decision.id,
        "decided": {"by": decision.person, "time": decision.time},
        "votes": [
            {"person": vote.person}
            | {name: vote.said[name] for name in ("role", "ballot", "reasons")}
            for vote in votes
        ],
        "change": decision.said["change"],
        "changed": release["changed"],
        "closed_over_asker": log.last.get(("overruled", decision.said["assessment"]), []),
        "recomputed": ("recomputed", release["verdict"]) in log.last,
        "numbers_shown": shown(records, verdict),
        "manifests_shown": manifests_shown(records, release, sealed["baseline"]),
        "basis": sealed["basis"],
        "without_effect": len(log.refused),
        "as_of": {"size": size, "root": root_hash.hex(), "time": f"{seen:%Y-%m-%dT%H:%M:%SZ}"},
    }


def main(arguments: list[str] | None = None) -> int:
    """Print who voted what, as of which checkpoint, or why the decision does not hold."""
    parser = argparse.ArgumentParser(description="Verify a release decision offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--root", type=Path, required=True, help="your own copy, not the bundle's")
    parser.add_argument("--now", default=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    options = parser.parse_args(arguments)
    try:
        found = verify(options.bundle.read_bytes(), options.root.read_bytes(), options.now)
    except Refused as refused:
        sys.stdout.write(f"does not hold: {refused}\n")
        return 4
    except OSError as error:
        sys.stderr.write(f"could not run: {error}\n")
        return 5
    sys.stdout.write(report(found))
    return 0


def report(found: Fields) -> str:
    """What a person reads when the decision holds."""
    at = found["as_of"]
    return "\n".join(
        [
            f"holds: go for {found['product']!r}, system {found['system']}",
            *(
                f"  {vote['person']!r} as {vote['role']!r}: {vote['ballot']}, {vote['reasons']!r}"
                for vote in found["votes"]
            ),
            *(
                f"  only inside {each['kind']} {each['limit']!r}, which this file cannot see"
                for each in found["conditions"]
            ),
            *(f"  closed over its asker: {each!r}" for each in found["closed_over_asker"]),
            f"  as {found['change']} change"
            + (f" of {found['changed']}" if found["changed"] else "")
            + (", its manifests" if found["manifests_shown"] else ", its manifests NOT")
            + " in the bundle",
            f"  on {found['basis']} evidence, whose numbers are "
            + ("in the bundle" if found["numbers_shown"] else "NOT in the bundle")
            + (", derived again by a second person" if found["recomputed"] else ""),
            f"  until {found['expires']}; as of checkpoint {at['size']} of {at['time']}\n",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
