//! The attributes of a region stack that other composites do not have.

use super::cluster;
use tfplugin::{Attribute, Kind, Nested, SchemaBuilder, Type};

/// The computed attributes of the network.
pub(super) const COMPUTED: [&str; 6] =
    ["vpc_id", "subnets", "nat_addresses", "route_table_ids", "endpoints", "database_network"];

pub(super) fn add(schema: SchemaBuilder) -> SchemaBuilder {
    cluster::add_attributes(schema)
        .attribute("network", Attribute::required(Kind::Single(network())).describe("The network."))
        .attribute("vpc_id", Attribute::computed(Kind::string()).describe("The id of the VPC."))
        .attribute(
            "subnets",
            Attribute::computed(by_tier(Type::map(strings(&["id", "cidr"]))))
                .describe("The subnets by tier (`public`, `private`, `database`) and zone: `id` and `cidr`."),
        )
        .attribute(
            "nat_addresses",
            Attribute::computed(Kind::map(Type::String)).describe(
                "The addresses from which private subnets reach the internet, by the zone of the gateway.",
            ),
        )
        .attribute(
            "route_table_ids",
            Attribute::computed(Type::object([
                ("public", Type::String),
                ("private", Type::map(Type::String)),
                ("database", Type::String),
            ]))
            .describe(
                "The route tables: one for `public`, one for `database`, and one a zone for `private`.",
            ),
        )
        .attribute(
            "endpoints",
            Attribute::computed(Kind::map(endpoint())).describe(
                "The endpoints by service, as written in `gateway_endpoints` and `interface_endpoints`.",
            ),
        )
        .attribute(
            "database_network",
            Attribute::computed(Type::object([
                ("region", Type::String),
                ("vpc_id", Type::String),
                ("vpc_cidr", Type::String),
                ("subnet_ids", Type::map(Type::String)),
                ("zones", Type::list(Type::String)),
            ]))
            .describe(
                "The network for a database: what a member of `luneo_aurora_global` takes as its `network`.",
            ),
        )
}

fn network() -> Nested {
    Nested::new()
        .attribute(
            "cidr",
            Attribute::required(Kind::string()).describe(
                "Its addresses: a private range (RFC 1918 or 100.64.0.0/10) from /16 to /22. Each zone has an eighth \
                 of it for good, by its letter: half of that for the private subnet, a quarter each for the public \
                 and the database subnet. A network cannot change its range.",
            ),
        )
        .attribute(
            "zone_count",
            Attribute::optional_computed(Kind::number()).describe(
                "How many zones it spans, 2 to 6. Defaults to 3. Zones once chosen stay: a larger number adds the next \
                 ones, a smaller one drops the last.",
            ),
        )
        .attribute(
            "zones",
            Attribute::optional_computed(Kind::list(Type::String)).describe(
                "The availability zones by name, where it matters which. The first one holds a shared NAT gateway. \
                 Defaults to the first zones of the region.",
            ),
        )
        .attribute(
            "nat",
            Attribute::optional_computed(Kind::string()).describe(
                "How private subnets reach the internet: `none`, `shared` (one NAT gateway) or `per_zone` (one each, \
                 so that losing a zone stops no other). Defaults to `shared`.",
            ),
        )
        .attribute(
            "gateway_endpoints",
            Attribute::optional_computed(Kind::set(Type::String)).describe(
                "Services reached over a gateway endpoint, on all route tables: `s3`, `dynamodb`. Defaults to `[\"s3\"]`.",
            ),
        )
        .attribute(
            "interface_endpoints",
            Attribute::optional_computed(Kind::set(Type::String)).describe(
                "Services reached over an interface endpoint in the private subnets, such as `sts` or `ecr.api`. \
                 Their usual names lead there, except for services that have gateway endpoints too. Defaults to `[]`.",
            ),
        )
        .attribute(
            "flow_logs",
            Attribute::optional_computed(Kind::Single(flow_logs()))
                .describe("The record of its traffic in CloudWatch Logs, on by default."),
        )
}

fn flow_logs() -> Nested {
    let optional = |kind: Kind, text: &str| Attribute::optional_computed(kind).describe(text);
    Nested::new()
        .attribute("enabled", optional(Kind::bool(), "Whether it is kept. Defaults to true."))
        .attribute(
            "retention_days",
            optional(Kind::number(), "For how many days, of those that CloudWatch offers. Defaults to 90."),
        )
        .attribute(
            "kms_key_arn",
            Attribute::optional(Kind::string()).describe(
                "The key that encrypts it. Its policy must let CloudWatch Logs use it. A key of its own is made where \
                 this is not written.",
            ),
        )
        .attribute("traffic", optional(Kind::string(), "`ALL`, `ACCEPT` or `REJECT`. Defaults to `ALL`."))
        .attribute(
            "aggregation_seconds",
            optional(Kind::number(), "Over how many seconds it is summed up: 60 or 600. Defaults to 60."),
        )
}

fn endpoint() -> Type {
    Type::object([
        ("id", Type::String),
        ("type", Type::String),
        ("service_name", Type::String),
        ("private_dns", Type::Bool),
        ("zones", Type::set(Type::String)),
    ])
}

fn by_tier(of_tier: Type) -> Type {
    Type::object(["public", "private", "database"].map(|tier| (tier, of_tier.clone())))
}

fn strings(names: &[&str]) -> Type {
    Type::object(names.iter().map(|name| (*name, Type::String)))
}
