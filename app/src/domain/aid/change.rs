//! Something has changed in a household that asked for aid or gets it: it is told to the street (社会救助法 46).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::case::CaseState;
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// The most characters of the words.
pub const WORDS_MAX: usize = 500;

/// The field that errors of all kinds stand at.
const FIRST_KIND: &str = "kind-household";

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Who lives in the household: born, married, moved in or out.
    Household,
    /// Somebody died.
    Death,
    /// Work or income.
    Income,
    /// Property: housing, a vehicle, savings.
    Property,
    /// Illness or disability.
    Health,
    /// The address or the huji.
    Address,
    /// The telephone or the bank account.
    Contact,
    /// Anything else.
    Other,
}

slugs!(ChangeKind {
    Household = "household",
    Death = "death",
    Income = "income",
    Property = "property",
    Health = "health",
    Address = "address",
    Contact = "contact",
    Other = "other",
});

/// The form as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChangeForm {
    /// Slugs of [`ChangeKind`].
    pub kinds: Vec<String>,
    /// Since when, as people write a date.
    pub since: String,
    /// What it is.
    pub words: String,
}

/// A change that was told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What changed, each once, in page order.
    pub kinds: Vec<ChangeKind>,
    /// Since when.
    pub since: Date,
    /// What it is, in the resident's words.
    pub words: String,
}

masked_debug!(ChangeForm, Change);

impl Change {
    /// Checks the form on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ChangeForm, today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let known = form.kinds.iter().all(|slug| ChangeKind::parse(slug).is_some());
        let kinds: Vec<_> = ChangeKind::ALL
            .iter()
            .copied()
            .filter(|kind| form.kinds.iter().any(|slug| slug == kind.as_str()))
            .collect();
        let kinds = match (known, kinds.is_empty()) {
            (false, _) => Err(FieldError::NotOffered),
            (true, true) => Err(FieldError::Missing(Prompt::ChangeKind)),
            (true, false) => Ok(kinds),
        };
        let kinds = errors.keep(FIRST_KIND, kinds);
        let since = errors.keep("since", since(&form.since, today));
        let words = errors.keep("words", written::paragraph(&form.words, Prompt::ChangeWords, 4, WORDS_MAX));
        match (kinds, since, words) {
            (Some(kinds), Some(since), Some(words)) => Ok(Self { kinds, since, words }),
            _ => Err(errors),
        }
    }
}

fn since(typed: &str, today: Date) -> Result<Date, FieldError> {
    if normalise::single_line(typed).is_empty() {
        return Err(Prompt::ChangeDay.into());
    }
    let since = parse_date(typed)?;
    if since > today { Err(Rule::DayNotYet.into()) } else { Ok(since) }
}

/// Whether a change still matters to a case: it is under way, or aid is given.
pub fn can_be_told(state: CaseState) -> bool {
    state.is_open() || state == CaseState::Granted
}

/// What the office made of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It changes nothing of the aid.
    NoEffect,
    /// The household's finances are checked again.
    Recheck,
    /// What was told is entered: an address, an account.
    Entered,
}

slugs!(ChangeOutcome { NoEffect = "no-effect", Recheck = "recheck", Entered = "entered" });

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn form(kinds: &[&str], day: &str, words: &str) -> ChangeForm {
        ChangeForm {
            kinds: kinds.iter().map(ToString::to_string).collect(),
            since: day.into(),
            words: words.into(),
        }
    }

    #[test]
    fn what_changed_since_when_and_how_is_asked_all_at_once() {
        let today = date(2026, 11, 26);
        let change = Change::parse(&form(&["income", "household"], "2026-11-26", "我上班了"), today);
        assert!(change.is_ok_and(|change| change.kinds == [ChangeKind::Household, ChangeKind::Income]));
        let errors = Change::parse(&form(&[], "", ""), today).err();
        let fields: Vec<_> = errors.iter().flat_map(FormErrors::iter).map(|e| e.field.clone()).collect();
        assert_eq!(fields, [FIRST_KIND, "since", "words"]);
        let tomorrow = Change::parse(&form(&["death"], "2026年11月27日", "奶奶走了"), today).err();
        assert_eq!(
            tomorrow.as_ref().and_then(|errors| errors.of("since")),
            Some(&FieldError::Rule(Rule::DayNotYet))
        );
        assert!(Change::parse(&form(&["luck"], "20261101", "中奖了呀"), today).is_err());
    }

    #[test]
    fn a_change_is_told_while_it_matters() {
        for state in CaseState::ALL {
            let matters = !matches!(state, CaseState::Refused | CaseState::Withdrawn);
            assert_eq!(can_be_told(*state), matters, "{state:?}");
        }
    }
}
