"""One session of a sealed trial, to its end or until killed; a line is a cell that is done."""

import sys
from contextlib import closing
from pathlib import Path

from interlock.app import open_workspace
from interlock.app.trials import run_trial
from tests.board import PASSPHRASE
from tests.prove.kill import READY, say


def main(folder: Path, seal: str) -> None:
    with closing(open_workspace(folder / "board", home=folder / "home")) as work:
        key = work.person("paula", PASSPHRASE)
        say(READY)
        plan = folder / "board" / "trials" / "canary.yaml"
        run_trial(work, plan, seal, signer=key, told=lambda now: say(str(now.cells)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
