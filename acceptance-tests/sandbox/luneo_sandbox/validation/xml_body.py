"""Parameters from XML: the rest-xml protocol, which is S3 and Route 53."""

import xml.etree.ElementTree as ElementTree

from . import scalars
from .violation import MISSING, Unreadable, Violation, below


def read(request, shape, path, found):
    """The members of `shape` in the body of `request`."""
    from .. import models

    try:
        root = ElementTree.fromstring(request.body)
    except ElementTree.ParseError as error:
        raise Unreadable(f"XML: {error}", path) from error
    whole = request.model.input_shape.serialization
    described = shape.serialization if path else {**shape.serialization, **whole}
    wanted = described.get("name") or (shape.name if path else whole.get("locationName"))
    namespace, tag = _split(root.tag)
    if wanted and tag != wanted:
        found.append(Violation("body-syntax", path, f"the root is <{tag}>, the model says <{wanted}>"))
    spoken = _uri(described.get("xmlNamespace")) or _uri(whole.get("xmlNamespace"))
    spoken = spoken or _uri(models.model(request.service).metadata.get("xmlNamespace"))
    if spoken and namespace != spoken:
        found.append(Violation("body-syntax", path, f"the namespace is {namespace!r}, the model says {spoken!r}"))
    return _structure(root, shape, path, found)


def _split(tag):
    namespace, _, local = tag.rpartition("}")
    return namespace.lstrip("{"), local


def _uri(namespace):
    return namespace.get("uri") if isinstance(namespace, dict) else namespace


def _structure(element, shape, path, found):
    children = {}
    for child in element:
        children.setdefault(_split(child.tag)[1], []).append(child)
    attributes = {_split(name)[1]: value for name, value in element.attrib.items()}
    read, used = {}, set()
    for name, member in shape.members.items():
        if member.serialization.get("location") is not None:
            continue
        wire, here = member.serialization.get("name", name), below(path, name)
        value = MISSING
        if member.serialization.get("xmlAttribute"):
            value = attributes.get(wire.rpartition(":")[2], MISSING)
        elif member.type_name == "list" and member.serialization.get("flattened"):
            key = member.member.serialization.get("name") or wire
            key = key if key in children else wire
            if key in children:
                used.add(key)
                value = _all(children[key], member.member, here, found)
        elif wire in children:
            used.add(wire)
            if len(children[wire]) > 1:
                found.append(Violation("body-syntax", here, f"<{wire}> is given {len(children[wire])} times"))
            value = _value(children[wire][0], member, here, found)
        if value is not MISSING:
            read[name] = value
    for key in children:
        if key not in used:
            found.append(Violation("unknown-member", below(path, key), f"not a member of {shape.name}"))
    if (element.text or "").strip() and shape.members:
        found.append(Violation("type", path, f"text in the structure {shape.name}", element.text.strip()))
    return read


def _all(elements, shape, path, found):
    values = [_value(child, shape, f"{path}[{index}]", found) for index, child in enumerate(elements)]
    return [value for value in values if value is not MISSING]


def _value(element, shape, path, found):
    kind = shape.type_name
    if kind == "structure":
        return _structure(element, shape, path, found)
    if kind == "list":
        wanted, named = shape.member.serialization.get("name", "member"), []
        for child in element:
            tag = _split(child.tag)[1]
            if tag == wanted:
                named.append(child)
            else:
                found.append(Violation("unknown-member", path, f"<{tag}> in a list of <{wanted}>"))
        return _all(named, shape.member, path, found)
    if kind == "map":
        return _map(element, shape, path, found)
    if len(element):
        found.append(Violation("type", path, f"elements where a {kind} is expected"))
        return MISSING
    return scalars.from_text(element.text or "", shape, path, found)


def _map(element, shape, path, found):
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    read = {}
    for entry in element:
        parts = {_split(part.tag)[1]: part for part in entry}
        if key_name in parts and value_name in parts:
            value = _value(parts[value_name], shape.value, path, found)
            if value is not MISSING:
                read[parts[key_name].text or ""] = value
    return read
