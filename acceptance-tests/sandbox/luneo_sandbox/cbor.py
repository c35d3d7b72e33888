"""Concise Binary Object Representation, as far as Smithy's rpc-v2-cbor protocol uses it."""

import datetime
import io
import struct


class CborError(ValueError):
    """The bytes are not one CBOR item."""


_BREAK = object()
_EPOCH = 1  # the tag of seconds since 1970


def dumps(value):
    """`value` as one CBOR item."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, (bytes, bytearray)):
        return _head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    if isinstance(value, datetime.datetime):
        return _head(6, _EPOCH) + dumps(value.timestamp())
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(map(dumps, value))
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(dumps(key) + dumps(member) for key, member in value.items())
    raise TypeError(f"{type(value).__name__} has no place in CBOR")


def _head(major, size):
    if size < 24:
        return bytes([major << 5 | size])
    for extra, code, room in ((24, ">B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32), (27, ">Q", 1 << 64)):
        if size < room:
            return bytes([major << 5 | extra]) + struct.pack(code, size)
    raise ValueError("too large for CBOR")


def loads(data):
    """The one item that `data` is, or CborError."""
    source = io.BytesIO(data)
    try:
        value = _item(source)
    except (struct.error, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise CborError(str(error)) from error
    if value is _BREAK:
        raise CborError("a break where an item is expected")
    if source.read(1):
        raise CborError("bytes after the item")
    return value


def _take(source, size):
    data = source.read(size)
    if len(data) != size:
        raise CborError("the bytes end within an item")
    return data


def _size(source, info):
    if info < 24:
        return info
    if info == 31:
        return None
    widths = {24: (1, ">B"), 25: (2, ">H"), 26: (4, ">I"), 27: (8, ">Q")}
    if info not in widths:
        raise CborError(f"additional information {info}")
    width, code = widths[info]
    return struct.unpack(code, _take(source, width))[0]


def _item(source):
    first = _take(source, 1)[0]
    major, info = first >> 5, first & 31
    if major == 7:
        return _simple(source, info)
    size = _size(source, info)
    if major in (0, 1):
        if size is None:
            raise CborError("a number without an end")
        return size if major == 0 else -1 - size
    if major in (2, 3):
        if size is None:
            return (b"" if major == 2 else "").join(_until_break(source))
        data = _take(source, size)
        return data if major == 2 else data.decode()
    if major == 4:
        return list(_until_break(source)) if size is None else [_item(source) for _ in range(size)]
    if major == 5:
        pairs = _until_break(source) if size is None else iter([_item(source) for _ in range(2 * size)])
        return {key: next(pairs) for key in pairs}
    value = _item(source)
    return datetime.datetime.fromtimestamp(value, datetime.timezone.utc) if size == _EPOCH else value


def _until_break(source):
    while (value := _item(source)) is not _BREAK:
        yield value


def _simple(source, info):
    if info in (20, 21):
        return info == 21
    if info in (22, 23):
        return None
    if info == 31:
        return _BREAK
    floats = {25: (2, ">e"), 26: (4, ">f"), 27: (8, ">d")}
    if info not in floats:
        raise CborError(f"simple value {info}")
    width, code = floats[info]
    return struct.unpack(code, _take(source, width))[0]
