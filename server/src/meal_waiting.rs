//! Lines for full dishes: what is freed goes to the first one, and who is still in a line behind the cut-off is told.

use app::domain::confirm::Holder;
use app::domain::meals::{Dish, KeptWait, MealClosure, Service, WaitState};
use app::domain::notices::Notice;
use app::domain::time::Instant;
use app::text::meals::meal_words;
use app::visit::Owner;

use crate::error::AppError;
use crate::forms::meals_order::{holder_of, signed};
use crate::site::Site;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{MealRefusal, WantedMeal};
use crate::store::{IdempotencyKey, StoreError};

/// What became of a try to give a meal to whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gave {
    /// It is theirs.
    Meal,
    /// They are out of the line: they have that meal already, or must not eat the dish.
    Ended,
    /// Nothing is free, it is not their turn, or somebody was faster.
    Nothing,
}

/// Gives whatever is free to those who wait for it, after looking at the time. Whoever gives a meal up calls it, and the job.
///
/// # Errors
/// The database failed.
pub(crate) async fn give_all(site: &Site) -> Result<(), AppError> {
    look_at_time(site).await?;
    let today = site.clock().today();
    let mut told = false;
    loop {
        let mut moved = false;
        for (wait, owner) in site.store().first_in_lines(today).await? {
            let gave = give(site, &wait, (&Owner(owner), &Actor::System)).await?;
            moved |= gave != Gave::Nothing;
        }
        told |= moved;
        if !moved {
            break;
        }
    }
    if told {
        site.messages_waiting().notify_one();
    }
    Ok(())
}

/// Does the same for a caller whose own act is done, whatever comes of it: the job tries again.
pub(crate) async fn give_freed(site: &Site) {
    if let Err(cause) = give_all(site).await {
        tracing::error!(%cause, "what is free could not be given to those who wait");
    }
}

/// Orders the meal for somebody who is first in a line.
///
/// # Errors
/// The database failed, or the confirmation could not be signed.
pub(crate) async fn give(
    site: &Site,
    wait: &KeptWait,
    (owner, actor): (&Owner, &Actor),
) -> Result<Gave, AppError> {
    let (store, now) = (site.store(), site.clock().now());
    let Some(point) = site.meals().point(&wait.point) else { return Ok(Gave::Nothing) };
    let eater = store.eater(&wait.eater).await?;
    let dish: Dish = match store.meal_dish(&wait.dish).await {
        Ok(dish) => dish,
        // It was taken off; the line ends with its day.
        Err(StoreError::NotFound) => return Ok(Gave::Nothing),
        Err(other) => return Err(other.into()),
    };
    if dish.blocked_by(&eater.avoid).is_some() {
        let notice = over(wait, "这一样换过了，里面有您忌口的");
        store.settle_wait(wait, WaitState::Over, Some(&notice), now).await?;
        return Ok(Gave::Ended);
    }
    let services = store.meal_services(&wait.point).await?;
    let service = services.iter().find(|service| service.kind == wait.kind);
    let holder: Holder = holder_of(&eater);
    let (number, confirmation) = signed(site, (point, service), wait.day, holder, now).await?;
    let wanted =
        WantedMeal { dish: &wait.dish, mode: wait.mode, number: &number, confirmation: &confirmation };
    // The place in the line says that it was given; no form's key is needed.
    let key = IdempotencyKey::new(store, &number, "waiting");
    let doing = Doing { actor, owner, key: &key, now };
    let tables = site.meal_tables().await?;
    match store.give_to_waiting(wait, &wanted, &tables, &doing).await {
        Ok(_) => Ok(Gave::Meal),
        Err(MealRefusal::Twice(_)) => {
            // They have ordered something else meanwhile, and know it.
            store.settle_wait(wait, WaitState::Over, None, now).await?;
            Ok(Gave::Ended)
        }
        Err(MealRefusal::SoldOut(_) | MealRefusal::Over) => Ok(Gave::Nothing),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
    }
}

fn over(wait: &KeptWait, why: &str) -> Notice {
    Notice::MealWaitOver { meal: meal_words(wait.day, wait.kind), why: why.to_owned() }
}

/// What time does to a place in a line: the state that it comes to, and what is told.
fn by_time(
    wait: &KeptWait,
    (service, closures): (Option<&Service>, &[MealClosure]),
    now: Instant,
) -> Option<(WaitState, Option<Notice>)> {
    if closures.iter().any(|closure| closure.day == wait.day) {
        return Some((WaitState::Over, Some(over(wait, "助餐点那天不开"))));
    }
    let ends = service.map_or_else(
        || Instant::shanghai_midnight(wait.day.tomorrow().unwrap_or(wait.day)),
        |service| Instant(Instant::shanghai_midnight(wait.day).0 + i64::from(service.ends) * 60_000),
    );
    if ends <= now {
        return Some((WaitState::Over, None));
    }
    let late = service.is_some_and(|service| service.cutoff_at(wait.day) <= now);
    (late && wait.state == WaitState::Waiting).then(|| {
        let notice = Notice::MealWaitStandby { meal: meal_words(wait.day, wait.kind) };
        (WaitState::Standby, Some(notice))
    })
}

async fn look_at_time(site: &Site) -> Result<(), StoreError> {
    let (store, now) = (site.store(), site.clock().now());
    let waits = store.open_waits().await?;
    if waits.is_empty() {
        return Ok(());
    }
    let services = store.all_meal_services().await?;
    let mut closures: Vec<(String, Vec<MealClosure>)> = Vec::new();
    for wait in &waits {
        if !closures.iter().any(|(point, _)| *point == wait.point) {
            let of = store.meal_closures(&wait.point, now.shanghai_date()).await?;
            closures.push((wait.point.clone(), of));
        }
        let closed = closures.iter().find(|(point, _)| *point == wait.point).map(|(_, of)| of.as_slice());
        let service = services.iter().find(|(of, service)| *of == wait.point && service.kind == wait.kind);
        let service = service.map(|(_, service)| service);
        if let Some((state, notice)) = by_time(wait, (service, closed.unwrap_or_default()), now) {
            store.settle_wait(wait, state, notice.as_ref(), now).await?;
        }
    }
    Ok(())
}
