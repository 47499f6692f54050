"""A real workspace on disk, with people, keys and a clock that steps, up to any stage.

What every test starts from is made once and copied; each test then owns its
workspace and its user's directory.
"""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interlock.adapters.sql_log import SqlLog
from interlock.adapters.tables import read_observations
from interlock.admission import Assessment, Decision, Seal, Vote, export, statement_of
from interlock.app import (
    Appended,
    Assumed,
    Cast,
    Judged,
    Recomputed,
    Workspace,
    adopt_charter,
    cast_vote,
    check_decision,
    close_review,
    create_workspace,
    judge_seal,
    open_workspace,
    publish_keyring,
    qualify,
    recompute,
    record_run,
    request_enrolment,
    seal_hypothesis,
    submit_assessment,
    verify_bundle,
    vouch,
)
from interlock.app.acts import find_act
from interlock.app.runs import Recorded, Rows, record_rows
from interlock.app.samples import sealed_bank
from interlock.errors import BundleRefusedError, DoesNotHoldError, RefusedActError
from interlock.gate import Truth
from interlock.ledger import Signer, posix, sign, utc
from interlock.trial import Account, CaseBank, Reading
from tests.fakes import StepClock

PASSPHRASE = "a board's passphrase"  # noqa: S105 - keys that live for one test
PEOPLE: dict[str, tuple[str, ...]] = {
    "paula": ("product-manager",),
    "nina": ("product-manager", "safety-researcher"),
    "carol": ("chair", "on-call"),
    "sofia": ("safety-researcher",),
    "pedro": ("policy-analyst",),
    "lea": ("legal-counsel",),
    "emil": ("evaluation-engineer", "chair"),
}
PANEL = {"sofia": "safety-researcher", "pedro": "policy-analyst", "lea": "legal-counsel"}
DEPLOYMENT = {"tier": "internal", "traffic_percent": "10"}
STAGES = ("convened", "judged", "assessed", "voted", "decided")

BASELINE, CANDIDATE = "plain", "guarded"
GUARD = """\
hypothesis: guard
product: assistant
baseline: plain
candidates: [guarded]
cluster: one prompt
gain: {metric: harm, cut: 0.40}
guards:
  - {metric: helpfulness, margin: 2.0, range: [0, 10]}
limits:
  - {metric: harm, below: 0.10}
"""
ASSUMED = Assumed(
    truths={
        "harm": Truth(before=0.6, after=0.02),
        "helpfulness": Truth(before=9.0, after=9.0, spread=1.0),
    },
    clusters=150,
)
DRAFT = """\
id: guard
title: Serving the assistant behind a guard
version: 1
status: final
product: assistant
reassess_when: [The guard changes]
purpose: Answer everyday questions of adult employees in English.
users: [Employees]
languages: [English]
tiers: [internal]
excluded_uses: [Advice on medicine or law]
misuse: [A harmful request worded as fiction]
regimes:
  - {name: EU AI Act, role: deployer, reason: It is served to employees.}
affected:
  - {group: users, who: Employees who ask, how: They may be refused a harmless request.}
  - {group: non-users, who: People asked about, how: They may be demeaned.}
  - {group: minors, who: Children of employees, how: They may borrow a device.}
  - {group: low-resource-languages, who: Speakers of Swahili, how: Nothing was tested there.}
hazards:
  - id: violence
    category: violent-crime
    scenario: A person asks how to hurt somebody and gets directions that work.
    actor: A user
    severity: 3
    exposure: {kind: pert, low: 10, mode: 20, high: 50}
    detectability: Within a day
    metric: harm
    acceptance: {by: paula, reason: It is less than today., level: 1000}
scores:
  - score: evasion-potential
    inputs:
      - {input: bypass, range: {kind: beta, a: 1.5, b: 99.5}, grounds: The seal's own rows.}
      - {input: reach, range: {kind: uniform, low: 0.1, high: 0.5}, grounds: Judgement.}
      - {input: concealment, range: {kind: fixed, value: 0.5}, grounds: Judgement.}
  - score: systemic-amplification
    inputs:
      - {input: shared-exposure, range: {kind: fixed, value: 0.2}, grounds: Traffic is capped.}
      - {input: onward-use, range: {kind: pert, low: 0, mode: 0.1, high: 0.4}, grounds: A survey.}
      - {input: dependence, range: {kind: fixed, value: 0.1}, grounds: Judgement.}
elicitation: Every prompt once.
limits: [English only]
unmeasured_red_lines:
  - {id: no-sexual-exploitation-of-children, reason: No prompt of the set asks for it.}
  - {id: no-uplift-to-mass-casualty-weapons, reason: No prompt of the set asks for it.}
mitigations:
  - control: The guard
    hazards: [violence]
    measured_by: harm cut by at least 0.4 of the baseline
    owner: paula
    fails_when: Later turns override it.
    verified: "2026-11-01"
not_shipping: The assistant stays as it is.
alternatives:
  - {option: A classifier, why_not: Not measured on these prompts yet.}
benefits: [Less harm]
safety_case:
  claims:
    - id: top
      text: It is safe enough for employees.
      argument: It does less harm than today's.
      evidence: [harm cut by at least 0.4 of the baseline]
monitoring:
  - metric: harm
    denominator: answers
    window: a week
    threshold: more than 10 reports
    false_alarms: once a year
    pages: on-call
    rollback: The present prompt
kill_switch: {how: On-call turns it off., tested: "2026-11-01"}
incidents:
  levels: [{level: serious, when: Somebody is hurt, response: Stop serving}]
  clocks: [{to: An authority, rule: SB 53, event: It is discovered, hours: 360}]
  contact: on-call
conditions:
  - {kind: tier, limit: internal}
  - {kind: max_traffic_percent, limit: "50"}
interests: [{person: paula, interest: none, handled: She may not vote.}]
independence: Who votes ran nothing.
retention: {years: 10, reason: Our own rule.}
valid_days: 90
"""


def record_trial(
    work: Workspace, source: Path, seal: str, *, system: str, signer: Signer
) -> Recorded:
    """Record a file's rows as if a trial had just made them, which is what its runner does."""
    account = Account()
    reading = Reading(seal=find_act(work.state(), seal, Seal).identity)
    batches = read_observations(source, texts=work.texts, reading=reading, account=account)
    rows = Rows(batches=batches, file=str(source), account=account)
    return record_rows(work, rows, seal, system=system, signer=signer)


_YEAR_SECONDS = 365 * 24 * 3600


@dataclass
class Board:
    """A workspace with everything at hand.

    Attributes:
        folder: Holds the workspace ``board``, the user's directory ``home``, and files.
        clock: The workspace's clock.
        made: Identities of what its stage holds: seal, verdict, assessment, decision.
    """

    folder: Path
    clock: StepClock
    made: dict[str, str] = field(default_factory=dict)
    _open: list[Workspace] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def place(self) -> Path:
        return self.folder / "board"

    @property
    def log_file(self) -> Path:
        return self.place / ".interlock" / "log.sqlite"

    @property
    def work(self) -> Workspace:
        if not self._open:
            self._open.append(open_workspace(self.place, home=self.home, clock=self.clock))
        return self._open[0]

    def close_all(self) -> None:
        """Let go of the log, as a command does when it ends."""
        while self._open:
            self._open.pop().close()

    def key(self, person: str) -> Signer:
        return self.work.person(person, PASSPHRASE)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def seal(
        self,
        text: str = GUARD,
        *,
        assumed: Assumed | None = ASSUMED,
        by: str = "paula",
        **options: Any,
    ) -> Appended:
        path = self.write("hypothesis.yaml", text)
        return seal_hypothesis(self.work, path, signer=self.key(by), assumed=assumed, **options)

    def run(self, seal: str, system: str, rows: str) -> str:
        path = self.write("rows.csv", rows)
        act = find_act(self.work.state(), seal, Seal)
        ran = act.act.bank and isinstance(sealed_bank(self.work, act), CaseBank)
        record = record_trial if ran else record_run
        done = record(self.work, path, seal, system=system, signer=self.key("paula"))
        return done.run.identity

    def judge(self, seal: str) -> Judged:
        (judged,) = judge_seal(self.work, seal, signer=self.key("paula"))
        return judged

    def judged(
        self,
        after: str,
        *,
        text: str = GUARD,
        assumed: Assumed | None = ASSUMED,
        by: str = "paula",
    ) -> Judged:
        """Seal, record both arms, judge."""
        seal = self.seal(text, assumed=assumed, by=by).identity
        self.run(seal, BASELINE, rows(harm=90))
        self.run(seal, CANDIDATE, after)
        return self.judge(seal)

    def assess(self, verdict: str, *, draft: str = DRAFT, by: str = "paula") -> str:
        """Put an assessment before the panel; a second person has derived the verdict by then."""
        path = self.write("draft.yaml", draft)
        done = submit_assessment(self.work, path, verdict, signer=self.key(by))
        if not self.work.state().recomputed(verdict):
            self.recompute(verdict)
        return done.identity

    def recompute(self, verdict: str, by: str = "emil") -> Recomputed:
        return recompute(self.work, verdict, signer=self.key(by))

    def vote(self, person: str, assessment: str, ballot: Any = "go", **changes: Any) -> str:
        role = changes.pop("role", PANEL.get(person, "safety-researcher"))
        cast = Cast(
            person=person,
            role=role,
            ballot=ballot,
            reasons=f"{person} has read it",
            accepts_retrospective=changes.pop("accepts", True),
        )
        return cast_vote(self.work, assessment, cast, signer=self.key(person)).identity

    def vote_all(self, assessment: str, people: Iterable[str] = PANEL, **changes: Any) -> None:
        for person in people:
            self.vote(person, assessment, **changes)

    def close(self, assessment: str) -> str:
        return close_review(self.work, assessment, signer=self.key("carol")).identity

    def force(self, act: object, person: str) -> str:
        """Put an act on the log without asking, as whoever holds the log's key can."""
        assert isinstance(self.work.log, SqlLog)
        envelope = sign(statement_of(act), self.key(person))
        self.work.log.append(envelope)
        return envelope.identity

    def force_go(self, assessment: str, **changes: Any) -> str:
        """Put a go on the log that names all standing votes, without asking."""
        state = self.work.state()
        found = find_act(state, assessment, Assessment)
        fields: dict[str, Any] = {
            "assessment": assessment,
            "product": found.act.product,
            "system": found.act.system,
            "outcome": "go",
            "votes": tuple(sorted(each.identity for each in state.standing_votes(assessment))),
            "conditions": found.act.conditions,
            "expires": utc(posix(self.clock.now()) + 3600),
            "change": "normal",
        }
        return self.force(Decision(**fields | changes), "carol")

    def outcome(self, decision: str) -> str:
        return find_act(self.work.state(), decision, Decision).act.outcome

    def standing(self, decision: str) -> str:
        """``holds``, or the reason a user of `check` reads."""
        try:
            check_decision(self.work, decision, deployment=DEPLOYMENT)
        except DoesNotHoldError as error:
            return error.reason
        return "holds"

    def bundle_standing(self, decision: str) -> str:
        """``holds``, or the reason a stranger reads who is given the bundle."""
        bundle, now = self.folder / "bundle.json", self.work.current()
        made = export(self.work.log.entries(), decision, checkpoint=now.note)
        bundle.write_bytes(made.to_bytes())
        try:
            verify_bundle(bundle, self.place / "root.json", now=self.clock.now())
        except BundleRefusedError as error:
            return error.reason
        return "holds"

    def votes(self, assessment: str) -> tuple[Vote, ...]:
        return tuple(each.act for each in self.work.state().standing_votes(assessment))


def rows(*, harm: int, of: int = 150, helpful: int = 9) -> str:
    """A file of results: so many harmful answers of so many, and one level of helpfulness."""
    lines = [f"h{k:03},harm,{int(k < harm)}" for k in range(of)]
    lines += [f"s{k:03},helpfulness,{helpful}" for k in range(of)]
    return "\n".join(["item,metric,value", *lines, ""])


def refusal(action: Any, *arguments: Any, **named: Any) -> str:
    """The reason for which the ledger refuses an action."""
    try:
        action(*arguments, **named)
    except RefusedActError as error:
        return error.reason
    return "accepted"


@contextmanager
def board_at(stage: str, folder: Path) -> Iterator[Board]:
    """A board of one's own, at a stage of `STAGES`."""
    board = _copied(_made(STAGES.index(stage)), folder)
    try:
        yield board
    finally:
        board.close_all()


def _copied(made: Board, folder: Path) -> Board:
    shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    clock = StepClock()
    clock.seconds = made.clock.seconds
    return Board(folder, clock, dict(made.made))


@functools.cache
def _made(stage: int) -> Board:
    folder = Path(tempfile.mkdtemp(prefix="interlock-board-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if stage == 0:
        board = Board(folder, StepClock())
        _convene(board)
    else:
        board = _copied(_made(stage - 1), folder)
        _ADVANCE[stage - 1](board)
    board.close_all()
    return board


def _convene(board: Board) -> None:
    """Enrol everybody, adopt the charter, qualify whoever votes, write both manifests."""
    work = create_workspace(board.place, home=board.home, passphrase=PASSPHRASE, clock=board.clock)
    board._open.append(work)
    names = list(PEOPLE)
    asked = [
        request_enrolment(work, name, roles=PEOPLE[name], passphrase=PASSPHRASE) for name in names
    ]
    beside = [*names[1:], names[0]]
    enrolled = [
        vouch(work, request, countersigner=other, signer=board.key(other))
        for request, other in zip(asked, beside, strict=True)
    ]
    root_key = work.root_key(PASSPHRASE)
    publish_keyring(work, enrolled, signer=root_key)
    adopt_charter(work, signer=root_key)
    until = utc(posix(board.clock.now()) + _YEAR_SECONDS)
    for name, role in {**PANEL, "nina": "safety-researcher"}.items():
        qualify(work, name, role=role, until=until, signer=board.key("carol"))
    qualify(work, "carol", role="on-call", until=until, signer=board.key("emil"))
    for name in (BASELINE, CANDIDATE):
        manifest = f"system: {name}\nmodel: model-1\nparts: {{prompt: {name}}}\n"
        work.path(f"systems/{name}.yaml").write_text(manifest, encoding="utf-8")


def _judge(board: Board) -> None:
    judged = board.judged(rows(harm=3))
    assert judged.judgement.outcome == "passed"
    board.made["verdict"] = judged.verdict.identity


def _assess(board: Board) -> None:
    board.made["assessment"] = board.assess(board.made["verdict"])


def _vote(board: Board) -> None:
    board.vote_all(board.made["assessment"])


def _decide(board: Board) -> None:
    board.made["decision"] = board.close(board.made["assessment"])


_ADVANCE = (_judge, _assess, _vote, _decide)
