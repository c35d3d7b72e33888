"""Writes `expected.json`: what the sandbox does today."""

import json
import pathlib
import sys

from tests.conftest import running
from tests.probe import GROUPS
from tests.probe.steps import AS_AWS, run

TABLE = pathlib.Path(__file__).with_name("expected.json")


def main():
    """Runs all groups against a sandbox of their own."""
    with running() as (_, sandbox):
        found = run(sandbox, GROUPS)
    TABLE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    steps = [verdict for verdicts in found.values() for verdict in verdicts.values()]
    print(
        f"{len(steps)} steps, {steps.count(AS_AWS)} as AWS, {steps.count('not implemented')} not implemented",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
