//! `/meals/{point}/reserve`, `/meals/mine…`: prices, ordering, one's own meals, giving one up.

use std::collections::BTreeMap;

use app::domain::area::community;
use app::domain::confirm::check::Standing;
use app::domain::confirm::{CaseNumber, Holder};
use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::meals::{
    Dish, KeptEater, MealMode, MealPoint, MealState, NewEater, PICKS_MAX, RatingForm, Service, Used, is_pick,
    left_words, pick_field, quote_all,
};
use app::domain::person::{Assurance, Identity, PersonAct};
use app::domain::proxy::Scope;
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::meals::{
    self as pages, Again, GivingUp, MineView, NotReady, OrderLine, OrderView, Picked, PointView, ReserveForm,
    ReserveView,
};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::meals::point_view;
use crate::confirm::{issue_meal, qr_svg};
use crate::error::AppError;
use crate::forms::confirm::qr_text;
use crate::forms::{Fields, new_key, own_or_noted, sent_back};
use crate::meal_waiting::give_freed;
use crate::seal::random_u64;
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other};
use crate::store::meals::Doing;
use crate::store::meals::eaters::EaterKey;
use crate::store::meals::orders::{KeptMeal, MealRefusal, RESERVE, WantedMeal};
use crate::store::{IdempotencyKey, NewConfirmation, StoreError};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Whose meals these are: the resident's, or of whom they act for, where that was agreed to for meals.
///
/// # Errors
/// Nobody is signed in, or the agreement is about something else; that try is noted.
pub(super) async fn concerned<'a>(site: &Site, visitor: &'a Visitor) -> Result<&'a str, AppError> {
    let session = visitor.resident()?;
    session.require(PersonAct::ReserveMeal)?;
    match visitor.acting().filter(|acting| !acting.scope.contains(&Scope::Meals)) {
        None => Ok(session.concerned()),
        Some(acting) => {
            let now = site.clock().now();
            site.store().note_misuse(&acting.proxy, &visitor.actor(), Some(&acting.represented), now).await?;
            Err(AppError::NotTaken(Ended::OutOfScope))
        }
    }
}

/// Who would eat.
pub(super) enum Diner {
    /// Known already.
    Kept(KeptEater),
    /// An account with a checked document that orders for the first time.
    New(NewEater),
}

/// The eater of an account, or what is missing.
pub(super) async fn diner(site: &Site, resident: &str) -> Result<Result<Diner, NotReady>, AppError> {
    if let Some(eater) = site.store().eater_of_resident(resident).await? {
        return Ok(Ok(Diner::Kept(eater)));
    }
    let kept = site.store().account(resident).await?;
    let identity = kept.profile.identity.as_ref();
    let identity = identity.and_then(|form| Identity::parse(form, site.clock().today()).ok());
    let Some(identity) = identity.filter(|_| kept.assurance == Assurance::Verified) else {
        return Ok(Err(NotReady::NotVerified));
    };
    // Staff may have noted the document before there was an account.
    let known = site.store().find_eaters(&EaterKey::Document(identity.document.clone())).await?;
    if let Some(eater) = known.into_iter().next() {
        return Ok(Ok(Diner::Kept(eater)));
    }
    let home = kept.profile.home.unwrap_or_default();
    let Some(place) = community(&home.community) else { return Ok(Err(NotReady::NoHome)) };
    Ok(Ok(Diner::New(NewEater::of_account(&identity, kept.phone, place, &home.detail))))
}

impl Diner {
    fn community(&self) -> &str {
        match self {
            Self::Kept(eater) => &eater.community,
            Self::New(new) => new.community.code,
        }
    }

    fn detail(&self) -> &str {
        match self {
            Self::Kept(eater) => &eater.person.detail,
            Self::New(new) => &new.person.detail,
        }
    }

    pub(super) fn avoid(&self) -> &[String] {
        match self {
            Self::Kept(eater) => &eater.avoid,
            Self::New(new) => &new.avoid,
        }
    }
}

/// Where a delivery to them would go, where the point delivers there.
pub(super) fn delivery(point: &MealPoint, diner: &Diner) -> Option<String> {
    delivery_to(point, diner.community(), diner.detail())
}

/// The same for a community and what stands behind it in an address.
pub(crate) fn delivery_to(point: &MealPoint, in_community: &str, detail: &str) -> Option<String> {
    let place = community(in_community)?;
    let goes = point.delivers_to(place.code) && !detail.is_empty();
    goes.then(|| format!("{}{detail}", place.short_name()))
}

/// What was picked of a point's menu, each with what is wrong with it.
pub(in crate::forms) fn picks<'a>(
    view: &PointView,
    names: impl Iterator<Item = (&'a str, &'a str)>,
    avoid: &[String],
) -> (Vec<Dish>, FormErrors) {
    let (mut dishes, mut errors) = (Vec::new(), FormErrors::default());
    let picked = names.filter(|(name, id)| is_pick(name) && !id.is_empty());
    for (name, id) in picked.take(PICKS_MAX) {
        let Some(dish) = view.menu.iter().find(|dish| dish.id == id) else {
            errors.add(name.to_owned(), Rule::DishSoldOut);
            continue;
        };
        // The field names the meal; a dish of another one was made up.
        if name != pick_field(dish.dish.day, dish.dish.kind) {
            errors.add(name.to_owned(), FieldError::NotOffered);
        } else if view.orderable(dish).is_none() {
            errors.add(name.to_owned(), Rule::MealTooLate);
        } else if dish.left() == 0 {
            errors.add(name.to_owned(), Rule::DishSoldOut);
        } else if dish.blocked_by(avoid).is_some() {
            errors.add(name.to_owned(), Rule::MealAvoided);
        } else {
            dishes.push(dish.clone());
        }
    }
    // The order in which the store takes and prices them.
    dishes.sort_by(|one, other| one.id.cmp(&other.id));
    (dishes, errors)
}

/// The dishes with their prices, by day.
pub(in crate::forms) async fn priced(
    site: &Site,
    view: &PointView,
    dishes: &[Dish],
    eater: Option<&KeptEater>,
) -> Result<Vec<Picked>, AppError> {
    let mut used: BTreeMap<Date, Used> = BTreeMap::new();
    if let Some(eater) = eater {
        for dish in dishes {
            let day = dish.dish.day;
            used.insert(day, site.store().subsidised_meals(&eater.id, day).await?);
        }
    }
    let priced = eater.and_then(KeptEater::eater);
    let quotes = quote_all(dishes, priced.as_ref(), &site.meal_tables().await?, &used);
    let mut picked: Vec<_> = dishes
        .iter()
        .zip(quotes)
        .map(|(dish, quote)| Picked {
            left: view.orderable(dish).unwrap_or_default(),
            dish: dish.clone(),
            quote,
        })
        .collect();
    picked.sort_by_key(|picked| (picked.dish.dish.day, picked.dish.dish.kind));
    Ok(picked)
}

/// The page with the prices.
async fn reserve_page(
    site: &Site,
    visitor: &Visitor,
    view: PointView,
    (dishes, diner): (&[Dish], &Result<Diner, NotReady>),
    sent: &Sent<ReserveForm>,
) -> Result<Response, AppError> {
    let eater = match diner {
        Ok(Diner::Kept(eater)) => Some(eater),
        _ => None,
    };
    let picked = priced(site, &view, dishes, eater).await?;
    let delivery = diner.as_ref().ok().and_then(|diner| delivery(&view.point, diner));
    let shown = ReserveView { point: view.point, picked, delivery, key: new_key()? };
    let why = diner.as_ref().err().copied();
    let status = if sent.errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    Ok(site.page(visitor, status, || pages::reserve(&shown, sent, why)))
}

/// What was picked, with its prices.
pub(crate) async fn reserve_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?;
    let (view, diner) = (point_view(&site, &code).await?, diner(&site, resident).await?);
    let names = query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let avoid = diner.as_ref().map(Diner::avoid).unwrap_or_default();
    let (dishes, errors) = picks(&view, names, avoid);
    if dishes.is_empty() && errors.is_empty() {
        let error = app::text::errors::sentence(&Prompt::MealPick.into());
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::point(&view, Some(error))));
    }
    // As the last time, where that can still be.
    let mode = query.get("mode").filter(|mode| {
        let goes = || diner.as_ref().is_ok_and(|diner| delivery(&view.point, diner).is_some());
        MealMode::parse(mode).is_some_and(|mode| mode == MealMode::DineIn || goes())
    });
    let sent = sent_back(ReserveForm { mode: mode.cloned().unwrap_or_default() }, errors);
    reserve_page(&site, &visitor, view, (&dishes, &diner), &sent).await
}

/// A number with its signed confirmation for one meal.
pub(crate) async fn signed(
    site: &Site,
    (point, service): (&MealPoint, Option<&Service>),
    day: Date,
    holder: Holder,
    now: Instant,
) -> Result<(String, NewConfirmation), AppError> {
    let number = CaseNumber::new("ZC", now.shanghai_date(), random_u64()?).as_str().to_owned();
    let starts = service.map_or(Instant::shanghai_midnight(day), |service| service.starts_at(day));
    let minutes = service.map_or(0, |service| u64::from(service.ends.saturating_sub(service.starts)));
    let ends = Instant::shanghai_midnight(day.tomorrow().unwrap_or(day));
    let keys = site.keys();
    let of = (number.as_str(), point.community.street_code);
    let confirmation =
        issue_meal(keys.signing(), &site.settings().issuer, of, holder, (starts, minutes, ends), now).await?;
    Ok((number, confirmation))
}

/// The name and the last signs of a document, as a confirmation carries them.
pub(crate) fn holder_of(eater: &KeptEater) -> Holder {
    Holder { name: eater.person.masked(), document_tail: eater.person.document_tail() }
}

/// Takes what was picked, for an eater who is kept: each signed, all of them or none.
pub(in crate::forms) async fn take(
    site: &Site,
    view: &PointView,
    (dishes, mode): (&[Dish], MealMode),
    eater: &KeptEater,
    doing: &Doing<'_>,
) -> Result<Result<String, FormErrors>, AppError> {
    let mut made = Vec::with_capacity(dishes.len());
    for dish in dishes {
        let service = view.services.iter().find(|service| service.kind == dish.dish.kind);
        let (number, confirmation) =
            signed(site, (&view.point, service), dish.dish.day, holder_of(eater), doing.now).await?;
        made.push((dish, number, confirmation));
    }
    let wanted: Vec<_> = made
        .iter()
        .map(|(dish, number, confirmation)| WantedMeal { dish: &dish.id, mode, number, confirmation })
        .collect();
    let tables = site.meal_tables().await?;
    let refused = match site.store().reserve_meals(&eater.id, &wanted, &tables, doing).await {
        Ok(id) => return Ok(Ok(id)),
        Err(refused) => refused,
    };
    let field = |id: &str| {
        let dish = dishes.iter().find(|dish| dish.id == id);
        dish.map_or_else(|| "mode".to_owned(), |dish| pick_field(dish.dish.day, dish.dish.kind))
    };
    let mut errors = FormErrors::default();
    match refused {
        MealRefusal::SoldOut(dish) => errors.add(field(&dish), Rule::DishSoldOut),
        MealRefusal::Twice(dish) => errors.add(field(&dish), Rule::MealTwice),
        // Closed in this moment.
        MealRefusal::Over => errors.add("mode", Rule::MealTooLate),
        MealRefusal::Store(cause) => return Err(cause.into()),
    }
    Ok(Err(errors))
}

/// The eater of an account as a row, made or found with the first form that needs one.
pub(super) async fn known(
    site: &Site,
    ready: &Diner,
    resident: &str,
    visitor: &Visitor,
    fields: &Fields,
) -> Result<KeptEater, AppError> {
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let key = format!("{}e", fields.get("idempotency_key"));
    let key = IdempotencyKey::new(site.store(), &key, "eater");
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let id = match ready {
        Diner::Kept(eater) if eater.resident.as_deref() == Some(resident) => return Ok(eater.clone()),
        Diner::Kept(eater) => site.store().link_eater(&eater.id, resident, &doing).await?,
        Diner::New(new) => site.store().keep_eater(new, Some(resident), &doing).await?,
    };
    Ok(site.store().eater(&id).await?)
}

/// Orders what was picked.
pub(crate) async fn reserve(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?.to_owned();
    let key = fields.key(site.store())?;
    let owner = visitor.resident()?.owner();
    let count = fields.iter().filter(|(name, id)| is_pick(name) && !id.is_empty()).count();
    let ordered = |id: &str| match count {
        1 => see_other(&format!("/meals/mine/{id}"), None),
        _ => see_other("/meals/mine", None),
    };
    // The first press may have taken the last portion: its answer counts, not how the menu stands since.
    if let Some(id) = site.store().answer_of(&key, &owner, RESERVE).await? {
        return Ok(ordered(&id));
    }
    let (view, diner) = (point_view(&site, &code).await?, diner(&site, &resident).await?);
    let form = ReserveForm { mode: fields.get("mode").to_owned() };
    let avoid = diner.as_ref().map(Diner::avoid).unwrap_or_default();
    let (dishes, mut errors) = picks(&view, fields.iter(), avoid);
    let mode = match MealMode::parse(&form.mode) {
        Some(mode) => Ok(mode),
        None if form.mode.is_empty() => Err(Prompt::MealMode.into()),
        None => Err(FieldError::NotOffered),
    };
    let mode = errors.keep("mode", mode);
    if dishes.is_empty() && errors.is_empty() {
        errors.add("mode", Prompt::MealPick);
    }
    if let Ok(ready) = &diner
        && mode == Some(MealMode::Delivery)
        && delivery(&view.point, ready).is_none()
    {
        errors.add("mode", Rule::NoDelivery);
    }
    let (actor, now) = (visitor.actor(), site.clock().now());
    if let (Ok(ready), Some(mode), true) = (&diner, mode, errors.is_empty()) {
        let eater = known(&site, ready, &resident, &visitor, &fields).await?;
        let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
        match take(&site, &view, (&dishes, mode), &eater, &doing).await? {
            Ok(id) => return Ok(ordered(&id)),
            Err(refused) => errors = refused,
        }
    }
    reserve_page(&site, &visitor, view, (&dishes, &diner), &sent_back(form, errors)).await
}

pub(in crate::forms) fn line_of(site: &Site, meal: &KeptMeal) -> OrderLine {
    OrderLine {
        id: meal.id.clone(),
        day: meal.day,
        kind: meal.kind,
        dish: meal.dish_name.clone(),
        point: site.meals().point(&meal.point).map_or_else(String::new, |point| point.name.clone()),
        state: meal.state,
        score: meal.score,
        by_point: meal.by_point,
        bill: meal.bill,
    }
}

/// One's own meals.
pub(crate) async fn mine(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?;
    let today = site.clock().today();
    let from = today.checked_sub(62.days()).unwrap_or(today);
    let mut view = MineView {
        lines: Vec::new(),
        standing: None,
        waits: Vec::new(),
        today,
        why: None,
        care: None,
        key: new_key()?,
    };
    match site.store().eater_of_resident(resident).await? {
        Some(eater) => {
            let meals = site.store().meals_of(&eater.id, from).await?;
            view.lines = meals.iter().map(|meal| line_of(&site, meal)).collect();
            view.care = Some(eater.care_call);
            view.standing = Some(super::meals_standing::named(&site, &eater.id).await?);
            let waits = site.store().waits_of(&eater.id, today).await?;
            view.waits = waits.into_iter().map(|wait| super::meals_waiting::line_of(&site, wait)).collect();
        }
        None => view.why = diner(&site, resident).await?.err(),
    }
    Ok(site.page(&visitor, StatusCode::OK, || pages::mine(&view)))
}

/// Whether one is rung after two missed meals in a row.
pub(crate) async fn care_call(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?;
    let key = fields.key(site.store())?;
    let wished = match fields.get("care_call") {
        "yes" => true,
        "no" => false,
        _ => return Err(AppError::BadRequest),
    };
    // The page shows the button only to somebody who has eaten here.
    let eater = site.store().eater_of_resident(resident).await?.ok_or(AppError::NotFound)?;
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    site.store().set_care_call(&eater, wished, &doing).await?;
    Ok(see_other("/meals/mine", None))
}

/// A meal that is this visitor's; another's is not found, and that is noted.
async fn own(site: &Site, visitor: &Visitor, id: &str) -> Result<KeptMeal, AppError> {
    let resident = concerned(site, visitor).await?;
    let found = async {
        let meal = site.store().meal(id).await?;
        let eater = site.store().eater(&meal.eater).await?;
        if eater.resident.as_deref() == Some(resident) { Ok(meal) } else { Err(StoreError::NotFound) }
    };
    own_or_noted(site, &visitor.actor(), ("meal_orders", id), found.await).await
}

/// Whether a meal can be given up, by the times that hold now.
async fn giving_up(site: &Site, meal: &KeptMeal) -> Result<(GivingUp, Option<Service>), AppError> {
    let now = site.clock().now();
    let services = site.store().meal_services(&meal.point).await?;
    let service = services.into_iter().find(|service| service.kind == meal.kind);
    let open = meal.state == MealState::Reserved && meal.scanned.is_none();
    let can = match &service {
        Some(service) if open => match left_words(now, service.cutoff_at(meal.day)) {
            Some(left) => GivingUp::Free(left),
            None if now < service.starts_at(meal.day) => GivingUp::Late,
            None => GivingUp::Not,
        },
        _ => GivingUp::Not,
    };
    Ok((can, service))
}

/// The code of a meal as its row has it now.
async fn code(site: &Site, meal: &KeptMeal) -> Result<Option<(String, String)>, AppError> {
    if meal.state != MealState::Reserved {
        return Ok(None);
    }
    let kept = site.store().confirmation(&meal.confirmation).await?;
    let holds =
        kept.filter(|kept| matches!(kept.standing, Standing::Holds) && kept.expires_at > site.clock().now());
    match holds {
        Some(kept) => {
            let svg = qr_svg(&qr_text(site, &kept.token))?;
            Ok(Some((svg, app::text::short_code(&kept.short_code))))
        }
        None => Ok(None),
    }
}

/// One of one's own meals.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let meal = own(&site, &visitor, &id).await?;
    meal_page(&site, &visitor, &meal, &Sent::default()).await
}

async fn meal_page(
    site: &Site,
    visitor: &Visitor,
    meal: &KeptMeal,
    sent: &Sent<RatingForm>,
) -> Result<Response, AppError> {
    let (giving_up, service) = giving_up(site, meal).await?;
    let view = OrderView {
        line: line_of(site, meal),
        instead_of: meal.instead_of.clone(),
        price: meal.price,
        mode: meal.mode,
        point: site.meals().point(&meal.point).cloned(),
        service,
        number: meal.number.clone(),
        paid: meal.paid,
        code: code(site, meal).await?,
        rating: site.store().rating_of_meal(&meal.id).await?,
        giving_up,
        key: new_key()?,
    };
    let status = if sent.errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    Ok(site.page(visitor, status, || pages::order(&view, sent)))
}

/// Says how a meal was, once.
pub(crate) async fn rate(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let meal = own(&site, &visitor, &id).await?;
    let key = fields.key(site.store())?;
    let form: RatingForm = fields.form()?;
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => return meal_page(&site, &visitor, &meal, &sent_back(form, errors)).await,
    };
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().rate_meal(&id, &new, &doing).await {
        // Said before, or not eaten: the page shows which.
        Ok(()) | Err(MealRefusal::Over) => Ok(see_other(&format!("/meals/mine/{id}"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}

/// Gives a meal up.
pub(crate) async fn cancel(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let meal = own(&site, &visitor, &id).await?;
    let key = fields.key(site.store())?;
    let there = see_other(&format!("/meals/mine/{id}"), None);
    let late = match giving_up(&site, &meal).await?.0 {
        GivingUp::Free(_) => false,
        GivingUp::Late => true,
        // A second press, or its time is over: the page says which.
        GivingUp::Not => return Ok(there),
    };
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().cancel_meal(&id, late, &doing).await {
        Ok(()) | Err(MealRefusal::Over) => {
            give_freed(&site).await;
            Ok(there)
        }
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}

/// The weekday as one says it.
fn weekday(day: Date) -> &'static str {
    let at = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    app::text::meals::WEEKDAYS.get(at).copied().unwrap_or_default()
}

/// The meal that is most like the last one: the same dish at the same point where it is cooked again, else another that they may eat;
/// the soonest that can be ordered and is not ordered yet, and coming in the same way.
pub(super) async fn again(site: &Site, visitor: &Visitor) -> Result<Option<Again>, AppError> {
    let Some(resident) = visitor.concerned() else { return Ok(None) };
    let outside = visitor.acting().is_some_and(|acting| !acting.scope.contains(&Scope::Meals));
    if outside || visitor.session.is_none() {
        return Ok(None);
    }
    let Some(eater) = site.store().eater_of_resident(resident).await? else { return Ok(None) };
    let today = site.clock().today();
    let from = today.checked_sub(31.days()).unwrap_or(today);
    let meals = site.store().meals_of(&eater.id, from).await?;
    let live = |meal: &&KeptMeal| meal.state != MealState::Cancelled;
    let Some(last) = meals.iter().find(live) else { return Ok(None) };
    if site.meals().point(&last.point).is_none() {
        return Ok(None);
    }
    let view = point_view(site, &last.point).await?;
    let has = |dish: &Dish| {
        let taken = |meal: &KeptMeal| (meal.day, meal.kind) == (dish.dish.day, dish.dish.kind);
        meals.iter().filter(live).any(taken)
    };
    let can = |dish: &&Dish| {
        dish.dish.kind == last.kind
            && dish.left() > 0
            && view.orderable(dish).is_some()
            && dish.blocked_by(&eater.avoid).is_none()
            && !has(dish)
    };
    let same = view.menu.iter().find(|dish| dish.dish.name == last.dish_name && can(dish));
    // Where it is not cooked again in these days: the same meal at the same point.
    let next = same.or_else(|| view.menu.iter().find(can));
    Ok(next.map(|dish| {
        let field = pick_field(dish.dish.day, dish.dish.kind);
        let meal = app::text::meals::meal_label(dish.dish.kind);
        let like = if same.is_some() {
            format!("和{}一样", weekday(last.day))
        } else {
            "还在老地方吃".to_owned()
        };
        let mode = last.mode.as_str();
        Again {
            like: format!("{like}：{}", dish.dish.name),
            meal: format!("{}{meal}，{}，先看价钱", weekday(dish.dish.day), view.point.name),
            href: format!("/meals/{}/reserve?{field}={}&mode={mode}", view.point.code, dish.id),
        }
    }))
}
