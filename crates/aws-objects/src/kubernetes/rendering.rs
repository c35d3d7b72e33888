//! Whether a chart exists and its values render, found out without a cluster.

use super::{Release, complaints, installation, values::Values, workplace::Workplace};
use crate::Aws;
use reconcile::{Fault, Late};
use std::time::Duration;

/// Stands for what is known only once other objects exist.
const LATER: &str = "known-after-apply";
const WITHIN: Duration = Duration::from_secs(60);

/// Refuses a chart that is not found or whose values do not render in Kubernetes `kubernetes_version`, such as `1.34`.
///
/// What other objects are to give is stood in for. Where the sensitive values are not given, nothing is rendered: then only
/// the chart is looked for.
pub async fn check_chart(aws: &Aws, release: &Release, kubernetes_version: &str) -> Result<(), Fault> {
    let chart = installation::source(release)?;
    let workplace = Workplace::alone(aws).await?;
    let public = provisional(&release.values);
    let given = release.sensitive.as_ref().map(|sensitive| aws.sensitive_values(&sensitive.key));
    let (values, arguments) = if let Some(None) = given {
        let arguments =
            [vec!["show".to_owned(), "chart".to_owned()], chart.options, vec![chart.name]].concat();
        (Values::none(), arguments)
    } else {
        let values = Values::merged(&public, given.flatten().as_ref())?;
        let file = workplace.put_values(&values)?.to_string_lossy().into_owned();
        let arguments = [
            "template",
            "--namespace",
            &release.namespace,
            "--kube-version",
            kubernetes_version,
            "--values",
            &file,
        ];
        let arguments = arguments.map(str::to_owned).to_vec();
        let names = vec!["--".to_owned(), release.name.clone(), chart.name];
        (values, [arguments, chart.options, names].concat())
    };
    let verb = arguments[0].clone();
    let said = workplace.run(&arguments, WITHIN, &values).await?;
    said.map(drop).map_err(|said| complaints::sorted(None, &verb, &said))
}

/// The text with what is not known yet stood in for.
fn provisional(text: &Late<String>) -> String {
    match text {
        Late::Known(text) => text.clone(),
        Late::From { .. } => LATER.to_owned(),
        Late::Text { pieces } => pieces.iter().map(provisional).collect(),
    }
}
