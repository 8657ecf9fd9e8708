//! `/confirm…`: opening a confirmation.

use app::domain::aid::case::{CaseState, latest_day};
use app::domain::aid::catalogue::Gives;
use app::domain::aid::clock::CaseClock;
use app::domain::area::district;
use app::domain::calendar::Calendar;
use app::domain::confirm::{CaseNumber, OpenForm, OpenRequest};
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::confirm::{self as pages, Refusal};
use app::ports::{CaseProgress, ConsentLine, ConsentLink, MeansCheck, Receipt};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::staff::benefit::review_months;
use super::staff::handling::gives;
use super::{Fields, count_tries, forgive_tries, new_key, note_refused, sent_back, try_limits};
use crate::confirm::qr_svg;
use crate::error::AppError;
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::staff::session::chain;
use crate::store::KeptCase;

/// A device that proved number and digits may open the case for a day.
const GRANT_MS: i64 = 24 * 3_600_000;

/// How often a day one number may be tried with wrong digits, from everywhere together.
const TRIES_OF_DAY: i64 = 30;

/// The address in a confirmation's QR code, upper case throughout.
pub(crate) fn qr_text(site: &Site, token: &str) -> String {
    format!("{}/V/{token}", site.settings().base_url.to_ascii_uppercase())
}

/// What the page is given: the stored case with its QR code and its latest day.
pub(super) fn receipt_of(site: &Site, case: KeptCase) -> Result<Receipt, AppError> {
    let consents = case
        .consents
        .into_iter()
        .map(|consent| ConsentLine {
            link: consent.link.map(|(secret, code)| ConsentLink {
                url: format!("{}/authorise/{secret}", site.settings().base_url),
                code,
            }),
            on_paper: consent.way == app::domain::aid::ConsentWay::Paper,
            name: consent.name,
            is_applicant: consent.is_applicant,
            given_at: consent.given_at,
        })
        .collect();
    let gives = gives(site, &case.item);
    Ok(Receipt {
        qr_svg: qr_svg(&qr_text(site, &case.token))?,
        number: case.number,
        short_code: case.short_code,
        gives,
        told: Vec::new(),
        moved: Vec::new(),
        services: Vec::new(),
        starts: starts(site, &case.item, case.received_at, &case.progress),
        item: case.item,
        notice_until: None,
        clock: CaseClock::default(),
        kind: case.kind,
        street_phone: site.settings().street_phones.get(&case.office).cloned(),
        street: case.office,
        received_at: case.received_at,
        limit: latest_day(
            case.limit,
            case.received_at.shanghai_date(),
            &case.progress.pauses(),
            site.clock().today(),
            Calendar::embedded(),
        ),
        limit_is_sample: case.limit.sample,
        usual_days: None,
        emergency_hours: site.settings().emergency_promise_hours,
        applicant: case.applicant,
        consents,
        events: case.events,
        account_missing: case.account_missing && gives == Gives::Money,
        cancelled_at: case.cancelled_at,
        replaced_at: case.replaced_at,
        progress: case.progress,
        own: case.own,
        ratings: Vec::new(),
        differences: Vec::new(),
        changes: Vec::new(),
        referrals: Vec::new(),
        benefit: None,
        reconsideration_url: site.settings().reconsideration_url.clone().unwrap_or_default(),
    })
}

/// From which month on it is paid, in words; empty for what is given once and what is not given.
fn starts(site: &Site, item: &str, received: Instant, progress: &CaseProgress) -> String {
    let month = site.catalogue().item(item).and_then(|item| item.starts.as_ref()).map(|starts| starts.month);
    let (Some(month), Some(decision)) = (month, &progress.decision) else { return String::new() };
    let first =
        month.first(received.shanghai_date(), decision.decided_at.shanghai_date(), decision.opinion.month);
    format!("{} 年 {} 月", first.year(), first.month())
}

/// The stored case, where the one who asks may open it.
pub(super) async fn case(site: &Site, visitor: &Visitor, number: &str) -> Result<Option<KeptCase>, AppError> {
    let outside =
        visitor.acting().is_some_and(|acting| !acting.scope.contains(&app::domain::proxy::Scope::Aid));
    let now = site.clock().now();
    let mut case = match visitor.visit.owner.as_ref().filter(|_| !outside) {
        Some(owner) => site.store().case_for(number, owner, now).await?,
        None => None,
    };
    if let (None, Some(device)) = (&case, &visitor.device) {
        // Number and digits were proved on this device, whoever is signed in on it.
        case = site.store().granted_case(number, device, now).await?;
    }
    Ok(case)
}

/// The confirmation, or the way to open it. An unknown number is asked for like any other.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let number = CaseNumber::parse(&number).map_err(|_| AppError::NotFound)?;
    if let Some(owner) = visitor.visit.owner.as_ref().filter(|_| visitor.acting().is_none())
        && let Some(id) = site.store().marriage_booking_of_number(number.as_str(), owner).await?
    {
        return Ok(see_other(&format!("/marriage/bookings/{id}"), None));
    }
    match case(&site, &visitor, number.as_str()).await? {
        Some(case) => {
            let mut receipt = receipt_of(&site, case)?;
            if receipt.own
                && let Some(found) = site.store().find_case(number.as_str()).await?
            {
                let (area, id) = (found.head.area.as_str(), found.id.as_str());
                receipt.ratings = site.store().ratings_of(area, id).await?;
                receipt.changes = site.store().changes_of(area, id).await?;
                receipt.told = site.store().told_of(area, id).await?;
                receipt.services = site.store().services_of(area, id).await?;
                receipt.moved = site.store().transfers_of(area, id).await?;
                receipt.differences = site.store().means_of(area, id).await?;
                receipt.differences.retain(MeansCheck::differs);
                receipt.referrals = site.store().referrals_of(area, id).await?;
                let item = site.catalogue().item(&found.head.item);
                let months = review_months(item).first().map(|(months, _)| *months);
                receipt.benefit = site.store().benefit_of(area, id).await?.map(|benefit| (benefit, months));
            }
            receipt.clock = match site.store().find_case(number.as_str()).await? {
                Some(found) => site.store().clock_of(&found.head.area, &found.id).await?,
                None => CaseClock::default(),
            };
            if receipt.progress.state == CaseState::OpinionGiven
                && let Some(found) = site.store().find_case(number.as_str()).await?
            {
                let (notice, _) = site.store().notice_of_case(&found.head.area, &found.id).await?;
                let today = site.clock().today();
                receipt.notice_until =
                    notice.filter(|n| !n.ended && n.last_day >= today).map(|notice| notice.last_day);
            }
            if receipt.progress.state.is_open() {
                receipt.usual_days = site.store().usual_days(&receipt.street, site.clock().now()).await?;
            }
            let key = new_key()?;
            Ok(site.page(&visitor, StatusCode::OK, || pages::receipt(&receipt, &key)))
        }
        None => {
            let form = OpenForm { number: number.as_str().to_owned(), mobile_tail: String::new() };
            Ok(site.page(&visitor, StatusCode::OK, || pages::open(&Sent::fresh(form), None)))
        }
    }
}

/// The form that opens a confirmation anywhere.
pub(crate) async fn open_form(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, || pages::open(&Sent::fresh(OpenForm::default()), None))
}

/// Takes number and digits.
pub(crate) async fn open(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let form: OpenForm = fields.form()?;
    let asked = match OpenRequest::parse(&form) {
        Ok(asked) => asked,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::open(&sent, None)));
        }
    };
    let subject = format!("open {}", asked.number.as_str());
    let limits = try_limits(&site, &visitor, &subject);
    count_tries(&site, &limits).await?;
    let (device, cookie) = site.device_or_new(&visitor)?;
    let now = site.clock().now();
    // Four digits are few: by the hour alone, they would be found out within weeks.
    let of_day = format!("open, of a day {}", asked.number.as_str());
    if site.store().count_try_of_day(&of_day, now).await? > TRIES_OF_DAY {
        return Err(AppError::TooManyTries { retry_after: 3_600 });
    }
    let until = Instant(now.0 + GRANT_MS);
    if site.store().grant_case(asked.number.as_str(), &asked.mobile_tail, &device, until).await? {
        forgive_tries(&site, &limits).await?;
        site.store().forgive_try_of_day(&of_day, now).await?;
        return Ok(see_other(&format!("/confirm/{}", asked.number.as_str()), cookie));
    }
    let case = site.store().find_case(asked.number.as_str()).await?;
    let (area, id) =
        case.as_ref().map_or((district(), ""), |case| (chain(&case.head.area), case.id.as_str()));
    note_refused(&site, &visitor.actor(), area, ("applications", id)).await?;
    let sent = Sent::fresh(form);
    let again =
        site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::open(&sent, Some(Refusal::NoMatch)));
    Ok(with_cookie(again, None))
}
