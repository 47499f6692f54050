"""A worker of a witness: ``python -m interlock.adapters.witness_worker SOCKET FOLDER KEY ...``."""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

from interlock.adapters.service_files import open_witness
from interlock.adapters.witness import Witness
from interlock.adapters.witness_wire import ADD_CHECKPOINT, LONGEST_SUBMISSION
from interlock.adapters.worker import serve
from interlock.ledger import NoteKey


def application(witness: Witness) -> web.Application:
    """The witness over HTTP: the submission of checkpoints, and the newest of each log."""

    async def add_checkpoint(request: web.Request) -> web.Response:
        answer = await asyncio.to_thread(witness.answer, await request.read())
        return web.Response(status=answer.status, body=answer.body, content_type=answer.type)

    async def latest(request: web.Request) -> web.Response:
        note = witness.latest(request.match_info["log"])
        if note is None:
            raise web.HTTPNotFound
        return web.Response(text=note)

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    app = web.Application(client_max_size=LONGEST_SUBMISSION)
    app.router.add_post(ADD_CHECKPOINT, add_checkpoint)
    app.router.add_get("/{log:[0-9a-f]{64}}/checkpoint", latest)
    app.router.add_get("/healthz", health)
    return app


def main(descriptor: str, folder: str, *logs: str) -> None:
    """Serve a witness's folder on an inherited socket."""
    witness = open_witness(Path(folder), logs=tuple(map(NoteKey.read, logs)))
    serve(application(witness), int(descriptor))


if __name__ == "__main__":
    main(*sys.argv[1:])
