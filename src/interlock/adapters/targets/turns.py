"""Conversations as chat APIs take them: turns as messages, files as parts of the first."""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from interlock.errors import TargetError
from interlock.trial import Attachment, Request, Turn

Messages = list[dict[str, Any]]
ImagePart = Callable[[str, str], dict[str, Any]]
"""From media type and base64 data to the part an API takes."""

IMAGES = ("image/gif", "image/jpeg", "image/png", "image/webp")

_QUOTED = {"document": "document", "tool": "tool_result"}


class Files(Protocol):
    """Where the files of cases lie."""

    def read(self, digest: str) -> bytes:
        """The file with this SHA-256 (hex).

        Raises:
            OSError: It is not there or cannot be read.
        """
        ...


@dataclass(frozen=True)
class FolderFiles:
    """Files in one folder, each named by its SHA-256."""

    folder: Path

    def read(self, digest: str) -> bytes:
        """The file of this name; whether it is what its name says is for the reader to check."""
        return (self.folder / digest).read_bytes()


def quoted(turn: Turn) -> str:
    """A turn as text of a user's message.

    What a user says stands as it is. A document stands between ``<document>`` and
    ``</document>``, what a tool answered between ``<tool_result>`` and
    ``</tool_result>``, each mark on a line of its own. Nothing in it is escaped:
    whether a system is fooled by what it reads is what is being tried.
    """
    mark = _QUOTED.get(turn.speaker)
    return turn.text if mark is None else f"<{mark}>\n{turn.text}\n</{mark}>"


def as_messages(turns: Sequence[Turn]) -> Messages:
    """Turns as messages of the roles ``user`` and ``assistant``.

    Neighbours of one role are one message, with an empty line between them.
    """
    messages: Messages = []
    for turn in turns:
        role = "assistant" if turn.speaker == "assistant" else "user"
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += f"\n\n{quoted(turn)}"
        else:
            messages.append({"role": role, "content": quoted(turn)})
    return messages


async def with_files(request: Request, *, files: Files, part: ImagePart, target: str) -> Messages:
    """The request's messages, its attachments before the words of the first user's message.

    Args:
        request: The request.
        files: Where attachments lie.
        part: How the API takes an image.
        target: What errors call the endpoint.

    Raises:
        TargetError: An attachment is no image that the APIs take, is not there,
            or is not what its digest says; or no turn is a user's.
    """
    messages = as_messages(request.turns)
    if not request.attachments:
        return messages
    first = next((one for one in messages if one["role"] == "user"), None)
    if first is None:
        raise TargetError(target, "files go with a user's turn, and the case has none; write one")
    parts = [part(*await _image(one, files, target)) for one in request.attachments]
    first["content"] = [*parts, {"type": "text", "text": first["content"]}]
    return messages


async def _image(attachment: Attachment, files: Files, target: str) -> tuple[str, str]:
    """Media type and base64 data of an attachment."""
    name = attachment.digest[:12]
    if attachment.media_type not in IMAGES:
        fault = f"the file {name} is {attachment.media_type}, and only images can be sent"
        raise TargetError(target, f"{fault}: {', '.join(IMAGES)}")
    try:
        data = await asyncio.to_thread(files.read, attachment.digest)
    except OSError as error:
        raise TargetError(target, f"the file {name} cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != attachment.digest:
        fault = f"the file {name} is not what its digest says; put the sealed one back"
        raise TargetError(target, fault)
    return attachment.media_type, base64.b64encode(data).decode()
