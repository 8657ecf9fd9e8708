//! The name of a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::normalise::{is_invisible, single_line};

/// Names of minorities hold 25 Han and their separators; fields hold at least 50 characters
/// (民委发〔2016〕33号). Counted in Unicode scalars, so a rare character beyond the BMP is one.
const MAX: usize = 50;

/// The one separator between the parts of a name (民委发〔2016〕33号, GB 18030 A1A4).
const SEPARATOR: char = '\u{b7}';

/// Why a name was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("name missing")]
    Missing,
    /// More than `max` characters.
    #[error("name longer than {max} characters")]
    TooLong {
        /// The largest number of characters.
        max: usize,
    },
    /// A digit, a symbol or a control character, or a separator at an end.
    #[error("name has a wrong character")]
    Characters,
}

/// A person's name: Han of every extension, other scripts, the separator U+00B7, and between words of other
/// scripts spaces, hyphens, apostrophes and full stops. One character is enough.
///
/// It is stored as it was typed, and read back through [`PersonName::parse`], so both forms survive.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName {
    name: String,
    original: String,
}

impl PersonName {
    /// Checks a name.
    ///
    /// # Errors
    /// The first rule that the name breaks.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            return Err(NameError::Characters);
        }
        let original: String = text.chars().filter(|&c| !is_invisible(c)).collect();
        let original = original.trim().replace(char::is_control, " ");
        let name = canonical(&original);
        if name.is_empty() {
            return Err(NameError::Missing);
        }
        if name.chars().count() > MAX {
            return Err(NameError::TooLong { max: MAX });
        }
        let ends_well = !name.starts_with(is_joint) && !name.ends_with([SEPARATOR, '-']);
        let has_letter = name.chars().any(is_letter);
        let fits = name.chars().all(|c| is_letter(c) || is_joint(c) || is_combining(c));
        if ends_well && has_letter && fits { Ok(Self { name, original }) } else { Err(NameError::Characters) }
    }

    /// The canonical form, for comparing and for the rest of the case.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// As it was typed, without outer white space: what the document shows may use another dot.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The first character and a star for each of the rest, four characters at most: the length of a name
    /// tells something too. A name of one character is hidden whole.
    pub fn masked(&self) -> String {
        let stars = self.name.chars().count().saturating_sub(1).min(3);
        let first = self.name.chars().next().filter(|_| stars > 0);
        first.into_iter().chain(std::iter::repeat_n('＊', stars.max(usize::from(first.is_none())))).collect()
    }
}

impl fmt::Debug for PersonName {
    /// Masked: a name does not belong in a log line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonName({})", self.masked())
    }
}

impl TryFrom<String> for PersonName {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<PersonName> for String {
    /// As typed, so that nothing is lost between writing and reading.
    fn from(name: PersonName) -> Self {
        name.original
    }
}

/// One separator instead of its look-alikes, and no space that only aligns Han.
fn canonical(text: &str) -> String {
    // Full-width ．(U+FF0E) is a full stop after this, and U+3000 a space.
    let line: Vec<char> = single_line(text).chars().collect();
    let mut name = String::with_capacity(text.len());
    for (i, &c) in line.iter().enumerate() {
        let next = line.iter().skip(i + 1).copied().find(|&c| c != ' ');
        let between_han = name.chars().next_back().is_some_and(is_han_or_separator)
            && next.is_some_and(is_han_or_separator_lookalike);
        match c {
            // 「王 伟」 and 「阿卜杜拉 · 买买提」 are typed with spaces to look even.
            ' ' if between_han => {}
            '.' if between_han => push_separator(&mut name),
            c if is_separator_lookalike(c) => push_separator(&mut name),
            c => name.push(c),
        }
    }
    name
}

fn push_separator(name: &mut String) {
    if !name.ends_with(SEPARATOR) {
        name.push(SEPARATOR);
    }
}

/// Characters that input methods give for U+00B7, and U+00B7 itself. U+FF0E has become a full stop before.
fn is_separator_lookalike(c: char) -> bool {
    matches!(c, SEPARATOR | '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{22c5}' | '\u{fe52}')
}

fn is_han_or_separator(c: char) -> bool {
    is_han(c) || c == SEPARATOR
}

fn is_han_or_separator_lookalike(c: char) -> bool {
    is_han(c) || is_separator_lookalike(c) || c == '.'
}

/// Han of GB 18030-2022 and of what comes after it: the planes 2 and 3 are kept for Han, and the standard
/// library's tables may be older than the extension in which the police's rare names lie.
fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Letters of any script. Unicode counts letters in circles and squares as alphabetic; they are symbols here.
fn is_letter(c: char) -> bool {
    is_han(c)
        || (c.is_alphabetic()
            && !c.is_numeric()
            && !matches!(c, '\u{2460}'..='\u{24ff}' | '\u{1f000}'..='\u{1ffff}'))
}

/// What stands between the parts of a name.
fn is_joint(c: char) -> bool {
    matches!(c, SEPARATOR | ' ' | '-' | '\u{2010}' | '\'' | '\u{2019}' | '.')
}

/// Accents that follow their letter.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StringDeserializer};

    use super::*;

    fn canonical_of(text: &str) -> Result<String, NameError> {
        PersonName::parse(text).map(|name| name.name)
    }

    #[test]
    fn person_name_normalises_lookalike_dots_to_u00b7() {
        for dot in ['\u{b7}', '\u{2022}', '\u{2027}', '\u{30fb}', '\u{22c5}', '\u{ff0e}', '\u{fe52}', '.'] {
            let typed = format!("阿卜杜拉{dot}买买提");
            let name = PersonName::parse(&format!(" {typed}\u{3000}"));
            assert_eq!(
                name.as_ref().map(PersonName::as_str),
                Ok("阿卜杜拉\u{b7}买买提"),
                "U+{:04X}",
                dot as u32
            );
            assert_eq!(name.as_ref().map(PersonName::original), Ok(typed.as_str()));
        }
    }

    #[test]
    fn spaces_that_align_han_are_dropped() {
        assert_eq!(canonical_of("王\u{3000}伟"), Ok("王伟".into()));
        assert_eq!(canonical_of("阿卜杜拉 • 买买提"), Ok("阿卜杜拉·买买提".into()));
        assert_eq!(canonical_of("阿卜杜拉··买买提"), Ok("阿卜杜拉·买买提".into()));
        assert_eq!(canonical_of("阿卜杜拉 . 买买提"), Ok("阿卜杜拉·买买提".into()));
    }

    #[test]
    fn person_name_holds_25_han() {
        let han = "买".repeat(25);
        assert_eq!(canonical_of(&han), Ok(han.clone()));
        let fifty = "买".repeat(50);
        assert_eq!(canonical_of(&fifty), Ok(fifty.clone()));
        assert_eq!(canonical_of(&"买".repeat(51)), Err(NameError::TooLong { max: 50 }));
    }

    #[test]
    fn person_name_accepts_extension_i_character() {
        // U+2EBF0 is the first of CJK Extension I; U+20000, U+30000 and U+323AF lie in B, G and H.
        for rare in ['\u{2ebf0}', '\u{20000}', '\u{30000}', '\u{323af}'] {
            let name = format!("王{rare}");
            assert_eq!(canonical_of(&name), Ok(name));
        }
        assert!(PersonName::parse(&"\u{2ebf0}".repeat(50)).is_ok());
        assert!(PersonName::parse(&"\u{2ebf0}".repeat(51)).is_err());
    }

    #[test]
    fn single_character_latin_and_other_names_are_fine() {
        for name in [
            "难",
            "〇",
            "Anna O'Neill-Smith",
            "José María",
            "Jose\u{301}",
            "J. Smith",
            "Martin Luther King Jr.",
            "Nguyễn Văn A",
            "Ольга",
            "佐々木",
        ] {
            assert_eq!(canonical_of(name), Ok(name.into()), "{name}");
        }
        assert_eq!(canonical_of("ＡＮＮＡ"), Ok("ANNA".into()));
    }

    #[test]
    fn digits_symbols_and_controls_are_refused() {
        for wrong in [
            "王3",
            "王Ⅲ",
            "王😀",
            "王①",
            "王Ⓐ",
            "王\u{0}伟",
            "王\u{1b}",
            "王_伟",
            "王，伟",
            "<王>",
            "·",
            "·王",
            "王·",
            "-",
            "王（伟）",
            "\u{e000}",
        ] {
            assert_eq!(canonical_of(wrong), Err(NameError::Characters), "{wrong:?}");
        }
        for empty in ["", " \u{3000}\r\n", "\u{200b}"] {
            assert_eq!(canonical_of(empty), Err(NameError::Missing));
        }
    }

    #[test]
    fn masks_keep_the_first_character_and_debug_is_masked() {
        for (text, masked) in [
            ("王伟", "王＊"),
            ("李小明", "李＊＊"),
            ("欧阳小明", "欧＊＊＊"),
            ("阿卜杜拉·买买提", "阿＊＊＊"),
            ("难", "＊"),
        ] {
            assert_eq!(PersonName::parse(text).map(|name| name.masked()), Ok(masked.into()));
            assert_eq!(format!("{:?}", PersonName::parse(text)), format!("Ok(PersonName({masked}))"));
        }
    }

    #[test]
    fn reads_back_from_its_serialised_form() {
        let typed = "阿卜杜拉•买买提".to_owned();
        let deserializer: StringDeserializer<Error> = typed.into_deserializer();
        let read = PersonName::deserialize(deserializer);
        assert_eq!(read.map_err(|_| NameError::Characters), PersonName::parse("阿卜杜拉•买买提"));
        let deserializer: StringDeserializer<Error> = "王3".to_owned().into_deserializer();
        assert!(PersonName::deserialize(deserializer).is_err());
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_idempotent(
            text in prop_oneof![any::<String>(), "[王伟买a-c .·•．・ ]{0,12}", "\\PC{0,60}"],
        ) {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(canonical_of(name.as_str()), Ok(name.as_str().to_owned()));
                prop_assert_eq!(PersonName::parse(name.original()), Ok(name.clone()));
                prop_assert!(name.masked().chars().count() <= 4);
            }
        }
    }
}
