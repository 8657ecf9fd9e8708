//! Two sample draws of 颁证仪式: one that takes entries, one that was drawn, so that everybody can work its order out.

use anyhow::bail;
use app::domain::marriage::{Couple, CoupleForm, DrawOf, DrawRules, HotDay, HotTime, Matter};
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::ToSpan as _;

use crate::store::audit::Actor;
use crate::store::marriage::bookings::Invite;
use crate::store::marriage::plans::PlanChange;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

const HOUR: i64 = 3_600_000;
const OFFICE: &str = "xinwu";
const MATTER: Matter = Matter::CertificateCeremony;

/// Made-up citizens' numbers, two of each sample couple.
const COUPLES: [[&str; 2]; 3] = [
    ["320205199505108016", "320205199505108024"],
    ["320205199505108032", "320205199505108040"],
    ["320205199505108059", "320205199505108067"],
];

/// Marks a day so many days ahead with a draw of these hours from now; gives its id, nothing where the sample is there already.
async fn mark(
    store: &Store,
    (ahead, name): (i64, &str),
    [opens, closes]: [i64; 2],
    now: Instant,
) -> anyhow::Result<Option<String>> {
    let marked = store.hot_days(OFFICE, now.shanghai_date()).await?;
    if marked.iter().any(|hot| hot.name == name) {
        return Ok(None);
    }
    let rules =
        DrawRules { opens: Instant(now.0 + opens * HOUR), closes: Instant(now.0 + closes * HOUR), hours: 24 };
    let day = now.shanghai_date().checked_add(ahead.days())?;
    let hot = HotDay {
        id: String::new(),
        matter: MATTER,
        day,
        name: name.to_owned(),
        times: vec![HotTime { starts: 9 * 60, ends: 10 * 60, quota: 2 }],
        walk_in: false,
        draw: Some(DrawOf { id: String::new(), rules, drawn: false }),
    };
    let doer = Doer { id: "sample-clerk", actor: &Actor::System };
    let key = IdempotencyKey::new(store, &format!("sample-draw-{name}-{day}"), "draw");
    match store.change_marriage_plan(OFFICE, &PlanChange::MarkHot(&hot), doer, &key, now).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => return Ok(None),
        Err(other) => return Err(other.into()),
    }
    let kept = store.hot_day((OFFICE, MATTER, day)).await?;
    Ok(kept.and_then(|hot| hot.draw).map(|draw| draw.id))
}

/// Makes both, unless they are there.
///
/// # Errors
/// The sample data is wrong, or the database failed.
pub(crate) async fn load(store: &Store, now: Instant) -> anyhow::Result<()> {
    mark(store, (70, "示例：正在报名"), [-1, 30 * 24], now).await?;
    let Some(draw) = mark(store, (60, "示例：抽过了"), [-48, -24], now).await? else { return Ok(()) };
    let entered = Instant(now.0 - 30 * HOUR);
    for (at, [man, woman]) in COUPLES.iter().enumerate() {
        let form = CoupleForm {
            me: "man".into(),
            man_name: "示例甲".into(),
            man_document: (*man).into(),
            man_mobile: "13900001111".into(),
            woman_name: "示例乙".into(),
            woman_document: (*woman).into(),
            woman_mobile: "13900002222".into(),
            way: "link".into(),
        };
        let Ok(couple) = Couple::parse(&form, MATTER, now.shanghai_date(), now.shanghai_date()) else {
            bail!("a sample couple is wrong")
        };
        let invite = Invite { secret: crate::seal::random_secret()?, code: "000000".into() };
        let (one, other) = (Owner(format!("sample-one-{at}")), Owner(format!("sample-other-{at}")));
        let key = IdempotencyKey::new(store, &format!("sample-entry-{draw}-{at}"), "entry");
        match store.enter_draw(&draw, &couple, &invite, (&one, &Actor::System), &key, entered).await? {
            OnlyOnce::Done(_) => {}
            OnlyOnce::Before(_) => continue,
        }
        let by = (&other, &Actor::System);
        store.agree_to_draw((&invite.secret, &invite.code), by, entered).await?;
    }
    store.draw_marriage_day(&draw, now).await?;
    Ok(())
}
