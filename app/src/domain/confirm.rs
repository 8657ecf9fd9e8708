//! A confirmation: what its signed QR says, its short code, its number, and what a check may answer.

use super::form::{FieldError, FormErrors, Prompt, Rule};
use super::normalise;
use crate::slugs;

/// What is confirmed. The number stands in the token; it is never given to another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmationKind {
    /// An application for aid was received (`receipt`). It carries no holder.
    AidReceipt,
    /// A card on paper for a person without a telephone (`card`).
    Card,
}

slugs!(ConfirmationKind { AidReceipt = "receipt", Card = "card" });

impl ConfirmationKind {
    /// The number in the token.
    pub fn code(self) -> u64 {
        match self {
            Self::AidReceipt => 1,
            Self::Card => 7,
        }
    }

    /// The kind of that number.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// Whose card it is, as little as tells two cards apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// The masked name, at most 4 characters.
    pub name: String,
    /// The last 3 signs of the document that was seen.
    pub document_tail: String,
}

crate::masked_debug!(Holder);

/// How a card stands: its row, which only an online check knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    /// It holds.
    Active,
    /// There is a newer one.
    Replaced,
    /// It was lost.
    Lost,
}

slugs!(CardState { Active = "active", Replaced = "replaced", Lost = "lost" });

/// The signed claims of one confirmation (CWT, RFC 8392).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Short name of the deployment that issued it.
    pub issuer: String,
    /// From when it is out, Unix seconds.
    pub issued_at: i64,
    /// From when it holds, Unix seconds, where that is later than `issued_at`.
    pub not_before: Option<i64>,
    /// Until when it holds, Unix seconds.
    pub expires_at: i64,
    /// Its identity: 10 random bytes. Revocation names it.
    pub id: [u8; 10],
    /// What is confirmed.
    pub kind: ConfirmationKind,
    /// The case's number.
    pub number: String,
    /// Code of the street or office.
    pub office: u64,
    /// When it begins, Unix seconds; for a receipt, when the application was received.
    pub start: i64,
    /// How long it lasts; 0 where that has no meaning.
    pub minutes: u64,
    /// Whose it is; a receipt carries no holder.
    pub holder: Option<Holder>,
}

/// The answer to a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// Signed by a key of ours, unaltered, within its time.
    Valid(Claims),
    /// As valid, but its time is over.
    Expired(Claims),
    /// As valid, but its time has not come.
    NotYet(Claims),
    /// It has our form, but the signature doesn't fit its content.
    Altered,
    /// Signed with a key that we don't know.
    UnknownKey,
    /// Not a confirmation of this service at all.
    NotOurs,
}

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

/// A case's number, such as `LS261123483920`: the service's two letters, the day, six random digits. It can be
/// read out over the telephone; it opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNumber(String);

impl CaseNumber {
    /// Two letters, the day of receipt, and six digits from `random`.
    pub fn new(service: &str, day: jiff::civil::Date, random: u64) -> Self {
        let year = day.year().rem_euclid(100);
        Self(format!("{service}{year:02}{:02}{:02}{:06}", day.month(), day.day(), random % 1_000_000))
    }

    /// Reads a typed number; spaces, dashes and case don't matter.
    ///
    /// # Errors
    /// Missing, or not of our form.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = normalise::digits(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(Prompt::Number.into());
        }
        let (letters, digits) = text.split_at_checked(2).unwrap_or((&text, ""));
        let formed = letters.bytes().all(|b| b.is_ascii_uppercase())
            && digits.len() == 12
            && digits.bytes().all(|b| b.is_ascii_digit());
        if formed { Ok(Self(text)) } else { Err(Rule::NotANumber.into()) }
    }

    /// The number without spaces, as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The page that opens a confirmation without the device's cookie, as typed.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct OpenForm {
    /// The case's number.
    pub number: String,
    /// The last four digits of the applicant's mobile.
    pub mobile_tail: String,
}

crate::masked_debug!(OpenForm, OpenRequest);

/// A number and four digits, formed right; whether they fit is the store's to say.
#[derive(Clone)]
pub struct OpenRequest {
    /// The case's number.
    pub number: CaseNumber,
    /// Four digits.
    pub mobile_tail: String,
}

impl OpenRequest {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &OpenForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let number = errors.keep("number", CaseNumber::parse(&form.number));
        let tail = normalise::digits(&form.mobile_tail);
        let tail = if tail.is_empty() {
            Err(FieldError::from(Prompt::MobileTail))
        } else if tail.len() == 4 && tail.bytes().all(|b| b.is_ascii_digit()) {
            Ok(tail)
        } else {
            Err(Rule::NotFourDigits.into())
        };
        let tail = errors.keep("mobile_tail", tail);
        match (number, tail) {
            (Some(number), Some(mobile_tail)) => Ok(Self { number, mobile_tail }),
            _ => Err(errors),
        }
    }
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
        fn reading_a_number_or_a_code_never_fails_badly(text in "\\PC*") {
            let _ = ShortCode::parse(&text);
            let _ = CaseNumber::parse(&text);
        }
    }

    #[test]
    fn a_case_number_holds_the_service_the_day_and_six_digits() {
        let number = CaseNumber::new("LS", jiff::civil::date(2026, 11, 23), 1_000_007);
        assert_eq!(number.as_str(), "LS261123000007");
        assert_eq!(CaseNumber::parse("ls 2611-2300 0007"), Ok(number));
        assert_eq!(CaseNumber::parse("LS26"), Err(Rule::NotANumber.into()));
    }

    #[test]
    fn opening_tells_both_wrong_fields() {
        let form = OpenForm { number: "7".into(), mobile_tail: "12".into() };
        let fields = OpenRequest::parse(&form).err().map(|e| e.iter().count());
        assert_eq!(fields, Some(2));
    }
}
