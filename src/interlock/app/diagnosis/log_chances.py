"""Asking a model for its completions with the log-probabilities of their tokens."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock.adapters.files import replace
from interlock.adapters.logprobs import read_lines, write_scored
from interlock.adapters.targets import FolderFiles, Targets
from interlock.errors import BadRowError, BadTableError, NoLogChancesError
from interlock.trial import Request, Target, Turn

_AT_ONCE = 4


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where log-probabilities come from.

    Attributes:
        url: An OpenAI-compatible endpoint, such as ``http://127.0.0.1:8080/v1``.
        model: What it calls the model.
        tokeniser: What cuts text into tokens there.
        key_env: Environment variable with the key; empty for none.
        max_tokens: The longest completion, in tokens.
    """

    url: str
    model: str
    tokeniser: str
    key_env: str = ""
    max_tokens: int = 64


def record_log_chances(prompts: Path, endpoint: Endpoint, *, to: Path) -> int:
    """Write the completions of prompts and their tokens' log-probabilities; how many there are.

    Args:
        prompts: JSON lines of ``item`` and ``prompt``, and ``cluster`` where items belong together.
        endpoint: What is asked, at temperature 0.
        to: The file, in the form that `diagnose_perplexity` reads.

    Raises:
        BadTableError: There is no prompt.
        BadRowError: A row has no item or no prompt.
        NoLogChancesError: The endpoint gives no log-probabilities.
        BadTargetError: The endpoint is not stated as it must be.
        TargetError: The endpoint cannot be reached or refuses.
    """
    rows = [_prompt(prompts, number, row) for number, row in read_lines(prompts)]
    if not rows:
        raise BadTableError(str(prompts), "it holds no prompt; write one object a line")
    made = asyncio.run(_asked(rows, endpoint))
    replace(to, write_scored(made), private=True)
    return len(made)


def _prompt(path: Path, number: int, row: Mapping[str, Any]) -> Mapping[str, str]:
    for name in ("item", "prompt"):
        if not isinstance(row.get(name), str) or not row[name]:
            reason = "is missing or no text; each line needs item and prompt"
            raise BadRowError(str(path), number, name, reason)
    cluster = row.get("cluster") or row["item"]
    return {"item": row["item"], "prompt": row["prompt"], "cluster": str(cluster)}


async def _asked(rows: list[Mapping[str, str]], endpoint: Endpoint) -> list[dict[str, Any]]:
    stated = {"openai": endpoint.url, "model": endpoint.model}
    if endpoint.key_env:
        stated["key_env"] = endpoint.key_env
    free = asyncio.Semaphore(_AT_ONCE)
    async with Targets(files=FolderFiles(Path())) as targets:
        target = targets.open(stated, model=endpoint.model)

        async def one(row: Mapping[str, str]) -> dict[str, Any]:
            async with free:
                return await _scored(target, row, endpoint)

        return list(await asyncio.gather(*map(one, rows)))


async def _scored(target: Target, row: Mapping[str, str], endpoint: Endpoint) -> dict[str, Any]:
    said = await target.answer(
        Request(
            turns=(Turn(speaker="user", text=row["prompt"]),),
            decoding={"temperature": 0, "max_tokens": endpoint.max_tokens},
            logprobs=True,
        )
    )
    if not said.logprobs:
        raise NoLogChancesError(endpoint.url, row["item"])
    return {
        "item": row["item"],
        "cluster": row["cluster"],
        "model": said.model or endpoint.model,
        "tokeniser": endpoint.tokeniser,
        "completion": said.text,
        "logprobs": list(said.logprobs),
    }
