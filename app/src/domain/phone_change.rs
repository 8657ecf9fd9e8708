//! Another telephone number for an account: the number that one signs in with.

use serde::{Deserialize, Serialize};

use super::form::{FormErrors, Rule};
use super::person::SignInForm;
use super::phone::ContactPhone;
use crate::masked_debug;

/// The page that asks for the new number, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPhoneForm {
    /// A mobile, or a landline with its area code.
    pub phone: String,
    /// `yes`, at the counter alone: a landline that gets no code, its owner has signed for it on paper.
    pub paper: String,
}

/// A number, formed right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPhone {
    /// The number.
    pub phone: ContactPhone,
    /// No code proves it, a signature on paper does.
    pub on_paper: bool,
}

impl NewPhoneForm {
    /// Checks the page; `current` is the number that opens the account now.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, current: Option<&ContactPhone>) -> Result<NewPhone, FormErrors> {
        let phone = SignInForm { phone: self.phone.clone() }.parse()?;
        let mut errors = FormErrors::default();
        if current == Some(&phone) {
            errors.add("phone", Rule::SamePhone);
        }
        let on_paper = self.paper == "yes";
        if on_paper && phone.mobile().is_some() {
            errors.add("paper", Rule::MobileNeedsCode);
        }
        if errors.is_empty() { Ok(NewPhone { phone, on_paper }) } else { Err(errors) }
    }
}

masked_debug!(NewPhoneForm);

#[cfg(test)]
mod tests {
    use super::*;

    fn form(phone: &str, paper: &str) -> NewPhoneForm {
        NewPhoneForm { phone: phone.into(), paper: paper.into() }
    }

    fn wrong(form: &NewPhoneForm, current: Option<&ContactPhone>) -> Vec<String> {
        let errors = form.parse(current).err();
        errors.iter().flat_map(FormErrors::iter).map(|e| e.field.clone().into_owned()).collect()
    }

    #[test]
    fn a_new_number_is_another_one_and_only_a_landline_goes_by_paper() {
        let current = ContactPhone::parse("13900001234").ok();
        assert_eq!(wrong(&form("", ""), None), ["phone"]);
        assert_eq!(wrong(&form("139 0000 1234", ""), current.as_ref()), ["phone"]);
        assert_eq!(wrong(&form("13900001234", "yes"), current.as_ref()), ["phone", "paper"]);
        let landline = form("0510-85210000", "yes").parse(current.as_ref());
        assert!(landline.is_ok_and(|new| new.on_paper));
        assert!(form("13900005678", "").parse(current.as_ref()).is_ok_and(|new| !new.on_paper));
    }
}
