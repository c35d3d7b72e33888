//! One account to work in, and the sandbox's own controls for it.

use std::env;
use std::fs::File;
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::error::{Error, Result, While};
use crate::workspace::{self, output};

/// An account nobody else uses. What is set, asked or broken through it concerns it alone.
#[derive(Debug, Clone)]
pub struct Account {
    id: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    /// In the sandbox at this address.
    Sandbox(String),
    /// In AWS, with the credentials of whoever runs this. Stories use the same names, so they come one by one: this
    /// lock is held until the last clone is gone.
    Aws(#[expect(dead_code, reason = "held, not read")] Arc<File>),
}

impl Account {
    /// The account `id`, of 12 digits, in the sandbox at `url`.
    pub fn in_sandbox(url: &str, id: &str) -> Self {
        Self { id: id.to_owned(), place: Place::Sandbox(url.to_owned()) }
    }

    /// The account of the ambient credentials, which must be the one named in `LUNEO_ACC_ACCOUNT`: the provider is
    /// told to accept no other. Waits until no other story uses it.
    pub fn in_aws() -> Result<Self> {
        let id = env::var("LUNEO_ACC_ACCOUNT").unwrap_or_default();
        if id.len() != 12 || !id.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Error::Missing(
                "LUNEO_ACC_TARGET=aws needs LUNEO_ACC_ACCOUNT, the number of the account that may be used."
                    .into(),
            ));
        }
        let lock =
            File::create(workspace::target().join("aws-account.lock")).doing(|| "make the account's lock")?;
        lock.lock().doing(|| "wait for the account's lock")?;
        Ok(Self { id, place: Place::Aws(Arc::new(lock)) })
    }

    /// Its number.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The ARN of whom the sandbox takes us for, as an access entry of a cluster wants it.
    pub fn caller(&self) -> String {
        format!("arn:aws:iam::{}:user/sandbox", self.id)
    }

    /// Whether it is real, and has no controls.
    pub fn is_in_aws(&self) -> bool {
        matches!(self.place, Place::Aws(_))
    }

    /// Where the sandbox answers; `None` in AWS.
    pub fn url(&self) -> Option<&str> {
        match &self.place {
            Place::Sandbox(url) => Some(url),
            Place::Aws(_) => None,
        }
    }

    /// The variables that lead an AWS client to it.
    pub fn environment(&self) -> Vec<(String, String)> {
        let Place::Sandbox(url) = &self.place else {
            let ambient = env::vars().filter(|(name, _)| name.starts_with("AWS_") || name == "HOME");
            return ambient.collect();
        };
        [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", &self.id),
            ("AWS_SECRET_ACCESS_KEY", "sandbox"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// Everything the account holds in `regions`, to be compared with what it holds later.
    ///
    /// In AWS, where others may be at work, only what carries our tags.
    pub fn inventory(&self, regions: &[&str]) -> Result<Value> {
        if self.is_in_aws() {
            return regions.iter().map(|region| Ok(((*region).to_owned(), tagged(region)?))).collect();
        }
        self.ask(&format!("/_sandbox/inventory?regions={}&account={}", regions.join(","), self.id))
    }

    /// The calls made in this account so far, oldest first; see `luneo_sandbox/calls.py` for what is in one.
    pub fn calls(&self) -> Result<Vec<Value>> {
        let path = format!("/_sandbox/calls?account={}", self.id);
        self.list(&path, "calls", self.ask(&path)?)
    }

    /// Makes calls of this account fail by one more rule, as `luneo_sandbox/faults.py` describes them.
    pub fn fault(&self, rule: Value) -> Result<()> {
        let mut rule = rule;
        rule["account"] = json!(self.id);
        self.tell("/_sandbox/faults", &rule).map(drop)
    }

    /// Forgets this account's rules, so that all goes well again.
    pub fn clear_faults(&self) -> Result<()> {
        let path = "/_sandbox/faults";
        for rule in self.list(path, "faults", self.ask(path)?)? {
            if rule["account"] == json!(self.id) {
                let path = format!("{path}?id={}", rule["id"]);
                self.understand(&path, ureq::delete(self.control_url(&path)?).call())?;
            }
        }
        Ok(())
    }

    /// Does something in the account that terraform knows nothing of, as an operator at the console would, and gives
    /// the answer. A refusal is an error.
    pub fn world(&self, service: &str, operation: &str, region: &str, parameters: Value) -> Result<Value> {
        let wish = json!({
            "account": self.id, "service": service, "operation": operation, "region": region,
            "parameters": parameters,
        });
        let said = self.tell("/_sandbox/world", &wish)?;
        match &said["error"] {
            Value::Null => Ok(said["answer"].clone()),
            refusal => Err(self.unexpected(&format!("{service}:{operation}"), &refusal.to_string())),
        }
    }

    /// Tells one of the sandbox's controls, such as `eks/health`, what `luneo_sandbox/control.py` says it takes. The account
    /// is added.
    pub fn control(&self, name: &str, wish: Value) -> Result<Value> {
        let mut wish = wish;
        wish["account"] = json!(self.id);
        self.tell(&format!("/_sandbox/{name}"), &wish)
    }

    /// What one of the sandbox's controls shows, such as `kubernetes?account=..&region=..&name=..`.
    pub fn look(&self, name: &str) -> Result<Value> {
        self.ask(&format!("/_sandbox/{name}"))
    }

    /// Sets the clock of asynchronous states, `{"scale": 0.01}` or `{"mode": "manual"}` or `{"advance": 60}`.
    ///
    /// Rule: the clock is the whole sandbox's. A story that sets it starts a sandbox of its own.
    pub fn clock(&self, setting: Value) -> Result<Value> {
        self.tell("/_sandbox/clock", &setting)
    }

    fn list(&self, path: &str, name: &str, mut answer: Value) -> Result<Vec<Value>> {
        match answer[name].take() {
            Value::Array(list) => Ok(list),
            _ => Err(self.unexpected(path, "no list")),
        }
    }

    fn control_url(&self, path: &str) -> Result<String> {
        match &self.place {
            Place::Sandbox(url) => Ok(format!("{url}{path}")),
            Place::Aws(_) => Err(self.unexpected(path, "this is AWS, which has no such controls")),
        }
    }

    fn ask(&self, path: &str) -> Result<Value> {
        let answer = ureq::get(self.control_url(path)?).call();
        self.understand(path, answer)
    }

    fn tell(&self, path: &str, wish: &Value) -> Result<Value> {
        let request = ureq::post(self.control_url(path)?).config().http_status_as_error(false).build();
        let answer = request.content_type("application/json").send(wish.to_string());
        self.understand(path, answer)
    }

    fn understand(
        &self,
        path: &str,
        answer: std::result::Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Value> {
        let mut answer = answer.map_err(|error| self.unexpected(path, &error.to_string()))?;
        let status = answer.status();
        let text = answer.body_mut().with_config().limit(1 << 30).read_to_string();
        let text = text.map_err(|error| self.unexpected(path, &error.to_string()))?;
        if !status.is_success() {
            return Err(self.unexpected(path, &format!("{status}: {text}")));
        }
        match text.is_empty() {
            true => Ok(Value::Null),
            false => serde_json::from_str(&text).map_err(|error| self.unexpected(path, &error.to_string())),
        }
    }

    fn unexpected(&self, path: &str, reason: &str) -> Error {
        Error::Sandbox { path: path.to_owned(), reason: reason.to_owned() }
    }
}

/// What carries our tags in a region of AWS, by the `aws` program.
fn tagged(region: &str) -> Result<Value> {
    let mut aws = Command::new("aws");
    aws.args([
        "resourcegroupstaggingapi",
        "get-resources",
        "--tag-filters",
        "Key=luneo:composite",
        "--region",
        region,
    ]);
    let answer = output(aws.args(["--query", "ResourceTagMappingList[].ResourceARN", "--output", "json"]))?;
    serde_json::from_str(&answer).map_err(|error| Error::DoesNotHold(format!("aws printed no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::sandbox::{Lifetime, Messages, Sandbox};

    static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
        let folder = workspace::target().join("xtask");
        std::fs::create_dir_all(&folder).unwrap();
        Sandbox::start(None, Messages::Kept(&folder.join("tests-sandbox.log")), Lifetime::Ours).unwrap()
    });

    /// Asks EC2 as the account's own client would, and gives the status.
    fn describe_vpcs(account: &Account) -> u16 {
        let scope = format!("{}/20261123/eu-west-1/ec2/aws4_request", account.id());
        let signature =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=00");
        let request =
            ureq::post(account.control_url("/").unwrap()).config().http_status_as_error(false).build();
        let request = request.header("authorization", signature).header("x-amz-date", "20261123T000000Z");
        let request = request.content_type("application/x-www-form-urlencoded");
        request.send("Action=DescribeVpcs&Version=2016-11-15").unwrap().status().as_u16()
    }

    #[test]
    fn a_fault_of_one_story_does_not_reach_another() {
        let (mine, other) = (SANDBOX.account(), SANDBOX.account());
        mine.fault(json!({ "operation": "DescribeVpcs", "mode": "refused", "count": "always" })).unwrap();
        other.fault(json!({ "operation": "DescribeSubnets", "mode": "refused" })).unwrap();
        assert_eq!((describe_vpcs(&mine), describe_vpcs(&other)), (400, 200));

        mine.clear_faults().unwrap();
        assert_eq!(describe_vpcs(&mine), 200);
        assert_eq!(other.list("", "faults", other.ask("/_sandbox/faults").unwrap()).unwrap().len(), 1);
    }

    #[test]
    fn the_call_log_of_a_story_holds_its_own_calls_alone() {
        let (mine, other) = (SANDBOX.account(), SANDBOX.account());
        describe_vpcs(&mine);
        describe_vpcs(&other);
        mine.world("ec2", "DescribeSubnets", "eu-west-1", json!({})).unwrap();
        let calls = mine.calls().unwrap();
        assert_eq!(calls.iter().map(|call| &call["operation"]).collect::<Vec<_>>(), ["DescribeVpcs"]);
    }

    #[test]
    fn what_aws_refuses_the_operator_too_is_an_error() {
        let refused =
            SANDBOX.account().world("ec2", "DeleteVpc", "eu-west-1", json!({ "VpcId": "vpc-00000000" }));
        assert!(refused.unwrap_err().to_string().contains("InvalidVpcID.NotFound"));
    }
}
