"""A supervisor: opens the door, keeps so many worker processes at it, and ends with them."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from types import FrameType

from interlock.errors import UnavailableError

READY = "ready\n"
"""What a worker prints once it answers."""

_QUEUE = 512
_LOOK_S = 0.1
_END_S = 20
_SHORT_LIFE_S = 5
_SHORT_LIVES = 5


@dataclass(frozen=True)
class Door:
    """Where a service answers.

    Attributes:
        host: Address or name.
        port: 0 for any that is free.
        workers: Processes behind it.
    """

    host: str = "127.0.0.1"
    port: int = 0
    workers: int = 1


@dataclass
class _Worker:
    process: "subprocess.Popen[str]"
    born: float = field(default_factory=time.monotonic)


def supervise(
    module: str, arguments: Sequence[str], *, door: Door, opened: Callable[[str], object]
) -> None:
    """Serve with worker processes until told to end (SIGTERM, SIGINT); then end gracefully.

    All workers accept from one socket that this process holds, so that one that
    is killed takes with it only the requests it had begun. It is replaced.

    Args:
        module: What a worker runs, with ``python -m``; it gets the socket's
            descriptor as its first argument.
        arguments: Its other arguments.
        door: Where to answer, and with how many workers.
        opened: Called once with the URL, when every worker answers.

    Raises:
        UnavailableError: The address cannot be used, or workers die as soon as
            they are born.
    """
    with closing(_listening(door)) as listening:
        place = listening.getsockname()
        host = f"[{place[0]}]" if ":" in place[0] else place[0]
        url = f"http://{host}:{place[1]}"
        keeper = _Keeper(url, [module, str(listening.fileno()), *arguments], listening.fileno())
        with _told_to_end(keeper.end):
            keeper.keep(door.workers, lambda: opened(url))


class _Keeper:
    """Keeps workers alive."""

    def __init__(self, url: str, command: list[str], descriptor: int) -> None:
        self._url, self._command, self._descriptor = url, command, descriptor
        self._workers: list[_Worker] = []
        self._ending, self._short_lives = False, 0

    def end(self) -> None:
        """Let every worker finish, and start no other."""
        self._ending = True

    def keep(self, count: int, opened: Callable[[], object]) -> None:
        """Keep so many workers until told to end."""
        try:
            self._workers = [self._born() for _ in range(count)]
            for worker in self._workers:
                self._await(worker)
            opened()
            while not self._ending:
                time.sleep(_LOOK_S)
                self._workers = [self._alive(worker) for worker in self._workers]
        finally:
            self._finish()

    def _born(self) -> _Worker:
        process = subprocess.Popen(  # noqa: S603 - our own module, in this interpreter
            [sys.executable, "-m", *self._command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=(self._descriptor,),
        )
        return _Worker(process)

    def _await(self, worker: _Worker) -> None:
        assert worker.process.stdout is not None  # noqa: S101 - it is a pipe
        if worker.process.stdout.readline() != READY and not self._ending:
            raise UnavailableError(f"a service at {self._url}", "its worker ends while it begins")

    def _alive(self, worker: _Worker) -> _Worker:
        if worker.process.poll() is None or self._ending:
            return worker
        if time.monotonic() - worker.born < _SHORT_LIFE_S:
            self._short_lives += 1
        else:
            self._short_lives = 0
        if self._short_lives > _SHORT_LIVES:
            raise UnavailableError(f"a service at {self._url}", "its workers keep dying")
        return self._born()

    def _finish(self) -> None:
        end = time.monotonic() + _END_S
        for worker in self._workers:
            # The end of its standard input tells a worker to finish.
            with suppress(OSError):
                if worker.process.stdin is not None:
                    worker.process.stdin.close()
        for worker in self._workers:
            try:
                worker.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            if worker.process.stdout is not None:
                worker.process.stdout.close()


def _listening(door: Door) -> socket.socket:
    try:
        found = socket.getaddrinfo(
            door.host, door.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, place = found[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(place)
        made.listen(_QUEUE)
    except OSError as error:
        raise UnavailableError(f"the address {door.host}:{door.port}", str(error)) from error
    made.setblocking(False)
    return made


class _told_to_end:  # noqa: N801 - reads as a sentence where it is used
    """Calls a function when this process is told to end."""

    def __init__(self, end: Callable[[], object]) -> None:
        self._end = end

    def __enter__(self) -> None:
        def told(_number: int, _frame: FrameType | None) -> None:
            self._end()

        self._before = {
            number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)
        }

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
