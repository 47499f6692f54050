"""Targets behind an OpenAI-compatible chat completions API."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from interlock.adapters.targets.endpoint import Endpoint, Reply, told, whole
from interlock.adapters.targets.turns import Files, with_files
from interlock.trial import Answer, Request

_BLOCKED = ("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation")
_WITHOUT_TEXT = ("length", "content_filter")
_FIRST_PARTY = (".openai.com", ".openai.azure.com")


@dataclass(frozen=True, kw_only=True)
class OpenAIChat:
    """A model that answers at ``/chat/completions``.

    Decoding settings are sent under the names they have in the sealed manifest.
    The one exception is ``max_tokens``: OpenAI itself has retired it, so that
    its own hosts get it as ``max_completion_tokens``; other servers know the
    older name.

    Attributes:
        endpoint: Where it answers.
        model: What the endpoint calls it; empty where it serves one only.
        files: Where attachments lie.
    """

    endpoint: Endpoint
    model: str
    files: Files

    async def answer(self, request: Request) -> Answer:
        """Answer once.

        What a provider's filter blocks is an answer without text, with the
        finish ``content_filter``; what the model itself declines in the field
        for that is one with the finish ``refusal``.

        Raises:
            TargetError: There is no answer, or it has not the API's form.
        """
        reply = await self.endpoint.ask(await self._body(request))
        if reply.status >= 300:
            if _blocked(reply.body):
                return Answer(text="", latency_ms=reply.latency_ms, finish="content_filter")
            raise self.endpoint.refusal(reply)
        return self._read(reply)

    async def _body(self, request: Request) -> dict[str, Any]:
        messages = await with_files(
            request, files=self.files, part=_image, target=self.endpoint.name
        )
        if request.system_prompt:
            messages.insert(0, {"role": "system", "content": request.system_prompt})
        body = dict(request.decoding) | {"messages": messages}
        if self.model:
            body["model"] = self.model
        if "max_tokens" in body and _is_first_party(self.endpoint.url):
            body["max_completion_tokens"] = body.pop("max_tokens")
        if request.logprobs:
            body["logprobs"] = True
        return body

    def _read(self, reply: Reply) -> Answer:
        body = reply.body
        if body.get("error"):
            raise self.endpoint.error(f"HTTP {reply.status}, and yet an error: {told(body)[0]}")
        match body.get("choices"):
            case [{"message": dict(message), **choice}, *_]:
                text, finish = self._said(message, choice.get("finish_reason"))
            case _:
                raise self.endpoint.error("its answer holds no choices with a message")
        usage = body.get("usage")
        counts = usage if isinstance(usage, Mapping) else {}
        return Answer(
            text=text,
            tokens_in=whole(counts.get("prompt_tokens")),
            tokens_out=whole(counts.get("completion_tokens")),
            latency_ms=reply.latency_ms,
            finish=finish,
            model=str(body.get("model") or ""),
            logprobs=_logprobs(choice.get("logprobs")),
        )

    def _said(self, message: Mapping[str, Any], stated: object) -> tuple[str, str]:
        """Text and finish of a message."""
        finish = stated if isinstance(stated, str) else ""
        content, refusal = message.get("content"), message.get("refusal")
        if isinstance(content, str) and content:
            return content, finish
        if isinstance(refusal, str) and refusal:
            return refusal, "refusal"
        if isinstance(content, str) or (content is None and finish in _WITHOUT_TEXT):
            return "", finish
        raise self.endpoint.error(f"its message holds no text (finish {finish or 'not stated'})")


def _image(media_type: str, data: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": f"data:{media_type};base64,{data}"}}


def _is_first_party(url: str) -> bool:
    return f".{urlsplit(url).hostname}".endswith(_FIRST_PARTY)


def _blocked(body: Mapping[str, Any]) -> bool:
    """Whether an error says that a filter, and nothing else, kept the model from answering."""
    error = body.get("error")
    inner = error.get("innererror") if isinstance(error, Mapping) else None
    codes = [one.get("code") for one in (error, inner) if isinstance(one, Mapping)]
    message, code = told(body)
    # Reasoning models use this code for malformed prompts as well.
    flagged = code == "invalid_prompt" and "flagged" in message
    return flagged or any(one in _BLOCKED for one in codes)


def _logprobs(stated: object) -> tuple[float, ...]:
    """Log-probabilities of the completion's tokens; none where they are not all numbers."""
    match stated:
        case {"content": [*tokens]}:
            found = [one.get("logprob") if isinstance(one, dict) else None for one in tokens]
        case _:
            return ()
    numbers = [
        min(0.0, float(one))
        for one in found
        if isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
    ]
    return tuple(numbers) if len(numbers) == len(found) else ()
