//! The regions of an account.

use super::look;
use crate::{Aws, faults};
use reconcile::Fault;

/// A region as an account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name, such as `eu-west-1`.
    pub name: String,
    /// Whether the account may use it.
    pub is_enabled: bool,
}

/// All regions of the partition by name, those that the account did not opt into included.
pub async fn regions(aws: &Aws) -> Result<Vec<Region>, Fault> {
    let answer = look(aws, "ec2", || async {
        let call = aws.ec2().describe_regions().all_regions(true);
        call.send().await.map_err(faults::of("DescribeRegions"))
    });
    let answer = answer.await?;
    let named =
        answer.regions().iter().filter_map(|region| Some((region.region_name()?, region.opt_in_status())));
    let mut regions: Vec<Region> = named
        .map(|(name, opt_in)| Region { name: name.to_owned(), is_enabled: opt_in != Some("not-opted-in") })
        .collect();
    regions.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(regions)
}
