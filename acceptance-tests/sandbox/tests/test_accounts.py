"""The access key is the account; some keys are no good."""

import json

from refusals import refusal

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "secret"}},
        }
    ],
}


def test_two_accounts_do_not_see_each_other(sandbox):
    mine, yours = (sandbox.client("ec2", key=account) for account in ("111111111111", "222222222222"))
    mine.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(mine.describe_vpcs()["Vpcs"]) == 2
    assert len(yours.describe_vpcs()["Vpcs"]) == 1
    assert sandbox.client("sts", key="111111111111").get_caller_identity()["Account"] == "111111111111"
    assert sandbox.client("sts", key="whoever").get_caller_identity()["Account"] == "123456789012"


def test_each_service_refuses_bad_credentials_in_its_own_words(sandbox):
    def said(key, service, operation):
        return refusal(getattr(sandbox.client(service, key=key), operation))

    assert said("expired", "sts", "get_caller_identity") == ("ExpiredToken", 403)
    assert said("invalid", "sts", "get_caller_identity") == ("InvalidClientTokenId", 403)
    assert said("expired", "ec2", "describe_vpcs") == ("RequestExpired", 400)
    assert said("invalid", "ec2", "describe_vpcs") == ("AuthFailure", 401)
    assert said("expired", "kms", "list_keys") == ("ExpiredTokenException", 400)
    assert said("invalid", "kms", "list_keys") == ("UnrecognizedClientException", 400)
    assert said("invalid", "s3", "list_buckets") == ("InvalidAccessKeyId", 403)


def test_a_role_is_assumed_by_whom_it_trusts_with_the_external_id(sandbox):
    arn = sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    trusted, other = (sandbox.client("sts", key=account) for account in ("222222222222", "333333333333"))

    assert refusal(trusted.assume_role, RoleArn=arn, RoleSessionName="me") == ("AccessDenied", 403)
    assert refusal(other.assume_role, RoleArn=arn, RoleSessionName="me", ExternalId="secret") == ("AccessDenied", 403)
    missing = {"RoleArn": arn + "x", "RoleSessionName": "me", "ExternalId": "secret"}
    assert refusal(trusted.assume_role, **missing) == ("AccessDenied", 403)

    keys = trusted.assume_role(RoleArn=arn, RoleSessionName="me", ExternalId="secret")["Credentials"]
    as_role = {"key": keys["AccessKeyId"], "secret": keys["SecretAccessKey"], "token": keys["SessionToken"]}
    identity = sandbox.client("sts", **as_role).get_caller_identity()
    assert identity["Account"] == "123456789012"
    assert identity["Arn"] == "arn:aws:sts::123456789012:assumed-role/r/me"
    sandbox.client("ec2", **as_role).create_vpc(CidrBlock="10.0.0.0/16")
    assert len(sandbox.client("ec2").describe_vpcs()["Vpcs"]) == 2
