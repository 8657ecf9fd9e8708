//! The catalogue of aid items (救助事项): one dated file per item in `app/data/aid`. Who may apply, what it gives, which
//! papers, which steps and limits, who decides, what is made public, and who says so.
//!
//! What is not known from a source stays away; the page then says that the street's publication counts.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use super::step::Asks;
use crate::domain::money::Fen;

/// What the catalogue's page groups items by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AidGroup {
    /// What a household lives on, and sudden need.
    Living,
    /// For people with disabilities.
    Disability,
    /// For elders.
    Elder,
    /// For children.
    Child,
    /// For the bereaved.
    Funeral,
}

/// Where an item begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppliedFor {
    /// Here, with the form of that name.
    Online,
    /// At the counter of a street; the form here is not ready yet.
    Counter,
    /// Nobody applies: whoever is entitled is paid from a list.
    Automatic,
}

/// Which office decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidingLevel {
    /// The district's bureau of civil affairs.
    District,
    /// The district's bureau, which the province may let hand it on to the street.
    DistrictOrStreet,
    /// The street.
    Street,
}

/// What is made public of a case before it is decided, if anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticePolicy {
    /// The opinion is put up in the community.
    Held,
    /// Nothing is put up, to protect the person.
    NotHeld,
}

/// A field that a public notice may show. There is no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeField {
    /// The applicant's name.
    Name,
    /// How many people the household has.
    HouseholdSize,
    /// The amount.
    Amount,
}

/// In which unit a limit is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// Working days by the State Council's calendar.
    WorkingDays,
    /// Days by the calendar.
    Days,
}

/// From which month on a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartMonth {
    /// The month after the decision.
    AfterDecision,
    /// The month in which the application was handed in.
    OfSubmission,
    /// No rule is published: the decision names the month.
    ByDecision,
}

/// What a decision gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// Money: an opinion to give says how much.
    #[default]
    Money,
    /// That the household is recognised (认定), which other offices go by (社会救助法 42); no money, so nobody is asked for an account.
    Recognition,
    /// A service that is arranged for a day; no money.
    Service,
}

/// Since when something holds: a day, or a year where no day is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From that day on.
    Day(Date),
    /// In that year.
    Year(i16),
}

impl Since {
    /// 「2026 年 7 月 1 日起」, 「2020 年」.
    pub fn words(self) -> String {
        match self {
            Self::Day(day) => format!("{} 年 {} 月 {} 日起", day.year(), day.month(), day.day()),
            Self::Year(year) => format!("{year} 年"),
        }
    }
}

impl<'de> Deserialize<'de> for Since {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        match text.parse() {
            Ok(year @ 1949..=2100) => Ok(Self::Year(year)),
            _ => Err(serde::de::Error::custom(format!(
                "{text:?} is neither a day (2026-07-01) nor a year (2020)"
            ))),
        }
    }
}

/// The parts of an item's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactPart {
    /// Who may apply.
    Who,
    /// What it gives.
    What,
    /// What to bring.
    Bring,
    /// How long it takes.
    Time,
    /// What happens next.
    Next,
}

/// One fact in a resident's words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AidFact {
    /// Which part of the page it stands in.
    pub part: FactPart,
    /// A short heading.
    pub title: String,
    /// The fact.
    pub body: String,
    /// Where it comes from.
    pub source: String,
    /// From when it holds.
    pub since: Since,
    /// A made-up value of the demo.
    #[serde(default)]
    pub sample: bool,
}

/// A paper that may belong to an application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// What it is called.
    pub name: String,
    /// When it is needed, and how to come by it.
    pub hint: String,
    /// The offices can look it up themselves, with the person's consent. Such a paper may not be asked for (社会救助法 62).
    pub obtainable_by_check: bool,
    /// The application can't be decided without it.
    pub required: bool,
    /// Who says so.
    pub source: String,
}

/// One step of the offices, with the limit where one is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AidStep {
    /// What happens.
    pub name: String,
    /// Who does it.
    pub who: String,
    /// How long it may take.
    pub limit: Option<u16>,
    /// What the limit is counted in.
    pub unit: Option<LimitUnit>,
    /// Who says so.
    pub source: String,
    /// From when it holds.
    pub since: Since,
}

/// An amount, of today or of a former time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Of what: 「每人每月」.
    pub per: String,
    /// How much, in fen.
    pub fen: i64,
    /// Who says so.
    pub source: String,
    /// From when it holds.
    pub since: Since,
    /// It held once; what holds today is for the street to say.
    pub history: bool,
}

impl Amount {
    /// The sum.
    pub fn sum(&self) -> Fen {
        Fen(self.fen)
    }
}

/// Who decides, and who says so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decides {
    /// The office.
    pub level: DecidingLevel,
    /// Who says so.
    pub source: String,
}

/// What is made public before a decision.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Whether anything is.
    pub policy: NoticePolicy,
    /// For how many days by the calendar.
    pub days: Option<u16>,
    /// What it may show.
    #[serde(default)]
    pub fields: Vec<NoticeField>,
    /// Who says so.
    pub source: String,
}

/// From when it is paid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starts {
    /// The month.
    pub month: StartMonth,
    /// Who says so.
    pub source: String,
}

/// The limit of the whole case, from its acceptance to the decision, in working days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WholeLimit {
    /// Usually.
    pub working_days: u16,
    /// In special cases, for one of the grounds; `None` where no ground is known.
    pub special: Option<u16>,
    /// Usually, and in special cases, where the street decides by delegation.
    pub delegated: Option<(u16, u16)>,
    /// What makes a case a special one, each in words.
    #[serde(default)]
    pub grounds: Vec<String>,
    /// Who says so.
    pub source: String,
}

/// How often it is looked at again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// After how many months.
    pub months: u16,
    /// For whom.
    pub when: String,
    /// Who says so.
    pub source: String,
}

/// Whether a case is looked at at the household's home before an opinion (入户调查).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitRule {
    /// The two who go see what the person does alone (特困人员认定办法 21).
    #[serde(default)]
    pub self_care: bool,
    /// Who says so.
    pub source: String,
}

/// Other departments go by its decisions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedRule {
    /// Who says so.
    pub source: String,
}

/// Which share of the cases the district looks into itself before they are decided.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomCheckRule {
    /// The least share, in percent: 1 to 100.
    pub percent: u8,
    /// Who says so.
    pub source: String,
}

/// An aid item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AidItem {
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Where it stands in the catalogue.
    pub group: AidGroup,
    /// Its place in the group; small is first.
    pub order: u16,
    /// Where it begins.
    pub applied_for: AppliedFor,
    /// It looks at the household; without, at the person alone, and nothing about the family, its income or a data check is asked.
    #[serde(default = "yes")]
    pub household: bool,
    /// It is for children: who is applied for is under 18.
    #[serde(default)]
    pub child: bool,
    /// What a decision gives.
    #[serde(default)]
    pub gives: Gives,
    /// What the applicant is asked to tell of, in words; without, of how the household lives.
    pub ask: Option<String>,
    /// Where to apply, in words: 「户籍所在地的街道」.
    pub apply_at: String,
    /// Who decides, where that is known.
    pub decides: Option<Decides>,
    /// What is made public, where that is known.
    pub notice: Option<Notice>,
    /// From when it is paid, where that is known.
    pub starts: Option<Starts>,
    /// The limit of the whole case, where one is known.
    pub whole: Option<WholeLimit>,
    /// Whether no opinion is given before a visit at home.
    pub visit: Option<VisitRule>,
    /// Which share is drawn for the district's own visit.
    pub random_check: Option<RandomCheckRule>,
    /// Whether other departments are told of its decisions.
    pub shared: Option<SharedRule>,
    /// How often it is looked at again.
    #[serde(default)]
    pub reviews: Vec<Review>,
    /// Amounts, the newest first.
    #[serde(default)]
    pub amounts: Vec<Amount>,
    /// Papers.
    #[serde(default)]
    pub papers: Vec<Paper>,
    /// The offices' steps in order.
    #[serde(default)]
    pub steps: Vec<AidStep>,
    /// What else there is to know, in page order.
    #[serde(default)]
    pub facts: Vec<AidFact>,
}

fn yes() -> bool {
    true
}

/// Why a file of the catalogue was not accepted. Written for whoever wrote the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct CatalogueError {
    file: String,
    line: Option<usize>,
    why: String,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} line {line}: {}", self.file, self.why),
            None => write!(f, "{}: {}", self.file, self.why),
        }
    }
}

impl StartMonth {
    /// The first day of the first month that is paid; `named`: in the month that the decision names. One of before a rule was taken
    /// out of the item's file names none; it is then paid from the month after.
    pub fn first(self, submitted: Date, decided: Date, named: Option<Date>) -> Date {
        // Saturating: the calendar of the type ends with the year 9999.
        let after = || decided.first_of_month().saturating_add(jiff::Span::new().months(1));
        match self {
            Self::AfterDecision => after(),
            Self::OfSubmission => submitted.first_of_month(),
            Self::ByDecision => named.map_or_else(after, Date::first_of_month),
        }
    }
}

impl AidItem {
    /// What its application asks for.
    pub fn asks(&self) -> Asks {
        Asks {
            household: self.household,
            account: self.gives == Gives::Money,
            child: self.child,
            service: self.gives == Gives::Service,
        }
    }

    /// The decision names the first month that is paid.
    pub fn names_month(&self) -> bool {
        self.starts.as_ref().is_some_and(|starts| starts.month == StartMonth::ByDecision)
    }

    /// The street decides, where the district has handed that on.
    fn is_delegated(&self) -> bool {
        self.decides.as_ref().is_some_and(|decides| decides.level == DecidingLevel::Street)
    }

    /// Working days within which a case is decided, usually; `None` where no rule is known.
    pub fn working_days(&self) -> Option<u16> {
        let whole = self.whole.as_ref()?;
        match whole.delegated {
            Some((usual, _)) if self.is_delegated() => Some(usual),
            _ => Some(whole.working_days),
        }
    }

    /// The same in special cases.
    pub fn special_working_days(&self) -> Option<u16> {
        let whole = self.whole.as_ref()?;
        match whole.delegated {
            Some((_, special)) if self.is_delegated() => Some(special),
            _ => whole.special,
        }
    }

    /// The limit of a step in words; `None` where none is set.
    pub fn limit_words(step: &AidStep) -> Option<String> {
        let unit = match step.unit? {
            LimitUnit::WorkingDays => "个工作日",
            LimitUnit::Days => "天",
        };
        Some(format!("{} {unit}", step.limit?))
    }
}

/// All items, ordered by group and place.
#[derive(Clone, Debug, Default)]
pub struct Catalogue(Vec<(String, AidItem)>);

impl Catalogue {
    /// Reads files, each a name (its stem is the item's address) and a text. A later file of the same name takes the place
    /// of an earlier one.
    ///
    /// # Errors
    /// Names the file, and the line where there is one.
    #[cfg(feature = "ssr")]
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CatalogueError> {
        let mut items: Vec<(String, AidItem)> = Vec::new();
        for (file, text) in files {
            let stem = file.strip_suffix(".toml").unwrap_or(file);
            let item = read_item(file, text)?;
            items.retain(|(slug, _)| slug != stem);
            items.push((stem.to_owned(), item));
        }
        items.sort_by(|(a_slug, a), (b_slug, b)| {
            (a.group, a.order, a_slug.as_str()).cmp(&(b.group, b.order, b_slug.as_str()))
        });
        Ok(Self(items))
    }

    /// All items with their addresses, in page order.
    pub fn all(&self) -> &[(String, AidItem)] {
        &self.0
    }

    /// The item of that address.
    pub fn item(&self, slug: &str) -> Option<&AidItem> {
        self.0.iter().find(|(known, _)| known == slug).map(|(_, item)| item)
    }
}

#[cfg(feature = "ssr")]
fn read_item(file: &str, text: &str) -> Result<AidItem, CatalogueError> {
    let fail = |line, why: String| CatalogueError { file: file.to_owned(), line, why };
    let item: AidItem = toml::from_str(text).map_err(|cause| {
        let line = cause.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        fail(line, cause.message().to_owned())
    })?;
    // Where a rule of the whole is broken, the line is that of what breaks it.
    let line_of = |needle: &str| text.lines().position(|line| line.contains(needle)).map(|at| at + 1);
    let stem = file.strip_suffix(".toml").unwrap_or_default();
    if stem.is_empty() || !stem.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
        return Err(fail(None, "the name is the item's address: small letters and dashes, .toml".to_owned()));
    }
    if let Some(paper) = item.papers.iter().find(|paper| paper.required && paper.obtainable_by_check) {
        let why = format!("{}: what a check can obtain may not be required (社会救助法 62)", paper.name);
        return Err(fail(line_of(&paper.name), why));
    }
    if item.gives != Gives::Money && (item.starts.is_some() || !item.amounts.is_empty()) {
        let why = "what gives no money has no amounts and no first month".to_owned();
        return Err(fail(line_of("gives"), why));
    }
    if item.random_check.as_ref().is_some_and(|rule| !(1..=100).contains(&rule.percent)) {
        return Err(fail(line_of("percent"), "a share is a percentage from 1 to 100".to_owned()));
    }
    if let Some(step) = item.steps.iter().find(|step| step.limit.is_some() != step.unit.is_some()) {
        return Err(fail(
            line_of(&step.name),
            format!("{}: a limit has a unit, and a unit a limit", step.name),
        ));
    }
    if let Some(amount) = item.amounts.iter().find(|amount| amount.fen <= 0) {
        return Err(fail(line_of(&amount.per), format!("{}: an amount is more than nothing", amount.per)));
    }
    if let Some(notice) = &item.notice
        && (notice.policy == NoticePolicy::Held) != (notice.days.is_some() && !notice.fields.is_empty())
    {
        return Err(fail(
            line_of("[notice]"),
            "a notice that is held has days and fields; one that isn't has none".to_owned(),
        ));
    }
    if let Some(whole) = &item.whole {
        let longer = |usual: u16, special: u16| 0 < usual && usual < special;
        let delegated = whole.delegated.is_none_or(|(usual, special)| longer(usual, special));
        let special = whole.special.is_none_or(|special| longer(whole.working_days, special));
        if !special || !delegated || whole.special.is_none() != whole.grounds.is_empty() {
            let why = "a special case has more days than a usual one, and its grounds".to_owned();
            return Err(fail(line_of("[whole]"), why));
        }
    }
    if item.group == AidGroup::Child && item.notice.as_ref().is_some_and(|n| n.policy == NoticePolicy::Held) {
        return Err(fail(line_of("[notice]"), "no child's case is ever put up in public".to_owned()));
    }
    Ok(item)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const ITEM: &str = r#"
name = "示例事项"
summary = "示例。"
group = "living"
order = 1
applied_for = "counter"
apply_at = "户籍所在地的街道"
"#;

    fn refused(text: &str) -> String {
        match Catalogue::read([("example.toml", text)]) {
            Ok(_) => "not refused".to_owned(),
            Err(refused) => refused.to_string(),
        }
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        assert!(Catalogue::read([("example.toml", ITEM)]).is_ok());
        let wrong = refused(&format!("{ITEM}colour = \"red\"\n"));
        assert!(wrong.starts_with("example.toml line 8: ") && wrong.contains("colour"), "{wrong}");
        let wrong = refused(&ITEM.replace("\"living\"", "\"life\""));
        assert!(wrong.starts_with("example.toml line 4: "), "{wrong}");
    }

    #[test]
    fn law_62_document_obtainable_by_check_cannot_be_required() {
        let paper = "[[papers]]\nname = \"存款证明\"\nhint = \"\"\nobtainable_by_check = true\nrequired = true\nsource = \"x\"\n";
        let wrong = refused(&format!("{ITEM}{paper}"));
        assert!(wrong.starts_with("example.toml line 9: 存款证明"), "{wrong}");
        assert!(
            Catalogue::read([(
                "example.toml",
                &*format!("{ITEM}{}", paper.replace("required = true", "required = false"))
            )])
            .is_ok()
        );
    }

    #[test]
    fn no_childs_case_is_put_up_in_public() {
        let notice = "[notice]\npolicy = \"held\"\ndays = 7\nfields = [\"name\"]\nsource = \"x\"\n";
        assert!(Catalogue::read([("example.toml", &*format!("{ITEM}{notice}"))]).is_ok());
        let wrong = refused(&format!("{}{notice}", ITEM.replace("\"living\"", "\"child\"")));
        assert!(wrong.contains("no child's case"), "{wrong}");
        let wrong = refused(&format!("{ITEM}{}", notice.replace("days = 7\n", "")));
        assert!(wrong.contains("has days and fields"), "{wrong}");
    }

    #[test]
    fn a_limit_without_a_unit_is_no_limit() {
        let step =
            "[[steps]]\nname = \"调查\"\nwho = \"街道\"\nlimit = 3\nsource = \"x\"\nsince = \"2021-07-01\"\n";
        assert!(refused(&format!("{ITEM}{step}")).contains("a limit has a unit"));
        let whole = format!("{ITEM}{step}unit = \"working_days\"\n");
        let catalogue = Catalogue::read([("example.toml", &*whole)]).unwrap();
        let item = catalogue.item("example").unwrap();
        assert_eq!(AidItem::limit_words(&item.steps[0]).as_deref(), Some("3 个工作日"));
        assert!(refused(&whole.replace("2021-07-01", "21")).contains("neither a day"));
    }

    const WHOLE: &str = "[whole]\nworking_days = 30\nspecial = 45\ndelegated = [20, 45]\ngrounds = [\"有异议\"]\nsource = \"x\"\n";

    #[test]
    fn dibao_delegated_case_limit_is_20_working_days() {
        let of = |level: &str| {
            let text = format!("{ITEM}[decides]\nlevel = \"{level}\"\nsource = \"x\"\n{WHOLE}");
            let catalogue = Catalogue::read([("example.toml", &*text)]).unwrap();
            let item = catalogue.item("example").unwrap();
            (item.working_days(), item.special_working_days())
        };
        assert_eq!(of("district"), (Some(30), Some(45)));
        assert_eq!(of("district_or_street"), (Some(30), Some(45)));
        assert_eq!(of("street"), (Some(20), Some(45)));
        for wrong in [WHOLE.replace("45", "30"), WHOLE.replace("\"有异议\"", "")] {
            assert!(refused(&format!("{ITEM}{wrong}")).contains("its grounds"), "{wrong}");
        }
    }

    #[test]
    fn dibao_first_payment_is_the_month_after_the_decision_month() {
        let first = |submitted: &str, decided: &str| {
            StartMonth::AfterDecision
                .first(submitted.parse().unwrap(), decided.parse().unwrap(), None)
                .to_string()
        };
        assert_eq!(first("2026-10-30", "2026-11-30"), "2026-12-01");
        assert_eq!(first("2026-12-01", "2026-12-01"), "2027-01-01");
    }

    #[test]
    fn care_subsidy_starts_in_the_submission_month_even_if_decided_later() {
        let first = |submitted: &str, decided: &str| {
            StartMonth::OfSubmission
                .first(submitted.parse().unwrap(), decided.parse().unwrap(), None)
                .to_string()
        };
        assert_eq!(first("2026-10-30", "2027-01-05"), "2026-10-01");
    }

    #[test]
    fn a_later_file_takes_the_place_of_an_earlier_one() {
        let other = ITEM.replace("示例事项", "另一个");
        let catalogue = Catalogue::read([("example.toml", ITEM), ("example.toml", &*other)]).unwrap();
        assert_eq!(catalogue.all().len(), 1);
        assert_eq!(catalogue.item("example").unwrap().name, "另一个");
    }
}
