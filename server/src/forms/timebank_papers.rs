//! `/timebank/statement…`, `/timebank/records.csv`: papers that last longer than this software.

use app::domain::area::district;
use app::domain::confirm::{CaseNumber, Claims, ConfirmationKind, Holder};
use app::domain::form::{FieldError, FormErrors, Prompt};
use app::domain::person::Identity;
use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, EntryKind, NeedState};
use app::pages::Sent;
use app::pages::timebank::{self as pages, EntryLine, StatementView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::timebank::{own, place, refusal};
use crate::confirm::{issue_claims, qr_svg};
use crate::error::AppError;
use crate::forms::confirm::qr_text;
use crate::forms::{Fields, new_key, sent_back};
use crate::seal::random_u64;
use crate::session::Session;
use crate::site::{Site, Visitor, see_other};
use crate::store::timebank::Doing;
use crate::timebank::verify::LinkRow;

/// A statement's code holds for thirty years: it is looked at when its holder is old.
const HOLDS_MS: i64 = 30 * 365 * 24 * 3_600_000;

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
async fn holder(site: &Site, session: &Session) -> Result<Option<Holder>, AppError> {
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

/// A cell of a table: quoted, and no formula to a program that opens it.
fn cell(text: &str) -> String {
    let safe =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}

/// One's own confirmed services with the fields of the national record (志愿服务记录与证明出具办法 7): name, date, place, content,
/// service time as it was really spent, who organised, who was responsible.
pub(crate) async fn records(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let profile = site.store().account(session.resident()).await?.profile;
    let name = profile.identity.map(|form| form.name).unwrap_or_default();
    let needs = site.store().own_needs(session.resident()).await?;
    let mut file = String::from(
        "\u{feff}志愿者姓名,服务日期,服务地点,服务内容,服务时长（小时）,服务时长（分钟）,组织者,负责人\r\n",
    );
    for need in needs {
        let (Some(minutes), NeedState::Confirmed) = (need.true_minutes(), need.state) else { continue };
        if need.helper.as_deref() != Some(session.resident()) {
            continue;
        }
        // Hours to the hundredth for readers that know no minutes; the minutes beside them are the record.
        let hundredths = minutes * 100 / 60;
        let hours = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let day = need.began_at.unwrap_or(need.starts_at).shanghai_date().to_string();
        let cells = [
            name.as_str(),
            &day,
            &place(&need.area),
            &need.kind.name,
            &hours,
            &minutes.to_string(),
            &site.settings().site_name,
            "",
        ];
        file.push_str(&cells.map(cell).join(","));
        file.push_str("\r\n");
    }
    let mut answer = (StatusCode::OK, file).into_response();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"time-bank-records.csv\""),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}
