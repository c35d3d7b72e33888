//! The record of the network's traffic: a log group, its key, and the role that writes it.

use super::{Plot, known};
use crate::region_stack::names;
use aws_objects::{
    Aws,
    ec2::{FlowLog, Vpc},
    iam::Role,
    kms::Key,
    logs::LogGroup,
};
use reconcile::{Graph, Handle, Late};
use serde_json::json;
use std::collections::BTreeMap;

/// For how long the key can be had back after it was deleted. Without it the logs cannot be read.
const DELETION_WINDOW_DAYS: i32 = 30;

pub(super) fn draw(graph: &mut Graph<Aws>, plot: &Plot<'_>, vpc: &Handle<Vpc>) {
    let Some(flow_logs) = &plot.config.network.flow_logs else { return };
    let key = match &flow_logs.kms_key_arn {
        Some(arn) => known(arn),
        None => graph.add("flow_log.key", plot.named("flow-logs"), key(plot)).output(Key::ARN),
    };
    let log_group = graph.add(
        "flow_log.log_group",
        names::flow_log_group(plot.name()),
        LogGroup {
            name: names::flow_log_group(plot.name()),
            retention_days: flow_logs.retention_days,
            kms_key_arn: Some(key),
            leftovers: None,
        },
    );
    let role_name = plot.named_for_all_regions("flow-logs");
    let role = graph.add("flow_log.role", &role_name, role(plot, &role_name));
    let flow_log = FlowLog {
        vpc: vpc.id(),
        log_group_arn: log_group.output(LogGroup::ARN),
        role_arn: role.output(Role::ARN),
        traffic: flow_logs.traffic.clone(),
        aggregation_seconds: flow_logs.aggregation_seconds,
    };
    graph.add("flow_log", plot.named("flow-logs"), flow_log);
}

/// The log group's ARN follows from its name, so that the key's policy can name it before it exists.
fn log_group_arn(plot: &Plot<'_>) -> String {
    plot.arn("logs", &format!("log-group:{}", names::flow_log_group(plot.name())))
}

fn key(plot: &Plot<'_>) -> Key {
    let place = plot.place;
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountAdministers",
                "Effect": "Allow",
                "Principal": { "AWS": format!("arn:{}:iam::{}:root", place.partition, place.account) },
                "Action": "kms:*",
                "Resource": "*"
            },
            {
                "Sid": "LogGroupEncrypts",
                "Effect": "Allow",
                "Principal": { "Service": format!("logs.{}.{}", place.region, place.dns_suffix) },
                "Action": ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
                "Condition": { "ArnEquals": { "kms:EncryptionContext:aws:logs:arn": log_group_arn(plot) } }
            }
        ]
    });
    Key {
        alias: format!("alias/{}", plot.named("flow-logs")),
        description: format!("Flow logs of the network {}", plot.name()),
        policy: known(policy.to_string()),
        rotation: true,
        deletion_window_days: DELETION_WINDOW_DAYS,
    }
}

fn role(plot: &Plot<'_>, name: &str) -> Role {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "vpc-flow-logs.amazonaws.com" },
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": { "aws:SourceAccount": plot.place.account },
                "ArnLike": { "aws:SourceArn": plot.arn("ec2", "vpc-flow-log/*") }
            }
        }]
    });
    // Rule: it may not make log groups. Records that come late would bring the group back after it was deleted.
    let write = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                "Resource": [log_group_arn(plot), format!("{}:*", log_group_arn(plot))]
            },
            // AWS looks for the group before it delivers, among all there are.
            { "Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": plot.arn("logs", "log-group:*") }
        ]
    });
    let inline_policies: BTreeMap<String, Late<String>> =
        BTreeMap::from([("write".to_owned(), known(write.to_string()))]);
    Role {
        name: name.to_owned(),
        description: format!("Writes the flow logs of the network {} in {}", plot.name(), plot.place.region),
        trust: known(trust.to_string()),
        inline_policies,
        managed_policies: Vec::new(),
    }
}
