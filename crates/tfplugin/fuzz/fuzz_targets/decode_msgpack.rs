//! Any bytes, read as any type: a value that comes back as it went, or an error.
//!
//! `cargo +nightly fuzz run decode_msgpack` in `crates/tfplugin`. The input is a type in JSON, a line feed, and the bytes
//! of a value; without a line feed all of it is the value, of any type.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin::value::{Type, msgpack};

fuzz_target!(|input: &[u8]| {
    let split = input.iter().position(|byte| *byte == b'\n');
    let (r#type, bytes) = match split {
        Some(end) => match Type::from_json(&input[..end]) {
            Ok(r#type) => (r#type, &input[end + 1..]),
            Err(_) => return,
        },
        None => (Type::Dynamic, input),
    };
    if let Ok(value) = msgpack::decode(bytes, &r#type) {
        let again = msgpack::encode(&value, &r#type).expect("what was read can be written");
        assert_eq!(msgpack::decode(&again, &r#type).as_ref(), Ok(&value));
    }
});
