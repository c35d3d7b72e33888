"""What a model says of values: required, enum, pattern, length, range, union."""

import functools
import re

import regex

from .violation import Violation, below

_NUMBERS = ("integer", "long", "float", "double")


def check(value, shape, path, found):
    """Notes in `found` what is wrong with `value` and all that is in it."""
    kind = shape.type_name
    if kind == "structure":
        _structure(value, shape, path, found)
    elif kind == "list":
        _limits(len(value), value, shape.metadata, path, "length", found)
        for index, member in enumerate(value):
            check(member, shape.member, f"{path}[{index}]", found)
    elif kind == "map":
        _limits(len(value), value, shape.metadata, path, "length", found)
        for key, member in value.items():
            check(key, shape.key, f"{path}.(key)", found)
            check(member, shape.value, below(path, key), found)
    elif kind in ("string", "character"):
        _string(value, shape.metadata, path, found)
    elif kind == "blob":
        _limits(len(value), "", shape.metadata, path, "length", found)
    elif kind in _NUMBERS:
        _limits(value, value, shape.metadata, path, "range", found)


def _structure(value, shape, path, found):
    if getattr(shape, "is_document_type", False) or not isinstance(value, dict):
        return
    for name in shape.metadata.get("required", ()):
        if name not in value:
            found.append(Violation("required", below(path, name), f"missing in {shape.name}"))
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        message = f"{shape.name} is exactly one of its members, not {sorted(value)}"
        found.append(Violation("union", path, message))
    for name, member in value.items():
        if described := shape.members.get(name):
            if described.metadata.get("deprecated"):
                found.append(Violation("deprecated", below(path, name), "deprecated in the model"))
            check(member, described, below(path, name), found)


def _string(value, metadata, path, found):
    if (enum := metadata.get("enum")) and value not in enum:
        found.append(Violation("enum", path, f"{value!r} is not one of {enum}", value, enum))
    _limits(len(value), value, metadata, path, "length", found)
    if pattern := metadata.get("pattern"):
        compiled = _compiled(pattern)
        if compiled is not None and not compiled.fullmatch(value):
            found.append(Violation("pattern", path, f"{value[:120]!r} does not match {pattern!r}", value, pattern))


def _limits(size, value, metadata, path, rule, found):
    if "min" in metadata and size < metadata["min"]:
        found.append(Violation(rule, path, f"{size} is below {metadata['min']}", value, ("min", metadata["min"])))
    if "max" in metadata and size > metadata["max"]:
        found.append(Violation(rule, path, f"{size} is above {metadata['max']}", value, ("max", metadata["max"])))


@functools.cache
def _compiled(pattern):
    """The pattern as Python understands it, or None if it cannot be understood.

    AWS's services match whole values, anchors or not; `.` may be a new line here, as it must be in policies.
    """
    text = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    text = re.sub(r"\\x\{([0-9A-Fa-f]+)\}", lambda match: f"\\U{int(match.group(1), 16):08x}", text)
    try:
        return regex.compile(text, regex.DOTALL)
    except regex.error:
        return None
