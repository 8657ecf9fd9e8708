//! `/staff/meals/{point}/hand-out`, `…/walk-in`, `…/conflicts`: meals as they are handed out.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::confirm::check::Standing;
use app::domain::confirm::{ConfirmationKind, ShortCode, token};
use app::domain::form::{FieldError, Prompt};
use app::domain::meals::{Dish, KeptEater, MealKind, MealPoint, MealState, Paid, WalkInForm};
use app::domain::normalise;
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::meals::PointView;
use app::pages::staff::meal_desk::{self as pages, ConflictLine, DeskLine, DeskView};
use app::pages::staff::meal_walk_in::{WalkInQuote, WalkInView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use jiff::civil::Date;

use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::meals::point_view;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::confirmations::KeptConfirmation;
use crate::store::meals::Doing;
use crate::store::meals::orders::{KeptMeal, MealRefusal};
use crate::store::meals::walk_ins::AT_THE_DESK;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Notes that somebody looked at who eats at a point today.
pub(super) async fn note_read(site: &Site, actor: &Actor, point: &str) -> Result<(), AppError> {
    let entry = AuditEntry {
        area: app::domain::area::district(),
        actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "meal_points",
        object: point,
        subject: None,
        purpose: Purpose::Handling,
    };
    Ok(site.store().note_alone(&entry, site.clock().now()).await?)
}

/// The place of a scan in words: a point's name, or its code.
pub(in crate::forms) fn place_words(site: &Site, office: &str) -> String {
    site.meals().point(office).map_or_else(|| office.to_owned(), |point| point.name.clone())
}

fn desk_line(site: &Site, meal: &KeptMeal, eater: &KeptEater) -> DeskLine {
    DeskLine {
        id: meal.id.clone(),
        kind: meal.kind,
        dish: meal.dish_name.clone(),
        who: eater.person.masked(),
        mode: meal.mode,
        state: meal.state,
        avoid: eater.avoid.clone(),
        number: meal.number.clone(),
        price: meal.price,
        bill: meal.bill,
        paid: meal.paid,
        paid_open: meal.paid_open,
        scanned: meal.scanned.as_ref().map(|(at, office)| (*at, place_words(site, office))),
    }
}

/// The confirmation that is meant by a short code, or by the text of a QR code as it was scanned.
///
/// # Errors
/// The database failed.
pub(in crate::forms) async fn confirmation_of_typed(
    site: &Site,
    typed: &str,
) -> Result<Option<KeptConfirmation>, AppError> {
    let (store, upper) = (site.store(), typed.to_ascii_uppercase());
    if let Some((_, token)) = upper.split_once("/V/") {
        let id = token::read(token).map(|signed| HEXLOWER.encode(&signed.content.id));
        return Ok(match id {
            // The token as it was issued: an identity alone proves nothing.
            Some(id) => store.confirmation(&id).await?.filter(|kept| kept.token == token),
            None => None,
        });
    }
    match ShortCode::parse(typed) {
        Ok(code) => Ok(store.confirmation_of_short_code(code.as_str()).await?),
        Err(_) => Ok(None),
    }
}

/// Whose card it is, where it is one that holds.
pub(in crate::forms) fn card_holder(kept: &KeptConfirmation) -> Option<&str> {
    let holds = kept.kind == ConfirmationKind::Card && matches!(kept.standing, Standing::Holds);
    kept.resident.as_deref().filter(|_| holds)
}

/// The meal that somebody means by what was typed or scanned: its number, its short code, the text of its QR code, or either code of a
/// card, which stands for its holder's meal of that day, here before elsewhere.
///
/// # Errors
/// The database failed.
pub(in crate::forms) async fn meal_of_typed(
    site: &Site,
    typed: &str,
    (point, day): (&str, Date),
) -> Result<Option<KeptMeal>, AppError> {
    let (store, typed) = (site.store(), normalise::single_line(typed));
    if let Some(meal) = store.meal_of_number(&typed.to_ascii_uppercase()).await? {
        return Ok(Some(meal));
    }
    let Some(confirmation) = confirmation_of_typed(site, &typed).await? else { return Ok(None) };
    if let Some(meal) = store.meal_of_confirmation(&confirmation.id).await? {
        return Ok(Some(meal));
    }
    let Some(holder) = card_holder(&confirmation) else { return Ok(None) };
    let Some(eater) = store.eater_of_resident(holder).await? else { return Ok(None) };
    let meals = store.meals_of(&eater.id, day).await?;
    let mut of_day: Vec<_> =
        meals.into_iter().filter(|meal| meal.day == day && meal.state != MealState::Cancelled).collect();
    of_day.sort_by_key(|meal| (meal.point != point, meal.state == MealState::HandedOut, meal.kind));
    Ok(of_day.into_iter().next())
}

/// Whether a meal is the one that was typed: a whole number, the eater's whole name or telephone.
fn fits(meal: &KeptMeal, eater: &KeptEater, typed: &str) -> bool {
    meal.number.eq_ignore_ascii_case(typed)
        || eater.person.name == typed
        || (!eater.person.phone.is_empty() && eater.person.phone == typed)
}

/// Who comes without an order: what was typed, and what is told of it.
#[derive(Default)]
pub(super) struct Comes {
    /// As typed.
    pub(super) sent: Sent<WalkInForm>,
    /// What they would pay, where that was asked.
    pub(super) quote: Option<WalkInQuote>,
    /// Somebody of that name was served.
    pub(super) ask_apart: bool,
}

/// What is left now for those who come without an order: not what is cooked later, nor what is over.
pub(super) fn left_now(view: &PointView, now: Instant) -> Vec<Dish> {
    let (day, minute) = (now.shanghai_date(), now.shanghai_minute());
    let over =
        |kind: MealKind| view.services.iter().any(|service| service.kind == kind && service.ends <= minute);
    let left =
        view.menu.iter().filter(|dish| dish.dish.day == day && dish.left() > 0 && !over(dish.dish.kind));
    left.cloned().collect()
}

/// The day's list, narrowed to what was typed.
pub(super) async fn page(
    site: &Site,
    staff: &StaffVisitor,
    point: MealPoint,
    (find, refused): (&str, String),
    comes: Comes,
) -> Result<Response, AppError> {
    let day = site.clock().today();
    let meals = site.store().meals_at(&point.code, day).await?;
    let typed = normalise::single_line(find);
    let mut refused = refused;
    let mut wanted: Option<String> = None;
    match meal_of_typed(site, &typed, (&point.code, day)).await? {
        Some(meal) if meal.point != point.code => {
            refused = format!("这一份订在{}，不是这里", place_words(site, &meal.point));
        }
        Some(meal) if meal.day != day => refused = format!("这一份是 {} 的，不是今天", meal.day),
        Some(meal) if meal.state == MealState::Cancelled => refused = "这一份已经退了".to_owned(),
        Some(meal) => wanted = Some(meal.id),
        // A code that names none of the day finds nobody by name either.
        None if ShortCode::parse(&typed).is_ok() => wanted = Some(String::new()),
        None => {}
    }
    let shown = meals.iter().filter(|(meal, eater)| match &wanted {
        Some(id) => meal.id == *id,
        None => typed.is_empty() || fits(meal, eater, &typed),
    });
    let mut lines: Vec<_> = shown.map(|(meal, eater)| desk_line(site, meal, eater)).collect();
    lines.sort_by_key(|line| line.state == MealState::HandedOut);
    let view = point_view(site, &point.code).await?;
    let out = meals.iter().filter(|(meal, _)| meal.state == MealState::HandedOut).count();
    let mut conflicts = Vec::new();
    for conflict in site.store().desk_conflicts(&point.code).await? {
        conflicts.push(ConflictLine {
            who: site.store().eater(&conflict.meal.eater).await?.person.masked(),
            dish: conflict.meal.dish_name.clone(),
            number: conflict.meal.number.clone(),
            outcome: conflict.outcome,
            at_desk: conflict.device == AT_THE_DESK,
            told: (conflict.said_at, place_words(site, &conflict.point), conflict.paid),
            kept: conflict
                .meal
                .handed_at
                .map(|at| (at, place_words(site, &conflict.meal.point), conflict.meal.paid)),
            point: place_words(site, &conflict.meal.point),
            id: conflict.id,
        });
    }
    let shown = DeskView {
        day,
        find: find.to_owned(),
        lines,
        counts: (meals.len(), out),
        walk_in: WalkInView {
            left: left_now(&view, site.clock().now()),
            quote: comes.quote,
            ask_apart: comes.ask_apart,
        },
        conflicts,
        point,
        key: new_key()?,
        refused,
    };
    let wrong = !shown.refused.is_empty() || !comes.sent.errors.is_empty();
    let status = if wrong { UNPROCESSABLE } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::desk(&me, &shown, &comes.sent)))
}

/// The day's list.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    note_read(&site, &actor, &code).await?;
    page(&site, &staff, point, ("", String::new()), Comes::default()).await
}

/// Looks for a meal. What is typed stands in no address.
pub(crate) async fn find(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    note_read(&site, &actor, &code).await?;
    page(&site, &staff, point, (fields.get("find"), String::new()), Comes::default()).await
}

fn paid_in(fields: &Fields) -> Result<Paid, FieldError> {
    match Paid::parse(fields.get("paid")) {
        Some(paid) => Ok(paid),
        None if fields.get("paid").is_empty() => Err(Prompt::MealPaid.into()),
        None => Err(FieldError::NotOffered),
    }
}

/// Why a meal was not handed out.
async fn over_words(site: &Site, id: &str, point: &str) -> Result<String, AppError> {
    let meal = site.store().meal(id).await?;
    let at =
        |at: Instant, office: &str| format!("{} 在{}领过了", at.shanghai_text(), place_words(site, office));
    Ok(match (&meal.scanned, meal.state) {
        _ if meal.point != point => format!("这一份订在{}，不是这里", place_words(site, &meal.point)),
        (_, MealState::Cancelled) => "这一份已经退了".to_owned(),
        (Some((scanned, office)), _) => at(*scanned, office),
        (None, _) => meal.handed_at.map_or_else(|| "刚刚有变化".to_owned(), |handed| at(handed, &meal.point)),
    })
}

/// Hands a meal out.
pub(crate) async fn hand_out(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let key = fields.key(site.store())?;
    let paid = paid_in(&fields).map_err(|_| AppError::BadRequest)?;
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().hand_out((&id, &code), paid, staff.staff_id(), &doing).await {
        Ok(()) => Ok(see_other(&format!("/staff/meals/{code}/hand-out"), None)),
        Err(MealRefusal::Over) => {
            let words = over_words(&site, &id, &code).await?;
            page(&site, &staff, point, ("", words), Comes::default()).await
        }
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}

/// Notes what became of the money of a meal that a scan handed out, or that was not paid then.
pub(crate) async fn note_paid(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    let key = fields.key(site.store())?;
    let paid = paid_in(&fields).map_err(|_| AppError::BadRequest)?;
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    site.store().note_meal_paid((&id, &code), paid, &doing).await?;
    Ok(see_other(&format!("/staff/meals/{code}/hand-out"), None))
}

/// Two sides told different things of one meal, and somebody looked at it.
pub(crate) async fn settle(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, scan)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    let (key, owner) = (fields.key(site.store())?, owner_of(&staff));
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    site.store().settle_desk_conflict((&scan, &code), &doing).await?;
    Ok(see_other(&format!("/staff/meals/{code}/hand-out"), None))
}
