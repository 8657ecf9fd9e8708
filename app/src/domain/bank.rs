//! The bank account to which aid is paid.

use std::fmt;

use super::normalise::digits;

/// Why an account number was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankAccountError {
    /// Nothing was given.
    #[error("account number missing")]
    Missing,
    /// Not 16 to 19 digits.
    #[error("account number is not 16 to 19 digits")]
    Length,
    /// Something other than digits.
    #[error("account number has a wrong character")]
    Characters,
}

/// A bank account number of 16 to 19 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct BankAccount(String);

impl BankAccount {
    /// Checks an account number. A wrong Luhn digit is no error, see [`BankAccount::luhn_ok`].
    ///
    /// # Errors
    /// The rule that the number breaks.
    pub fn parse(text: &str) -> Result<Self, BankAccountError> {
        let number = digits(text);
        if number.is_empty() {
            return Err(BankAccountError::Missing);
        }
        if !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BankAccountError::Characters);
        }
        if !(16..=19).contains(&number.len()) {
            return Err(BankAccountError::Length);
        }
        Ok(Self(number))
    }

    /// False when one digit is probably wrong. It warns and never blocks: some older cards are said not to
    /// follow Luhn, and their owners must still be paid.
    pub fn luhn_ok(&self) -> bool {
        luhn(&self.0)
    }

    /// The digits.
    pub fn number(&self) -> &str {
        &self.0
    }

    /// The last four digits behind four stars.
    pub fn masked(&self) -> String {
        let tail = self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default();
        ["＊＊＊＊", tail].concat()
    }
}

impl fmt::Debug for BankAccount {
    /// Masked: an account does not belong in a log line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankAccount({})", self.masked())
    }
}

/// The check of ISO/IEC 7812-1, annex B: double every second digit from the right, the sum ends in 0.
pub fn luhn(number: &str) -> bool {
    let mut sum = 0_u32;
    for (i, b) in number.bytes().rev().enumerate() {
        if !b.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(b - b'0');
        sum += match (i % 2, digit) {
            (0, d) => d,
            (_, d @ 0..=4) => d * 2,
            (_, d) => d * 2 - 9,
        };
    }
    !number.is_empty() && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn luhn_vectors() {
        for number in ["4111111111111111", "6222023200000000011", "79927398713"] {
            assert!(luhn(number), "{number}");
        }
        for number in ["4111111111111112", "79927398710", "", "411111111111111a"] {
            assert!(!luhn(number), "{number}");
        }
    }

    #[test]
    fn bank_card_luhn_failure_warns_and_does_not_block() {
        let right = BankAccount::parse("6222 0232 0000 0000 011");
        assert!(right.is_ok_and(|account| account.luhn_ok() && account.number() == "6222023200000000011"));
        let wrong = BankAccount::parse("6222023200000000012");
        assert!(wrong.is_ok_and(|account| !account.luhn_ok()));
    }

    #[test]
    fn refusals_say_what_is_wrong() {
        assert_eq!(BankAccount::parse(" \u{3000}"), Err(BankAccountError::Missing));
        assert_eq!(BankAccount::parse("79927398713"), Err(BankAccountError::Length));
        assert_eq!(BankAccount::parse(&"1".repeat(20)), Err(BankAccountError::Length));
        assert_eq!(BankAccount::parse("6222023200000000O11"), Err(BankAccountError::Characters));
        assert!(BankAccount::parse(&"１".repeat(16)).is_ok());
    }

    #[test]
    fn mask_shows_four_digits_and_debug_is_masked() {
        let account = BankAccount::parse("6222023200000000011");
        assert_eq!(account.as_ref().map(BankAccount::masked), Ok("＊＊＊＊0011".into()));
        assert_eq!(format!("{account:?}"), "Ok(BankAccount(＊＊＊＊0011))");
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_idempotent(text in prop_oneof![any::<String>(), "[0-9 -]{10,24}"]) {
            if let Ok(account) = BankAccount::parse(&text) {
                prop_assert_eq!(BankAccount::parse(account.number()), Ok(account.clone()));
            }
            let _ = luhn(&text);
        }

        #[test]
        fn luhn_finds_every_single_altered_digit(body in "[0-9]{15,18}", place in 0..15_usize, step in 1..10_u8) {
            let number = (0..10).map(|last| format!("{body}{last}")).find(|number| luhn(number));
            let mut bytes = number.unwrap_or_default().into_bytes();
            bytes[place] = b'0' + (bytes[place] - b'0' + step) % 10;
            let altered: String = bytes.into_iter().map(char::from).collect();
            prop_assert!(!luhn(&altered));
        }
    }
}
