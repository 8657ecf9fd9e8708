//! `/staff/meals/{point}/offline…`: the day's list for a point's own device, and what it tells when the network is back.

use app::domain::form::{FormErrors, Rule};
use app::domain::meals::{DESK_LINES, DeskOutcome, MealState, Paid, read_paper};
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::staff::meal_desk::own_words;
use app::pages::staff::meal_offline::{self as pages, PaperForm, outcome_words};
use app::text::meals::{meal_label, mode_label};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::meal_desk::{meal_of_typed, note_read, place_words};
use super::meals::at_point;
use crate::error::AppError;
use crate::forms::{Fields, KEY, new_key, sent_back};
use crate::seal::{random_secret, sha256};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::confirmations::ByStaff;
use crate::store::meals::desk::DeskScan;

/// So many signs of a hash tell two codes of one day apart.
const HASH: usize = 16;

/// The page. It shows nothing of those who eat.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, _) = at_point(&site, &staff, &code).await?;
    let (me, sent, key) = (staff.me(), Sent::fresh(PaperForm::default()), new_key()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::page(&me, &point, (&sent, &key), &[])))
}

/// A meal as the device keeps it.
#[derive(Serialize)]
struct Listed {
    number: String,
    words: String,
    avoid: String,
    own: String,
    /// How it was handed out; empty where it was not.
    out: String,
    /// Salted hashes of what names it: no code lies readable on the device.
    codes: Vec<String>,
}

/// The day's list.
#[derive(Serialize)]
struct DayList {
    day: String,
    salt: String,
    meals: Vec<Listed>,
}

/// The day's list for the device.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    note_read(&site, &actor, &code).await?;
    let now = site.clock().now();
    let day = now.shanghai_date();
    let (meals, codes) =
        (site.store().meals_at(&code, day).await?, site.store().meal_codes(&code, day, now).await?);
    let salt = random_secret()?;
    let hash = |text: &str| sha256(&format!("{salt}{text}")).chars().take(HASH).collect::<String>();
    let listed = meals
        .iter()
        .map(|(meal, eater)| {
            let mut known = vec![hash(&meal.number), hash(&eater.person.name)];
            for code in codes.iter().filter(|code| code.meal == meal.id) {
                known.push(hash(&code.short_code));
                known.push(hash(&code.token));
            }
            let out = match (meal.state, meal.handed_at) {
                (MealState::HandedOut, Some(at)) => format!("{} 领过了", at.shanghai_text()),
                _ => String::new(),
            };
            Listed {
                number: meal.number.clone(),
                words: format!(
                    "{} {}：{}（{}）",
                    eater.person.masked(),
                    meal_label(meal.kind),
                    meal.dish_name,
                    mode_label(meal.mode)
                ),
                avoid: eater.avoid.join("、"),
                own: own_words(meal.bill.as_ref()),
                out,
                codes: known,
            }
        })
        .collect();
    let list = DayList { day: day.to_string(), salt: salt.clone(), meals: listed };
    Ok(([(CACHE_CONTROL, "no-store")], Json(list)).into_response())
}

#[derive(Deserialize)]
struct Sends {
    device: String,
    scans: Vec<SentScan>,
}

/// A scan as the device sends it.
#[derive(Deserialize)]
struct SentScan {
    id: String,
    /// A number of the list, or what was typed.
    code: String,
    at: i64,
    /// Slug of a [`Paid`].
    paid: String,
}

#[derive(Serialize)]
struct Answers {
    answers: Vec<Answered>,
}

#[derive(Serialize)]
struct Answered {
    id: String,
    /// Slug of a [`DeskOutcome`].
    outcome: &'static str,
    words: String,
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// What is the same for all lines of one sending.
struct From<'a> {
    point: &'a str,
    device: &'a str,
    actor: &'a Actor,
    staff: &'a str,
}

/// Takes one line; gives what it was worth, in words too. Another's id is told as what nobody knows.
async fn take(
    site: &Site,
    from: &From<'_>,
    (id, typed): (&str, &str),
    (paid, said_at): (Paid, Instant),
) -> Result<(DeskOutcome, String), AppError> {
    let now = site.clock().now();
    let meant = meal_of_typed(site, typed, (from.point, said_at.shanghai_date())).await?;
    let scan = DeskScan {
        id,
        meal: meant.as_ref().map(|meal| meal.id.as_str()),
        point: from.point,
        device: from.device,
        paid,
        said_at,
    };
    let by = ByStaff { actor: from.actor, staff: from.staff };
    let (outcome, meal) = match site.store().take_desk_scan(&scan, &by, now).await {
        Ok(answer) => (answer.outcome, answer.meal),
        Err(StoreError::Conflict) => (DeskOutcome::Unknown, None),
        Err(other) => return Err(other.into()),
    };
    let Some(meal) = meal else { return Ok((outcome, outcome_words(outcome, typed, "", ""))) };
    let what = format!("{}{}", meal.number, meal.dish_name);
    let handed = meal.handed_at.map_or_else(String::new, |at| {
        format!("{} 在{}", at.shanghai_text(), place_words(site, &meal.point))
    });
    Ok((outcome, outcome_words(outcome, &what, &handed, &place_words(site, &meal.point))))
}

/// Takes what a device has kept, and answers each line.
pub(crate) async fn scans(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    body: Bytes,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    let sent: Sends = serde_json::from_slice(&body).map_err(|_| AppError::BadRequest)?;
    if sent.scans.len() > DESK_LINES || !is_hex(&sent.device, 16) {
        return Err(AppError::BadRequest);
    }
    let from = From { point: &code, device: &sent.device, actor: &actor, staff: staff.staff_id() };
    let mut answers = Vec::with_capacity(sent.scans.len());
    for scan in sent.scans {
        let paid = Paid::parse(&scan.paid).filter(|_| is_hex(&scan.id, 32) && scan.at >= 0);
        let paid = paid.ok_or(AppError::BadRequest)?;
        let (outcome, words) = take(&site, &from, (&scan.id, &scan.code), (paid, Instant(scan.at))).await?;
        answers.push(Answered { id: scan.id, outcome: outcome.as_str(), words });
    }
    Ok(([(CACHE_CONTROL, "no-store")], Json(Answers { answers })).into_response())
}

/// Takes what was written on paper. What is recorded leaves the form; the lines that were not stay in it.
pub(crate) async fn paper(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    fields.key(site.store())?;
    let mut form = PaperForm { lines: fields.get("lines").to_owned() };
    let (mut errors, mut told, mut left) = (FormErrors::default(), Vec::new(), Vec::new());
    match read_paper(&form.lines) {
        Err(wrong) => {
            errors.add("lines", Rule::MealPaperLines);
            told.extend(wrong.iter().map(|at| format!("第 {at} 行看不懂")));
        }
        Ok(lines) => {
            // One sheet counts as one device. Its lines come again with the form's key: each is taken once.
            let device: String = sha256(fields.get(KEY)).chars().take(16).collect();
            let from = From { point: &code, device: &device, actor: &actor, staff: staff.staff_id() };
            for (at, line) in lines.iter().enumerate() {
                let id = sha256(&format!("{} {at} {} {}", fields.get(KEY), line.code, line.paid.as_str()));
                let id: String = id.chars().take(32).collect();
                let said = site.clock().now();
                let (outcome, words) = take(&site, &from, (&id, &line.code), (line.paid, said)).await?;
                if !matches!(outcome, DeskOutcome::Done | DeskOutcome::Again) {
                    told.push(words);
                    left.push(line.code.clone());
                }
            }
            if left.is_empty() {
                return Ok(see_other(&format!("/staff/meals/{code}/hand-out"), None));
            }
            form.lines = left.join("\n");
        }
    }
    let (me, key) = (staff.me(), new_key()?);
    let sent = sent_back(form, errors);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(site.page(&staff.visitor, status, || pages::page(&me, &point, (&sent, &key), &told)))
}
