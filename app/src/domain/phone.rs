//! Telephone numbers: a mobile for messages, a mobile or a landline as a contact.

use std::fmt;

use super::normalise::digits;

/// Why a telephone number was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing was given.
    #[error("phone number missing")]
    Missing,
    /// Not 11 digits.
    #[error("mobile number is not 11 digits")]
    MobileLength,
    /// 11 digits that begin with something other than 13 to 19.
    #[error("mobile number has a wrong prefix")]
    MobilePrefix,
    /// 13 digits that begin with 1: a number of a device, which gets no messages.
    #[error("number of a device")]
    IotNumber,
    /// A landline without its area code or of a wrong length.
    #[error("landline number has a wrong form")]
    Landline,
}

/// A mobile number of the mainland. Nothing is inferred from its prefix: lists of prefixes age, and numbers
/// have moved between carriers since 2019-12-01.
#[derive(Clone, PartialEq, Eq)]
pub struct Mobile(String);

impl Mobile {
    /// Checks a mobile number; spaces, hyphens and the country code may be there.
    ///
    /// # Errors
    /// The rule that the number breaks.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let number = digits(text);
        if number.is_empty() {
            return Err(PhoneError::Missing);
        }
        Self::national(without_country(&number).0)
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First three and last four, as on bills: 138****0000.
    pub fn masked(&self) -> String {
        mask(&self.0, 3)
    }

    /// The last four digits, which a clerk asks for.
    pub fn last_four(&self) -> &str {
        last_four(&self.0)
    }

    fn national(number: &str) -> Result<Self, PhoneError> {
        let bytes = number.as_bytes();
        match bytes {
            [b'1', ..] if bytes.len() == 13 && bytes.iter().all(u8::is_ascii_digit) => {
                Err(PhoneError::IotNumber)
            }
            _ if bytes.len() != 11 || !bytes.iter().all(u8::is_ascii_digit) => Err(PhoneError::MobileLength),
            [b'1', b'3'..=b'9', ..] => Ok(Self(number.to_owned())),
            _ => Err(PhoneError::MobilePrefix),
        }
    }
}

impl fmt::Debug for Mobile {
    /// Masked: a number does not belong in a log line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mobile({})", self.masked())
    }
}

/// A number under which a person can be reached by voice: a mobile, or a landline with its area code, which is
/// what many older people have.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactPhone(String);

impl ContactPhone {
    /// Checks a contact number.
    ///
    /// # Errors
    /// The rule that the number breaks.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut number = digits(text);
        // 「(0510)8…」; full-width ones have become these.
        number.retain(|c| !matches!(c, '(' | ')'));
        if number.is_empty() {
            return Err(PhoneError::Missing);
        }
        let (national, international) = without_country(&number);
        match Mobile::national(national) {
            Ok(mobile) => Ok(Self(mobile.0)),
            Err(_) if national.starts_with('0') => landline(national),
            // After the country code an area code stands without its 0: +86 510 8….
            Err(error) if international => landline(&["0", national].concat()).map_err(|_| error),
            Err(error) if national.starts_with('1') => Err(error),
            Err(_) => Err(PhoneError::Landline),
        }
    }

    /// Eleven digits, or area code and number with a hyphen: 0510-12345678.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The mobile number, if it is one: only that gets messages.
    pub fn mobile(&self) -> Option<Mobile> {
        Mobile::national(&self.0).ok()
    }

    /// The last four digits and the first three, or the area code.
    pub fn masked(&self) -> String {
        mask(&self.0, self.0.find('-').map_or(3, |hyphen| hyphen + 1))
    }

    /// The last four digits.
    pub fn last_four(&self) -> &str {
        last_four(&self.0)
    }
}

impl fmt::Debug for ContactPhone {
    /// Masked: a number does not belong in a log line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContactPhone({})", self.masked())
    }
}

/// The number without +86, 0086 or 86, and whether one of the first two stood there.
fn without_country(number: &str) -> (&str, bool) {
    for prefix in ["+86", "0086"] {
        if let Some(rest) = number.strip_prefix(prefix) {
            return (rest, true);
        }
    }
    match number.strip_prefix("86") {
        // Eleven digits after it, or else 86 belongs to the number.
        Some(rest) if rest.len() == 11 => (rest, false),
        _ => (number, false),
    }
}

/// 010 and 02x have two digits after the 0 and eight in the number, all others three and seven or eight.
fn landline(number: &str) -> Result<ContactPhone, PhoneError> {
    let bytes = number.as_bytes();
    let (area, local) = match bytes {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => (3, 8..=8),
        [b'0', b'3'..=b'9', ..] => (4, 7..=8),
        _ => return Err(PhoneError::Landline),
    };
    let fits = bytes.iter().all(u8::is_ascii_digit)
        && local.contains(&bytes.len().saturating_sub(area))
        // A local number does not begin with 0 (long distance) or 1 (services).
        && bytes.get(area).is_some_and(|first| !matches!(first, b'0' | b'1'));
    match number.split_at_checked(area) {
        Some((area, local)) if fits => Ok(ContactPhone([area, "-", local].concat())),
        _ => Err(PhoneError::Landline),
    }
}

fn mask(number: &str, head: usize) -> String {
    let length = number.len();
    number.chars().enumerate().map(|(i, c)| if i < head || i + 4 >= length { c } else { '*' }).collect()
}

fn last_four(number: &str) -> &str {
    number.get(number.len().saturating_sub(4)..).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mobile(text: &str) -> Result<String, PhoneError> {
        Mobile::parse(text).map(|mobile| mobile.0)
    }

    fn contact(text: &str) -> Result<String, PhoneError> {
        ContactPhone::parse(text).map(|phone| phone.0)
    }

    #[test]
    fn mobile_is_read_as_people_write_it() {
        for text in [
            "13800000000",
            " 138 0000 0000 ",
            "138-0000-0000",
            "+86 138 0000 0000",
            "+86-13800000000",
            "8613800000000",
            "008613800000000",
            "１３８００００００００",
            "＋８６１３８００００００００",
        ] {
            assert_eq!(mobile(text), Ok("13800000000".into()), "{text}");
        }
        for second in 3..=9 {
            assert!(mobile(&format!("1{second}200000000")).is_ok());
        }
    }

    #[test]
    fn mobile_refusals_say_what_is_wrong() {
        assert_eq!(mobile(" - "), Err(PhoneError::Missing));
        assert_eq!(mobile("1380000000"), Err(PhoneError::MobileLength));
        assert_eq!(mobile("138000000001"), Err(PhoneError::MobileLength));
        assert_eq!(mobile("1380000000a"), Err(PhoneError::MobileLength));
        assert_eq!(mobile("12345678901"), Err(PhoneError::MobilePrefix));
        assert_eq!(mobile("23800000000"), Err(PhoneError::MobilePrefix));
        assert_eq!(mobile("86000000000"), Err(PhoneError::MobilePrefix));
    }

    #[test]
    fn phone_rejects_13_digit_iot_and_accepts_0510_landline_as_contact() {
        for parse in [mobile, contact] {
            assert_eq!(parse("1064800000000"), Err(PhoneError::IotNumber));
            assert_eq!(parse("+86 14400 0000 0000"), Err(PhoneError::IotNumber));
        }
        for text in
            ["0510-80000000", "051080000000", "（0510）8000 0000", "+86 510 8000 0000", "0086-0510-80000000"]
        {
            assert_eq!(contact(text), Ok("0510-80000000".into()), "{text}");
            assert!(mobile(text).is_err());
        }
        assert_eq!(contact("010-80000000"), Ok("010-80000000".into()));
        assert_eq!(contact("+86 10 8000 0000"), Ok("010-80000000".into()));
        assert_eq!(contact("0898 2000000"), Ok("0898-2000000".into()));
        assert_eq!(contact("+8613800000000"), Ok("13800000000".into()));
    }

    #[test]
    fn landlines_without_area_code_or_of_wrong_length_are_refused() {
        for text in
            ["80000000", "0510-800000", "0510-800000000", "010-8000000", "0510-10000000", "0510-8000000a"]
        {
            assert_eq!(contact(text), Err(PhoneError::Landline), "{text}");
        }
        assert_eq!(contact("1380000000"), Err(PhoneError::MobileLength));
        assert_eq!(contact(""), Err(PhoneError::Missing));
    }

    #[test]
    fn masks_hide_the_middle_and_debug_is_masked() {
        let mobile = Mobile::parse("13800000000");
        assert_eq!(mobile.as_ref().map(Mobile::masked), Ok("138****0000".into()));
        assert_eq!(mobile.as_ref().map(Mobile::last_four), Ok("0000"));
        assert_eq!(format!("{mobile:?}"), "Ok(Mobile(138****0000))");
        let contact = ContactPhone::parse("0510-80001234");
        assert_eq!(contact.as_ref().map(ContactPhone::masked), Ok("0510-****1234".into()));
        assert_eq!(format!("{contact:?}"), "Ok(ContactPhone(0510-****1234))");
        assert!(contact.is_ok_and(|phone| phone.mobile().is_none()));
        assert!(ContactPhone::parse("13800000000").is_ok_and(|phone| phone.mobile().is_some()));
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_idempotent(
            text in prop_oneof![any::<String>(), "[+]?[0-9 ()-]{0,20}", "1[3-9][0-9]{9}", "0[1-9][0-9]{8,11}"],
        ) {
            if let Ok(number) = mobile(&text) {
                prop_assert_eq!(mobile(&number), Ok(number.clone()));
                prop_assert_eq!(contact(&number), Ok(number));
            }
            if let Ok(phone) = ContactPhone::parse(&text) {
                prop_assert_eq!(contact(phone.as_str()), Ok(phone.as_str().to_owned()));
                prop_assert!(phone.masked().contains('*'));
            }
        }
    }
}
