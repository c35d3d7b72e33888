//! The attributes of the provider block.

use tfplugin::{Attribute, Kind, Nested, Schema, Type, Value};

pub(super) fn schema() -> Schema {
    Schema::new(0)
        .describe("Active/passive AWS over two regions, in a few composite resources.")
        .attribute("region", text("The region of resources that name none. Defaults to AWS_REGION or the profile's."))
        .attribute("profile", text("The profile in the shared files. Defaults to AWS_PROFILE."))
        .attribute("access_key", text("An access key id. Prefer the environment, a profile or a role.").sensitive())
        .attribute("secret_key", text("The secret of `access_key`.").sensitive())
        .attribute("token", text("The session token of temporary credentials.").sensitive())
        .attribute("assume_role", assume_role())
        .attribute("shared_config_files", texts("Paths of configuration files instead of ~/.aws/config."))
        .attribute("shared_credentials_files", texts("Paths of credentials files instead of ~/.aws/credentials."))
        .attribute(
            "endpoints",
            Attribute::optional(Kind::map(Type::String))
                .describe("URLs by service (ec2, iam, kms, logs, sts), instead of AWS's own. AWS_ENDPOINT_URL sets all."),
        )
        .attribute(
            "default_tags",
            Attribute::optional(Kind::map(Type::String))
                .describe("Tags for every object of every resource. A resource's own `tags` go over them."),
        )
        .attribute("ignore_tags", ignore_tags())
        .attribute("allowed_account_ids", accounts("The only accounts that may be worked in."))
        .attribute("forbidden_account_ids", accounts("Accounts that must not be worked in."))
        .attribute("retry", retry())
        .attribute(
            "helm_path",
            text("The helm program (3.14 or newer) that charts are installed with. Defaults to the one beside the provider, or on PATH."),
        )
        .build_provider()
        .expect("the schema is legal, which a test holds")
}

fn text(description: &str) -> Attribute {
    Attribute::optional(Kind::string()).describe(description)
}

fn texts(description: &str) -> Attribute {
    Attribute::optional(Kind::list(Type::String)).describe(description)
}

fn accounts(description: &str) -> Attribute {
    let twelve_digits = |value: &Value| {
        let wrong = value
            .as_list()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .find(|id| id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()));
        wrong.map_or(Ok(()), |id| Err(format!("{id:?} is not an account id: those have 12 digits.")))
    };
    Attribute::optional(Kind::set(Type::String)).describe(description).validate(twelve_digits)
}

fn retry() -> Attribute {
    let seconds = |description: &str| {
        Attribute::optional(Kind::number()).describe(description).validate(|value| match value.as_i64() {
            Some(0..=3600) => Ok(()),
            _ => Err("Give a whole number of seconds from 0 to 3600.".to_owned()),
        })
    };
    let nested = Nested::new()
        .attribute(
            "throttled_seconds",
            seconds("How long throttled calls are repeated. Defaults to 120 while reading and 600 while changing."),
        )
        .attribute(
            "unreachable_seconds",
            seconds("How long an endpoint that cannot be reached is tried. Defaults to 1 while reading and 30 while changing."),
        );
    Attribute::optional(Kind::Single(nested))
        .describe("How patiently calls are repeated. Conflicts of states are always waited out, as long as the object may take.")
}

fn assume_role() -> Attribute {
    let nested = Nested::new()
        .attribute("role_arn", Attribute::required(Kind::string()).describe("The role to work as."))
        .attribute(
            "session_name",
            text("How the session is called in CloudTrail. Defaults to terraform-provider-luneo."),
        )
        .attribute("external_id", text("The external id that the role's trust policy asks for."))
        .attribute(
            "duration",
            text("How long a session lasts, such as 1h or 3600s. Defaults to 1h.").validate(|value| {
                let text = value.as_str().unwrap_or_default();
                super::configuration::duration(text).map(drop)
            }),
        );
    Attribute::optional(Kind::Single(nested)).describe("A role to work as.")
}

fn ignore_tags() -> Attribute {
    let nested = Nested::new()
        .attribute(
            "keys",
            Attribute::optional(Kind::set(Type::String)).describe("Keys of tags to leave alone."),
        )
        .attribute(
            "key_prefixes",
            Attribute::optional(Kind::set(Type::String)).describe("Beginnings of such keys."),
        );
    Attribute::optional(Kind::Single(nested))
        .describe("Tags that others put on the objects. kubernetes.io/ and aws: tags are always left alone.")
}
