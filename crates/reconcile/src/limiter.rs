//! Token buckets: how many calls a service takes in how long.

use std::{collections::HashMap, sync::Mutex, time::Duration};
use tokio::time::Instant;

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Whose limit it is: calls that name the same limit share it.
    pub name: &'static str,
    /// How many calls may be made at once.
    pub burst: f64,
    /// How many more each second.
    pub per_second: f64,
}

#[derive(Debug)]
struct Level {
    tokens: f64,
    at: Instant,
}

/// The buckets of one account and region, shared by all that work there.
#[derive(Debug, Default)]
pub struct Limiter {
    limits: HashMap<&'static str, Bucket>,
    levels: Mutex<HashMap<&'static str, Level>>,
}

impl Limiter {
    /// A limiter with these buckets, looked up by their names. A name without a bucket is not limited.
    pub fn new(buckets: impl IntoIterator<Item = Bucket>) -> Self {
        Limiter {
            limits: buckets.into_iter().map(|bucket| (bucket.name, bucket)).collect(),
            levels: Mutex::default(),
        }
    }

    /// Returns when the next call against the bucket called `name` may be made.
    pub async fn admit(&self, name: &str) {
        tokio::time::sleep(self.turn(name)).await;
    }

    /// Returns when the next call against `bucket` may be made.
    pub async fn admit_to(&self, bucket: Bucket) {
        tokio::time::sleep(self.take(bucket)).await;
    }

    /// How long to wait for the turn of a call against the bucket called `name`. The turn is taken.
    pub(crate) fn turn(&self, name: &str) -> Duration {
        self.limits.get(name).map_or(Duration::ZERO, |bucket| self.take(*bucket))
    }

    /// Takes one token, on credit if there is none, and gives how long to wait for it.
    pub(crate) fn take(&self, bucket: Bucket) -> Duration {
        let now = Instant::now();
        let mut levels = self.levels.lock().expect("no code panics while it holds the levels");
        let level = levels.entry(bucket.name).or_insert(Level { tokens: bucket.burst, at: now });
        let refilled = level.tokens + (now - level.at).as_secs_f64() * bucket.per_second;
        *level = Level { tokens: refilled.min(bucket.burst) - 1.0, at: now };
        Duration::from_secs_f64((-level.tokens).max(0.0) / bucket.per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_THEN_ONE_A_SECOND: Bucket = Bucket { name: "test", burst: 2.0, per_second: 1.0 };

    #[tokio::test(start_paused = true)]
    async fn lets_a_burst_through_and_then_keeps_the_rate() {
        let limiter = Limiter::new([TWO_THEN_ONE_A_SECOND]);
        let start = Instant::now();
        for _ in 0..5 {
            limiter.admit("test").await;
        }
        assert_eq!(start.elapsed().as_secs(), 3);
        limiter.admit("another").await;
        assert_eq!(start.elapsed().as_secs(), 3, "other limits are not touched");
    }
}
