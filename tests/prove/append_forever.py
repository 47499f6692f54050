"""Append statements, each with a record, until killed; a line is a receipt that was given."""

import sys
from pathlib import Path

from interlock.adapters.clock import SystemClock
from interlock.ledger import dump, parse_statement
from tests.fakes import act, open_log
from tests.prove.kill import READY, say


def main(path: Path) -> None:
    say(READY)
    with open_log(path, SystemClock()) as log:
        while True:
            envelope = act(log.size)
            record = parse_statement(envelope.payload).predicate
            receipt = log.append(envelope, records=[dump(record)])
            say(receipt.to_bytes().decode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
