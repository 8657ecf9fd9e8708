//! `/timebank/certificate…`: service that was given, certified free of charge (志愿服务记录与证明出具办法 15).

use app::domain::area::district;
use app::domain::confirm::{CaseNumber, Claims, ConfirmationKind};
use app::domain::form::{FieldError, FormErrors, Prompt};
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::timebank::{self as pages, ALL_YEARS, CertificateView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::{own, place, refusal};
use super::timebank_papers::{HOLDS_MS, holder};
use crate::confirm::{issue_claims, qr_svg};
use crate::error::AppError;
use crate::forms::confirm::qr_text;
use crate::forms::{Fields, new_key, sent_back};
use crate::seal::random_u64;
use crate::session::Session;
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::{CertificateLine, Doing};

async fn lines(site: &Site, session: &Session) -> Result<Vec<CertificateLine>, AppError> {
    let services = site.store().given_services(session.resident()).await?;
    Ok(services
        .into_iter()
        .map(|need| CertificateLine {
            day: need.began_at.unwrap_or(need.starts_at).shanghai_date().to_string(),
            place: place(&need.area),
            kind: need.kind.name.clone(),
            minutes: need.true_minutes().unwrap_or(0),
        })
        .collect())
}

/// The years of these services, the newest first.
fn years(lines: &[CertificateLine]) -> Vec<String> {
    let mut years: Vec<_> = lines.iter().filter_map(|line| line.day.get(..4)).map(str::to_owned).collect();
    years.sort();
    years.dedup();
    years.reverse();
    years
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    session: &Session,
    (sent, years): (&Sent<String>, &[String]),
) -> Result<Response, AppError> {
    let before = site.store().certificates_of(session.resident()).await?;
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = new_key()?;
    Ok(site.page(visitor, status, || pages::certificate_form(sent, years, &before, &key)))
}

/// Which year, and what was made before.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let years = years(&lines(&site, session).await?);
    page(&site, &visitor, session, (&Sent::fresh(String::new()), &years)).await
}

/// Makes a certificate and signs it.
pub(crate) async fn make(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let typed = fields.get("year").to_owned();
    let mut lines = lines(&site, session).await?;
    let years = years(&lines);
    if years.is_empty() || (typed != ALL_YEARS && !years.contains(&typed)) {
        let mut errors = FormErrors::default();
        let error = if typed.is_empty() { Prompt::TimePeriod.into() } else { FieldError::NotOffered };
        errors.add("year", error);
        return page(&site, &visitor, session, (&sent_back(typed, errors), &years)).await;
    }
    // A certificate says whose it is.
    let Some(holder) = holder(&site, session).await? else {
        return Ok(see_other("/me/profile/identity", None));
    };
    let year = if typed == ALL_YEARS { String::new() } else { typed };
    lines.retain(|line| line.day.starts_with(&year));
    let (now, minutes) = (site.clock().now(), lines.iter().map(|line| line.minutes).sum::<i64>());
    let number = CaseNumber::new("FW", now.shanghai_date(), random_u64()?).as_str().to_owned();
    let claims = Claims {
        issuer: site.settings().issuer.clone(),
        issued_at: now.seconds(),
        not_before: None,
        expires_at: Instant(now.0 + HOLDS_MS).seconds(),
        id: [0; 10],
        kind: ConfirmationKind::Certificate,
        number: number.clone(),
        office: district().parse().map_err(anyhow::Error::from)?,
        start: now.seconds(),
        minutes: u64::try_from(minutes).unwrap_or(0),
        holder: Some(holder),
    };
    let confirmation = issue_claims(site.keys().signing(), claims).await?;
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    let made = site
        .store()
        .keep_certificate(session.resident(), (&number, &year), &lines, &confirmation, &doing)
        .await;
    Ok(see_other(&format!("/timebank/certificates/{}", made.map_err(refusal)?), None))
}

/// One's own certificate.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let kept = site.store().certificate(session.resident(), &number).await?;
    let profile = site.store().account(session.resident()).await?.profile;
    let view = CertificateView {
        svg: qr_svg(&qr_text(&site, &kept.token))?,
        short_code: app::text::short_code(&kept.short_code),
        number: kept.number,
        name: profile.identity.map(|form| form.name).unwrap_or_default(),
        year: kept.year,
        minutes: kept.minutes,
        lines: kept
            .lines
            .into_iter()
            .map(|line| (line.day, format!("{}，{}", line.kind, line.place), line.minutes))
            .collect(),
        recorder: site.settings().site_name.clone(),
        made_at: kept.made_at,
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::certificate(&view)))
}
