"""The date that AWS reckons with, such as the one on which it stops to support a version."""

import datetime

from . import patching

_set = None


@patching.on_reset
def forget():
    """Today again."""
    global _set
    _set = None


def change(text):
    """It is the day `text`, such as `2026-11-23`, from now on; None is today."""
    global _set
    _set = datetime.date.fromisoformat(text) if text else None


def today():
    """The date as AWS has it."""
    return _set or datetime.datetime.now(datetime.UTC).date()
