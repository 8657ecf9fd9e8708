//! The form's pages, one thing each.

use crate::slugs;

/// One page of the application for 临时救助.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Who applies.
    Applicant,
    /// Where they live and where the emergency happened.
    Address,
    /// Who lives with them.
    Household,
    /// Income and spending.
    Finances,
    /// What happened.
    Situation,
    /// Where the money may go.
    BankAccount,
    /// How the personal data is handled.
    Notice,
    /// Agreement to the data check, by each adult.
    Authorisation,
    /// That everything is true.
    Pledge,
}

slugs!(Step {
    Applicant = "applicant",
    Address = "address",
    Household = "household",
    Finances = "finances",
    Situation = "situation",
    BankAccount = "bank-account",
    Notice = "notice",
    Authorisation = "authorisation",
    Pledge = "pledge",
});

impl Step {
    /// 1 for the first page.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The page after this one, or `None` before the check of all answers.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }

    /// The page before this one.
    pub fn previous(self) -> Option<Self> {
        (self as usize).checked_sub(1).and_then(|i| Self::ALL.get(i)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_follow_one_another_in_page_order() {
        let mut walked = vec![Step::Applicant];
        while let Some(next) = walked.last().and_then(|s| s.next()) {
            assert_eq!(next.previous(), walked.last().copied());
            walked.push(next);
        }
        assert_eq!(walked, Step::ALL);
        assert!(Step::ALL.iter().all(|s| Step::parse(s.as_str()) == Some(*s)));
    }
}
