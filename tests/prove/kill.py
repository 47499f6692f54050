"""Kill a working process at a random moment, and keep what it had acknowledged by then."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
READY = "ready"


def say(line: str) -> None:
    """Tell the killer a line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def killed_at_random(
    module: str,
    arguments: Sequence[object],
    *,
    rng: np.random.Generator,
    within_s: float = 0.15,
    after: int = 0,
) -> list[str]:
    """Run ``python -m module arguments`` and kill it (SIGKILL) at a random moment.

    The module says `READY` (with `say`) when its imports are done and the work begins,
    then one line for each thing it acknowledges, only after it is
    acknowledged; it works for ever.

    Args:
        module: What to run, from the root of the checkout.
        arguments: Its arguments.
        rng: Draws the moment.
        within_s: The moment is uniform in so many seconds after `READY`, or
        after: after so many acknowledgements, however slow the machine is.

    Returns:
        The lines of what was acknowledged.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == READY, child.communicate()[1]
        first = "".join(child.stdout.readline() for _ in range(after))
        time.sleep(float(rng.uniform(0, within_s)))
        assert child.poll() is None, child.communicate()[1]
        child.kill()
        told = first + child.stdout.read()
    # A last line without its end was being written when the process died.
    return told.split("\n")[:-1]
