//! Why the server does not start, in words that name the key and the fix.

use std::fmt;

use figment::Figment;
use figment::error::Kind;

use super::Key;
use super::load::source_of;

/// Why the server does not start: all that is wrong with the settings.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SettingsError {
    pub(super) problems: Vec<Problem>,
}

/// One thing that is wrong. It names the key and never repeats a value that may be secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) key: String,
    pub(super) source: String,
    pub(super) wrong: String,
    pub(super) fix: String,
}

impl SettingsError {
    /// A file that is not TOML, or cannot be read.
    pub(super) fn file(source: &str, error: &figment::Error) -> Self {
        let text = error.kind.to_string();
        // The lines between the first and the last quote the file, and may quote a password.
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or_default();
        let wrong = lines.next_back().map_or_else(|| first.to_owned(), |last| format!("{first}: {last}"));
        Self {
            problems: vec![Problem {
                key: "server.toml".into(),
                source: source.into(),
                wrong,
                fix: "correct that line; `server default-config` shows how each setting is written".into(),
            }],
        }
    }

    /// A value of the wrong type.
    pub(super) fn value(figment: &Figment, error: figment::Error) -> Self {
        let problems = error.into_iter().map(|error| {
            let key = error.path.first().cloned().unwrap_or_default();
            // The kind quotes the value, which is no secret except in these.
            let wrong = match key.as_str() {
                "database_url" | "message_gateway_token" => "it is not text".into(),
                "oidc_providers" => provider_problem(&error),
                _ => error.kind.to_string(),
            };
            let fix = Key::named(&key).map_or_else(|| "see `server default-config`".into(), Key::shape);
            Problem { source: source_of(figment, &key), key, wrong, fix }
        });
        Self { problems: problems.collect() }
    }
}

/// What is wrong with a provider's entry. A wrong value is not quoted: it may be the secret, in a wrong place.
fn provider_problem(error: &figment::Error) -> String {
    match &error.kind {
        Kind::MissingField(name) => format!("a provider has no {name}"),
        Kind::UnknownField(name, known) => {
            format!("a provider has {name}, but there are only {}", known.join(", "))
        }
        _ => match error.path.get(2) {
            Some(field) => format!("{field} of a provider is of a wrong type"),
            None => "it is no list of providers".into(),
        },
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings do not allow a start:")?;
        for Problem { key, source, wrong, fix } in &self.problems {
            write!(f, "\n- {key} ({source}): {wrong}.\n  Fix: {fix}.")?;
        }
        Ok(())
    }
}

/// The same as `Display`, as `main` prints errors with `Debug`.
impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SettingsError {}
