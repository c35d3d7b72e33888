"""Which regions an account has: the common ones always, the others once it opts in to them."""

from . import patching

# The commercial regions that every account has.
_ALWAYS = {
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
}
_chosen = set()


@patching.on_reset
def forget():
    """Opts all accounts out again."""
    _chosen.clear()


def opt_in(account, name):
    """Opts `account` in to a region, or to a zone group such as `us-west-2-lax-1`."""
    _chosen.add((account, name))


def zone_group_status(account, group):
    """`opted-in` or `not-opted-in`."""
    return "opted-in" if (account, group) in _chosen else "not-opted-in"


def status(account, region):
    """`opt-in-not-required`, `opted-in` or `not-opted-in`."""
    if region in _ALWAYS or region is None or region.startswith(("cn-", "us-gov-", "us-iso", "eu-isoe")):
        return "opt-in-not-required"
    return zone_group_status(account, region)


def has(account, region):
    """Whether `region` answers `account`."""
    return status(account, region) != "not-opted-in"
