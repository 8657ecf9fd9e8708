//! Whether a signature fits: asked of the browser's WebCrypto, or of the module `signature` where that has no Ed25519.

use app::domain::confirm::keys::PublicKey;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

const ED25519: &str = "Ed25519";

/// Who checks signatures in this browser.
#[derive(Clone, Debug)]
pub(crate) enum Verifier {
    /// WebCrypto.
    Browser(SubtleCrypto),
    /// The function `fits` of the module.
    Module(Function),
}

/// The base point: a key that every implementation takes.
const SOME_KEY: [u8; 32] = {
    let mut bytes = [0x66; 32];
    bytes[0] = 0x58;
    bytes
};

async fn import(subtle: &SubtleCrypto, bytes: &[u8; 32]) -> Result<CryptoKey, JsValue> {
    let key: Uint8Array = bytes.as_slice().into();
    let uses = Array::of1(&"verify".into());
    let promise = subtle.import_key_with_str("raw", &key, ED25519, true, &uses)?;
    JsFuture::from(promise).await?.dyn_into()
}

fn subtle() -> Option<SubtleCrypto> {
    // On plain http there is none, whatever the type says.
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    (!subtle.is_undefined()).then(|| subtle.unchecked_into())
}

/// Loads a module of ours by its name.
pub(crate) async fn load(load: &Function, name: &str) -> Result<JsValue, JsValue> {
    let promise: Promise = load.call1(&JsValue::NULL, &name.into())?.dyn_into()?;
    JsFuture::from(promise).await
}

impl Verifier {
    /// Tries the browser's own first.
    pub(crate) async fn find(load_module: &Function) -> Result<Self, JsValue> {
        if let Some(subtle) = subtle()
            && import(&subtle, &SOME_KEY).await.is_ok()
        {
            return Ok(Self::Browser(subtle));
        }
        let module = load(load_module, "signature").await?;
        Ok(Self::Module(Reflect::get(&module, &"fits".into())?.dyn_into()?))
    }

    /// Its name, for whoever looks after the page.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Browser(_) => "browser",
            Self::Module(_) => "module",
        }
    }

    /// Whether the signature is that key's over the message. What can't be asked doesn't fit.
    pub(crate) async fn fits(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let (message, signature): (Uint8Array, Uint8Array) = (message.into(), signature.into());
        let answer = match self {
            Self::Browser(subtle) => {
                let asked = async {
                    let key = import(subtle, &key.bytes).await?;
                    let promise = subtle.verify_with_str_and_js_u8_array_and_js_u8_array(
                        ED25519, &key, &signature, &message,
                    )?;
                    JsFuture::from(promise).await
                };
                asked.await
            }
            Self::Module(fits) => {
                let key: Uint8Array = key.bytes.as_slice().into();
                fits.call3(&JsValue::NULL, &key, &message, &signature)
            }
        };
        answer.is_ok_and(|fits| fits == JsValue::TRUE)
    }
}
