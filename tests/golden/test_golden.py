"""Bytes that were written once stay readable, and are written the same way for ever."""

import json
import subprocess
import sys

import pytest

from interlock.ledger import Entry, Envelope, Receipt, dump, kind_of, load, parse_statement
from tests.fakes import TRUST
from tests.golden.ledger_examples import ENTRY, ENVELOPE, LEDGER_FILES, RECEIPT, STATEMENT
from tests.golden.write import LEDGER, RECORDS, record_file

# A process of its own: other tests register kinds that the product does not have.
_LIST_KINDS = """
import json, pkgutil, importlib, interlock
from interlock.ledger import kinds
for found in pkgutil.walk_packages(interlock.__path__, "interlock."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print(json.dumps(kinds()))
"""


def test_every_kind_has_a_golden_file() -> None:
    listed = subprocess.run(
        [sys.executable, "-c", _LIST_KINDS], check=True, capture_output=True, text=True
    )
    missing = [kind for kind in json.loads(listed.stdout) if not record_file(kind).exists()]
    assert missing == [], "add an example to tests/golden/examples.py, then run its write.py"


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_record_loads_and_dumps_to_the_same_bytes_or_as_its_later_kind(
    path: object,
) -> None:
    data = (RECORDS / str(path)).read_bytes()
    loaded, (kind, version) = load(data), json.loads(data)["kind"].split("/")
    if kind_of(loaded) == f"{kind}/{version}":
        assert dump(loaded) == data
    else:
        now, later = kind_of(loaded).split("/")
        assert (now, int(later) > int(version)) == (kind, True)


@pytest.mark.parametrize("name", sorted(LEDGER_FILES))
def test_what_the_ledger_writes_has_not_changed_by_a_byte(name: str) -> None:
    assert (LEDGER / name).read_bytes() == LEDGER_FILES[name]


def test_golden_statements_envelopes_entries_and_receipts_are_read_back() -> None:
    assert parse_statement((LEDGER / "payload.json").read_bytes()) == STATEMENT
    assert Envelope.parse((LEDGER / "envelope.json").read_bytes()) == ENVELOPE
    assert Entry.parse((LEDGER / "entry.json").read_bytes()) == ENTRY
    receipt = Receipt.parse((LEDGER / "receipt.json").read_bytes())
    assert receipt == RECEIPT
    assert receipt.check(ENTRY, TRUST).time == "2026-11-21T21:52:52Z"
