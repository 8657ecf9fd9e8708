//! `/timebank/statement…`: a month on paper that lasts longer than this software.

use app::domain::area::district;
use app::domain::confirm::{CaseNumber, Claims, ConfirmationKind, Holder};
use app::domain::form::{FieldError, FormErrors, Prompt};
use app::domain::person::Identity;
use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, EntryKind};
use app::pages::Sent;
use app::pages::timebank::{self as pages, EntryLine, StatementView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::timebank::{own, refusal};
use crate::confirm::{issue_claims, qr_svg};
use crate::error::AppError;
use crate::forms::confirm::qr_text;
use crate::forms::{Fields, new_key, sent_back};
use crate::seal::random_u64;
use crate::session::Session;
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::Doing;
use crate::timebank::verify::LinkRow;

/// The code of such a paper holds for thirty years: it is looked at when its holder is old.
pub(super) const HOLDS_MS: i64 = 30 * 365 * 24 * 3_600_000;

/// The months that a statement can be had for: this one and the eleven before.
fn months(today: Date) -> Vec<Date> {
    (0..12).filter_map(|back| today.first_of_month().checked_sub(back.months()).ok()).collect()
}

fn entry_line(link: &LinkRow, person: &Account) -> Option<EntryLine> {
    let came = link.entry.payee == person.id();
    Some(EntryLine {
        at: Instant(link.entry.at),
        kind: EntryKind::parse(&link.entry.kind)?,
        minutes: if came { link.entry.minutes } else { -link.entry.minutes },
        after: if came { link.entry.payee_after } else { link.entry.payer_after },
    })
}

/// The form.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    own(&visitor)?;
    let (months, sent, key) = (months(site.clock().today()), Sent::fresh(String::new()), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::statement_form(&sent, &months, &key)))
}

/// The masked name and the last signs of the document of whoever has one in the profile.
pub(super) async fn holder(site: &Site, session: &Session) -> Result<Option<Holder>, AppError> {
    let profile = site.store().account(session.resident()).await?.profile;
    let identity = profile.identity.and_then(|form| Identity::parse(&form, site.clock().today()).ok());
    Ok(identity.map(|identity| Holder {
        name: identity.name.masked(),
        document_tail: identity.document.last_three(),
    }))
}

/// Makes a statement of a month and signs it.
pub(crate) async fn make(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let typed = fields.get("month").to_owned();
    let months = months(site.clock().today());
    let month = months.iter().find(|month| month.strftime("%Y-%m").to_string() == typed).copied();
    let Some(month) = month else {
        let mut errors = FormErrors::default();
        let error = if typed.is_empty() { Prompt::TimeMonth.into() } else { FieldError::NotOffered };
        errors.add("month", error);
        let (sent, key) = (sent_back(typed, errors), new_key()?);
        return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
            pages::statement_form(&sent, &months, &key)
        }));
    };
    // A statement says whose it is.
    let Some(holder) = holder(&site, session).await? else {
        return Ok(see_other("/me/profile/identity", None));
    };
    let (now, store) = (site.clock().now(), site.store());
    let of = store.time_month(session.resident(), month, now).await?;
    let number = CaseNumber::new("ZD", now.shanghai_date(), random_u64()?).as_str().to_owned();
    let claims = Claims {
        issuer: site.settings().issuer.clone(),
        issued_at: now.seconds(),
        not_before: None,
        expires_at: Instant(now.0 + HOLDS_MS).seconds(),
        id: [0; 10],
        kind: ConfirmationKind::Statement,
        number: number.clone(),
        office: district().parse().map_err(anyhow::Error::from)?,
        start: Instant::shanghai_midnight(month).seconds(),
        minutes: u64::try_from(of.closing).unwrap_or(0),
        holder: Some(holder),
    };
    let confirmation = issue_claims(site.keys().signing(), claims).await?;
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    let made = store.keep_statement(session.resident(), (&number, month, &of), &confirmation, &doing).await;
    let number = made.map_err(refusal)?;
    Ok(see_other(&format!("/timebank/statements/{number}"), None))
}

/// One's own statement.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let kept = site.store().statement(session.resident(), &number).await?;
    let of = site.store().time_month(session.resident(), kept.month, kept.through).await?;
    let person = Account::of(AccountKind::Person, session.resident());
    let view = StatementView {
        svg: qr_svg(&qr_text(&site, &kept.token))?,
        short_code: app::text::short_code(&kept.short_code),
        number: kept.number,
        name: holder(&site, session).await?.map(|holder| holder.name).unwrap_or_default(),
        month: kept.month,
        through: kept.through,
        opening: kept.opening,
        closing: kept.closing,
        entries: of.links.iter().filter_map(|link| entry_line(link, &person)).collect(),
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::statement(&view)))
}
