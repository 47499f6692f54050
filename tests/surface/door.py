"""A command line that stays loaded, so that documents with forty commands can be run as printed.

``python -m tests.surface.door SOCKET`` loads the product once and forks for every
command; ``SHIM`` is the `interlock` put on the path of a document's shell. A
command has its own process, folder, environment and streams, as in any shell.
"""

import array
import json
import os
import signal
import socket
import sys

from interlock.cli import main

SHIM = """\
#!{python} -IS
import array, json, os, socket, sys
if "serve" in sys.argv:  # what runs until it is told to end is told so by its own process id
    main = "from interlock.cli import main; main(prog_name='interlock')"
    os.execv({python!r}, [{python!r}, "-c", main, *sys.argv[1:]])
door = socket.socket(socket.AF_UNIX)
door.connect({socket!r})
said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
streams = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))
door.sendmsg([len(said).to_bytes(4)], [streams])
door.sendall(said)
sys.exit(door.recv(1)[0])
"""


def serve(path: str) -> None:
    """Answer commands until somebody ends this process."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        print("open", flush=True)  # noqa: T201 - whoever waits for the door reads this line
        while True:
            caller, _ = door.accept()
            with caller:
                if os.fork() == 0:
                    door.close()
                    answer(caller)


def answer(caller: socket.socket) -> None:
    """Run one command with the caller's streams, folder and environment, and tell how it ended."""
    size, given, _, _ = caller.recvmsg(4, socket.CMSG_SPACE(3 * array.array("i").itemsize))
    streams = array.array("i", given[0][2])
    said = b""
    while len(said) < int.from_bytes(size):
        said += caller.recv(65536)
    arguments, folder, environment = json.loads(said)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [one for one in environment.get("PYTHONPATH", "").split(os.pathsep) if one]
    code = 5
    try:
        main(arguments, prog_name="interlock")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.sendall(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
