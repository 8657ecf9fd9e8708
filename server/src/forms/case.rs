//! `/confirm/{number}/answer` and `…/withdraw`: what the resident does on a case's way. Only whoever sent it, or the person
//! that it was sent for: number and digits open a receipt, they change nothing.

use app::domain::aid::case::{CaseAct, CaseState};
use app::domain::aid::correction::AnswerForm;
use app::domain::confirm::CaseNumber;
use app::domain::form::{FormErrors, Prompt};
use app::domain::proxy::Scope;
use app::pages::Sent;
use app::pages::confirm as pages;
use app::ports::CaseCorrection;
use app::visit::Owner;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::aid::same_person;
use super::{Fields, new_key, note_refused, sent_back};
use crate::error::AppError;
use crate::site::{Site, Visitor, see_other};
use crate::store::case_acts::{CaseRef, Doing};

/// The case of that number, where it is the asker's own; a try at another's is noted.
pub(super) async fn own(site: &Site, visitor: &Visitor, number: &str) -> Result<(CaseRef, Owner), AppError> {
    let number = CaseNumber::parse(number).map_err(|_| AppError::NotFound)?;
    let outside = visitor.acting().is_some_and(|acting| !acting.scope.contains(&Scope::Aid));
    if let Some(owner) = visitor.visit.owner.clone().filter(|_| !outside)
        && let Some(case) = site.store().own_case(number.as_str(), &owner).await?
    {
        return Ok((case, owner));
    }
    if let Some(found) = site.store().find_case(number.as_str()).await? {
        note_refused(site, &visitor.actor(), &found.head.area, ("applications", &found.id)).await?;
    }
    // The same answer whether there is such a case or not.
    Err(AppError::NotFound)
}

pub(super) fn receipt_of(case: &CaseRef) -> Response {
    see_other(&format!("/confirm/{}", case.number), None)
}

/// What was asked last and has no answer yet.
async fn asked(site: &Site, case: &CaseRef) -> Result<Option<CaseCorrection>, AppError> {
    let progress = site.store().case_progress(&case.area, &case.id).await?;
    let open = progress.state == CaseState::CorrectionRequested;
    Ok(progress.corrections.last().filter(|asked| open && asked.answered_at.is_none()).cloned())
}

/// The form, with only what was asked.
pub(crate) async fn answer_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    let Some(asked) = asked(&site, &case).await? else { return Ok(receipt_of(&case)) };
    let (key, sent) = (new_key()?, Sent::fresh(AnswerForm::default()));
    Ok(site.page(&visitor, StatusCode::OK, || pages::answer(&case.number, &asked, &sent, &key)))
}

/// Takes the answers.
pub(crate) async fn answer(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let key = fields.key(site.store())?;
    // A second press finds the case moved on; the key alone knows that it was this form.
    let Some(asked) = asked(&site, &case).await? else {
        return match site.store().answer_before(&key, &owner, crate::store::case_acts::KEY).await? {
            Some(_) => Ok(receipt_of(&case)),
            None => Err(AppError::Conflict),
        };
    };
    let typed = fields
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("answer-")?.to_owned(), text.to_owned())));
    let form = AnswerForm(typed.collect());
    let answers = match form.parse(&asked.items) {
        Ok(answers) => answers,
        Err(errors) => {
            let (sent, key) = (sent_back(form, errors), new_key()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(site.page(&visitor, status, || pages::answer(&case.number, &asked, &sent, &key)));
        }
    };
    let answers: Vec<_> = asked.items.into_iter().zip(answers).collect();
    let doing = Doing { actor: visitor.actor(), key, owner, now: site.clock().now() };
    site.store().answer_correction(&case, &answers, &doing).await?;
    Ok(receipt_of(&case))
}

/// Asks whether it is meant.
pub(crate) async fn withdraw_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    let progress = site.store().case_progress(&case.area, &case.id).await?;
    if !progress.state.is_open() {
        return Ok(receipt_of(&case));
    }
    let (key, sent) = (new_key()?, Sent::fresh(String::new()));
    Ok(site.page(&visitor, StatusCode::OK, || pages::withdraw(&case.number, &sent, &key)))
}

/// Takes the application back.
pub(crate) async fn withdraw(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    if fields.get("sure") != "yes" {
        let mut errors = FormErrors::default();
        errors.add("sure", Prompt::SureToWithdraw);
        let (sent, key) = (sent_back(String::new(), errors), new_key()?);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(site.page(&visitor, status, || pages::withdraw(&case.number, &sent, &key)));
    }
    let key = fields.key(site.store())?;
    let doing = Doing { actor: visitor.actor(), key, owner, now: site.clock().now() };
    site.store().move_case(&case, CaseAct::Withdraw, &doing).await?;
    Ok(receipt_of(&case))
}
