//! `/aid/check`: the screener. An answer is a whole page and nothing else: no row, no cookie, no line of the log holds it.

use app::domain::aid::screener::{Answers, ScreenerForm};
use app::domain::aid::standards::{StandardKey, Standards};
use app::domain::aid::{FinancesForm, SituationForm, Step, TemporaryAidKind};
use app::domain::money::Fen;
use app::pages::Sent;
use app::pages::aid as pages;
use app::screened::{Place, ScreenerFacts, result};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{ITEM, UNPROCESSABLE, apply_path, first_page, open_draft, same_person};
use crate::error::AppError;
use crate::forms::{Fields, sent_back};
use crate::site::{Site, Visitor, see_other};

/// What the page and its module judge by.
async fn facts(site: &Site, visitor: &Visitor) -> Result<ScreenerFacts, AppError> {
    let (all, day) = (site.store().standards().await?, site.clock().today());
    let today = StandardKey::ALL.iter().filter_map(|key| all.on(*key, day).cloned());
    Ok(ScreenerFacts {
        day,
        hotline: site.hotline().to_owned(),
        whose: visitor.visit.mark().to_owned(),
        standards: Standards::default().with(today),
    })
}

fn page(
    site: &Site,
    visitor: &Visitor,
    status: StatusCode,
    sent: &Sent<ScreenerForm>,
    (result, facts): (Option<String>, &ScreenerFacts),
) -> Response {
    site.page(visitor, status, || pages::screener(sent, result, facts.write()))
}

/// The questions.
pub(crate) async fn screener(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let facts = facts(&site, &visitor).await?;
    Ok(page(&site, &visitor, StatusCode::OK, &Sent::fresh(ScreenerForm::default()), (None, &facts)))
}

/// The result, above the questions with their answers.
pub(crate) async fn screened(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let facts = facts(&site, &visitor).await?;
    let form: ScreenerForm = fields.form()?;
    Ok(match Answers::parse(&form) {
        Ok(answers) => {
            let result = result(&answers, &facts, Place::Server);
            page(&site, &visitor, StatusCode::OK, &Sent::fresh(form), (Some(result), &facts))
        }
        Err(errors) => page(&site, &visitor, UNPROCESSABLE, &sent_back(form, errors), (None, &facts)),
    })
}

/// Opens a draft as the item's own button does, with the answers that the application asks for too. A page of which something
/// was kept already stays as it is.
pub(crate) async fn begin_from_check(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    same_person(&visitor, &fields)?;
    let (owner, cookie) = open_draft(&site, &visitor, ITEM).await?;
    let (store, now) = (site.store(), site.clock().now());
    let kept = store.draft_of(&owner).await?;
    // An open draft of another item stays as it is; the page tells of it.
    if kept.as_ref().is_some_and(|kept| kept.item != ITEM) {
        return Ok(see_other(&apply_path(ITEM), cookie));
    }
    let draft = kept.map(|kept| kept.draft).unwrap_or_default();
    let income = fields.get("monthly_income");
    if draft.finances.is_none() && Fen::parse_yuan(income).is_ok() {
        let form = FinancesForm { monthly_income: income.to_owned(), ..FinancesForm::default() };
        store.offer_step(&owner, Step::Finances, &form, now).await?;
    }
    if let Some(kind) = TemporaryAidKind::parse(fields.get("kind")).filter(|_| draft.situation.is_none()) {
        let form = SituationForm { kind: kind.as_str().to_owned(), ..SituationForm::default() };
        store.offer_step(&owner, Step::Situation, &form, now).await?;
    }
    Ok(see_other(&first_page(ITEM), cookie))
}
