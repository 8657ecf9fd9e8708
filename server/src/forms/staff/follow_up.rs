//! `/staff/follow-up` and `/staff/ratings`: changes that were told, refusals to look at once more, contacts to hand over, what
//! residents think.

use std::collections::BTreeMap;

use app::domain::aid::change::ChangeOutcome;
use app::domain::aid::correction::NOTE_MAX;
use app::domain::aid::rating::{Grade, RatingNode};
use app::domain::aid::recheck::{RecheckAnswer, RecheckAnswerForm};
use app::domain::form::{FieldError, FormErrors, Prompt};
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::domain::written;
use app::pages::staff::follow_up::{
    self as pages, FOLLOWERS, FollowUpCase, FollowUpLine, FollowUpPage, FollowUpTyped, RatingsPage,
};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use super::handling::{doing, gives};
use super::number_in;
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::staff_cases::{FoundCase, Scope};

/// How many stand on one page of the list.
const ON_A_PAGE: i64 = 20;

/// How many days back ratings are counted.
const DAYS: i64 = 90;

/// The posts that have these pages, and the position of the one that is asked for.
async fn posts_of(
    staff: &StaffVisitor,
    query: &BTreeMap<String, String>,
) -> Result<(Vec<Post>, usize), AppError> {
    let posts: Vec<Post> = staff.require_role(FOLLOWERS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    Ok((posts, at))
}

/// The list of one post's area.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (posts, at) = posts_of(&staff, &query).await?;
    let page = number_in(&query, "page").clamp(1, 10_000);
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut found = site.store().follow_ups(&Scope::of(post), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = found.len() > on_a_page;
    found.truncate(on_a_page);
    let lines = found
        .into_iter()
        .map(|line| FollowUpLine {
            number: line.case.head.number,
            area: line.case.head.office,
            since: line.since,
            recheck: line.recheck,
            due_on: line.due_on,
            changes: line.changes,
            referrals: line.referrals,
        })
        .collect();
    let (me, shown) = (staff.me(), FollowUpPage { posts, at, lines, page, more });
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &shown)))
}

/// The case, and the post that allows the act; without one the refusal is noted.
async fn case_for<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
) -> Result<(FoundCase, &'a Post), AppError> {
    let (case, _) = case_of(site, staff, number).await?;
    match staff.post_for(FOLLOWERS, case.place()) {
        Some(post) => Ok((case, post)),
        None => Err(staff.refused("applications", &case.id, &case.head.area).await?),
    }
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, post): (&FoundCase, &Post),
    typed: &FollowUpTyped,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, post)).await?;
    let (area, id) = (case.head.area.as_str(), case.id.as_str());
    let progress = site.store().case_progress(area, id).await?;
    let shown = FollowUpCase {
        head: case.head.clone(),
        gives: gives(site, &case.head.item),
        had_part: site.store().had_part(area, id, staff.staff_id()).await?,
        decision: progress.decision,
        rechecks: progress.rechecks,
        changes: site.store().changes_of(area, id).await?,
        referrals: site.store().referrals_of(area, id).await?,
        key: new_key()?,
    };
    let me = staff.me();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::case(&me, &shown, typed)))
}

/// One case.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number).await?;
    page(&site, &staff, (&case, post), &FollowUpTyped::default()).await
}

fn back_to(case: &FoundCase) -> Response {
    see_other(&format!("/staff/cases/{}/follow-up", case.head.number), None)
}

/// Answers a recheck.
pub(crate) async fn recheck(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number).await?;
    let form = RecheckAnswerForm {
        outcome: fields.get("outcome").to_owned(),
        reasons: fields.get("reasons").to_owned(),
    };
    let answer = match RecheckAnswer::parse(&form) {
        Ok(answer) => answer,
        Err(errors) => {
            let typed = FollowUpTyped { answer: form, errors, ..FollowUpTyped::default() };
            return page(&site, &staff, (&case, post), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().answer_recheck(&case.to_act_on(), &answer, &doing).await?;
    Ok(back_to(&case))
}

/// Settles a change.
pub(crate) async fn change(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((number, sequence)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number).await?;
    let sequence: i64 = sequence.parse().map_err(|_| AppError::NotFound)?;
    let names = (format!("outcome-{sequence}"), format!("note-{sequence}"));
    let (outcome, note) = (fields.get(&names.0), fields.get(&names.1));
    let mut errors = FormErrors::default();
    let parsed = match outcome {
        "" => Err(FieldError::Missing(Prompt::ChangeOutcome)),
        slug => ChangeOutcome::parse(slug).ok_or(FieldError::NotOffered),
    };
    let parsed = errors.keep(names.0, parsed);
    let word = errors.keep(names.1, written::paragraph(note, Prompt::Reply, 4, NOTE_MAX));
    let (Some(parsed), Some(word)) = (parsed, word) else {
        let change = Some((sequence, outcome.to_owned(), note.to_owned()));
        let typed = FollowUpTyped { change, errors, ..FollowUpTyped::default() };
        return page(&site, &staff, (&case, post), &typed).await;
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().settle_change(&case.to_act_on(), sequence, (parsed, &word), &doing).await?;
    Ok(back_to(&case))
}

/// Says that the contact was handed over, as the resident agreed.
pub(crate) async fn hand_over(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((number, programme)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number).await?;
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().hand_referral_over(&case.to_act_on(), &programme, &doing).await?;
    Ok(back_to(&case))
}

/// How often which grade was given.
pub(crate) async fn ratings(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (posts, at) = posts_of(&staff, &query).await?;
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let since = Instant(site.clock().now().0 - DAYS * 24 * 3_600_000);
    let counted = site.store().count_ratings(&Scope::of(post), since).await?;
    let of = |node: RatingNode, grade: Grade| {
        let found = counted.iter().find(|line| line.node == node && line.grade == grade);
        (grade, found.map_or(0, |line| line.count))
    };
    let counts = RatingNode::ALL
        .iter()
        .map(|node| (*node, Grade::ALL.iter().map(|grade| of(*node, *grade)).collect()))
        .collect();
    let (me, shown) = (staff.me(), RatingsPage { posts, at, days: DAYS, counts });
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::ratings(&me, &shown)))
}
