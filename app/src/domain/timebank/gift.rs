//! Hours that one gives to somebody else (转赠), as far as the rules let.

use serde::{Deserialize, Serialize};

use super::life::other_phone;
use super::rules::{BankRules, GiftCircle};
use super::{Minutes, donation};
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::name::PersonName;
use crate::domain::phone::ContactPhone;
use crate::{masked_debug, slugs};

/// What somebody is to the giver: lineal kin (直系亲属). The giver says so; nobody checks a family tree for a gift of hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kin {
    /// Father or mother.
    Parent,
    /// Son or daughter.
    Child,
    /// Grandparent.
    Grandparent,
    /// Grandchild.
    Grandchild,
}

slugs!(Kin { Parent = "parent", Child = "child", Grandparent = "grandparent", Grandchild = "grandchild" });

/// A gift, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GiftForm {
    /// Slug of a [`Kin`], where the rules ask.
    pub kin: String,
    /// Whose.
    pub name: String,
    /// The telephone of their account.
    pub phone: String,
    /// How many minutes.
    pub minutes: String,
}

/// A gift, checked.
#[derive(Clone)]
pub struct Gift {
    /// Whose.
    pub name: PersonName,
    /// The telephone of their account.
    pub phone: ContactPhone,
    /// How many minutes.
    pub minutes: Minutes,
}

masked_debug!(GiftForm, Gift);

impl Gift {
    /// Checks the form by these rules. Where nobody may be given hours, no page offers it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &GiftForm, rules: &BankRules) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        match rules.gift {
            GiftCircle::Lineal if form.kin.is_empty() => errors.add("kin", Prompt::Kin),
            GiftCircle::Lineal if Kin::parse(&form.kin).is_none() => {
                errors.add("kin", FieldError::NotOffered);
            }
            GiftCircle::Nobody => errors.add("phone", FieldError::NotOffered),
            GiftCircle::Lineal | GiftCircle::Anyone => {}
        }
        let name = errors.keep("name", PersonName::parse(&form.name));
        let phone = errors.keep("phone", other_phone(&form.phone));
        let minutes = match donation(&form.minutes, rules) {
            Ok(minutes) => Some(minutes),
            Err(wrong) => {
                for error in wrong.iter() {
                    errors.add(error.field.clone(), error.error.clone());
                }
                None
            }
        };
        match (name, phone, minutes) {
            (Some(name), Some(phone), Some(minutes)) if errors.is_empty() => {
                Ok(Self { name, phone, minutes })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::preset;
    use super::*;

    #[test]
    fn a_gift_goes_as_far_as_the_rules_let() {
        let form = GiftForm {
            kin: "parent".into(),
            name: "李大妈".into(),
            phone: "13900005678".into(),
            minutes: "60".into(),
        };
        let parse = |form: &GiftForm, rules: &str| Gift::parse(form, preset(rules).unwrap());
        assert_eq!(parse(&form, "default").unwrap().minutes.get(), 60);
        let stranger = GiftForm { kin: String::new(), ..form.clone() };
        assert_eq!(parse(&stranger, "default").unwrap_err().of("kin"), Some(&Prompt::Kin.into()));
        assert!(parse(&stranger, "shanghai").is_ok(), "anybody there");
        assert!(parse(&form, "nanjing-2019").is_err(), "nobody there");
        assert_eq!(parse(&GiftForm::default(), "default").unwrap_err().iter().count(), 4);
    }
}
