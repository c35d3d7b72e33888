//! What the provider's program does when a person, kubectl or helm starts it rather than Terraform.

mod eks_token;
mod kubeconfig;

use std::{
    collections::BTreeMap,
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

/// Does what `arguments` ask for; none when they name no command of ours, and then it is Terraform that has started us.
pub fn run(arguments: &[String]) -> Option<ExitCode> {
    let (name, options) = arguments.split_first()?;
    let answer = match name.as_str() {
        "eks-token" => answered(eks_token::answer, options, eks_token::USAGE),
        "kubeconfig" => answered(kubeconfig::answer, options, kubeconfig::USAGE),
        _ => return None,
    };
    Some(match answer.and_then(|text| written(io::stdout(), &text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            // Nobody is left to be told when even this cannot be written.
            let _ = written(io::stderr(), &format!("terraform-provider-luneo {name}: {reason}"));
            ExitCode::FAILURE
        }
    })
}

/// Runs one command. An error is text that ends in what to do next.
fn answered<F>(answer: impl FnOnce(Options) -> F, options: &[String], usage: &str) -> Result<String, String>
where
    F: Future<Output = Result<String, String>>,
{
    let options = Options::read(options).map_err(|reason| format!("{reason}\nUsage: {usage}"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(told)?;
    runtime.block_on(answer(options))
}

fn written(mut to: impl Write, text: &str) -> Result<(), String> {
    writeln!(to, "{}", text.trim_end()).map_err(told)
}

fn told(error: impl Display) -> String {
    error.to_string()
}

/// The options of a command: `--name value` or `--name=value`.
struct Options(BTreeMap<String, String>);

impl Options {
    fn read(arguments: &[String]) -> Result<Options, String> {
        let mut options = BTreeMap::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let option = argument.strip_prefix("--").ok_or_else(|| format!("{argument:?} is no option"))?;
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, value.to_owned()),
                None => {
                    let value = arguments.next().ok_or_else(|| format!("--{option} needs a value"))?;
                    (option, value.clone())
                }
            };
            options.insert(name.to_owned(), value);
        }
        Ok(Options(options))
    }

    /// The values of `names`, every one of which must be given, and no other.
    fn take<const N: usize>(mut self, names: [&str; N], usage: &str) -> Result<[String; N], String> {
        let wrong = |reason: String| format!("{reason}\nUsage: {usage}");
        let values = names.map(|name| self.0.remove(name).filter(|value| !value.is_empty()));
        if let Some((name, _)) = names.iter().zip(&values).find(|(_, value)| value.is_none()) {
            return Err(wrong(format!("--{name} is missing")));
        }
        if let Some(name) = self.0.keys().next() {
            return Err(wrong(format!("there is no option --{name}")));
        }
        Ok(values.map(Option::unwrap_or_default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(arguments: &[&str]) -> Result<[String; 2], String> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Options::read(&arguments)?.take(["name", "region"], "kubeconfig --name NAME --region REGION")
    }

    #[test]
    fn options_are_read_in_either_form() {
        let wanted = ["one".to_owned(), "eu-west-1".to_owned()];
        assert_eq!(taken(&["--name", "one", "--region=eu-west-1"]).unwrap(), wanted);
    }

    #[test]
    fn what_is_wrong_with_options_is_said_with_how_to_use_them() {
        for (arguments, reason) in [
            (&["--name", "one"][..], "--region is missing"),
            (&["--name", "one", "--region", "r", "--force", "yes"], "there is no option --force"),
            (&["one"], "\"one\" is no option"),
            (&["--name"], "--name needs a value"),
        ] {
            let said = taken(arguments).unwrap_err();
            assert!(said.starts_with(reason), "{said}");
        }
    }

    #[test]
    fn what_terraform_starts_is_no_command() {
        assert!(run(&[]).is_none());
        assert!(run(&["--debug".to_owned()]).is_none());
    }
}
