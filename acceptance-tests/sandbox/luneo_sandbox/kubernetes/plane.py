"""One cluster's control plane: an address from the beginning, and behind it a process once somebody comes."""

import json
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from . import nodes, sandbox
from .address import Address
from .api import Api
from .authority import Authority
from .controller import Controller

_LOOK = 0.1  # Seconds after which a change that the clock brought is seen.
_PATIENCE = 60
_IDLE = 60  # Seconds without a connection after which the process ends, until the next one.


class Plane:
    """Stopped, or running; reachable, or refusing connections."""

    def __init__(self, backend, cluster, binary, doorman):
        self._backend, self._cluster, self._binary = backend, cluster, binary
        self._doorman, self._lock = doorman, threading.RLock()
        self._process = self._folder = None
        self._closed, self._ready, self._shown = False, threading.Event(), None
        self._answers, self._number = {}, 0
        self._changed = threading.Event()
        self.reachable, self.webhooks, self._controller = True, "allow", None
        self.authority, self._address = Authority(), Address()
        self.idle = _IDLE
        self._admin = secrets.token_hex(16)
        self._await()

    @property
    def cluster(self):
        """Whose it is."""
        return self._cluster

    @property
    def backend(self):
        """EKS, in the cluster's account and region."""
        return self._backend

    @property
    def endpoint(self):
        """Where its API is, or will be."""
        return f"https://127.0.0.1:{self._address.port}"

    @property
    def kubeconfig(self):
        """A kubeconfig with all rights, as text."""
        name = self._cluster.name
        where = {"server": self.endpoint, "certificate-authority-data": self.authority.encoded}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": where}],
            "users": [{"name": name, "user": {"token": self._admin}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        }
        return json.dumps(config, indent=2)

    @property
    def process_id(self):
        """Of the running process, or None."""
        return self._process.pid if self._process else None

    def look(self):
        """The nodes may be others now."""
        self._changed.set()

    def set_reachable(self, reachable):
        """Whether connections to the API are taken. Those that there are end with it."""
        with self._lock:
            self.reachable = reachable
            if not reachable:
                self._refuse()
            elif self._process is None:
                self._await()
        self._tell(reachable=reachable)

    def set_idle(self, seconds):
        """How long the process goes on while nobody is connected."""
        with self._lock:
            self.idle = float(seconds)
        self._tell(idle=self.idle)

    def set_webhooks(self, webhooks):
        """Whether admission webhooks in pods answer: "allow" or "refuse"."""
        if webhooks not in ("allow", "refuse"):
            raise ValueError("webhooks is allow or refuse")
        with self._lock:
            self.webhooks = webhooks
        self._tell(webhooks=webhooks)

    def api(self):
        """The API, with all rights."""
        return Api(self._address.port, self.authority.certificate, self._admin)

    @property
    def controller(self):
        """Whether the load balancer controller's part is played: "play" or "dead"."""
        return "play" if self._controller else "dead"

    def set_controller(self, mode):
        """Begins or ends to play it."""
        if mode not in ("play", "dead"):
            raise ValueError("mode is play or dead")
        with self._lock:
            if self._controller and mode == "dead":
                self._controller.stop()
                self._controller = None
            elif mode == "play" and self._controller is None and not self._closed:
                self._controller = Controller(self)

    def close(self):
        """Ends the process, at once, and forgets all that it kept."""
        self.set_controller("dead")
        with self._lock:
            self._closed = True
            self._refuse()
            self._address.close()
            process, folder = self._process, self._folder
        self._changed.set()
        if process:
            process.kill()
            process.wait()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)

    def _await(self):
        if self._binary and self.reachable and not self._closed:
            self._doorman.watch(self._address.listen(), self._start)

    def _refuse(self):
        if self._address.listening is not None:
            self._doorman.forget(self._address.listening)
            self._address.refuse()

    def _start(self):
        try:
            self._launch()
        except Exception:  # Whoever knocks is not left to wait for ever.
            self._address.refuse()
            raise

    def _launch(self):
        with self._lock:
            if self._closed or self._process or not self.reachable:
                return
            self._folder = self._folder or self._furnished()
            listening = self._address.listen()
            self._shown = self._nodes() or []
            (self._folder / "nodes.json").write_text(json.dumps(self._shown))
            command = [self._binary, "-with-parent", "-dir", self._folder, "-listen-fd", str(listening.fileno())]
            command += ["-cluster", self._cluster.name, "-arn", self._cluster.arn]
            command += ["-token-url", f"{sandbox()}/_sandbox/kubernetes/token"]
            command += ["-issuer", self._cluster.identity["oidc"]["issuer"]]
            command += ["-nodes", self._folder / "nodes.json", "-webhooks", self.webhooks]
            command += ["-idle", f"{self.idle}s"]
            with open(self._folder / "log", "ab") as log:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    pass_fds=[listening.fileno()],
                    process_group=0,  # A Ctrl-C is for the sandbox; this ends with it.
                    text=True,
                    bufsize=1,
                )
            # Only that process accepts. Who comes when it has just ended waits here for the next.
            process = self._process
        threading.Thread(target=self._listen_to, args=(process,), name="plane answers", daemon=True).start()
        threading.Thread(target=self._follow_nodes, args=(process,), name="plane nodes", daemon=True).start()

    def _furnished(self):
        """A folder with what was promised to clients before the process starts."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="luneo-kube-"))
        (folder / "ca.crt").write_bytes(self.authority.certificate)
        for name, secret in (("ca.key", self.authority.key), ("admin.token", self._admin.encode())):
            (folder / name).touch(mode=0o600)
            (folder / name).write_bytes(secret)
        return folder

    def _listen_to(self, process):
        for line in process.stdout:
            said = json.loads(line)
            if "done" not in said:
                self._ready.set()
            elif waiting := self._answers.pop(said["done"], None):
                waiting.append(said.get("error"))
                waiting[0].set()
        process.wait()
        with self._lock:
            was_ready = self._ready.is_set()
            self._process = None
            self._ready.clear()
            for waiting in self._answers.values():
                waiting.append("the control plane ended")
                waiting[0].set()
            self._answers.clear()
            if self._closed:
                return
            if process.returncode:
                said = (self._folder / "log").read_text(errors="replace").strip().splitlines()[-15:]
                self.say(f"the control plane of {self._cluster.name} ended ({process.returncode})", *said)
            if was_ready:
                self._await()  # The next who comes finds the same cluster again.
            else:
                self._refuse()

    def _follow_nodes(self, process):
        self._ready.wait(_PATIENCE)
        while self._process is process and not self._closed:
            wanted = self._nodes()
            if wanted is not None and wanted != self._shown:
                try:
                    self._tell(nodes=wanted)
                    self._shown = wanted
                except (ValueError, TimeoutError) as error:
                    self.say(f"the nodes of {self._cluster.name} could not be changed: {error}")
                    time.sleep(1)
            self._changed.wait(_LOOK)
            self._changed.clear()

    def _nodes(self):
        """The nodes that there should be; None while a request is in the middle of changing what they are made of."""
        try:
            return nodes.of(self._backend, self._cluster)
        except (AttributeError, KeyError, RuntimeError):
            return None

    @staticmethod
    def say(*lines):
        """Tells whoever started the sandbox."""
        print("luneo_sandbox:", "\n  ".join(lines), file=sys.stderr, flush=True)

    def _tell(self, **what):
        """Gives the running process a command, and returns when that is done. One that does not run needs none."""
        if self._process is None:
            return
        self._ready.wait(_PATIENCE)
        answered = threading.Event()
        with self._lock:
            process = self._process
            if process is None or self._closed:
                return
            self._number += 1
            waiting = self._answers[self._number] = [answered]
            try:
                process.stdin.write(json.dumps({"id": self._number, **what}) + "\n")
                process.stdin.flush()
            except (BrokenPipeError, ValueError):
                self._answers.pop(self._number, None)
                return  # It has just ended.
        if not answered.wait(_PATIENCE):
            raise TimeoutError(f"the control plane of {self._cluster.name} does not answer")
        if error := waiting[1]:
            raise ValueError(error)
