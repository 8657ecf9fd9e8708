//! `/staff/meals/{point}/hand-out`, `…/walk-in`, `…/conflicts`: meals as they are handed out.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::confirm::check::Standing;
use app::domain::confirm::{ConfirmationKind, ShortCode, token};
use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::meals::{KeptEater, MealKind, MealMode, MealPoint, MealState, Paid};
use app::domain::normalise;
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::staff::meal_desk::{self as pages, ConflictLine, DeskLine, DeskView, WalkInForm};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use jiff::civil::Date;

use super::meal_orders::find_who;
use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::meals::point_view;
use crate::forms::meals_order::take;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::IdempotencyKey;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::meals::Doing;
use crate::store::meals::orders::{KeptMeal, MealRefusal};

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
        bill: meal.bill,
        paid: meal.paid,
        paid_open: meal.paid_open,
        scanned: meal.scanned.as_ref().map(|(at, office)| (*at, place_words(site, office))),
    }
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
    let upper = typed.to_ascii_uppercase();
    if let Some(meal) = store.meal_of_number(&upper).await? {
        return Ok(Some(meal));
    }
    let confirmation = if let Some((_, token)) = upper.split_once("/V/") {
        let id = token::read(token).map(|signed| HEXLOWER.encode(&signed.content.id));
        match id {
            // The token as it was issued: an identity alone proves nothing.
            Some(id) => store.confirmation(&id).await?.filter(|kept| kept.token == token),
            None => None,
        }
    } else if let Ok(code) = ShortCode::parse(&typed) {
        store.confirmation_of_short_code(code.as_str()).await?
    } else {
        None
    };
    let Some(confirmation) = confirmation else { return Ok(None) };
    if let Some(meal) = store.meal_of_confirmation(&confirmation.id).await? {
        return Ok(Some(meal));
    }
    let holder = confirmation.resident.clone().filter(|_| {
        confirmation.kind == ConfirmationKind::Card && matches!(confirmation.standing, Standing::Holds)
    });
    let Some(holder) = holder else { return Ok(None) };
    let Some(eater) = store.eater_of_resident(&holder).await? else { return Ok(None) };
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

/// The day's list, narrowed to what was typed.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    point: MealPoint,
    (find, refused): (&str, String),
    sent: &Sent<WalkInForm>,
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
    let minute = site.clock().now().shanghai_minute();
    // Somebody who comes without an order eats what is left now, not what is cooked later.
    let over =
        |kind: MealKind| view.services.iter().any(|service| service.kind == kind && service.ends <= minute);
    let left =
        view.menu.iter().filter(|dish| dish.dish.day == day && dish.left() > 0 && !over(dish.dish.kind));
    let out = meals.iter().filter(|(meal, _)| meal.state == MealState::HandedOut).count();
    let mut conflicts = Vec::new();
    for conflict in site.store().desk_conflicts(&point.code).await? {
        conflicts.push(ConflictLine {
            who: site.store().eater(&conflict.meal.eater).await?.person.masked(),
            dish: conflict.meal.dish_name.clone(),
            number: conflict.meal.number.clone(),
            outcome: conflict.outcome,
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
        left: left.cloned().collect(),
        conflicts,
        point,
        key: new_key()?,
        refused,
    };
    let wrong = !shown.refused.is_empty() || !sent.errors.is_empty();
    let status = if wrong { UNPROCESSABLE } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::desk(&me, &shown, sent)))
}

/// The day's list.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    note_read(&site, &actor, &code).await?;
    page(&site, &staff, point, ("", String::new()), &Sent::default()).await
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
    page(&site, &staff, point, (fields.get("find"), String::new()), &Sent::default()).await
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
            page(&site, &staff, point, ("", words), &Sent::default()).await
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

/// A meal for somebody who did not order: reserved and handed out at once.
pub(crate) async fn walk_in(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let key = fields.key(site.store())?;
    let form = WalkInForm {
        who: fields.get("who").to_owned(),
        dish: fields.get("dish").to_owned(),
        paid: fields.get("paid").to_owned(),
    };
    let (view, day) = (point_view(&site, &code).await?, site.clock().today());
    let mut errors = FormErrors::default();
    let who = if normalise::single_line(&form.who).is_empty() {
        Err(FieldError::from(Prompt::MealEater))
    } else {
        // Two of one name: their telephone or document tells them apart.
        let found = find_who(&site, &form.who).await?;
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(eater), None) => Ok(eater),
            _ => Err(Rule::NoSuchEater.into()),
        }
    };
    let who = errors.keep("who", who);
    let dish = view.menu.iter().find(|dish| dish.id == form.dish && dish.dish.day == day);
    let dish = match dish {
        Some(dish) => Ok(dish.clone()),
        None if form.dish.is_empty() => Err(FieldError::from(Prompt::MealPick)),
        None => Err(Rule::DishSoldOut.into()),
    };
    let dish = errors.keep("dish", dish);
    let paid = errors.keep("paid", paid_in(&fields));
    if let (Some(eater), Some(dish)) = (&who, &dish)
        && dish.blocked_by(&eater.avoid).is_some()
    {
        errors.add("dish", Rule::MealAvoided);
    }
    if let (Some(eater), Some(dish), Some(paid), true) = (who, dish, paid, errors.is_empty()) {
        let owner = owner_of(&staff);
        let now = site.clock().now();
        let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
        let taken =
            take(&site, &view, (std::slice::from_ref(&dish), MealMode::DineIn), &eater, &doing).await?;
        match taken {
            Ok(id) => {
                let second = format!("{}h", fields.get("idempotency_key"));
                let second = IdempotencyKey::new(site.store(), &second, "walk-in");
                let doing = Doing { actor: &actor, owner: &owner, key: &second, now };
                return match site.store().hand_out((&id, &code), paid, staff.staff_id(), &doing).await {
                    Ok(()) | Err(MealRefusal::Over) => {
                        Ok(see_other(&format!("/staff/meals/{code}/hand-out"), None))
                    }
                    Err(MealRefusal::Store(cause)) => Err(cause.into()),
                    Err(_) => Err(AppError::Conflict),
                };
            }
            Err(refused) => {
                for error in refused.iter() {
                    // The form names the dish by one field.
                    errors.add("dish", error.error.clone());
                }
            }
        }
    }
    page(&site, &staff, point, ("", String::new()), &sent_back(form, errors)).await
}
