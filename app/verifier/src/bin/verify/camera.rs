//! Finds QR codes: in what the camera sees, and in a photo. The browser's `BarcodeDetector` is asked where it knows QR codes,
//! the module `qr_reader` else.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8ClampedArray};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

use super::document::{by_id, document, window};
use super::signature::load;

/// The longer side of a picture of the camera, in points: enough for a code of 57 modules that fills a third of it.
const SEEN: u32 = 960;

/// And of a photo, which is looked at once.
const PHOTO: u32 = 1_600;

/// Who finds codes in this browser.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    /// A `BarcodeDetector`.
    Browser(JsValue),
    /// The function `read` of the module.
    Module(Function),
}

async fn detector() -> Option<JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"BarcodeDetector".into()).ok()?.dyn_into().ok()?;
    let formats: Function = Reflect::get(&class, &"getSupportedFormats".into()).ok()?.dyn_into().ok()?;
    let formats: Promise = formats.call0(&class).ok()?.dyn_into().ok()?;
    let formats: Array = JsFuture::from(formats).await.ok()?.dyn_into().ok()?;
    if !formats.includes(&"qr_code".into(), 0) {
        return None;
    }
    let options = Object::new();
    Reflect::set(&options, &"formats".into(), &Array::of1(&"qr_code".into())).ok()?;
    Reflect::construct(&class, &Array::of1(&options)).ok()
}

impl Reader {
    /// Asks the browser first.
    pub(crate) async fn find(load_module: &Function) -> Result<Self, JsValue> {
        if let Some(detector) = detector().await {
            return Ok(Self::Browser(detector));
        }
        let module = load(load_module, "qr_reader").await?;
        Ok(Self::Module(Reflect::get(&module, &"read".into())?.dyn_into()?))
    }

    /// Its name, for whoever looks after the page.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Browser(_) => "browser",
            Self::Module(_) => "module",
        }
    }

    /// The texts of the codes in a picture of that size.
    async fn read(&self, picture: &JsValue, size: (u32, u32), limit: u32) -> Result<Vec<String>, JsValue> {
        let found: Array = match self {
            Self::Browser(detector) => {
                let detect: Function = Reflect::get(detector, &"detect".into())?.dyn_into()?;
                let codes: Promise = detect.call1(detector, picture)?.dyn_into()?;
                let codes: Array = JsFuture::from(codes).await?.dyn_into()?;
                codes.iter().filter_map(|code| Reflect::get(&code, &"rawValue".into()).ok()).collect()
            }
            Self::Module(read) => {
                let (width, height) = fitted(size, limit);
                let points = points(picture, width, height)?;
                read.call3(&JsValue::NULL, &width.into(), &height.into(), &points)?.dyn_into()?
            }
        };
        Ok(found.iter().filter_map(|text| text.as_string()).filter(|text| !text.is_empty()).collect())
    }

    /// The texts of the codes in a photo.
    pub(crate) async fn photo(&self, file: &File) -> Result<Vec<String>, JsValue> {
        let promise = window().ok_or(JsValue::NULL)?.create_image_bitmap_with_blob(file)?;
        let picture: ImageBitmap = JsFuture::from(promise).await?.dyn_into()?;
        let size = (picture.width(), picture.height());
        let mut texts = self.read(&picture, size, PHOTO).await?;
        // A code that fills the photo is found more easily in a small one.
        if texts.is_empty() {
            texts = self.read(&picture, size, SEEN / 2).await.unwrap_or_default();
        }
        picture.close();
        Ok(texts)
    }

    /// The texts of the codes that the camera sees now.
    pub(crate) async fn video(&self, video: &HtmlVideoElement) -> Vec<String> {
        let size = (video.video_width(), video.video_height());
        if video.ready_state() < 2 || size.0 == 0 || size.1 == 0 {
            return Vec::new();
        }
        self.read(video, size, SEEN).await.unwrap_or_default()
    }
}

/// The size with its longer side cut to `limit`.
fn fitted((width, height): (u32, u32), limit: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    if longer <= limit {
        return (width, height);
    }
    ((width * limit / longer).max(1), (height * limit / longer).max(1))
}

fn points(picture: &JsValue, width: u32, height: u32) -> Result<Uint8ClampedArray, JsValue> {
    let canvas: HtmlCanvasElement = match by_id("verify-canvas") {
        Some(canvas) => canvas,
        None => document().ok_or(JsValue::NULL)?.create_element("canvas")?.dyn_into()?,
    };
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let options = Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE)?;
    let context = canvas.get_context_with_context_options("2d", &options)?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    // One call for video and picture alike, which the types tell apart.
    let draw: Function = Reflect::get(&context, &"drawImage".into())?.dyn_into()?;
    let args = Array::of5(picture, &0.into(), &0.into(), &width.into(), &height.into());
    draw.apply(&context, &args)?;
    let data = context.get_image_data(0.0, 0.0, width.into(), height.into())?;
    Reflect::get(&data, &"data".into())?.dyn_into()
}

/// Opens the camera that looks away from the person, into the page's video.
pub(crate) async fn open(video: &HtmlVideoElement) -> Result<MediaStream, JsValue> {
    let wanted = Object::new();
    Reflect::set(&wanted, &"facingMode".into(), &"environment".into())?;
    let width = Object::new();
    Reflect::set(&width, &"ideal".into(), &1_280.into())?;
    Reflect::set(&wanted, &"width".into(), &width)?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    // On plain http there are no media devices, whatever the type says.
    let navigator = window().ok_or(JsValue::NULL)?.navigator();
    let devices = Reflect::get(&navigator, &"mediaDevices".into())?;
    if devices.is_undefined() {
        return Err(JsValue::NULL);
    }
    let promise = navigator.media_devices()?.get_user_media_with_constraints(&constraints)?;
    let stream: MediaStream = JsFuture::from(promise).await?.dyn_into()?;
    video.set_src_object(Some(&stream));
    JsFuture::from(video.play()?).await?;
    Ok(stream)
}

/// Lets the camera go.
pub(crate) fn close(video: &HtmlVideoElement, stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
    video.set_src_object(None);
}
