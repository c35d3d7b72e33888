"""The contract of the sandbox: some 400 calls and what AWS answers to them, as far as the sandbox does.

Each module tries one group of services in one long story: what an earlier step made, a later one uses. `expected.json`
records what becomes of each step. A step that is not "as AWS" is a known gap, with what is wrong about it: when one is
closed, or opened, the test says so, and `python -m tests.probe` (in `acceptance-tests/sandbox`) writes the table anew.
"""

from . import (
    cloudwatch,
    ec2_groups,
    ec2_network,
    edge,
    eks,
    elasticache,
    functions,
    iam,
    kms,
    messaging,
    nonsense,
    rds_aurora,
    rds_global,
    route53,
    s3,
    secrets,
    tagging,
)

GROUPS = [
    ec2_network, ec2_groups, kms, iam, eks, rds_aurora, rds_global, s3, route53, cloudwatch, messaging, functions, secrets,
    elasticache, edge, tagging, nonsense,
]  # fmt: skip
