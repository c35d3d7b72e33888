"""Security group rules: added all or none, never twice, and taken away only if they are there."""

import ipaddress

from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses import EC2Response

from ... import patching, quotas
from ...errors import aws_error
from . import lookup, tags
from .security_groups import check_description

_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}

_PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}


def _permissions(params):
    """The rules that the request speaks of, as separate (protocol, from, to, kind, peer, description)."""
    given = params.get("IpPermissions")
    if not given:
        single = {name: params.get(name) for name in ("IpProtocol", "FromPort", "ToPort")}
        single["IpRanges"] = [{"CidrIp": params["CidrIp"]}] if params.get("CidrIp") else []
        given = [single] if params.get("IpProtocol") else []
    if not given:
        raise aws_error("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")
    return [rule for permission in given for rule in _separate(permission)]


def _separate(permission):
    protocol = str(permission.get("IpProtocol") or "")
    protocol = _PROTOCOLS.get(protocol.lower(), protocol.lower())
    if not protocol:
        raise aws_error("InvalidParameterValue", "Invalid value 'null' for protocol.")
    ports = _ports(protocol, permission)
    peers = [
        (kind, one.get(kind) or one.get("GroupName"), one.get("Description"))
        for member, kind in _PEERS.items()
        for one in permission.get(member) or []
    ]
    if not peers:
        raise aws_error("MissingParameter", "The request must contain a source or destination of the traffic")
    for kind, peer, description in peers:
        check_description(description, "Description")
        yield (protocol, *ports, kind, _canonical(kind, peer), description)


def _ports(protocol, permission):
    if protocol not in ("tcp", "udp", "icmp", "icmpv6"):
        return None, None
    first, last = permission.get("FromPort"), permission.get("ToPort")
    if protocol in ("tcp", "udp") and (first is None or last is None):
        message = "Invalid value for portRange. Must specify both from and to ports with TCP/UDP."
        raise aws_error("InvalidParameterValue", message)
    first, last = (-1 if value is None else int(value) for value in (first, last))
    if protocol in ("tcp", "udp") and not 0 <= first <= last <= 65535:
        raise aws_error("InvalidParameterValue", f"Invalid TCP/UDP port range ({first}:{last})")
    return first, last


def _canonical(kind, peer):
    network = {"CidrIp": ipaddress.IPv4Network, "CidrIpv6": ipaddress.IPv6Network}.get(kind)
    if network is None:
        return peer
    try:
        return str(network(peer, strict=False))
    except ValueError:
        raise aws_error("InvalidParameterValue", f"CIDR block {peer} is malformed") from None


def _key(rule):
    """By what AWS tells two rules of one group apart."""
    if rule.source_group:
        peer = ("GroupId", rule.source_group.get("GroupId"))
    elif rule.prefix_list_id:
        peer = ("PrefixListId", rule.prefix_list_id)
    elif rule.ip_range.get("CidrIp"):
        peer = ("CidrIp", rule.ip_range["CidrIp"])
    else:
        peer = ("CidrIpv6", rule.ip_range.get("CidrIpv6"))
    return (rule.ip_protocol, rule.from_port, rule.to_port, *peer)


def _group(self):
    asked = self.params.get("GroupId") or self.params.get("GroupName")
    group = self.ec2_backend.get_security_group_by_name_or_id(asked)
    if group is None:
        raise lookup.SECURITY_GROUP.missing(asked)
    return group


def _authorize(self, rules_of, egress):
    backend, group = self.ec2_backend, _group(self)
    held = rules_of(group)
    present = {_key(rule) for rule in held}
    wanted = [_resolved(backend, group, permission) for permission in _permissions(self.params)]
    keys = [permission[:5] for permission in wanted]
    for key in keys:
        if keys.count(key) > 1:
            raise aws_error("InvalidParameterValue", "The same permission must not appear multiple times")
        if key in present:
            raise aws_error("InvalidPermission.Duplicate", f"the specified rule {_worded(key)} already exists")
    message = "The maximum number of rules per security group has been reached."
    used = len(held) + len(wanted) - 1
    quotas.refuse_beyond(backend, "L-0EA8095F", used, "RulesPerSecurityGroupLimitExceeded", message)
    given = tags.specified(self.params, "security-group-rule")
    made = [_rule(backend, group, permission, egress, given) for permission in wanted]
    held.extend(made)
    return ActionResult({"Return": True, "SecurityGroupRules": made})


def _resolved(backend, group, permission):
    """With the id of the group that is the peer; another network's groups do not exist here."""
    protocol, first, last, kind, peer, description = permission
    if kind == "GroupId":
        found = backend.get_security_group_by_name_or_id(peer, group.vpc_id)
        if found is None:
            raise lookup.SECURITY_GROUP.missing(peer)
        if found.vpc_id != group.vpc_id:
            raise aws_error(
                "InvalidGroup.NotFound", "You have specified two resources that belong to different networks."
            )
        peer = found.id
    if kind == "PrefixListId" and peer not in backend.managed_prefix_lists:
        raise aws_error("InvalidPrefixListID.NotFound", f"The prefix list ID '{peer}' does not exist")
    return protocol, first, last, kind, peer, description


def _worded(key):
    protocol, first, last, _kind, peer = key
    ports = "" if first is None else f", from port: {first}, to port: {last}"
    return f'"peer: {peer}, {"ALL" if protocol == "-1" else protocol.upper()}{ports}, ALLOW"'


def _rule(backend, group, permission, egress, given):
    protocol, first, last, kind, peer, description = permission
    source = {"GroupId": peer, "UserId": backend.account_id} if kind == "GroupId" else None
    block = {kind: peer} if kind.startswith("Cidr") else None
    prefix = {"PrefixListId": peer} if kind == "PrefixListId" else None
    rule = SecurityGroupRule(backend, "-1", group.id, None, None, block, source, prefix, is_egress=egress, tags=given)
    rule.ip_protocol, rule.from_port, rule.to_port = protocol, first, last
    _describe(rule, description)
    return rule


def _describe(rule, description):
    """What a rule is for, which DescribeSecurityGroups shows beside its peer."""
    rule.peer_description = description
    for peer in (rule.ip_range, rule.source_group):
        peer.pop("Description", None)
        if peer and description:
            peer["Description"] = description


SecurityGroupRule.peer_description = None
SecurityGroupRule.description = property(lambda self: self.peer_description)


def _redescribe(self, rules_of):
    group = _group(self)
    by_key = {_key(rule): rule for rule in rules_of(group)}
    by_id = {rule.id: rule for rule in rules_of(group)}
    changes = [
        (by_id.get(one.get("SecurityGroupRuleId")), one.get("Description"))
        for one in self.params.get("SecurityGroupRuleDescriptions") or []
    ]
    if not changes:
        permissions = _permissions(self.params)
        changes = [(by_key.get(_named(self.ec2_backend, group, one)), one[5]) for one in permissions]
    if any(rule is None for rule, _ in changes):
        raise aws_error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    for rule, description in changes:
        check_description(description, "Description")
        _describe(rule, description)
    return ActionResult({"Return": True})


def _revoke(self, rules_of):
    group = _group(self)
    held = rules_of(group)
    wanted_ids = self.params.get("SecurityGroupRuleIds") or []
    if wanted_ids:
        by_id = {rule.id: rule for rule in held}
        for rule_id in wanted_ids:
            if rule_id not in by_id:
                raise lookup.SECURITY_GROUP_RULE.missing(rule_id)
        gone = [by_id[rule_id] for rule_id in wanted_ids]
    else:
        by_key = {_key(rule): rule for rule in held}
        keys = [_named(self.ec2_backend, group, permission) for permission in _permissions(self.params)]
        if any(key not in by_key for key in keys):
            message = "The specified rule does not exist in this security group."
            raise aws_error("InvalidPermission.NotFound", message)
        gone = [by_key[key] for key in keys]
    gone_ids = {rule.id for rule in gone}
    held[:] = [rule for rule in held if rule.id not in gone_ids]
    for rule in gone:
        tags.drop(self.ec2_backend, rule.id)
    return ActionResult({"Return": True})


def _named(backend, group, permission):
    protocol, first, last, kind, peer, _description = permission
    if kind == "GroupId":
        found = backend.get_security_group_by_name_or_id(peer, group.vpc_id)
        peer = found.id if found else peer
    return protocol, first, last, kind, peer


@patching.wrap(EC2Response, "authorize_security_group_ingress")
def authorize_ingress(self, _original):
    """Adds rules for what comes in."""
    return _authorize(self, lambda group: group.ingress_rules, egress=False)


@patching.wrap(EC2Response, "authorize_security_group_egress")
def authorize_egress(self, _original):
    """Adds rules for what goes out."""
    return _authorize(self, lambda group: group.egress_rules, egress=True)


@patching.wrap(EC2Response, "revoke_security_group_ingress")
def revoke_ingress(self, _original):
    """Takes rules for what comes in away."""
    return _revoke(self, lambda group: group.ingress_rules)


@patching.wrap(EC2Response, "revoke_security_group_egress")
def revoke_egress(self, _original):
    """Takes rules for what goes out away."""
    return _revoke(self, lambda group: group.egress_rules)


@patching.wrap(EC2Response, "update_security_group_rule_descriptions_ingress")
def describe_ingress(self, _original):
    """Says what rules for what comes in are for."""
    return _redescribe(self, lambda group: group.ingress_rules)


@patching.wrap(EC2Response, "update_security_group_rule_descriptions_egress")
def describe_egress(self, _original):
    """Says what rules for what goes out are for."""
    return _redescribe(self, lambda group: group.egress_rules)
