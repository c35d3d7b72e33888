//! Percent-encoding, in which IAM returns policies (RFC 3986).

/// `text` without its percent-encoding; text that is not encoded comes back as it is.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        match encoded_byte(rest) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn encoded_byte(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_come_back_as_they_were_written() {
        assert_eq!(decoded("%7B%22Sid%22%3A%22100%25%20%C3%A4%22%7D"), r#"{"Sid":"100% ä"}"#);
        assert_eq!(decoded(r#"{"plain": "50%"}"#), r#"{"plain": "50%"}"#);
    }
}
