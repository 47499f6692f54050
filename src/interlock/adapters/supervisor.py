"""A supervisor: opens the door, keeps so many worker processes at it, and ends with them."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
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
_RECENT_S = 300
_LINE = 1024


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
    process: "subprocess.Popen[bytes]"
    born: float = field(default_factory=time.monotonic)

    def let_go(self) -> None:
        """Close the pipes to it; the end of its standard input tells it to finish."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


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
        self._ending, self._short_lives = False, deque[float]()

    def end(self) -> None:
        """Let every worker finish, and start no other."""
        self._ending = True

    def keep(self, count: int, opened: Callable[[], object]) -> None:
        """Keep so many workers until told to end."""
        try:
            for _ in range(count):
                self._workers.append(self._born())
            for worker in self._workers:
                self._await(worker)
            if not self._ending:
                opened()
            while not self._ending:
                time.sleep(_LOOK_S)
                for place, worker in enumerate(self._workers):
                    self._workers[place] = self._alive(worker)
        finally:
            self._finish()

    def _born(self) -> _Worker:
        process = subprocess.Popen(  # noqa: S603 - our own module, in this interpreter
            [sys.executable, "-m", *self._command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(self._descriptor,),
        )
        return _Worker(process)

    def _await(self, worker: _Worker) -> None:
        """Wait until a worker answers, or until told to end."""
        assert worker.process.stdout is not None  # noqa: S101 - it is a pipe
        said, pipe = b"", worker.process.stdout.fileno()
        # A signal does not end a read, so that none is begun before there is something to read.
        while not self._ending and not said.endswith(b"\n"):
            if select.select([pipe], [], [], _LOOK_S)[0]:
                more = os.read(pipe, _LINE)
                if not more:
                    break
                said += more
        if said != READY.encode() and not self._ending:
            raise UnavailableError(f"a service at {self._url}", "its worker ends while it begins")

    def _alive(self, worker: _Worker) -> _Worker:
        """The worker, or another in its place if it died."""
        if worker.process.poll() is None or self._ending:
            return worker
        now = time.monotonic()
        if now - worker.born < _SHORT_LIFE_S:
            self._short_lives.append(now)
        while self._short_lives and now - self._short_lives[0] > _RECENT_S:
            self._short_lives.popleft()
        if len(self._short_lives) > _SHORT_LIVES:
            raise UnavailableError(f"a service at {self._url}", "its workers keep dying")
        worker.let_go()
        return self._born()

    def _finish(self) -> None:
        """Let every worker finish what it has begun; one that takes too long is killed."""
        end = time.monotonic() + _END_S
        for worker in self._workers:
            # One that is only beginning does not look at its standard input yet.
            worker.process.terminate()
        for worker in self._workers:
            try:
                worker.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            worker.let_go()


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
