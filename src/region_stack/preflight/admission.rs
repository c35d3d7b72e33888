//! Whether whoever runs terraform will be let into a new cluster.

use super::at;
use tfplugin::{Diagnostic, Diagnostics};

/// An error where `caller` is to install charts in a new cluster and is none of those whom it lets in.
pub(super) fn judge(caller: &str, admitted: &[&str]) -> Diagnostics {
    let ours = principal(caller);
    if admitted.iter().any(|arn| principal(arn) == ours) {
        return Diagnostics::default();
    }
    let detail = format!(
        "Charts are installed by whoever runs terraform, here {caller}, and a new cluster lets in only those who are \
         listed. Add {} to `admin_principal_arns`.",
        suggested(caller)
    );
    Diagnostic::error("The cluster would not let its own builder in", detail)
        .at(at("admin_principal_arns"))
        .into()
}

/// Account, sort and name of a principal: a role's session names its role without the role's path.
fn principal(arn: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, _, _, account, resource] = parts[..] else { return None };
    let mut words = resource.split('/');
    match words.next()? {
        "assumed-role" => Some((account, "role", words.next()?)),
        sort => Some((account, sort, words.next_back()?)),
    }
}

/// What to write into the list; a session's role may have a path that the session does not tell.
fn suggested(caller: &str) -> String {
    match (principal(caller), caller.split(':').nth(1)) {
        (Some((account, "role", name)), Some(partition)) => {
            format!("arn:{partition}:iam::{account}:role/{name}")
        }
        _ => caller.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_known_by_its_role() {
        let session = "arn:aws:sts::111122223333:assumed-role/deployer/ci-42";
        assert!(judge(session, &["arn:aws:iam::111122223333:role/ci/deployer"]).is_empty());
        let found = judge(
            session,
            &["arn:aws:iam::111122223333:role/admins", "arn:aws:iam::444455556666:role/deployer"],
        );
        let told: String = found.iter().map(|one| one.detail.clone()).collect();
        insta::assert_snapshot!(told, @"Charts are installed by whoever runs terraform, here arn:aws:sts::111122223333:assumed-role/deployer/ci-42, and a new cluster lets in only those who are listed. Add arn:aws:iam::111122223333:role/deployer to `admin_principal_arns`.");
    }

    #[test]
    fn a_user_is_known_by_its_name() {
        let user = "arn:aws:iam::111122223333:user/staff/ann";
        assert!(judge(user, &[user]).is_empty());
        assert!(judge(user, &[]).has_errors());
    }
}
