//! `/staff/counter/visit/{visit}/card…`: cards on paper for people without a telephone.

use app::domain::confirm::{CardState, CaseNumber, Holder};
use app::domain::document::{DocumentKind, IdentityDocument};
use app::domain::name::PersonName;
use app::domain::person::IdentityForm;
use app::domain::time::Instant;
use app::pages::staff::visits::{self as pages, CardLine, PrintedCard};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::visits::{OVER, open};
use crate::confirm::{issue_card, qr_svg, verify};
use crate::error::AppError;
use crate::forms::Fields;
use crate::forms::confirm::qr_text;
use crate::seal::random_u64;
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;

/// A resident's cards as the visit's page lists them.
pub(super) async fn lines(site: &Site, resident: &str) -> Result<Vec<CardLine>, AppError> {
    let cards = site.store().cards_of(resident).await?;
    let line = |card: crate::store::cards::KeptCard| CardLine {
        id: card.id,
        state: card.state,
        issued_at: card.issued_at,
        expires_at: card.expires_at,
    };
    Ok(cards.into_iter().map(line).collect())
}

/// What the card says of its holder.
fn holder_of(form: &IdentityForm, now: Instant) -> Option<Holder> {
    let name = PersonName::parse(&form.name).ok()?;
    let kind = DocumentKind::parse(&form.document_kind)?;
    let document = IdentityDocument::parse(kind, &form.document_number, now.shanghai_date()).ok()?;
    Some(Holder { name: name.masked(), document_tail: document.last_three() })
}

/// Issues a card, and replaces the one that holds.
pub(crate) async fn issue(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    let key = fields.key(site.store())?;
    let now = site.clock().now();
    let kept = site.store().account(&open.kept.resident).await?;
    let holder = kept.profile.identity.as_ref().and_then(|form| holder_of(form, now));
    let holder = holder.ok_or(AppError::Conflict)?;
    let number = CaseNumber::new("KP", now.shanghai_date(), random_u64()?);
    let issuer = &site.settings().issuer;
    let card =
        issue_card(site.keys().signing(), issuer, number.as_str(), &open.kept.area, holder, now).await?;
    site.store().issue_card(&open.at(), &card, &key, now).await?;
    Ok(see_other(&format!("{}/card", open.path()), None))
}

/// The card that holds, on A5.
pub(crate) async fn print(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    let cards = site.store().cards_of(&open.kept.resident).await?;
    let Some(card) = cards.into_iter().find(|card| card.state == CardState::Active) else {
        return Ok(see_other(&open.path(), None));
    };
    let answer = verify(&card.token, site.keys().public(), &site.settings().issuer, site.clock().now());
    let claims = answer.claims;
    let printed = PrintedCard {
        holder: claims
            .as_ref()
            .and_then(|claims| claims.holder.clone())
            .map(|holder| holder.name)
            .unwrap_or_default(),
        number: claims.as_ref().map(|claims| claims.number.clone()).unwrap_or_default(),
        area: card.area,
        expires_at: card.expires_at,
        qr_svg: qr_svg(&qr_text(&site, &card.token))?,
        short_code: card.short_code,
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::card(&me, &visit, &printed)))
}

/// Notes that the card is lost.
pub(crate) async fn lost(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    site.store().lose_card(&open.at(), fields.get("card"), site.clock().now()).await?;
    Ok(see_other(&open.path(), None))
}
