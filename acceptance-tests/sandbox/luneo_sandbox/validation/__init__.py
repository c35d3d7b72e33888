"""Every request against botocore's model of its operation.

`read` turns what came over the wire into parameters as botocore would print them and notes what is wrong on the way;
`refuse` raises what AWS would say about the first thing that is. Rules:

* `required`, `enum`, `pattern`, `length`, `range`, `union`, `type`: what the model says of a value.
* `unknown-member`, `unknown-query`: what the operation does not have.
* `body-syntax`: not even readable. `wrong-version`: a dialect that the service does not speak.
* `unknown-header`, `deprecated`: noted as warnings in the call log, not refused.
"""

from . import form, json_body, refusal, rest, rules
from .violation import Unreadable, Violation

WARNINGS = ("unknown-header", "deprecated")

_READERS = {
    "ec2": form.read,
    "query": form.read,
    "json": json_body.read,
    "smithy-rpc-v2-cbor": json_body.read_cbor,
    "rest-json": rest.read,
    "rest-xml": rest.read,
}


def read(request):
    """Fills in `params`, `violations` and `warnings` of a request whose operation is known."""
    found = []
    shape = request.model.input_shape
    try:
        request.params = _READERS[request.protocol](request, shape, found)
        if shape is not None:
            rules.check(request.params, shape, "", found)
    except Unreadable as error:
        found.append(error.violation)
    request.violations = [violation for violation in found if violation.rule not in WARNINGS]
    request.warnings = [str(violation) for violation in found if violation.rule in WARNINGS]


def refuse(request):
    """Raises AwsError if anything is wrong with the parameters."""
    if request.violations:
        raise refusal.of(request, request.violations)


__all__ = ["Violation", "read", "refuse"]
