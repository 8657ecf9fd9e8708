//! Files by which a host app checks that this address is ours (`MP_verify_….txt`, `WW_verify_….txt`): what lies in
//! `domain_check_dir` is served at `/NAME`, after every route of ours.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderName, Method};
use axum::response::{IntoResponse as _, Response};

/// The largest file that is served; such files are lines of a few dozen signs.
const MOST_BYTES: u64 = 64 * 1024;

/// The longest name.
const LONGEST_NAME: usize = 128;

/// The folder, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct DomainChecks(Option<Arc<Path>>);

impl DomainChecks {
    /// Serves from `folder`, which may come and go while the server runs.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self(folder.map(Arc::from))
    }

    /// The file that a path names; `None` where there is none, and for everything that is no plain name.
    pub(crate) async fn answer(&self, method: &Method, path: &str) -> Option<Response> {
        let folder = self.0.clone()?;
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let name = plain_name(path)?;
        let html = Path::new(name)
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm"));
        let kind = if html { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
        let name = name.to_owned();
        let bytes = tokio::task::spawn_blocking(move || read(&folder, &name)).await.ok()??;
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(kind)),
            (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
        ];
        Some((headers, bytes).into_response())
    }
}

/// The name in `/NAME`: letters, digits, `_`, `-` and `.`, the dot not in front. What is encoded with % is no such name.
fn plain_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let plain = (1..=LONGEST_NAME).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    plain.then_some(name)
}

/// The file's bytes, where it truly lies in the folder. Links within the folder are followed: that is how a cluster hands
/// files in.
fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(name).canonicalize().ok()?;
    if !file.starts_with(&folder) {
        tracing::warn!("a link in domain_check_dir leads out of it and is not served");
        return None;
    }
    let about = file.metadata().ok()?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    std::fs::File::open(&file).ok()?.take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MOST_BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn status_and_type(checks: &DomainChecks, method: Method, path: &str) -> Option<String> {
        let response = checks.answer(&method, path).await?;
        Some(response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn only_plain_files_of_the_folder_are_served() {
        let outer = tempfile::tempdir().unwrap();
        std::fs::write(outer.path().join("secret.txt"), "secret").unwrap();
        let folder = outer.path().join("checks");
        std::fs::create_dir_all(folder.join("inner")).unwrap();
        std::fs::write(folder.join("MP_verify_a1B2.txt"), "a1B2").unwrap();
        std::fs::write(folder.join("check.HTML"), "<p>a</p>").unwrap();
        std::fs::write(folder.join(".hidden"), "a").unwrap();
        std::fs::write(folder.join("large.txt"), vec![b'a'; 64 * 1024 + 1]).unwrap();
        std::fs::write(folder.join("inner/deep.txt"), "a").unwrap();
        std::os::unix::fs::symlink("../secret.txt", folder.join("link.txt")).unwrap();
        std::os::unix::fs::symlink("inner/deep.txt", folder.join("inside.txt")).unwrap();
        let checks = DomainChecks::new(Some(folder));
        let text = Some("text/plain; charset=utf-8".to_owned());
        for path in ["/MP_verify_a1B2.txt", "/inside.txt"] {
            assert_eq!(status_and_type(&checks, Method::GET, path).await, text, "{path}");
        }
        assert_eq!(status_and_type(&checks, Method::HEAD, "/MP_verify_a1B2.txt").await, text);
        let html = status_and_type(&checks, Method::GET, "/check.HTML").await;
        assert_eq!(html.as_deref(), Some("text/html; charset=utf-8"));
        for path in [
            "/",
            "",
            "/.",
            "/..",
            "/.hidden",
            "/inner",
            "/inner/deep.txt",
            "/../secret.txt",
            "/..%2Fsecret.txt",
            "/%2e%2e/secret.txt",
            "//secret.txt",
            "/link.txt",
            "/large.txt",
            "/none.txt",
            "/a\0.txt",
        ] {
            assert_eq!(status_and_type(&checks, Method::GET, path).await, None, "{path}");
        }
        assert_eq!(status_and_type(&checks, Method::POST, "/MP_verify_a1B2.txt").await, None);
    }

    #[tokio::test]
    async fn a_folder_that_is_absent_or_not_set_serves_nothing() {
        for folder in [None, Some(PathBuf::from("/no/such/folder"))] {
            let checks = DomainChecks::new(folder);
            assert!(checks.answer(&Method::GET, "/MP_verify_a.txt").await.is_none());
        }
    }
}
