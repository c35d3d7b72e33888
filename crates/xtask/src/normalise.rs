//! Text without what differs from run to run, so that it can be compared with a snapshot.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What is replaced, in this order. A name with `#` gets a number: the same text always gets the same one.
static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\x1b\[[0-9;]*m", ""),
        (r"http://127\.0\.0\.1:\d+", "http://sandbox"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", "TIME"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "uuid-#"),
        (r"\b(?P<kind>[a-z]+(?:-[a-z]+)*)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b", "$kind-#"),
        (r"\b\d{12}\b", "ACCOUNT"),
        (r"\b(?:[1-9]|1[1-9]|[2-9]\d|1[013-6]\d|12[0-689]|17[013-9]|18\d|19[013-9]|20\d|21\d|22[0-3])(?:\.\d{1,3}){3}\b(?:/\d)?", "ADDRESS-#"),
        (r" after (?:\d+m)?\d+s", " after TIME"),
        (r", (?:\d+m)?\d+s elapsed\]", ", TIME elapsed]"),
        (r" \[(?:\d+m)?\d+s elapsed\]", " [TIME elapsed]"),
    ]
    .map(|(pattern, name)| (Regex::new(pattern).expect("the patterns above are well formed"), name))
    .to_vec()
});

/// `text` with placeholders.
pub fn text(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, name) in PATTERNS.iter() {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let replaced = pattern.replace_all(&text, |found: &Captures<'_>| {
            let whole = &found[0];
            // A range of addresses is configuration, and stays.
            if whole.contains('/') && name.starts_with("ADDRESS") {
                return whole.to_owned();
            }
            if !name.contains('#') {
                return (*name).to_owned();
            }
            let kind = found.name("kind").map_or("", |kind| kind.as_str());
            let next = numbers.keys().filter(|other| kind_of(other) == kind_of(whole)).count() + 1;
            let number = *numbers.entry(whole.to_owned()).or_insert(next);
            name.replace("$kind", kind).replace('#', &number.to_string())
        });
        text = replaced.into_owned();
    }
    text
}

fn kind_of(id: &str) -> &str {
    id.rsplit_once('-').map_or("", |(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_is_the_same_everywhere_and_kinds_are_counted_apart() {
        let before =
            "vpc-0a1b2c3d4e5f60718 subnet-0a1b2c3d4e5f60718 subnet-00000000000000001 vpc-0a1b2c3d4e5f60718";
        assert_eq!(text(before), "vpc-1 subnet-1 subnet-2 vpc-1");
    }

    #[test]
    fn what_the_configuration_says_stays() {
        let before =
            "subnet.public.eu-west-1a 10.10.0.0/16 172.16.0.1 192.168.1.0/24 0.0.0.0/0 52.0.0.0/8 rtb-main";
        assert_eq!(text(before), before);
    }

    #[test]
    fn accounts_addresses_times_and_requests_go() {
        let before = "arn:aws:iam::100000000001:role/x 54.214.3.9 Creation complete after 1m3s [id=a] http://127.0.0.1:4041/x \
                      at 2026-11-23T12:00:00Z (request 1b4e28ba-2fa1-11d2-883f-0016d3cca427)";
        assert_eq!(
            text(before),
            "arn:aws:iam::ACCOUNT:role/x ADDRESS-1 Creation complete after TIME [id=a] http://sandbox/x \
             at TIME (request uuid-1)"
        );
    }
}
