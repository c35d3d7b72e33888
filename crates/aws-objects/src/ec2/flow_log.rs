//! Flow logs.

use super::{
    Vpc,
    described::{self, Described, made, read_tags, tagged, text},
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{Filter, FlowLogsResourceType, LogDestinationType, ResourceType, TrafficType};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The record of a VPC's traffic, kept in a log group. Nothing about it can be changed once it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowLog {
    /// The VPC that is recorded.
    pub vpc: Late<Id<Vpc>>,
    /// The ARN of the log group, without `:*`.
    pub log_group_arn: Late<String>,
    /// The ARN of the role that writes there.
    pub role_arn: Late<String>,
    /// `ALL`, `ACCEPT` or `REJECT`.
    pub traffic: String,
    /// Over how many seconds traffic is added up: 60 or 600.
    pub aggregation_seconds: i32,
}

impl FlowLog {
    /// Why records do not arrive, in AWS's words; empty when they do.
    pub const DELIVERY_ERROR: Output<FlowLog, String> = Output::named("delivery_error");
}

impl Object for FlowLog {
    type Cloud = Aws;
    const KIND: &'static str = "flow_log";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] =
        &["vpc", "log_group_arn", "role_arn", "traffic", "aggregation_seconds"];
    const OUTPUTS: &'static [&'static str] = &["delivery_error"];
    const PACE: Pace = Pace::AT_ONCE;

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        described::read(aws, ids).await
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        described::owned(aws, tags).await
    }

    /// What could not be made is in the answer, which is HTTP 200 all the same.
    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_flow_logs().resource_type(FlowLogsResourceType::Vpc);
        let call = call
            .resource_ids(self.vpc.known().as_str())
            .traffic_type(TrafficType::from(self.traffic.as_str()));
        let call = call.log_destination_type(LogDestinationType::CloudWatchLogs);
        let call = call.log_destination(without_star(self.log_group_arn.known()));
        let call = call.deliver_logs_permission_arn(self.role_arn.known());
        let call = call.max_aggregation_interval(self.aggregation_seconds).client_token(&birth.token);
        let call = call.tag_specifications(tagged(ResourceType::VpcFlowLog, birth));
        let answer = call.send().await.map_err(faults::of_dependent(CREATE))?;
        match answer.unsuccessful().first().and_then(|item| item.error()) {
            Some(error) => {
                Err(faults::not_visible_yet(faults::in_answer(CREATE, error.code(), error.message())))
            }
            None => made(CREATE, answer.flow_log_ids().first().map(String::as_str)),
        }
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.ec2().delete_flow_logs().flow_log_ids(id.as_str());
        let answer = call.send().await.map_err(faults::of(DELETE))?;
        match answer.unsuccessful().first().and_then(|item| item.error()) {
            Some(error) => Err(faults::in_answer(DELETE, error.code(), error.message())),
            None => Ok(()),
        }
    }
}

const CREATE: &str = "CreateFlowLogs";
const DELETE: &str = "DeleteFlowLogs";

impl Described for FlowLog {
    const DESCRIBE: &'static str = "DescribeFlowLogs";
    const ID_FILTER: &'static str = "flow-log-id";
    type Answer = aws_sdk_ec2::types::FlowLog;

    /// This operation's parameter is called `Filter`, not `Filters`.
    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        let pages = aws.ec2().describe_flow_logs().set_filter(Some(filters)).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(Self::DESCRIBE))
    }

    fn observed(aws: &Aws, log: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        Ok(Some(Observed {
            id: Id::new(text(log.flow_log_id())),
            spec: FlowLog {
                vpc: Id::new(text(log.resource_id())).into(),
                log_group_arn: Late::Known(log_group_arn(aws, log)),
                role_arn: text(log.deliver_logs_permission_arn()).into(),
                traffic: log.traffic_type().map_or_else(String::new, |traffic| traffic.as_str().to_owned()),
                aggregation_seconds: log.max_aggregation_interval().unwrap_or(DEFAULT_AGGREGATION_SECONDS),
            },
            outputs: BTreeMap::from([("delivery_error", text(log.deliver_logs_error_message()).into())]),
            settling: Settling::Settled,
            tags: read_tags(log.tags()),
            unread: &[],
        }))
    }
}

const DEFAULT_AGGREGATION_SECONDS: i32 = 600;

/// AWS names the log group by its ARN, with or without `:*`, or only by its name.
fn log_group_arn(aws: &Aws, log: &aws_sdk_ec2::types::FlowLog) -> String {
    match (log.log_destination(), log.log_group_name()) {
        (Some(arn), _) if arn.starts_with("arn:") => without_star(arn).to_owned(),
        (_, Some(name)) => aws.arn("logs", &format!("log-group:{name}")),
        _ => String::new(),
    }
}

fn without_star(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}
