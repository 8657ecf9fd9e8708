//! The last look, and the submission.

use app::domain::aid::{Applicant, CheckConsent, ConsentWay};
use app::domain::confirm::CaseNumber;
use app::domain::minor::{AgeGroup, age_group};
use app::pages::aid as pages;
use app::ports::KeptDraft;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{ITEM, UNPROCESSABLE, about_child, allowed, apply_path, kept, online, same_person};
use crate::confirm::issue_receipt;
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::seal::{new_id, random_secret, random_u64};
use crate::site::{Site, Visitor, see_other};
use crate::store::submit::{ACT, Sender};
use crate::store::{NewLink, SubmitApplication, SubmitRefusal};

/// The last look.
pub(crate) async fn check(
    State(site): State<Site>,
    visitor: Visitor,
    Path(item): Path<String>,
) -> Result<Response, AppError> {
    let Some(kept) = kept(&site, &visitor, &item).await? else {
        return Ok(see_other(&apply_path(&item), None));
    };
    let key = new_key()?;
    Ok(check_page(&site, &visitor, &kept, &key, StatusCode::OK, false))
}

fn check_page(
    site: &Site,
    visitor: &Visitor,
    kept: &KeptDraft,
    key: &str,
    status: StatusCode,
    changed: bool,
) -> Response {
    let today = site.clock().today();
    let errors = kept.draft.parse(today).err().unwrap_or_default();
    let signatories = kept.draft.signatories(today);
    let applicant = kept.draft.applicant.as_ref().and_then(|form| Applicant::parse(form, today).ok());
    let birth = applicant.and_then(|applicant| applicant.document.birth_date());
    let minor = birth.is_some_and(|birth| age_group(birth, today) == AgeGroup::Teenager);
    site.page(visitor, status, || {
        pages::check(&kept.draft, &errors, &signatories, kept.version, key, changed, minor)
    })
}

/// Sends the application: once for its key, and only what was shown.
pub(crate) async fn submit(
    State(site): State<Site>,
    visitor: Visitor,
    Path(item): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let limit = site.limit_policy(&item, online(&site, &item)?);
    allowed(&site, &visitor).await?;
    same_person(&visitor, &fields)?;
    let key = fields.key(site.store())?;
    let version: i64 = fields.get("version").parse().map_err(|_| AppError::BadRequest)?;
    let Some(owner) = visitor.visit.draft_owner.clone() else { return Err(AppError::Conflict) };
    if let Some(number) = site.store().answer_of(&key, &owner, ACT).await? {
        return Ok(see_other(&format!("/confirm/{number}"), None));
    }
    let Some(kept) = kept(&site, &visitor, &item).await? else {
        // The first press may have been received between the two questions.
        let number = site.store().answer_of(&key, &owner, ACT).await?.ok_or(AppError::Conflict)?;
        return Ok(see_other(&format!("/confirm/{number}"), None));
    };
    let now = site.clock().now();
    let application = match kept.draft.parse(now.shanghai_date()) {
        Ok(application) if kept.version == version => application,
        parsed => {
            let status = if parsed.is_ok() { StatusCode::CONFLICT } else { UNPROCESSABLE };
            // A key that was shown with another version is used up: its body has changed.
            return Ok(check_page(&site, &visitor, &kept, &new_key()?, status, kept.version != version));
        }
    };
    let under_14 = about_child(&site, &visitor, &application.applicant.document).await?;
    let signatories = kept.draft.signatories(now.shanghai_date());
    let actor = visitor.actor();
    let helper = visitor.session.as_ref().map(|session| session.kept.name.as_str()).unwrap_or_default();
    let street = application.address.receiving_street().code;
    let letters = if item == ITEM { "LS" } else { "JZ" };
    // Six random digits a day may meet once in a while; then new ones are drawn.
    for _ in 0..5 {
        let number = CaseNumber::new(letters, now.shanghai_date(), random_u64()?).as_str().to_owned();
        let links = links(&application.consents)?;
        let new = SubmitApplication {
            id: new_id(now)?,
            confirmation: issue_receipt(site.keys().signing(), &site.settings().issuer, &number, street, now)
                .await?,
            number,
            item: &item,
            application: &application,
            signatories: &signatories,
            links: &links,
            draft_id: &kept.id,
            draft_version: version,
            received_at: now,
            limit,
            sender: Sender {
                actor: &actor,
                keeper: visitor.visit.owner.as_ref().unwrap_or(&owner),
                resident: visitor.concerned(),
                under: visitor.acting().map(|acting| (acting.proxy.as_str(), helper)),
            },
            under_14,
        };
        match site.store().submit_application(&new, &key, &owner).await {
            Ok(number) => {
                site.messages_waiting().notify_one();
                return Ok(see_other(&format!("/confirm/{}", number.answer()), None));
            }
            Err(SubmitRefusal::NumberTaken) => {}
            Err(SubmitRefusal::OtherBody | SubmitRefusal::DraftChanged) => return Err(AppError::Conflict),
            Err(SubmitRefusal::Store(other)) => return Err(other.into()),
        }
    }
    Err(AppError::Unavailable)
}

/// A link and a code for each adult who agrees on another phone.
fn links(consents: &[CheckConsent]) -> Result<Vec<NewLink>, AppError> {
    consents
        .iter()
        .filter(|consent| consent.way == ConsentWay::Link)
        .map(|consent| {
            Ok(NewLink {
                signatory: consent.signatory.clone(),
                secret: random_secret()?,
                code: format!("{:06}", random_u64()? % 1_000_000),
            })
        })
        .collect()
}
