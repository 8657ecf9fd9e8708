//! `/timebank/order`, `/timebank/donate`: hours that are used.

use std::collections::BTreeMap;

use app::domain::area::district;
use app::domain::form::{FormErrors, Rule};
use app::domain::person::{Identity, PersonAct};
use app::domain::timebank::{Account, AccountKind, BankRules, Order, OrderForm, age_on, donation};
use app::pages::Sent;
use app::pages::timebank::{self as pages, NotNow};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::{own, refusal, rules};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::session::Session;
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::{Doing, NeedRefusal};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

pub(super) async fn balance(site: &Site, session: &Session) -> Result<i64, AppError> {
    let person = Account::of(AccountKind::Person, session.resident());
    Ok(site.store().time_balance(district(), &person).await?)
}

/// Name and telephone of who orders, or why they cannot yet.
async fn saver(
    site: &Site,
    session: &Session,
    rules: &BankRules,
) -> Result<Result<(String, String), NotNow>, AppError> {
    let today = site.clock().today();
    let kept = site.store().account(session.resident()).await?;
    let identity = kept.profile.identity.and_then(|form| Identity::parse(&form, today).ok());
    let Some(identity) = identity.filter(|_| session.require(PersonAct::SpendHours).is_ok()) else {
        return Ok(Err(NotNow::NotVerified));
    };
    if age_on(identity.birth_date, today) < rules.spend_age {
        return Ok(Err(NotNow::TooYoung(rules.spend_age)));
    }
    let phone = kept.phone.map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    Ok(Ok((identity.name.as_str().to_owned(), phone)))
}

/// The order form.
pub(crate) async fn order_form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let (session, rules) = (own(&visitor)?, rules(&site)?);
    let why = saver(&site, session, rules).await?.err();
    let (balance, sent, key) =
        (balance(&site, session).await?, Sent::fresh(OrderForm::default()), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::order(&sent, balance, rules, &key, why)))
}

/// Orders a service.
pub(crate) async fn order(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let (session, rules) = (own(&visitor)?, rules(&site)?);
    let key = fields.key(site.store())?;
    let form: OrderForm = fields.form()?;
    let now = site.clock().now();
    let saver = saver(&site, session, rules).await?;
    let (errors, why) = match &saver {
        Err(why) => (FormErrors::default(), Some(*why)),
        Ok((name, phone)) => match Order::parse(&form, (name, phone), rules, now) {
            Err(errors) => (errors, None),
            Ok(order) => {
                let (owner, actor) = (session.owner(), visitor.actor());
                let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
                match site.store().order_service(session.resident(), &order, &doing).await {
                    Ok(id) => return Ok(see_other(&format!("/timebank/needs/{id}"), None)),
                    Err(NeedRefusal::NotEnough) => {
                        let mut errors = FormErrors::default();
                        errors.add("minutes", Rule::NotEnoughHours);
                        (errors, None)
                    }
                    // The bank tells that the hours wait, and whom to ask.
                    Err(NeedRefusal::Frozen) => return Ok(see_other("/timebank", None)),
                    Err(other) => return Err(refusal(other)),
                }
            }
        },
    };
    let (balance, sent, key) = (balance(&site, session).await?, sent_back(form, errors), new_key()?);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::order(&sent, balance, rules, &key, why)))
}

/// Giving hours away.
pub(crate) async fn donate_form(
    State(site): State<Site>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (session, rules) = (own(&visitor)?, rules(&site)?);
    let (balance, sent, key) = (balance(&site, session).await?, Sent::fresh(String::new()), new_key()?);
    let thanks = query.contains_key("thanks");
    Ok(site.page(&visitor, StatusCode::OK, || pages::donate(&sent, balance, rules, &key, thanks)))
}

/// Gives them.
pub(crate) async fn donate(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let (session, rules) = (own(&visitor)?, rules(&site)?);
    let key = fields.key(site.store())?;
    let typed = fields.get("minutes").to_owned();
    let errors = match donation(&typed, rules) {
        Err(errors) => errors,
        Ok(minutes) => {
            let (owner, actor) = (session.owner(), visitor.actor());
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            match site.store().donate_time(session.resident(), minutes, &doing).await {
                Ok(()) => return Ok(see_other("/timebank/donate?thanks=1", None)),
                Err(NeedRefusal::NotEnough) => {
                    let mut errors = FormErrors::default();
                    errors.add("minutes", Rule::NotEnoughHours);
                    errors
                }
                Err(NeedRefusal::Frozen) => return Ok(see_other("/timebank", None)),
                Err(other) => return Err(refusal(other)),
            }
        }
    };
    let (balance, sent, key) = (balance(&site, session).await?, sent_back(typed, errors), new_key()?);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::donate(&sent, balance, rules, &key, false)))
}
