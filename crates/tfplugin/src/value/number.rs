//! Numbers of any size, exactly.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// How many zeros may follow or precede the digits of a number.
const FURTHEST: i64 = 20_000;
/// Up to here numbers are written out in full, as Terraform does, and beyond with an exponent.
const WRITTEN_OUT: i32 = 400;

/// An exact decimal number.
///
/// Equal when numerically equal: `1`, `1.0` and `1e0` are one number.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Number {
    negative: bool,
    /// Neither leading nor trailing zeros; empty for zero.
    digits: String,
    /// The power of ten that the digits, read as a whole number, are multiplied by.
    exponent: i32,
}

/// The text is no decimal number, or one with more than 20,000 zeros at an end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number of a reasonable size")]
pub struct NotANumber;

impl Number {
    /// The number a float stands for exactly: `0.1` becomes `0.1000000000000000055511151231257827..`.
    pub fn exactly(float: f64) -> Result<Self, NotANumber> {
        // No float has more than 1074 digits after the point.
        if float.is_finite() { format!("{float:.1074}").parse() } else { Err(NotANumber) }
    }

    /// The number as an integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_integer()
    }

    /// The number as an integer without sign, if it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_integer()
    }

    /// The nearest float.
    pub fn as_f64(&self) -> f64 {
        self.scientific().parse().expect("digits with an exponent are a float")
    }

    /// The float that is exactly this number.
    pub fn as_exact_f64(&self) -> Option<f64> {
        // The longest float has 767 digits.
        let float = if self.digits.len() <= 800 { self.as_f64() } else { f64::INFINITY };
        Self::exactly(float).is_ok_and(|exact| exact == *self).then_some(float)
    }

    /// Whether nothing but zeros stands after the point.
    pub fn is_integer(&self) -> bool {
        self.exponent >= 0
    }

    fn as_integer<I: FromStr>(&self) -> Option<I> {
        let fits = (0..=20).contains(&self.exponent) && self.digits.len() <= 20;
        fits.then(|| self.to_string().parse().ok()).flatten()
    }

    fn scientific(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let digits = if self.digits.is_empty() { "0" } else { &self.digits };
        format!("{sign}{digits}e{}", self.exponent)
    }

    /// Where the point stands, counted from the first digit.
    fn magnitude(&self) -> i64 {
        self.digits.len() as i64 + i64::from(self.exponent)
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
            return Err(NotANumber);
        }
        let written = digits.len();
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return Ok(Self::default());
        }
        let exponent = exponent - fraction.len() as i64 + (written - digits.len()) as i64;
        digits.drain(..digits.len() - digits.trim_start_matches('0').len());
        digits.shrink_to_fit();
        if exponent.abs() > FURTHEST {
            return Err(NotANumber);
        }
        Ok(Self { negative, digits, exponent: i32::try_from(exponent).map_err(|_| NotANumber)? })
    }
}

fn exponent_of(text: &str) -> Result<i64, NotANumber> {
    // `i32` takes one sign, as wanted, and is far more than is accepted in the end.
    text.parse::<i32>().map(i64::from).map_err(|_| NotANumber)
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exponent.abs() > WRITTEN_OUT {
            return formatter.write_str(&self.scientific());
        }
        if self.negative {
            formatter.write_str("-")?;
        }
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        match usize::try_from(self.magnitude()) {
            _ if self.digits.is_empty() => formatter.write_str("0"),
            _ if self.exponent >= 0 => write!(formatter, "{}{}", self.digits, zeros(self.exponent.into())),
            Ok(point) if point > 0 => {
                write!(formatter, "{}.{}", &self.digits[..point], &self.digits[point..])
            }
            _ => write!(formatter, "0.{}{}", zeros(-self.magnitude()), self.digits),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |it: &Self| match (it.digits.is_empty(), it.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = || self.magnitude().cmp(&other.magnitude()).then_with(|| self.digits.cmp(&other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            1 => size(),
            -1 => size().reverse(),
            _ => Ordering::Equal,
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        number.to_string().parse().expect("an integer is a decimal number")
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        number.to_string().parse().expect("an integer is a decimal number")
    }
}

/// The shortest decimal number that stands for this float: `0.1` becomes `0.1`.
impl TryFrom<f64> for Number {
    type Error = NotANumber;

    fn try_from(float: f64) -> Result<Self, NotANumber> {
        format!("{float:e}").parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for (text, canonical) in [
            ("1", "1"),
            ("1.0", "1"),
            ("1e0", "1"),
            ("+1", "1"),
            ("100e-2", "1"),
            ("-0", "0"),
            ("0.000", "0"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.23e22", "12300000000000000000000"),
            ("18446744073709551616", "18446744073709551616"),
            ("0.1", "0.1"),
            ("-0.00012", "-0.00012"),
            ("12.50", "12.5"),
            ("1e401", "1e401"),
            ("-25e-402", "-25e-402"),
        ] {
            assert_eq!(number(text).to_string(), canonical, "{text}");
            assert_eq!(number(canonical), number(text));
        }
    }

    #[test]
    fn what_is_no_number_or_would_need_all_memory_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "0x10",
            "1_000",
            "NaN",
            "inf",
            " 1",
            "1e999999999",
            "1e-30000",
            "1e99999999999999",
            "--1",
            "٣",
        ] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text}");
        }
        assert_eq!(Number::try_from(f64::NAN), Err(NotANumber));
        assert_eq!(Number::exactly(f64::INFINITY), Err(NotANumber));
    }

    #[test]
    fn floats_are_told_from_the_decimals_near_them() {
        assert_eq!(Number::try_from(0.1), Ok(number("0.1")));
        assert!(Number::exactly(0.1).unwrap() > number("0.1"));
        assert_eq!(number("0.1").as_exact_f64(), None);
        assert_eq!(number("0.5").as_exact_f64(), Some(0.5));
        assert_eq!(Number::exactly(f64::MIN_POSITIVE).unwrap().as_exact_f64(), Some(f64::MIN_POSITIVE));
    }

    proptest! {
        #[test]
        fn integers_keep_their_order_and_come_back(a: i64, b: i64) {
            prop_assert_eq!(Number::from(a).as_i64(), Some(a));
            prop_assert_eq!(Number::from(a).cmp(&Number::from(b)), a.cmp(&b));
        }

        #[test]
        fn floats_keep_their_order_and_come_back(a in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO, b in proptest::num::f64::NORMAL) {
            prop_assert_eq!(Number::exactly(a).unwrap().as_exact_f64(), Some(a));
            prop_assert_eq!(Number::exactly(a).unwrap().cmp(&Number::exactly(b).unwrap()), a.partial_cmp(&b).unwrap());
            prop_assert_eq!(Number::try_from(a).unwrap().as_f64(), a);
        }

        #[test]
        fn any_text_is_a_number_or_refused(text in "[-+]?[0-9.eE+-]{0,12}") {
            if let Ok(number) = text.parse::<Number>() {
                prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
            }
        }
    }
}
