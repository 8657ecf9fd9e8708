//! `/verify/…` for programs: the signed lists that a counter keeps, and the scans that it sends.

use std::collections::BTreeMap;

use app::domain::area::{self, district};
use app::domain::confirm::check::CheckState;
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::pages::staff::confirmations::{LOOKERS, SCANNERS, keepers};
use app::text::check::office_words;
use app::text::staff::place_name;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::staff::number_in;
use crate::confirm::day_list;
use crate::error::AppError;
use crate::site::Site;
use crate::staff::{AnyStaff, StaffVisitor};
use crate::store::StoreError;
use crate::store::confirmations::{ByStaff, KeptConfirmation, OBJECT, Places, office_number};
use crate::store::scans::{KeptScan, NewScan, ScanAnswer};

/// The most scans that are taken at a time.
const SCANS: usize = 200;

/// The most confirmations on one day's list.
const A_DAY: i64 = 5_000;

const COSE: HeaderValue = HeaderValue::from_static("application/cose");

/// Everything that has ended or was used and is not over yet, signed. Anybody may read it: it names identities alone.
pub(crate) async fn states(State(site): State<Site>, headers: HeaderMap) -> Result<Response, AppError> {
    let list = site.state_lists().current(&site).await?;
    let tag = HeaderValue::from_str(&list.tag).map_err(|cause| AppError::Internal(cause.into()))?;
    let known = headers.get(IF_NONE_MATCH).is_some_and(|kept| {
        // A layer that compresses, or a proxy, may have made the tag a weak one.
        kept.to_str()
            .is_ok_and(|kept| kept.split(',').any(|one| one.trim().trim_start_matches("W/") == list.tag))
    });
    let headers = [
        (ETAG, tag),
        // Asked for anew each time, and sent again only where it has changed.
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag")),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, [(CONTENT_TYPE, COSE)], list.bytes.clone()).into_response())
}

/// Midnight to midnight in Shanghai.
pub(super) fn today(now: Instant) -> (Instant, Instant) {
    let day = now.shanghai_date();
    (Instant::shanghai_midnight(day), Instant::shanghai_midnight(day.saturating_add(1.day())))
}

/// The short codes of today's confirmations of one's own place, signed. With several posts, `?post=1` is the second one's.
pub(crate) async fn day(
    State(site): State<Site>,
    AnyStaff(staff): AnyStaff,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    // A program would follow to the sign-in page and take it for the list.
    let Some(staff) = staff else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    let posts: Vec<&Post> = staff.require_role(LOOKERS).await?;
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let Some(post) = posts.get(at).or(posts.first()) else { return Err(AppError::NotFound) };
    let day = today(site.clock().now());
    let mut all = site.store().confirmations_between(&Places::of(post), day, A_DAY).await?;
    // A receipt begins when it is received. What ended today but begins another day has no business here.
    all.retain(|kept| (day.0..day.1).contains(&kept.starts_at));
    let bytes = day_list(&site, office_number(post.place(), district()), &all).await?;
    let headers = [(CONTENT_TYPE, COSE), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, bytes).into_response())
}

#[derive(Deserialize)]
struct Sent {
    scans: Vec<SentScan>,
}

/// One scan as a counter sends it.
#[derive(Deserialize)]
struct SentScan {
    id: String,
    confirmation: String,
    at: i64,
    offline: bool,
}

/// What became of all of them.
#[derive(Serialize)]
struct Answers {
    now: i64,
    answers: Vec<Answered>,
}

/// What became of one.
#[derive(Serialize)]
struct Answered {
    id: String,
    /// Slug of a `CheckState`, as of the scan's own moment: `valid` for the use, `used` for a later one.
    state: &'static str,
    /// The use.
    first: Option<Use>,
    /// Later scans at other counters.
    also: Vec<Use>,
    /// Nothing was kept: no post of this person serves it, or the id is another scan's.
    refused: bool,
}

/// A use, as another counter may know it.
#[derive(Serialize)]
struct Use {
    at: i64,
    office: u64,
    place: String,
    /// Made by the same person in the same place.
    own: bool,
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The post that a scan is made in. Whoever looks after the confirmation scans it in that post. What is used once is served
/// by others too: a code that is handed in at the wrong counter has been handed in, and whoever tries it at a second one
/// must be told of the first. Everything else is none of another office's business: it is answered as everybody is answered,
/// and nothing is kept.
fn scanning_post<'a>(staff: &'a StaffVisitor, kept: &KeptConfirmation) -> Option<&'a Post> {
    let roles = keepers(kept.kind);
    let own = staff.post_for(roles, &kept.office).or_else(|| staff.post_for(roles, &kept.area));
    own.or_else(|| {
        let serves = |post: &&Post| kept.kind.use_once() && SCANNERS.contains(&post.role());
        staff.posts().iter().find(serves)
    })
}

/// What a place is called where a counter reads of it.
fn place_words(office: &str) -> String {
    if office == district() {
        return office_words(office_number(office, office)).to_owned();
    }
    match area::community(office) {
        // The street is what people know.
        Some(community) => place_name(community.street_code),
        None => place_name(office),
    }
}

/// What the scan itself was worth when it was made; for what is no use, what a check says now.
fn state_of(answer: &ScanAnswer) -> CheckState {
    let ScanAnswer { scan, kept, first, .. } = answer;
    if !scan.counts {
        return kept.state(scan.at);
    }
    if first.as_ref().is_some_and(|first| first.id == scan.id) { CheckState::Valid } else { CheckState::Used }
}

/// Takes scans and answers each.
pub(crate) async fn scans(
    State(site): State<Site>,
    staff: StaffVisitor,
    body: Bytes,
) -> Result<Response, AppError> {
    let sent: Sent = serde_json::from_slice(&body).map_err(|_| AppError::BadRequest)?;
    let formed = |scan: &SentScan| is_hex(&scan.id, 32) && is_hex(&scan.confirmation, 20) && scan.at >= 0;
    if sent.scans.len() > SCANS || !sent.scans.iter().all(formed) {
        return Err(AppError::BadRequest);
    }
    staff.require_role(SCANNERS).await?;
    let mut answers = Vec::with_capacity(sent.scans.len());
    for scan in sent.scans {
        answers.push(answer(&site, &staff, scan).await?);
    }
    let answers = Answers { now: site.clock().now().0, answers };
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answers)).into_response())
}

async fn answer(site: &Site, staff: &StaffVisitor, sent: SentScan) -> Result<Answered, AppError> {
    let now = site.clock().now();
    let unkept = |id: String, state: CheckState, refused: bool| Answered {
        id,
        state: state.as_str(),
        first: None,
        also: Vec::new(),
        refused,
    };
    let Some(kept) = site.store().confirmation(&sent.confirmation).await? else {
        return Ok(unkept(sent.id, CheckState::NoRecord, false));
    };
    let Some(post) = scanning_post(staff, &kept) else {
        let refused = kept.kind.use_once();
        if refused {
            staff.refused(OBJECT, &kept.id, &kept.area).await?;
        }
        return Ok(unkept(sent.id, kept.state(now), refused));
    };
    let new = NewScan {
        id: &sent.id,
        confirmation: &sent.confirmation,
        said_at: Instant(sent.at),
        offline: sent.offline,
        office: post.place(),
    };
    let actor = staff.actor(post);
    let by = ByStaff { actor: &actor, staff: staff.staff_id() };
    let found = match site.store().record_scan(&new, &by, now).await {
        Ok(found) => found,
        // Somebody else's id: theirs stays theirs.
        Err(StoreError::Conflict) => return Ok(unkept(sent.id, kept.state(now), true)),
        // Its time was over between two statements.
        Err(StoreError::NotFound) => return Ok(unkept(sent.id, CheckState::NoRecord, false)),
        Err(other) => return Err(other.into()),
    };
    let shown = |scan: &KeptScan| Use {
        at: scan.at.0,
        office: office_number(&scan.office, &found.kept.area),
        place: place_words(&scan.office),
        own: scan.staff == found.scan.staff && scan.office == found.scan.office,
    };
    Ok(Answered {
        id: sent.id,
        state: state_of(&found).as_str(),
        first: found.first.as_ref().map(shown),
        also: found.also.iter().map(shown).collect(),
        refused: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_in_shanghai() {
        // 2026-11-23 14:05 in Shanghai.
        let (from, before) = today(Instant(1_795_413_900_000));
        assert_eq!(from.shanghai_full(), "2026 年 11 月 23 日 00:00");
        assert_eq!(before.0 - from.0, 24 * 3_600_000);
        assert_eq!(today(from).0, from);
        assert_eq!(today(Instant(from.0 - 1)).1, from);
    }
}
