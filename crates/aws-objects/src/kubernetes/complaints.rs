//! What helm complains of, as the engine treats it. The one table of helm's own words.

use super::{Kubernetes, faults, workplace::Said};
use reconcile::{Fault, Sort};

enum Meaning {
    Is(Sort, &'static str, &'static str),
    Unreachable,
    NotLetIn,
    Denied,
}

use Meaning::{Denied, Is, NotLetIn, Unreachable};

const CHART: &str = "Look at `chart` and `version`";
const REPOSITORY: &str = "Look at `repository`, and whether it can be reached from here. One that asks who you are cannot be \
                          used: take the chart from a registry (oci://) and log in there with `helm registry login`";
const REGISTRY: &str =
    "Look at `chart` and `version`. Where the registry asks who you are, log in with `helm registry login`";
const VALUES: &str = "Look at `values` and the sensitive values";

/// The first whose words are in what helm said decides.
const COMPLAINTS: &[(&str, Meaning)] = &[
    ("release: not found", Is(Sort::NotFound, "NotFound", "")),
    ("another operation (install/upgrade/rollback) is in progress", Is(Sort::Busy, "InProgress", "")),
    ("Kubernetes cluster unreachable: the server has asked for the client to provide credentials", NotLetIn),
    ("the server has asked for the client to provide credentials", NotLetIn),
    ("FetchReference", Is(Sort::Refused, "ChartNotFound", REGISTRY)),
    ("valid chart repository", Is(Sort::Refused, "RepositoryUnreachable", REPOSITORY)),
    ("failed to fetch", Is(Sort::Refused, "RepositoryUnreachable", REPOSITORY)),
    ("Unauthorized", NotLetIn),
    ("Kubernetes cluster unreachable", Unreachable),
    ("failed calling webhook", Is(Sort::NotYet, "WebhookFailed", "")),
    (" is forbidden: User ", Denied),
    ("cannot be reached", Is(Sort::Refused, "RepositoryUnreachable", REPOSITORY)),
    ("no such host", Is(Sort::Refused, "RepositoryUnreachable", REPOSITORY)),
    ("could not find protocol handler", Is(Sort::Refused, "RepositoryUnreachable", REPOSITORY)),
    ("values don't meet the specifications of the schema", Is(Sort::Refused, "ValuesDoNotRender", VALUES)),
    ("execution error at (", Is(Sort::Refused, "ValuesDoNotRender", VALUES)),
    ("error calling ", Is(Sort::Refused, "ValuesDoNotRender", VALUES)),
    ("YAML parse error on ", Is(Sort::Refused, "ValuesDoNotRender", VALUES)),
    ("template: ", Is(Sort::Refused, "ValuesDoNotRender", VALUES)),
    ("unable to build kubernetes objects from", Is(Sort::Refused, "ValuesDoNotRender", VALUES)),
    (
        "chart requires kubeVersion",
        Is(Sort::Refused, "WrongKubernetesVersion", "Look at `version` of the chart"),
    ),
    ("Chart.yaml file is missing", Is(Sort::Refused, "ChartNotFound", CHART)),
    (" not found in ", Is(Sort::Refused, "ChartNotFound", CHART)),
    ("no chart version found", Is(Sort::Refused, "ChartNotFound", CHART)),
    ("no chart name found", Is(Sort::Refused, "ChartNotFound", CHART)),
    ("failed to download", Is(Sort::Refused, "ChartNotFound", CHART)),
    ("\" not found", Is(Sort::Refused, "ChartNotFound", CHART)),
    ("context deadline exceeded", Is(Sort::Refused, "NotReady", "")),
    ("timed out waiting for the condition", Is(Sort::Refused, "NotReady", "")),
];

/// Sorts what helm said to `verb`, such as `upgrade`.
pub(super) fn sorted(kubernetes: Option<&Kubernetes>, verb: &str, said: &Said) -> Fault {
    let (operation, Said(words)) = (format!("helm {verb}"), said);
    let meaning = COMPLAINTS.iter().find(|(part, _)| words.contains(part)).map(|(_, meaning)| meaning);
    match (meaning, kubernetes) {
        (Some(Is(sort, code, hint)), _) => {
            let message = match *hint {
                "" => words.clone(),
                hint => format!("{}.\n{hint}", words.trim_end_matches('.')),
            };
            Fault::new(*sort, operation, *code, message)
        }
        (Some(Unreachable), Some(kubernetes)) => faults::unreachable(kubernetes, operation, words),
        (Some(NotLetIn), Some(kubernetes)) => faults::not_let_in(kubernetes, operation),
        (Some(Denied), Some(kubernetes)) => faults::denied(kubernetes, operation, words),
        _ => Fault::refused(operation, "Failed", words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_complaint_is_sorted() {
        for (words, sort, code) in [
            (
                "UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
                Sort::Busy,
                "InProgress",
            ),
            (
                "chart \"x\" matching 9 not found in http://r index. (try 'helm repo update')",
                Sort::Refused,
                "ChartNotFound",
            ),
            (
                "looks like \"http://r\" is not a valid chart repository or cannot be reached: 404",
                Sort::Refused,
                "RepositoryUnreachable",
            ),
            (
                "looks like \"http://r\" is not a valid chart repository or cannot be reached: failed to fetch http://r/index.yaml : 401 Unauthorized",
                Sort::Refused,
                "RepositoryUnreachable",
            ),
            (
                "failed to fetch http://r/x-1.0.0.tgz : 401 Unauthorized",
                Sort::Refused,
                "RepositoryUnreachable",
            ),
            (
                "failed to perform \"FetchReference\" on source: GET \"https://r/v2/x/manifests/1\": response status code 401: Unauthorized",
                Sort::Refused,
                "ChartNotFound",
            ),
            ("path \"./x\" not found", Sort::Refused, "ChartNotFound"),
            (
                "execution error at (x/templates/a.yaml:1:2): clusterName is needed",
                Sort::Refused,
                "ValuesDoNotRender",
            ),
            (
                "values don't meet the specifications of the schema(s) in the following chart(s)",
                Sort::Refused,
                "ValuesDoNotRender",
            ),
            (
                "failed calling webhook \"mservice.elbv2.k8s.aws\": no endpoints",
                Sort::NotYet,
                "WebhookFailed",
            ),
            ("UPGRADE FAILED: context deadline exceeded", Sort::Refused, "NotReady"),
            ("something new", Sort::Refused, "Failed"),
        ] {
            let fault = sorted(None, "upgrade", &Said(words.to_owned()));
            assert_eq!((fault.sort, fault.code.as_str()), (sort, code), "{words}");
            assert!(fault.message.contains(words));
        }
    }
}
