//! Offers of the waiting list: what is free on a day goes to its line first, place by place.

use app::domain::calendar::Calendar;
use app::domain::marriage::{DayState, Matter, offer_until};
use app::domain::time::Instant;
use jiff::civil::Date;

use crate::site::Site;
use crate::store::StoreError;
use crate::store::marriage::bookings::WantedSlot;

/// Offers whatever is free on a day to those who wait for it. Whoever gives a place back calls it, whoever asks for one, and the job.
///
/// # Errors
/// The database failed.
pub(crate) async fn offer(
    site: &Site,
    (office, matter, day): (&str, Matter, Date),
) -> Result<(), StoreError> {
    let (store, now) = (site.store(), site.clock().now());
    if !store.somebody_waits((office, matter, day)).await? {
        return Ok(());
    }
    let (today, calendar) = (now.shanghai_date(), Calendar::embedded());
    let book = store.marriage_book(office, matter, now).await?;
    let until = match (book.state(day, today, calendar), offer_until(now, day)) {
        (DayState::Past, _) | (_, None) => return store.end_marriage_line((office, matter, day), now).await,
        (DayState::Closed | DayState::NotYet | DayState::Draw, _) => return Ok(()),
        (_, Some(until)) => until,
    };
    // Where the places were drawn, the office says how long one may take to answer.
    let until = match book.hot_day(day).and_then(|hot| hot.draw.as_ref()) {
        Some(draw) => {
            let hours = Instant(now.0 + i64::from(draw.rules.hours) * 3_600_000);
            hours.min(Instant::shanghai_midnight(day))
        }
        None => until,
    };
    let mut offered = false;
    for slot in book.slots(day, calendar) {
        let (starts, ends, quota) = (slot.starts, slot.ends, slot.quota);
        let wanted = WantedSlot { office, matter, day, starts, ends, quota };
        while store.offer_marriage_place(&wanted, until, now).await? {
            offered = true;
        }
    }
    if offered {
        site.messages_waiting().notify_one();
    }
    Ok(())
}

/// Draws whose entries have closed, each with the offers of its first places.
///
/// # Errors
/// The database failed.
pub(crate) async fn draw_due(site: &Site) -> Result<(), StoreError> {
    let (store, now) = (site.store(), site.clock().now());
    for id in store.draws_due(now).await? {
        if store.draw_marriage_day(&id, now).await? {
            site.messages_waiting().notify_one();
        }
        let draw = store.marriage_draw(&id).await?;
        offer(site, (&draw.office, draw.matter, draw.day)).await?;
    }
    Ok(())
}

/// What became of offers, and new ones for every line.
///
/// # Errors
/// The database failed.
pub(crate) async fn offer_all(site: &Site) -> Result<(), StoreError> {
    draw_due(site).await?;
    site.store().settle_marriage_offers(site.clock().now()).await?;
    site.store().forget_drawn_people().await?;
    for (office, matter, day) in site.store().marriage_lines().await? {
        offer(site, (&office, matter, day)).await?;
    }
    Ok(())
}
