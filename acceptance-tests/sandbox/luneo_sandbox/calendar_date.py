"""The date that AWS reckons with, such as the one on which it stops to support a version."""

import datetime

from . import patching

# The same whenever it is asked: a test of what is supported means next year what it means now.
_USUAL = datetime.date(2026, 11, 23)
_set = None


@patching.on_reset
def forget():
    """The usual one again."""
    global _set
    _set = None


def change(text):
    """It is the day `text`, such as `2026-11-23`, from now on; None is the usual one."""
    global _set
    _set = datetime.date.fromisoformat(text) if text else None


def today():
    """The date as AWS has it."""
    return _set or _USUAL
