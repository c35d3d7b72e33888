//! Rules of security groups.
//!
//! EC2 groups rules with the same ports into one permission and names protocols in its own way. Here a rule has one
//! peer and one way to be written, so that rules can be compared.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};
use ipnet::IpNet;
use reconcile::Late;
use serde::{Deserialize, Serialize};

/// One rule of a security group, for one peer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    pub protocol: String,
    /// The first port; none when the rule is for all protocols.
    pub from_port: Option<i32>,
    /// The last port.
    pub to_port: Option<i32>,
    /// Who is let in or may be reached: a CIDR block, `pl-...`, `sg-...`, or `123456789012/sg-...` of another account.
    pub peer: Late<String>,
    /// Why. One that is `None` is not compared.
    pub description: Option<String>,
}

impl Rule {
    /// The rule as everyone writes it: protocols by name, no ports where all are meant, no host bits.
    fn canonical(&self) -> Rule {
        let protocol = protocol_name(&self.protocol);
        let all = protocol == "-1";
        Rule {
            from_port: self.from_port.filter(|_| !all),
            to_port: self.to_port.filter(|_| !all),
            peer: match &self.peer {
                Late::Known(peer) => Late::Known(canonical_peer(peer)),
                later => later.clone(),
            },
            description: self.description.clone(),
            protocol,
        }
    }

    /// Whether both let the same traffic through.
    pub(super) fn is_same_traffic(&self, other: &Rule) -> bool {
        let bare = |rule: &Rule| Rule { description: None, ..rule.canonical() };
        bare(self) == bare(other)
    }

    /// Whether `observed` is what this rule asks for.
    pub(super) fn is_met_by(&self, observed: &Rule) -> bool {
        self.is_same_traffic(observed)
            && self.description.as_ref().is_none_or(|wanted| Some(wanted) == observed.description.as_ref())
    }

    /// Whether the peer is a security group, of whichever account.
    pub(super) fn names_a_group(&self) -> bool {
        self.peer.if_known().is_some_and(|peer| matches!(Peer::of(peer), Peer::Group { .. }))
    }

    pub(super) fn permission(&self) -> IpPermission {
        let rule = self.canonical();
        let (peer, description) = (rule.peer.known().as_str(), rule.description.clone());
        let permission = IpPermission::builder()
            .ip_protocol(&rule.protocol)
            .set_from_port(rule.from_port)
            .set_to_port(rule.to_port);
        let permission = match Peer::of(peer) {
            Peer::Group { account, id } => {
                let pair = UserIdGroupPair::builder().set_user_id(account.map(str::to_owned)).group_id(id);
                permission.user_id_group_pairs(pair.set_description(description).build())
            }
            Peer::PrefixList => permission.prefix_list_ids(
                PrefixListId::builder().prefix_list_id(peer).set_description(description).build(),
            ),
            Peer::V6 => permission
                .ipv6_ranges(Ipv6Range::builder().cidr_ipv6(peer).set_description(description).build()),
            Peer::V4 => {
                permission.ip_ranges(IpRange::builder().cidr_ip(peer).set_description(description).build())
            }
        };
        permission.build()
    }
}

enum Peer<'a> {
    V4,
    V6,
    PrefixList,
    Group { account: Option<&'a str>, id: &'a str },
}

impl Peer<'_> {
    fn of(peer: &str) -> Peer<'_> {
        if let Some((account, id)) = peer.split_once('/').filter(|(_, id)| id.starts_with("sg-")) {
            return Peer::Group { account: Some(account), id };
        }
        match peer {
            id if id.starts_with("sg-") => Peer::Group { account: None, id },
            list if list.starts_with("pl-") => Peer::PrefixList,
            v6 if v6.contains(':') => Peer::V6,
            _ => Peer::V4,
        }
    }
}

fn protocol_name(protocol: &str) -> String {
    match protocol.to_ascii_lowercase().as_str() {
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        "58" => "icmpv6".to_owned(),
        "all" => "-1".to_owned(),
        other => other.to_owned(),
    }
}

fn canonical_peer(peer: &str) -> String {
    peer.parse::<IpNet>().map_or_else(|_| peer.to_owned(), |block| block.trunc().to_string())
}

/// The rules in EC2's permissions, one for each peer, in an order of their own.
pub(super) fn rules_in(permissions: &[IpPermission], owner: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = permissions.iter().flat_map(|permission| split(permission, owner)).collect();
    rules.sort_by_cached_key(|rule| {
        (rule.protocol.clone(), rule.from_port, rule.to_port, rule.peer.known().clone())
    });
    rules
}

fn split(permission: &IpPermission, owner: &str) -> Vec<Rule> {
    let rule = |peer: Option<String>, description: Option<&str>| {
        let rule = Rule {
            protocol: permission.ip_protocol().unwrap_or("-1").to_owned(),
            from_port: permission.from_port(),
            to_port: permission.to_port(),
            peer: Late::Known(peer?),
            description: description.filter(|text| !text.is_empty()).map(str::to_owned),
        };
        Some(rule.canonical())
    };
    let v4 = permission
        .ip_ranges()
        .iter()
        .map(|range| rule(range.cidr_ip().map(str::to_owned), range.description()));
    let v6 = permission
        .ipv6_ranges()
        .iter()
        .map(|range| rule(range.cidr_ipv6().map(str::to_owned), range.description()));
    let lists = permission
        .prefix_list_ids()
        .iter()
        .map(|list| rule(list.prefix_list_id().map(str::to_owned), list.description()));
    let groups =
        permission.user_id_group_pairs().iter().map(|pair| rule(group_in(pair, owner), pair.description()));
    v4.chain(v6).chain(lists).chain(groups).flatten().collect()
}

/// A group of another account carries that account's number.
fn group_in(pair: &UserIdGroupPair, owner: &str) -> Option<String> {
    let group = pair.group_id()?;
    match pair.user_id() {
        Some(account) if account != owner && !owner.is_empty() => Some(format!("{account}/{group}")),
        _ => Some(group.to_owned()),
    }
}

/// `observed` as it reads beside `wanted`: rules that ask for the same are written as in `wanted`, and in its order.
pub(super) fn align(observed: &mut Vec<Rule>, wanted: &[Rule]) {
    let mut left = std::mem::take(observed);
    for rule in wanted {
        if let Some(at) = left.iter().position(|seen| rule.is_met_by(seen)) {
            left.remove(at);
            observed.push(rule.clone());
        }
    }
    observed.append(&mut left);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(protocol: &str, port: Option<i32>, peer: &str, description: Option<&str>) -> Rule {
        Rule {
            protocol: protocol.to_owned(),
            from_port: port,
            to_port: port,
            peer: peer.into(),
            description: description.map(str::to_owned),
        }
    }

    #[test]
    fn splits_what_ec2_groups_together() {
        let grouped = IpPermission::builder()
            .ip_protocol("6")
            .from_port(443)
            .to_port(443)
            .ip_ranges(IpRange::builder().cidr_ip("10.1.0.0/16").description("office").build())
            .ip_ranges(IpRange::builder().cidr_ip("10.0.0.0/16").build())
            .user_id_group_pairs(UserIdGroupPair::builder().group_id("sg-1").user_id("111111111111").build())
            .user_id_group_pairs(UserIdGroupPair::builder().group_id("sg-2").user_id("222222222222").build())
            .build();
        assert_eq!(
            rules_in(&[grouped], "111111111111"),
            [
                rule("tcp", Some(443), "10.0.0.0/16", None),
                rule("tcp", Some(443), "10.1.0.0/16", Some("office")),
                rule("tcp", Some(443), "222222222222/sg-2", None),
                rule("tcp", Some(443), "sg-1", None),
            ]
        );
    }

    #[test]
    fn the_same_rules_written_otherwise_are_no_change() {
        let wanted = [
            rule("6", Some(443), "10.0.3.4/16", None),
            rule("-1", None, "2001:DB8::/32", Some("everything")),
        ];
        let mut observed = vec![
            rule("-1", None, "2001:db8::/32", Some("everything")),
            rule("tcp", Some(443), "10.0.0.0/16", Some("somebody's note")),
        ];
        align(&mut observed, &wanted);
        assert_eq!(observed, wanted);
    }

    #[test]
    fn a_rule_that_nobody_asked_for_stays_visible() {
        let mut observed =
            vec![rule("tcp", Some(22), "0.0.0.0/0", None), rule("tcp", Some(443), "10.0.0.0/8", None)];
        align(&mut observed, &[rule("tcp", Some(443), "10.0.0.0/8", None)]);
        assert_eq!(observed[1], rule("tcp", Some(22), "0.0.0.0/0", None));
    }

    #[test]
    fn a_rule_for_a_group_of_another_account_can_be_taken_away() {
        let pair = UserIdGroupPair::builder().group_id("sg-2").user_id("222222222222");
        let given = IpPermission::builder().ip_protocol("-1").user_id_group_pairs(pair.build()).build();
        let [foreign] = &rules_in(std::slice::from_ref(&given), "111111111111")[..] else {
            panic!("it is one rule")
        };
        assert!(foreign.names_a_group());
        assert_eq!(foreign.permission(), given);
    }

    #[test]
    fn a_rule_for_all_protocols_has_no_ports() {
        let all = Rule { from_port: Some(-1), to_port: Some(-1), ..rule("-1", None, "0.0.0.0/0", None) };
        let permission = all.permission();
        assert_eq!((permission.from_port(), permission.to_port()), (None, None));
        assert_eq!(permission.ip_ranges()[0].cidr_ip(), Some("0.0.0.0/0"));
    }
}
