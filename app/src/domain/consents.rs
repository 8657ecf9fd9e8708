//! What a resident agrees to apart from what the law asks of the service (个人信息保护法 13 to 16, 29): dated texts, as data.

use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::slugs;

const EMBEDDED: &str = include_str!("../../data/consents.toml");

/// Something that a resident agrees to by itself, and may withdraw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsentKind {
    /// The profile is kept and fills forms.
    Profile,
    /// News come by text message, telephone or letter, not to the inbox alone.
    Messages,
}

slugs!(ConsentKind { Profile = "profile", Messages = "messages" });

/// One version of what is agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// Slug of a [`ConsentKind`].
    kind: String,
    /// The day from which it holds.
    pub version: String,
    /// In a few words.
    pub title: String,
    /// What is said where it is given.
    pub asked: String,
    /// What a withdrawal does.
    pub undone: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    consent: Vec<ConsentText>,
}

/// Why the texts were not accepted. Written for whoever edits them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("app/data/consents.toml: {0}")]
pub struct ConsentTextError(String);

fn read(file: &str) -> Result<Vec<ConsentText>, ConsentTextError> {
    let all = toml::from_str::<File>(file).map_err(|error| ConsentTextError(error.to_string()))?.consent;
    let mut seen: Vec<&ConsentText> = Vec::new();
    for text in &all {
        let name = format!("{} of {}", text.kind, text.version);
        let wrong = |what: &str| Err(ConsentTextError(format!("{name}: {what}")));
        if ConsentKind::parse(&text.kind).is_none() {
            return wrong("there is no such kind");
        }
        if text.version.parse::<Date>().is_err() {
            return wrong("the version is no day");
        }
        if [&text.title, &text.asked, &text.undone].iter().any(|text| text.trim().is_empty()) {
            return wrong("a text is empty");
        }
        if seen.iter().any(|before| before.kind == text.kind && before.version >= text.version) {
            return wrong("it stands after a later one, or twice");
        }
        seen.push(text);
    }
    match ConsentKind::ALL.iter().find(|kind| !all.iter().any(|text| text.kind == kind.as_str())) {
        Some(missing) => Err(ConsentTextError(format!("{} has no text", missing.as_str()))),
        None => Ok(all),
    }
}

/// Checks the texts that are compiled in.
///
/// # Errors
/// The first one that is wrong.
pub fn check() -> Result<(), ConsentTextError> {
    read(EMBEDDED).map(drop)
}

fn all() -> &'static [ConsentText] {
    static ALL: OnceLock<Vec<ConsentText>> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "the file is compiled in, a test and the server's start read it")]
    ALL.get_or_init(|| read(EMBEDDED).expect("the embedded texts are right"))
}

/// The version of a kind that somebody agreed to.
pub fn text_of(kind: ConsentKind, version: &str) -> Option<&'static ConsentText> {
    all().iter().find(|text| text.kind == kind.as_str() && text.version == version)
}

/// The version that is asked for now.
pub fn current(kind: ConsentKind) -> &'static ConsentText {
    #[expect(clippy::expect_used, reason = "reading made sure that each kind has a text")]
    all().iter().rfind(|text| text.kind == kind.as_str()).expect("each kind has a text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_right_and_each_kind_has_one() {
        assert_eq!(check(), Ok(()));
        for kind in ConsentKind::ALL {
            let text = current(*kind);
            assert_eq!(text_of(*kind, &text.version), Some(text));
        }
        assert_eq!(text_of(ConsentKind::Profile, "1999-01-01"), None);
    }

    #[test]
    fn wrong_texts_are_named() {
        for (from, to, words) in [
            ("kind = \"messages\"", "kind = \"letters\"", "no such kind"),
            ("kind = \"messages\"", "kind = \"profile\"", "twice"),
            ("version = \"2026-11-24\"", "version = \"soon\"", "no day"),
            ("title = \"把我的资料存在账号里\"", "title = \" \"", "empty"),
        ] {
            let error = read(&EMBEDDED.replace(from, to)).err();
            assert!(error.as_ref().is_some_and(|error| error.0.contains(words)), "{words}: {error:?}");
        }
    }
}
