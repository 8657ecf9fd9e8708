//! What changes the clock of a case, or goes before it: an extension by a legal ground, and aid that is given first
//! (先行救助), with its papers to follow.

use jiff::civil::Date;

use super::catalogue::AidItem;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::money::{Fen, MoneyError};
use crate::domain::time::Instant;
use crate::domain::written;
use crate::masked_debug;

/// The most characters of reasons.
pub const REASONS_MAX: usize = 500;

/// An extension as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExtensionForm {
    /// One of the item's grounds, to the letter.
    pub ground: String,
    /// Why it is one here.
    pub reasons: String,
}

/// More time for a special case. Without a ground of the item there is none (民发〔2021〕57号 art. 22).
#[derive(Clone, PartialEq, Eq)]
pub struct Extension {
    /// One of the item's grounds.
    pub ground: String,
    /// The working days that the whole case has from now on.
    pub working_days: u16,
    /// Why it is one here: 10 to 500 characters; the resident reads it.
    pub reasons: String,
}

impl Extension {
    /// Checks the form against what the item allows.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ExtensionForm, item: &AidItem) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let known = item.whole.as_ref().is_some_and(|whole| whole.grounds.contains(&form.ground));
        let ground = match form.ground.as_str() {
            "" => Err(FieldError::Missing(Prompt::ExtensionGround)),
            ground if known => Ok(ground.to_owned()),
            _ => Err(FieldError::NotOffered),
        };
        let ground = errors.keep("extension-ground", ground);
        let reasons = errors.keep(
            "extension-reasons",
            written::paragraph(&form.reasons, Prompt::OpinionReasons, 10, REASONS_MAX),
        );
        match (ground, reasons, item.special_working_days()) {
            (Some(ground), Some(reasons), Some(working_days)) => Ok(Self { ground, working_days, reasons }),
            _ => Err(errors),
        }
    }
}

/// Aid that is given first, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ExpeditedForm {
    /// How much, in yuan.
    pub amount: String,
    /// What can't wait.
    pub why: String,
}

/// Small aid in an emergency before the papers (社会救助法 50).
#[derive(Clone, PartialEq, Eq)]
pub struct Expedited {
    /// How much: more than nothing, no more than the office set.
    pub amount: Fen,
    /// What can't wait: 10 to 500 characters; the resident reads it.
    pub why: String,
}

impl Expedited {
    /// Checks the form against the most that the office set.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(form: &ExpeditedForm, most: Fen) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let amount = match Fen::parse_yuan(&form.amount) {
            Ok(Fen(0)) => Err(MoneyError::Missing.into()),
            Ok(amount) if amount > most => Err(FieldError::Rule(Rule::MoreThanExpedited)),
            parsed => parsed.map_err(FieldError::from),
        };
        let amount = errors.keep("first-amount", amount);
        let why =
            errors.keep("first-why", written::paragraph(&form.why, Prompt::ExpeditedWhy, 10, REASONS_MAX));
        match (amount, why) {
            (Some(amount), Some(why)) => Ok(Self { amount, why }),
            _ => Err(errors),
        }
    }
}

/// The papers that followed (补充说明), as typed.
///
/// # Errors
/// Missing, too short, too long.
pub fn parse_supplement(text: &str) -> Result<String, FieldError> {
    written::paragraph(text, Prompt::Supplement, 10, REASONS_MAX)
}

/// What was done to the clock of a case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CaseClock {
    /// The extension, its day, if there was one: there is never a second.
    pub extension: Option<(Extension, Instant)>,
    /// Aid that was given first.
    pub expedited: Option<GivenFirst>,
}

/// Aid that was given first, and what follows.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenFirst {
    /// How much and why.
    pub expedited: Expedited,
    /// When.
    pub at: Instant,
    /// The day by which its papers are there; `None` where it lies beyond the loaded calendar.
    pub papers_by: Option<Date>,
    /// What followed, and when.
    pub supplement: Option<(String, Instant)>,
}

masked_debug!(ExtensionForm, Extension, ExpeditedForm, Expedited, GivenFirst, CaseClock);

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::aid::catalogue::Catalogue;

    const ITEM: &str = "name = \"示例\"\nsummary = \"示例。\"\ngroup = \"living\"\norder = 1\napplied_for = \"online\"\napply_at = \"街道\"\n";
    const WHOLE: &str =
        "[whole]\nworking_days = 30\nspecial = 45\ngrounds = [\"人户分离\"]\nsource = \"x\"\n";

    #[test]
    fn measures_57_article_22_an_extension_without_a_ground_of_the_item_is_impossible() {
        let item = |text: &str| {
            let catalogue = Catalogue::read([("example.toml", text)]).expect("right");
            catalogue.item("example").expect("there").clone()
        };
        let special = item(&format!("{ITEM}{WHOLE}"));
        let form = |ground: &str| ExtensionForm {
            ground: ground.into(),
            reasons: "户籍在外地，那边的材料还没有回来。".into(),
        };
        let plain = item(ITEM);
        let good = Extension::parse(&form("人户分离"), &special).expect("a ground");
        assert_eq!(good.working_days, 45);
        for (ground, item) in [("", &special), ("人手不够", &special), ("人户分离", &plain)] {
            assert!(Extension::parse(&form(ground), item).is_err(), "{ground}");
        }
    }

    #[test]
    fn law_50_only_small_aid_goes_before_its_papers() {
        let form = |amount: &str| ExpeditedForm {
            amount: amount.into(),
            why: "家里失火，今晚没有地方住。".into(),
        };
        let most = Fen(300_000);
        assert_eq!(Expedited::parse(&form("3000"), most).expect("the most").amount, most);
        for amount in ["3000.01", "0", "", "很多"] {
            assert!(
                Expedited::parse(&form(amount), most).is_err_and(|e| e.of("first-amount").is_some()),
                "{amount}"
            );
        }
    }
}
