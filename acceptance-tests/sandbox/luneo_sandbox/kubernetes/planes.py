"""The control planes of all clusters: each is reserved with its cluster, and started by the first connection."""

import os
import selectors
import socket
import sys
import threading

from .plane import Plane

_planes, _lock = {}, threading.RLock()
_warned = False


def reserve(backend, cluster):
    """A plane for a new cluster."""
    binary = os.environ.get("LUNEO_KUBE_PLANE")
    if not binary:
        _warn()
    plane = Plane(backend, cluster, binary, DOORMAN)
    with _lock:
        _planes[cluster.arn] = plane
    return plane


def find(arn):
    """The plane of the cluster with that ARN, or None."""
    return _planes.get(arn)


def reserved():
    """Those that there are."""
    return list(_planes.values())


def release(arn):
    """Ends a plane, and gives its address back."""
    with _lock:
        plane = _planes.pop(arn, None)
    if plane:
        plane.close()


def close_all():
    """Ends all of them."""
    for arn in list(_planes):
        release(arn)


def _warn():
    global _warned
    if not _warned:
        _warned = True
        print(
            "luneo_sandbox: LUNEO_KUBE_PLANE names no kube-plane: the Kubernetes API of every cluster refuses "
            "connections. `cargo xtask sandbox` builds one and sets it.",
            file=sys.stderr,
            flush=True,
        )


class Doorman:
    """One thread that sees who comes to clusters whose plane is not running."""

    def __init__(self):
        self._selector, self._lock = selectors.DefaultSelector(), threading.Lock()
        self._thread = None
        self._wake, self._woken = socket.socketpair()

    def watch(self, listening, arrived):
        """Calls `arrived()`, once and on a thread of its own, when somebody has connected to `listening`."""
        with self._lock:
            if self._thread is None:
                self._selector.register(self._woken, selectors.EVENT_READ)
                self._thread = threading.Thread(target=self._look, name="doorman", daemon=True)
                self._thread.start()
            self._selector.register(listening, selectors.EVENT_READ, arrived)
        self._wake.send(b".")

    def forget(self, listening):
        """The same socket is nobody's business any more. To be called before it is closed."""
        with self._lock:
            if listening.fileno() in self._selector.get_map():
                self._selector.unregister(listening)

    def _look(self):
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._woken.recv(4096)
                    continue
                with self._lock:
                    current = self._selector.get_map().get(key.fd)
                    if current is None or current.data is not key.data:
                        continue
                    self._selector.unregister(key.fileobj)
                threading.Thread(target=key.data, name="plane", daemon=True).start()


DOORMAN = Doorman()
