"""A worker process: serves a socket that its supervisor opened, until either of them ends."""

import asyncio
import signal
import socket
import sys

from aiohttp import web

from interlock.adapters.supervisor import READY

_LAST_REQUESTS_S = 10


def serve(app: web.Application, descriptor: int) -> None:
    """Serve an application on an inherited socket.

    It ends when it is told to (SIGTERM), or when standard input ends, which it
    does with the supervisor however that dies. Requests that have begun are
    answered first.
    """
    asyncio.run(_served(app, socket.socket(fileno=descriptor)))


async def _served(app: web.Application, door: socket.socket) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_REQUESTS_S)
    await runner.setup()
    done, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    # Ctrl-C reaches every process of a terminal; the supervisor decides what it means.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    loop.add_reader(sys.stdin.fileno(), done.set)
    try:
        await web.SockSite(runner, door).start()
        sys.stdout.write(READY)
        sys.stdout.flush()
        await done.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
        await runner.cleanup()
