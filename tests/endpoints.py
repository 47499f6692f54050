"""A server that answers like the chat APIs of model providers, as a script decides.

In a thread of the test (`ChatServer`), or in a process of its own that goes on when its clients
are killed (`ChatServer.apart`). Every request is counted by the digest of its body.
"""

import asyncio
import hashlib
import importlib
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from aiohttp import web

ROOT = Path(__file__).resolve().parents[1]

Api = Literal["openai", "anthropic"]


@dataclass(frozen=True)
class Call:
    """One request as it came in.

    Attributes:
        api: Which of the two forms it has.
        body: The request, parsed.
        headers: Its headers, names in lower case.
        digest: SHA-256 of the body with sorted keys.
        time: How often this very body has come, this time included; from 1.
        number: How many requests have come in all, this one included; from 1.
    """

    api: Api
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    digest: str
    time: int
    number: int

    @property
    def said(self) -> str:
        """The text of the last message."""
        return _text(self.body["messages"][-1]["content"]) if self.body.get("messages") else ""

    @property
    def system(self) -> str:
        """The system prompt; empty where there is none."""
        if self.api == "anthropic":
            return _text(self.body.get("system", ""))
        first = self.body["messages"][0] if self.body.get("messages") else {}
        return _text(first["content"]) if first.get("role") in {"system", "developer"} else ""


@dataclass(frozen=True)
class Reply:
    """What the server does with a request.

    Attributes:
        text: The completion.
        finish: As the API that was called names it; empty for a natural end.
        logprobs: Of the tokens of the completion, if the request asks for them.
        status: An HTTP status of 400 or more gives an error body in the API's form.
        error: The error's own type or code; by default the one that goes with the status.
        message: The error's message.
        headers: Sent with the answer, such as ``Retry-After``.
        delay_s: Waited before answering, in seconds.
        fault: ``truncate`` ends the JSON too early, ``disconnect`` closes the connection
            before an answer, ``cut`` closes it in the middle of the body.
        raw: Sent in place of a body in the API's form.
    """

    text: str = "Certainly."
    finish: str = ""
    logprobs: tuple[float, ...] = ()
    status: int = 200
    error: str = ""
    message: str = "the server says no"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    fault: Literal["", "truncate", "disconnect", "cut"] = ""
    raw: bytes | None = None


Script = Callable[[Call], Reply]


def obliging(call: Call) -> Reply:
    """Answers whatever is asked, and says what that was."""
    return Reply(f"You said: {call.said}")


def declining(call: Call) -> Reply:
    """Declines whatever is asked."""
    return Reply("I'm sorry, but I can't help with that.")


class ChatServer:
    """Serves ``/v1/chat/completions`` and ``/v1/messages`` on the loopback address.

    A context manager. Point an OpenAI-compatible client at `url` plus ``/v1``,
    an Anthropic one at `url`.

    Args:
        script: What to answer; it is called for one request at a time.
        port: Where; 0 for any that is free.
    """

    def __init__(self, script: Script = obliging, *, port: int = 0) -> None:
        self._script, self._port = script, port
        self._calls: list[Call] = []
        self._counts: Counter[str] = Counter()
        self._number = 0
        self._turn = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._begun, self._thread = threading.Event(), threading.Thread(target=self._run)
        self._keep: Callable[[Call], None] = self._calls.append
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._begun.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every request so far, in the order of arrival."""
        with self._turn:
            return tuple(self._calls)

    @property
    def counts(self) -> Counter[str]:
        """How often each body came, by its digest."""
        return Counter(call.digest for call in self.calls)

    @classmethod
    @contextmanager
    def apart(cls, folder: Path, script: str = "tests.endpoints:obliging") -> "Iterator[FarServer]":
        """The same in a process of its own, which no client's death touches.

        It ends with the block, or with the process that opened it.

        Args:
            folder: Where it writes down its requests; made if absent.
            script: The ``module:function`` of a `Script`, imported there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.endpoints", str(folder), script],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with process:
            url = process.stdout.readline().strip()
            assert url, "the server did not begin"
            try:
                yield FarServer(url, folder)
            finally:
                process.stdin.close()
                process.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/v1/chat/completions", self._openai)
        app.router.add_post("/v1/messages", self._anthropic)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._begun.set()
        await self._end.wait()
        await runner.cleanup()

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        return await self._reply(request, "openai")

    async def _anthropic(self, request: web.Request) -> web.StreamResponse:
        return await self._reply(request, "anthropic")

    async def _reply(self, request: web.Request, api: Api) -> web.StreamResponse:
        call = self._taken(api, json.loads(await request.read()), request)
        reply = self._script(call)
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        if reply.fault == "disconnect":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        body = reply.raw if reply.raw is not None else _body(call, reply)
        if reply.fault == "truncate":
            body = body[: len(body) // 2]
        response = web.StreamResponse(status=reply.status, headers=dict(reply.headers))
        response.content_type, response.content_length = "application/json", len(body)
        await response.prepare(request)
        if reply.fault == "cut":
            await response.write(body[: len(body) // 2])
            assert request.transport is not None
            request.transport.abort()
            return response
        await response.write(body)
        await response.write_eof()
        return response

    def _taken(self, api: Api, body: dict[str, Any], request: web.Request) -> Call:
        headers = {name.lower(): value for name, value in request.headers.items()}
        digest = digest_of(body)
        with self._turn:
            self._counts[digest] += 1
            self._number += 1
            call = Call(api, body, headers, digest, self._counts[digest], self._number)
            self._keep(call)
        return call

    def write_down(self, place: Path) -> None:
        """Append requests to a file from now on, a line each, instead of remembering them."""
        out = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._keep = lambda call: (os.write(out, json.dumps(vars(call)).encode() + b"\n"), None)[1]


@dataclass(frozen=True)
class FarServer:
    """A `ChatServer` in another process, seen through what it wrote down."""

    url: str
    folder: Path

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every request so far, in the order of arrival."""
        place = self.folder / "calls.jsonl"
        lines = place.read_text().splitlines() if place.exists() else []
        return tuple(Call(**json.loads(line)) for line in lines)

    @property
    def counts(self) -> Counter[str]:
        """How often each body came, by its digest."""
        return Counter(call.digest for call in self.calls)


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a request's body with sorted keys, hex."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n\n".join(part["text"] for part in content if part.get("type") == "text")
    return str(content or "")


def _body(call: Call, reply: Reply) -> bytes:
    if reply.status >= 400:
        told = _openai_error(reply) if call.api == "openai" else _anthropic_error(reply)
    else:
        told = _completion(call, reply) if call.api == "openai" else _message(call, reply)
    return json.dumps(told).encode()


def _completion(call: Call, reply: Reply) -> dict[str, Any]:
    refused = reply.finish == "refusal"
    choice: dict[str, Any] = {
        "index": 0,
        "message": {
            "role": "assistant",
            "content": None if refused else reply.text,
            "refusal": reply.text if refused else None,
        },
        "finish_reason": "stop" if refused else reply.finish or "stop",
        "logprobs": None,
    }
    if call.body.get("logprobs"):
        choice["logprobs"] = {
            "content": [
                {"token": "x", "logprob": each, "bytes": [120], "top_logprobs": []}
                for each in reply.logprobs
            ],
            "refusal": None,
        }
    words_in, words_out = len(json.dumps(call.body["messages"]).split()), len(reply.text.split())
    return {
        "id": f"chatcmpl-{call.number}",
        "object": "chat.completion",
        "created": 1767225600,
        "model": f"{call.body.get('model', 'model')}-served",
        "choices": [choice],
        "usage": {
            "prompt_tokens": words_in,
            "completion_tokens": words_out,
            "total_tokens": words_in + words_out,
        },
    }


def _message(call: Call, reply: Reply) -> dict[str, Any]:
    refused = reply.finish == "refusal"
    return {
        "id": f"msg_{call.number}",
        "type": "message",
        "role": "assistant",
        "model": f"{call.body.get('model', 'model')}-served",
        "content": [] if refused else [{"type": "text", "text": reply.text}],
        "stop_reason": reply.finish or "end_turn",
        "stop_sequence": None,
        "stop_details": {"type": "refusal", "category": "bio", "explanation": None}
        if refused
        else None,
        "usage": {
            "input_tokens": len(json.dumps(call.body["messages"]).split()),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": len(reply.text.split()),
        },
    }


_OPENAI_ERRORS = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}
_ANTHROPIC_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def _openai_error(reply: Reply) -> dict[str, Any]:
    kind, code = _OPENAI_ERRORS.get(reply.status, ("server_error", None))
    return {
        "error": {
            "message": reply.message,
            "type": kind,
            "param": None,
            "code": reply.error or code,
        }
    }


def _anthropic_error(reply: Reply) -> dict[str, Any]:
    kind = reply.error or _ANTHROPIC_ERRORS.get(reply.status, "api_error")
    return {
        "type": "error",
        "error": {"type": kind, "message": reply.message},
        "request_id": "req_test",
    }


def main(folder: str, script: str) -> None:
    """Serve until standard input ends."""
    module, _, name = script.partition(":")
    server = ChatServer(getattr(importlib.import_module(module), name))
    server.write_down(Path(folder) / "calls.jsonl")
    with server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
