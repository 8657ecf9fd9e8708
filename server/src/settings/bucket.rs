//! A bucket of an S3-compatible store for photos of papers: how it is written in the settings, and what is refused.

use std::path::PathBuf;

use serde::Deserialize;

use super::Secret;
use super::load::Origin;

/// The name of the setting, for messages.
const KEY: &str = "papers_bucket";

/// A bucket, and who we are there. `Debug` hides the secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bucket {
    /// The store's origin.
    pub(crate) endpoint: String,
    /// The bucket's name; it is the first part of each path there.
    pub(crate) name: String,
    /// The region that requests are signed for.
    #[serde(default = "usual_region")]
    pub(crate) region: String,
    /// The key's public half.
    pub(crate) access_key: String,
    /// Its secret half.
    #[serde(default)]
    pub(crate) secret_key: Option<Secret>,
    /// A file with that secret instead.
    #[serde(default)]
    pub(crate) secret_key_file: Option<PathBuf>,
}

/// What stores that have no regions take.
fn usual_region() -> String {
    "us-east-1".to_owned()
}

/// Checks the bucket and reads its secret. `refuse` takes the key, what is wrong and how to mend it.
pub(super) fn check(bucket: &mut Bucket, refuse: &mut impl FnMut(&str, &str, &str)) {
    match Origin::parse(&bucket.endpoint) {
        Ok(origin) if origin.https || origin.is_this_machine() => bucket.endpoint = origin.text,
        _ => refuse(
            KEY,
            "endpoint must be an https origin without a path",
            "write it like endpoint = \"https://s3.example.cn\"; http is for this machine alone",
        ),
    }
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    if !(3..=63).contains(&bucket.name.len()) || !bucket.name.bytes().all(sign) {
        refuse(
            KEY,
            "name must be 3 to 63 lower-case letters, digits, dots and hyphens",
            "copy the bucket's name from the store, like name = \"papers\"",
        );
    }
    if bucket.region.trim().is_empty() || bucket.access_key.trim().is_empty() {
        refuse(
            KEY,
            "region or access_key is empty",
            "copy them from the store; leave region out where it has none",
        );
    }
    match (&bucket.secret_key, &bucket.secret_key_file) {
        (Some(_), Some(_)) => {
            refuse(KEY, "secret_key and secret_key_file are both set", "leave one of them out");
        }
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(text) => bucket.secret_key = Some(Secret(text.trim().to_owned())),
            Err(cause) => refuse(
                KEY,
                &format!("secret_key_file {} can not be read: {cause}", file.display()),
                "put the secret there, readable by the server alone, or correct the path",
            ),
        },
        _ => {}
    }
    if bucket.secret_key.as_ref().is_none_or(|secret| secret.as_str().is_empty()) {
        refuse(
            KEY,
            "there is no secret_key",
            "set secret_key_file to a file with it, readable by the server alone",
        );
    }
}
