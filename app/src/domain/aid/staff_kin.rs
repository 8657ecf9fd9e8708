//! 单独登记备案: near relatives of the people who handle aid. A case of such a household is entered in a register of its own, the
//! district visits it at home, and the relative has no part in it (民发〔2021〕57号 art. 11, 20).

use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// What the member of staff is to somebody of the household: the near relatives of 民法典 1045.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KinRelation {
    /// 配偶
    Spouse,
    /// 父母
    Parent,
    /// 子女
    Child,
    /// 兄弟姐妹
    Sibling,
    /// 祖父母、外祖父母
    Grandparent,
    /// 孙子女、外孙子女
    Grandchild,
}

slugs!(KinRelation {
    Spouse = "spouse",
    Parent = "parent",
    Child = "child",
    Sibling = "sibling",
    Grandparent = "grandparent",
    Grandchild = "grandchild",
});

/// The choice of the page for somebody who has no account here, such as a member of a residents' committee.
pub const NO_ACCOUNT: &str = "none";

/// An entry as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StaffKinForm {
    /// Account of the member of staff, or [`NO_ACCOUNT`].
    pub staff: String,
    /// The name, where there is no account.
    pub name: String,
    /// Slug of a [`KinRelation`].
    pub relation: String,
}

/// An entry of the register.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffKin {
    /// The account, where there is one.
    pub account: Option<String>,
    /// The name.
    pub name: String,
    /// What that person is to somebody of the household.
    pub relation: KinRelation,
}

masked_debug!(StaffKinForm, StaffKin);

impl StaffKin {
    /// Checks the form; `accounts` are those who may be chosen, with their names.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &StaffKinForm, accounts: &[(&str, &str)]) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let who = match form.staff.as_str() {
            "" => errors.keep("kin-staff", Err(Prompt::KinStaff)),
            NO_ACCOUNT => errors
                .keep("kin-name", written::line(&form.name, Prompt::KinName, 2, 50))
                .map(|name| (None, name)),
            id => {
                let known = accounts.iter().find(|(account, _)| *account == id);
                errors
                    .keep("kin-staff", known.ok_or(FieldError::NotOffered))
                    .map(|(id, name)| (Some((*id).to_owned()), (*name).to_owned()))
            }
        };
        let relation = match form.relation.as_str() {
            "" => Err(FieldError::Missing(Prompt::KinRelation)),
            slug => KinRelation::parse(slug).ok_or(FieldError::NotOffered),
        };
        match (who, errors.keep("kin-relation", relation)) {
            (Some((account, name)), Some(relation)) => Ok(Self { account, name, relation }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_has_an_account_that_is_offered_or_a_name() {
        let form = |staff: &str, name: &str, relation: &str| StaffKinForm {
            staff: staff.into(),
            name: name.into(),
            relation: relation.into(),
        };
        let accounts = [("a", "李明"), ("b", "周敏")];
        let parse = |form: &StaffKinForm| StaffKin::parse(form, &accounts);
        let known = parse(&form("b", "不用", "sibling")).expect("an account");
        assert_eq!((known.account.as_deref(), known.name.as_str()), (Some("b"), "周敏"));
        let named = parse(&form(NO_ACCOUNT, "吴婷", "parent")).expect("a name");
        assert_eq!((named.account, named.relation), (None, KinRelation::Parent));
        for (staff, name, relation, field) in [
            ("", "", "child", "kin-staff"),
            ("z", "", "child", "kin-staff"),
            (NO_ACCOUNT, "", "child", "kin-name"),
            ("a", "", "", "kin-relation"),
            ("a", "", "friend", "kin-relation"),
        ] {
            let errors = parse(&form(staff, name, relation)).expect_err(field);
            assert!(errors.of(field).is_some(), "{field}");
        }
    }
}
