//! The pages, one folder a service. Each takes plain data and gives a view; the server gathered the data and
//! checked who is asking.

pub mod aid;
pub mod authorise;
pub mod complaint;
pub mod confirm;
pub mod error;
pub mod home;
pub mod kit;
pub mod marriage;
pub mod me;
pub mod meals;
pub mod notices;
pub mod privacy;
pub mod random_checks;
pub mod sign_in;
pub mod sign_in_provider;
pub mod staff;
pub mod timebank;
pub mod verify;

use crate::domain::form::FormErrors;
use crate::text::errors::sentence;

/// A form that came back: what was typed and what is wrong with it. A form shown for the first time has no errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent<F> {
    /// As typed.
    pub form: F,
    /// In page order.
    pub errors: FormErrors,
}

impl<F> Sent<F> {
    /// A form that was not sent yet.
    pub fn fresh(form: F) -> Self {
        Self { form, errors: FormErrors::default() }
    }

    /// The sentence beside a field.
    fn error(&self, field: &str) -> Option<String> {
        self.errors.of(field).map(sentence)
    }

    /// The summary's lines: field and sentence.
    fn summary(&self) -> Vec<(String, String)> {
        self.errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect()
    }
}

/// Choices from an enum's values.
macro_rules! choices {
    ($values:expr, $label:expr, $hint:expr) => {
        $values
            .iter()
            .map(|value| crate::components::Choice {
                value: value.as_str().to_owned(),
                label: $label(*value).to_owned(),
                hint: $hint(*value),
            })
            .collect::<Vec<_>>()
    };
}
pub(crate) use choices;
