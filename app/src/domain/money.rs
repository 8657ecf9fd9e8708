//! Money in whole fen, so that no sum is ever rounded.

use serde::{Deserialize, Serialize};

use super::normalise::single_line;

/// The largest amount that a form takes: 100,000,000 yuan.
const MAX: i64 = 100_000_000 * 100;

/// Why an amount was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing was given.
    #[error("amount missing")]
    Missing,
    /// Not a number.
    #[error("amount is not a number")]
    NotANumber,
    /// More than two digits after the point.
    #[error("amount has more than two decimals")]
    TooManyDecimals,
    /// Less than nothing.
    #[error("amount is negative")]
    Negative,
    /// More than 100,000,000 yuan.
    #[error("amount is too large")]
    TooLarge,
}

/// An amount in fen, a hundredth of a yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Reads yuan as people write them: 1200, 1,200, １２００.5, ¥1200, 1200元.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse_yuan(text: &str) -> Result<Self, MoneyError> {
        let line = single_line(text);
        if line.is_empty() {
            return Err(MoneyError::Missing);
        }
        // U+FFE5 is no full-width ASCII, so it stands here beside U+00A5.
        let amount = line.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
        let (amount, negative) = match amount.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (rest.trim_start_matches(['¥', '￥', ' ']), true),
            None => (amount, false),
        };
        let (whole, decimals) = match amount.split_once('.') {
            Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
            Some(_) => return Err(MoneyError::NotANumber),
            None => (amount, ""),
        };
        let whole = without_thousands(whole).ok_or(MoneyError::NotANumber)?;
        if !decimals.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MoneyError::NotANumber);
        }
        if negative {
            return Err(MoneyError::Negative);
        }
        let tenths_and_hundredths = match *decimals.as_bytes() {
            [] => 0,
            [tenth] => i64::from(tenth - b'0') * 10,
            [tenth, hundredth] => i64::from(tenth - b'0') * 10 + i64::from(hundredth - b'0'),
            _ => return Err(MoneyError::TooManyDecimals),
        };
        // Only digits are left, so a number that does not parse is one that does not fit.
        let yuan: i64 = whole.parse().map_err(|_| MoneyError::TooLarge)?;
        match yuan.checked_mul(100).and_then(|fen| fen.checked_add(tenths_and_hundredths)) {
            Some(fen) if fen <= MAX => Ok(Self(fen)),
            _ => Err(MoneyError::TooLarge),
        }
    }

    /// Yuan for reading: 1,200 or 1,200.50.
    pub fn yuan(self) -> String {
        let fen = self.0.unsigned_abs();
        let whole = (fen / 100).to_string();
        let mut text = String::with_capacity(whole.len() + whole.len() / 3 + 4);
        if self.0 < 0 {
            text.push('-');
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        let rest = fen % 100;
        if rest > 0 {
            text.push('.');
            if rest < 10 {
                text.push('0');
            }
            text.push_str(&rest.to_string());
        }
        text
    }
}

/// The digits of a whole number; commas only where they part thousands, since 「1,5」 may mean 1.5.
fn without_thousands(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.contains(',');
    if first.is_empty() || (grouped && first.len() > 3) {
        return None;
    }
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, fen) in [
            ("1200", 120_000),
            ("1,200", 120_000),
            ("1，200", 120_000),
            ("１２００.5", 120_050),
            ("1200.50", 120_050),
            ("¥1200", 120_000),
            ("￥ 1,200.05", 120_005),
            ("1200元", 120_000),
            (" 1200 元 ", 120_000),
            ("0", 0),
            ("007", 700),
            ("100,000,000", MAX),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen(fen)), "{text}");
        }
    }

    #[test]
    fn refusals_say_what_is_wrong() {
        for (text, error) in [
            ("", MoneyError::Missing),
            ("\u{3000}", MoneyError::Missing),
            ("元", MoneyError::NotANumber),
            ("一千", MoneyError::NotANumber),
            ("1.2万", MoneyError::NotANumber),
            ("1,5", MoneyError::NotANumber),
            ("1200,000", MoneyError::NotANumber),
            ("12.", MoneyError::NotANumber),
            (".5", MoneyError::NotANumber),
            ("1.2.3", MoneyError::NotANumber),
            ("+5", MoneyError::NotANumber),
            ("1e5", MoneyError::NotANumber),
            ("1 200", MoneyError::NotANumber),
            ("1.005", MoneyError::TooManyDecimals),
            ("-1", MoneyError::Negative),
            ("－1元", MoneyError::Negative),
            ("100000000.01", MoneyError::TooLarge),
            ("99999999999999999999999", MoneyError::TooLarge),
        ] {
            assert_eq!(Fen::parse_yuan(text), Err(error), "{text}");
        }
    }

    #[test]
    fn yuan_parts_thousands_and_drops_empty_cents() {
        for (fen, text) in [
            (0, "0"),
            (5, "0.05"),
            (50, "0.50"),
            (99_900, "999"),
            (120_000, "1,200"),
            (120_050, "1,200.50"),
            (123_456_789, "1,234,567.89"),
            (-120_050, "-1,200.50"),
        ] {
            assert_eq!(Fen(fen).yuan(), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(fen in 0..=MAX) {
            prop_assert_eq!(Fen::parse_yuan(&Fen(fen).yuan()), Ok(Fen(fen)));
        }

        #[test]
        fn parsing_never_panics(text in prop_oneof![any::<String>(), "[¥-]?[0-9,.]{0,24}元?"], fen in any::<i64>()) {
            if let Ok(amount) = Fen::parse_yuan(&text) {
                prop_assert!((0..=MAX).contains(&amount.0));
            }
            prop_assert!(!Fen(fen).yuan().is_empty());
        }
    }
}
