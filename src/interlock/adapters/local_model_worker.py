"""The process behind a local model: ``python -m interlock.adapters.local_model_worker``.

Arguments: the file of the weights, the port, threads, and the length of the context in tokens.
"""

import importlib
import os
import signal
import sys

from interlock.adapters.local_model import SERVED_AS

_LOOPBACK = "127.0.0.1"
_CONNECTIONS = 64
_SILENT = -1


def main(file: str, port: str, threads: str, context: str) -> None:  # noqa: PLR0917 - a command line
    """Serve until standard input ends, which it does with whoever started this, however that ends.

    Everything is set by hand that could make an answer depend on other
    requests: one slot, and no prompt kept from one request to the next.
    """
    # Ctrl-C reaches every process of a terminal; whoever started this one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = importlib.import_module("xllamacpp")
    chosen = engine.CommonParams()
    chosen.model.path = file
    chosen.model_alias = {SERVED_AS}
    chosen.hostnames, chosen.port = [_LOOPBACK], int(port)
    chosen.n_parallel, chosen.n_threads_http = 1, _CONNECTIONS
    chosen.n_ctx, chosen.fit_params = int(context), False
    chosen.cpuparams.n_threads = chosen.cpuparams_batch.n_threads = int(threads)
    chosen.cache_prompt, chosen.cache_ram_mib = False, 0
    chosen.warmup, chosen.ui, chosen.endpoint_slots = False, False, False
    chosen.verbosity = _SILENT
    server = engine.Server(chosen)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    # Nothing is left to be saved, and taking the engine down in order can take seconds.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
