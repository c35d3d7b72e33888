"""The Kubernetes user that a cluster's access entries make of a principal."""

_ROLES = {
    "AmazonEKSClusterAdminPolicy": "cluster-admin",
    "AmazonEKSAdminPolicy": "admin",
    "AmazonEKSEditPolicy": "edit",
    "AmazonEKSViewPolicy": "view",
}
_POLICIES = "sandbox/access-policies"  # `kube-plane/access.go` reads it.


class Stranger(Exception):
    """No access entry is for the principal."""


def user(cluster, who):
    """As a TokenReview has it. Raises Stranger."""
    entry = next((entry for name, entry in list(cluster.access_entries.items()) if _is_for(name, who)), None)
    if entry is None:
        raise Stranger(f"{who.arn} has no access entry")
    session = who.session.replace("@", "-")
    name = entry["username"].replace("{{SessionName}}", session).replace("{{SessionNameRaw}}", who.session)
    name = name.replace("{{AccountID}}", who.account).replace("{{EC2PrivateDNSName}}", session)
    groups, policies = list(entry["kubernetesGroups"]), []
    for arn, associated in list(entry["policies"].items()):
        role, scope = _ROLES.get(arn.rpartition("/")[2]), associated["accessScope"]
        if role == "cluster-admin" and scope["type"] == "cluster":
            groups.append("system:masters")
        elif role:
            policies.append(f"{role}:{','.join(scope.get('namespaces') or [])}")
    extra = {"arn": [who.arn], "canonicalArn": [entry["principalArn"]], "sessionName": [who.session]}
    return {"username": name, "uid": f"aws-iam-authenticator:{who.account}:{who.uid}", "groups": groups,
            "extra": {**extra, _POLICIES: policies}}  # fmt: skip


def _is_for(principal, who):
    """Whether an entry is for whoever called. A role's ARN has a path that a session's has not."""
    if who.role is None:
        return principal == who.arn
    _, _, _, _, account, resource = principal.split(":", 5)
    return account == who.account and resource.startswith("role/") and resource.rpartition("/")[2] == who.role
