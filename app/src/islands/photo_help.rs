//! Helps to send a photo of a paper: says before it is sent whether it is large or blurred, shows how far it has got, and sends
//! it again when the line broke.

use leptos::prelude::*;

/// Watches the form with the field `photo`. What is said stands in the page (`pages/confirm/papers.rs`), hidden until there
/// is something to say. It advises and never refuses: the server judges.
#[island]
pub fn PhotoHelp() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::watch();
}

/// Above it a photo is worth waiting for a faster line, in bytes.
#[cfg(any(feature = "hydrate", test))]
const LARGE: u32 = 5 * 1024 * 1024;

/// Below it on its longer side, in pixels, a page of print is hard to read.
#[cfg(any(feature = "hydrate", test))]
const COARSE: u32 = 1_000;

/// Below it the edges of print are not to be seen: the variance of the Laplacian, of photos of print made smaller to
/// [`LOOKED_AT`]. Sharp print has some thousands.
#[cfg(any(feature = "hydrate", test))]
const BLURRED: u32 = 120;

/// A photo is looked at with its longer side of so many pixels.
#[cfg(feature = "hydrate")]
const LOOKED_AT: u32 = 1_000;

/// What is known of a chosen photo before it is sent.
#[cfg(any(feature = "hydrate", test))]
enum Seen {
    /// This browser looks at no photos.
    Unknown,
    /// It can't be opened here.
    Unreadable,
    /// Its longer side in pixels, and how sharp it is.
    Photo { side: u32, sharpness: u32 },
}

#[cfg(any(feature = "hydrate", test))]
fn megabytes(bytes: u32) -> String {
    let tenths = (u64::from(bytes) * 10).div_ceil(1024 * 1024);
    [(tenths / 10).to_string(), ".".into(), (tenths % 10).to_string(), "\u{a0}MB".into()].concat()
}

/// What to tell before it is sent.
#[cfg(any(feature = "hydrate", test))]
fn advice(bytes: u32, seen: &Seen) -> String {
    use crate::domain::papers::MAX_BYTES;
    let size = megabytes(bytes);
    if bytes as usize > MAX_BYTES {
        return ["这张照片有 ", &size, "，超过了 15\u{a0}MB，交不上来。请用相机的普通模式重拍一张。"]
            .concat();
    }
    let look = match *seen {
        Seen::Unknown => "",
        Seen::Unreadable => "这台手机打不开这个文件，它可能不是照片。请重选，或者现拍一张。",
        Seen::Photo { side, .. } if side < COARSE => {
            "照片比较小，字可能看不清。请放大看一看，看不清就靠近重拍。"
        }
        Seen::Photo { sharpness, .. } if sharpness < BLURRED => {
            "照片好像有点糊。请放大看一看，字看不清就拿稳重拍。"
        }
        Seen::Photo { .. } => "看起来清楚。",
    };
    let slow = if bytes > LARGE {
        "照片比较大，用流量会慢一些，也可以连上无线网再交。"
    } else {
        ""
    };
    ["选好了，", &size, "。", look, slow].concat()
}

/// The variance of the Laplacian of a picture, as grey values: how hard its edges are. `rgba` has four bytes a pixel.
#[cfg(any(feature = "hydrate", test))]
fn sharpness(rgba: &[u8], width: u32, height: u32) -> u32 {
    let (width, height) = (width as usize, height as usize);
    let grey = |x: usize, y: usize| {
        let at = (y * width + x) * 4;
        // Rec. 601, in whole numbers; what lies outside is black and never asked for.
        rgba.get(at..at + 3).map_or(0, |px| {
            (i64::from(px[0]) * 299 + i64::from(px[1]) * 587 + i64::from(px[2]) * 114) / 1_000
        })
    };
    let (mut sum, mut squares, mut count) = (0_i64, 0_i64, 0_i64);
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let edge = grey(x - 1, y) + grey(x + 1, y) + grey(x, y - 1) + grey(x, y + 1) - 4 * grey(x, y);
            sum += edge;
            squares += edge * edge;
            count += 1;
        }
    }
    if count == 0 {
        return 0;
    }
    let mean = sum / count;
    u32::try_from(squares / count - mean * mean).unwrap_or(0)
}

/// What is told while it is sent: how far it has got, in parts of a hundred.
#[cfg(any(feature = "hydrate", test))]
fn progress_words(sent: f64, total: f64) -> (u32, String) {
    let part = if total > 0.0 { (sent / total * 100.0).clamp(0.0, 100.0) } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let part = part as u32;
    let words = if part < 100 {
        ["正在交照片，已经传了 ", &part.to_string(), "%。请不要关掉这一页。"].concat()
    } else {
        "传完了，正在检查照片，请稍等。".to_owned()
    };
    (part, words)
}

#[cfg(feature = "hydrate")]
mod browser {
    use gloo_events::{EventListener, EventListenerOptions};
    use gloo_utils::{document, window};
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::prelude::Closure;
    use web_sys::{
        CanvasRenderingContext2d, DomParser, Element, Event, File, FormData, HtmlCanvasElement, HtmlElement,
        HtmlFormElement, HtmlInputElement, HtmlProgressElement, ImageBitmap, ProgressEvent, SupportedType,
        XmlHttpRequest,
    };

    use super::{LOOKED_AT, Seen, advice, progress_words, sharpness};

    const FIELD: &str = "photo";

    fn part<T: wasm_bindgen::JsCast>(id: &str) -> Option<T> {
        document().get_element_by_id(id)?.dyn_into().ok()
    }

    /// Elements that stand in the page take an attribute; should one not, the page works all the same.
    fn show(id: &str, shown: bool) {
        let Some(part) = part::<Element>(id) else { return };
        let _ = if shown { part.remove_attribute("hidden") } else { part.set_attribute("hidden", "") };
    }

    fn say(id: &str, words: &str) {
        if let Some(place) = part::<Element>(id) {
            place.set_text_content(Some(words));
        }
        show(id, !words.is_empty());
    }

    fn chosen() -> Option<File> {
        part::<HtmlInputElement>(FIELD)?.files()?.get(0)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "as much as a u32 holds is too large anyway"
    )]
    fn bytes(file: &File) -> u32 {
        file.size() as u32
    }

    /// Listens on the page itself: its main part is replaced when a photo comes back with an error.
    pub(super) fn watch() {
        EventListener::new(&document(), "change", |event| {
            if target(event).is_some_and(|it| it.id() == FIELD) {
                look();
            }
        })
        .forget();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&document(), "submit", options, |event| {
            let form = event.target().and_then(|it| it.dyn_into::<HtmlFormElement>().ok());
            // Without a photo, and where this can't be done, the browser sends the form as ever.
            let Some(form) =
                form.filter(|form| form.enctype() == "multipart/form-data" && chosen().is_some())
            else {
                return;
            };
            if send(&form).is_some() {
                event.prevent_default();
            }
        })
        .forget();
        EventListener::new(&document(), "click", |event| {
            if target(event).is_some_and(|it| it.id() == "photo-retry-button") {
                again();
            }
        })
        .forget();
        // What broke off goes on by itself when the line is back.
        EventListener::new(&window(), "online", |_| again()).forget();
        look();
    }

    fn target(event: &Event) -> Option<Element> {
        event.target()?.dyn_into().ok()
    }

    /// Sends the form once more, if it was sent and broke off.
    fn again() {
        let waits = part::<Element>("photo-retry").is_some_and(|row| !row.has_attribute("hidden"));
        let field = part::<HtmlInputElement>(FIELD).and_then(|field| field.form());
        if let Some(form) = field.filter(|_| waits) {
            send(&form);
        }
    }

    /// Looks at the photo that was chosen, and says what to know before it is sent.
    fn look() {
        let Some(file) = chosen() else { return say("photo-advice", "") };
        let size = bytes(&file);
        let Ok(opened) = window().create_image_bitmap_with_blob(&file) else {
            return say("photo-advice", &advice(size, &Seen::Unknown));
        };
        let seen = Closure::once(move |bitmap: wasm_bindgen::JsValue| {
            let seen = bitmap.dyn_into().ok().and_then(|bitmap| measure(&bitmap)).unwrap_or(Seen::Unknown);
            say("photo-advice", &advice(size, &seen));
        });
        let unreadable = Closure::once(move |_: wasm_bindgen::JsValue| {
            say("photo-advice", &advice(size, &Seen::Unreadable));
        });
        let _ = opened.then2(&seen, &unreadable);
        // One of the two is called, once; both are a few bytes.
        seen.forget();
        unreadable.forget();
    }

    fn measure(bitmap: &ImageBitmap) -> Option<Seen> {
        let side = bitmap.width().max(bitmap.height());
        let least = side.clamp(1, LOOKED_AT);
        let small = |length: u32| (length * least / side.max(1)).max(1);
        let (width, height) = (small(bitmap.width()), small(bitmap.height()));
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width);
        canvas.set_height(height);
        let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        pen.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width.into(), height.into()).ok()?;
        bitmap.close();
        let pixels = pen.get_image_data(0.0, 0.0, width.into(), height.into()).ok()?;
        Some(Seen::Photo { side, sharpness: sharpness(&pixels.data(), width, height) })
    }

    /// Sends the form and tells how far it has got. `None`: this browser can't.
    fn send(form: &HtmlFormElement) -> Option<()> {
        let content = FormData::new_with_form(form).ok()?;
        let request = XmlHttpRequest::new().ok()?;
        request.open_with_async("POST", &form.action(), true).ok()?;
        let up = request.upload().ok()?;
        EventListener::new(&up, "progress", |event| {
            if let Some(event) = event.dyn_ref::<ProgressEvent>() {
                tell(progress_words(event.loaded(), event.total()));
            }
        })
        .forget();
        let answered = request.clone();
        EventListener::once(&request, "loadend", move |_| arrived(&answered)).forget();
        request.send_with_opt_form_data(Some(&content)).ok()?;
        disable(true);
        show("photo-retry", false);
        show("photo-sending", true);
        tell(progress_words(0.0, 1.0));
        Some(())
    }

    /// One photo is sent at a time.
    fn disable(disabled: bool) {
        if let Ok(Some(button)) = document().query_selector("#photo-form button[type=submit]") {
            let _ = if disabled {
                button.set_attribute("disabled", "")
            } else {
                button.remove_attribute("disabled")
            };
        }
    }

    fn tell((part_of_100, words): (u32, String)) {
        if let Some(bar) = part::<HtmlProgressElement>("photo-progress") {
            bar.set_value(part_of_100.into());
        }
        say("photo-sending-words", &words);
    }

    fn arrived(request: &XmlHttpRequest) {
        let status = request.status().unwrap_or(0);
        match status {
            // The page that it led to; the browser opens it as its own.
            200..=299 => {
                let _ = window().location().assign(&request.response_url());
            }
            400..=499 => {
                if replace(&request.response_text().ok().flatten().unwrap_or_default()).is_none() {
                    broken("没有收下这张照片。照片还在这里，可以再传一次。");
                }
            }
            0 => broken(
                "网络断了，照片没有传完。照片还在这里，连上网会自动再传，也可以按下面的按钮。不会收两份。",
            ),
            _ => broken("现在收不了照片。照片还在这里，请过一会儿再传一次。"),
        }
    }

    fn broken(words: &str) {
        say("photo-sending-words", words);
        show("photo-retry", true);
        disable(false);
    }

    /// Puts what the server answered into the place of the page, the chosen photo with it.
    fn replace(html: &str) -> Option<()> {
        let answer = DomParser::new().ok()?.parse_from_string(html, SupportedType::TextHtml).ok()?;
        let (new, old) = (answer.query_selector("main").ok()??, document().query_selector("main").ok()??);
        let files = part::<HtmlInputElement>(FIELD).and_then(|field| field.files());
        old.replace_with_with_node_1(&new).ok()?;
        document().set_title(&answer.title());
        if let Some(field) = part::<HtmlInputElement>(FIELD) {
            field.set_files(files.as_ref());
        }
        if let Some(summary) = part::<HtmlElement>("error-summary") {
            let _ = summary.focus();
        }
        look();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of print: black and white stripes of four pixels, softened `blur` times.
    fn print(blur: u32) -> Vec<u8> {
        let (width, height) = (64_usize, 64_usize);
        let mut row: Vec<i32> = (0..width).map(|x| if x % 8 < 4 { 20 } else { 235 }).collect();
        for _ in 0..blur {
            row = (0..width)
                .map(|x| (row[x.saturating_sub(1)] + row[x] + row[(x + 1).min(width - 1)]) / 3)
                .collect();
        }
        let pixel = |grey: i32| [grey as u8, grey as u8, grey as u8, 255];
        (0..height).flat_map(|_| row.iter().flat_map(|grey| pixel(*grey)).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn sharp_print_and_blurred_print_are_told_apart() {
        assert!(sharpness(&print(0), 64, 64) > 2_000);
        let mut last = u32::MAX;
        for blur in [0, 1, 3, 6, 12] {
            let now = sharpness(&print(blur), 64, 64);
            assert!(now < last, "the softer, the less: {now} after {last}");
            last = now;
        }
        assert!(last < BLURRED, "{last}");
        assert_eq!(sharpness(&[], 0, 0), 0);
        assert_eq!(sharpness(&[1, 2, 3, 4], 1, 1), 0);
        assert_eq!(sharpness(&[0; 8], 64, 64), 0, "what is missing is black");
    }

    #[test]
    fn it_says_what_a_photo_lacks_and_refuses_nothing_but_what_the_server_refuses() {
        let sharp = Seen::Photo { side: 4_000, sharpness: 900 };
        assert_eq!(advice(3 * 1024 * 1024, &sharp), "选好了，3.0\u{a0}MB。看起来清楚。");
        assert!(advice(12 * 1024 * 1024, &sharp).contains("连上无线网"));
        assert!(advice(1, &Seen::Photo { side: 4_000, sharpness: 5 }).contains("有点糊"));
        assert!(advice(1, &Seen::Photo { side: 640, sharpness: 900 }).contains("比较小"));
        assert!(advice(1, &Seen::Unreadable).contains("可能不是照片"));
        assert_eq!(advice(100, &Seen::Unknown), "选好了，0.1\u{a0}MB。");
        assert!(advice(16 * 1024 * 1024, &sharp).contains("交不上来"));
    }

    #[test]
    fn progress_stays_between_nothing_and_all() {
        assert_eq!(progress_words(0.0, 0.0).0, 0);
        assert_eq!(progress_words(45.0, 100.0).0, 45);
        assert!(progress_words(45.0, 100.0).1.contains("45%"));
        assert_eq!(progress_words(200.0, 100.0).0, 100);
        assert!(progress_words(100.0, 100.0).1.contains("正在检查"));
    }
}
