"""How AWS words the refusal of a request that its own model refuses."""

from ..errors import AwsError

# Services that answer a broken constraint with a code of their own.
_CONSTRAINT = {
    "sns": "InvalidParameter",
    "logs": "InvalidParameterException",
    "resourcegroupstaggingapi": "InvalidParameterException",
    "secretsmanager": "InvalidParameterException",
    "shield": "InvalidParameterException",
    "ecr": "InvalidParameterException",
    "backup": "InvalidParameterValueException",
    "lambda": "InvalidParameterValueException",
    "rds": "InvalidParameterValue",
    "elasticache": "InvalidParameterValue",
    "cloudwatch": "InvalidParameterValue",
    "route53": "InvalidInput",
    "iam": "ValidationError",
    "sts": "ValidationError",
    "elbv2": "ValidationError",
    "autoscaling": "ValidationError",
    "cloudformation": "ValidationError",
}
_MISSING = {
    "rds": "MissingParameter",
    "elasticache": "MissingParameter",
    "cloudwatch": "MissingParameter",
    "backup": "MissingParameterValueException",
}


def of(request, violations):
    """The AwsError for `violations`, of which there is at least one."""
    if request.service == "ec2":
        return _ec2(violations[0])
    if request.service in ("s3", "s3control"):
        return _s3(violations[0])
    return _constraint(request, violations)


def _ec2(violation):
    name = _ec2_name(violation.path)
    if violation.rule == "required":
        return AwsError("MissingParameter", f"The request must contain the parameter {name}")
    if violation.rule == "unknown-member":
        return AwsError("UnknownParameter", f"The parameter {violation.path} is not recognized")
    shown = "" if violation.value is None else violation.value
    message = f"Value ({shown}) for parameter {name} is invalid. {violation.message}"
    return AwsError("InvalidParameterValue", message)


def _ec2_name(path):
    last = path.rpartition(".")[2].partition("[")[0]
    return last[:1].lower() + last[1:]


def _s3(violation):
    if violation.path == "Bucket":
        return AwsError("InvalidBucketName", f"The specified bucket is not valid. {violation.message}")
    if violation.path.endswith("LocationConstraint"):
        return AwsError("InvalidLocationConstraint", f"The specified location-constraint is not valid: {violation}")
    if "." in violation.path or violation.rule in ("body-syntax", "unknown-member"):
        said = "The XML you provided was not well-formed or did not validate against our published schema"
        return AwsError("MalformedXML", f"{said} ({violation})")
    return AwsError("InvalidArgument", f"Invalid Argument: {violation}")


def _constraint(request, violations):
    first = violations[0]
    if first.rule in ("body-syntax", "type", "wrong-version"):
        code = "MalformedInput" if request.protocol in ("query", "rest-xml") else "SerializationException"
        if request.service == "route53":
            code = "InvalidInput"
        return AwsError(code, str(first))
    if first.rule == "required" and request.service in _MISSING:
        return AwsError(_MISSING[request.service], f"The request must contain the parameter {first.path}.")
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
    code = _CONSTRAINT.get(request.service, "ValidationException")
    return AwsError(code, count + "; ".join(map(_sentence, violations)))


def _sentence(violation):
    path = _wire_path(violation.path)
    if violation.rule == "required":
        return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"
    value = violation.value if violation.rule != "length" or isinstance(violation.value, str) else violation.message
    start = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must "
    if violation.rule == "enum":
        return f"{start}satisfy enum value set: [{', '.join(violation.wanted)}]"
    if violation.rule == "pattern":
        return f"{start}satisfy regular expression pattern: {violation.wanted}"
    if violation.rule in ("length", "range"):
        which, limit = violation.wanted
        relation = "greater than or equal to" if which == "min" else "less than or equal to"
        return f"{start}have {'length' if violation.rule == 'length' else 'value'} {relation} {limit}"
    return str(violation)


def _wire_path(path):
    """`Tags[0].Key` as AWS's own messages have it: `tags.1.member.key`."""
    parts = []
    for part in path.split("."):
        name, _, index = part.partition("[")
        parts.append(name[:1].lower() + name[1:])
        if index:
            parts.extend([str(int(index.rstrip("]")) + 1), "member"])
    return ".".join(parts)
