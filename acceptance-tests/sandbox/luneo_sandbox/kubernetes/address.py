"""A loopback address that a cluster keeps for as long as it exists, whether anything listens there or not."""

import contextlib
import socket


class Address:
    """127.0.0.1 and a free port. Connections are refused until `listen`, and again after `refuse`."""

    def __init__(self):
        self._held = self._bound(0)
        self.port = self._held.getsockname()[1]
        self._listening = None

    @staticmethod
    def _bound(port):
        made = socket.socket()
        # Two sockets may share an address while neither of them listens.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        return made

    def listen(self):
        """The socket that listens there from now on. Who connects waits until somebody accepts."""
        if self._listening is None:
            self._listening = self._bound(self.port)
            self._listening.listen(128)
        return self._listening

    @property
    def listening(self):
        """That socket, or None."""
        return self._listening

    def refuse(self):
        """Leaves listening to nobody, or to another process that has inherited the socket."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def close(self):
        """Gives the address back."""
        self.refuse()
        with contextlib.suppress(OSError):
            self._held.close()
