"""A web application served by a thread of the test, with the test's own clock behind it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Thread:
    """An application that answers until it is cut off.

    Attributes:
        url: Where it answers.
    """

    url: str
    _end: Callable[[], None] = field(repr=False)

    def cut_off(self) -> None:
        self._end()


@contextmanager
def served(make: Callable[[], web.Application], port: int = 0) -> Iterator[Thread]:
    """Serve what ``make`` makes, on a free port of this machine."""
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        runner = web.AppRunner(make(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        ports.append(runner.addresses[0][1])
        ready.set()
        await done.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait()

    def end() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(done.set)
            thread.join()

    try:
        yield Thread(f"http://127.0.0.1:{ports[0]}", end)
    finally:
        end()
        loop.close()
