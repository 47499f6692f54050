"""Put acts on a team's log through its service; a line is an act that was acknowledged."""

import sys
import time
from pathlib import Path

from interlock.adapters.log_client import TeamLog
from interlock.adapters.service_files import ServiceFolder
from interlock.admission import Hold, statement_of
from interlock.errors import UnavailableError
from interlock.ledger import sign
from tests.fakes import MemorySigner
from tests.prove.kill import READY, say

_PATIENCE_S = 120


def main(folder: Path, url: str, name: str, count: int) -> None:
    root, signer = ServiceFolder(folder / "service").root, MemorySigner("carol")
    token = folder / f"{name}.token"
    with TeamLog(folder / f"{name}.sqlite", root=root, url=url, token=token) as log:
        say(READY)
        for n in range(count):
            made = Hold(product=f"{name} {n}", system="a" * 64, reason="a test", previous="")
            envelope = sign(statement_of(made), signer)
            end = time.monotonic() + _PATIENCE_S
            while True:
                try:
                    log.append(envelope)
                    break
                except UnavailableError:
                    # As a person would: the same act again, which counts once.
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.2)
            say(envelope.identity)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
