"""What a plan states of a target, read strictly and without opening anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from interlock.adapters.targets.anthropic_messages import NEWEST
from interlock.errors import BadTargetError

Kind = Literal["openai", "anthropic", "callable", "recorded", "plugin"]

_KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "openai": ("model", "key_env", "timeout", "headers"),
        "anthropic": ("model", "key_env", "timeout", "headers", "version"),
        "callable": ("timeout",),
        "recorded": (),
    }
)
_TIMEOUT_S = 120.0
_LONGEST_S = 3600.0
_KEYS = ("authorization", "x-api-key", "api-key", "cookie", "proxy-authorization")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, kw_only=True)
class StatedTarget:
    """A target as a plan states it; it holds no key, only where one lies.

    Attributes:
        kind: Which form it has.
        place: URL, ``module:function``, file, or name of the plug-in.
        model: What the endpoint calls the model; empty where it is not stated.
        key_env: Environment variable with the key; empty for none.
        timeout_s: For one request.
        headers: Sent with every request.
        version: Of the Messages API.
        settings: What a plug-in is given.
    """

    kind: Kind
    place: str
    model: str = ""
    key_env: str = ""
    timeout_s: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """What errors and records call it."""
        return f"{self.kind} {self.place}"


def read_target(stated: Mapping[str, Any]) -> StatedTarget:
    """Read an entry of a plan's ``targets``.

    Args:
        stated: One of ``{openai: URL, model, key_env, timeout, headers}``,
            ``{anthropic: URL, key_env, model, timeout, headers, version}``,
            ``{callable: "module:function", timeout}``, ``{recorded: FILE}`` and
            ``{plugin: NAME, ...}``. A timeout is in seconds.

    Raises:
        BadTargetError: It is none of these, or an entry is not what it must be.
    """
    kinds = [one for one in get_args(Kind) if one in stated]
    if len(kinds) != 1:
        said = " and ".join(kinds) or "none"
        fault = f"it must have exactly one of {', '.join(get_args(Kind))}, and has {said}"
        raise BadTargetError(", ".join(map(str, stated)) or "stated", "", fault)
    form = _Form(kinds[0], stated)
    if form.kind == "plugin":
        rest = {name: value for name, value in stated.items() if name != "plugin"}
        return StatedTarget(kind="plugin", place=form.text("plugin"), settings=rest)
    form.check_names()
    if form.kind in {"callable", "recorded"}:
        wait = form.seconds(0.0) if form.kind == "callable" else 0.0
        return StatedTarget(kind=form.kind, place=form.text(form.kind), timeout_s=wait)
    return StatedTarget(
        kind=form.kind,
        place=form.url(),
        model=form.text("model", ""),
        key_env=form.matching("key_env", _VARIABLE, "the name of an environment variable"),
        timeout_s=form.seconds(_TIMEOUT_S),
        headers=form.headers(),
        version=form.matching("version", _DATE, "a date such as 2026-10-21 in quotes") or NEWEST,
    )


@dataclass(frozen=True)
class _Form:
    """An entry being read."""

    kind: Kind
    stated: Mapping[str, Any]

    def check_names(self) -> None:
        known = _KNOWN[self.kind]
        for name in self.stated:
            if name != self.kind and name not in known:
                only = ", ".join(known) or "nothing else"
                raise self.error(str(name), f"{self.kind} knows no such entry; it knows {only}")

    def text(self, name: str, otherwise: str | None = None) -> str:
        found = self.stated.get(name, otherwise)
        if not isinstance(found, str) or (not found and otherwise is None):
            raise self.error(name, "must be a text")
        return found

    def matching(self, name: str, pattern: re.Pattern[str], what: str) -> str:
        found = self.text(name, "")
        if found and not pattern.fullmatch(found):
            # What stands there may be the key itself, by mistake.
            raise self.error(name, f"must be {what}")
        return found

    def seconds(self, otherwise: float) -> float:
        found = self.stated.get("timeout", otherwise)
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        if not is_number or not 0 <= found <= _LONGEST_S or (found == 0 and otherwise):
            raise self.error("timeout", f"must be seconds, above 0 and up to {_LONGEST_S:g}")
        return float(found)

    def url(self) -> str:
        found = self.text(self.kind)
        try:
            parts = urlsplit(found)
            sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            sound = False
        if not sound or any(one.isspace() for one in found):
            raise self.error(self.kind, "must be an http or https URL")
        if parts.username or parts.password or parts.query or parts.fragment:
            fault = "a URL here has no user, password, query or fragment; name key_env for a key"
            raise BadTargetError(f"{self.kind} {parts.hostname}", self.kind, fault)
        return found.rstrip("/")

    def headers(self) -> Mapping[str, str]:
        found = self.stated.get("headers", {})
        if not isinstance(found, Mapping):
            raise self.error("headers", "must be names with their values")
        for name, value in found.items():
            if not isinstance(name, str) or not _HEADER.fullmatch(name):
                raise self.error("headers", f"{name!r} is no name of a header")
            if name.lower() in _KEYS:
                raise self.error("headers", f"{name} would hold a key; name its variable, key_env")
            if not isinstance(value, str) or not value.isprintable() or not value.isascii():
                raise self.error("headers", f"{name} must be a plain text on one line")
        return dict(found)

    def error(self, field_name: str, reason: str) -> BadTargetError:
        shown = self.stated.get(self.kind)
        named = shown if isinstance(shown, str) and "@" not in shown else ""
        return BadTargetError(f"{self.kind} {named}".rstrip(), field_name, reason)
