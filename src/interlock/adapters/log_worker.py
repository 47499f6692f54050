"""A worker of a log service: ``python -m interlock.adapters.log_worker SOCKET FOLDER``.

Several may serve one database. Each takes one act at a time; reading is not held up by that.
"""

import asyncio
import hmac
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from interlock.adapters import log_wire as wire
from interlock.adapters.registrar import Registrar, persistently
from interlock.adapters.service_files import ServiceFolder
from interlock.adapters.sql_log import SqlLog
from interlock.adapters.worker import serve
from interlock.admission import Root
from interlock.errors import (
    InterlockError,
    LogMovedError,
    RecordMissingError,
    RefusedActError,
    UnavailableError,
    WitnessRefusedError,
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STATUS: tuple[tuple[type[InterlockError], int], ...] = (
    (LogMovedError, 409),
    (RecordMissingError, 404),
    (UnavailableError, 503),
    (WitnessRefusedError, 409),
    (InterlockError, 422),
)


class LogService:
    """The log over HTTP.

    Attributes:
        log: The log.
        root: Its root.
    """

    def __init__(self, log: SqlLog, root: Root, *, token: str | None = None) -> None:
        self.log, self.root, self._token = log, root, token
        self._registrar, self._turn = Registrar(log, root), asyncio.Lock()

    def application(self) -> web.Application:
        """Every route of the service."""
        app = web.Application(
            client_max_size=wire.LARGEST_REQUEST, middlewares=[self._in_plain_words, self._known]
        )
        app.on_cleanup.append(self._closed)
        app.router.add_get(wire.HEALTH, self._health)
        app.router.add_get(wire.CHECKPOINT, self._checkpoint)
        app.router.add_get(wire.LEAVES, self._leaves)
        app.router.add_get(wire.RECORDS, self._digests)
        app.router.add_get(wire.RECORDS + "/{digest:[0-9a-f]{64}}", self._record)
        app.router.add_get(wire.RECEIPTS + "/{identity:[0-9a-f]{64}}", self._receipt)
        app.router.add_post(wire.STATEMENTS, self._statement)
        app.router.add_post(wire.REFRESH, self._refresh)
        app.router.add_post(wire.PEELED + "/{identity:[0-9a-f]{64}}", self._peeled)
        return app

    async def _closed(self, _: web.Application) -> None:
        self.log.close()

    @web.middleware
    async def _in_plain_words(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn every error into its code and message; this is the entry point that catches them."""
        try:
            return await handler(request)
        except InterlockError as error:
            status = next(status for kind, status in _STATUS if isinstance(error, kind))
            return _refused(status, _facts(error))
        except web.HTTPException as error:
            return _refused(error.status, {"code": "http", "message": error.reason})
        except DBAPIError as error:
            return _refused(503, {"code": "unavailable", "message": f"the database: {error.orig}"})

    @web.middleware
    async def _known(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let only holders of the token in, where there is one."""
        shown = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        wanted = f"Bearer {self._token}".encode()
        asked = self._token is not None and request.path != wire.HEALTH
        if asked and not hmac.compare_digest(shown, wanted):
            return _refused(401, {"code": "token-refused", "message": "show the service's token"})
        return await handler(request)

    async def _health(self, _: web.Request) -> web.StreamResponse:
        size = await asyncio.to_thread(lambda: self.log.size)
        return web.json_response({"status": "ok", "origin": self.root.origin, "size": size})

    async def _checkpoint(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=await _done(self.log.note))

    async def _leaves(self, request: web.Request) -> web.StreamResponse:
        start, stop = _whole(request, "start"), _whole(request, "stop")
        stop = min(stop, start + wire.PAGE)
        lines = await _done(lambda: b"\n".join(self.log.leaves(start, stop)))
        return web.Response(body=lines, content_type=wire.LINES)

    async def _digests(self, _: web.Request) -> web.StreamResponse:
        lines = await _done(lambda: "\n".join(self.log.record_digests()))
        return web.Response(text=lines)

    async def _record(self, request: web.Request) -> web.StreamResponse:
        named = request.match_info["digest"]
        data = await _done(lambda: self.log.record_bytes(named))
        return web.Response(body=data, content_type="application/json")

    async def _receipt(self, request: web.Request) -> web.StreamResponse:
        identity = request.match_info["identity"]
        found = await _done(lambda: self.log.receipt(identity))
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.to_bytes(), content_type="application/json")

    async def _statement(self, request: web.Request) -> web.StreamResponse:
        asked = wire.Request.parse(await request.read())
        async with self._turn:
            done = await asyncio.to_thread(
                self._registrar.register,
                asked.envelope,
                records=asked.records,
                expected_size=asked.expected_size,
            )
        body = wire.promised(done.entry.time, done.receipt)
        return web.Response(status=201, body=body, content_type="application/json")

    async def _peeled(self, request: web.Request) -> web.StreamResponse:
        data, identity = await request.read(), request.match_info["identity"]
        async with self._turn:
            left = await asyncio.to_thread(self._registrar.peel, data, identity)
        return web.Response(body=left, content_type="application/octet-stream")

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        expected = wire.read_expectation(await request.read(), self.root.origin)
        async with self._turn:
            note = await _done(lambda: self.log.refresh(expected=expected))
        return web.Response(text=note)


async def _done(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
    """What some reading of the database gives, in a thread of its own."""
    return await asyncio.to_thread(persistently, work)


def _whole(request: web.Request, name: str) -> int:
    text = request.query.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise web.HTTPBadRequest(reason=f"{name} is no whole number")
    return int(text)


def _facts(error: InterlockError) -> dict[str, Any]:
    told: dict[str, Any] = {"code": error.code, "message": str(error)}
    if isinstance(error, RefusedActError):
        told |= {"reason": error.reason, "sentence": error.sentence}
    if isinstance(error, UnavailableError):
        told |= {"what": error.what, "reason": error.reason}
    if isinstance(error, WitnessRefusedError):
        told |= {"witness": error.witness, "reason": error.reason}
    if isinstance(error, LogMovedError):
        told |= {"expected": error.expected, "size": error.size}
    return told


def _refused(status: int, facts: dict[str, Any]) -> web.Response:
    return web.json_response(facts, status=status)


def main(descriptor: str, folder: str) -> None:
    """Serve a service's folder on an inherited socket."""
    place = ServiceFolder(Path(folder))
    token, log = place.token, persistently(place.open_log)
    serve(LogService(log, place.root, token=token).application(), int(descriptor))


if __name__ == "__main__":
    main(*sys.argv[1:])
