//! What is refused, and what the user reads then.

use super::*;
use serde_json::json;

fn refused(network: serde_json::Value) -> String {
    refusal(&stack(network))
}

#[test]
fn ranges_of_addresses() {
    let lines = [
        "ten",
        "fd00::/16",
        "10.0.1.0/16",
        "10.0.0.0/8",
        "10.0.5.128/25",
        "10.0.0.0/23",
        "8.8.0.0/16",
        "172.32.0.0/16",
        "198.18.0.0/16",
        "100.64.0.0/16",
        "192.168.0.0/22",
    ]
    .map(|cidr| format!("{cidr}: {}", refused(json!({ "cidr": cidr }))));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    ten: Error: This is not a range of IPv4 addresses (network.cidr)
    "ten" cannot be read. Write an address and a prefix, such as "10.0.0.0/16".
    fd00::/16: Error: This is not a range of IPv4 addresses (network.cidr)
    "fd00::/16" cannot be read. Write an address and a prefix, such as "10.0.0.0/16".
    10.0.1.0/16: Error: The range does not begin where it says (network.cidr)
    10.0.1.0/16 names an address within 10.0.0.0/16, not the range. Write "10.0.0.0/16".
    10.0.0.0/8: Error: The range is too wide for a VPC (network.cidr)
    A VPC is at most a /16, and 10.0.0.0/8 is wider. "10.0.0.0/16" would do.
    10.0.5.128/25: Error: The range is too small for its zones (network.cidr)
    Each zone takes an eighth of the range, cut into a private, a public and a database subnet, and load balancers need a /27. 10.0.5.128/25 holds none. "10.0.4.0/22" or a wider one would do.
    10.0.0.0/23: Error: The range is too small for its zones (network.cidr)
    Each zone takes an eighth of the range, cut into a private, a public and a database subnet, and load balancers need a /27. 10.0.0.0/23 holds none. "10.0.0.0/22" or a wider one would do.
    8.8.0.0/16: Error: The range is not a private one (network.cidr)
    8.8.0.0/16 is not set aside for private networks: what really has these addresses could not be reached from the VPC. Choose a range within one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10.
    172.32.0.0/16: Error: The range is not a private one (network.cidr)
    172.32.0.0/16 is not set aside for private networks: what really has these addresses could not be reached from the VPC. Choose a range within one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10.
    198.18.0.0/16: Error: The range is not a private one (network.cidr)
    198.18.0.0/16 is not set aside for private networks: what really has these addresses could not be reached from the VPC. Choose a range within one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10.
    100.64.0.0/16: nothing
    192.168.0.0/22: nothing
    "#);
}

#[test]
fn numbers_of_zones() {
    let lines = [
        refused(json!({ "zone_count": 1 })),
        refused(json!({ "zone_count": 7 })),
        refused(json!({ "zone_count": 2.5 })),
        refused(json!({ "zone_count": 4 })),
        refused(json!({ "zones": ["eu-west-1a"] })),
        refused(json!({ "zones": ["eu-west-1a", "eu-west-1b"], "zone_count": 3 })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Error: This number of zones is not possible (network.zone_count)
    A network has 2 to 6 zones, not 1. Choose a whole number from 2 to 6.
    Error: This number of zones is not possible (network.zone_count)
    A network has 2 to 6 zones, not 7. Choose a whole number from 2 to 6.
    Error: This number of zones is not possible (network.zone_count)
    A network has 2 to 6 zones, not 2.5. Choose a whole number from 2 to 6.
    Error: This number of zones is not possible (network.zone_count)
    4 zones are asked for. eu-west-1 has 3 that this account can use: eu-west-1a, eu-west-1b, eu-west-1c. Set zone_count to 2 to 3.
    Error: This number of zones is not possible (network.zones)
    The list has 1, and a network has 2 to 6 zones. List as many.
    Error: This number of zones is not possible (network.zone_count)
    zones lists 2, and zone_count says otherwise. Remove zone_count, or set it to 2.
    ");
}

#[test]
fn zones_by_name() {
    let lines = [
        refused(json!({ "zones": ["eu-west-1a", "eu-west-2a"] })),
        refused(json!({ "zones": ["eu-west-1a", "eu-west-1-lis-1a"] })),
        refused(json!({ "zones": ["eu-west-1a", "eu-west-1a"] })),
        refused(json!({ "zones": ["eu-west-1a", null] })),
        refused(json!({ "zones": ["eu-west-1a", "eu-west-1d"] })),
        refused(json!({ "zones": ["eu-west-1a", "eu-west-1e"] })),
        refused(json!({ "zones": ["eu-west-1a", "eu-west-1z"] })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This zone is not one of the stack's region (network.zones[1])
    "eu-west-2a" is not a zone of eu-west-1. Its zones are called like "eu-west-1a".
    Error: A network lies in availability zones only (network.zones[1])
    "eu-west-1-lis-1a" is a local or wavelength zone. List zones such as "eu-west-1a".
    Error: A zone is listed twice (network.zones[1])
    List "eu-west-1a" once.
    Error: A zone has no name (network.zones[1])
    Name the zone, or take it out of the list.
    Error: The account has not opted in to this zone (network.zones[1])
    Opt in to "eu-west-1d" in the account's EC2 settings, or list another zone.
    Error: This zone does not exist (network.zones[1])
    eu-west-1 has no zone "eu-west-1e" for this account. List some of eu-west-1a, eu-west-1b, eu-west-1c.
    Error: There are no addresses for this zone (network.zones[1])
    A network is dealt to the zones a to h, and "eu-west-1z" comes after them. List another one.
    "#);
}

#[test]
fn choices() {
    let lines = [
        refused(json!({ "nat": "single" })),
        refused(json!({ "flow_logs": { "retention_days": 91 } })),
        refused(json!({ "flow_logs": { "aggregation_seconds": 61, "traffic": "all" } })),
        refused(json!({ "flow_logs": { "kms_key_arn": "alias/logs" } })),
        refused(json!({ "flow_logs": { "kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:alias/logs" } })),
        refused(json!({ "flow_logs": { "kms_key_arn": "arn:aws:kms:us-east-1:111122223333:key/1" } })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This is not one of the choices (network.nat)
    "single" is none of them. Write one of "none", "shared", "per_zone".
    Error: This is not one of the choices (network.flow_logs.retention_days)
    AWS does not take 91 here. Write one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.
    Error: This is not one of the choices (network.flow_logs.aggregation_seconds)
    AWS does not take 61 here. Write one of 60, 600.
    Error: This is not one of the choices (network.flow_logs.traffic)
    "all" is none of them. Write one of "ALL", "ACCEPT", "REJECT".
    Error: This is not the ARN of a usable key (network.flow_logs.kms_key_arn)
    "alias/logs" is none. A key's ARN begins with "arn:" and ends in "key/" and an id.
    Error: This is not the ARN of a usable key (network.flow_logs.kms_key_arn)
    "arn:aws:kms:eu-west-1:111122223333:alias/logs" does not name a key itself. Write the ARN that ends in "key/" and an id.
    Error: This is not the ARN of a usable key (network.flow_logs.kms_key_arn)
    The key is in us-east-1, and CloudWatch takes keys of its own region only. Use one in eu-west-1.
    "#);
}

#[test]
fn endpoints() {
    let lines = [
        refused(json!({ "interface_endpoints": ["ecr"] })),
        refused(json!({ "interface_endpoints": ["stss"] })),
        refused(json!({ "interface_endpoints": ["quantum"] })),
        refused(json!({ "gateway_endpoints": ["sts"] })),
        refused(json!({ "interface_endpoints": ["dynamodb"] })),
        refused(json!({ "gateway_endpoints": ["dynamo-db"] })),
        refused(json!({ "interface_endpoints": ["com.amazonaws.eu-west-1.sts"] })),
        refused(json!({ "interface_endpoints": ["s3"] })),
        refused(json!({ "interface_endpoints": ["new"], "zones": ["eu-west-1a", "eu-west-1c"] })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: There is no such endpoint in this region (network.interface_endpoints["ecr"])
    eu-west-1 has no interface endpoints for "ecr". Is one of these meant: "ec2", "ecr.api", "ecr.dkr"?
    Error: There is no such endpoint in this region (network.interface_endpoints["stss"])
    eu-west-1 has no interface endpoints for "stss". Is one of these meant: "sts"?
    Error: There is no such endpoint in this region (network.interface_endpoints["quantum"])
    eu-west-1 has no interface endpoints for "quantum". Take it out.
    Error: There is no such endpoint in this region (network.gateway_endpoints["sts"])
    "sts" has no gateway endpoints in eu-west-1, but interface ones. List it in interface_endpoints.
    Error: There is no such endpoint in this region (network.interface_endpoints["dynamodb"])
    "dynamodb" has no interface endpoints in eu-west-1, but gateway ones. List it in gateway_endpoints.
    Error: There is no such endpoint in this region (network.gateway_endpoints["dynamo-db"])
    eu-west-1 has no gateway endpoints for "dynamo-db". Is one of these meant: "dynamodb"?
    Error: This is not the name of a service (network.interface_endpoints["com.amazonaws.eu-west-1.sts"])
    "com.amazonaws.eu-west-1.sts" is a whole name. Write what follows the region in it: "sts".
    Error: A service has two endpoints (network.interface_endpoints["s3"])
    "s3" is in gateway_endpoints and in interface_endpoints. Take it out of interface_endpoints: a gateway costs nothing.
    Error: There is no such endpoint in the network's zones (network.interface_endpoints["new"])
    "new" is offered in eu-west-1b only. Add one of these to zones, or leave it out.
    "#);
}

#[test]
fn names_and_tags() {
    let with = |name: &str, tags: serde_json::Value| {
        let mut config = stack(json!({}));
        config.set("name", name);
        config.set("tags", Value::map(tags.as_object().unwrap().iter().map(|(k, v)| (k, v.as_str()))));
        refusal(&config)
    };
    let lines = [
        with("Shop", json!({})),
        with("shop_prod", json!({})),
        with("shop-", json!({})),
        with("1shop", json!({})),
        with("", json!({})),
        with("sg-shop", json!({})),
        with("a-name-that-is-longer-than-others-are", json!({})),
        with("shop", json!({ "aws:owner": "me" })),
        with("shop", json!({ "name": "shop" })),
        with("shop", json!({ "Team": "a", "team": "b" })),
        with("shop", json!({ "why": "it's so" })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This name cannot be used (name)
    "Shop" is part of the names of roles, groups, keys and log groups, which do not all take it. Use lower-case letters, digits and hyphens, with a letter first and no hyphen last, such as "shop-prod".
    Error: This name cannot be used (name)
    "shop_prod" is part of the names of roles, groups, keys and log groups, which do not all take it. Use lower-case letters, digits and hyphens, with a letter first and no hyphen last, such as "shop-prod".
    Error: This name cannot be used (name)
    "shop-" is part of the names of roles, groups, keys and log groups, which do not all take it. Use lower-case letters, digits and hyphens, with a letter first and no hyphen last, such as "shop-prod".
    Error: This name cannot be used (name)
    "1shop" is part of the names of roles, groups, keys and log groups, which do not all take it. Use lower-case letters, digits and hyphens, with a letter first and no hyphen last, such as "shop-prod".
    Error: This name cannot be used (name)
    "" is part of the names of roles, groups, keys and log groups, which do not all take it. Use lower-case letters, digits and hyphens, with a letter first and no hyphen last, such as "shop-prod".
    Error: This name cannot be used (name)
    "sg-shop" begins with "sg-", and AWS refuses security groups called so. Choose another beginning.
    Error: This name cannot be used (name)
    "a-name-that-is-longer-than-others-are" has 37 characters. With the region and a purpose added, names of IAM roles would be longer than the 64 characters that AWS allows. Use at most 32 characters.
    Error: A tag's key is not allowed (tags["aws:owner"])
    "aws:owner" begins with aws:, which only AWS itself may write. Use another beginning.
    Error: Two tags have the same key (tags["name"])
    Every object has a "Name" already, to be told apart by, and IAM takes "name" for the same key. Leave "name" out, or call it otherwise.
    Error: Two tags have the same key (tags["team"])
    "team" and "Team" differ only in case, and IAM takes them for one. Leave "team" out, or call it otherwise.
    Error: A tag's value is not allowed (tags["why"])
    '\'' cannot be in a tag's value. Use letters, digits, spaces and _ . : / = + - @.
    "#);
}

#[test]
fn too_many_tags_show_even_when_some_come_from_the_provider() {
    let config = RegionStack::config(&first_plan(json!({})).value).unwrap();
    let facts = Facts { zones: Vec::new(), endpoints: BTreeMap::new(), cluster: None };
    let tags = (0..60).map(|number| (format!("tag{number}"), String::new())).collect();
    let found = RegionStack::desired(&config, &facts, &place(), &tags).err().unwrap();
    assert!(shown(&found).starts_with("Error: Too many tags (tags)"));
}

#[test]
fn everything_unknown_is_accepted_while_validating() {
    for config in [
        read(
            json!({ "name": "(unknown)", "region": "(unknown)", "network": "(unknown)", "tags": "(unknown)" }),
        ),
        stack(json!({ "zones": ["(unknown)", "eu-west-2a"] , "nat": "(unknown)", "flow_logs": "(unknown)" })),
    ] {
        let mut config = config;
        config.set("region", Value::unknown());
        assert!(RegionStack::validate(&config).is_empty());
    }
}
