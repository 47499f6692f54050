"""What people see while they wait: on a terminal only, and never on standard output."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from interlock.trial.running import Progress as Ahead


@dataclass(frozen=True)
class Waiting:
    """Long work that tells how far it is."""

    progress: Progress

    def doing(self, what: str) -> None:
        """Say what is being done; its end cannot be foreseen."""
        if not self.progress.tasks:
            self.progress.add_task(what, total=None)
        self.progress.update(self.progress.tasks[0].id, description=what)

    def counting(self, total: int, what: str) -> Callable[[int], None]:
        """A bar for work of a known length; call the result with how much is done."""
        task = self.progress.add_task(what, total=total)
        return lambda done: self.progress.update(task, completed=done)

    def running(self, what: str) -> Callable[[Ahead], None]:
        """A bar for a trial, with what it has cost so far."""
        task = self.progress.add_task(what, total=None)

        def told(now: Ahead) -> None:
            said = f"{what}, {now.calls} calls, {now.tokens} tokens"
            self.progress.update(task, completed=now.cells, total=now.of, description=said)

        return told


@contextmanager
def waiting() -> Iterator[Waiting]:
    """Show progress on standard error until the work is done; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        yield Waiting(progress)
