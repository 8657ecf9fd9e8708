//! What the page shows of a check.

use app::domain::confirm::check::{CheckAnswer, CheckState};
use app::domain::confirm::{Claims, ConfirmationKind};
use app::domain::time::Instant;
use app::text::check::{Beep, Tone, office_words, public_kind_words, state_words};
use app::text::verify as words;

use crate::age::{Freshness, freshness, full_text, time_text};
use crate::clock::ClockDoubt;

/// What is known of the lists and the clock while somebody checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around {
    /// When the state list was made that the answer rests on.
    pub list_made_at: Option<Instant>,
    /// What speaks against this device's clock.
    pub doubt: Option<ClockDoubt>,
    /// The device's clock.
    pub now: Instant,
    /// The code of this counter's office, where one is known.
    pub office: Option<u64>,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The state, whose template is filled.
    pub state: CheckState,
    /// The colour: the state's, or amber where the answer can't be relied on.
    pub tone: Tone,
    /// A word that is read from a meter away.
    pub word: &'static str,
    /// The finding.
    pub title: &'static str,
    /// What that means.
    pub advice: String,
    /// Why the answer can't be relied on wholly.
    pub cautions: Vec<&'static str>,
    /// The least details.
    pub facts: Vec<(&'static str, String)>,
    /// The sound.
    pub sound: &'static [Beep],
}

/// What is shown of an answer.
pub fn shown(answer: &CheckAnswer, around: &Around) -> Shown {
    let claims = answer.claims.as_ref();
    let told = state_words(answer.state, claims.map(|claims| claims.kind));
    let mut cautions = Vec::new();
    // What no list and no time can change needs no caution: it is wrong anyway.
    if claims.is_some() {
        cautions.extend(around.doubt.map(doubt_words));
        cautions.extend(match freshness(around.list_made_at, around.now) {
            Freshness::Fresh => None,
            Freshness::Old => Some(words::LIST_OLD),
            Freshness::TooOld if around.list_made_at.is_none() => Some(words::LIST_MISSING),
            Freshness::TooOld => Some(words::LIST_TOO_OLD),
        });
    }
    let doubtful = !cautions.is_empty() && told.tone == Tone::Good;
    let advice = match answer.first_use() {
        Some(first) => {
            let own = around.office == Some(first.office);
            let place = if own { words::THIS_OFFICE } else { office_words(first.office) };
            format!("{}。{}", words::used_before(&time_text(first.at, around.now), place), told.advice)
        }
        None => told.advice.to_owned(),
    };
    Shown {
        state: answer.state,
        tone: if doubtful { Tone::Warn } else { told.tone },
        word: if doubtful { words::DOUBTFUL } else { told.word },
        title: told.title,
        advice,
        cautions,
        facts: claims.map(facts).unwrap_or_default(),
        sound: if doubtful { words::DOUBTFUL_SOUND } else { told.sound },
    }
}

/// What is said of a clock that can't be believed.
pub fn doubt_words(doubt: ClockDoubt) -> &'static str {
    match doubt {
        ClockDoubt::Behind => words::CLOCK_BEHIND,
        ClockDoubt::Differs => words::CLOCK_DIFFERS,
    }
}

fn facts(claims: &Claims) -> Vec<(&'static str, String)> {
    let mut facts = vec![("是什么", public_kind_words(claims.kind).to_owned())];
    if let Some(holder) = &claims.holder {
        facts.push(("持有人", holder.name.clone()));
    }
    facts.push(("办理", office_words(claims.office).to_owned()));
    let start = match claims.kind {
        ConfirmationKind::AidReceipt => "收到",
        _ => "开始",
    };
    facts.push((start, full_text(Instant::from_seconds(claims.start))));
    facts.push(("有效到", full_text(Instant::from_seconds(claims.expires_at))));
    facts
}

#[cfg(test)]
mod tests {
    use app::domain::confirm::Holder;
    use app::domain::confirm::check::{FirstUse, Standing};

    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);
    const HOUR: i64 = 3_600_000;

    fn around() -> Around {
        Around { list_made_at: Some(NOW), doubt: None, now: NOW, office: Some(320_214_050) }
    }

    fn valid(kind: ConfirmationKind) -> CheckAnswer {
        let holder =
            kind.names_holder().then(|| Holder { name: "王＊".into(), document_tail: "01X".into() });
        let claims = Claims {
            issuer: "XW".into(),
            issued_at: NOW.seconds() - 60,
            not_before: None,
            expires_at: NOW.seconds() + 60,
            id: [7; 10],
            kind,
            number: "LS261123483920".into(),
            office: 320_214_050,
            start: NOW.seconds(),
            minutes: 30,
            holder,
        };
        CheckAnswer { state: CheckState::Valid, claims: Some(claims), standing: Standing::Holds }
    }

    #[test]
    fn green_is_what_rests_on_fresh_lists_and_a_clock_that_fits() {
        let answer = valid(ConfirmationKind::Meal);
        let plain = shown(&answer, &around());
        assert_eq!((plain.tone, plain.word, plain.cautions.len()), (Tone::Good, "有效", 0));
        for doubtful in [
            Around { list_made_at: Some(Instant(NOW.0 - 25 * HOUR)), ..around() },
            Around { list_made_at: Some(Instant(NOW.0 - 8 * 24 * HOUR)), ..around() },
            Around { list_made_at: None, ..around() },
            Around { doubt: Some(ClockDoubt::Behind), ..around() },
            Around { doubt: Some(ClockDoubt::Differs), ..around() },
        ] {
            let told = shown(&answer, &doubtful);
            assert_eq!(told.tone, Tone::Warn, "{doubtful:?}");
            assert_ne!(told.word, "有效", "{doubtful:?}");
            assert_ne!(told.sound, plain.sound, "{doubtful:?}");
            assert_eq!(told.cautions.len(), 1, "{doubtful:?}");
        }
    }

    #[test]
    fn what_is_wrong_anyway_needs_no_caution() {
        let old = Around { list_made_at: None, doubt: Some(ClockDoubt::Behind), ..around() };
        for state in [CheckState::Altered, CheckState::NotOurs, CheckState::UnknownKey] {
            let told = shown(&state.into(), &old);
            assert!(told.cautions.is_empty() && told.facts.is_empty(), "{told:?}");
        }
        let cancelled = valid(ConfirmationKind::Meal).with_standing(Standing::Cancelled(NOW));
        assert_eq!(shown(&cancelled, &old).tone, Tone::Bad, "red is never softened");
    }

    #[test]
    fn a_double_use_says_when_and_where() {
        let first = FirstUse { at: Instant(NOW.0 - HOUR), office: 320_214_050 };
        let used = valid(ConfirmationKind::Meal).with_standing(Standing::Used(first));
        assert!(shown(&used, &around()).advice.starts_with("18:06 已在本单位用过一次。"), "{used:?}");
        let elsewhere = Around { office: None, ..around() };
        assert!(shown(&used, &elsewhere).advice.starts_with("18:06 已在旺庄街道用过一次。"));
    }

    #[test]
    fn the_least_details_are_shown() {
        let told = |kind| shown(&valid(kind), &around()).facts;
        let text = |facts: Vec<(&str, String)>| facts.into_iter().map(|(_, value)| value).collect::<String>();
        assert!(text(told(ConfirmationKind::Meal)).contains("王＊"));
        assert!(!text(told(ConfirmationKind::AidReceipt)).contains("王"));
        for kind in ConfirmationKind::ALL {
            let facts = text(told(*kind));
            assert!(!facts.contains("01X") && !facts.contains("LS26"), "{facts}");
        }
    }
}
