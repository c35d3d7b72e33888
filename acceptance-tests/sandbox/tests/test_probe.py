"""The sandbox keeps its contract: what `probe` tries comes out as `probe/expected.json` says."""

import json
import pathlib

import pytest

from tests.probe import GROUPS
from tests.probe.steps import run

EXPECTED = json.loads((pathlib.Path(__file__).parent / "probe" / "expected.json").read_text())


@pytest.fixture(scope="module")
def found(server):
    """The verdicts of today."""
    server.reset()
    return run(server, GROUPS)


@pytest.mark.parametrize("group", [group.__name__.rpartition(".")[2] for group in GROUPS])
def test_each_step_comes_out_as_recorded(found, group):
    assert found[group] == EXPECTED[group]


def test_the_table_has_no_group_of_its_own(found):
    assert EXPECTED.keys() == found.keys()
