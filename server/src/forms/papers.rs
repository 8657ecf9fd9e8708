//! `/confirm/{number}/papers…` and `/me/papers`: photos of papers for an application that was handed in.

use std::collections::BTreeMap;

use app::domain::aid::catalogue::AidItem;
use app::domain::confirm::CaseNumber;
use app::domain::form::FormErrors;
use app::domain::papers::{MAX_BYTES, MAX_OF_CASE, PaperForm, PhotoError, askable, parse};
use app::domain::proxy::Scope;
use app::pages::Sent;
use app::pages::confirm::{self as pages, CasePapers, PaperDone};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use bytes::{Bytes, BytesMut};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::me::own as own_account;
use super::{Fields, count_tries, new_key, sent_back};
use crate::error::AppError;
use crate::middleware::limits::{UPLOAD_BYTES, drain};
use crate::papers::{self, Part, new_object};
use crate::session::Ended;
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::papers::{Added, NewPaper, PaperActor, PaperCase};
use crate::store::residents::owner_of;
use crate::store::{OnlyOnce, StoreError};

/// Photos of one application in an hour, tries among them.
const PHOTOS_AN_HOUR: i64 = 120;

/// What a form may have besides the photo.
const MOST_FIELDS: usize = 8;
const LONGEST_FIELD: usize = 1_024;

/// The application, where the one who asks may send photos for it.
async fn case_of(site: &Site, visitor: &Visitor, number: &str) -> Result<Option<PaperCase>, AppError> {
    let number = CaseNumber::parse(number).map_err(|_| AppError::NotFound)?;
    let outside = visitor.acting().is_some_and(|acting| !acting.scope.contains(&Scope::Aid));
    let owner = visitor.visit.owner.as_ref().filter(|_| !outside);
    let (device, now) = (visitor.device.as_ref(), site.clock().now());
    Ok(site.store().paper_case(number.as_str(), owner, device, now).await?)
}

/// The application, for the one whose it is. To everybody else there is no photo.
async fn own_case(site: &Site, visitor: &Visitor, number: &str) -> Result<PaperCase, AppError> {
    case_of(site, visitor, number).await?.filter(|case| case.own).ok_or(AppError::NotFound)
}

fn item<'a>(site: &'a Site, case: &PaperCase) -> Result<&'a AidItem, AppError> {
    site.catalogue().item(&case.item).ok_or(AppError::NotFound)
}

async fn page_of(site: &Site, case: &PaperCase) -> Result<CasePapers, AppError> {
    let store = site.store();
    let papers = store.papers_of_case(&case.area, &case.id).await?;
    let before = if case.own && case.open {
        store.reusable_papers(case, site.clock().now()).await?
    } else {
        Vec::new()
    };
    Ok(CasePapers {
        number: case.number.clone(),
        own: case.own,
        open: case.open,
        papers: papers.into_iter().map(|paper| paper.line).collect(),
        askable: askable(item(site, case)?).map(|paper| (paper.name.clone(), paper.hint.clone())).collect(),
        before: before.into_iter().map(|paper| paper.line).collect(),
    })
}

/// The list, and the form for one more. Whoever may not open the application is led to where one does.
pub(crate) async fn list(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let Some(case) = case_of(&site, &visitor, &number).await? else { return Ok(elsewhere(&number)) };
    let (page, key) = (page_of(&site, &case).await?, new_key()?);
    let done = query.get("done").and_then(|done| PaperDone::parse(done));
    let sent = Sent::fresh(PaperForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::papers(&page, &sent, &key, done)))
}

fn elsewhere(number: &str) -> Response {
    // What is no number was answered before.
    let number = CaseNumber::parse(number).map(|number| number.as_str().to_owned()).unwrap_or_default();
    see_other(&format!("/confirm/{number}"), None)
}

fn done(case: &PaperCase, done: PaperDone) -> Response {
    see_other(&format!("/confirm/{}/papers?done={}", case.number, done.as_str()), None)
}

/// Takes a photo.
pub(crate) async fn send(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    // Who may not send is answered before anything of the file is kept; the browser listens only after it has sent.
    let case = match may_send(&site, &visitor, &number).await {
        Ok(Some(case)) => case,
        refused => {
            let _ = drain(request.into_body(), UPLOAD_BYTES).await;
            return refused.map(|_| elsewhere(&number));
        }
    };
    if !is_multipart(&request) {
        // A form without a file, as a page that offers what was typed once more sends it.
        let _ = drain(request.into_body(), UPLOAD_BYTES).await;
        return Ok(see_other(&format!("/confirm/{}/papers", case.number), None));
    }
    let Ok(_place) = site.papers().received.try_acquire() else {
        let _ = drain(request.into_body(), UPLOAD_BYTES).await;
        return Err(AppError::Unavailable);
    };
    let (fields, photo) = read(request).await?;
    same_person(&visitor, &fields)?;
    let key = fields.key(site.store())?;
    let form = PaperForm { kind: fields.get("kind").to_owned() };
    let full = site.store().papers_of_case(&case.area, &case.id).await?.len() >= usize::from(MAX_OF_CASE);
    let photo = match photo {
        Ok(Photo { sent, .. }) if site.store().has_paper(&case, &sent).await? => {
            return Ok(done(&case, PaperDone::Again));
        }
        _ if full => Err(PhotoError::TooMany),
        other => other,
    };
    let (kind, photo) = match parse(&form, photo, item(&site, &case)?) {
        Ok(right) => right,
        Err(errors) => return again(&site, &visitor, &case, form, errors, &fields).await,
    };
    let taken = match site.papers().take_in(photo.file, site.clock().today()).await {
        Ok(taken) => taken,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("photo", error);
            return again(&site, &visitor, &case, form, errors, &fields).await;
        }
    };
    let object = new_object()?;
    papers::keep(&site, &object, &taken).await?;
    let new = NewPaper { kind: &kind, bytes: taken.picture.len(), sent: &photo.sent, object: &object };
    let (owner, _) = site.owner_or_new(&visitor)?;
    let actor = visitor.actor();
    let by = PaperActor { actor: &actor, on_behalf_of: on_behalf_of(&visitor) };
    let added = site.store().add_paper(&case, &new, &key, (by, &owner), site.clock().now()).await;
    if !matches!(added, Ok(OnlyOnce::Done(Added::New))) {
        // The picture has no row; should this fail, the housekeeping finds it.
        let _ = papers::forget(&site, &[object]).await;
    }
    let added = added?;
    // The press was answered before, and its photo deleted since: nothing is called received that is not there.
    if matches!(added, OnlyOnce::Before(_)) && !site.store().has_paper(&case, &photo.sent).await? {
        return Err(AppError::Conflict);
    }
    match added.answer() {
        Added::New => Ok(done(&case, PaperDone::Sent)),
        Added::Known => Ok(done(&case, PaperDone::Again)),
        Added::Full => {
            let mut errors = FormErrors::default();
            errors.add("photo", PhotoError::TooMany);
            again(&site, &visitor, &case, form, errors, &fields).await
        }
    }
}

fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    kind.starts_with(b"multipart/form-data")
}

async fn may_send(site: &Site, visitor: &Visitor, number: &str) -> Result<Option<PaperCase>, AppError> {
    // The page of a case that is over says so.
    let Some(case) = case_of(site, visitor, number).await?.filter(|case| case.open) else { return Ok(None) };
    count_tries(site, &[(format!("photos {}", case.id), PHOTOS_AN_HOUR)]).await?;
    Ok(Some(case))
}

/// The page again with the choice as it was; nothing was kept with the key, so the same one goes on.
async fn again(
    site: &Site,
    visitor: &Visitor,
    case: &PaperCase,
    form: PaperForm,
    errors: FormErrors,
    fields: &Fields,
) -> Result<Response, AppError> {
    let (page, sent) = (page_of(site, case).await?, sent_back(form, errors));
    let key = fields.get("idempotency_key");
    Ok(site.page(visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::papers(&page, &sent, key, None)))
}

fn same_person(visitor: &Visitor, fields: &Fields) -> Result<(), AppError> {
    if fields.get("whose") == visitor.visit.mark() {
        Ok(())
    } else {
        Err(AppError::NotTaken(Ended::OtherPerson))
    }
}

/// In whose name, where for another.
fn on_behalf_of(visitor: &Visitor) -> Option<&str> {
    visitor.acting().map(|acting| acting.represented.as_str())
}

/// A file as it was sent.
struct Photo {
    file: Bytes,
    /// SHA-256 in hexadecimal.
    sent: String,
}

/// Reads the form. Of a file that is too large nothing is kept, and the rest of it is read and forgotten, so that the
/// browser shows the answer and the choice is not lost.
async fn read(request: Request) -> Result<(Fields, Result<Photo, PhotoError>), AppError> {
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let too_large = announced.is_some_and(|length| length > MAX_BYTES + MOST_FIELDS * LONGEST_FIELD);
    let mut request = request;
    // The layer around has set the limit.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| AppError::BadRequest)?;
    let (mut fields, mut photo) = (BTreeMap::new(), Err(PhotoError::Missing));
    while let Some(mut field) = parts.next_field().await.map_err(|_| AppError::BadRequest)? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_photo = name == "photo";
        let chosen = field.file_name().is_some_and(|name| !name.is_empty());
        let (mut content, mut large) = (BytesMut::new(), is_photo && too_large);
        let limit = if is_photo { MAX_BYTES } else { LONGEST_FIELD };
        while let Some(chunk) = field.chunk().await.map_err(|_| AppError::BadRequest)? {
            if large || content.len() + chunk.len() > limit {
                (large, content) = (true, BytesMut::new());
            } else {
                content.extend_from_slice(&chunk);
            }
        }
        if is_photo {
            photo = match (large, content.is_empty()) {
                (true, _) => Err(PhotoError::TooLarge),
                (false, true) if chosen => Err(PhotoError::Empty),
                (false, true) => Err(PhotoError::Missing),
                (false, false) => {
                    let sent = HEXLOWER.encode(&Sha256::digest(&content));
                    fields.insert("photo".to_owned(), sent.clone());
                    Ok(Photo { file: content.freeze(), sent })
                }
            };
        } else if large || fields.len() >= MOST_FIELDS {
            return Err(AppError::BadRequest);
        } else {
            let text = String::from_utf8(content.to_vec()).map_err(|_| AppError::BadRequest)?;
            fields.insert(name, text);
        }
    }
    Ok((Fields(fields), photo))
}

/// Takes a photo of another application for this one. The same again is the one that is there: it needs no key.
pub(crate) async fn reuse(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let case = own_case(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let actor = visitor.actor();
    let by = PaperActor { actor: &actor, on_behalf_of: on_behalf_of(&visitor) };
    match site.store().reuse_paper(&case, fields.get("paper"), by, site.clock().now()).await? {
        Added::New => Ok(done(&case, PaperDone::Reused)),
        Added::Known => Ok(done(&case, PaperDone::Again)),
        // The page says so, and how it goes on.
        Added::Full => Ok(see_other(&format!("/confirm/{}/papers", case.number), None)),
    }
}

/// One photo.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((number, paper)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let case = own_case(&site, &visitor, &number).await?;
    let paper = site.store().paper(&case.area, &case.id, &paper).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::paper(&paper.line)))
}

/// The picture, to read.
pub(crate) async fn whole(
    State(site): State<Site>,
    visitor: Visitor,
    Path((number, paper)): Path<(String, String)>,
) -> Result<Response, AppError> {
    picture(&site, &visitor, (&number, &paper), Part::Whole).await
}

/// The picture, for a list.
pub(crate) async fn small(
    State(site): State<Site>,
    visitor: Visitor,
    Path((number, paper)): Path<(String, String)>,
) -> Result<Response, AppError> {
    picture(&site, &visitor, (&number, &paper), Part::Small).await
}

async fn picture(
    site: &Site,
    visitor: &Visitor,
    (number, paper): (&str, &str),
    part: Part,
) -> Result<Response, AppError> {
    let case = own_case(site, visitor, number).await?;
    let paper = site.store().paper(&case.area, &case.id, paper).await?;
    let picture = papers::picture(site, &paper, part).await?;
    let mut response = (StatusCode::OK, picture).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    // For its owner alone: no browser and nobody in between keeps it.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"photo.jpg\""));
    Ok(with_cookie(response, None))
}

/// Deletes a photo that may go. Where it is gone already, that is what was asked for.
pub(crate) async fn delete(
    State(site): State<Site>,
    visitor: Visitor,
    Path((number, paper)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let case = own_case(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let actor = visitor.actor();
    let by = PaperActor { actor: &actor, on_behalf_of: on_behalf_of(&visitor) };
    match site.store().delete_paper(&case, &paper, by, site.clock().now()).await {
        Ok(object) => {
            if let Err(cause) = papers::forget(&site, &[object]).await {
                tracing::error!(%cause, "a picture is left to the housekeeping");
            }
            Ok(done(&case, PaperDone::Deleted))
        }
        // Its page says why it stays.
        Err(StoreError::Conflict) => Ok(see_other(&format!("/confirm/{}/papers/{paper}", case.number), None)),
        Err(StoreError::NotFound) => Ok(see_other(&format!("/confirm/{}/papers", case.number), None)),
        Err(other) => Err(other.into()),
    }
}

/// What was sent with all one's applications.
pub(crate) async fn library(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let owner = owner_of(own_account(&site, &visitor).await?.resident());
    let papers: Vec<_> = site.store().papers_of(&owner).await?.into_iter().map(|paper| paper.line).collect();
    Ok(site.page(&visitor, StatusCode::OK, || pages::library(&papers)))
}
