"""Append a statement and back the log up, until killed; a line is the size backed up."""

import sys
from pathlib import Path

from interlock.adapters.backup import backup
from interlock.adapters.clock import SystemClock
from tests.fakes import act, open_log
from tests.prove.kill import READY, say


def main(path: Path, copy: Path) -> None:
    say(READY)
    with open_log(path, SystemClock()) as log:
        while True:
            log.append(act(log.size))
            say(str(backup(log, copy).cosigned.checkpoint.size))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
