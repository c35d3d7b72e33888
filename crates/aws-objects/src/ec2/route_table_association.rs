//! Associations of subnets with route tables.

use super::{RouteTable, Subnet, route_table::tables};
use crate::{Aws, aws::RouteTableKey, faults};
use aws_sdk_ec2::types::{self, RouteTableAssociationStateCode as State};
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Pace, Settling};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The route table that a subnet follows. A subnet has one at most, and AWS gives the association a new id with each
/// change, so the subnet's id stands for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTableAssociation {
    /// The table.
    pub table: Late<Id<RouteTable>>,
    /// The subnet.
    pub subnet: Late<Id<Subnet>>,
}

impl Object for RouteTableAssociation {
    type Cloud = Aws;
    const KIND: &'static str = "route_table_association";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["subnet"];
    const TAGGED: bool = false;
    const PACE: Pace = Pace::seconds(1, 300, 300);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let tables = tables(aws, ids.iter().map(|id| RouteTableKey::Subnet(id.as_str().to_owned()))).await?;
        Ok(ids.iter().filter_map(|id| seen(&tables, id.as_str())).collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        let Some(subnet) = self.subnet.if_known() else { return Ok(None) };
        Ok(Self::read(aws, &[Id::new(subnet.as_str())], Depth::Whole).await?.pop())
    }

    async fn create(&self, aws: &Aws, _birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().associate_route_table().route_table_id(self.table.known().as_str());
        let call = call.subnet_id(self.subnet.known().as_str());
        call.send().await.map_err(faults::of_dependent("AssociateRouteTable"))?;
        Ok(Id::new(self.subnet.known().as_str()))
    }

    async fn update(
        &self,
        aws: &Aws,
        id: &Id<Self>,
        _before: &Self,
        _changes: &Changes,
    ) -> Result<(), Fault> {
        let Some(association) = association_id(aws, id).await? else {
            let gone = faults::in_answer(
                "ReplaceRouteTableAssociation",
                Some("InvalidAssociationID.NotFound"),
                None,
            );
            return Err(faults::not_visible_yet(Fault {
                message: format!("{id} is associated with no table"),
                ..gone
            }));
        };
        let call = aws.ec2().replace_route_table_association().association_id(association);
        let call = call.route_table_id(self.table.known().as_str());
        call.send().await.map(drop).map_err(faults::of_dependent("ReplaceRouteTableAssociation"))
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let Some(association) = association_id(aws, id).await? else { return Ok(()) };
        let call = aws.ec2().disassociate_route_table().association_id(association);
        call.send().await.map(drop).map_err(faults::of("DisassociateRouteTable"))
    }
}

/// AWS's own id of the association, as it is now.
async fn association_id(aws: &Aws, id: &Id<RouteTableAssociation>) -> Result<Option<String>, Fault> {
    let tables = tables(aws, [RouteTableKey::Subnet(id.as_str().to_owned())].into_iter()).await?;
    let found = association_of(&tables, id.as_str());
    Ok(found.and_then(|(_, association)| association.route_table_association_id().map(str::to_owned)))
}

fn association_of<'a>(
    tables: &'a [types::RouteTable],
    subnet: &str,
) -> Option<(&'a types::RouteTable, &'a types::RouteTableAssociation)> {
    let pairs = tables.iter().flat_map(|table| table.associations().iter().map(move |one| (table, one)));
    pairs
        .filter(|(_, association)| state(association) != Some(&State::Disassociated))
        .find(|(_, association)| association.subnet_id() == Some(subnet))
}

fn state(association: &types::RouteTableAssociation) -> Option<&State> {
    association.association_state().and_then(|state| state.state())
}

fn seen(tables: &[types::RouteTable], subnet: &str) -> Option<Observed<RouteTableAssociation>> {
    let (table, association) = association_of(tables, subnet)?;
    Some(Observed {
        id: Id::new(subnet),
        spec: RouteTableAssociation {
            table: Id::new(table.route_table_id().unwrap_or_default()).into(),
            subnet: Id::new(subnet).into(),
        },
        outputs: BTreeMap::new(),
        settling: match state(association) {
            None | Some(State::Associated) => Settling::Settled,
            Some(State::Failed) => {
                let said = association.association_state().and_then(|state| state.status_message());
                Settling::Failed(said.unwrap_or("EC2 gives no reason").to_owned())
            }
            // The engine's word for what is on its way out.
            Some(State::Disassociating) => Settling::Underway("deleting".to_owned()),
            Some(other) => Settling::Underway(other.as_str().to_owned()),
        },
        tags: None,
        unread: &[],
    })
}
