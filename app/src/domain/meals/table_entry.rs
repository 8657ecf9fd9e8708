//! Entering a table of subsidies: what an administrator types, one tier a line, and what is kept of it. One person enters, another
//! approves.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::point::count;
use super::subsidy::{HujiRule, Level, Status, SubsidyTable, Tier};
use super::{tables, word_list};
use crate::domain::aid::standards::{DOCUMENT, Deed, parse_day};
use crate::domain::area::{district, street};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::money::Fen;
use crate::domain::{normalise, written};

/// The word that stands alone where a level gives nothing: that is another thing than saying nothing.
pub const NO_SUBSIDY: &str = "不补";

/// The most tiers of a table.
const TIERS_MAX: usize = 60;

/// The oldest somebody can be, for a form.
const OLDEST: i64 = 130;

/// A table as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableForm {
    /// Slug of a [`Level`].
    pub level: String,
    /// The code of the district or of a street.
    pub place: String,
    /// The first day on which it holds.
    pub effective_from: String,
    /// The number of the document.
    pub document: String,
    /// Slug of a [`HujiRule`].
    pub huji: String,
    /// The most meals of a person on a day; empty for no cap.
    pub per_day: String,
    /// The most in a month; empty for no cap.
    pub per_month: String,
    /// `yes`: who lives in a home that feeds everybody gets nothing.
    pub full_board: String,
    /// One tier a line.
    pub tiers: String,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierProblem {
    /// It has another number of columns.
    Columns,
    /// It names no class of people.
    Name,
    /// The youngest age is none.
    FromAge,
    /// The oldest age is none, or below the youngest.
    ToAge,
    /// Nobody knows that status.
    Status(String),
    /// It is no amount.
    Amount,
    /// A line before has the same ages and statuses.
    Twice,
    /// 不补 stands beside tiers.
    NotAlone,
    /// There are too many lines.
    TooMany,
}

/// Why a table is not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRefusal {
    /// The fields that are wrong.
    pub errors: FormErrors,
    /// The lines that are wrong, counted from 1.
    pub lines: Vec<(usize, TierProblem)>,
}

impl TableForm {
    /// Checks the form. `status` reads the words that people use. A day that has passed is fine: meals keep what they were priced by.
    ///
    /// # Errors
    /// All fields and all lines that are wrong.
    pub fn parse(
        &self,
        today: Date,
        sample: bool,
        status: impl Fn(&str) -> Option<Status>,
    ) -> Result<SubsidyTable, TableRefusal> {
        let mut errors = FormErrors::default();
        let chosen = |known: bool, text: &str, prompt: Prompt| match known {
            true => Ok(()),
            false if text.is_empty() => Err(FieldError::from(prompt)),
            false => Err(FieldError::NotOffered),
        };
        let level = Level::parse(&self.level);
        errors.keep("level", chosen(level.is_some(), &self.level, Prompt::MealTableLevel));
        let of_district = self.place == district();
        let known = of_district || street(&self.place).is_some();
        errors.keep("place", chosen(known, &self.place, Prompt::MealTablePlace));
        if known && level == Some(Level::District) && !of_district {
            errors.add("place", Rule::MealTablePlace);
        }
        let effective_from = errors.keep("effective_from", parse_day(&self.effective_from, today));
        let (min, max) = DOCUMENT;
        let document =
            errors.keep("document", written::cited(&self.document, Prompt::StandardDocument, min, max));
        let huji = HujiRule::parse(&self.huji);
        errors.keep("huji", chosen(huji.is_some(), &self.huji, Prompt::MealTableHuji));
        let per_day = errors.keep("per_day", cap(&self.per_day, 3));
        let per_month = errors.keep("per_month", cap(&self.per_month, 93));
        let (tiers, lines) = read_tiers(&self.tiers, status);
        if normalise::single_line(&self.tiers).is_empty() {
            errors.add("tiers", Prompt::MealTiers);
        } else if !lines.is_empty() {
            errors.add("tiers", Rule::MealTierLines);
        }
        match (level, effective_from, document, huji, per_day, per_month) {
            (Some(level), Some(effective_from), Some(source), Some(huji), Some(per_day), Some(per_month))
                if errors.is_empty() =>
            {
                Ok(SubsidyTable {
                    level,
                    place: self.place.clone(),
                    effective_from,
                    effective_until: None,
                    huji,
                    per_day,
                    per_month,
                    without: if self.full_board == "yes" { vec![Status::FullBoard] } else { Vec::new() },
                    source,
                    sample,
                    tiers,
                })
            }
            _ => Err(TableRefusal { errors, lines }),
        }
    }
}

fn cap(text: &str, most: i64) -> Result<Option<u32>, Rule> {
    if normalise::single_line(text).is_empty() {
        return Ok(None);
    }
    count(text, 1..=most).map(|count| u32::try_from(count).ok())
}

/// Reads tiers from lines of name, youngest, oldest, statuses, yuan; every line that is wrong is told.
fn read_tiers(text: &str, status: impl Fn(&str) -> Option<Status>) -> (Vec<Tier>, Vec<(usize, TierProblem)>) {
    let lines: Vec<_> = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !normalise::single_line(line).is_empty())
        .collect();
    if let [(_, only)] = lines.as_slice()
        && normalise::single_line(only) == NO_SUBSIDY
    {
        return (Vec::new(), Vec::new());
    }
    let (mut tiers, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (at, line) in &lines {
        if *at > TIERS_MAX {
            problems.push((*at, TierProblem::TooMany));
            break;
        }
        match read_tier(line, &status) {
            Ok(tier) => {
                if !seen.insert((tier.from_age, tier.to_age, tier.statuses.clone())) {
                    problems.push((*at, TierProblem::Twice));
                }
                tiers.push(tier);
            }
            Err(problem) => problems.push((*at, problem)),
        }
    }
    (tiers, problems)
}

fn read_tier(line: &str, status: impl Fn(&str) -> Option<Status>) -> Result<Tier, TierProblem> {
    if normalise::single_line(line) == NO_SUBSIDY {
        return Err(TierProblem::NotAlone);
    }
    let line = line.replace('，', ",");
    let columns: Vec<_> = line.split([',', '\t']).map(normalise::single_line).collect();
    let [name, from_age, to_age, statuses, yuan] = columns.as_slice() else {
        return Err(TierProblem::Columns);
    };
    let name = written::line(name, Prompt::MealTiers, 1, 40).map_err(|_| TierProblem::Name)?;
    let age = |text: &str| count(text, 0..=OLDEST).ok().and_then(|age| i16::try_from(age).ok());
    let from_age = age(from_age).ok_or(TierProblem::FromAge)?;
    let to_age = match to_age.as_str() {
        "" => None,
        text => Some(age(text).filter(|oldest| *oldest >= from_age).ok_or(TierProblem::ToAge)?),
    };
    let mut known = Vec::new();
    for word in word_list(statuses) {
        known.push(status(&word).ok_or(TierProblem::Status(word))?);
    }
    known.sort_unstable();
    known.dedup();
    let fen = match yuan.as_str() {
        "" => None,
        text => {
            let Fen(fen) = Fen::parse_yuan(text).map_err(|_| TierProblem::Amount)?;
            Some(Some(fen).filter(|fen| tables::AMOUNTS.contains(fen)).ok_or(TierProblem::Amount)?)
        }
    };
    Ok(Tier { name, from_age, to_age, statuses: known, fen })
}

/// A table as it is kept, with who entered it, approved it, took it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTable {
    /// The row's id.
    pub id: String,
    /// The table.
    pub table: SubsidyTable,
    /// Who entered it.
    pub entered: Deed,
    /// Who approved it; it holds from then on.
    pub approved: Option<Deed>,
    /// Who took it back, and why; it holds no longer.
    pub withdrawn: Option<(Deed, String)>,
}

impl KeptTable {
    /// It waits for a second person.
    pub fn waits(&self) -> bool {
        self.approved.is_none() && self.withdrawn.is_none()
    }

    /// It holds from its day on.
    pub fn holds(&self) -> bool {
        self.approved.is_some() && self.withdrawn.is_none()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 27);

    fn form(tiers: &str) -> TableForm {
        TableForm {
            level: "district".into(),
            place: "320214".into(),
            effective_from: "2026-12-01".into(),
            document: "示例文件".into(),
            huji: "same_city".into(),
            per_day: "2".into(),
            full_board: "yes".into(),
            tiers: tiers.into(),
            ..TableForm::default()
        }
    }

    fn status(word: &str) -> Option<Status> {
        match word {
            "低保" => Some(Status::Dibao),
            "特困" => Some(Status::Tekun),
            _ => None,
        }
    }

    #[test]
    fn a_table_is_read_line_by_line_and_an_empty_amount_stays_empty() {
        let table = form("60 到 79，60，79，，2\n\n低保、特困,60,,低保、特困,4.50\n80 以上\t80\t\t\t")
            .parse(TODAY, true, status)
            .unwrap();
        assert_eq!((table.per_day, table.per_month, table.sample), (Some(2), None, true));
        assert_eq!(table.without, [Status::FullBoard]);
        let read: Vec<_> = table.tiers.iter().map(|tier| (tier.from_age, tier.to_age, tier.fen)).collect();
        assert_eq!(read, [(60, Some(79), Some(200)), (60, None, Some(450)), (80, None, None)]);
        assert_eq!(table.tiers[1].statuses, [Status::Tekun, Status::Dibao]);
        let nothing = form("不补").parse(TODAY, false, status).unwrap();
        assert!(nothing.tiers.is_empty() && !nothing.sample);
    }

    #[test]
    fn every_wrong_line_is_told_with_its_number() {
        let text = "甲,60\n,60,,,1\n乙,六十,,,1\n丙,60,50,,1\n丁,60,,贵宾,1\n戊,60,,,一元\n己,60,,,1001\n庚,60,,,1\n辛,60,,,2\n不补";
        let refused = form(text).parse(TODAY, false, status).unwrap_err();
        assert!(refused.errors.of("tiers").is_some());
        let problems = [
            (1, TierProblem::Columns),
            (2, TierProblem::Name),
            (3, TierProblem::FromAge),
            (4, TierProblem::ToAge),
            (5, TierProblem::Status("贵宾".into())),
            (6, TierProblem::Amount),
            (7, TierProblem::Amount),
            (9, TierProblem::Twice),
            (10, TierProblem::NotAlone),
        ];
        assert_eq!(refused.lines, problems);
        let many = (60..130).map(|age| format!("甲,{age},,,1\n")).collect::<String>();
        assert_eq!(form(&many).parse(TODAY, false, status).unwrap_err().lines, [(61, TierProblem::TooMany)]);
    }

    #[test]
    fn every_wrong_field_is_told_at_once_and_a_district_pays_for_all_of_it() {
        let refused = TableForm::default().parse(TODAY, false, status).unwrap_err();
        for field in ["level", "place", "effective_from", "document", "huji", "tiers"] {
            assert!(refused.errors.of(field).is_some(), "{field}");
        }
        let street = TableForm { place: "320214050".into(), ..form("不补") };
        assert_eq!(
            street.parse(TODAY, false, status).unwrap_err().errors.of("place"),
            Some(&FieldError::from(Rule::MealTablePlace))
        );
        let street = TableForm { level: "street".into(), ..street };
        assert!(street.parse(TODAY, false, status).is_ok());
        let wrong = TableForm { place: "999999".into(), huji: "mars".into(), per_day: "9".into(), ..street };
        assert_eq!(wrong.parse(TODAY, false, status).unwrap_err().errors.iter().count(), 3);
    }
}
