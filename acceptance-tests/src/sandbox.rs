//! What the stories of a test process share: the sandbox, the provider's binary, the terraform to drive.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tempfile::TempDir;
use xtask::account::Account;
use xtask::core::Core;
use xtask::provider::{self, Profile};
use xtask::sandbox::{Lifetime, Messages, Sandbox};
use xtask::workspace;

use crate::run::or_panic;

/// Ends with the test process, because it watches its standard input.
static SHARED: LazyLock<Sandbox> = LazyLock::new(|| {
    let log = stories_folder().join(format!("sandbox-{}.log", std::process::id()));
    or_panic(Sandbox::start(None, Messages::Kept(&log), Lifetime::Ours))
});

static CORE: LazyLock<Core> = LazyLock::new(|| or_panic(Core::find()));

static PROVIDER: LazyLock<PathBuf> = LazyLock::new(|| match env::var_os("LUNEO_PROVIDER") {
    Some(binary) => binary.into(),
    None => or_panic(provider::build(Profile::Dev)),
});

/// An account for one story: of the sandbox, or, with `LUNEO_ACC_TARGET=aws`, of AWS.
pub fn account() -> Account {
    match is_in_aws() {
        true => or_panic(Account::in_aws()),
        false => SHARED.account(),
    }
}

/// An account for a story that needs the sandbox's controls; none, and a word why, in AWS.
pub fn sandbox_account() -> Option<Account> {
    match is_in_aws() {
        true => left_aside(),
        false => Some(SHARED.account()),
    }
}

/// A sandbox for a story that sets the clock or looks at the whole server; none, and a word why, in AWS.
pub fn sandbox_of_its_own() -> Option<(Sandbox, TempDir)> {
    if is_in_aws() {
        return left_aside();
    }
    let folder = story_folder();
    let log = folder.path().join("sandbox.log");
    Some((or_panic(Sandbox::start(None, Messages::Kept(&log), Lifetime::Ours)), folder))
}

/// The terraform that the stories drive: for what depends on its version.
pub fn core() -> &'static Core {
    &CORE
}

/// Our provider, built once: the one named in `LUNEO_PROVIDER`, or a development build of this tree.
pub fn provider_binary() -> &'static Path {
    &PROVIDER
}

/// A new folder for one story.
pub(crate) fn story_folder() -> TempDir {
    tempfile::Builder::new().prefix("story-").tempdir_in(stories_folder()).expect("target can be written")
}

fn stories_folder() -> PathBuf {
    let folder = workspace::target().join("stories");
    std::fs::create_dir_all(&folder).expect("target can be written");
    folder
}

fn is_in_aws() -> bool {
    match env::var("LUNEO_ACC_TARGET").as_deref() {
        Ok("aws") => true,
        Err(_) | Ok("" | "sandbox") => false,
        Ok(other) => panic!("LUNEO_ACC_TARGET is sandbox or aws, not {other}"),
    }
}

#[expect(clippy::print_stderr, reason = "shown with the test's name by `cargo test -- --nocapture`")]
fn left_aside<T>() -> Option<T> {
    eprintln!("left aside: this story needs the sandbox's controls, and LUNEO_ACC_TARGET is aws");
    None
}
