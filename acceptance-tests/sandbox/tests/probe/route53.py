"""Zones, records, health checks."""

from .words import HOME, OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    route53 = client("route53", OTHER)
    z = tried(
        "CreateHostedZone",
        lambda: route53.create_hosted_zone(Name="example.org", CallerReference="z1", HostedZoneConfig={"Comment": "c"}),
        lambda x: (
            None if x["ChangeInfo"]["Status"] == "PENDING" else f"ChangeInfo {x['ChangeInfo']['Status']} (AWS PENDING)"
        ),
    )
    zid = z and z["HostedZone"]["Id"]
    tried(
        "CreateHostedZone same CallerReference",
        lambda: route53.create_hosted_zone(Name="example.org", CallerReference="z1"),
        err="HostedZoneAlreadyExists",
    )
    tried(
        "private zone",
        lambda: route53.create_hosted_zone(
            Name="int.example.org", CallerReference="z2", VPC={"VPCRegion": HOME, "VPCId": shared.get("vpc") or "vpc-1"}
        ),
    )
    h = tried(
        "CreateHealthCheck HTTPS",
        lambda: route53.create_health_check(
            CallerReference="h1",
            HealthCheckConfig={
                "Type": "HTTPS",
                "FullyQualifiedDomainName": "a.example.org",
                "Port": 443,
                "ResourcePath": "/healthz",
                "RequestInterval": 10,
                "FailureThreshold": 3,
                "EnableSNI": True,
                "MeasureLatency": True,
            },
        ),
    )
    hid = h and h["HealthCheck"]["Id"]
    tried(
        "CreateHealthCheck same ref, other config",
        lambda: route53.create_health_check(
            CallerReference="h1",
            HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "other.example.org", "Port": 443},
        ),
        err="HealthCheckAlreadyExists",
    )
    tried(
        "CreateHealthCheck CALCULATED",
        lambda: route53.create_health_check(
            CallerReference="h2",
            HealthCheckConfig={
                "Type": "CALCULATED",
                "ChildHealthChecks": [hid],
                "HealthThreshold": 1,
                "Inverted": False,
            },
        ),
        lambda x: (
            None
            if x["HealthCheck"]["HealthCheckConfig"].get("ChildHealthChecks") == [hid]
            else str(x["HealthCheck"]["HealthCheckConfig"])
        ),
    )
    tried(
        "CreateHealthCheck CLOUDWATCH_METRIC",
        lambda: route53.create_health_check(
            CallerReference="h3",
            HealthCheckConfig={
                "Type": "CLOUDWATCH_METRIC",
                "AlarmIdentifier": {"Region": HOME, "Name": "al"},
                "InsufficientDataHealthStatus": "Unhealthy",
            },
        ),
    )
    tried(
        "UpdateHealthCheck",
        lambda: route53.update_health_check(HealthCheckId=hid, FailureThreshold=2),
        lambda x: (
            None
            if x["HealthCheck"]["HealthCheckConfig"]["FailureThreshold"] == 2
            and x["HealthCheck"]["HealthCheckVersion"] >= 2
            else f"ver {x['HealthCheck']['HealthCheckVersion']}"
        ),
    )
    tried(
        "UpdateHealthCheck stale version",
        lambda: route53.update_health_check(HealthCheckId=hid, HealthCheckVersion=1, FailureThreshold=4),
        err="HealthCheckVersionMismatch",
    )

    def rr(ident, fo, ip, hc, name="www.example.org"):
        d = {
            "Name": name,
            "Type": "A",
            "SetIdentifier": ident,
            "Failover": fo,
            "TTL": 30,
            "ResourceRecords": [{"Value": ip}],
        }
        if hc:
            d["HealthCheckId"] = hc
        return d

    c = tried(
        "ChangeRRSets failover pair atomic UPSERT",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [
                    {"Action": "UPSERT", "ResourceRecordSet": rr("a", "PRIMARY", "192.0.2.1", hid)},
                    {"Action": "UPSERT", "ResourceRecordSet": rr("b", "SECONDARY", "192.0.2.2", None)},
                ]
            },
        ),
        lambda x: (
            None if x["ChangeInfo"]["Status"] == "PENDING" else f"{x['ChangeInfo']['Status']} at once (AWS PENDING)"
        ),
    )
    tried(
        "GetChange",
        lambda: route53.get_change(Id=c["ChangeInfo"]["Id"]),
        lambda x: None if x["ChangeInfo"]["Status"] in ("PENDING", "INSYNC") else "x",
    )
    tried(
        "ListRRSets failover pair",
        lambda: route53.list_resource_record_sets(HostedZoneId=zid),
        lambda x: (
            None
            if {q.get("Failover") for q in x["ResourceRecordSets"] if q["Type"] == "A"} == {"PRIMARY", "SECONDARY"}
            else str([q for q in x["ResourceRecordSets"] if q["Type"] == "A"])
        ),
    )
    tried(
        "swap PRIMARY/SECONDARY in one batch",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [
                    {"Action": "UPSERT", "ResourceRecordSet": rr("a", "SECONDARY", "192.0.2.1", hid)},
                    {"Action": "UPSERT", "ResourceRecordSet": rr("b", "PRIMARY", "192.0.2.2", hid)},
                ]
            },
        ),
    )
    tried(
        "atomic: batch w/ bad change leaves nothing",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [
                    {
                        "Action": "CREATE",
                        "ResourceRecordSet": {
                            "Name": "ok.example.org",
                            "Type": "A",
                            "TTL": 5,
                            "ResourceRecords": [{"Value": "192.0.2.9"}],
                        },
                    },
                    {
                        "Action": "DELETE",
                        "ResourceRecordSet": {
                            "Name": "absent.example.org.",
                            "Type": "A",
                            "TTL": 5,
                            "ResourceRecords": [{"Value": "192.0.2.9"}],
                        },
                    },
                ]
            },
        ),
        err="InvalidChangeBatch",
    )
    tried(
        "  ...nothing was applied",
        lambda: route53.list_resource_record_sets(HostedZoneId=zid),
        lambda x: (
            "ok.example.org was created despite failed batch"
            if any(q["Name"].startswith("ok.") for q in x["ResourceRecordSets"])
            else None
        ),
    )
    tried(
        "CREATE existing",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [{"Action": "CREATE", "ResourceRecordSet": rr("a", "SECONDARY", "192.0.2.1", hid)}]
            },
        ),
        err="InvalidChangeBatch",
    )
    tried(
        "two PRIMARY for one name",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": rr("c", "PRIMARY", "192.0.2.3", hid)}]},
        ),
        err="InvalidChangeBatch",
    )
    tried(
        "record outside zone",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": "www.other.net",
                            "Type": "A",
                            "TTL": 5,
                            "ResourceRecords": [{"Value": "192.0.2.9"}],
                        },
                    }
                ]
            },
        ),
        err="InvalidChangeBatch",
    )
    tried(
        "record with unknown health check",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": rr(
                            "a", "PRIMARY", "192.0.2.1", "11111111-2222-3333-4444-555555555555", "hc.example.org"
                        ),
                    }
                ]
            },
        ),
        err=["InvalidChangeBatch", "NoSuchHealthCheck", "InvalidInput"],
    )
    tried(
        "alias failover record",
        lambda: route53.change_resource_record_sets(
            HostedZoneId=zid,
            ChangeBatch={
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": "al.example.org",
                            "Type": "A",
                            "SetIdentifier": "a",
                            "Failover": "PRIMARY",
                            "AliasTarget": {
                                "HostedZoneId": "Z32O12XQLNTSW2",
                                "DNSName": "x.elb.eu-west-1.amazonaws.com",
                                "EvaluateTargetHealth": True,
                            },
                        },
                    }
                ]
            },
        ),
    )
    tried(
        "GetHealthCheckStatus",
        lambda: route53.get_health_check_status(HealthCheckId=hid),
        lambda x: None if x["HealthCheckObservations"] else "no observations",
    )
    tried("GetHealthCheckLastFailureReason", lambda: route53.get_health_check_last_failure_reason(HealthCheckId=hid))
    tried(
        "DeleteHealthCheck in use by record (AWS allows)",
        lambda: (lambda n: route53.delete_health_check(HealthCheckId=n))(
            route53.create_health_check(
                CallerReference="h9", HealthCheckConfig={"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}
            )["HealthCheck"]["Id"]
        ),
    )
    tried("DeleteHostedZone with records", lambda: route53.delete_hosted_zone(Id=zid), err="HostedZoneNotEmpty")
    tried(
        "ChangeTagsForResource",
        lambda: (
            route53.change_tags_for_resource(
                ResourceType="healthcheck", ResourceId=hid, AddTags=[{"Key": "a", "Value": "b"}]
            ),
            route53.list_tags_for_resource(ResourceType="healthcheck", ResourceId=hid),
        )[1],
        lambda x: None if x["ResourceTagSet"]["Tags"] else "none",
    )
    tried(
        "ARC CreateCluster",
        lambda: client("route53-recovery-control-config", "us-west-2").create_cluster(ClusterName="x"),
    )
    tried(
        "Resolver endpoint",
        lambda: client("route53resolver").create_resolver_endpoint(
            CreatorRequestId="x",
            SecurityGroupIds=[shared.get("sg") or "sg-1"],
            Direction="INBOUND",
            IpAddresses=[{"SubnetId": x} for x in (shared.get("subnets") or ["a", "b"])[:2]],
        ),
    )
