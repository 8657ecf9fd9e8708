//! The setting `retention`: days by table.

use std::collections::BTreeMap;

use app::domain::retention::Retained;
use app::text::retention::{RetentionLine, line};
use serde::Deserialize;

/// How many days each thing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, Days>")]
pub(crate) struct Retention(BTreeMap<Retained, u32>);

/// Days as a number, or as the text that an environment variable holds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Days {
    Number(u32),
    Text(String),
}

/// Why the table was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RetentionError {
    /// A name that nothing has.
    #[error("nothing is called {0}; the names are {names}", names = names())]
    Name(String),
    /// No number of days.
    #[error("{0} needs a whole number of days up to 36500")]
    Days(String),
}

/// A hundred years: no misprint turns into a date beyond the calendar.
const MOST_DAYS: u32 = 36_500;

fn names() -> String {
    Retained::ALL.iter().map(|retained| retained.as_str()).collect::<Vec<_>>().join(", ")
}

impl TryFrom<BTreeMap<String, Days>> for Retention {
    type Error = RetentionError;

    fn try_from(table: BTreeMap<String, Days>) -> Result<Self, RetentionError> {
        table
            .into_iter()
            .map(|(name, days)| {
                let retained = Retained::parse(&name).ok_or_else(|| RetentionError::Name(name.clone()))?;
                let days = match days {
                    Days::Number(days) => Some(days),
                    Days::Text(text) => text.trim().parse().ok(),
                };
                let days = days.filter(|days| *days <= MOST_DAYS).ok_or(RetentionError::Days(name))?;
                Ok((retained, days))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Retention {
    /// The days of one of them; `None` where nothing says so: then it stays.
    pub(crate) fn days(&self, retained: Retained) -> Option<u32> {
        self.0.get(&retained).copied()
    }

    /// All of them with their days.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Retained, u32)> {
        self.0.iter().map(|(retained, days)| (*retained, *days))
    }

    /// The list for the page on personal data.
    pub(crate) fn words(&self) -> Vec<RetentionLine> {
        self.all().map(|(retained, days)| line(retained, days)).collect()
    }
}
