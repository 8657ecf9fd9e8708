//! `/timebank/wards`: a guardian agrees to what a minor may give, and takes it back.

use app::domain::form::FormErrors;
use app::domain::timebank::{Agreement, AgreementForm, age_on, service_kind, service_kinds};
use app::pages::Sent;
use app::pages::timebank::{self as pages, WardKind, WardView};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::{own, words};
use super::{Fields, new_key, sent_back};
use crate::error::AppError;
use crate::session::Session;
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::{Doing, NeedRefusal};

/// The children of whoever is signed in, each with its age.
async fn children(site: &Site, session: &Session) -> Result<Vec<(WardView, i16)>, AppError> {
    let now = site.clock().now();
    let kept = site.store().time_agreements(session.resident()).await?;
    let mut all = Vec::new();
    for ward in site.store().wards_of(session.resident(), now).await? {
        let profile = site.store().account(&ward.child).await?.profile;
        let today = now.shanghai_date();
        let Some(birth) = profile.birth_date(today) else { continue };
        let age = age_on(birth, today);
        let kinds = service_kinds()
            .iter()
            .filter(|kind| kind.asks_guardian(age) && age >= kind.least_age)
            .map(|kind| {
                let agreed = kept.iter().find(|one| one.child == ward.child && one.kind == kind);
                WardKind { kind, agreed: agreed.map(|one| (one.given_at, one.accompanied)) }
            })
            .collect();
        all.push((WardView { child: ward.child, name: ward.name, kinds }, age));
    }
    Ok(all)
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    session: &Session,
    sent: &Sent<()>,
    words: &str,
) -> Result<Response, AppError> {
    let list: Vec<_> = children(site, session).await?.into_iter().map(|(ward, _)| ward).collect();
    let fresh = sent.errors.is_empty() && words.is_empty();
    let status = if fresh { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = new_key()?;
    Ok(site.page(visitor, status, || pages::wards(&list, sent, words, &key)))
}

/// The guardian's page.
pub(crate) async fn show(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    page(&site, &visitor, session, &Sent::fresh(()), "").await
}

/// Agrees, or takes it back.
pub(crate) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let (child, kind) = (fields.get("child"), fields.get("kind"));
    // Nobody else's child is found.
    let wards = children(&site, session).await?;
    let (_, age) = wards.iter().find(|(ward, _)| ward.child == child).ok_or(AppError::NotFound)?;
    let mut errors = FormErrors::default();
    let done = match fields.get("act") {
        "agree" => {
            let field = fields.get("box");
            if !field.strip_prefix("accompany-").is_some_and(|at| at.bytes().all(|b| b.is_ascii_digit())) {
                return Err(AppError::BadRequest);
            }
            let form = AgreementForm {
                child: child.to_owned(),
                kind: kind.to_owned(),
                accompany: fields.get(field).to_owned(),
                field: field.to_owned(),
            };
            match Agreement::parse(&form, *age).ok_or(AppError::BadRequest)? {
                Ok(agreement) => site.store().agree_for_minor(session.resident(), &agreement, &doing).await,
                Err(found) => {
                    errors = found;
                    Ok(())
                }
            }
        }
        "withdraw" => {
            let kind = service_kind(kind).ok_or(AppError::BadRequest)?;
            let ended = site.store().end_agreement(session.resident(), (child, kind), &doing).await;
            site.messages_waiting().notify_one();
            ended
        }
        _ => return Err(AppError::BadRequest),
    };
    let said = match done {
        Ok(()) if errors.is_empty() => return Ok(see_other("/timebank/wards", None)),
        Ok(()) => "",
        Err(NeedRefusal::Store(cause)) => return Err(cause.into()),
        Err(other) => words(&other),
    };
    page(&site, &visitor, session, &sent_back((), errors), said).await
}
