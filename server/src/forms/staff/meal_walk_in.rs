//! `/staff/meals/{point}/walk-in`: a meal for somebody who did not order, reserved and handed out in one act.

use app::domain::confirm::Holder;
use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::meals::{
    Dish, Guest, KeptEater, MealMode, MealState, Paid, Quote, Unset, WalkInForm, WalkInWho,
};
use app::pages::staff::meal_walk_in::WalkInQuote;
use app::text::meals::meal_label;
use axum::extract::{Path, State};
use axum::response::Response;

use super::meal_desk::{Comes, left_now, page, place_words};
use super::meal_orders::find_who;
use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::meals::point_view;
use crate::forms::meals_order::{holder_of, priced, signed};
use crate::forms::{Fields, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{KeptMeal, WantedMeal};
use crate::store::meals::walk_ins::{Comes as Who, NewWalkIn, WALK_IN, WalkIn};

/// Who comes, once they are found.
enum Found {
    Kept(Box<KeptEater>),
    Guest(Box<Guest>),
}

impl Found {
    fn masked(&self) -> String {
        match self {
            Self::Kept(eater) => eater.person.masked(),
            Self::Guest(guest) => guest.name.masked(),
        }
    }

    /// As their code carries it: nobody has seen a guest's document.
    fn holder(&self) -> Holder {
        match self {
            Self::Kept(eater) => holder_of(eater),
            Self::Guest(guest) => Holder { name: guest.name.masked(), document_tail: String::new() },
        }
    }
}

/// Everything that was typed, with what is wrong of it.
struct Asked {
    who: Option<Found>,
    dish: Option<Dish>,
    paid: Option<Paid>,
    errors: FormErrors,
}

async fn asked(site: &Site, form: &WalkInForm, left: &[Dish], looking: bool) -> Result<Asked, AppError> {
    let mut errors = FormErrors::default();
    let who = match form.who() {
        Ok(WalkInWho::Named(typed)) => {
            // Two of one name: their telephone or document tells them apart.
            let mut found = find_who(site, &typed).await?.into_iter();
            match (found.next(), found.next()) {
                (Some(eater), None) => Some(Found::Kept(Box::new(eater))),
                _ => {
                    errors.add("who", Rule::NoSuchEater);
                    None
                }
            }
        }
        Ok(WalkInWho::Guest(guest)) => Some(Found::Guest(Box::new(guest))),
        Err(wrong) => {
            for error in wrong.iter() {
                errors.add(error.field.clone(), error.error.clone());
            }
            None
        }
    };
    let dish = match left.iter().find(|dish| dish.id == form.dish) {
        Some(dish) => Ok(dish.clone()),
        None if form.dish.is_empty() => Err(FieldError::from(Prompt::MealPick)),
        None => Err(Rule::DishSoldOut.into()),
    };
    let dish = errors.keep("dish", dish);
    // What there is to pay is asked before anybody pays.
    let paid = if looking { None } else { errors.keep("paid", form.paid()) };
    if let (Some(Found::Kept(eater)), Some(dish)) = (&who, &dish)
        && dish.blocked_by(&eater.avoid).is_some()
    {
        errors.add("dish", Rule::MealAvoided);
    }
    Ok(Asked { who, dish, paid, errors })
}

/// What a second try is told.
fn twice_words(site: &Site, who: &Found, meal: &KeptMeal, point: &str) -> String {
    let (who, kind) = (who.masked(), meal_label(meal.kind));
    let place = place_words(site, &meal.point);
    match (meal.state, meal.handed_at) {
        (MealState::HandedOut, Some(at)) => {
            let at = at.shanghai_text();
            format!("{who}今天的{kind} {at} 在{place}领过了，只算一份；已经记下，两边核对")
        }
        _ if meal.point != point => {
            format!("{who}今天的{kind}订在{place}，不是这里；已经记下，两边核对")
        }
        _ => format!("{who}今天的{kind}已经订了，编号 {}，请在名单里点领了", meal.number),
    }
}

/// A meal for somebody who did not order, or what they would pay.
pub(crate) async fn serve(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let (key, owner) = (fields.key(site.store())?, owner_of(&staff));
    let list = format!("/staff/meals/{code}/hand-out");
    // The first press may have taken the last portion: its answer counts.
    if site.store().answer_of(&key, &owner, WALK_IN).await?.is_some() {
        return Ok(see_other(&list, None));
    }
    let form: WalkInForm = fields.form()?;
    let (now, view) = (site.clock().now(), point_view(&site, &code).await?);
    let looking = fields.get("act") == "look";
    let Asked { who, dish, paid, mut errors } = asked(&site, &form, &left_now(&view, now), looking).await?;
    let mut comes = Comes { ask_apart: form.apart == "yes", ..Comes::default() };
    let mut refused = String::new();
    if let (Some(who), Some(dish), true) = (who, dish, errors.is_empty()) {
        if let Some(paid) = paid {
            let service = view.services.iter().find(|service| service.kind == dish.dish.kind);
            let (number, confirmation) =
                signed(&site, (&point, service), dish.dish.day, who.holder(), now).await?;
            let meal = WantedMeal {
                dish: &dish.id,
                mode: MealMode::DineIn,
                number: &number,
                confirmation: &confirmation,
            };
            let comer = match &who {
                Found::Kept(eater) => Who::Kept(&eater.id),
                Found::Guest(guest) => Who::Guest(guest, point.community.code),
            };
            let new = NewWalkIn { who: comer, meal, paid, point: &code, staff: staff.staff_id() };
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
            let tables = site.meal_tables().await?;
            match site.store().serve_walk_in(&new, &tables, &doing).await? {
                WalkIn::Served(_) => return Ok(see_other(&list, None)),
                WalkIn::SoldOut => errors.add("dish", Rule::DishSoldOut),
                WalkIn::Closed => errors.add("dish", Rule::MealTooLate),
                WalkIn::Twice(meal) => {
                    refused = twice_words(&site, &who, &meal, &code);
                    let guest = matches!(who, Found::Guest(_));
                    comes.ask_apart |= guest;
                    errors.add("who", if guest { Rule::GuestServed } else { Rule::MealTwice });
                }
            }
        } else {
            let quote = match &who {
                Found::Kept(eater) => {
                    let priced = priced(&site, &view, std::slice::from_ref(&dish), Some(eater)).await?;
                    priced.into_iter().next().map(|picked| picked.quote)
                }
                Found::Guest(_) => None,
            };
            let quote = quote.unwrap_or(Quote::AsPublished(Unset::NotChecked));
            comes.quote = Some(WalkInQuote { who: who.masked(), dish, quote });
        }
    }
    comes.sent = sent_back(form, errors);
    page(&site, &staff, point, ("", refused), comes).await
}
