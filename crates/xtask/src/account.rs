//! One account of the sandbox, and the sandbox's own controls for it.

use serde_json::{Value, json};

use crate::error::{Error, Result};

/// An account nobody else uses. What is set, asked or broken through it concerns it alone.
#[derive(Debug, Clone)]
pub struct Account {
    url: String,
    id: String,
}

impl Account {
    /// The account `id`, of 12 digits, in the sandbox at `url`.
    pub fn new(url: &str, id: &str) -> Self {
        Self { url: url.to_owned(), id: id.to_owned() }
    }

    /// Its number.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The variables that lead an AWS client to it.
    pub fn environment(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", self.url.as_str()),
            ("AWS_ACCESS_KEY_ID", &self.id),
            ("AWS_SECRET_ACCESS_KEY", "sandbox"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// Everything the account holds in `regions`, to be compared with what it holds later.
    pub fn inventory(&self, regions: &[&str]) -> Result<Value> {
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
                self.understand(&path, ureq::delete(format!("{}{path}", self.url)).call())?;
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

    fn ask(&self, path: &str) -> Result<Value> {
        let answer = ureq::get(format!("{}{path}", self.url)).call();
        self.understand(path, answer)
    }

    fn tell(&self, path: &str, wish: &Value) -> Result<Value> {
        let request = ureq::post(format!("{}{path}", self.url)).config().http_status_as_error(false).build();
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
