"""`python -m luneo_sandbox [--port N] [--with-parent]`: the sandbox in the foreground, until SIGTERM or SIGINT."""

import argparse
import os
import signal
import sys
import threading


def main():
    """Serves on 127.0.0.1 and says so in one line on standard output."""
    arguments = argparse.ArgumentParser(prog="luneo_sandbox", description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="0, the default, is any free port")
    arguments.add_argument("--with-parent", action="store_true", help="stop when standard input is closed")
    chosen = arguments.parse_args()

    from .server import serve

    server = serve(chosen.port)

    def stop(*_):
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if chosen.with_parent:
        threading.Thread(target=_when_input_ends, args=(stop,), daemon=True).start()
    print(f"sandbox ready http://127.0.0.1:{server.port}", flush=True)
    threading.Thread(target=_read_ahead, daemon=True).start()
    server.serve_forever(poll_interval=0.05)
    sys.stdout.flush()
    # Threads that still hold a client's connection are not waited for.
    os._exit(0)


def _read_ahead():
    """Loads what the first calls will need while the client is still starting."""
    from . import models, patching

    for service in ("ec2", "sts", "iam", "logs", "kms"):
        models.model(service)
        patching.read(service)


def _when_input_ends(stop):
    while sys.stdin.buffer.read(4096):
        pass
    stop()


if __name__ == "__main__":
    main()
