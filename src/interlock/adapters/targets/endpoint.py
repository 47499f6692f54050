"""An HTTP endpoint that answers JSON with JSON: retried, timed, and silent about its key."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from interlock.adapters.targets.patience import Patience, asked_wait, retried
from interlock.errors import TargetError

_LARGEST = 32 << 20
_LONGEST_REASON = 300
_LONGEST_ERROR = 4096
_SPENT = ("insufficient_quota", "billing_hard_limit_reached")


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        status: The HTTP status; below 300, or one that no retry would change.
        body: The JSON object.
        latency_ms: From sending the request that was answered to its last byte.
    """

    status: int
    body: Mapping[str, Any]
    latency_ms: float


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where one API answers.

    Attributes:
        session: Open connections.
        url: Where requests are posted.
        name: What errors call it.
        headers: Sent with every request, the key among them; never shown.
        key: The key, which is taken out of whatever a server says; empty for none.
        timeout_s: For one request, from sending to the last byte.
        patience: When to ask again.
        heard: Whether anything came back in this session, be it a refusal: somebody is there.
    """

    session: aiohttp.ClientSession
    url: str
    name: str
    headers: Mapping[str, str] = field(repr=False)
    key: str = field(default="", repr=False)
    timeout_s: float
    patience: Patience
    heard: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def ask(self, body: Mapping[str, Any]) -> Reply:
        """Post until there is an answer that asking again would not change.

        Raises:
            TargetError: There is none: the server is out of reach or overloaded
                however often it is asked, answers too late, too much, or no JSON object.
        """
        failures = 0
        while True:
            try:
                return await self._asked(body)
            except _TryAgainError as error:
                failures += 1
                # A connection refused costs no time, and may be that of a server which starts.
                heard = self.heard.is_set() or not isinstance(error.__cause__, TimeoutError)
                wait = self.patience.wait(failures, error.asked_s, heard=heard)
                if wait is None:
                    raise self.error(self._given_up(error, failures), retryable=True) from error
            await self.patience.sleep(wait)

    def error(self, reason: str, *, retryable: bool = False) -> TargetError:
        """An error about this endpoint, in which the key does not stand."""
        return TargetError(self.name, self._safe(reason), retryable=retryable)

    def refusal(self, reply: Reply) -> TargetError:
        """The error of an answer whose status is one."""
        message, code = told(reply.body)
        hint = {
            401: "; is the key in the variable that key_env names the right one?",
            403: "; may this key use this model?",
            404: "; are the URL and the model's name right?",
            413: "; the request is too large",
        }.get(reply.status, "; see what the API says, and mend manifest or plan")
        return self.error(self._said(reply.status, code, message) + hint)

    async def _asked(self, body: Mapping[str, Any]) -> Reply:
        begun = self.patience.seconds()
        try:
            async with (
                asyncio.timeout(self.timeout_s),
                self.session.post(
                    self.url, json=body, headers=self.headers, allow_redirects=False
                ) as response,
            ):
                self.heard.set()
                data = await self._read(response)
        except TimeoutError as error:
            raise _TryAgainError(f"no answer within {self.timeout_s:g} s") from error
        except (aiohttp.ClientSSLError, aiohttp.InvalidURL) as error:
            raise self.error(f"no connection can be trusted or made: {error}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise _TryAgainError(str(error) or type(error).__name__) from error
        latency = 1000 * (self.patience.seconds() - begun)
        return self._judged(response, data, latency)

    def _judged(self, response: aiohttp.ClientResponse, data: bytes, latency: float) -> Reply:
        status, headers = response.status, response.headers
        if 300 <= status < 400:
            raise self.error(f"HTTP {status}: it answers somewhere else; name that URL in the plan")
        found = _parsed(data)
        if status >= 400 and not isinstance(found, dict):
            found = {"error": {"message": data[:_LONGEST_ERROR].decode(errors="replace")}}
        if status >= 400 and retried(status, headers):
            message, code = told(found)
            if code not in _SPENT:
                raise _TryAgainError(self._said(status, code, message), asked_wait(headers))
        if not isinstance(found, dict):
            raise self.error(f"HTTP {status} with a body that is no JSON object; is it a chat API?")
        return Reply(status, found, latency)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        data = bytearray()
        async for part in response.content.iter_any():
            data += part
            if len(data) > _LARGEST:
                raise self.error(f"its answer is over {_LARGEST >> 20} MiB")
        return bytes(data)

    def _said(self, status: int, *words: str) -> str:
        """A status and what came with it, on one line."""
        line = " ".join(" ".join([f"HTTP {status}", *words]).split())
        return self._safe(line)[:_LONGEST_REASON]

    def _safe(self, text: str) -> str:
        return text.replace(self.key, "[key]") if self.key else text

    def _given_up(self, error: "_TryAgainError", failures: int) -> str:
        if error.asked_s is not None and error.asked_s > self.patience.longest_s:
            return f"{error}; it asks for {error.asked_s:g} s of rest: run again then"
        return f"{error}, {failures} times; run again when it is back"


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


class _TryAgainError(Exception):
    """A failure after which the same request may succeed."""

    def __init__(self, reason: str, asked_s: float | None = None) -> None:
        super().__init__(reason)
        self.asked_s = asked_s


def told(body: object) -> tuple[str, str]:
    """Message and code of an error's body, in any of the forms that APIs use; empty for none."""
    error = body.get("error", body) if isinstance(body, Mapping) else None
    if isinstance(error, str):
        return error, ""
    if not isinstance(error, Mapping):
        return "", ""
    message, code = error.get("message"), error.get("code") or error.get("type")
    return (
        message if isinstance(message, str) else "",
        str(code) if isinstance(code, str | int) else "",
    )


def whole(number: object) -> int | None:
    """A count that an endpoint states; None where it states none that can be."""
    if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
        return number
    return None
