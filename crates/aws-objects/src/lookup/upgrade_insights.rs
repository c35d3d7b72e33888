//! What EKS has found in a cluster that stands against an upgrade.

use super::look;
use crate::{Aws, faults};
use aws_sdk_eks::types::{Category, Insight, InsightStatusValue, InsightsFilter};
use futures::future::try_join_all;
use reconcile::Fault;

/// A finding about an upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpgradeInsight {
    /// What was looked at, such as `Deprecated APIs removed in Kubernetes v1.35`.
    pub name: String,
    /// `ERROR`, `WARNING` or `UNKNOWN`.
    pub status: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub recommendation: String,
}

/// What stands against an upgrade of `cluster` to the Kubernetes version `version`, by name. What is fine is left out.
pub async fn upgrade_insights(aws: &Aws, cluster: &str, version: &str) -> Result<Vec<UpgradeInsight>, Fault> {
    let about = InsightsFilter::builder().categories(Category::UpgradeReadiness).kubernetes_versions(version);
    let about = about.build();
    let summaries = look(aws, "eks", || async {
        let pages = aws.eks().list_insights().cluster_name(cluster).filter(about.clone()).into_paginator();
        pages.items().send().collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListInsights"))
    });
    let summaries = summaries.await?;
    let stands_against = summaries.iter().filter(|summary| {
        let status = summary.insight_status().and_then(|status| status.status());
        status != Some(&InsightStatusValue::Passing)
    });
    let details = stands_against.filter_map(|summary| summary.id()).map(|id| {
        look(aws, "eks", move || async move {
            let answer = aws.eks().describe_insight().cluster_name(cluster).id(id).send().await;
            answer.map_err(faults::of("DescribeInsight"))
        })
    });
    let details = try_join_all(details).await?;
    let mut insights: Vec<UpgradeInsight> =
        details.iter().filter_map(|answer| answer.insight()).map(insight).collect();
    insights.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(insights)
}

fn insight(insight: &Insight) -> UpgradeInsight {
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    let status = insight.insight_status();
    UpgradeInsight {
        name: text(insight.name()),
        status: status
            .and_then(|status| status.status())
            .map_or("UNKNOWN", |status| status.as_str())
            .to_owned(),
        reason: text(status.and_then(|status| status.reason())),
        recommendation: text(insight.recommendation()),
    }
}
