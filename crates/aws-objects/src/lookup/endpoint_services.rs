//! The services that an endpoint can lead to.

use super::look;
use crate::{Aws, faults};
use aws_sdk_ec2::types::ServiceDetail;
use reconcile::Fault;

/// A service that a VPC endpoint of this region can lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointService {
    /// Its full name, such as `com.amazonaws.eu-west-1.s3`.
    pub name: String,
    /// `Gateway`, `Interface` or others; a service may be reached in several ways.
    pub types: Vec<String>,
    /// The zones in which it has interface endpoints.
    pub zones: Vec<String>,
    /// Whether its usual names can be made to lead to its interface endpoints.
    pub has_private_dns: bool,
}

/// All of them, by name. A service that has two sorts of endpoints may be listed once for each.
pub async fn endpoint_services(aws: &Aws) -> Result<Vec<EndpointService>, Fault> {
    let (mut services, mut token) = (Vec::new(), None::<String>);
    loop {
        let answer = look(aws, "ec2", || async {
            let call = aws.ec2().describe_vpc_endpoint_services().set_next_token(token.clone());
            call.send().await.map_err(faults::of("DescribeVpcEndpointServices"))
        })
        .await?;
        services.extend(answer.service_details().iter().filter_map(service));
        token = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        if token.is_none() {
            services.sort_by(|one: &EndpointService, other| one.name.cmp(&other.name));
            return Ok(services);
        }
    }
}

fn service(detail: &ServiceDetail) -> Option<EndpointService> {
    let types = detail.service_type().iter().filter_map(|detail| detail.service_type());
    Some(EndpointService {
        name: detail.service_name()?.to_owned(),
        types: types.map(|sort| sort.as_str().to_owned()).collect(),
        zones: detail.availability_zones().to_vec(),
        has_private_dns: detail.private_dns_name().is_some() || !detail.private_dns_names().is_empty(),
    })
}
