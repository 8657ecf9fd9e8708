//! `/staff/cases/{number}/objections/{id}`: what the street made of an objection during a public notice.

use app::domain::aid::public_notice::ObjectionAnswerForm;
use app::pages::staff::case_notice::TypedAnswer;
use app::pages::staff::handling::Typed;
use axum::extract::{Path, State};
use axum::response::Response;

use super::handling::{EXAMINERS, back_to, case_for, doing, page};
use crate::error::AppError;
use crate::forms::Fields;
use crate::site::Site;
use crate::staff::StaffVisitor;

/// Takes the answer.
pub(crate) async fn answer(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((number, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, EXAMINERS).await?;
    let form = ObjectionAnswerForm {
        outcome: fields.get("outcome").to_owned(),
        answer: fields.get("answer").to_owned(),
    };
    let (outcome, answer) = match form.parse() {
        Ok(answer) => answer,
        Err(errors) => {
            let objection = TypedAnswer { id, form, errors: errors.clone() };
            let typed = Typed { objection, errors, ..Typed::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().answer_objection(&case.to_act_on(), &id, (outcome, &answer), &doing).await?;
    site.messages_waiting().notify_one();
    Ok(back_to(&case))
}
