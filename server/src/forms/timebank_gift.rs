//! `/timebank/gift`, `/timebank/surplus`: hours for somebody else, and hours above the cap.

use std::collections::BTreeMap;

use app::domain::form::{FormErrors, Rule};
use app::domain::timebank::{Gift, GiftForm};
use app::pages::Sent;
use app::pages::timebank as pages;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::{own, refusal, rules};
use super::timebank_spend::balance;
use crate::error::AppError;
use crate::forms::{Fields, count_tries, forgive_tries, new_key, sent_back, try_limits};
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::{Doing, NeedRefusal};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The form.
pub(crate) async fn gift_form(
    State(site): State<Site>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (session, rules) = (own(&visitor)?, rules(&site)?);
    let (balance, sent, key) = (balance(&site, session).await?, Sent::fresh(GiftForm::default()), new_key()?);
    let thanks = query.contains_key("thanks");
    Ok(site.page(&visitor, StatusCode::OK, || pages::gift(&sent, balance, rules, &key, thanks)))
}

/// Gives hours to somebody.
pub(crate) async fn gift(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let (session, rules) = (own(&visitor)?, rules(&site)?);
    let key = fields.key(site.store())?;
    let form: GiftForm = fields.form()?;
    let (store, now) = (site.store(), site.clock().now());
    let mut errors = FormErrors::default();
    match Gift::parse(&form, rules) {
        Err(wrong) => errors = wrong,
        Ok(gift) => {
            // Whether somebody has an account is told to nobody who only tries numbers.
            let limits = try_limits(&site, &visitor, "timebank gift");
            count_tries(&site, &limits).await?;
            let found = store.saver_of(&gift.phone, &gift.name, now).await?;
            match found.filter(|(resident, _)| resident != session.resident()) {
                None => errors.add("phone", Rule::NoSuchSaver),
                Some((person, _)) => {
                    forgive_tries(&site, &limits).await?;
                    let (owner, actor) = (session.owner(), visitor.actor());
                    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
                    match store.give_time(session.resident(), &person, gift.minutes, &doing).await {
                        Ok(()) => {
                            site.messages_waiting().notify_one();
                            return Ok(see_other("/timebank/gift?thanks=1", None));
                        }
                        Err(NeedRefusal::NotEnough) => errors.add("minutes", Rule::NotEnoughHours),
                        Err(NeedRefusal::Frozen) => return Ok(see_other("/timebank", None)),
                        Err(other) => return Err(refusal(other)),
                    }
                }
            }
        }
    }
    let (balance, sent, key) = (balance(&site, session).await?, sent_back(form, errors), new_key()?);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::gift(&sent, balance, rules, &key, false)))
}

/// What is above the cap.
pub(crate) async fn surplus(
    State(site): State<Site>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let minutes = site.store().surplus(own(&visitor)?.resident()).await?;
    let (key, given) = (new_key()?, query.contains_key("given"));
    Ok(site.page(&visitor, StatusCode::OK, || pages::surplus(minutes, given, &key)))
}

/// Gives it or leaves it.
pub(crate) async fn settle_surplus(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let give = match fields.get("act") {
        "give" => true,
        "leave" => false,
        _ => return Err(AppError::BadRequest),
    };
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().settle_surplus(session.resident(), give, &doing).await {
        Ok(_) if give => Ok(see_other("/timebank/surplus?given=1", None)),
        // In another tab it was settled already: the bank shows how it stands.
        Ok(_) | Err(NeedRefusal::Gone) => Ok(see_other("/timebank", None)),
        Err(other) => Err(refusal(other)),
    }
}
