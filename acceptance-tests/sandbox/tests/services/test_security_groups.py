"""Security groups and their rules."""

from . import aws


def group(ec2, vpc, name="web"):
    return ec2.create_security_group(GroupName=name, Description="For tests", VpcId=vpc)["GroupId"]


def https(**peer):
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}


def test_a_name_is_taken_once_a_vpc(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    other, _ = aws.vpc_with_subnet(ec2, cidr="10.1.0.0/16")
    group(ec2, vpc)
    group(ec2, other)
    create = ec2.create_security_group
    wanted = {"Description": "For tests", "VpcId": vpc}
    assert aws.refusal(create, GroupName="web", **wanted) == "InvalidGroup.Duplicate"
    assert aws.refusal(create, GroupName="sg-web", **wanted) == "InvalidParameterValue"
    assert aws.refusal(create, GroupName="default", **wanted) == "InvalidParameterValue"
    assert aws.refusal(create, GroupName="app", **{**wanted, "VpcId": "vpc-0123"}) == "InvalidVpcID.NotFound"
    assert aws.refusal(create, GroupName="app", **{**wanted, "Description": "für alle"}) == "InvalidParameterValue"


def test_the_default_group_stays_but_can_be_emptied(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    mine = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    default = ec2.describe_security_groups(Filters=mine)["SecurityGroups"][0]
    assert aws.refusal(ec2.delete_security_group, GroupId=default["GroupId"]) == "CannotDelete"
    assert default["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"] == default["GroupId"]
    ec2.revoke_security_group_egress(GroupId=default["GroupId"], IpPermissions=default["IpPermissionsEgress"])
    ec2.revoke_security_group_ingress(GroupId=default["GroupId"], IpPermissions=default["IpPermissions"])
    emptied = ec2.describe_security_groups(Filters=mine)["SecurityGroups"][0]
    assert (emptied["IpPermissions"], emptied["IpPermissionsEgress"]) == ([], [])


def test_a_group_that_is_used_or_named_by_another_stays(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, subnet = aws.vpc_with_subnet(ec2)
    web, app = group(ec2, vpc), group(ec2, vpc, "app")
    rule = https(UserIdGroupPairs=[{"GroupId": web}])
    ec2.authorize_security_group_ingress(GroupId=app, IpPermissions=[rule])
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[rule])
    assert aws.refusal(ec2.delete_security_group, GroupId=web) == "DependencyViolation"
    ec2.revoke_security_group_ingress(GroupId=app, IpPermissions=[rule])
    interface = ec2.create_network_interface(SubnetId=subnet, Groups=[web])["NetworkInterface"]["NetworkInterfaceId"]
    assert aws.refusal(ec2.delete_security_group, GroupId=web) == "DependencyViolation"
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    ec2.delete_security_group(GroupId=web)
    assert aws.refusal(ec2.delete_security_group, GroupId=web) == "InvalidGroup.NotFound"


def test_rules_are_added_all_or_none(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    web = group(ec2, vpc)
    first, second = https(IpRanges=[{"CidrIp": "10.0.0.0/8"}]), https(IpRanges=[{"CidrIp": "192.168.0.0/16"}])
    add = ec2.authorize_security_group_ingress
    added = add(GroupId=web, IpPermissions=[first, {**first, "FromPort": 80, "ToPort": 80}])["SecurityGroupRules"]
    assert [rule["FromPort"] for rule in added] == [443, 80]
    assert all(rule["SecurityGroupRuleId"].startswith("sgr-") for rule in added)
    assert aws.refusal(add, GroupId=web, IpPermissions=[second, first]) == "InvalidPermission.Duplicate"
    assert aws.refusal(add, GroupId=web, IpPermissions=[second, second]) == "InvalidParameterValue"
    described = https(IpRanges=[{"CidrIp": "10.0.0.1/8", "Description": "the same"}])
    assert aws.refusal(add, GroupId=web, IpPermissions=[described]) == "InvalidPermission.Duplicate"
    assert aws.refusal(add, GroupId=web, IpPermissions=[{**first, "IpProtocol": "6"}]) == "InvalidPermission.Duplicate"
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [web]}])["SecurityGroupRules"]
    assert sorted((rule["IsEgress"], rule["FromPort"]) for rule in rules) == [(False, 80), (False, 443), (True, -1)]


def test_rules_that_are_not_there_cannot_be_revoked(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    web = group(ec2, vpc)
    rule = https(IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "All of ours"}])
    made = ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[rule])["SecurityGroupRules"][0]
    assert made["Description"] == "All of ours"
    revoke = ec2.revoke_security_group_ingress
    other = https(IpRanges=[{"CidrIp": "192.168.0.0/16"}])
    assert aws.refusal(revoke, GroupId=web, IpPermissions=[rule, other]) == "InvalidPermission.NotFound"
    revoke(GroupId=web, SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])
    by_id = {"GroupId": web, "SecurityGroupRuleIds": [made["SecurityGroupRuleId"]]}
    assert aws.refusal(revoke, **by_id) == "InvalidSecurityGroupRuleId.NotFound"


def test_what_a_rule_names_must_exist(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    other, _ = aws.vpc_with_subnet(ec2, cidr="10.1.0.0/16")
    web, elsewhere = group(ec2, vpc), group(ec2, other)
    add = ec2.authorize_security_group_ingress
    for peer, code in {
        "sg-0123": "InvalidGroup.NotFound",
        elsewhere: "InvalidGroup.NotFound",
    }.items():
        assert aws.refusal(add, GroupId=web, IpPermissions=[https(UserIdGroupPairs=[{"GroupId": peer}])]) == code
    assert aws.refusal(add, GroupId=web, IpPermissions=[https(IpRanges=[{"CidrIp": "ten"}])]) == "InvalidParameterValue"
    no_ports = {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    assert aws.refusal(add, GroupId=web, IpPermissions=[no_ports]) == "InvalidParameterValue"
    prefix_lists = ec2.describe_prefix_lists()["PrefixLists"]
    s3 = next(one["PrefixListId"] for one in prefix_lists if one["PrefixListName"].endswith(".s3"))
    add(GroupId=web, IpPermissions=[https(PrefixListIds=[{"PrefixListId": s3}])])


def test_sixty_rules_a_direction(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    web = group(ec2, vpc)
    many = [{"CidrIp": f"10.0.{number}.0/24"} for number in range(60)]
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[https(IpRanges=many)])
    one_more = https(IpRanges=[{"CidrIp": "10.1.0.0/24"}])
    refused = aws.refusal(ec2.authorize_security_group_ingress, GroupId=web, IpPermissions=[one_more])
    assert refused == "RulesPerSecurityGroupLimitExceeded"
    ec2.authorize_security_group_egress(GroupId=web, IpPermissions=[one_more])


def test_what_a_rule_is_for_can_be_said_later(sandbox):
    ec2 = sandbox.client("ec2")
    vpc, _ = aws.vpc_with_subnet(ec2)
    web, app = group(ec2, vpc), group(ec2, vpc, "app")
    rules = [
        https(IpRanges=[{"CidrIp": "10.0.0.0/8"}]),
        https(UserIdGroupPairs=[{"GroupId": app, "Description": "App"}]),
    ]
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=rules)
    described = https(IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "Ours"}])
    change = ec2.update_security_group_rule_descriptions_ingress
    change(GroupId=web, IpPermissions=[described])
    read = ec2.describe_security_groups(GroupIds=[web])["SecurityGroups"][0]["IpPermissions"][0]
    assert read["IpRanges"] == [{"CidrIp": "10.0.0.0/8", "Description": "Ours"}]
    assert [pair["Description"] for pair in read["UserIdGroupPairs"]] == ["App"]
    change(GroupId=web, IpPermissions=rules[:1])
    read = ec2.describe_security_groups(GroupIds=[web])["SecurityGroups"][0]["IpPermissions"][0]
    assert read["IpRanges"] == [{"CidrIp": "10.0.0.0/8"}]
    other = https(IpRanges=[{"CidrIp": "192.168.0.0/16", "Description": "Ours"}])
    assert aws.refusal(change, GroupId=web, IpPermissions=[other]) == "InvalidPermission.NotFound"
