//! The versions of the controller, and the chart that brings each.

use std::fmt::{self, Display, Formatter};

/// A version of the controller without its patch.
///
/// From 2.5 on the policy that the controller's documentation gives has changed with the minor version only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Controller {
    pub(super) major: u32,
    pub(super) minor: u32,
}

/// The first whose policy is known.
pub(super) const OLDEST: Controller = Controller { major: 2, minor: 5 };

/// The last of each line whose policy is known.
const NEWEST: [Controller; 2] = [Controller { major: 2, minor: 17 }, Controller { major: 3, minor: 5 }];

/// The chart to name to somebody who needs another.
const NEWEST_CHART: &str = "3.5.0";

/// Why a chart's version leads to no policy. Its text is what happened and what to do, in whole sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::region_stack) enum UnknownVersion {
    /// It is a range, a part of a version, or none at all.
    NotExact(String),
    /// It is older than all that are known.
    TooOld(String),
    /// No chart is numbered so; the controller itself is.
    OfTheController {
        /// The version as it was written.
        written: String,
        /// A chart that brings the same minor version; the newest where none is known.
        chart: String,
    },
}

impl Display for UnknownVersion {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotExact(written) => write!(
                out,
                "The controller's IAM policy follows from its exact version, and {written:?} is not one version of \
                 the chart. Write all three numbers, such as \"{NEWEST_CHART}\"."
            ),
            Self::TooOld(written) => write!(
                out,
                "No IAM policy is known for chart version {written:?}. Use \"1.5.0\" or newer, best \
                 \"{NEWEST_CHART}\"."
            ),
            Self::OfTheController { written, chart } => write!(
                out,
                "{written:?} is a version of the controller, not of its chart: controller 2.13 comes with chart 1.13, \
                 and only from 3.0 on are both numbered alike. Use chart \"{chart}\"."
            ),
        }
    }
}

impl std::error::Error for UnknownVersion {}

impl Controller {
    /// The controller that comes with version `version` of the chart.
    pub(super) fn of_chart(version: &str) -> Result<Self, UnknownVersion> {
        let written = || version.to_owned();
        let (major, minor) = numbers(version).ok_or_else(|| UnknownVersion::NotExact(written()))?;
        let controller = match major {
            0 => return Err(UnknownVersion::TooOld(written())),
            1 => Self { major: 2, minor },
            2 => return Err(of_the_controller(version, Self { major, minor })),
            _ => Self { major, minor },
        };
        if controller < OLDEST { Err(UnknownVersion::TooOld(written())) } else { Ok(controller) }
    }

    /// Whether the policy of exactly this version is known.
    pub(super) fn is_known(self) -> bool {
        NEWEST.iter().any(|newest| self.major == newest.major && self.minor <= newest.minor)
    }
}

fn of_the_controller(version: &str, controller: Controller) -> UnknownVersion {
    let has_chart = controller >= OLDEST && controller.is_known();
    let chart = if has_chart { format!("1.{}.0", controller.minor) } else { NEWEST_CHART.to_owned() };
    UnknownVersion::OfTheController { written: version.to_owned(), chart }
}

/// The first two of the three numbers of one semantic version, which may end in `-rc.1` or `+build`.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let (core, rest) = version.find(['-', '+']).map_or((version, None), |end| {
        let (core, rest) = version.split_at(end);
        (core, Some(&rest[1..]))
    });
    let ends_well = rest.is_none_or(|rest| {
        !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'+'))
    });
    let parts: Vec<u32> = core.split('.').map(number).collect::<Option<_>>()?;
    match parts[..] {
        [major, minor, _] if ends_well => Some((major, minor)),
        _ => None,
    }
}

/// Semantic versions know no sign and no leading zero.
fn number(text: &str) -> Option<u32> {
    let is_plain = text.bytes().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}
