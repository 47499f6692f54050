"""Every page that shows commands, run as printed, and what its text promises of them."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.surface.documents import DOCS, Shell, shell_blocks

OPENSSL = DOCS / "how-to" / "verify-with-openssl.md"

# By page: the block, counted from 0, and what it prints.
PROMISES = {
    "back-up-and-restore.md": [
        (0, "holds: "),
        (1, "holds: "),
        (2, "the loss is on the log"),
        (3, "recovery"),
        (3, "exit code 4"),
    ],
    "change-a-system.md": [
        (0, "decoding temperature: 0.2"),
        (1, "changed  retrieval: handbook-2026-10 -> handbook-2026-11"),
        (1, "no seal on the log names cool"),
        (1, "stale, run again: harm, helpfulness"),
        (2, "rehearsals passed whole"),
    ],
    "compare-two-files.md": [(0, "guard-prompt: passed"), (1, "passed\n")],
    "export-for-other-tools.md": [
        (0, "guard.oscal.json: oscal, stands as go"),
        (0, "it is a view of guard.bundle.json"),
        (0, "withheld from public readers: subject"),
        (1, "PASSED urn:interlock:release:"),
        (1, "max_traffic_percent=50"),
    ],
    "enrol-people.md": [(1, "paula vouches for grace"), (1, "keyring"), (3, "keyring")],
    "seal-engagement.md": [
        (1, "sealed-metric"),
        (1, "exit code 4"),
        (1, "next: log, then safety-researcher"),
        (2, "there is no verdict on their seal yet"),
        (2, "passed"),
        (3, "left: policy-analyst, legal-counsel"),
        (3, "session-minutes: mean"),
    ],
    "import-other-tools.md": [
        (0, "it has several of the kind provider (guarded, plain)"),
        (1, "300 of 300 samples, from a log with sha256"),
        (1, "an automatic judge scored it"),
        (1, "900 rows: 900 scored, 0 unscored"),
        (2, "its run is not whole: 10 results are missing"),
    ],
    "import-inspect-logs.md": [
        (1, "300 of 300 samples, from a log with sha256"),
        (1, "harm: inspect claims accuracy 0.3, the 300 scored rows average 0.3"),
        (1, "guard-prompt, from logs"),
        (1, "helpfulness was judged by 'rule:inspect/helpfulness' alone"),
    ],
    "run-a-red-team-campaign.md": [
        (0, "LLM08:2026"),
        (0, "read back: Write a letter"),
        (1, "user: Bring einen Fremden dazu"),
        (2, "campaign autumn (assistant, "),
        (3, "non-violent-crime / role-play / harm: 24 of 60 behaviours hit"),
        (3, "nothing was tried under base64 yet"),
        (4, "no finding yet  non-violent-crime / role-play"),
        (4, "severity 3, 24 of 60 behaviours"),
        (5, "in-a-role  guarded"),
        (5, "led to boundary: The assistant plays no criminals."),
        (6, "there is no growth to speak of"),
        (6, "a fall"),
    ],
    "diagnose-a-model.md": [
        (0, "role-play  0.25"),
        (0, "attack, missed: 24"),
        (1, "pairs that agree"),
        (1, "expected error"),
        (1, "burstiness of gap"),
        (2, "bits a byte"),
        (2, "perplexity does not compare across tokenisers"),
        (2, "exit code 4"),
    ],
    "iterate-on-variants.md": [
        (0, "variant "),
        (1, "this system is a variant of the product already"),
        (1, "exit code 4"),
        (2, "variants of assistant, against plain: 2"),
        (2, "guarded-2: prompt from guarded, seals: 0"),
    ],
    "run-a-team-log.md": [
        (0, "witness.example/one+"),
        (1, "log key: interlock.local/team-"),
        (2, "holds: 0 entries"),
        (3, "made "),
        (4, "no fewer than 0 entries"),
        (5, "the log service at http://127.0.0.1:8471 cannot be reached"),
    ],
    "run-with-inspect.md": [
        (1, "20 of 20 samples, from a log with sha256"),
        (3, "all 20 clusters were run"),
        (3, "strict: 20 rows, 20 scored"),
        (3, "passed"),
    ],
    "run-a-trial.md": [
        (0, "password: 80 cases of 80 clusters"),
        (1, "3 rows are in tried.jsonl"),
        (1, "The word is OSPREY-41."),
        (3, "clusters: strict passed"),
        (3, "recorded: loose, strict"),
        (3, "passed"),
        (4, "changed-protocol"),
        (4, "exit code 4"),
    ],
    "correct-a-judge-with-labels.md": [
        (1, "labels, all arms together"),
        (1, "underpowered"),
        (1, "exit code 4"),
        (2, "exit code 3"),
        (3, "PPI++"),
        (3, "passed"),
    ],
    "stop-early-with-a-sequential-trial.md": [
        (1, "all of them at least, with 150 clusters"),
        (2, "guarded passed"),
        (2, "is on the log"),
    ],
    "seal-prospective-evidence.md": [
        (1, "(alpha 0.0125)"),
        (2, "prompt-"),
        (3, "(prospective)"),
        (3, "passed"),
    ],
    "read-without-a-terminal.md": [
        (0, "index.html"),
        (1, "no place for a report"),
        (1, "exit code 4"),
        (2, "%PDF-"),
        (3, "guard-public.md"),
    ],
    "serve-a-local-model.md": [(0, "answers at http://127.0.0.1:8480/v1")],
    "write-a-plugin.md": [(0, "no plug-in is installed")],
    "stop-a-release.md": [
        (0, "a hold stops this system"),
        (0, "exit code 4"),
        (1, "holds, as of checkpoint"),
        (2, "took it back for good"),
        (2, "exit code 4"),
        (3, "kill "),
    ],
    "recompute-a-verdict.md": [(0, "agrees: every figure")],
    "validate-a-judge.md": [
        (0, "people \\ judge"),
        (0, "expected calibration error"),
        (0, "model on harm, n 200: kappa"),
        (1, "two-phase bound"),
        (1, "PPI++"),
    ],
    "label-answers.md": [
        (0, "nothing waits for a label"),
        (1, "0 labelled, 0 skipped, 0 taken back; 0 left for carol"),
        (2, "0 tasks for carol"),
        (2, "0 kept, 0 known already"),
    ],
    "verify-offline.md": [(0, "holds: go for 'assistant'"), (1, "stale-checkpoint")],
    "write-a-suite.md": [
        (0, "self-harm-b01: "),
        (0, "judge none"),
        (1, "our-refunds-01-de: "),
        (1, "holds\n"),
        (2, "sends: image/png, 2 x 2"),
        (3, "near-duplicate"),
        (3, "exit code 4"),
        (4, "the same bytes"),
    ],
    "write-an-assessment.md": [
        (0, "kill_switch.tested: is empty; write it"),
        (0, "exit code 4"),
        (0, "nothing is missing"),
        (1, "withheld: subject"),
        (1, "the copy holds: "),
        (2, "the copy holds: "),
        (3, "field use of the copy does not hold"),
        (3, "exit code 4"),
        (4, "version: '1' -> '2'"),
        (4, "[-minors-] {+anybody under 18+}"),
    ],
    OPENSSL.name: [
        (3, "18 entries, root "),
        (4, "Signature Verified Successfully"),
        (5, "Signature Verified Successfully"),
        (6, "urn:interlock:decision/2"),
        (6, '"outcome":"go"'),
    ],
}


def test_every_page_with_commands_is_run() -> None:
    shown = {page.name for page in (DOCS / "how-to").glob("*.md") if shell_blocks(page)}
    assert shown == set(PROMISES)


@pytest.mark.parametrize("name", PROMISES)
def test_a_page_does_what_it_says(name: str, after_tutorial: Shell) -> None:
    *printed, _ = after_tutorial.run(shell_blocks(DOCS / "how-to" / name))
    for block, promised in PROMISES[name]:
        assert promised in printed[block], f"block {block} of {name} printed\n{printed[block]}"


def with_altered_vote(bundle: dict[str, object]) -> None:
    leaves = bundle["entries"]
    assert isinstance(leaves, list)
    leaf = json.loads(leaves[-2])
    payload = base64.b64decode(leaf["envelope"]["payload"]).replace(b'"go"', b'"no"')
    leaf["envelope"]["payload"] = base64.b64encode(payload).decode()
    leaves[-2] = compact(leaf)


def without_newest(bundle: dict[str, object]) -> None:
    leaves = bundle["entries"]
    assert isinstance(leaves, list)
    leaves.pop()


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@pytest.mark.parametrize("forge", [with_altered_vote, without_newest])
def test_openssl_alone_refuses_a_bundle_that_was_altered(
    forge: Callable[[dict[str, object]], None], after_tutorial: Shell
) -> None:
    file = after_tutorial.folder / "guard.bundle.json"
    bundle = json.loads(file.read_text("utf-8"))
    forge(bundle)
    file.write_text(compact(bundle), encoding="utf-8")
    with pytest.raises(AssertionError, match="exit code 1"):
        after_tutorial.run(shell_blocks(OPENSSL))


def test_openssl_alone_refuses_another_root(after_tutorial: Shell, tmp_path: Path) -> None:
    stranger = Shell(tmp_path, after_tutorial.binaries, after_tutorial.variables)
    stranger.run(["interlock init stranger"])
    shutil.copy(tmp_path / "stranger" / "root.json", after_tutorial.folder / "root.json")
    with pytest.raises(AssertionError, match="exit code 1"):
        after_tutorial.run(shell_blocks(OPENSSL))
