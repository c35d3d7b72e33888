//! How the addresses of a network are dealt.

use crate::region_stack::blocks::{Slot, Tier, block};
use ipnet::Ipv4Net;
use proptest::prelude::*;
use std::net::Ipv4Addr;

fn blocks(cidr: &Ipv4Net, letters: &str) -> Vec<(char, Tier, Ipv4Net)> {
    let of_zone = |letter: char| {
        let slot = Slot::of(&format!("eu-west-1{letter}"), "eu-west-1").unwrap();
        Tier::ALL.map(|tier| (letter, tier, block(cidr, slot, tier)))
    };
    letters.chars().flat_map(of_zone).collect()
}

fn networks() -> impl Strategy<Value = Ipv4Net> {
    (any::<u32>(), 16..=22_u8)
        .prop_map(|(address, prefix)| Ipv4Net::new(Ipv4Addr::from(address), prefix).unwrap().trunc())
}

#[test]
fn a_zone_has_the_eighth_of_its_letter() {
    let cidr = "10.0.0.0/16".parse().unwrap();
    let lines: Vec<String> = blocks(&cidr, "ach")
        .into_iter()
        .map(|(letter, tier, block)| format!("{letter} {} {block}", tier.word()))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    a public 10.0.16.0/21
    a private 10.0.0.0/20
    a database 10.0.24.0/21
    c public 10.0.80.0/21
    c private 10.0.64.0/20
    c database 10.0.88.0/21
    h public 10.0.240.0/21
    h private 10.0.224.0/20
    h database 10.0.248.0/21
    ");
}

proptest! {
    #[test]
    fn blocks_stay_in_the_network_and_never_overlap(cidr in networks()) {
        let blocks = blocks(&cidr, "abcdefgh");
        for (position, (_, _, block)) in blocks.iter().enumerate() {
            prop_assert!(cidr.contains(block));
            prop_assert!(block.prefix_len() <= 27, "too small for a load balancer");
            for (_, _, other) in &blocks[position + 1..] {
                prop_assert!(!block.contains(other) && !other.contains(block));
            }
        }
    }

    #[test]
    fn a_zone_keeps_its_blocks_whichever_others_there_are(
        cidr in networks(),
        letters in proptest::sample::subsequence(vec!['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 0..=8).prop_shuffle(),
    ) {
        let all = blocks(&cidr, "abcdefgh");
        for block in blocks(&cidr, &letters.into_iter().collect::<String>()) {
            prop_assert!(all.contains(&block));
        }
    }

    #[test]
    fn a_whole_network_is_dealt_to_the_last_address(cidr in networks()) {
        let dealt: u64 = blocks(&cidr, "abcdefgh").iter().map(|(_, _, block)| 1 << (32 - block.prefix_len())).sum();
        prop_assert_eq!(dealt, 1_u64 << (32 - cidr.prefix_len()));
    }
}
