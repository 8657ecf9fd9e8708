//! Places what people want each week, a week ahead: as they would themselves, by the same act, quota and cut-off.

use std::collections::BTreeMap;

use app::domain::calendar::Calendar;
use app::domain::meals::{
    Dish, KeptEater, MealMode, STANDING_AHEAD_DAYS, Standing, StandingDay, StandingStep, standing_step,
};
use app::pages::meals::PointView;
use app::visit::Owner;
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::error::AppError;
use crate::forms::meals::point_view_until;
use crate::forms::meals_order::{delivery_to, holder_of, signed};
use crate::site::Site;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{MealRefusal, WantedMeal};
use crate::store::{IdempotencyKey, StoreError};

/// Places whatever is due. One order that fails keeps none of the others; the next round tries it again.
///
/// # Errors
/// The orders could not be read.
pub(crate) async fn place_all(site: &Site) -> Result<(), StoreError> {
    let mut views: BTreeMap<String, PointView> = BTreeMap::new();
    for (standing, owner) in site.store().all_standing().await? {
        if let Err(cause) = place(site, &mut views, &standing, Owner(owner)).await {
            tracing::error!(standing = standing.id, %cause, "a standing order could not be placed");
        }
    }
    site.messages_waiting().notify_one();
    Ok(())
}

/// Places what is due of one order at once, for whoever has just made it or goes on with it.
///
/// # Errors
/// The database failed.
pub(crate) async fn place_one(site: &Site, id: &str) -> Result<(), AppError> {
    let (standing, owner) = site.store().standing(id).await?;
    place(site, &mut BTreeMap::new(), &standing, Owner(owner)).await?;
    site.messages_waiting().notify_one();
    Ok(())
}

async fn place(
    site: &Site,
    views: &mut BTreeMap<String, PointView>,
    standing: &Standing,
    owner: Owner,
) -> Result<(), AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let point = &standing.what.point;
    let days = store.standing_days(&standing.id, today).await?;
    let settled = |day: Date| {
        days.iter().any(|of| of.day == day && matches!(of.what, StandingDay::Ordered | StandingDay::Twice))
    };
    let due: Vec<_> = wanted_days(standing, today).into_iter().filter(|day| !settled(*day)).collect();
    if due.is_empty() {
        return Ok(());
    }
    // A point that is no longer in the operator's file serves nobody.
    if site.meals().point(point).is_none() {
        for day in due {
            store.standing_failed((standing, day), StandingDay::Closed, site.clock().now()).await?;
        }
        return Ok(());
    }
    let eater = store.eater(&standing.eater).await?;
    if !views.contains_key(point) {
        views.insert(point.clone(), point_view_until(site, point, STANDING_AHEAD_DAYS).await?);
    }
    let Some(view) = views.get_mut(point) else { return Ok(()) };
    for day in due {
        place_day(site, view, (standing, &eater, &owner), day).await?;
    }
    Ok(())
}

/// The days from today on that a standing order wants, as far ahead as it is placed.
pub(crate) fn wanted_days(standing: &Standing, today: Date) -> Vec<Date> {
    let ahead = (0..=STANDING_AHEAD_DAYS).filter_map(|ahead| today.checked_add(ahead.days()).ok());
    // Where a year's holidays are not published yet, the order stands: a meal too many can be given up, one too few not eaten.
    let is_holiday = |day: Date| Calendar::embedded().is_holiday(day).unwrap_or(false);
    ahead.filter(|day| standing.wants(*day, is_holiday(*day))).collect()
}

async fn place_day(
    site: &Site,
    view: &mut PointView,
    (standing, eater, owner): (&Standing, &KeptEater, &Owner),
    day: Date,
) -> Result<(), AppError> {
    let (store, now) = (site.store(), site.clock().now());
    let service = view.services.iter().find(|service| service.kind == standing.what.kind).copied();
    let closed = view.closures.iter().any(|closure| closure.day == day);
    let cutoff = service.filter(|_| !closed).map(|service| service.cutoff_at(day));
    let mode = standing.what.mode;
    if mode == MealMode::Delivery
        && delivery_to(&view.point, &eater.community, &eater.person.detail).is_none()
    {
        return Ok(store.standing_failed((standing, day), StandingDay::NoDelivery, now).await?);
    }
    loop {
        let of_meal = |dish: &&Dish| dish.dish.day == day && dish.dish.kind == standing.what.kind;
        let dishes: Vec<_> = view.menu.iter().filter(of_meal).collect();
        let usual = standing.what.usual.as_deref();
        let dish = match standing_step((now, cutoff), &dishes, (usual, &eater.avoid)) {
            StandingStep::Order(dish) => dish.id.clone(),
            StandingStep::Tell(why) => return Ok(store.standing_failed((standing, day), why, now).await?),
            StandingStep::Leave => return Ok(()),
        };
        let of = (&view.point, service.as_ref());
        let (number, confirmation) = signed(site, of, day, holder_of(eater), now).await?;
        let wanted = WantedMeal { dish: &dish, mode, number: &number, confirmation: &confirmation };
        // The row of the day says that it was placed; no form's key is needed.
        let key = IdempotencyKey::new(store, &number, "standing");
        let doing = Doing { actor: &Actor::System, owner, key: &key, now };
        let tables = site.meal_tables().await?;
        match store.place_standing((standing, day), &wanted, &tables, &doing).await {
            Ok(()) => return Ok(()),
            Err(MealRefusal::Twice(_)) => {
                return Ok(store.standing_failed((standing, day), StandingDay::Twice, now).await?);
            }
            // The last one went in this moment: the next dish.
            Err(MealRefusal::SoldOut(gone)) => {
                for dish in view.menu.iter_mut().filter(|dish| dish.id == gone) {
                    dish.taken = dish.dish.quota;
                }
            }
            // Closed, paused or ended in this moment.
            Err(MealRefusal::Over) => return Ok(()),
            Err(MealRefusal::Store(cause)) => return Err(cause.into()),
        }
    }
}
