//! Somebody comes to eat without an order: whoever is registered by what names them, anybody else by a name.

use serde::Deserialize;

use super::eater::Paid;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::name::PersonName;
use crate::domain::normalise;
use crate::domain::phone::ContactPhone;
use crate::masked_debug;

/// A meal for somebody who did not order, as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct WalkInForm {
    /// A name, telephone, document or card.
    pub who: String,
    /// `yes`: nobody has registered them.
    pub guest: String,
    /// A telephone, of whom nobody has registered; may be left out.
    pub guest_phone: String,
    /// `yes`: another person of a name that was served.
    pub apart: String,
    /// The dish.
    pub dish: String,
    /// Slug of a [`Paid`].
    pub paid: String,
}

masked_debug!(WalkInForm);

/// Who comes.
#[derive(Clone)]
pub enum WalkInWho {
    /// What somebody registered is looked for by.
    Named(String),
    /// Somebody whom nobody has registered.
    Guest(Guest),
}

masked_debug!(WalkInWho);

/// Somebody whom nobody has registered. What a subsidy asks is not known of them.
#[derive(Clone)]
pub struct Guest {
    /// The name.
    pub name: PersonName,
    /// A telephone.
    pub phone: Option<ContactPhone>,
    /// Another person of a name that was served.
    pub apart: bool,
}

masked_debug!(Guest);

impl WalkInForm {
    /// Who is meant.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn who(&self) -> Result<WalkInWho, FormErrors> {
        let mut errors = FormErrors::default();
        let typed = normalise::single_line(&self.who);
        if typed.is_empty() {
            errors.add("who", Prompt::MealEater);
        }
        if self.guest != "yes" {
            return if errors.is_empty() { Ok(WalkInWho::Named(typed)) } else { Err(errors) };
        }
        let name = if typed.is_empty() { None } else { errors.keep("who", PersonName::parse(&self.who)) };
        let phone = if normalise::single_line(&self.guest_phone).is_empty() {
            Some(None)
        } else {
            errors.keep("guest_phone", ContactPhone::parse(&self.guest_phone)).map(Some)
        };
        match (name, phone) {
            (Some(name), Some(phone)) => {
                Ok(WalkInWho::Guest(Guest { name, phone, apart: self.apart == "yes" }))
            }
            _ => Err(errors),
        }
    }

    /// What became of the elder's part.
    ///
    /// # Errors
    /// Nothing was chosen, or what is not offered.
    pub fn paid(&self) -> Result<Paid, FieldError> {
        match Paid::parse(&self.paid) {
            Some(paid) => Ok(paid),
            None if self.paid.is_empty() => Err(Prompt::MealPaid.into()),
            None => Err(FieldError::NotOffered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(who: &str, guest: bool, phone: &str) -> WalkInForm {
        let guest = if guest { "yes" } else { "" };
        WalkInForm {
            who: who.into(),
            guest: guest.into(),
            guest_phone: phone.into(),
            ..WalkInForm::default()
        }
    }

    #[test]
    fn whoever_is_registered_is_named_by_anything_and_a_guest_by_a_name() {
        assert!(
            matches!(form(" 13900005678 ", false, "x").who(), Ok(WalkInWho::Named(who)) if who == "13900005678")
        );
        let Ok(WalkInWho::Guest(guest)) = form("王大爷", true, "").who() else { panic!("a guest") };
        assert!(guest.name.as_str() == "王大爷" && guest.phone.is_none() && !guest.apart);
        let Ok(WalkInWho::Guest(guest)) = form("王大爷", true, "13900005678").who() else {
            panic!("a guest")
        };
        assert!(guest.phone.is_some());
    }

    #[test]
    fn every_wrong_field_of_a_guest_is_told_at_once() {
        assert!(form(" ", false, "").who().unwrap_err().of("who").is_some());
        let errors = form("", true, "12").who().unwrap_err();
        assert!(errors.of("who").is_some() && errors.of("guest_phone").is_some());
        assert!(form("13900005678", true, "").who().unwrap_err().of("who").is_some(), "no name");
        assert_eq!(WalkInForm::default().paid(), Err(Prompt::MealPaid.into()));
        assert_eq!(
            WalkInForm { paid: "gold".into(), ..WalkInForm::default() }.paid(),
            Err(FieldError::NotOffered)
        );
    }
}
