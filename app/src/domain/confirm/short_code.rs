//! The short code below a QR code.

use crate::domain::form::{FieldError, Prompt, Rule};
use crate::domain::normalise;

/// The signs of numbers and codes that people read and type: Crockford's base 32, without I L O U.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A short code: 7 random signs and a check sign of the same alphabet, shown 4-4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortCode(String);

impl ShortCode {
    /// Makes the code of 35 random bits; higher bits are ignored.
    pub fn from_random(random: u64) -> Self {
        let mut values: Vec<u8> = (0..7).map(|i| ((random >> (5 * i)) & 31) as u8).collect();
        values.push(check_value(&values));
        Self(values.into_iter().map(|v| char::from(SIGNS[usize::from(v)])).collect())
    }

    /// Reads a typed code: spaces and dashes don't matter, nor does case; O is read as 0, I and L as 1.
    ///
    /// # Errors
    /// Missing, or mistyped: one wrong sign and two neighbours exchanged are always noticed.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = normalise::digits(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(Prompt::ShortCode.into());
        }
        let values: Option<Vec<u8>> = text.chars().map(sign_value).collect();
        match values {
            Some(values) if values.len() == 8 && check_value(&values[..7]) == values[7] => {
                Ok(Self(values.into_iter().map(|v| char::from(SIGNS[usize::from(v)])).collect()))
            }
            _ => Err(Rule::ShortCodeMistyped.into()),
        }
    }

    /// The 8 signs without a dash, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As shown: `7K3M-9QXD`.
    pub fn shown(&self) -> String {
        let (left, right) = self.0.split_at(4);
        format!("{left}-{right}")
    }
}

fn sign_value(sign: char) -> Option<u8> {
    let sign = match sign {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    SIGNS.iter().position(|s| char::from(*s) == sign).map(|at| at as u8)
}

/// The check sign's value: a sum in the field of 32 elements, each place times another power of the generator
/// (x^5 + x^2 + 1). So each single error and each exchange of two places changes it.
fn check_value(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_x(sum ^ value))
}

fn times_x(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { (doubled ^ 0b10_0101) & 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_short_code_is_read_back_in_any_dress(random in any::<u64>()) {
            let code = ShortCode::from_random(random);
            let dressed = format!(" {} ", code.shown().to_lowercase().replace('0', "o").replace('1', "l"));
            prop_assert_eq!(ShortCode::parse(&dressed), Ok(code));
        }

        #[test]
        fn one_wrong_sign_and_two_exchanged_neighbours_are_noticed(random in any::<u64>(), at in 0usize..8, sign in 0usize..32) {
            let code = ShortCode::from_random(random);
            let mut wrong: Vec<char> = code.as_str().chars().collect();
            wrong[at] = char::from(SIGNS[sign]);
            let wrong: String = wrong.into_iter().collect();
            if wrong != code.as_str() {
                prop_assert_eq!(ShortCode::parse(&wrong), Err(Rule::ShortCodeMistyped.into()));
            }
            let mut swapped: Vec<char> = code.as_str().chars().collect();
            swapped.swap(at, (at + 1) % 8);
            let swapped: String = swapped.into_iter().collect();
            if at < 7 && swapped != code.as_str() {
                prop_assert_eq!(ShortCode::parse(&swapped), Err(Rule::ShortCodeMistyped.into()));
            }
        }

        #[test]
        fn reading_a_code_never_fails_badly(text in "\\PC*") {
            let _ = ShortCode::parse(&text);
        }
    }
}
