"""A request that AWS's own models refuse is refused here, in the words of its service."""

import json

import pytest
from raw import form, rpc, send, target
from refusals import refusal

from luneo_sandbox import cbor

ROLE = "arn:aws:iam::123456789012:role/r"
ALARM = {
    "AlarmName": "a",
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
    "MetricName": "m",
    "Namespace": "n",
    "Period": 60,
    "Statistic": "Average",
    "Threshold": 1.5,
    "Dimensions": [{"Name": "a", "Value": "b"}],
}

# (service, operation, parameters, code)
REFUSED = [
    ("ec2", "create_flow_logs", {"ResourceIds": ["vpc-1"], "ResourceType": "VPC", "TrafficType": "EVERYTHING"}, "InvalidParameterValue"),
    ("ec2", "create_route", {"DestinationCidrBlock": "0.0.0.0/0"}, "MissingParameter"),
    ("ec2", "describe_vpcs", {"MaxResults": 1}, "InvalidParameterValue"),
    ("rds", "create_db_cluster", {"DBClusterIdentifier": "x"}, "MissingParameter"),
    ("iam", "create_role", {"RoleName": "a b", "AssumeRolePolicyDocument": "{}"}, "ValidationError"),
    ("iam", "create_role", {"RoleName": "r" * 65, "AssumeRolePolicyDocument": "{}"}, "ValidationError"),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "MaxSessionDuration": 60}, "ValidationError"),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": [{"Key": "", "Value": "v"}]}, "ValidationError"),
    ("iam", "get_role", {"RoleName": "???"}, "ValidationError"),
    ("sns", "subscribe", {"Protocol": "email"}, "InvalidParameter"),
    ("elbv2", "create_load_balancer", {"Name": "x", "Type": "classic"}, "ValidationError"),
    ("cloudwatch", "put_metric_alarm", {**ALARM, "ComparisonOperator": "Bigger"}, "InvalidParameterValue"),
    ("cloudwatch", "put_metric_alarm", {**ALARM, "EvaluationPeriods": 0}, "InvalidParameterValue"),
    ("kms", "create_key", {"KeySpec": "AES"}, "ValidationException"),
    ("kms", "create_alias", {"AliasName": "??", "TargetKeyId": "1"}, "ValidationException"),
    ("kms", "enable_key_rotation", {"KeyId": "x", "RotationPeriodInDays": 10}, "ValidationException"),
    ("logs", "put_retention_policy", {"logGroupName": "g"}, "InvalidParameterException"),
    ("eks", "create_nodegroup", {"clusterName": "p", "nodegroupName": "n", "subnets": ["subnet-1"], "nodeRole": ROLE, "capacityType": "CHEAP"}, "ValidationException"),
    ("eks", "create_cluster", {"name": "bad name!", "roleArn": ROLE, "resourcesVpcConfig": {}}, "ValidationException"),
    ("eks", "list_clusters", {"maxResults": 1000}, "ValidationException"),
    ("s3", "create_bucket", {"Bucket": "p-x", "CreateBucketConfiguration": {"LocationConstraint": "mars-1"}}, "InvalidLocationConstraint"),
    ("s3", "put_bucket_versioning", {"Bucket": "p", "VersioningConfiguration": {"Status": "On"}}, "MalformedXML"),
    ("s3", "put_bucket_replication", {"Bucket": "p", "ReplicationConfiguration": {"Role": "a", "Rules": [{"Status": "Enabled", "Destination": {}}]}}, "MalformedXML"),
    ("s3", "put_object", {"Bucket": "p", "Key": "k", "Body": b"1", "ServerSideEncryption": "rot13"}, "InvalidArgument"),
    ("route53", "create_health_check", {"CallerReference": "9", "HealthCheckConfig": {"Type": "PING"}}, "InvalidInput"),
    ("route53", "create_health_check", {"CallerReference": "8", "HealthCheckConfig": {"Type": "TCP", "FailureThreshold": 99}}, "InvalidInput"),
    ("route53", "create_health_check", {"CallerReference": "7", "HealthCheckConfig": {"Type": "TCP", "IPAddress": "one", "Port": 80}}, "InvalidInput"),
    ("route53", "change_resource_record_sets", {"HostedZoneId": "Z1", "ChangeBatch": {"Changes": []}}, "InvalidInput"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code"),
    REFUSED,
    ids=[f"{row[0]} {row[1]} {row[3]} {i}" for i, row in enumerate(REFUSED)],
)
def test_what_the_model_forbids_is_refused(server, service, operation, parameters, code):
    client = server.client(service, checked=False)
    assert refusal(getattr(client, operation), **parameters)[0] == code


EC2, RDS, CLOUDWATCH = {"Version": "2016-11-15"}, {"Version": "2014-10-31"}, {"Version": "2010-08-01"}

# (service, form, code)
FORMS = [
    ("ec2", {"Action": "CreateVpc", **EC2, "CidrBlock": "10.0.0.0/16", "Nonsense": "1"}, "UnknownParameter"),
    ("ec2", {"Action": "DescribeVpcs", **EC2, "MaxResults": "many"}, "InvalidParameterValue"),
    ("ec2", {"Action": "DescribeVpcs", **EC2, "DryRun": "True"}, "InvalidParameterValue"),
    ("ec2", {"Action": "DescribeVpcs", **EC2, "VpcId.2": "vpc-1"}, "InvalidParameterValue"),
    ("ec2", {"Action": "DescribeVpcs", **EC2, "VpcId.x": "vpc-1"}, "UnknownParameter"),
    ("ec2", {"Action": "DescribeVpcs", "Version": "2014-01-01"}, "NoSuchVersion"),
    ("ec2", {"Action": "CreateUniverse", **EC2}, "NotImplemented"),
    ("rds", {"Action": "CreateDBGalaxy", **RDS}, "NotImplemented"),
    ("rds", {"Action": "DescribeDBClusters", **RDS, "MaxRecords": "ten"}, "MalformedInput"),
    ("rds", {"Action": "CreateDBSubnetGroup", **RDS, "DBSubnetGroupName": "a", "DBSubnetGroupDescription": "b", "SubnetIds.member.1": "subnet-1"}, "InvalidParameterValue"),
    ("monitoring", {"Action": "PutMetricAlarm", **CLOUDWATCH, "AlarmName": "q", "ComparisonOperator": "Bigger", "EvaluationPeriods": "1"}, "InvalidParameterValue"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "fields", "code"), FORMS, ids=[f"{row[0]} {row[2]} {i}" for i, row in enumerate(FORMS)]
)
def test_a_form_with_a_mistake_is_refused(server, service, fields, code):
    assert form(server, service, **fields)[1] == code


def test_json_with_a_mistake_is_refused(server):
    create = "TrentService.CreateKey"
    assert target(server, "kms", create, {"Descripton": "typo"}) == (400, "ValidationException")
    assert target(server, "kms", create, {"Description": None}) == (400, "SerializationException")
    assert target(server, "kms", create, {"Description": 7}) == (400, "SerializationException")
    assert target(server, "kms", create, "{") == (400, "SerializationException")
    assert target(server, "kms", create, {}, version="1.0") == (400, "SerializationException")
    assert target(server, "kms", "TrentService.CreateKeyhole", {}) == (501, "NotImplemented")
    assert target(server, "kms", "Brent.CreateKey", {}) == (400, "UnknownOperationException")


def test_rest_json_with_a_mistake_is_refused(server):
    def asked(method, path, body=None):
        return send(server, "eks", method, path, {"Content-Type": "application/json"}, json.dumps(body) if body else "")

    assert asked("POST", "/clusters", {"name": "q", "roleArn": ROLE}) == (400, "ValidationException")
    assert asked("GET", "/clusters?maxResult=5") == (400, "ValidationException")
    assert asked("POST", "/clusters/p/updates", {"version": "1.34", "colour": 1}) == (400, "ValidationException")
    assert asked("GET", "/klusters") == (501, "NotImplemented")


def test_xml_with_a_mistake_is_refused(server):
    space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    zone = '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>x.com</Name></CreateHostedZoneRequest>'

    def versioning(body):
        return send(server, "s3", "PUT", "/p-src?versioning", body=body)

    assert (
        versioning(f"<VersioningConfiguration {space}><State>Enabled</State></VersioningConfiguration>")[1]
        == "MalformedXML"
    )
    assert (
        versioning("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")[1] == "MalformedXML"
    )
    assert versioning(f"<Versioning {space}><Status>Enabled</Status></Versioning>")[1] == "MalformedXML"
    assert versioning("<Versioning") == (400, "MalformedXML")
    assert send(server, "s3", "GET", "/p-src?list-type=2&max-key=3") == (400, "InvalidArgument")
    assert send(server, "route53", "POST", "/2013-04-01/hostedzone", body=zone) == (400, "InvalidInput")


GRANITE = "/service/GraniteServiceVersion20100801/operation"


@pytest.mark.parametrize(
    ("operation", "body", "code"),
    [
        ("PutMetricAlarm", {**ALARM, "Statistic": "Mean"}, "InvalidParameterValue"),
        ("PutMetricAlarm", {**ALARM, "Colour": "red"}, "InvalidParameterValue"),
        ("PutMetricAlarm", {**ALARM, "Period": "60"}, "SerializationException"),
        ("DescribeAlarms", {"MaxRecords": 1000}, "InvalidParameterValue"),
        ("PutUniverse", {}, "NotImplemented"),
    ],
)
def test_cbor_with_a_mistake_is_refused(server, operation, body, code):
    assert rpc(server, "monitoring", f"{GRANITE}/{operation}", cbor.dumps(body))[1] == code


def test_cbor_that_is_none_is_refused(server):
    for nonsense in (b"\xbf\x61", b"\xff", b"\x1c", b"\x9f", b"\xa1\x01"):
        assert rpc(server, "monitoring", f"{GRANITE}/DescribeAlarms", nonsense) == (400, "SerializationException")


def test_a_request_without_credentials_is_refused(server):
    assert send(server, "ec2", "GET", "/nosuch", {"Authorization": "none"}) == (403, "MissingAuthenticationToken")


def test_a_service_that_does_not_exist_is_not_implemented(server):
    assert send(server, "wizardry", "GET", "/spells") == (501, "NotImplemented")


def test_what_is_right_is_accepted(server):
    server.control("DELETE", "calls")
    s3 = server.client("s3")
    s3.create_bucket(Bucket="p-src", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="p-src", Key="ä/ü+ %", Body=b"z" * 1000, Metadata={"x": "y"})
    s3.copy_object(Bucket="p-src", Key="c", CopySource="p-src/ä/ü+ %")
    assert {found["Key"] for found in s3.list_objects_v2(Bucket="p-src")["Contents"]} == {"ä/ü+ %", "c"}
    s3.delete_objects(Bucket="p-src", Delete={"Objects": [{"Key": "c"}]})
    upload = s3.create_multipart_upload(Bucket="p-src", Key="m")["UploadId"]
    part = s3.upload_part(Bucket="p-src", Key="m", PartNumber=1, UploadId=upload, Body=b"1")["ETag"]
    s3.complete_multipart_upload(
        Bucket="p-src", Key="m", UploadId=upload, MultipartUpload={"Parts": [{"ETag": part, "PartNumber": 1}]}
    )
    server.client("autoscaling").describe_auto_scaling_groups()
    server.client("resourcegroupstaggingapi").get_resources()
    server.client("cloudwatch").put_metric_alarm(**ALARM)
    assert form(server, "monitoring", **{
        "Action": "PutMetricAlarm", **CLOUDWATCH, "AlarmName": "q", "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": "1", "MetricName": "m", "Namespace": "n", "Period": "60", "Statistic": "Average",
        "Threshold": "1", "AlarmActions.member.1": "arn:aws:sns:us-east-1:123456789012:p",
        "Dimensions.member.1.Name": "a", "Dimensions.member.1.Value": "b",
    })[0] == 200  # fmt: skip
    assert {call["status"] for call in server.calls()} <= {200, 204}


def test_what_is_wrong_is_said_as_aws_says_it(server):
    ec2 = server.client("ec2", checked=False)
    kms = server.client("kms", checked=False)

    def message(call, **parameters):
        try:
            call(**parameters)
        except Exception as error:
            return error.response["Error"]["Message"]

    assert message(ec2.create_subnet, CidrBlock="10.0.0.0/24") == "The request must contain the parameter vpcId"
    assert message(kms.create_key, Tags=[{"TagKey": "", "TagValue": "v"}], KeyUsage="FUN") == (
        "2 validation errors detected: Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1; Value 'FUN' at 'keyUsage' failed to satisfy constraint: "
        "Member must satisfy enum value set: "
        "[SIGN_VERIFY, ENCRYPT_DECRYPT, GENERATE_VERIFY_MAC, KEY_AGREEMENT, ENCAPSULATE_DECAPSULATE]"
    )


def test_cloudwatch_speaks_cbor(server):
    assert rpc(server, "monitoring", f"{GRANITE}/PutMetricAlarm", cbor.dumps({**ALARM, "AlarmName": "by-cbor"})) == (
        200,
        None,
    )
    assert rpc(server, "monitoring", f"{GRANITE}/DescribeAlarms", cbor.dumps({"AlarmNames": ["by-cbor"]})) == (
        200,
        None,
    )
    found = server.client("cloudwatch", "us-east-1").describe_alarms(AlarmNames=["by-cbor"])["MetricAlarms"]
    assert [alarm["Threshold"] for alarm in found] == [1.5]


def test_what_sdks_say_of_themselves_is_no_mistake(server):
    server.client("s3", "us-east-1").create_bucket(Bucket="sdk-headers")
    server.control("DELETE", "calls")
    said = {
        "amz-sdk-invocation-id": "1",
        "amz-sdk-request": "attempt=1; max=3",
        "x-amz-user-agent": "aws-sdk-rust/1.3",
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
        "x-amz-sdk-checksum-algorithm": "CRC32",
        "x-amz-checksum-crc32": "8SpKhg==",
        "x-amz-security-token": "t",
    }
    put = send(server, "s3", "PUT", "/sdk-headers/k?x-id=PutObject", said, "zzz")
    listed = send(server, "eks", "GET", "/clusters?maxResults=5", said)
    assert (put[0], listed[0]) == (200, 200)
    assert [(call["operation"], call["warnings"]) for call in server.calls()] == [("PutObject", []), ("ListClusters", [])]


def test_a_header_that_an_operation_does_not_have_is_noted(server):
    send(server, "s3", "GET", "/sdk-headers?list-type=2", {"x-amz-colour": "red"})
    assert server.calls()[-1]["warnings"] == ["unknown-header: x-amz-colour: not a header of ListObjectsV2Request"]
