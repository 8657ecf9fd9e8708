//! Sample families (样例家庭): made-up households with what the rules say to them. They test the rules, and show staff whom a
//! new standard would touch before it holds.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::screener::{Answers, ScreenedItem, ScreenerForm, Standing};
use super::standards::{Standard, Standards};

/// A made-up household.
#[derive(Clone, Debug)]
pub struct Family {
    /// What tells it from the others: 「三口人，父亲失业，低于标准」.
    pub name: String,
    /// What it would answer.
    pub answers: Answers,
    /// Which of the sets of standards in the file it was judged by.
    pub standards: Standards,
    /// What likely or maybe fits, with the slug of the first reason. Whatever is not here does not fit.
    pub expected: BTreeMap<ScreenedItem, (Standing, String)>,
    /// What it could be in a month, in fen, where that is told.
    pub estimates: BTreeMap<ScreenedItem, i64>,
}

/// The day on which the families were judged.
pub const JUDGED_ON: Date = Date::constant(2026, 11, 26);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    standards: BTreeMap<String, Vec<Standard>>,
    /// What a household answers that has nothing to ask for; each family says where it differs.
    plain: ScreenerForm,
    /// What is expected of every family.
    always: BTreeMap<String, String>,
    families: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    standards: String,
    answers: toml::Table,
    #[serde(default)]
    expect: BTreeMap<String, String>,
    #[serde(default)]
    estimate: BTreeMap<String, i64>,
}

static FAMILIES: LazyLock<Result<Vec<Family>, String>> =
    LazyLock::new(|| read(include_str!("../../../data/families.toml")));

/// All of them, as they stand in `app/data/families.toml`. Empty if that file can't be read, which a test excludes.
pub fn families() -> &'static [Family] {
    FAMILIES.as_deref().unwrap_or_default()
}

fn read(text: &str) -> Result<Vec<Family>, String> {
    let file: File = toml::from_str(text).map_err(|cause| cause.to_string())?;
    let family = |written: &Written| {
        let wrong = |what: &str| format!("{}: {what}", written.name);
        let own = file.standards.get(&written.standards).ok_or_else(|| wrong("no such standards"))?;
        let mut form = toml::Table::try_from(&file.plain).map_err(|cause| wrong(&cause.to_string()))?;
        if let Some(unknown) = written.answers.keys().find(|question| !form.contains_key(*question)) {
            return Err(wrong(unknown));
        }
        form.extend(written.answers.clone());
        let form: ScreenerForm = form.try_into().map_err(|cause| wrong(&cause.to_string()))?;
        let answers = Answers::parse(&form).map_err(|errors| wrong(&format!("{errors:?}")))?;
        let item_of = |slug: &str| ScreenedItem::parse(slug).ok_or_else(|| wrong(slug));
        let mut expected = BTreeMap::new();
        for (slug, words) in file.always.iter().chain(&written.expect) {
            let item = item_of(slug)?;
            let (standing, reason) = words.split_once(' ').ok_or_else(|| wrong(words))?;
            let standing = Standing::parse(standing).ok_or_else(|| wrong(words))?;
            expected.insert(item, (standing, reason.to_owned()));
        }
        let estimates = written.estimate.iter().map(|(slug, fen)| Ok((item_of(slug)?, *fen)));
        let estimates = estimates.collect::<Result<_, String>>()?;
        Ok(Family {
            name: written.name.clone(),
            answers,
            standards: Standards::national().with(own.iter().cloned()),
            expected,
            estimates,
        })
    };
    file.families.iter().map(family).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::aid::screener::{Reason, judge};

    #[test]
    fn each_sample_family_gets_its_answers_and_reasons() {
        let families = FAMILIES.as_ref().expect("app/data/families.toml");
        let names: BTreeSet<_> = families.iter().map(|family| &family.name).collect();
        assert!(families.len() >= 40, "{}", families.len());
        assert_eq!(names.len(), families.len(), "each has a name of its own");
        let mut wrong = String::new();
        for family in families {
            for finding in judge(&family.answers, &family.standards, JUDGED_ON) {
                let reason = finding.reasons.first().map(Reason::slug).unwrap_or_default();
                let said = (finding.standing, reason.to_owned());
                let fits = match family.expected.get(&finding.item) {
                    Some(expected) => said == *expected,
                    None => said.0 == Standing::NotNow && !reason.is_empty(),
                };
                let estimate = finding.estimate.map(|sum| sum.0);
                if let Some(told) = family.estimates.get(&finding.item)
                    && estimate != Some(*told)
                {
                    wrong.push_str(&format!("{}: {} {estimate:?}\n", family.name, finding.item.as_str()));
                }
                if !fits {
                    let (item, standing) = (finding.item.as_str(), finding.standing.as_str());
                    wrong.push_str(&format!("{}: \"{item}\" = \"{standing} {reason}\"\n", family.name));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    }
}
