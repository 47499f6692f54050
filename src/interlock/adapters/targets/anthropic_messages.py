"""Targets behind Anthropic's Messages API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock.adapters.targets.endpoint import Endpoint, Reply, told, whole
from interlock.adapters.targets.turns import Files, with_files
from interlock.trial import Answer, Request

NEWEST = "2026-10-21"
"""The API's version where a plan names none."""

_SAMPLING = ("temperature", "top_p", "top_k")
_BLOCKED = "blocked by content filtering policy"


@dataclass(frozen=True, kw_only=True)
class AnthropicMessages:
    """A model that answers at ``/v1/messages``.

    The API knows no ``seed`` and gives no log-probabilities, wants
    ``max_tokens``, and since version 2026-10-21 takes no ``temperature``,
    ``top_p`` or ``top_k``. A sealed setting that it does not know is an error
    and never left away: the answers would be those of another system.

    Attributes:
        endpoint: Where it answers.
        model: What the API calls it.
        version: The API's version, a date.
        files: Where attachments lie.
    """

    endpoint: Endpoint
    model: str
    version: str
    files: Files

    async def answer(self, request: Request) -> Answer:
        """Answer once.

        What the provider's classifiers stop is an answer with the finish
        ``refusal``; what its filter blocks, one with ``content_filter``.

        Raises:
            TargetError: There is no answer, it has not the API's form, or the
                manifest has a setting that the API does not know.
        """
        settings = self._settings(request.decoding)
        messages = await with_files(
            request, files=self.files, part=_image, target=self.endpoint.name
        )
        body: dict[str, Any] = {**settings, "model": self.model, "messages": messages}
        if request.system_prompt:
            body["system"] = request.system_prompt
        reply = await self.endpoint.ask(body)
        if reply.status >= 300:
            if _BLOCKED in told(reply.body)[0]:
                return Answer(text="", latency_ms=reply.latency_ms, finish="content_filter")
            raise self.endpoint.refusal(reply)
        return self._read(reply)

    def _settings(self, decoding: Mapping[str, float | int | str]) -> dict[str, Any]:
        settings: dict[str, Any] = dict(decoding)
        if "max_tokens" not in settings:
            fault = "the Messages API wants max_tokens; write it under decoding in the manifest"
            raise self.endpoint.error(f"{fault} and seal again")
        unknown = ("seed", *_SAMPLING) if self.version >= NEWEST else ("seed",)
        for name in unknown:
            if name in settings:
                older = "" if name == "seed" else ", or name an older version in the plan"
                fault = f"version {self.version} of the Messages API takes no {name}"
                raise self.endpoint.error(f"{fault}; leave it out of the manifest{older}")
        if "stop" in settings:
            settings["stop_sequences"] = [settings.pop("stop")]
        return settings

    def _read(self, reply: Reply) -> Answer:
        body = reply.body
        content, finish = body.get("content"), body.get("stop_reason")
        if not isinstance(content, list) or not isinstance(finish, str):
            raise self.endpoint.error("its answer has no content with a stop reason")
        texts = [
            block["text"]
            for block in content
            if isinstance(block, dict)
            and block.get("type") == "text"
            and isinstance(block.get("text"), str)
        ]
        usage = body.get("usage")
        counts = usage if isinstance(usage, Mapping) else {}
        return Answer(
            text="".join(texts),
            tokens_in=_tokens_in(counts),
            tokens_out=whole(counts.get("output_tokens")),
            latency_ms=reply.latency_ms,
            finish=finish,
            model=str(body.get("model") or ""),
        )


def _image(media_type: str, data: str) -> dict[str, Any]:
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": media_type, "data": data},
    }


def _tokens_in(counts: Mapping[str, Any]) -> int | None:
    """All tokens of a request; ``input_tokens`` alone leaves out what a cache held."""
    fresh = whole(counts.get("input_tokens"))
    if fresh is None:
        return None
    cached = ("cache_creation_input_tokens", "cache_read_input_tokens")
    return fresh + sum(whole(counts.get(name)) or 0 for name in cached)
