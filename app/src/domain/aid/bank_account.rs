//! Where the money may go; it can be told later.

use serde::{Deserialize, Serialize};

use super::LINE_MAX;
use crate::domain::bank::BankAccount;
use crate::domain::form::{FieldError, FormErrors, Rule};
use crate::domain::name::PersonName;
use crate::domain::normalise;
use crate::masked_debug;

/// The page as typed; all empty is an answer.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BankAccountForm {
    /// Whose account it is.
    pub holder: String,
    /// 16 to 19 digits.
    pub number: String,
    /// The bank's name.
    pub bank: String,
    /// Why the account is another person's, such as 监护人.
    pub reason: String,
}

/// An account, checked.
#[derive(Clone)]
pub struct PayoutAccount {
    /// Whose account it is.
    pub holder: PersonName,
    /// The account.
    pub account: BankAccount,
    /// The bank's name, or empty.
    pub bank: String,
    /// Why the account is another person's; empty for the applicant's own.
    pub reason: String,
}

masked_debug!(BankAccountForm, PayoutAccount);

impl BankAccountForm {
    /// True when nothing was typed: the account follows later.
    pub fn is_empty(&self) -> bool {
        [&self.holder, &self.number, &self.bank, &self.reason].iter().all(|t| t.trim().is_empty())
    }
}

impl PayoutAccount {
    /// Checks the page; `None` when it was left empty. The holder must be the applicant, or a reason is given
    /// (such as a guardian's account). A number that fails Luhn is accepted: some old cards do.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &BankAccountForm, applicant: Option<&PersonName>) -> Result<Option<Self>, FormErrors> {
        if form.is_empty() {
            return Ok(None);
        }
        let mut errors = FormErrors::default();
        let holder = errors.keep("holder", PersonName::parse(&form.holder));
        let account = errors.keep("number", BankAccount::parse(&form.number));
        let bank = normalise::single_line(&form.bank);
        if bank.chars().count() > LINE_MAX {
            errors.add("bank", FieldError::TooLong { max: LINE_MAX });
        }
        let reason = normalise::single_line(&form.reason);
        if reason.chars().count() > LINE_MAX {
            errors.add("reason", FieldError::TooLong { max: LINE_MAX });
        }
        let another = matches!((&holder, applicant), (Some(h), Some(a)) if h.as_str() != a.as_str());
        if another && reason.is_empty() {
            errors.add("reason", Rule::AccountHolderWithoutReason);
        }
        match (holder, account) {
            (Some(holder), Some(account)) if errors.is_empty() => {
                Ok(Some(Self { holder, account, bank, reason }))
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(holder: &str, number: &str, reason: &str) -> BankAccountForm {
        BankAccountForm {
            holder: holder.into(),
            number: number.into(),
            bank: String::new(),
            reason: reason.into(),
        }
    }

    #[test]
    fn an_empty_page_means_later() {
        assert!(PayoutAccount::parse(&BankAccountForm::default(), None).is_ok_and(|a| a.is_none()));
    }

    #[test]
    fn an_account_of_another_person_needs_a_reason() {
        let applicant = PersonName::parse("王小明").ok();
        let applicant = applicant.as_ref();
        let other = form("李大强", "6222023200000000011", "");
        let errors = PayoutAccount::parse(&other, applicant).err();
        assert_eq!(
            errors.and_then(|e| e.of("reason").cloned()),
            Some(Rule::AccountHolderWithoutReason.into())
        );
        assert!(PayoutAccount::parse(&form("李大强", "6222023200000000011", "监护人"), applicant).is_ok());
        assert!(PayoutAccount::parse(&form("王小明", "6222023200000000011", ""), applicant).is_ok());
    }

    #[test]
    fn a_number_that_fails_luhn_is_accepted_and_known_as_doubtful() {
        let doubtful = PayoutAccount::parse(&form("王小明", "6222023200000000012", ""), None);
        assert!(doubtful.is_ok_and(|a| a.is_some_and(|a| !a.account.luhn_ok())));
    }
}
