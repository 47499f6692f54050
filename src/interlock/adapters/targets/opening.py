"""Opens what a plan states as a target, and closes it again."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, cast

import aiohttp

from interlock.adapters.plugins import load_plugin
from interlock.adapters.targets.anthropic_messages import AnthropicMessages
from interlock.adapters.targets.calling import Plugged, find_function
from interlock.adapters.targets.endpoint import Endpoint
from interlock.adapters.targets.openai_chat import OpenAIChat
from interlock.adapters.targets.patience import Patience
from interlock.adapters.targets.recorded import read_recorded
from interlock.adapters.targets.stated import StatedTarget, read_target
from interlock.adapters.targets.turns import Files
from interlock.errors import BadTargetError
from interlock.trial import Target

_CONNECT_S = 30
_AGENT = "interlock"


@dataclass(kw_only=True)
class Targets:
    """Targets that share their connections; an asynchronous context manager.

    Attributes:
        files: Where attachments lie.
        folder: Where recorded files are named from.
        environment: Where keys are; by default that of the process.
        patience: When to ask again.
    """

    files: Files
    folder: Path = field(default_factory=Path)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    patience: Patience = field(default_factory=Patience)
    _session: aiohttp.ClientSession | None = field(default=None, repr=False)
    _closed: list[Callable[[], Any]] = field(default_factory=list, repr=False)

    async def __aenter__(self) -> Self:
        """Prepare connections; none is made yet."""
        self._session = aiohttp.ClientSession(
            # How many calls run at once is for the trial to say.
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": _AGENT},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection, and every plug-in that can be closed."""
        for close in self._closed:
            done = close()
            if inspect.isawaitable(done):
                await cast(Awaitable[object], done)
        if self._session is not None:
            await self._session.close()
            # Transports of TLS end on the next turns of the loop.
            await asyncio.sleep(0)

    def open(self, stated: Mapping[str, Any], *, model: str = "") -> Target:
        """The target that a plan states; no call is made.

        Args:
            stated: The entry; see `read_target`.
            model: What to call the model where the entry does not say, such as
                the one of the sealed manifest.

        Raises:
            BadTargetError: It is not stated as it must be, or its key is not there.
            PluginError: The plug-in is absent or broken.
            BadTableError, BadRowError: The recorded file is.
        """
        found = read_target(stated)
        match found.kind:
            case "callable":
                return find_function(found.place, timeout_s=found.timeout_s)
            case "recorded":
                return read_recorded(self.folder / found.place)
            case "plugin":
                return self._plugged(found)
            case "openai":
                url = found.place if _has_path(found.place) else f"{found.place}/v1"
                endpoint = self._endpoint(found, f"{url}/chat/completions", "Authorization")
                return OpenAIChat(endpoint=endpoint, model=found.model or model, files=self.files)
            case "anthropic":
                return self._anthropic(found, found.model or model)

    def _anthropic(self, found: StatedTarget, model: str) -> Target:
        if not model:
            raise BadTargetError(found.named, "model", "the Messages API wants the model's name")
        url = f"{found.place.removesuffix('/v1')}/v1/messages"
        endpoint = self._endpoint(found, url, "x-api-key")
        return AnthropicMessages(
            endpoint=endpoint, model=model, version=found.version, files=self.files
        )

    def _endpoint(self, found: StatedTarget, url: str, key_header: str) -> Endpoint:
        if self._session is None:
            raise RuntimeError("open targets inside their context")
        headers, key = dict(found.headers), self._key(found)
        if found.kind == "anthropic":
            headers["anthropic-version"] = found.version
        if key:
            headers[key_header] = f"Bearer {key}" if key_header == "Authorization" else key
        return Endpoint(
            session=self._session,
            url=url,
            name=found.named,
            headers=headers,
            key=key,
            timeout_s=found.timeout_s,
            patience=self.patience,
        )

    def _key(self, found: StatedTarget) -> str:
        if not found.key_env:
            return ""
        key = self.environment.get(found.key_env, "").strip()
        if not key:
            fault = f"the environment variable {found.key_env} is empty; put the key there"
            raise BadTargetError(found.named, "key_env", fault)
        if not key.isascii() or not key.isprintable() or " " in key:
            fault = f"what {found.key_env} holds is no key: it must be one word of ASCII"
            raise BadTargetError(found.named, "key_env", fault)
        return key

    def _plugged(self, found: StatedTarget) -> Target:
        plugin = load_plugin("interlock.targets", found.place)
        made = plugin.made(found.settings)
        if not inspect.iscoroutinefunction(getattr(made, "answer", None)):
            raise plugin.error("what it makes has no asynchronous method answer; see its protocol")
        close = getattr(made, "close", None)
        if callable(close):
            self._closed.append(close)
        return Plugged(found.named, cast(Target, made))


@asynccontextmanager
async def open_target(
    stated: Mapping[str, Any],
    *,
    files: Files,
    model: str = "",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    patience: Patience | None = None,
) -> AsyncIterator[Target]:
    """One target on its own; see `Targets` and `Targets.open`."""
    shared = Targets(
        files=files,
        folder=folder or Path(),
        environment=os.environ if environment is None else environment,
        patience=patience or Patience(),
    )
    async with shared as targets:
        yield targets.open(stated, model=model)


def _has_path(url: str) -> bool:
    return "/" in url.partition("://")[2]
