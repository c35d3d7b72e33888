//! A whole provider: notes, kept as files in a folder.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, PoisonError, RwLock};

use tfplugin::{
    ApplyRequest, ApplyResponse, Attribute, Call, ConfigureRequest, DataResponse, DataSource, Diagnostic,
    Diagnostics, Function, FunctionError, IdentitySchema, ImportRequest, Imported, Kind, Parameter, Path,
    PlanRequest, PlanResponse, Provider, ReadRequest, ReadResponse, Resource, Schema, ServeOptions,
    Signature, Type, Value,
};

fn main() -> ExitCode {
    let options = ServeOptions::new("registry.terraform.io/example/tiny", env!("CARGO_PKG_VERSION"));
    tfplugin::serve(Tiny::default(), options)
}

/// The folder that the `provider` block names.
#[derive(Clone, Default)]
struct Folder(Arc<RwLock<PathBuf>>);

impl Folder {
    fn set(&self, folder: &str) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = PathBuf::from(folder);
    }

    fn note(&self, name: &str) -> PathBuf {
        self.0.read().unwrap_or_else(PoisonError::into_inner).join(name)
    }

    /// The text of a note; `None`: there is none.
    fn read(&self, name: &str) -> Result<Option<String>, Diagnostic> {
        match std::fs::read_to_string(self.note(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(Diagnostic::error(format!("The note {name} could not be read"), error.to_string()))
            }
        }
    }
}

#[derive(Default)]
struct Tiny {
    folder: Folder,
}

#[tfplugin::async_trait]
impl Provider for Tiny {
    fn schema(&self) -> Schema {
        Schema::new(0)
            .describe("Notes in a folder.")
            .attribute("folder", Attribute::required(Kind::string()).describe("Where the notes are."))
            .build_provider()
            .expect("the schema is legal")
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Note { folder: self.folder.clone() })]
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        vec![Arc::new(FoundNote { folder: self.folder.clone() })]
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        vec![Arc::new(Shout)]
    }

    async fn configure(&self, request: ConfigureRequest, _call: &Call) -> Diagnostics {
        // Unknown while planning, if another resource gives it.
        if let Some(folder) = request.config.get("folder").as_str() {
            self.folder.set(folder);
        }
        Diagnostics::default()
    }
}

/// `tiny_note`: one file.
struct Note {
    folder: Folder,
}

/// What Terraform stores of a note.
fn state(name: &str, text: &str) -> Value {
    Value::object([("name", name.into()), ("text", text.into()), ("length", length(text))])
}

fn length(text: &str) -> Value {
    Value::number(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))
}

fn identity(name: &str) -> Option<Value> {
    Some(Value::object([("name", name)]))
}

#[tfplugin::async_trait]
impl Resource for Note {
    fn type_name(&self) -> &'static str {
        "tiny_note"
    }

    fn schema(&self) -> Schema {
        let name =
            Attribute::required(Kind::string()).describe("The file's name.").validate(|name| {
                match name.as_str() {
                    Some(name) if name.is_empty() || name.contains('/') => {
                        Err("A name has at least one character, and no slash.".to_owned())
                    }
                    _ => Ok(()),
                }
            });
        Schema::new(0)
            .describe("A note.")
            .attribute("name", name)
            .attribute("text", Attribute::required(Kind::string()).describe("What it says."))
            .attribute("length", Attribute::computed(Kind::number()).describe("How many characters that is."))
            .build()
            .expect("the schema is legal")
    }

    fn identity(&self) -> Option<IdentitySchema> {
        Some(IdentitySchema::new(0).required("name", Type::String, "The file's name."))
    }

    async fn read(&self, request: ReadRequest, _call: &Call) -> ReadResponse {
        let name = request.current.get("name").as_str().unwrap_or_default();
        match self.folder.read(name) {
            Ok(Some(text)) => ReadResponse {
                identity: identity(name),
                ..ReadResponse::found(state(name, &text), Vec::new())
            },
            Ok(None) => ReadResponse::gone(),
            Err(error) => ReadResponse::failed(error),
        }
    }

    async fn plan(&self, request: PlanRequest, _call: &Call) -> PlanResponse {
        if request.proposed.is_null() {
            return PlanResponse::new(Value::Null, Vec::new());
        }
        let mut planned = request.proposed;
        let length = planned.get("text").as_str().map_or_else(Value::unknown, length);
        planned.set("length", length);
        let renamed = !request.prior.is_null() && request.prior.get("name") != planned.get("name");
        let name = planned.get("name").as_str().map(str::to_owned);
        PlanResponse {
            requires_replace: if renamed { vec![Path::root("name")] } else { Vec::new() },
            identity: name.and_then(|name| identity(&name)),
            ..PlanResponse::new(planned, Vec::new())
        }
    }

    async fn apply(&self, request: ApplyRequest, _call: &Call) -> ApplyResponse {
        let failed = |what: &str, error: std::io::Error| {
            let prior = (!request.prior.is_null()).then(|| request.prior.clone());
            ApplyResponse::failed(prior, Vec::new(), Diagnostic::error(what, error.to_string()))
        };
        if request.planned.is_null() {
            let name = request.prior.get("name").as_str().unwrap_or_default();
            return match std::fs::remove_file(self.folder.note(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    failed("The note could not be deleted", error)
                }
                _ => ApplyResponse::deleted(),
            };
        }
        let name = request.planned.get("name").as_str().unwrap_or_default();
        let text = request.planned.get("text").as_str().unwrap_or_default();
        match std::fs::write(self.folder.note(name), text) {
            Ok(()) => ApplyResponse {
                identity: identity(name),
                ..ApplyResponse::done(state(name, text), Vec::new())
            },
            Err(error) => failed("The note could not be written", error),
        }
    }

    async fn import(&self, request: ImportRequest, _call: &Call) -> Result<Vec<Imported>, Diagnostics> {
        let name = match &request.identity {
            Some(identity) => identity.get("name").as_str().unwrap_or_default(),
            None => &request.id,
        };
        let Some(text) = self.folder.read(name)? else {
            let detail = format!("There is no note named {name} in the folder of the provider block.");
            return Err(Diagnostic::error("There is nothing to import", detail).into());
        };
        Ok(vec![Imported {
            type_name: self.type_name().to_owned(),
            state: state(name, &text),
            private: Vec::new(),
            identity: identity(name),
        }])
    }
}

/// `data.tiny_note`: a file that something else wrote.
struct FoundNote {
    folder: Folder,
}

#[tfplugin::async_trait]
impl DataSource for FoundNote {
    fn type_name(&self) -> &'static str {
        "tiny_note"
    }

    fn schema(&self) -> Schema {
        Schema::new(0)
            .attribute("name", Attribute::required(Kind::string()).describe("The file's name."))
            .attribute("text", Attribute::computed(Kind::string()).describe("What it says."))
            .build()
            .expect("the schema is legal")
    }

    async fn read(&self, config: Value, _call: &Call) -> Result<DataResponse, Diagnostics> {
        let name = config.get("name").as_str().unwrap_or_default();
        let Some(text) = self.folder.read(name)? else {
            let error =
                Diagnostic::error("There is no such note", format!("Nothing is named {name} in the folder."));
            return Err(error.at(Path::root("name")).into());
        };
        Ok(Value::object([("name", name), ("text", &text)]).into())
    }
}

/// `provider::tiny::shout`.
struct Shout;

#[tfplugin::async_trait]
impl Function for Shout {
    fn name(&self) -> &'static str {
        "shout"
    }

    fn signature(&self) -> Signature {
        Signature::new(Type::String, "Says it louder")
            .describe("Turns a text into capitals.")
            .parameter(Parameter::new("text", Type::String, "What to say."))
    }

    async fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let text = arguments.first().and_then(Value::as_str).unwrap_or_default();
        if text.is_empty() {
            return Err(FunctionError::argument(0, "There is nothing to say."));
        }
        Ok(text.to_uppercase().into())
    }
}
