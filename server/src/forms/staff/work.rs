//! `/staff/cases` as a work list: who handles which case, labels and notes, a leave.

use std::collections::BTreeMap;

use app::domain::aid::case::CaseAct;
use app::domain::aid::work::{CaseLabel, NOTE_MAX, WorkFilter};
use app::domain::form::{FormErrors, Prompt};
use app::domain::minor::CHILD_READERS;
use app::domain::staff::{Post, Role};
use app::domain::written;
use app::pages::Sent;
use app::pages::staff::cases::READERS;
use app::pages::staff::work::{self as pages, CaseWork, Colleague, NOBODY, Related, WorkPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use super::handling::{EXAMINERS, doing};
use super::number_in;
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::staff_cases::{FoundCase, Scope};
use crate::store::work_list::WorkPart;

/// How many stand on one page of the list.
const ON_A_PAGE: i64 = 20;

/// Who may give cases to others; the rest takes them and gives them back.
const GIVERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// Colleagues who may read every case of these places, by name; oneself left out.
pub(super) async fn colleagues(
    site: &Site,
    staff: &StaffVisitor,
    places: &[&str],
    child: bool,
) -> Result<Vec<Colleague>, AppError> {
    let readers = if child { CHILD_READERS } else { READERS };
    let may = |posts: &[Post], place: &str| {
        posts.iter().any(|post| readers.contains(&post.role()) && post.covers(place))
    };
    let mut found: Vec<_> = site
        .store()
        .staff_accounts()
        .await?
        .into_iter()
        .filter(|line| line.disabled_at.is_none() && line.id != staff.staff_id())
        .filter(|line| places.iter().all(|place| may(&line.posts, place)))
        .map(|line| Colleague { id: line.id, name: line.name })
        .collect();
    found.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id)));
    Ok(found)
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    query: &BTreeMap<String, String>,
    sent: &Sent<String>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(READERS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let page = number_in(query, "page").clamp(1, 10_000);
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let filter = WorkFilter::read(|name| query.get(name).map(String::as_str).unwrap_or_default());
    let (scope, today) = (Scope::of(post), site.clock().today());
    let part = WorkPart {
        scope: &scope,
        filter: &filter,
        me: staff.staff_id(),
        today,
        skip: i64::from(page - 1) * ON_A_PAGE,
        count: ON_A_PAGE + 1,
    };
    let mut lines = site.store().work_list(part).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    let gives = GIVERS.contains(&post.role()) && !lines.is_empty();
    let colleagues = if gives { colleagues(site, staff, &[post.place()], false).await? } else { Vec::new() };
    let accepts = EXAMINERS.contains(&post.role());
    let done = query.get("done").and_then(|done| {
        let (done, of) = done.split_once('-')?;
        Some((done.parse().ok()?, of.parse().ok()?))
    });
    let shown =
        WorkPage { posts, at, lines, filter, page, more, today, colleagues, accepts, done, key: new_key()? };
    let me = staff.me();
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::list(&me, &shown, sent)))
}

/// The list of one post's area.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    page(&site, &staff, &query, &Sent::fresh("me".to_owned())).await
}

/// The cases that were picked, each with the post that lets this person read it.
async fn picked<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    fields: &Fields,
) -> Result<Vec<(FoundCase, &'a Post)>, AppError> {
    let mut cases = Vec::new();
    for (name, _) in fields.iter() {
        let Some(number) = name.strip_prefix("case-") else { continue };
        cases.push(case_of(site, staff, number).await?);
    }
    Ok(cases)
}

/// Where a form of the list came from, as the list's address reads it.
fn query_of(fields: &Fields) -> BTreeMap<String, String> {
    let mut query: BTreeMap<String, String> = form_urlencoded::parse(fields.get("back").as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    query.insert("post".to_owned(), fields.get("post").to_owned());
    query
}

fn back(fields: &Fields, done: usize, of: usize) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("post", &number_in(&query_of(fields), "post").to_string());
    let filter = query_of(fields);
    let filter = WorkFilter::read(|name| filter.get(name).map(String::as_str).unwrap_or_default());
    query.extend_pairs(filter.pairs());
    query.append_pair("done", &format!("{done}-{of}"));
    see_other(&format!("/staff/cases?{}", query.finish()), None)
}

/// Gives the picked cases to somebody, takes them over, or leaves them to nobody.
pub(crate) async fn assign(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let cases = picked(&site, &staff, &fields).await?;
    let chosen = fields.get("to");
    let mut errors = FormErrors::default();
    if cases.is_empty() {
        errors.add("cases", Prompt::PickCases);
    }
    let to = match chosen {
        "me" => Some(staff.staff_id().to_owned()),
        NOBODY => None,
        id => {
            let gives = cases.iter().all(|(case, _)| staff.post_for(GIVERS, case.place()).is_some());
            let places: Vec<_> = cases.iter().map(|(case, _)| case.place()).collect();
            let child = cases.iter().any(|(case, _)| case.under_14);
            let may =
                gives && colleagues(&site, &staff, &places, child).await?.iter().any(|who| who.id == id);
            if !may && !cases.is_empty() {
                errors.add("to", Prompt::CaseColleague);
            }
            Some(id.to_owned())
        }
    };
    let Some((_, post)) = cases.first().filter(|_| errors.is_empty()) else {
        return page(&site, &staff, &query_of(&fields), &sent_back(chosen.to_owned(), errors)).await;
    };
    let doing = doing(&site, &staff, post, &fields)?;
    let picked: Vec<CaseRef> = cases.iter().map(|(case, _)| case.to_act_on()).collect();
    let changed = site.store().assign_cases(&picked, to.as_deref(), &doing).await?.answer();
    if !fields.get("from").is_empty() {
        return Ok(see_other(&format!("/staff/cases/{}/work", picked[0].number), None));
    }
    Ok(back(&fields, changed.parse().unwrap_or_default(), picked.len()))
}

/// Accepts the picked cases, each by itself: one that has moved on keeps none of the others.
pub(crate) async fn accept(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let cases = picked(&site, &staff, &fields).await?;
    if cases.is_empty() {
        let mut errors = FormErrors::default();
        errors.add("cases", Prompt::PickCases);
        return page(&site, &staff, &query_of(&fields), &sent_back("me".to_owned(), errors)).await;
    }
    let mut posts = Vec::new();
    for (case, _) in &cases {
        match staff.post_for(EXAMINERS, case.place()) {
            Some(post) => posts.push(post),
            None => return Err(staff.refused("applications", &case.id, &case.head.area).await?),
        }
    }
    let mut done = 0;
    for ((case, _), post) in cases.iter().zip(posts) {
        // One key a case, made of the form's own, so that a second press does none of them twice.
        let all = doing(&site, &staff, post, &fields)?;
        let one = Doing { key: all.key.for_part(site.store(), &case.head.number), ..all };
        match site.store().move_case(&case.to_act_on(), CaseAct::Accept, &one).await {
            Ok(_) => done += 1,
            Err(StoreError::Conflict) => {}
            Err(cause) => return Err(cause.into()),
        }
    }
    Ok(back(&fields, done, cases.len()))
}

/// The page of one case, with a note that came back or a fresh one. Notes are personal: each showing is noted.
async fn work_page(
    site: &Site,
    staff: &StaffVisitor,
    (case, reader): (&FoundCase, &Post),
    sent: &Sent<String>,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, reader)).await?;
    let (area, id) = (case.head.area.as_str(), case.id.as_str());
    let gives = staff.post_for(GIVERS, case.place()).is_some();
    let related = site.store().related_cases(&case.to_act_on()).await?;
    let related = related.into_iter().map(|(other, same_applicant)| {
        let readers = if other.under_14 { CHILD_READERS } else { READERS };
        Related {
            may_open: staff.post_for(readers, other.place()).is_some(),
            number: other.head.number,
            state: other.head.state,
            received_at: other.head.received_at,
            same_applicant,
        }
    });
    let shown = CaseWork {
        head: case.head.clone(),
        assignee: site.store().assignee_of(area, id).await?,
        colleagues: if gives {
            colleagues(site, staff, &[case.place()], case.under_14).await?
        } else {
            Vec::new()
        },
        labels: site.store().labels_of(area, id).await?,
        notes: site.store().notes_of(area, id).await?,
        related: related.collect(),
        key: new_key()?,
    };
    let me = staff.me();
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::work(&me, &shown, sent)))
}

/// Who handles one case, its labels and notes.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, reader) = case_of(&site, &staff, &number).await?;
    work_page(&site, &staff, (&case, reader), &Sent::fresh(String::new())).await
}

fn back_to(case: &FoundCase) -> Response {
    see_other(&format!("/staff/cases/{}/work", case.head.number), None)
}

/// Marks a case.
pub(crate) async fn labels(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_of(&site, &staff, &number).await?;
    let chosen: Vec<_> = CaseLabel::ALL
        .iter()
        .copied()
        .filter(|label| fields.get(&format!("label-{}", label.as_str())) == "yes")
        .collect();
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().set_labels(&case.to_act_on(), &chosen, &doing).await?;
    Ok(back_to(&case))
}

/// Writes a note.
pub(crate) async fn note(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_of(&site, &staff, &number).await?;
    let typed = fields.get("note").to_owned();
    let note = match written::paragraph(&typed, Prompt::CaseNote, 2, NOTE_MAX) {
        Ok(note) => note,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("note", error);
            return work_page(&site, &staff, (&case, post), &sent_back(typed, errors)).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().add_note(&case.to_act_on(), &note, &doing).await?;
    Ok(back_to(&case))
}

/// Those who may take over all of one's open cases, and the cases.
async fn successors(site: &Site, staff: &StaffVisitor) -> Result<(Vec<CaseRef>, Vec<Colleague>), AppError> {
    let mine = site.store().cases_of_assignee(staff.staff_id()).await?;
    let mut places: Vec<_> = mine.iter().map(|(_, place)| place.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    // Whoever may read a child's case may read any other of the place.
    let found = if mine.is_empty() { Vec::new() } else { colleagues(site, staff, &places, true).await? };
    Ok((mine.into_iter().map(|(case, _)| case).collect(), found))
}

/// Before a leave: all of one's own cases.
pub(crate) async fn hand_over_form(
    State(site): State<Site>,
    staff: StaffVisitor,
) -> Result<Response, AppError> {
    staff.require_role(READERS).await?;
    let (mine, found) = successors(&site, &staff).await?;
    let (me, key) = (staff.me(), new_key()?);
    let sent = Sent::fresh(String::new());
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::hand_over(&me, mine.len(), &found, &sent, &key)))
}

/// Gives all of them to one colleague.
pub(crate) async fn hand_over(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let posts = staff.require_role(READERS).await?;
    let (mine, found) = successors(&site, &staff).await?;
    let Some(to) = found.iter().find(|who| who.id == fields.get("to")).filter(|_| !mine.is_empty()) else {
        // Pressed twice: everything is handed over already.
        if mine.is_empty() {
            return Ok(see_other("/staff/cases/hand-over", None));
        }
        let mut errors = FormErrors::default();
        errors.add("to", Prompt::CaseColleague);
        let (me, sent, key) = (staff.me(), sent_back(String::new(), errors), new_key()?);
        return Ok(site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
            pages::hand_over(&me, mine.len(), &found, &sent, &key)
        }));
    };
    let Some(post) = posts.first() else { return Err(AppError::NotFound) };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().assign_cases(&mine, Some(&to.id), &doing).await?;
    Ok(see_other("/staff/cases/hand-over", None))
}
