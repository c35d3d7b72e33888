"""The clock of asynchronous states: how long a NAT gateway is `pending`, by AWS's clock, ours, or a test's hand.

Three modes, set by `POST /_sandbox/clock`:

* `scale` 0, the default: every state is reached at once. The answer to the call that began it still shows the first
  state, as AWS does, and the next request shows the final one.
* `scale` s: a state takes s times what AWS takes (`DURATIONS`). 1 is AWS's own pace.
* `manual`: time stands still and moves by `advance`. No test needs to wait.
"""

import functools
import itertools
import threading
import time

from . import patching
from .durations import DURATIONS


class Clock:
    """Seconds of AWS's time. One for the whole sandbox: `clock.CLOCK`."""

    def __init__(self):
        self._lock = threading.RLock()
        self.reset()

    def reset(self):
        """Back to `scale` 0, with nothing under way."""
        with self._lock:
            self._scale, self._manual = 0.0, False
            self._seconds, self._since = 0.0, time.monotonic()
            self._later, self._order = [], itertools.count()

    @property
    def immediate(self):
        """Whether everything happens at once."""
        return not self._manual and self._scale == 0

    def now(self):
        """AWS's seconds since the last reset."""
        with self._lock:
            if self._manual or self._scale == 0:
                return self._seconds
            return self._seconds + (time.monotonic() - self._since) / self._scale

    def set_scale(self, scale):
        """Runs on the wall clock from now on, `scale` times as long as AWS takes."""
        with self._lock:
            self._seconds, self._since = self.now(), time.monotonic()
            self._manual, self._scale = False, float(scale)

    def set_manual(self):
        """Stands still from now on, until `advance`."""
        with self._lock:
            self._seconds = self.now()
            self._manual = True

    def advance(self, seconds):
        """Moves a manual clock."""
        with self._lock:
            if not self._manual:
                raise ValueError("only a manual clock can be advanced")
            self._seconds += float(seconds)

    def due(self, kind):
        """When what begins now and takes as long as `kind` does is over."""
        return self.now() + (0 if self.immediate else seconds(kind))

    def passed(self, due):
        """Whether that moment is over. With `scale` 0 every moment is."""
        return self.immediate or self.now() >= due

    def after(self, kind, action):
        """Calls `action()` once `kind` is over: before the first request of this account after that moment."""
        asking = patching.request()
        account = asking.account if asking else None
        with self._lock:
            self._later.append((self.due(kind), next(self._order), account, action))

    def settle(self, account):
        """Does all that is due in `account`, in order. The sandbox calls it before each of its requests."""
        if not self._later:
            return
        with self._lock:
            ready = [entry for entry in self._later if entry[2] in (account, None) and self.passed(entry[0])]
            self._later = [entry for entry in self._later if entry not in ready]
        for _, _, _, action in sorted(ready, key=lambda entry: entry[:2]):
            action()

    def state(self):
        """What `GET /_sandbox/clock` answers."""
        mode = "manual" if self._manual else "scale"
        return {"mode": mode, "scale": self._scale, "now": self.now(), "under_way": len(self._later)}


CLOCK = Clock()
after = CLOCK.after


def seconds(kind):
    """How long `kind` takes in AWS, such as `ec2:nat-gateway` or `ec2:nat-gateway:delete`; see `durations`.

    A kind without an entry of its own takes as long as its longest prefix that has one, else no time.
    """
    while kind:
        if kind in DURATIONS:
            return DURATIONS[kind]
        kind = kind.rpartition(":")[0]
    return 0


class Stage:
    """A state that is `first` until `kind` is over, and `final` from then on.

    addon = {"status": Stage("CREATING", "ACTIVE", "eks:addon")}
    addon["status"].value
    """

    def __init__(self, first, final, kind):
        self.first, self.final = first, final
        self._due = CLOCK.due(kind)
        self._born = patching.request()
        self._rested = at_rest.active()

    @property
    def over(self):
        """Whether the final state is reached."""
        if self._rested:
            return True
        begun_by_this_request = self._born is not None and self._born is patching.request()
        return CLOCK.passed(self._due) and not (CLOCK.immediate and begun_by_this_request)

    @property
    def value(self):
        """The state as of now."""
        return self.final if self.over else self.first


class at_rest:
    """`with at_rest():` whatever is created inside has long been there, such as a default VPC."""

    _thread = threading.local()

    def __enter__(self):
        self._thread.depth = getattr(self._thread, "depth", 0) + 1

    def __exit__(self, *_):
        self._thread.depth -= 1

    @classmethod
    def active(cls):
        """Whether this thread is inside of one."""
        return getattr(cls._thread, "depth", 0) > 0


def staged(cls, attribute, kind, first, final):
    """Makes `attribute` of every object of `cls` show `first` until `kind` is over, then `final`.

    The stage begins when the object is made, or when its code assigns `first` or `final` for the first time.
    Any other value assigned, such as `deleted`, counts at once and ends the stage; see `restage` for `modifying`.
    """
    slot = f"_staged_{attribute}"
    make = cls.__init__

    def read(self):
        value = self.__dict__.get(slot)
        return value.value if isinstance(value, Stage) else value

    def assign(self, value):
        held = self.__dict__.get(slot)
        if value == first or (value == final and held is None):
            held = Stage(first, final, kind)
        elif not (value == final and isinstance(held, Stage)):
            held = value
        self.__dict__[slot] = held

    @functools.wraps(make)
    def made(self, *args, **kwargs):
        make(self, *args, **kwargs)
        if self.__dict__.get(slot) is None:
            assign(self, final)

    setattr(cls, attribute, property(read, assign))
    setattr(cls, f"_{attribute}_stage", (kind, final))
    cls.__init__ = made


def restage(obj, attribute, via, kind=None):
    """Makes the staged `attribute` of `obj` show `via`, such as `modifying`, and then its final state again.

    It takes as long as `<the kind of the stage>:<via>` does, or as `kind`, if given.
    """
    base, final = getattr(type(obj), f"_{attribute}_stage")
    obj.__dict__[f"_staged_{attribute}"] = Stage(via, final, kind or f"{base}:{via.lower()}")


def hold(obj, attribute, value):
    """Makes the staged `attribute` of `obj` show `value` until something else is assigned."""
    obj.__dict__[f"_staged_{attribute}"] = value


def lingering(cls, method, where, attribute, showing, kind, gone=None):
    """Keeps what `cls.method` removes visible, with `attribute` showing `showing`, until `kind` is over.

    `where(backend)` lists the dictionaries to watch: what disappears from one of them lingers. `gone(backend, obj)`,
    if given, is called when it is really gone, for what AWS releases only then (the interface of a NAT gateway).
    With `scale` 0 it is gone before the next request.
    """

    @patching.wrap(cls, method)
    def linger(self, original, *args, **kwargs):
        watched = [(store, dict(store)) for store in where(self)]
        answer = original(*args, **kwargs)
        for store, before in watched:
            for key in [key for key in before if key not in store]:
                _linger(self, store, key, before[key])
        return answer

    def _linger(backend, store, key, obj):
        hold(obj, attribute, showing) if hasattr(type(obj), f"_{attribute}_stage") else setattr(obj, attribute, showing)
        store[key] = obj

        def remove():
            if store.get(key) is obj:
                del store[key]
            if gone:
                gone(backend, obj)

        CLOCK.after(kind, remove)
