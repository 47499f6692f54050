"""Another machine over HTTP: one connection, kept, and one error for all that is out of reach."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Lock
from urllib.parse import urlsplit

from interlock.errors import UnavailableError

_WAIT_S = 60
_LARGEST = 256 << 20
_TRIES = 3


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: The HTTP status.
        type: The content type, without parameters.
        body: The body.
    """

    status: int
    type: str
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


class Remote:
    """A service at a URL, asked over one connection, by one thread after the other.

    Args:
        url: ``http`` or ``https``, up to the path under which the service answers.
        name: What it is, for whoever reads that it is out of reach.
        headers: Sent with every request.
    """

    def __init__(self, url: str, *, name: str, headers: Mapping[str, str] | None = None) -> None:
        self.url, self.name = url.rstrip("/"), name
        self._headers, self._turn = dict(headers or {}), Lock()
        self._connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Ask once; a connection that broke is made anew, so only ask what may arrive twice.

        Raises:
            UnavailableError: There is no answer, or none that ends.
        """
        failure = "it closes the connection"
        with self._turn:
            for _ in range(_TRIES):
                try:
                    return self._asked(method, path, body)
                except (ConnectionResetError, BrokenPipeError, HTTPException) as error:
                    # A service that is restarted closes what it has; the next one takes over.
                    failure = str(error) or failure
                except (OSError, ValueError) as error:
                    self.close()
                    raise UnavailableError(f"{self.name} at {self.url}", str(error)) from error
                self.close()
        raise UnavailableError(f"{self.name} at {self.url}", failure)

    def close(self) -> None:
        """Close the connection."""
        kept, self._connection = self._connection, None
        if kept is not None:
            kept.close()

    def _asked(self, method: str, path: str, body: bytes | None) -> Answer:
        connection = self._connection or self._connected()
        connection.request(method, urlsplit(self.url).path + path, body, self._headers)
        return _read(connection.getresponse())

    def _connected(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{self.url} is no http or https URL")
        made = (
            HTTPSConnection(
                parts.hostname,
                parts.port,
                timeout=_WAIT_S,
                context=ssl.create_default_context(),
            )
            if parts.scheme == "https"
            else HTTPConnection(parts.hostname, parts.port, timeout=_WAIT_S)
        )
        self._connection = made
        return made


def _read(response: HTTPResponse) -> Answer:
    body = response.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise ValueError(f"its answer is over {_LARGEST >> 20} MiB")
    return Answer(response.status, response.headers.get_content_type(), body)
