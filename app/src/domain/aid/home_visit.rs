//! 入户调查: two of the offices' people look at a household at home; both and somebody of the family sign (民发〔2021〕57号
//! art. 16). For 特困 they see which of six things the person does alone (特困人员认定办法 art. 21, 22).

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};

/// The fewest characters of what was seen.
pub const FINDINGS_MIN: usize = 20;
/// The most characters of what was seen.
pub const FINDINGS_MAX: usize = 1_000;

/// What a person does alone or not (特困人员认定办法 art. 21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SelfCare {
    /// 吃饭
    Eating,
    /// 穿衣
    Dressing,
    /// 上下床
    Bed,
    /// 上厕所
    Toilet,
    /// 室内行走
    Walking,
    /// 洗澡
    Bathing,
}

slugs!(SelfCare {
    Eating = "eating",
    Dressing = "dressing",
    Bed = "bed",
    Toilet = "toilet",
    Walking = "walking",
    Bathing = "bathing",
});

/// How far a person has lost the ability to look after themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfCareLevel {
    /// All six are done alone.
    Able,
    /// One to three are not.
    PartlyLost,
    /// Four or more are not.
    FullyLost,
}

impl SelfCareLevel {
    /// From the number of things that are not done alone (特困人员认定办法 art. 22).
    pub fn of(unmet: usize) -> Self {
        match unmet {
            0 => Self::Able,
            1..=3 => Self::PartlyLost,
            _ => Self::FullyLost,
        }
    }
}

/// The width that a signature is drawn in; its height is [`SIGNATURE_HEIGHT`].
pub const SIGNATURE_WIDTH: u16 = 600;
/// The height that a signature is drawn in.
pub const SIGNATURE_HEIGHT: u16 = 200;

/// Fewer points are a slip of the finger.
const POINTS_MIN: usize = 8;
/// More are no signature.
const POINTS_MAX: usize = 4_000;

/// A signature drawn on a screen: strokes of points in a field of [`SIGNATURE_WIDTH`] by [`SIGNATURE_HEIGHT`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature(Vec<Vec<(u16, u16)>>);

impl Signature {
    /// Reads `x,y x,y;x,y x,y`: points with spaces between, strokes with semicolons.
    ///
    /// # Errors
    /// Nothing was drawn, too little for a name, or it isn't written like this.
    pub fn parse(text: &str, prompt: Prompt) -> Result<Self, FieldError> {
        if text.is_empty() {
            return Err(prompt.into());
        }
        let point = |pair: &str| {
            let (x, y) = pair.split_once(',')?;
            let (x, y): (u16, u16) = (x.parse().ok()?, y.parse().ok()?);
            (x <= SIGNATURE_WIDTH && y <= SIGNATURE_HEIGHT).then_some((x, y))
        };
        let strokes: Option<Vec<Vec<_>>> =
            text.split(';').map(|stroke| stroke.split(' ').map(point).collect()).collect();
        let strokes = strokes.ok_or(FieldError::Unreadable)?;
        match strokes.iter().map(Vec::len).sum::<usize>() {
            0..POINTS_MIN => Err(prompt.into()),
            POINTS_MIN..=POINTS_MAX => Ok(Self(strokes)),
            _ => Err(FieldError::Unreadable),
        }
    }

    /// As the `d` of an SVG path.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for stroke in &self.0 {
            for (at, (x, y)) in stroke.iter().enumerate() {
                // Writing to a string never fails.
                let _ = write!(path, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
            }
        }
        path
    }
}

/// How the three signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedHow {
    /// On the screen.
    Screen,
    /// On the printed form, which is in the file.
    Paper,
}

slugs!(SignedHow { Screen = "screen", Paper = "paper" });

/// The three signatures of a visit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signatures {
    /// On the screen: who enters the visit, who came along, who of the family was there.
    Screen([Signature; 3]),
    /// On the printed form.
    Paper,
}

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HomeVisitForm {
    /// The day of the visit.
    pub day: String,
    /// Account of the colleague who came along.
    pub companion: String,
    /// Who of the family was there.
    pub family: String,
    /// Who that is to the applicant: 「本人」, 「妻子」.
    pub family_is: String,
    /// What was seen.
    pub findings: String,
    /// `yes` or `no` for each of [`SelfCare::ALL`].
    pub self_care: [String; 6],
    /// Slug of a [`SignedHow`].
    pub signed: String,
    /// The three signatures, where they are on the screen.
    pub signatures: [String; 3],
}

/// A visit to a household at home.
#[derive(Clone, PartialEq, Eq)]
pub struct HomeVisit {
    /// Its day.
    pub day: Date,
    /// Account of the colleague who came along: always a second person.
    pub companion: String,
    /// Who of the family was there.
    pub family: String,
    /// Who that is to the applicant.
    pub family_is: String,
    /// What was seen: 20 to 1,000 characters.
    pub findings: String,
    /// What the person doesn't do alone; `None` where the item doesn't ask.
    pub unmet: Option<Vec<SelfCare>>,
    /// Who signed.
    pub signatures: Signatures,
}

masked_debug!(Signature, Signatures, HomeVisitForm, HomeVisit);

/// Names of the fields of the three signatures.
pub const SIGNATURE_FIELDS: [&str; 3] = ["signature-own", "signature-companion", "signature-family"];

impl HomeVisit {
    /// Checks the page. `received` is the day on which the application came in, `colleagues` who may come along (without the
    /// one who types), `asks_self_care` whether the item wants to know what the person does alone.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(
        form: &HomeVisitForm,
        (received, today): (Date, Date),
        colleagues: &[&str],
        asks_self_care: bool,
    ) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let day = errors.keep("visit-day", day(&form.day, received, today));
        let companion = match form.companion.as_str() {
            "" => Err(FieldError::Missing(Prompt::VisitCompanion)),
            id if colleagues.contains(&id) => Ok(id.to_owned()),
            _ => Err(FieldError::NotOffered),
        };
        let companion = errors.keep("companion", companion);
        let family = errors.keep("family", written::line(&form.family, Prompt::VisitFamily, 2, 50));
        let family_is =
            errors.keep("family-is", written::line(&form.family_is, Prompt::VisitFamilyIs, 1, 20));
        let findings = errors.keep(
            "findings",
            written::paragraph(&form.findings, Prompt::VisitFindings, FINDINGS_MIN, FINDINGS_MAX),
        );
        let unmet = if asks_self_care { self_care(&form.self_care, &mut errors) } else { Some(None) };
        let signatures = match SignedHow::parse(&form.signed) {
            Some(SignedHow::Paper) => Some(Signatures::Paper),
            // Without the page's script there is no field to sign in, nor one to lead to.
            Some(SignedHow::Screen) if form.signatures.iter().all(String::is_empty) => {
                errors.keep("signed", Err(Prompt::Signatures))
            }
            Some(SignedHow::Screen) => {
                const PROMPTS: [Prompt; 3] =
                    [Prompt::SignatureOwn, Prompt::SignatureCompanion, Prompt::SignatureFamily];
                let [own, companion, family] = [0, 1, 2].map(|at| {
                    errors.keep(SIGNATURE_FIELDS[at], Signature::parse(&form.signatures[at], PROMPTS[at]))
                });
                match (own, companion, family) {
                    (Some(own), Some(companion), Some(family)) => {
                        Some(Signatures::Screen([own, companion, family]))
                    }
                    _ => None,
                }
            }
            None => errors.keep("signed", Err(Prompt::SignedHow)),
        };
        match (day, companion, family, family_is, findings, unmet, signatures) {
            (
                Some(day),
                Some(companion),
                Some(family),
                Some(family_is),
                Some(findings),
                Some(unmet),
                Some(signatures),
            ) => Ok(Self { day, companion, family, family_is, findings, unmet, signatures }),
            _ => Err(errors),
        }
    }

    /// How far the person has lost the ability to look after themselves, where that was asked.
    pub fn level(&self) -> Option<SelfCareLevel> {
        self.unmet.as_ref().map(|unmet| SelfCareLevel::of(unmet.len()))
    }
}

fn day(typed: &str, received: Date, today: Date) -> Result<Date, FieldError> {
    if normalise::single_line(typed).is_empty() {
        return Err(Prompt::VisitDay.into());
    }
    match parse_date(typed)? {
        day if day > today => Err(Rule::DayNotYet.into()),
        day if day < received => Err(Rule::VisitBeforeCase.into()),
        day => Ok(day),
    }
}

/// What isn't done alone; each of the six must be answered.
fn self_care(answers: &[String; 6], errors: &mut FormErrors) -> Option<Option<Vec<SelfCare>>> {
    let mut unmet = Vec::new();
    let mut all = true;
    for (what, answer) in SelfCare::ALL.iter().zip(answers) {
        match answer.as_str() {
            "yes" => {}
            "no" => unmet.push(*what),
            _ => {
                errors.add(format!("care-{}", what.as_str()), Prompt::SelfCareAnswer);
                all = false;
            }
        }
    }
    all.then_some(Some(unmet))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DRAWN: &str = "10,10 12,14 15,20 18,30;40,10 40,20 40,30 40,44";

    fn form() -> HomeVisitForm {
        HomeVisitForm {
            day: "2026年11月26日".into(),
            companion: "b".into(),
            family: "王芳".into(),
            family_is: "妻子".into(),
            findings: "一室一厅，家里没有值钱的东西，申请人卧床，妻子照料。".into(),
            self_care: ["yes", "yes", "no", "no", "no", "yes"].map(str::to_owned),
            signed: "screen".into(),
            signatures: [DRAWN, DRAWN, DRAWN].map(str::to_owned),
        }
    }

    fn parse(form: &HomeVisitForm) -> Result<HomeVisit, FormErrors> {
        HomeVisit::parse(form, (date(2026, 11, 23), date(2026, 11, 27)), &["b", "c"], true)
    }

    #[test]
    fn tekun_self_care_three_unmet_is_partial_four_is_full() {
        let levels: Vec<_> = (0..=6).map(SelfCareLevel::of).collect();
        use SelfCareLevel::{Able, FullyLost, PartlyLost};
        assert_eq!(levels, [Able, PartlyLost, PartlyLost, PartlyLost, FullyLost, FullyLost, FullyLost]);
        let mut form = form();
        assert_eq!(parse(&form).expect("right").level(), Some(PartlyLost));
        form.self_care[0] = "no".into();
        assert_eq!(parse(&form).expect("right").level(), Some(FullyLost));
        form.self_care[1].clear();
        assert!(parse(&form).is_err_and(|errors| errors.of("care-dressing").is_some()), "none is guessed");
    }

    #[test]
    fn measures_57_article_16_a_visit_is_made_by_two_and_signed_by_three() {
        let right = form();
        assert!(parse(&right).is_ok());
        for companion in ["", "a", "z"] {
            let alone = HomeVisitForm { companion: companion.into(), ..right.clone() };
            assert!(parse(&alone).is_err_and(|errors| errors.of("companion").is_some()), "{companion}");
        }
        for (at, field) in SIGNATURE_FIELDS.iter().enumerate() {
            for bad in ["", "1,1 2,2", "一", "601,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1", "1,1  2,2"] {
                let mut unsigned = right.clone();
                unsigned.signatures[at] = bad.into();
                assert!(parse(&unsigned).is_err_and(|errors| errors.of(field).is_some()), "{field} {bad}");
            }
        }
        let paper = HomeVisitForm { signed: "paper".into(), signatures: Default::default(), ..right.clone() };
        assert!(parse(&paper).expect("on paper").signatures == Signatures::Paper);
        let unseen = HomeVisitForm { signatures: Default::default(), ..right.clone() };
        assert!(parse(&unseen).is_err_and(|errors| errors.iter().map(|e| e.field.as_ref()).eq(["signed"])));
        let neither = HomeVisitForm { signed: String::new(), ..right };
        assert!(parse(&neither).is_err_and(|errors| errors.of("signed").is_some()));
    }

    #[test]
    fn a_visit_lies_between_the_application_and_today() {
        for (day, right) in [
            ("2026-11-23", true),
            ("2026-11-27", true),
            ("2026-11-22", false),
            ("2026-11-28", false),
            ("", false),
        ] {
            assert_eq!(parse(&HomeVisitForm { day: day.into(), ..form() }).is_ok(), right, "{day}");
        }
    }

    #[test]
    fn all_errors_of_the_page_come_at_once_in_its_order() {
        let errors = parse(&HomeVisitForm::default()).expect_err("empty");
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(
            fields,
            [
                "visit-day",
                "companion",
                "family",
                "family-is",
                "findings",
                "care-eating",
                "care-dressing",
                "care-bed",
                "care-toilet",
                "care-walking",
                "care-bathing",
                "signed"
            ]
        );
    }

    #[test]
    fn a_signature_becomes_a_path() {
        let drawn = Signature::parse(DRAWN, Prompt::SignatureOwn).expect("enough");
        assert_eq!(drawn.path(), "M10 10L12 14L15 20L18 30M40 10L40 20L40 30L40 44");
        assert_eq!(format!("{drawn:?}"), "Signature(…)");
    }
}
