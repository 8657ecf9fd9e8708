//! 核对: the district asks other systems about a household's income and property, each time for a purpose and with the person's
//! agreement (社会救助法 40, 41). Somebody outside the household who owes support (法定义务人) is asked about with their own agreement
//! alone.

use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::written;
use crate::{masked_debug, slugs};

/// The most characters of a purpose.
pub const PURPOSE_MAX: usize = 200;
/// The most characters of what was found.
pub const DETAIL_MAX: usize = 500;

/// Which system is asked (社会救助法 41).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeansSource {
    /// 税务
    Tax,
    /// 社会保险
    SocialInsurance,
    /// 住房公积金
    HousingFund,
    /// 不动产登记
    RealEstate,
    /// 车辆
    Vehicles,
    /// 银行存款
    Bank,
    /// 证券
    Securities,
    /// 商业保险
    Insurance,
    /// 非银行支付账户
    Payment,
    /// 市场主体登记
    Business,
}

slugs!(MeansSource {
    Tax = "tax",
    SocialInsurance = "social-insurance",
    HousingFund = "housing-fund",
    RealEstate = "real-estate",
    Vehicles = "vehicles",
    Bank = "bank",
    Securities = "securities",
    Insurance = "insurance",
    Payment = "payment",
    Business = "business",
});

/// What the other system answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeansOutcome {
    /// 和申报的一致
    Agrees,
    /// 和申报的不一致: the person is told and may object with evidence (民发〔2021〕57号 art. 18).
    Differs,
    /// 没有查到
    NothingFound,
}

slugs!(MeansOutcome { Agrees = "agrees", Differs = "differs", NothingFound = "nothing-found" });

/// A query as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MeansQueryForm {
    /// Who: one of the signatories that agreed.
    pub person: String,
    /// Slug of a [`MeansSource`].
    pub source: String,
    /// What for.
    pub purpose: String,
}

/// A query to another system.
#[derive(Clone, PartialEq, Eq)]
pub struct MeansQuery {
    /// The signatory whose agreement allows it.
    pub person: String,
    /// Which system.
    pub source: MeansSource,
    /// What for: 4 to 200 characters.
    pub purpose: String,
}

impl MeansQuery {
    /// Checks the form; `agreed` are the signatories whose agreement holds.
    ///
    /// # Errors
    /// All fields that are wrong, in page order. Somebody who did not agree can't be chosen.
    pub fn parse(form: &MeansQueryForm, agreed: &[&str]) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let person = match form.person.as_str() {
            id if agreed.contains(&id) => Ok(id.to_owned()),
            _ => Err(FieldError::Missing(Prompt::MeansPerson)),
        };
        let person = errors.keep("person", person);
        let source = match form.source.as_str() {
            "" => Err(FieldError::Missing(Prompt::MeansSource)),
            slug => MeansSource::parse(slug).ok_or(FieldError::NotOffered),
        };
        let source = errors.keep("source", source);
        let purpose =
            errors.keep("purpose", written::cited(&form.purpose, Prompt::MeansPurpose, 4, PURPOSE_MAX));
        match (person, source, purpose) {
            (Some(person), Some(source), Some(purpose)) => Ok(Self { person, source, purpose }),
            _ => Err(errors),
        }
    }
}

/// An answer as typed or read from a file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MeansAnswerForm {
    /// Slug of a [`MeansOutcome`].
    pub outcome: String,
    /// What was found; needed where it differs.
    pub detail: String,
}

/// What came back.
#[derive(Clone, PartialEq, Eq)]
pub struct MeansAnswer {
    /// In short.
    pub outcome: MeansOutcome,
    /// In words: never empty where it differs, because the person is told what.
    pub detail: Option<String>,
}

impl MeansAnswer {
    /// Checks the form.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &MeansAnswerForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let outcome = match form.outcome.as_str() {
            "" => Err(FieldError::Missing(Prompt::MeansResult)),
            slug => MeansOutcome::parse(slug).ok_or(FieldError::NotOffered),
        };
        let outcome = errors.keep("outcome", outcome);
        let detail = match written::paragraph(&form.detail, Prompt::MeansDetail, 2, DETAIL_MAX) {
            Err(FieldError::Missing(_)) if outcome != Some(MeansOutcome::Differs) => Ok(None),
            written => written.map(Some),
        };
        match (outcome, errors.keep("detail", detail)) {
            (Some(outcome), Some(detail)) => Ok(Self { outcome, detail }),
            _ => Err(errors),
        }
    }
}

/// The first line of a file of answers.
pub const ANSWER_COLUMNS: [&str; 3] = ["查询编号", "结果", "说明"];

/// The most lines of one file.
pub const ANSWERS_MAX: usize = 500;

/// The three results in a file's words.
pub fn outcome_word(outcome: MeansOutcome) -> &'static str {
    match outcome {
        MeansOutcome::Agrees => "一致",
        MeansOutcome::Differs => "不一致",
        MeansOutcome::NothingFound => "没有查到",
    }
}

/// One line of a file that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerProblem {
    /// The line, from 1, the heading counted.
    pub line: usize,
    /// What is wrong with it.
    pub fault: AnswerFault,
}

/// What is wrong with a line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// The heading is another one.
    Heading,
    /// Not three columns, or quotes that don't close.
    Columns,
    /// Not one of the three results.
    Outcome,
    /// It differs and doesn't say how, or says too much.
    Detail,
    /// The same query twice.
    Twice,
    /// No query of that number waits for an answer here.
    NotWaiting,
    /// More lines than one file may have.
    TooMany,
}

/// Reads rows of a file of answers, the heading first: `(query's number, answer)` in the file's order.
///
/// # Errors
/// Every line that is wrong; then none is taken.
pub fn read_answers(rows: &[Vec<String>]) -> Result<Vec<(String, MeansAnswer)>, Vec<AnswerProblem>> {
    let problem = |line, fault| AnswerProblem { line, fault };
    let Some((heading, rows)) = rows.split_first() else {
        return Err(vec![problem(1, AnswerFault::Heading)]);
    };
    // Tables begin with a mark that nobody sees.
    let named = heading.iter().map(|cell| cell.trim_start_matches('\u{feff}').trim()).eq(ANSWER_COLUMNS);
    if !named {
        return Err(vec![problem(1, AnswerFault::Heading)]);
    }
    if rows.len() > ANSWERS_MAX {
        return Err(vec![problem(ANSWERS_MAX + 2, AnswerFault::TooMany)]);
    }
    let mut answers: Vec<(String, MeansAnswer)> = Vec::new();
    let mut problems = Vec::new();
    for (line, row) in (2..).zip(rows) {
        let [reference, outcome, detail] = row.as_slice() else {
            problems.push(problem(line, AnswerFault::Columns));
            continue;
        };
        let reference = reference.trim().to_ascii_uppercase();
        let Some(outcome) =
            MeansOutcome::ALL.iter().copied().find(|known| outcome_word(*known) == outcome.trim())
        else {
            problems.push(problem(line, AnswerFault::Outcome));
            continue;
        };
        let form = MeansAnswerForm { outcome: outcome.as_str().to_owned(), detail: detail.clone() };
        match MeansAnswer::parse(&form) {
            Err(_) => problems.push(problem(line, AnswerFault::Detail)),
            Ok(_) if answers.iter().any(|(known, _)| *known == reference) => {
                problems.push(problem(line, AnswerFault::Twice));
            }
            Ok(answer) => answers.push((reference, answer)),
        }
    }
    if problems.is_empty() { Ok(answers) } else { Err(problems) }
}

masked_debug!(MeansQueryForm, MeansQuery, MeansAnswerForm, MeansAnswer);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn law_41_nobody_is_asked_about_without_their_own_agreement() {
        let form = |person: &str| MeansQueryForm {
            person: person.into(),
            source: "bank".into(),
            purpose: "核对家庭存款".into(),
        };
        assert!(MeansQuery::parse(&form("applicant"), &["applicant"]).is_ok());
        for person in ["", "m1", "obligor-1"] {
            let errors = MeansQuery::parse(&form(person), &["applicant"]).expect_err(person);
            assert!(errors.of("person").is_some(), "{person}");
        }
    }

    #[test]
    fn a_file_is_taken_whole_or_not_at_all_and_each_wrong_line_is_named() {
        let rows = |lines: &[&str]| -> Vec<Vec<String>> {
            lines.iter().map(|line| line.split(',').map(str::to_owned).collect()).collect()
        };
        let right = rows(&["\u{feff}查询编号,结果,说明", "hd1,一致,", "HD2, 不一致 ,名下有一套住房"]);
        let read = read_answers(&right).expect("right");
        assert_eq!(read.iter().map(|(reference, _)| reference.as_str()).collect::<Vec<_>>(), ["HD1", "HD2"]);
        assert_eq!(read[1].1.detail.as_deref(), Some("名下有一套住房"));
        let wrong =
            rows(&["查询编号,结果,说明", "HD1,一致", "HD1,对,", "HD1,不一致,", "HD1,一致,", "HD1,没有查到,"]);
        let problems = read_answers(&wrong).expect_err("wrong");
        let told: Vec<_> = problems.iter().map(|problem| (problem.line, problem.fault)).collect();
        use AnswerFault::{Columns, Detail, Outcome, Twice};
        assert_eq!(told, [(2, Columns), (3, Outcome), (4, Detail), (6, Twice)]);
        for heading in [&[][..], &["编号,结果,说明"][..]] {
            let problems = read_answers(&rows(heading)).expect_err("no heading");
            assert_eq!((problems[0].line, problems[0].fault), (1, AnswerFault::Heading));
        }
    }

    #[test]
    fn a_difference_is_told_in_words() {
        let form =
            |outcome: &str, detail: &str| MeansAnswerForm { outcome: outcome.into(), detail: detail.into() };
        assert_eq!(MeansAnswer::parse(&form("agrees", "")).expect("short").detail, None);
        assert!(MeansAnswer::parse(&form("differs", "名下有一套住房")).is_ok());
        assert!(MeansAnswer::parse(&form("differs", " ")).is_err_and(|errors| errors.of("detail").is_some()));
        assert!(
            MeansAnswer::parse(&form("perhaps", "x")).is_err_and(|errors| errors.of("outcome").is_some())
        );
    }
}
