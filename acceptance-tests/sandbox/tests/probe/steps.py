"""How a step of a probe is judged."""

import re
import traceback

import botocore.exceptions

AS_AWS = "as AWS"


class Steps:
    """The verdicts of one group's steps, by name."""

    def __init__(self):
        self.verdicts = {}

    def tried(self, name, call, check=None, err=None):
        """Calls `call()`. It must succeed and `check(answer)` say nothing; or, with `err`, it must fail with that code.

        The answer is returned for later steps; None if there is none.
        """
        try:
            answer = call()
        except (KeyError, TypeError) as error:
            return self._note(name, f"skipped: an earlier step failed ({type(error).__name__})")
        except botocore.exceptions.ClientError as error:
            return self._note(name, _refused(error, [err] if isinstance(err, str) else err))
        except Exception as error:
            return self._note(name, f"failed: {type(error).__name__}: {_first_line(error)}")
        if err:
            return self._note(name, f"accepted, AWS refuses with {err}", answer)
        try:
            wrong = check(answer) if check else None
        except Exception as error:
            wrong = f"the answer lacks what is expected ({type(error).__name__} {error})"
        return self._note(name, f"wrong: {wrong}" if wrong else AS_AWS, answer)

    def _note(self, name, verdict, answer=None):
        unique, again = name, 2
        while unique in self.verdicts:
            unique, again = f"{name} ({again})", again + 1
        self.verdicts[unique] = _steady(verdict)
        return answer


def _refused(error, wanted):
    code = error.response["Error"].get("Code", "?")
    status = error.response["ResponseMetadata"].get("HTTPStatusCode")
    if wanted and code in wanted:
        return AS_AWS
    if status == 501:
        return "not implemented"
    if wanted:
        return f"refused with {code}, AWS says {' or '.join(wanted)}"
    return f"refused with {code}: {_first_line(error.response['Error'].get('Message', ''))}"


def _first_line(said):
    return str(said).partition("\n")[0]


def _steady(verdict):
    """The verdict without what differs from one run to the next: ids, addresses, times."""
    verdict = re.sub(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", "<uuid>", verdict)
    verdict = re.sub(r"\b([a-z]+)-[0-9a-f]{8,17}\b", r"\1-<id>", verdict)
    verdict = re.sub(r"\b\d{1,3}(\.\d{1,3}){3}\b", "<ip>", verdict)
    verdict = re.sub(r"datetime\.datetime\(.*?\)\)?|\d{4}-\d\d-\d\dT[\d:.]+Z?", "<time>", verdict)
    verdict = re.sub(r"http://127\.0\.0\.1:\d+|0x[0-9a-f]+", "<here>", verdict)
    return verdict[:200]


ROOM = ("L-F678F1CE", "L-A4707A72", "L-0263D0A3", "L-FE5A380F")  # VPCs, gateways, addresses: the stories make many.


def run(sandbox, groups):
    """The verdicts of all steps of `groups`, by group, on a sandbox as on the first day."""
    for code in ROOM:
        sandbox.control("POST", "quotas", {"account": "123456789012", "code": code, "value": 100})

    def client(service, region="eu-west-1", checked=True):
        return sandbox.client(service, region, checked=checked)

    shared, found = {}, {}
    for group in groups:
        steps = Steps()
        try:
            group.probe(client, steps.tried, shared)
        except Exception as error:
            line = traceback.extract_tb(error.__traceback__)[1].line
            steps.verdicts["(the end of the story)"] = _steady(
                f"not reached: {type(error).__name__}: {error} at {line}"
            )
        found[group.__name__.rpartition(".")[2]] = steps.verdicts
    return found
