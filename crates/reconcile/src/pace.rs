//! How long a kind of object takes, and how often to look.

use std::time::Duration;

/// Sparse enough for the reading limits of every service (EC2: 20 a second).
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);

/// How a kind is waited for. Durations are those of the service, not of the network.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The longest pause between two looks while the object is under way.
    pub poll: Duration,
    /// How long a creation or change may take, conflicts included.
    pub settles_within: Duration,
    /// How long a deletion may take, dependency violations included.
    pub gone_within: Duration,
    /// How many looks in a row must find nothing before the object counts as gone.
    pub looks_when_gone: u32,
}

impl Pace {
    /// For objects that exist as soon as the call returns.
    pub const AT_ONCE: Pace = Pace {
        poll: Duration::from_secs(1),
        settles_within: Duration::from_secs(120),
        gone_within: Duration::from_secs(300),
        looks_when_gone: 1,
    };

    /// The pause before the next look, `waited` after the first: short for what is quick, and never so long that the
    /// wait as a whole becomes more than a fortieth longer than the object took.
    pub fn pause_after(&self, waited: Duration) -> Duration {
        (waited / 40).max(SHORTEST_PAUSE).min(self.poll)
    }

    /// Looks at the latest every `poll`, for at most `settles_within` and `gone_within`.
    pub const fn seconds(poll: u64, settles_within: u64, gone_within: u64) -> Pace {
        Pace {
            poll: Duration::from_secs(poll),
            settles_within: Duration::from_secs(settles_within),
            gone_within: Duration::from_secs(gone_within),
            looks_when_gone: 1,
        }
    }
}
