//! Identity documents and their numbers, and the age that follows from a birth date.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::form::Rule;
use super::normalise::{digits, single_line};

/// The documents that a person may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证, GB 11643-1999.
    CitizenId,
    /// 港澳台居民居住证, prefix 810000, 820000 or 830000.
    HkMoTwResidencePermit,
    /// 外国人永久居留身份证, the form of 2023 and the old one.
    ForeignPermanentResidentId,
    /// 港澳居民来往内地通行证.
    HkMoTravelPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanTravelPermit,
    /// 护照.
    Passport,
}

impl DocumentKind {
    /// Every kind, in the order in which a page offers them.
    pub const ALL: [Self; 6] = [
        Self::CitizenId,
        Self::HkMoTwResidencePermit,
        Self::ForeignPermanentResidentId,
        Self::HkMoTravelPermit,
        Self::TaiwanTravelPermit,
        Self::Passport,
    ];

    /// The slug in forms and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CitizenId => "citizen_id",
            Self::HkMoTwResidencePermit => "hk_mo_tw_residence_permit",
            Self::ForeignPermanentResidentId => "foreign_permanent_resident_id",
            Self::HkMoTravelPermit => "hk_mo_travel_permit",
            Self::TaiwanTravelPermit => "taiwan_travel_permit",
            Self::Passport => "passport",
        }
    }

    /// The kind with this slug.
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == slug)
    }

    /// The official name of the document.
    pub const fn label(self) -> &'static str {
        match self {
            Self::CitizenId => "居民身份证",
            Self::HkMoTwResidencePermit => "港澳台居民居住证",
            Self::ForeignPermanentResidentId => "外国人永久居留身份证",
            Self::HkMoTravelPermit => "港澳居民来往内地通行证",
            Self::TaiwanTravelPermit => "台湾居民来往大陆通行证",
            Self::Passport => "护照",
        }
    }
}

/// Why a document number was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Nothing was given.
    #[error("document number missing")]
    Missing,
    /// Neither 18 characters nor, for a citizen ID, the 15 of before 1999.
    #[error("citizen number has a wrong length")]
    CitizenIdLength,
    /// Something other than digits and a last X.
    #[error("citizen number has a wrong character")]
    CitizenIdCharacters,
    /// The birth date inside the number is not in the calendar.
    #[error("birth date in the number does not exist")]
    BirthDateDoesNotExist {
        /// Four digits of the number, or 19 and two.
        year: i16,
        /// Two digits of the number.
        month: i8,
        /// Two digits of the number.
        day: i8,
    },
    /// The birth date inside the number is after today.
    #[error("birth date in the number is in the future")]
    BirthDateInFuture,
    /// The last character does not fit the others: a typing error.
    #[error("check character does not fit")]
    CheckCharacter,
    /// A residence permit that begins with none of 810000, 820000, 830000.
    #[error("residence permit has a wrong prefix")]
    ResidencePermitPrefix,
    /// Neither the 2023 form nor the old form of the foreigner's card.
    #[error("permanent resident number has a wrong form")]
    ForeignerIdForm,
    /// A right number of the foreigner's card under the kind 居民身份证: another kind should be chosen.
    #[error("permanent resident number given as a citizen number")]
    ForeignerIdAsCitizenId,
    /// Not H or M with 8 or 10 digits.
    #[error("travel permit has a wrong form")]
    TravelPermitForm,
    /// A document without a known form: shorter than 5 or longer than 20 characters.
    #[error("document number has a wrong length")]
    FreeLength,
}

/// A document number that was checked as far as its form allows. Whether the person exists, and whether the
/// document is theirs, only the counter or a check of data can tell.
///
/// There is no method that gives a place: the first six digits name the 户籍 of the day when the number was
/// given, people move and the number stays (居民身份证法 3), so 户籍 is a field of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityDocument {
    kind: DocumentKind,
    number: String,
}

impl IdentityDocument {
    /// Checks a number; `today` bounds the birth date inside it.
    ///
    /// # Errors
    /// The first rule that the number breaks.
    pub fn parse(kind: DocumentKind, text: &str, today: Date) -> Result<Self, DocumentError> {
        let mut number = digits(text);
        number.make_ascii_uppercase();
        if number.is_empty() {
            return Err(DocumentError::Missing);
        }
        let number = match kind {
            DocumentKind::CitizenId => citizen(number, today)?,
            DocumentKind::HkMoTwResidencePermit => residence_permit(number, today)?,
            DocumentKind::ForeignPermanentResidentId => permanent_resident(number)?,
            DocumentKind::HkMoTravelPermit => hk_mo_travel_permit(number)?,
            // No published rule gives their forms: a wrong guess would lock out a real person.
            DocumentKind::TaiwanTravelPermit | DocumentKind::Passport => {
                if !(5..=20).contains(&number.chars().count()) {
                    return Err(DocumentError::FreeLength);
                }
                number
            }
        };
        Ok(Self { kind, number })
    }

    /// The kind that was chosen.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The canonical number: X and letters upper case, no spaces or hyphens, a 15-digit citizen number upgraded.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The birth date inside the number, where the layout is known. The layout of the foreigner's card is not
    /// verified, so it gives none.
    pub fn birth_date(&self) -> Option<Date> {
        match self.kind {
            DocumentKind::CitizenId | DocumentKind::HkMoTwResidencePermit => {
                let (year, month, day) = birth_fields(&self.number)?;
                Date::new(year, month, day).ok()
            }
            _ => None,
        }
    }

    /// For pages: first three and last four of a long number, the last two of a short one.
    pub fn masked(&self) -> String {
        let length = self.number.chars().count();
        let (head, tail) = if length >= 15 { (3, 4) } else { (0, 2) };
        self.number
            .chars()
            .enumerate()
            .map(|(i, c)| if i < head || i + tail >= length { c } else { '*' })
            .collect()
    }

    /// The last three characters, for telling one's own documents apart.
    pub fn last_three(&self) -> String {
        let skipped = self.number.chars().count().saturating_sub(3);
        self.number.chars().skip(skipped).collect()
    }

    /// What a blind index is made of: equal for two documents of one person as far as their form shows it.
    ///
    /// All 18-character numbers share one group, since they come from one numbering and people choose the wrong
    /// kind. The first nine characters of the Hong Kong and Macao permit are for life, the two after them count
    /// reissues (公安部 2010-03-10).
    pub fn index_key(&self) -> String {
        let (group, person) = match self.kind {
            DocumentKind::HkMoTravelPermit => ("hk_mo:", self.number.get(..9).unwrap_or(&self.number)),
            DocumentKind::TaiwanTravelPermit => ("taiwan:", self.number.as_str()),
            DocumentKind::Passport => ("passport:", self.number.as_str()),
            DocumentKind::ForeignPermanentResidentId if self.number.len() == 15 => {
                ("foreigner:", self.number.as_str())
            }
            _ => ("citizen:", self.number.as_str()),
        };
        [group, person].concat()
    }
}

impl fmt::Debug for IdentityDocument {
    /// Masked: a document in a log line must not name a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityDocument({} {})", self.kind.as_str(), self.masked())
    }
}

/// 居民身份证. Region codes are not looked at: abolished and later ones are both real, and 81, 82, 83 belong to
/// residence permits, which people take for the same thing.
fn citizen(mut number: String, today: Date) -> Result<String, DocumentError> {
    if number.chars().count() == 15 {
        if !all_digits(&number) {
            return Err(DocumentError::CitizenIdCharacters);
        }
        // No region began with 9, and with 18 characters it would be the foreigner's card, below.
        if number.starts_with('9') {
            return Err(DocumentError::CitizenIdLength);
        }
        // GB 11643-1999 put the century before the year and the check character at the end.
        number.insert_str(6, "19");
        check_birth_date(&number, today)?;
        number.extend(check_character(&number));
        return Ok(number);
    }
    check_characters(&number)?;
    // No citizen number begins with 9 and every foreigner's card of 2023 does.
    if number.starts_with('9') {
        check_sum(&number)?;
        return Err(DocumentError::ForeignerIdAsCitizenId);
    }
    check_birth_date(&number, today)?;
    check_sum(&number)?;
    Ok(number)
}

/// 港澳台居民居住证: the citizen number's layout under three prefixes.
fn residence_permit(number: String, today: Date) -> Result<String, DocumentError> {
    check_characters(&number)?;
    if !["810000", "820000", "830000"].iter().any(|prefix| number.starts_with(prefix)) {
        return Err(DocumentError::ResidencePermitPrefix);
    }
    check_birth_date(&number, today)?;
    check_sum(&number)?;
    Ok(number)
}

/// 外国人永久居留身份证: 18 characters that begin with 9 since 2023-12-01, three letters and 12 digits before.
/// Both stay valid.
fn permanent_resident(number: String) -> Result<String, DocumentError> {
    match number.len() {
        18 if number.starts_with('9') && check_characters(&number).is_ok() => {
            check_sum(&number)?;
            Ok(number)
        }
        15 if letters_then_digits(&number, 3) => Ok(number),
        _ => Err(DocumentError::ForeignerIdForm),
    }
}

/// 港澳居民来往内地通行证: H or M, eight digits for life, and on older cards two that count reissues.
fn hk_mo_travel_permit(number: String) -> Result<String, DocumentError> {
    if matches!(number.len(), 9 | 11) && number.starts_with(['H', 'M']) && letters_then_digits(&number, 1) {
        Ok(number)
    } else {
        Err(DocumentError::TravelPermitForm)
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn letters_then_digits(text: &str, letters: usize) -> bool {
    text.bytes()
        .enumerate()
        .all(|(i, b)| if i < letters { b.is_ascii_uppercase() } else { b.is_ascii_digit() })
}

/// 17 digits, then a digit or X.
fn check_characters(number: &str) -> Result<(), DocumentError> {
    if number.chars().count() != 18 {
        return Err(DocumentError::CitizenIdLength);
    }
    let fits = number.bytes().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 17 && b == b'X'));
    // A character of several bytes fails above, so from here on bytes are characters.
    if fits { Ok(()) } else { Err(DocumentError::CitizenIdCharacters) }
}

/// Year, month and day in places 7 to 14.
fn birth_fields(number: &str) -> Option<(i16, i8, i8)> {
    Some((
        number.get(6..10)?.parse().ok()?,
        number.get(10..12)?.parse().ok()?,
        number.get(12..14)?.parse().ok()?,
    ))
}

fn check_birth_date(number: &str, today: Date) -> Result<(), DocumentError> {
    let (year, month, day) = birth_fields(number).ok_or(DocumentError::CitizenIdCharacters)?;
    match Date::new(year, month, day) {
        // There is no upper age: the standard's own example was born in 1880. Before 1800 it is a typing error.
        Ok(birth) if year >= 1800 => {
            if birth > today {
                Err(DocumentError::BirthDateInFuture)
            } else {
                Ok(())
            }
        }
        _ => Err(DocumentError::BirthDateDoesNotExist { year, month, day }),
    }
}

fn check_sum(number: &str) -> Result<(), DocumentError> {
    if check_character(number) == number.chars().nth(17) {
        Ok(())
    } else {
        Err(DocumentError::CheckCharacter)
    }
}

/// The check character of the first 17 digits: ISO 7064 MOD 11-2, as GB 11643-1999 prescribes.
fn check_character(number: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 =
        number.bytes().zip(WEIGHTS).map(|(b, weight)| u32::from(b.wrapping_sub(b'0')) * weight).sum();
    CHARACTERS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// True from the 18th birthday on, the day itself included (民法典 17, 1259). Who was born on 29 February comes
/// of age on 1 March in a year without that day.
pub fn is_adult_on(birth: Date, day: Date) -> bool {
    (day.year(), day.month(), day.day()) >= (birth.year() + 18, birth.month(), birth.day())
}

/// A birth date as people write it: 2004-05-10, 2004/5/10, 2004.5.10, 20040510 or 2004年5月10日.
///
/// # Errors
/// [`Rule::NotADate`], [`Rule::DateInFuture`] or [`Rule::DateTooOld`] (over 150 years).
pub fn parse_birth_date(text: &str, today: Date) -> Result<Date, Rule> {
    let date = parse_date(text)?;
    if date > today {
        return Err(Rule::DateInFuture);
    }
    if (date.year() + 150, date.month(), date.day()) < (today.year(), today.month(), today.day()) {
        return Err(Rule::DateTooOld);
    }
    Ok(date)
}

/// A date in any of those writings, whenever it is.
///
/// # Errors
/// [`Rule::NotADate`].
pub fn parse_date(text: &str) -> Result<Date, Rule> {
    read_date(&single_line(text)).ok_or(Rule::NotADate)
}

fn read_date(text: &str) -> Option<Date> {
    let (year, month, day) = if text.len() == 8 && all_digits(text) {
        (text.get(..4)?, text.get(4..6)?, text.get(6..)?)
    } else {
        let mut parts =
            text.split(['-', '–', '—', '/', '.', '年', '月', '日', ' ']).filter(|part| !part.is_empty());
        let fields = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        fields
    };
    // Two digits for a year would be a guess between centuries.
    if year.len() != 4 || month.len() > 2 || day.len() > 2 || ![year, month, day].into_iter().all(all_digits)
    {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::DocumentKind::*;
    use super::*;

    /// Published examples and specimens stand in this file and nowhere else.
    const VECTORS: &str = include_str!("../../data/vectors/id_vectors.csv");
    const TODAY: Date = date(2026, 11, 23);

    struct Vector {
        number: &'static str,
        valid: bool,
        note: &'static str,
    }

    fn vectors() -> Vec<Vector> {
        let rows: Vec<Vector> = VECTORS
            .lines()
            .skip(1)
            .filter_map(|line| {
                let (number, rest) = line.split_once(',')?;
                let (valid, note) = rest.split_once(',')?;
                Some(Vector { number, valid: valid == "1", note })
            })
            .collect();
        assert_eq!(rows.len(), 27);
        rows
    }

    fn parse(kind: DocumentKind, text: &str) -> Result<IdentityDocument, DocumentError> {
        IdentityDocument::parse(kind, text, TODAY)
    }

    fn number_of(kind: DocumentKind, text: &str) -> Result<String, DocumentError> {
        parse(kind, text).map(|document| document.number)
    }

    #[test]
    fn citizen_id_vectors() {
        for Vector { number, valid, note } in vectors() {
            assert_eq!(parse(CitizenId, number).is_ok(), valid, "{number}: {note}");
        }
    }

    #[test]
    fn citizen_id_accepts_x_lowercase_and_fullwidth_and_stores_upper() {
        for text in
            ["82000019880808995X", "82000019880808995x", "82000019880808995Ｘ", "820000 1988-0808 995ｘ"]
        {
            assert_eq!(number_of(CitizenId, text), Ok("82000019880808995X".into()));
        }
        let forms: Vec<_> =
            vectors().into_iter().filter(|v| v.note.contains("input form")).map(|v| v.number).collect();
        assert_eq!(forms.len(), 2);
        for text in forms {
            assert!(number_of(CitizenId, text).is_ok_and(|number| number.ends_with('X')));
        }
    }

    #[test]
    fn citizen_id_accepts_full_width_digits() {
        assert_eq!(
            number_of(CitizenId, "３２０２１４２０１６０２２９９９１４"),
            Ok("320214201602299914".into())
        );
    }

    #[test]
    fn citizen_id_accepts_birth_year_1880() {
        let born_1880: Vec<_> = vectors().into_iter().filter(|v| v.note.contains("1880")).collect();
        assert_eq!(born_1880.len(), 1);
        for vector in born_1880 {
            let birth = parse(CitizenId, vector.number).map(|document| document.birth_date());
            assert_eq!(birth, Ok(Some(date(1880, 1, 1))));
        }
    }

    #[test]
    fn citizen_id_accepts_abolished_region_codes() {
        for number in [
            "320205195101019991",
            "320214196001019995",
            "320222194001019996",
            "320283196001019998",
            "320211194503129993",
            "320202193501019992",
        ] {
            assert_eq!(number_of(CitizenId, number), Ok(number.into()));
        }
        // Three more are published numbers, found by their prefix.
        for prefix in ["440524", "810000", "830000"] {
            let rows: Vec<_> = vectors().into_iter().filter(|v| v.number.starts_with(prefix)).collect();
            assert_eq!(rows.len(), 1);
            assert!(rows.iter().all(|v| parse(CitizenId, v.number).is_ok()));
        }
    }

    #[test]
    fn citizen_id_accepts_81_82_83_prefix() {
        for prefix in ["81", "82", "83"] {
            let rows: Vec<_> = vectors().into_iter().filter(|v| v.number.starts_with(prefix)).collect();
            assert_eq!(rows.len(), 1);
            for row in rows {
                for kind in [CitizenId, HkMoTwResidencePermit] {
                    assert_eq!(number_of(kind, row.number), Ok(row.number.into()));
                }
            }
        }
    }

    #[test]
    fn residence_permit_needs_its_prefix() {
        assert_eq!(
            parse(HkMoTwResidencePermit, "320214201602299914"),
            Err(DocumentError::ResidencePermitPrefix)
        );
        assert_eq!(parse(HkMoTwResidencePermit, "320222450312990"), Err(DocumentError::CitizenIdLength));
    }

    #[test]
    fn citizen_id_upgrades_15_digit_number() {
        assert_eq!(number_of(CitizenId, "320222450312990"), Ok("320222194503129909".into()));
        let mut pairs = 0;
        for Vector { number, note, .. } in vectors() {
            if let Some((_, upgraded)) = note.split_once("upgrades to ") {
                assert_eq!(number_of(CitizenId, number), Ok(upgraded.trim_end_matches('"').into()));
                pairs += 1;
            }
        }
        assert_eq!(pairs, 2);
    }

    #[test]
    fn fifteen_digit_number_with_an_impossible_date_is_refused() {
        assert_eq!(
            parse(CitizenId, "320222450231990"),
            Err(DocumentError::BirthDateDoesNotExist { year: 1945, month: 2, day: 31 })
        );
        assert_eq!(parse(CitizenId, "900000000101000"), Err(DocumentError::CitizenIdLength));
        assert_eq!(parse(CitizenId, "32022245031299X"), Err(DocumentError::CitizenIdCharacters));
    }

    #[test]
    fn foreign_permanent_resident_id_accepts_prefix_9_and_old_15() {
        let kind = ForeignPermanentResidentId;
        let mut number = "91101020010101999".to_owned();
        number.extend(check_character(&number));
        assert_eq!(number_of(kind, &number), Ok(number.clone()));
        assert_eq!(number_of(kind, "usa320083010199"), Ok("USA320083010199".into()));
        // The layout is not verified, so no birth date is read out of it.
        assert!(parse(kind, &number).is_ok_and(|document| document.birth_date().is_none()));
        assert_eq!(parse(kind, "320214201602299914"), Err(DocumentError::ForeignerIdForm));
        assert_eq!(parse(kind, "US1320083010199"), Err(DocumentError::ForeignerIdForm));
        assert_eq!(parse(CitizenId, &number), Err(DocumentError::ForeignerIdAsCitizenId));
        let last = if number.ends_with('1') { "2" } else { "1" };
        number.replace_range(17.., last);
        assert_eq!(parse(kind, &number), Err(DocumentError::CheckCharacter));
    }

    #[test]
    fn hk_mo_travel_permit_takes_9_or_11_characters_and_one_person_has_one_key() {
        let keys: Vec<_> = ["H12345678", "h1234567801", "Ｈ1234567802"]
            .into_iter()
            .map(|text| parse(HkMoTravelPermit, text).map(|document| document.index_key()))
            .collect();
        assert_eq!(keys, vec![Ok("hk_mo:H12345678".to_owned()); 3]);
        for wrong in ["A12345678", "H1234567", "H123456789", "H1234567８X9", "HM2345678", "H12345678\u{4e00}"]
        {
            assert_eq!(parse(HkMoTravelPermit, wrong), Err(DocumentError::TravelPermitForm), "{wrong}");
        }
    }

    #[test]
    fn passports_and_taiwan_permits_are_free_text_of_5_to_20() {
        assert_eq!(number_of(Passport, " e1234 5678 "), Ok("E12345678".into()));
        assert_eq!(number_of(TaiwanTravelPermit, "01234567"), Ok("01234567".into()));
        assert_eq!(parse(Passport, "1234"), Err(DocumentError::FreeLength));
        assert_eq!(parse(TaiwanTravelPermit, &"1".repeat(21)), Err(DocumentError::FreeLength));
    }

    #[test]
    fn each_refusal_says_what_is_wrong() {
        for kind in DocumentKind::ALL {
            assert_eq!(parse(kind, " \u{3000}-"), Err(DocumentError::Missing));
        }
        assert_eq!(parse(CitizenId, "32021420160229991"), Err(DocumentError::CitizenIdLength));
        assert_eq!(parse(CitizenId, "A20214201602299914"), Err(DocumentError::CitizenIdCharacters));
        assert_eq!(parse(CitizenId, "3202142016022X9914"), Err(DocumentError::CitizenIdCharacters));
        assert_eq!(parse(CitizenId, "32021420160229991五"), Err(DocumentError::CitizenIdCharacters));
        assert_eq!(parse(CitizenId, "320214201602299915"), Err(DocumentError::CheckCharacter));
        assert_eq!(
            parse(CitizenId, "320214196602299914"),
            Err(DocumentError::BirthDateDoesNotExist { year: 1966, month: 2, day: 29 })
        );
        assert_eq!(parse(CitizenId, "320214202611249910"), Err(DocumentError::BirthDateInFuture));
        assert!(!matches!(parse(CitizenId, "320214202611239910"), Err(DocumentError::BirthDateInFuture)));
    }

    #[test]
    fn region_code_never_sets_huji() {
        // Two numbers that differ in the region give documents that differ in nothing but the number: neither
        // the type, nor its key group, nor its birth date knows a place.
        let xinwu = parse(CitizenId, "320214196001019995");
        let xishan = parse(CitizenId, "320283196001019998");
        for document in [xinwu, xishan] {
            assert!(document.is_ok_and(|document| {
                let IdentityDocument { kind, number } = &document;
                *kind == CitizenId
                    && number.len() == 18
                    && document.birth_date() == Some(date(1960, 1, 1))
                    && document.index_key().starts_with("citizen:")
            }));
        }
    }

    #[test]
    fn one_number_under_two_kinds_is_one_person() {
        let keys: Vec<_> = [CitizenId, HkMoTwResidencePermit]
            .into_iter()
            .map(|kind| parse(kind, "82000019880808995X").map(|document| document.index_key()))
            .collect();
        assert_eq!(keys, vec![Ok("citizen:82000019880808995X".to_owned()); 2]);
    }

    #[test]
    fn masks_hide_the_middle_and_debug_is_masked() {
        let document = parse(CitizenId, "320214201602299914");
        assert_eq!(document.as_ref().map(IdentityDocument::masked), Ok("320***********9914".into()));
        assert_eq!(document.as_ref().map(IdentityDocument::last_three), Ok("914".into()));
        assert_eq!(format!("{document:?}"), "Ok(IdentityDocument(citizen_id 320***********9914))");
        assert_eq!(parse(HkMoTravelPermit, "H12345678").map(|d| d.masked()), Ok("*******78".into()));
    }

    #[test]
    fn slugs_agree_with_serde_and_read_back() {
        for kind in DocumentKind::ALL {
            let deserializer: StrDeserializer<'_, Error> = kind.as_str().into_deserializer();
            assert_eq!(DocumentKind::deserialize(deserializer), Ok(kind));
            assert_eq!(DocumentKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(DocumentKind::parse("driver_licence"), None);
    }

    #[test]
    fn adulthood_begins_on_the_18th_birthday() {
        let birth = date(2008, 5, 10);
        assert!(!is_adult_on(birth, date(2026, 5, 9)));
        assert!(is_adult_on(birth, date(2026, 5, 10)));
        let leap = date(2004, 2, 29);
        assert!(!is_adult_on(leap, date(2022, 2, 28)));
        assert!(is_adult_on(leap, date(2022, 3, 1)));
    }

    #[test]
    fn birth_dates_are_read_as_people_write_them() {
        for text in [
            "2004-05-10",
            "2004/5/10",
            "2004.5.10",
            "20040510",
            "2004年5月10日",
            "２００４年０５月１０日",
            " 2004 年 5 月 10 日 ",
            "2004－5－10",
        ] {
            assert_eq!(parse_birth_date(text, TODAY), Ok(date(2004, 5, 10)), "{text}");
        }
    }

    #[test]
    fn birth_dates_that_cannot_be_are_refused() {
        for text in
            ["", "2004", "04-05-10", "2004-13-01", "2003-02-29", "2004-5-10-1", "2004-+5-10", "二〇〇四年"]
        {
            assert_eq!(parse_birth_date(text, TODAY), Err(Rule::NotADate), "{text}");
        }
        assert_eq!(parse_birth_date("2026-11-24", TODAY), Err(Rule::DateInFuture));
        assert_eq!(parse_birth_date("2026-11-23", TODAY), Ok(TODAY));
        assert_eq!(parse_birth_date("1876-11-22", TODAY), Err(Rule::DateTooOld));
        assert_eq!(parse_birth_date("1876-11-23", TODAY), Ok(date(1876, 11, 23)));
    }

    fn any_kind() -> impl Strategy<Value = DocumentKind> {
        proptest::sample::select(DocumentKind::ALL.as_slice())
    }

    /// A right citizen number of any region, date and sequence.
    fn citizen_number() -> impl Strategy<Value = String> {
        (100_000..=899_999_u32, 1900..=2025_u16, 1..=12_u8, 1..=28_u8, 0..=999_u16).prop_map(
            |(region, year, month, day, sequence)| {
                let mut number = format!("{region}{year}{month:02}{day:02}{sequence:03}");
                number.extend(check_character(&number));
                number
            },
        )
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_idempotent(
            kind in any_kind(),
            text in prop_oneof![any::<String>(), "[0-9]{15}", "[0-9]{17}[0-9Xx]", "[HM][0-9]{8}([0-9]{2})?"],
        ) {
            if let Ok(document) = parse(kind, &text) {
                prop_assert_eq!(parse(kind, document.number()), Ok(document.clone()));
                prop_assert!(document.masked().chars().count() == document.number().chars().count());
                prop_assert!(document.masked() != document.number());
                prop_assert!(document.last_three().chars().count() == 3);
            }
            let _ = parse_birth_date(&text, TODAY);
        }

        #[test]
        fn every_right_number_is_accepted(number in citizen_number()) {
            prop_assert_eq!(number_of(CitizenId, &number), Ok(number));
        }

        #[test]
        fn any_single_altered_digit_is_refused(number in citizen_number(), place in 0..18_usize, step in 1..10_u8) {
            let mut bytes = number.clone().into_bytes();
            bytes[place] = match bytes[place] {
                b'X' => b'0' + step,
                digit => b'0' + (digit - b'0' + step) % 10,
            };
            let altered: String = bytes.into_iter().map(char::from).collect();
            prop_assert!(parse(CitizenId, &altered).is_err(), "{} became {}", number, altered);
        }

        #[test]
        fn two_swapped_neighbours_are_refused(number in citizen_number(), place in 0..16_usize) {
            let mut bytes = number.clone().into_bytes();
            bytes.swap(place, place + 1);
            let swapped: String = bytes.into_iter().map(char::from).collect();
            prop_assert_eq!(parse(CitizenId, &swapped).is_ok(), swapped == number);
        }
    }
}
