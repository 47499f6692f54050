"""Serve a log or a witness without the rest of the product: ``python -m tests.serve WHAT ...``."""

import sys
from pathlib import Path

from interlock.adapters.registrar import persistently
from interlock.adapters.service_files import ServiceFolder
from interlock.adapters.supervisor import Door, supervise
from interlock.errors import InterlockError


def main(what: str, folder: str, port: str, *rest: str) -> None:
    """Say where it answers, once it does."""

    def opened(url: str) -> None:
        sys.stdout.write(f"serving at {url}\n")
        sys.stdout.flush()

    if what == "witness":
        door, arguments = Door(port=int(port)), [folder, *rest]
    else:
        persistently(ServiceFolder(Path(folder)).begin)
        door, arguments = Door(port=int(port), workers=int(rest[0])), [folder]
    supervise(f"interlock.adapters.{what}_worker", arguments, door=door, opened=opened)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InterlockError as error:
        sys.exit(f"{error.code}: {error}")
