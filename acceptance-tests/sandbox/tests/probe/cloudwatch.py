"""Alarms, composite alarms and what moves them."""

import json

from .words import HOME


def probe(client, tried, shared):
    """Tries it all, in this order."""
    cloudwatch = client("cloudwatch")
    tried(
        "PutMetricAlarm",
        lambda: cloudwatch.put_metric_alarm(
            AlarmName="al",
            MetricName="m",
            Namespace="ns",
            Statistic="Average",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="breaching",
            AlarmActions=["arn:aws:sns:eu-west-1:123456789012:t"],
            Dimensions=[{"Name": "a", "Value": "b"}],
            Tags=[{"Key": "a", "Value": "b"}],
        ),
    )
    tried(
        "PutMetricAlarm math Metrics[]",
        lambda: cloudwatch.put_metric_alarm(
            AlarmName="al2",
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
            Metrics=[
                {"Id": "e1", "Expression": "m1*2", "ReturnData": True},
                {
                    "Id": "m1",
                    "ReturnData": False,
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/RDS",
                            "MetricName": "AuroraGlobalDBReplicationLag",
                            "Dimensions": [{"Name": "DBClusterIdentifier", "Value": "s"}],
                        },
                        "Period": 60,
                        "Stat": "Maximum",
                    },
                },
            ],
        ),
    )
    tried(
        "DescribeAlarms",
        lambda: cloudwatch.describe_alarms(AlarmNames=["al", "al2"]),
        lambda said: (
            None
            if len(said["MetricAlarms"]) == 2
            and said["MetricAlarms"][0].get("TreatMissingData") == "breaching"
            and said["MetricAlarms"][0].get("StateValue") == "INSUFFICIENT_DATA"
            else str([(x["AlarmName"], x.get("StateValue"), x.get("TreatMissingData")) for x in said["MetricAlarms"]])
        ),
    )
    tried(
        "PutCompositeAlarm",
        lambda: cloudwatch.put_composite_alarm(
            AlarmName="comp", AlarmRule='ALARM("al") OR ALARM("al2")', ActionsEnabled=True
        ),
    )
    tried(
        "DescribeAlarms composite",
        lambda: cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"]),
        lambda said: None if len(said["CompositeAlarms"]) == 1 else str(said["CompositeAlarms"]),
    )
    tried(
        "PutCompositeAlarm unknown child",
        lambda: cloudwatch.put_composite_alarm(AlarmName="comp2", AlarmRule='ALARM("nope")'),
        err=["ValidationError", "ValidationException"],
    )
    tried(
        "DeleteAlarms child of composite",
        lambda: cloudwatch.delete_alarms(AlarmNames=["al2"]),
        err=["ValidationError", "ValidationException"],
    )
    body = json.dumps(
        {
            "widgets": [
                {
                    "type": "metric",
                    "x": 0,
                    "y": 0,
                    "width": 6,
                    "height": 6,
                    "properties": {"metrics": [["AWS/RDS", "CPUUtilization"]], "region": HOME, "period": 300},
                }
            ]
        }
    )
    tried("PutDashboard", lambda: cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body))
    tried(
        "GetDashboard",
        lambda: cloudwatch.get_dashboard(DashboardName="d"),
        lambda said: None if json.loads(said["DashboardBody"]) == json.loads(body) else "x",
    )
    tried(
        "PutDashboard invalid",
        lambda: cloudwatch.put_dashboard(DashboardName="d2", DashboardBody="{nope"),
        err=["InvalidParameterInput", "DashboardInvalidInputError", "InvalidParameterValue"],
    )
    tried(
        "PutMetricData",
        lambda: cloudwatch.put_metric_data(
            Namespace="ns", MetricData=[{"MetricName": "m", "Value": 5.0, "Dimensions": [{"Name": "a", "Value": "b"}]}]
        ),
    )
    import datetime as dt

    now = dt.datetime.now(dt.timezone.utc)
    tried(
        "GetMetricData",
        lambda: cloudwatch.get_metric_data(
            MetricDataQueries=[
                {
                    "Id": "q",
                    "MetricStat": {
                        "Metric": {"Namespace": "ns", "MetricName": "m", "Dimensions": [{"Name": "a", "Value": "b"}]},
                        "Period": 60,
                        "Stat": "Average",
                    },
                }
            ],
            StartTime=now - dt.timedelta(minutes=5),
            EndTime=now + dt.timedelta(minutes=5),
        ),
        lambda said: None if said["MetricDataResults"][0]["Values"] == [5.0] else str(said["MetricDataResults"]),
    )
    tried(
        "GetMetricStatistics",
        lambda: cloudwatch.get_metric_statistics(
            Namespace="ns",
            MetricName="m",
            Dimensions=[{"Name": "a", "Value": "b"}],
            StartTime=now - dt.timedelta(minutes=5),
            EndTime=now + dt.timedelta(minutes=5),
            Period=60,
            Statistics=["Average"],
        ),
        lambda said: None if said["Datapoints"] else "none",
    )
    tried(
        "alarm evaluates from PutMetricData",
        lambda: cloudwatch.describe_alarms(AlarmNames=["al"]),
        lambda said: (
            None
            if said["MetricAlarms"][0]["StateValue"] == "ALARM"
            else "stays " + said["MetricAlarms"][0]["StateValue"]
        ),
    )
    tried(
        "SetAlarmState",
        lambda: (
            cloudwatch.set_alarm_state(AlarmName="al", StateValue="ALARM", StateReason="x"),
            cloudwatch.describe_alarms(AlarmNames=["al"]),
        )[1],
        lambda said: None if said["MetricAlarms"][0]["StateValue"] == "ALARM" else "x",
    )
    tried(
        "composite follows child",
        lambda: cloudwatch.describe_alarms(AlarmNames=["comp"], AlarmTypes=["CompositeAlarm"]),
        lambda said: (
            None
            if said["CompositeAlarms"][0]["StateValue"] == "ALARM"
            else "composite " + str(said["CompositeAlarms"][0].get("StateValue"))
        ),
    )
    tried("DescribeAlarmHistory", lambda: cloudwatch.describe_alarm_history(AlarmName="al"))
    tried(
        "PutAnomalyDetector",
        lambda: cloudwatch.put_anomaly_detector(
            SingleMetricAnomalyDetector={"Namespace": "ns", "MetricName": "m", "Stat": "Average"}
        ),
    )
    tried(
        "Synthetics canary",
        lambda: client("synthetics").create_canary(
            Name="cn",
            Code={"S3Bucket": "bk-a", "S3Key": "k", "Handler": "x.handler"},
            ArtifactS3Location="s3://bk-a/",
            ExecutionRoleArn="arn:aws:iam::123456789012:role/r",
            Schedule={"Expression": "rate(5 minutes)"},
            RuntimeVersion="syn-nodejs-puppeteer-9.0",
        ),
    )
    tried("OAM sink", lambda: client("oam").create_sink(Name="s"))
