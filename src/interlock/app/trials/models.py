"""The local model, served until told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from interlock.adapters.local_model import Settings, running


def serve_model(name: str, settings: Settings, *, opened: Callable[[str], object]) -> None:
    """Serve a local model behind an OpenAI-compatible port until Ctrl-C or SIGTERM.

    Args:
        name: Which one; ``smollm2``.
        settings: Where and how.
        opened: Called with the URL, as a plan's ``openai`` entry names it, once it answers.

    Raises:
        NoLocalModelError: What it needs is not installed.
        LocalModelDownError: It does not begin, or ends by itself.
    """
    with _ended_gently(), running(name, settings) as served:
        opened(served.url)
        served.wait()


@contextmanager
def _ended_gently() -> Iterator[None]:
    """SIGTERM means what Ctrl-C means: an end that was asked for."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)
