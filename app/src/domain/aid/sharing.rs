//! 结果共享: once a household is recognised, the other departments that help go by it and look into nothing twice (社会救助法 42). The
//! district hands them lists, each for a purpose.

use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// The most characters of a purpose.
pub const PURPOSE_MAX: usize = 200;

/// Which department is told, by what it helps with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// 医疗救助
    Medical,
    /// 教育救助
    Education,
    /// 住房救助
    Housing,
    /// 就业救助
    Employment,
}

slugs!(Receiver { Medical = "medical", Education = "education", Housing = "housing", Employment = "employment" });

/// What a department is told of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedNews {
    /// It was recognised.
    Recognised,
    /// What it got has ended.
    Ended,
}

slugs!(SharedNews { Recognised = "recognised", Ended = "ended" });

/// A list as asked for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ShareForm {
    /// Slug of a [`Receiver`].
    pub receiver: String,
    /// What the department needs it for.
    pub purpose: String,
}

/// A list to a department.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// Which department.
    pub receiver: Receiver,
    /// What for: 4 to 200 characters.
    pub purpose: String,
}

masked_debug!(ShareForm, Share);

impl Share {
    /// Checks the form.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ShareForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let receiver = match form.receiver.as_str() {
            "" => Err(FieldError::Missing(Prompt::ShareReceiver)),
            slug => Receiver::parse(slug).ok_or(FieldError::NotOffered),
        };
        let receiver = errors.keep("receiver", receiver);
        let purpose = written::cited(&form.purpose, Prompt::SharePurpose, 4, PURPOSE_MAX);
        match (receiver, errors.keep("purpose", purpose)) {
            (Some(receiver), Some(purpose)) => Ok(Self { receiver, purpose }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_receiver_and_a_purpose() {
        let empty = Share::parse(&ShareForm::default()).map(|_| ()).expect_err("nothing is filled in");
        assert_eq!(empty.iter().map(|e| e.field.clone()).collect::<Vec<_>>(), ["receiver", "purpose"]);
        let form = |receiver: &str| ShareForm {
            receiver: receiver.into(),
            purpose: "医疗救助直接认定".into(),
        };
        assert!(Share::parse(&form("police")).is_err());
        for receiver in Receiver::ALL {
            assert_eq!(Share::parse(&form(receiver.as_str())).map(|s| s.receiver), Ok(*receiver));
        }
    }
}
