//! Photos of papers over HTTP: sent by their owner, seen by their owner and the office, refused with a sentence.

#![cfg(test)]

use std::io::Cursor;

use app::domain::papers::MAX_OF_CASE;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::header::ORIGIN;

use super::{Answer, Browser, TestApp};
use crate::papers;
use crate::store::papers::KeptPaper;

const BOUNDARY: &str = "----test4711";

/// A small photo; another `shade`, another photo.
pub(super) fn photo(shade: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(160, 120, |x, y| Rgb([shade, (x % 256) as u8, (y % 256) as u8]));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut file, ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let (name, content) = file.unwrap_or_default();
    body.extend(
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        )
        .bytes(),
    );
    body.extend(content);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    body
}

impl Browser<'_> {
    async fn send_form(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self
            .app
            .request("POST", path)
            .header(ORIGIN, &self.app.site.settings().base_url)
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(body);
        self.send(request).await
    }

    /// Sends a file from a fresh page.
    pub(super) async fn send_photo(&self, number: &str, kind: &str, file: Option<(&str, &[u8])>) -> Answer {
        let path = format!("/confirm/{number}/papers");
        let key = self.get(&path).await.hidden("idempotency_key");
        self.send_form(&path, form(&[("whose", ""), ("idempotency_key", &key), ("kind", kind)], file)).await
    }

    pub(super) async fn a_case(&self) -> String {
        self.fill_in().await;
        self.submit().await
    }
}

/// Sends a photo for a case; gives its id.
pub(super) async fn send_one(browser: &Browser<'_>, number: &str) -> String {
    let sent = browser.send_photo(number, "other", Some(("a.jpg", &photo(1)))).await;
    assert_eq!(
        (sent.status, sent.location()),
        (303, &*format!("/confirm/{number}/papers?done=sent")),
        "{}",
        sent.body
    );
    rows(browser.app, number).await.pop().unwrap().line.id
}

pub(super) async fn rows(app: &TestApp, number: &str) -> Vec<KeptPaper> {
    let case = app.site.store().find_case(number).await.unwrap().unwrap();
    app.site.store().papers_of_case(&case.head.area, &case.id).await.unwrap()
}

/// The files of all pictures, and whether one of them shows its content.
fn files(app: &TestApp) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(&app.site.settings().papers_dir).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            found.push(std::fs::read(file.unwrap().path()).unwrap());
        }
    }
    found
}

async fn bytes(browser: &Browser<'_>, path: &str) -> (Answer, Vec<u8>) {
    let request = browser.app.request("GET", path).header("cookie", browser.cookie());
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let content = response.bytes().await.unwrap().to_vec();
    (Answer { status, headers, body: String::new() }, content)
}

#[tokio::test]
async fn a_photo_is_sent_listed_and_seen_by_its_owner_and_sealed_on_the_disk() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let receipt = own.get(&format!("/confirm/{number}")).await.body;
    assert!(receipt.contains(&format!("href=\"/confirm/{number}/papers\"")), "{receipt}");
    assert!(own.get(&format!("/confirm/{number}/papers")).await.body.contains("还没有交过照片"));
    let sent = own.send_photo(&number, "看病的材料", Some(("诊断书.jpg", &photo(9)))).await;
    let page = own.get(sent.location()).await.body;
    assert!(page.contains("照片收到了") && page.contains("交过的照片（1 张）"), "{page}");
    let paper = rows(&app, &number).await.remove(0);
    assert_eq!(paper.line.kind, "看病的材料");
    let address = format!("/confirm/{number}/papers/{}", paper.line.id);
    assert!(own.get(&address).await.body.contains("删掉这张照片"));
    for part in ["photo.jpg", "small.jpg"] {
        let (answer, picture) = bytes(&own, &format!("{address}/{part}")).await;
        assert_eq!(
            (answer.header("content-type"), answer.header("cache-control")),
            ("image/jpeg", "no-store")
        );
        assert!(picture.starts_with(&[0xFF, 0xD8, 0xFF]));
        assert!(files(&app).iter().all(|file| *file != picture), "nothing on the disk is readable");
    }
    assert_eq!(files(&app).len(), 2);
}

#[tokio::test]
async fn the_same_photo_and_the_same_press_are_one_photo() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let path = format!("/confirm/{number}/papers");
    let key = own.get(&path).await.hidden("idempotency_key");
    let fields = [("whose", ""), ("idempotency_key", &*key), ("kind", "other")];
    let body = form(&fields, Some(("a.jpg", &photo(3))));
    let (one, two) = (own.send_form(&path, body.clone()).await, own.send_form(&path, body).await);
    assert_eq!((one.status, two.status), (303, 303));
    let again = own.send_photo(&number, "看病的材料", Some(("b.jpg", &photo(3)))).await;
    assert_eq!(again.location(), format!("{path}?done=again"));
    assert!(own.get(again.location()).await.body.contains("这张照片已经收到过"));
    assert_eq!((rows(&app, &number).await.len(), files(&app).len()), (1, 2));
    // The key with another photo is another press of nothing that our pages have.
    let other = own.send_form(&path, form(&fields, Some(("a.jpg", &photo(4))))).await;
    assert_eq!((other.status, files(&app).len()), (409, 2));
}

#[tokio::test]
async fn what_is_no_photo_is_refused_with_a_sentence_and_the_choice_stays() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let whole = photo(5);
    for (name, file, sentence) in [
        ("setup.jpg", &b"MZ\x90\0\x03"[..], "不是照片"),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>", "不是照片"),
        ("empty.jpg", b"", "是空的"),
        ("half.jpg", &whole[..whole.len() / 2], "打不开"),
    ] {
        let answer = own.send_photo(&number, "看病的材料", Some((name, file))).await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(
            answer.body.contains(sentence) && answer.body.contains("error-summary"),
            "{name}: {}",
            answer.body
        );
        assert!(answer.body.contains("value=\"看病的材料\" checked"), "{name}: {}", answer.body);
    }
    let nothing = own.send_photo(&number, "", None).await;
    assert_eq!(nothing.status, 422);
    assert!(
        nothing.body.contains("请选择这是什么材料") && nothing.body.contains("请选一张照片"),
        "{}",
        nothing.body
    );
    let unknown = own.send_photo(&number, "存款证明", Some(("a.jpg", &whole))).await;
    assert!(unknown.body.contains("请从列出的选项中选一项"), "{}", unknown.body);
    assert!(rows(&app, &number).await.is_empty());
    assert!(std::fs::read_dir(&app.site.settings().papers_dir).unwrap().next().is_none());
}

#[tokio::test]
async fn a_body_of_16_mib_is_refused_with_a_sentence_and_other_forms_keep_their_limit() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let large = vec![0xFF_u8; 16 * 1024 * 1024];
    let answer = own.send_photo(&number, "看病的材料", Some(("a.jpg", &large))).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("照片太大了") && answer.body.contains("value=\"看病的材料\" checked"),
        "{}",
        answer.body
    );
    let path = format!("/confirm/{number}/papers/reuse");
    assert_eq!(own.send_form(&path, large[..70_000].to_vec()).await.status, 413);
    // Far too large is not even read.
    let announced = app
        .request("POST", &format!("/confirm/{number}/papers"))
        .header(ORIGIN, &app.base)
        .body(vec![0_u8; 64 * 1024 * 1024 + 1]);
    assert_eq!(app.send(announced).await.status, 413);
}

#[tokio::test]
async fn a_photo_of_12_mb_from_a_telephone_is_taken() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    // Noise, as fine as a sensor's: a JPEG of it is large.
    let mut state = 1_u32;
    let picture = RgbImage::from_fn(3_000, 2_250, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    });
    let mut file = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 94).encode_image(&picture).unwrap();
    // What telephones put behind: a film of the moment before.
    file.resize(file.len().max(12_000_000), 0);
    assert!(file.len() < 15 * 1024 * 1024, "{}", file.len());
    let sent = own.send_photo(&number, "other", Some(("IMG_0001.jpg", &file))).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let kept = rows(&app, &number).await.remove(0).line.bytes;
    // Noise is the worst that there is.
    assert!(kept < 6_000_000, "{kept} are kept");
}

#[tokio::test]
async fn an_application_takes_20_photos_and_says_so() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let path = format!("/confirm/{number}/papers");
    let early = own.get(&path).await.hidden("idempotency_key");
    for shade in 0..MAX_OF_CASE {
        let sent = own.send_photo(&number, "other", Some(("a.jpg", &photo(shade as u8)))).await;
        assert_eq!(sent.status, 303, "{shade}");
    }
    let page = own.get(&path).await.body;
    assert!(page.contains("照片已经交满") && !page.contains("type=\"file\""), "{page}");
    let fields = [("whose", ""), ("idempotency_key", &*early), ("kind", "other")];
    let more = own.send_form(&path, form(&fields, Some(("a.jpg", &photo(99))))).await;
    assert!(more.status == 422 && more.body.contains("最多 20 张照片"), "{}", more.body);
    assert_eq!(files(&app).len(), 2 * usize::from(MAX_OF_CASE));
}

#[tokio::test]
async fn a_device_that_knows_number_and_digits_sends_photos_and_sees_none() {
    let app = TestApp::start().await;
    let (own, other) = (app.browser(), app.browser());
    let number = own.a_case().await;
    let paper = send_one(&own, &number).await;
    other.post("/confirm", &[("number", &number), ("mobile_tail", "1234")]).await;
    let page = other.get(&format!("/confirm/{number}/papers")).await.body;
    assert!(page.contains("照片只给本人看") && !page.contains("small.jpg"), "{page}");
    for part in ["", "/photo.jpg", "/small.jpg"] {
        assert_eq!(other.get(&format!("/confirm/{number}/papers/{paper}{part}")).await.status, 404, "{part}");
    }
    assert_eq!(other.post(&format!("/confirm/{number}/papers/{paper}/delete"), &[]).await.status, 404);
    let sent = other.send_photo(&number, "other", Some(("a.jpg", &photo(77)))).await;
    assert_eq!(sent.status, 303);
    assert_eq!(rows(&app, &number).await.len(), 2);
}

#[tokio::test]
async fn the_office_sees_photos_in_the_act_that_is_noted_and_then_they_stay() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let paper = send_one(&own, &number).await;
    super::staff::account(&app, "street", &["street_officer@320214050"]).await;
    super::staff::account(&app, "neighbour", &["street_officer@320214051"]).await;
    let id = app.site.store().find_case(&number).await.unwrap().unwrap().id;
    let (here, elsewhere) = (app.browser(), app.browser());
    here.sign_in_as("street").await;
    elsewhere.sign_in_as("neighbour").await;
    let (case, one) = (format!("/staff/cases/{number}"), format!("/staff/cases/{number}/papers/{paper}"));
    // Another area's clerk is refused, and that is noted.
    assert_eq!(elsewhere.post(&one, &[("purpose", "handling")]).await.status, 403);
    assert_eq!(app.site.store().noted("access_refused", &id).await, 1);
    // Without a reason nothing is shown.
    assert_eq!(here.post(&one, &[]).await.location(), case);
    assert_eq!(here.get(&one).await.status, 405, "no address shows it unasked");
    assert_eq!(app.site.store().noted("details_read", &id).await, 0);
    assert!(own.get(&format!("/confirm/{number}/papers/{paper}")).await.body.contains("删掉这张照片"));
    let shown = here.post(&case, &[("purpose", "handling")]).await;
    assert!(
        shown.body.contains("照片材料") && shown.body.contains("data:image/jpeg;base64,"),
        "{}",
        shown.body
    );
    assert_eq!(app.site.store().noted("details_read", &id).await, 1);
    let large = here.post(&one, &[("purpose", "handling")]).await;
    assert!(large.status == 200 && large.body.contains("data:image/jpeg;base64,"), "{}", large.body);
    assert_eq!(app.site.store().noted("details_read", &id).await, 2);
    // What the office has seen is part of the case.
    let address = format!("/confirm/{number}/papers/{paper}");
    assert!(own.get(&address).await.body.contains("现在不能删"));
    assert_eq!(own.post(&format!("{address}/delete"), &[]).await.location(), address);
    assert_eq!(rows(&app, &number).await.len(), 1);
}

#[tokio::test]
async fn a_photo_whose_file_is_gone_does_not_take_the_application_with_it() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    send_one(&own, &number).await;
    std::fs::remove_dir_all(&app.site.settings().papers_dir).unwrap();
    super::staff::account(&app, "street", &["street_officer@320214050"]).await;
    let here = app.browser();
    here.sign_in_as("street").await;
    let shown = here.post(&format!("/staff/cases/{number}"), &[("purpose", "handling")]).await;
    assert!(shown.body.contains("照片暂时打不开") && shown.body.contains("王小明"), "{}", shown.body);
}

#[tokio::test]
async fn a_photo_that_nobody_has_seen_can_be_deleted_and_its_file_goes() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let path = format!("/confirm/{number}/papers");
    let key = own.get(&path).await.hidden("idempotency_key");
    let body =
        form(&[("whose", ""), ("idempotency_key", &key), ("kind", "other")], Some(("a.jpg", &photo(1))));
    assert_eq!(own.send_form(&path, body.clone()).await.status, 303);
    let paper = rows(&app, &number).await.remove(0).line.id;
    let deleted = own.post(&format!("/confirm/{number}/papers/{paper}/delete"), &[]).await;
    assert_eq!(deleted.location(), format!("/confirm/{number}/papers?done=deleted"));
    assert!(own.get(deleted.location()).await.body.contains("照片删掉了"));
    assert_eq!((rows(&app, &number).await.len(), files(&app).len()), (0, 0));
    // The form of before, sent once more, is not called received.
    let stale = own.send_form(&path, body).await;
    assert_eq!((stale.status, files(&app).len()), (409, 0));
    // A second press finds it gone, which is what was asked for; and it can be sent again.
    assert_eq!(own.post(&format!("/confirm/{number}/papers/{paper}/delete"), &[]).await.status, 303);
    send_one(&own, &number).await;
}

#[tokio::test]
async fn what_was_sent_before_is_used_again_and_its_file_goes_with_the_last_row() {
    let app = TestApp::start().await;
    let own = app.browser();
    let (first, second) = (own.a_case().await, own.a_case().await);
    let paper = send_one(&own, &first).await;
    let page = own.get(&format!("/confirm/{second}/papers")).await.body;
    assert!(page.contains("用以前交过的") && page.contains(&paper), "{page}");
    let reused =
        own.post(&format!("/confirm/{second}/papers/reuse"), &[("whose", ""), ("paper", &paper)]).await;
    assert_eq!(reused.location(), format!("/confirm/{second}/papers?done=reused"));
    let again =
        own.post(&format!("/confirm/{second}/papers/reuse"), &[("whose", ""), ("paper", &paper)]).await;
    assert!(again.location().ends_with("done=again"));
    assert!(!own.get(&format!("/confirm/{second}/papers")).await.body.contains("用以前交过的"));
    assert_eq!(files(&app).len(), 2, "one picture, two rows");
    let copy = rows(&app, &second).await.remove(0).line.id;
    own.post(&format!("/confirm/{first}/papers/{paper}/delete"), &[]).await;
    assert_eq!(files(&app).len(), 2);
    assert_eq!(bytes(&own, &format!("/confirm/{second}/papers/{copy}/photo.jpg")).await.0.status, 200);
    own.post(&format!("/confirm/{second}/papers/{copy}/delete"), &[]).await;
    assert_eq!(files(&app).len(), 0);
    // Nobody uses what is another's.
    let other = app.browser();
    let (theirs, mine) = (other.a_case().await, own.a_case().await);
    let paper = send_one(&other, &theirs).await;
    let stolen =
        own.post(&format!("/confirm/{mine}/papers/reuse"), &[("whose", ""), ("paper", &paper)]).await;
    assert_eq!(stolen.status, 404);
}

#[tokio::test]
async fn a_file_without_a_row_is_removed_after_an_hour_and_one_with_a_row_never() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    send_one(&own, &number).await;
    let object = papers::new_object().unwrap();
    app.site.papers().files().put(&object, papers::Part::Whole, vec![1, 2, 3]).await.unwrap();
    let now = app::ports::Clock::now(&crate::clock::SystemClock);
    assert_eq!(papers::sweep(&app.site, now).await.unwrap(), 0, "its row may be about to come");
    let later = app::domain::time::Instant(now.0 + 2 * 3_600_000);
    assert_eq!(papers::sweep(&app.site, later).await.unwrap(), 1);
    assert_eq!(files(&app).len(), 2);
}

#[tokio::test]
async fn a_resident_has_all_photos_at_one_place_and_they_go_with_the_account() {
    let app = TestApp::start().await;
    let own = app.browser();
    super::residents::sign_in(&app, &own, super::residents::HELPER).await;
    assert!(own.get("/me/papers").await.body.contains("还没有交过照片"));
    let number = own.a_case().await;
    let paper = send_one(&own, &number).await;
    let page = own.get("/me/papers").await.body;
    assert!(
        page.contains(&format!("/confirm/{number}/papers/{paper}")) && page.contains("一共 1 张"),
        "{page}"
    );
    assert!(own.get("/me").await.body.contains("href=\"/me/papers\""));
    let (export, readable) = (own.get("/me/data/export").await.body, own.get("/me/data/readable").await.body);
    assert!(export.contains(&paper) && readable.contains("材料照片"), "{export}");
    // Another resident's photos are nobody else's.
    let other = app.browser();
    super::residents::sign_in(&app, &other, super::residents::ELDER).await;
    assert!(other.get("/me/papers").await.body.contains("还没有交过照片"));
    assert_eq!(other.get(&format!("/confirm/{number}/papers/{paper}/photo.jpg")).await.status, 404);
    assert_eq!(own.post("/me/data/delete", &[("sure", "yes")]).await.location(), "/account-deleted");
    assert!(rows(&app, &number).await.is_empty() && files(&app).is_empty());
}

#[tokio::test]
async fn a_page_left_open_from_before_sends_no_photo_for_the_next_person() {
    let app = TestApp::start().await;
    let own = app.browser();
    let number = own.a_case().await;
    let path = format!("/confirm/{number}/papers");
    let key = own.get(&path).await.hidden("idempotency_key");
    let fields = [("whose", "another"), ("idempotency_key", &*key), ("kind", "other")];
    let answer = own.send_form(&path, form(&fields, Some(("a.jpg", &photo(1))))).await;
    assert_eq!(answer.status, 403);
    assert!(rows(&app, &number).await.is_empty());
}
