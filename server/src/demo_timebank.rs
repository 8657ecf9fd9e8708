//! Sample needs of the demo, so that a volunteer finds something and a community worker sees a list. All made up.

use app::domain::time::Instant;
use app::domain::timebank::{NeedForm, NewNeed};
use app::visit::Owner;

use crate::store::audit::Actor;
use crate::store::timebank::Doing;
use crate::store::{IdempotencyKey, Store, StoreError};

/// Posts the sample needs for the coming days, unless they were posted today.
///
/// # Errors
/// The database failed.
pub(crate) async fn load(store: &Store, now: Instant) -> anyhow::Result<String> {
    let owner = Owner("sample".into());
    let samples = [
        ("companionship", "9:00", "60", "wuxi", "320214050001", 1),
        ("phone-help", "14:00", "60", "both", "320214050001", 2),
        ("errands", "10:00", "30", "mandarin", "320214050002", 2),
    ];
    for (kind, starts, minutes, language, community, days) in samples {
        let mut day = now.shanghai_date();
        for _ in 0..days {
            day = day.tomorrow()?;
        }
        let form = NeedForm {
            name: "李示例".into(),
            phone: "0510-80000000".into(),
            street: "320214050".into(),
            community: community.into(),
            detail: "示例路 1 号".into(),
            kind: kind.into(),
            day: day.to_string(),
            starts: starts.into(),
            minutes: minutes.into(),
            language: language.into(),
            note: "示例：不是真的需求".into(),
            ..NeedForm::default()
        };
        let Ok(need) = NewNeed::parse(&form, now) else { anyhow::bail!("a sample need is wrong: {kind}") };
        let key = IdempotencyKey::new(store, &format!("sample-need-{kind}-{day}"), "need");
        match store.post_need(&need, &Doing { actor: &Actor::System, owner: &owner, key: &key, now }).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok("Sample needs of the time bank: /timebank and, for demo-community and demo-timebank, /staff/timebank."
        .to_owned())
}
