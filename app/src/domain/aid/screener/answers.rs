//! What the screener asks.

use serde::{Deserialize, Serialize};

use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::money::{Fen, MoneyError};
use crate::domain::normalise::single_line;
use crate::{masked_debug, slugs};

/// The most people of one household.
const MAX_PEOPLE: u8 = 20;

/// Where the household is registered (户籍).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Huji {
    /// In this district.
    Here,
    /// Elsewhere, with a residence permit of this district.
    Permit,
    /// Elsewhere, without one.
    Elsewhere,
}
slugs!(Huji { Here = "here", Permit = "permit", Elsewhere = "elsewhere" });

/// How old the oldest of the household is, in full years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OldestAge {
    /// Younger than 60.
    Under60,
    /// 60 to 69.
    From60,
    /// 70 to 79.
    From70,
    /// 80 to 89.
    From80,
    /// 90 to 99.
    From90,
    /// 100 or more.
    From100,
}
slugs!(OldestAge {
    Under60 = "under-60",
    From60 = "60",
    From70 = "70",
    From80 = "80",
    From90 = "90",
    From100 = "100"
});

/// The heaviest grade on a disability certificate (残疾人证) of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabilityGrade {
    /// Nobody has one.
    None,
    /// Grade 1, the heaviest.
    One,
    /// Grade 2.
    Two,
    /// Grade 3.
    Three,
    /// Grade 4.
    Four,
}
slugs!(DisabilityGrade { None = "none", One = "1", Two = "2", Three = "3", Four = "4" });

/// The kind on that certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabilityKind {
    /// 视力.
    Sight,
    /// 听力.
    Hearing,
    /// 言语.
    Speech,
    /// 肢体.
    Limb,
    /// 智力.
    Intellectual,
    /// 精神.
    Mental,
    /// 多重.
    Multiple,
}
slugs!(DisabilityKind {
    Sight = "sight",
    Hearing = "hearing",
    Speech = "speech",
    Limb = "limb",
    Intellectual = "intellectual",
    Mental = "mental",
    Multiple = "multiple",
});

/// Whether somebody of the household needs daily care for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Nobody.
    Nobody,
    /// An elder.
    Elder,
    /// Somebody younger than 60.
    Younger,
}
slugs!(Care { Nobody = "nobody", Elder = "elder", Younger = "younger" });

/// How the children of the household are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildSituation {
    /// There are none under 18.
    None,
    /// Somebody brings them up, and they are well.
    Cared,
    /// Both parents died or can't be found.
    Orphan,
    /// The parents can't bring them up: heavily disabled, heavily ill, in prison, out of reach.
    Unattended,
    /// They are ill, disabled or badly looked after.
    Difficulty,
}
slugs!(ChildSituation {
    None = "none",
    Cared = "cared",
    Orphan = "orphan",
    Unattended = "unattended",
    Difficulty = "difficulty",
});

/// What the household is confirmed as already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receives {
    /// Nothing.
    Nothing,
    /// 低保.
    Dibao,
    /// 特困.
    Tekun,
    /// 低保边缘.
    Margin,
    /// 刚性支出困难.
    Rigid,
}
slugs!(Receives {
    Nothing = "nothing",
    Dibao = "dibao",
    Tekun = "tekun",
    Margin = "margin",
    Rigid = "rigid",
});

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}
slugs!(YesNo { Yes = "yes", No = "no" });

/// The page as typed. Every choice may stay empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScreenerForm {
    /// How many people live together.
    pub people: String,
    /// Their income in a month, in yuan.
    pub income: String,
    /// Slug of a [`Huji`].
    pub huji: String,
    /// Slug of a [`Receives`].
    pub receives: String,
    /// [`YesNo`]: something sudden happened (火灾、车祸、突发重病).
    pub sudden: String,
    /// What had to be spent in the last 12 months, in yuan, after insurance.
    pub spending: String,
    /// [`YesNo`]: a car, a shop, a second home or large deposits.
    pub assets: String,
    /// [`YesNo`]: somebody who can't work, has no income and nobody who must support them.
    pub unsupported: String,
    /// [`YesNo`]: somebody is heavily ill.
    pub illness: String,
    /// Slug of an [`OldestAge`].
    pub oldest: String,
    /// Slug of a [`Care`].
    pub care: String,
    /// Slug of a [`DisabilityGrade`].
    pub disability: String,
    /// Slug of a [`DisabilityKind`].
    pub disability_kind: String,
    /// Slug of a [`ChildSituation`].
    pub child: String,
}

/// What was answered; `None` was not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// How many people live together, 1 to 20.
    pub people: u8,
    /// Their income in a month.
    pub income: Option<Fen>,
    /// Where they are registered.
    pub huji: Option<Huji>,
    /// What they are confirmed as already.
    pub receives: Option<Receives>,
    /// Something sudden happened.
    pub sudden: Option<YesNo>,
    /// What had to be spent in the last 12 months.
    pub spending: Option<Fen>,
    /// A car, a shop, a second home or large deposits.
    pub assets: Option<YesNo>,
    /// Somebody who can't work, has no income and nobody who must support them.
    pub unsupported: Option<YesNo>,
    /// Somebody is heavily ill.
    pub illness: Option<YesNo>,
    /// The oldest.
    pub oldest: Option<OldestAge>,
    /// Who needs care.
    pub care: Option<Care>,
    /// The heaviest grade.
    pub disability: Option<DisabilityGrade>,
    /// Its kind.
    pub disability_kind: Option<DisabilityKind>,
    /// The children.
    pub child: Option<ChildSituation>,
}

masked_debug!(ScreenerForm, Answers);

impl Answers {
    /// Checks the page. Only the number of people must be told; whatever else stays empty is a question left open.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ScreenerForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let people = errors.keep("people", people(&form.people));
        let income = errors.keep("income", money(&form.income));
        let huji = errors.keep("huji", choice(&form.huji, Huji::parse));
        let receives = errors.keep("receives", choice(&form.receives, Receives::parse));
        let sudden = errors.keep("sudden", choice(&form.sudden, YesNo::parse));
        let spending = errors.keep("spending", money(&form.spending));
        let assets = errors.keep("assets", choice(&form.assets, YesNo::parse));
        let unsupported = errors.keep("unsupported", choice(&form.unsupported, YesNo::parse));
        let illness = errors.keep("illness", choice(&form.illness, YesNo::parse));
        let oldest = errors.keep("oldest", choice(&form.oldest, OldestAge::parse));
        let care = errors.keep("care", choice(&form.care, Care::parse));
        let disability = errors.keep("disability", choice(&form.disability, DisabilityGrade::parse));
        let disability_kind =
            errors.keep("disability_kind", choice(&form.disability_kind, DisabilityKind::parse));
        let child = errors.keep("child", choice(&form.child, ChildSituation::parse));
        let Some(people) = people.filter(|_| errors.is_empty()) else { return Err(errors) };
        Ok(Self {
            people,
            income: income.flatten(),
            huji: huji.flatten(),
            receives: receives.flatten(),
            sudden: sudden.flatten(),
            spending: spending.flatten(),
            assets: assets.flatten(),
            unsupported: unsupported.flatten(),
            illness: illness.flatten(),
            oldest: oldest.flatten(),
            care: care.flatten(),
            disability: disability.flatten(),
            disability_kind: disability_kind.flatten(),
            child: child.flatten(),
        })
    }
}

fn people(text: &str) -> Result<u8, FieldError> {
    let line = single_line(text);
    let digits = line.trim_end_matches(['人', '口']).trim();
    if digits.is_empty() {
        return Err(Prompt::HouseholdSize.into());
    }
    match digits.parse() {
        Ok(people @ 1..=MAX_PEOPLE) => Ok(people),
        _ => Err(Rule::NotAHouseholdSize.into()),
    }
}

fn money(text: &str) -> Result<Option<Fen>, MoneyError> {
    match Fen::parse_yuan(text) {
        Err(MoneyError::Missing) => Ok(None),
        parsed => parsed.map(Some),
    }
}

fn choice<T>(slug: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, FieldError> {
    match slug {
        "" | "unknown" => Ok(None),
        slug => parse(slug).map(Some).ok_or(FieldError::NotOffered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_of_people_must_be_told() {
        let form = ScreenerForm { people: "３ 人".into(), ..Default::default() };
        let answers = Answers::parse(&form).expect("enough");
        assert_eq!((answers.people, answers.income, answers.child), (3, None, None));
        let missing = Answers::parse(&ScreenerForm::default()).expect_err("nobody lives there");
        assert_eq!(missing.of("people"), Some(&Prompt::HouseholdSize.into()));
    }

    #[test]
    fn every_error_is_told_at_once() {
        let form = ScreenerForm {
            people: "0".into(),
            income: "很少".into(),
            huji: "moon".into(),
            child: "unknown".into(),
            ..Default::default()
        };
        let errors = Answers::parse(&form).expect_err("three errors");
        let fields: Vec<_> = errors.iter().map(|e| e.field.clone()).collect();
        assert_eq!(fields, ["people", "income", "huji"]);
        for wrong in ["21", "-1", "两", "1.5", "256", "9999999999999999999"] {
            let form = ScreenerForm { people: wrong.into(), ..Default::default() };
            assert_eq!(
                Answers::parse(&form).err().and_then(|e| e.of("people").cloned()),
                Some(Rule::NotAHouseholdSize.into()),
                "{wrong}"
            );
        }
    }
}
