"""Parameters from a form: the ec2 and query protocols, in which `Filter.1.Value.2=x` is a path."""

from . import scalars
from .violation import MISSING, Violation, below

_IGNORED = ("Action", "Version")


def read(request, shape, found):
    """The parameters of a request that is a form."""
    tree = {}
    for name, value in request.form:
        if name in _IGNORED or name.startswith("X-Amz-"):
            continue
        node = tree
        for part in name.split("."):
            node = node.setdefault(part, {})
        if "" in node:
            found.append(Violation("body-syntax", name, "given twice"))
        node[""] = value
    if shape is None:
        found.extend(Violation("unknown-member", name, "the operation takes no input") for name in tree)
        return {}
    return _Form(request.protocol == "ec2", found).structure(tree, shape, "")


class _Form:
    def __init__(self, is_ec2, found):
        self.is_ec2, self.found = is_ec2, found

    def say(self, rule, path, message, value=None):
        self.found.append(Violation(rule, path, message, value))

    def structure(self, node, shape, path):
        read, known = {}, self._members(shape)
        for key, child in node.items():
            if not key:
                continue
            if key not in known:
                self.say("unknown-member", below(path, key), f"not a member of {shape.name}")
                continue
            name, member = known[key]
            value = self.value(child, member, below(path, name))
            if value is not MISSING:
                read[name] = value
        if node.get("") and known:
            self.say("type", path, f"{node['']!r} where the structure {shape.name} is expected", node[""])
        return read

    def _members(self, shape):
        """Wire name to (name, shape), remembered on the shape, which lives as long as the model."""
        known = shape.__dict__.get("_luneo_form")
        if known is None:
            known = {self._key(name, member): (name, member) for name, member in shape.members.items()}
            shape.__dict__["_luneo_form"] = known
        return known

    def _key(self, name, member):
        serialization = member.serialization
        if self.is_ec2:
            key = serialization.get("queryName") or serialization.get("name", name)
            return key if "queryName" in serialization else key[0].upper() + key[1:]
        if member.type_name == "list" and serialization.get("flattened"):
            # A flattened list is called what its members are called.
            return member.member.serialization.get("name") or serialization.get("name", name)
        return serialization.get("name", name)

    def value(self, node, shape, path):
        kind = shape.type_name
        if kind == "structure":
            return self.structure(node, shape, path)
        if kind == "list":
            return self.list(node, shape, path)
        if kind == "map":
            return self.map(node, shape, path)
        if further := [key for key in node if key]:
            self.say("type", path, f"a {kind} has no members {further[:3]}")
            return MISSING
        return scalars.from_text(node.get("", ""), shape, path, self.found)

    def list(self, node, shape, path):
        if "" in node:
            if node[""] == "" and len(node) == 1:
                return []
            self.say("type", path, f"{node['']!r} where a list is expected", node[""])
        if not self.is_ec2 and not shape.serialization.get("flattened"):
            node = self._only(node, shape.member.serialization.get("name", "member"), path)
        values = [self.value(child, shape.member, f"{path}[{index}]") for index, child in self._indexed(node, path)]
        return [value for value in values if value is not MISSING]

    def map(self, node, shape, path):
        if not shape.serialization.get("flattened"):
            node = self._only(node, "entry", path)
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        read = {}
        for index, entry in self._indexed(node, path):
            key = entry.get(key_name, {}).get("")
            if key is None:
                self.say("body-syntax", f"{path}[{index}]", f"an entry without {key_name!r}")
                continue
            value = self.value(entry.get(value_name, {}), shape.value, f"{path}[{index}].value")
            if value is not MISSING:
                read[key] = value
        return read

    def _only(self, node, name, path):
        for key in node:
            if key and key != name:
                self.say("unknown-member", below(path, key), f"members are called {name!r} here")
                break
        return node.get(name, {})

    def _indexed(self, node, path):
        numbers = []
        for key in filter(None, node):
            if key.isdigit():
                numbers.append(int(key))
            else:
                self.say("unknown-member", below(path, key), "a list index is expected")
        numbers.sort()
        if numbers != list(range(1, len(numbers) + 1)):
            self.say("body-syntax", path, f"list indexes are {numbers}, expected 1 to {len(numbers)}")
        return [(place, node[str(number)]) for place, number in enumerate(numbers) if str(number) in node]
