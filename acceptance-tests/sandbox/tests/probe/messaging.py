"""Topics, queues, rules, log groups."""

import json

from .words import HOME, OTHER


def probe(client, tried, shared):
    """Tries it all, in this order."""
    sns, sqs, events, logs = client("sns"), client("sqs"), client("events"), client("logs")
    tp = tried(
        "SNS CreateTopic",
        lambda: sns.create_topic(
            Name="t", Attributes={"KmsMasterKeyId": "alias/aws/sns"}, Tags=[{"Key": "a", "Value": "b"}]
        ),
    )
    qq = tried(
        "SQS CreateQueue",
        lambda: sqs.create_queue(
            QueueName="q", Attributes={"VisibilityTimeout": "60", "SqsManagedSseEnabled": "true"}, tags={"a": "b"}
        ),
    )
    qa = tried(
        "SQS GetQueueAttributes",
        lambda: sqs.get_queue_attributes(QueueUrl=qq["QueueUrl"], AttributeNames=["All"]),
        lambda said: None if said["Attributes"]["VisibilityTimeout"] == "60" else "x",
    )
    arn = qa and qa["Attributes"]["QueueArn"]
    tried(
        "SNS Subscribe sqs",
        lambda: sns.subscribe(TopicArn=tp["TopicArn"], Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True),
    )
    tried(
        "SNS Subscribe email pending",
        lambda: sns.subscribe(TopicArn=tp["TopicArn"], Protocol="email", Endpoint="a@example.org"),
        lambda said: (
            None
            if "pending" in said["SubscriptionArn"].lower()
            else f"{said['SubscriptionArn']} (AWS: pending confirmation)"
        ),
    )
    tried(
        "SNS SetTopicAttributes policy",
        lambda: sns.set_topic_attributes(
            TopicArn=tp["TopicArn"],
            AttributeName="Policy",
            AttributeValue=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "cloudwatch.amazonaws.com"},
                            "Action": "sns:Publish",
                            "Resource": tp["TopicArn"],
                        }
                    ],
                }
            ),
        ),
    )
    tried(
        "SNS Publish -> SQS",
        lambda: (
            sns.publish(TopicArn=tp["TopicArn"], Message="m"),
            sqs.receive_message(QueueUrl=qq["QueueUrl"], WaitTimeSeconds=1),
        )[1],
        lambda said: None if said.get("Messages") else "no message",
    )
    tried(
        "EventBridge PutRule",
        lambda: events.put_rule(
            Name="r",
            EventPattern=json.dumps({"source": ["aws.rds"]}),
            State="ENABLED",
            Tags=[{"Key": "a", "Value": "b"}],
        ),
    )
    tried("EventBridge PutTargets", lambda: events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}]))
    tried("EventBridge DeleteRule with targets", lambda: events.delete_rule(Name="r"), err="ValidationException")
    tried(
        "EventBridge bad pattern",
        lambda: events.put_rule(Name="r2", EventPattern="{bad"),
        err="InvalidEventPatternException",
    )
    tried(
        "EventBridge CreateEndpoint (global)",
        lambda: events.create_endpoint(
            Name="ep",
            RoutingConfig={
                "FailoverConfig": {
                    "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/x"},
                    "Secondary": {"Route": OTHER},
                }
            },
            EventBuses=[
                {"EventBusArn": f"arn:aws:events:{HOME}:123456789012:event-bus/default"},
                {"EventBusArn": f"arn:aws:events:{OTHER}:123456789012:event-bus/default"},
            ],
        ),
    )
    tried(
        "Logs CreateLogGroup/Retention",
        lambda: (
            logs.create_log_group(logGroupName="/g", tags={"a": "b"}),
            logs.put_retention_policy(logGroupName="/g", retentionInDays=30),
            logs.describe_log_groups(logGroupNamePrefix="/g"),
        )[2],
        lambda said: None if said["logGroups"][0]["retentionInDays"] == 30 else "x",
    )
    tried(
        "Logs retention invalid",
        lambda: logs.put_retention_policy(logGroupName="/g", retentionInDays=31),
        err="InvalidParameterException",
    )
    tried(
        "Logs CreateLogGroup dup",
        lambda: logs.create_log_group(logGroupName="/g"),
        err="ResourceAlreadyExistsException",
    )
    tried(
        "Logs PutMetricFilter",
        lambda: logs.put_metric_filter(
            logGroupName="/g",
            filterName="f",
            filterPattern="ERROR",
            metricTransformations=[{"metricName": "e", "metricNamespace": "n", "metricValue": "1"}],
        ),
    )
