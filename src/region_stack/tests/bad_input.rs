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
    insta::assert_snapshot!(lines.join("\n"), @"");
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
    insta::assert_snapshot!(lines.join("\n"), @"");
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
    insta::assert_snapshot!(lines.join("\n"), @"");
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
    insta::assert_snapshot!(lines.join("\n"), @"");
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
    insta::assert_snapshot!(lines.join("\n"), @"");
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
    insta::assert_snapshot!(lines.join("\n"), @"");
}

#[test]
fn too_many_tags_show_even_when_some_come_from_the_provider() {
    let config = RegionStack::config(&first_plan(json!({})).value).unwrap();
    let facts = Facts { zones: Vec::new(), endpoints: BTreeMap::new() };
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
