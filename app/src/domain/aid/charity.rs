//! A dated directory of help beside public aid: charity programmes, medical mutual aid, liability insurance. Whoever is not
//! given public aid is shown it, and may agree to their contact being handed over.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;

use crate::slugs;

/// What kind of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgrammeKind {
    /// 慈善项目
    Charity,
    /// 医疗互助
    MutualAid,
    /// 责任保险
    Insurance,
}

slugs!(ProgrammeKind { Charity = "charity", MutualAid = "mutual-aid", Insurance = "insurance" });

/// One programme, as its file tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// A short name that stays: letters, digits, hyphens.
    pub id: String,
    /// Its name as residents read it.
    pub name: String,
    /// What kind.
    pub kind: ProgrammeKind,
    /// Whom it helps.
    pub who: String,
    /// With what.
    pub what: String,
    /// Who runs it.
    pub organisation: String,
    /// Their telephone.
    pub phone: String,
    /// Who says so.
    pub source: String,
    /// The first day.
    #[serde(deserialize_with = "toml_date")]
    pub from: Date,
    /// The last day, where there is one.
    #[serde(default, deserialize_with = "toml_date_or_none")]
    pub until: Option<Date>,
    /// Made up for the demo.
    #[serde(default)]
    pub sample: bool,
}

fn date_of<E: serde::de::Error>(written: toml::value::Datetime) -> Result<Date, E> {
    written.to_string().parse().map_err(|_| E::custom("a day like 2026-01-31 is needed"))
}

fn toml_date<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    date_of(toml::value::Datetime::deserialize(from)?)
}

fn toml_date_or_none<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    toml_date(from).map(Some)
}

/// The directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory(Vec<Programme>);

/// Why a file was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// It is not what it should be; the message names line and field.
    #[error("{0}")]
    Unreadable(String),
    /// Something in a programme is wrong.
    #[error("line {line}: {what}")]
    Programme {
        /// The line on which the programme's id stands, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    programme: Vec<Programme>,
}

impl Directory {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn read(text: &str) -> Result<Self, DirectoryError> {
        let file: File =
            toml::from_str(text).map_err(|error| DirectoryError::Unreadable(error.to_string()))?;
        let mut known = BTreeSet::new();
        for programme in &file.programme {
            let fail = |what: &str| {
                let needle = format!("\"{}\"", programme.id);
                let line = text.lines().position(|line| line.contains(&needle)).map_or(1, |at| at + 1);
                Err(DirectoryError::Programme { line, what: format!("{}: {what}", programme.id) })
            };
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            if programme.id.is_empty() || programme.id.len() > 40 || !programme.id.bytes().all(plain) {
                return fail("an id has 1 to 40 small letters, digits and hyphens");
            }
            if !known.insert(programme.id.as_str()) {
                return fail("the id is there twice");
            }
            if programme.until.is_some_and(|until| until < programme.from) {
                return fail("it ends before it begins");
            }
            if [&programme.name, &programme.who, &programme.what, &programme.organisation, &programme.source]
                .iter()
                .any(|text| text.trim().is_empty())
            {
                return fail("name, who, what, organisation and source are needed");
            }
        }
        Ok(Self(file.programme))
    }

    /// What is there on a day.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Programme> {
        self.0.iter().filter(move |programme| {
            programme.from <= day && programme.until.is_none_or(|until| day <= until)
        })
    }

    /// A programme by its id, on whatever day.
    pub fn programme(&self, id: &str) -> Option<&Programme> {
        self.0.iter().find(|programme| programme.id == id)
    }

    /// The made-up one of the demo.
    ///
    /// # Errors
    /// The file that comes with the program is wrong; a test reads it.
    pub fn sample() -> Result<Self, DirectoryError> {
        Self::read(include_str!("../../../data/charity/sample.toml"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_sample_is_marked_and_dated() {
        let sample = Directory::sample().expect("our own file");
        assert!(sample.on(date(2026, 11, 26)).all(|programme| programme.sample));
        assert_eq!(sample.on(date(2026, 11, 26)).count(), 3);
        assert_eq!(sample.on(date(2025, 12, 31)).count(), 0, "nothing before its day");
        assert_eq!(sample.on(date(2031, 1, 1)).count(), 2, "nor after it");
        assert_eq!(ProgrammeKind::ALL.len(), 3);
    }

    #[test]
    fn a_wrong_file_says_where_and_what() {
        let one = |id: &str, more: &str| {
            format!(
                "[[programme]]\nid = \"{id}\"\nname = \"甲\"\nkind = \"charity\"\nwho = \"乙\"\nwhat = \"丙\"\n\
                 organisation = \"丁\"\nphone = \"\"\nsource = \"戊\"\nfrom = 2026-01-01\n{more}\n"
            )
        };
        assert!(Directory::read(&one("a", "")).is_ok());
        let twice = Directory::read(&format!("{}{}", one("a", ""), one("a", "")));
        assert_eq!(
            twice,
            Err(DirectoryError::Programme { line: 2, what: "a: the id is there twice".into() })
        );
        assert!(Directory::read(&one("A b", "")).is_err());
        assert!(Directory::read(&one("a", "until = 2025-01-01")).is_err());
        assert!(Directory::read(&one("a", "unknown = 1")).is_err());
        let line = Directory::read("[[programme]]\nid = 5").err().map(|error| error.to_string());
        assert!(line.as_ref().is_some_and(|line| line.contains("line 2")), "{line:?}");
    }
}
