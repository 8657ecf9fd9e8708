//! What a page knows of the request and of the deployment, handed in as context by the server.

use std::sync::{Arc, Mutex, PoisonError};

/// One request, as far as a page may see it.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The request's number, shown on error pages so that a clerk can find the log line.
    pub request_id: String,
    /// The nonce of this answer's content security policy; a script runs only with it.
    pub nonce: String,
    /// The path asked for, without the query.
    pub path: String,
    /// Elder mode (长辈版) is on.
    pub care: bool,
    /// Whose things are shown: the signed-in resident's, those of the person acted for, or this device's; nobody's yet.
    pub owner: Option<Owner>,
    /// Who keeps drafts: as `owner`, but somebody who acts for another keeps them apart from that person's own.
    pub draft_owner: Option<Owner>,
    /// The resident who is signed in.
    pub signed_in: Option<SignedIn>,
}

impl Visit {
    /// The agreement under which somebody acts for another, as forms carry it; empty for one's own affairs.
    pub fn mark(&self) -> &str {
        self.draft_owner.as_ref().and_then(|owner| owner.0.strip_prefix("acting:")).unwrap_or_default()
    }
}

/// The resident who is signed in, as far as a page may know.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The masked name; empty while none is known.
    pub name: String,
    /// After so many minutes without a step the session ends.
    pub idle_minutes: u32,
    /// It ends in so many minutes whatever is done; told once that is soon.
    pub minutes_left: i64,
    /// Milliseconds until it ends without a step.
    pub idle_left_ms: i64,
    /// Milliseconds until it ends whatever is done.
    pub end_left_ms: i64,
    /// For whom they act at the moment, masked.
    pub acting_for: Option<String>,
    /// It is a clerk who fills in for the person at the counter, and no resident.
    pub helping: bool,
}

/// The keeper of drafts and confirmations: for a device SHA-256 of its opaque cookie, in hexadecimal, so that nobody who
/// reads the database can act as the resident with it; `resident:` and the id for one with an account; `acting:` and the
/// agreement's id for drafts of somebody who acts for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(pub String);

/// Facts of this deployment that pages show. Empty values are not shown.
#[derive(Clone, Debug, Default)]
pub struct SiteFacts {
    /// 新吴民政掌上办
    pub name: String,
    /// The filing (备案) number of the service.
    pub filing_number: String,
    /// The telephone that residents may ring, such as 12345.
    pub hotline: String,
    /// The demo profile: sample data is loaded and marked, `/_kit` is open.
    pub demo: bool,
}

/// Hashed names of the files that pages load, read once at start.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// `/pkg/app.<hash>.css`
    pub css: String,
    /// `/pkg/app.<hash>.js`
    pub js: String,
    /// `/pkg/app.<hash>.wasm`
    pub wasm: String,
    /// `/pkg/verify/<hash>`, the folder of the modules that the page `/verify` alone loads; empty where they were not built.
    pub verifier: String,
    /// `/pkg/screener/<hash>`, the same for the page `/aid/check`.
    pub screener: String,
}

/// The context of every page.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// This request.
    pub visit: Visit,
    /// This deployment.
    pub site: Arc<SiteFacts>,
    /// Its files.
    pub assets: Arc<Assets>,
    /// The browser's title, set by the page's layout.
    pub title: PageTitle,
}

/// The browser's title of the page that is being rendered.
#[derive(Clone, Debug, Default)]
pub struct PageTitle(Arc<Mutex<String>>);

impl PageTitle {
    /// Sets the title.
    pub fn set(&self, title: String) {
        // A page that panicked half way left a title that is as good as any.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = title;
    }

    /// The title.
    pub fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
