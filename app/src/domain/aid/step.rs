//! The form's pages, one thing each.

use crate::slugs;

/// One page of an application.
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

/// What an item's application asks for, beside what every one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// The household, its income and the agreement to a data check; without, the person alone.
    pub household: bool,
    /// Where money may go.
    pub account: bool,
    /// The one it is for is a child: nobody who is 18 or older.
    pub child: bool,
    /// What is wanted is a service, not aid.
    pub service: bool,
}

impl Default for Asks {
    fn default() -> Self {
        Self { household: true, account: true, child: false, service: false }
    }
}

const OF_ONE_PERSON: &[Step] =
    &[Step::Applicant, Step::Address, Step::Situation, Step::BankAccount, Step::Notice, Step::Pledge];
const WITHOUT_MONEY: &[Step] = &[
    Step::Applicant,
    Step::Address,
    Step::Household,
    Step::Finances,
    Step::Situation,
    Step::Notice,
    Step::Authorisation,
    Step::Pledge,
];
const OF_ONE_PERSON_WITHOUT_MONEY: &[Step] =
    &[Step::Applicant, Step::Address, Step::Situation, Step::Notice, Step::Pledge];

impl Step {
    /// The pages that an application has, in order.
    pub fn asked(asks: Asks) -> &'static [Self] {
        match (asks.household, asks.account) {
            (true, true) => Self::ALL,
            (false, true) => OF_ONE_PERSON,
            (true, false) => WITHOUT_MONEY,
            (false, false) => OF_ONE_PERSON_WITHOUT_MONEY,
        }
    }

    /// 1 for the first of these pages.
    pub fn number(self, pages: &[Self]) -> usize {
        pages.iter().take_while(|page| **page != self).count() + 1
    }

    /// The page after this one, or `None` before the check of all answers.
    pub fn next(self, pages: &[Self]) -> Option<Self> {
        pages.get(self.number(pages)).copied()
    }

    /// The page before this one.
    pub fn previous(self, pages: &[Self]) -> Option<Self> {
        self.number(pages).checked_sub(2).and_then(|at| pages.get(at)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_follow_one_another_in_page_order() {
        let each = [(true, true), (true, false), (false, true), (false, false)];
        for (household, account) in each {
            let pages = Step::asked(Asks { household, account, ..Asks::default() });
            assert_eq!(pages.contains(&Step::Finances), household);
            assert_eq!(pages.contains(&Step::BankAccount), account);
            let mut walked = vec![Step::Applicant];
            assert_eq!(Step::Applicant.previous(pages), None);
            while let Some(next) = walked.last().and_then(|s| s.next(pages)) {
                assert_eq!(next.previous(pages), walked.last().copied());
                walked.push(next);
                assert_eq!(next.number(pages), walked.len());
            }
            assert_eq!(walked, pages);
        }
        assert!(Step::ALL.iter().all(|s| Step::parse(s.as_str()) == Some(*s)));
    }
}
