//! What every handler has at hand, who is asking, and how a page becomes an answer.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use app::domain::aid::LimitPolicy;
use app::domain::aid::catalogue::{AidItem, Catalogue};
use app::domain::aid::charity::Directory;
use app::domain::meals::{MealPoint, SubsidyTable, read_points, read_tables, sample_points, sample_tables};
use app::domain::money::Fen;
use app::ports::Clock;
use app::visit::{Assets, Owner, PageContext, PageTitle, SignedIn, SiteFacts, Visit};
use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use leptos::prelude::IntoView;

use crate::catalogue;
use crate::client_address::ClientAddress;
use crate::confirm::{KeyRing, StateLists};
use crate::error::AppError;
use crate::helping::Helping;
use crate::middleware::care::{CareMode, cookie_value};
use crate::middleware::request_id::RequestId;
use crate::middleware::security_headers::CspNonce;
use crate::oidc::Providers;
use crate::papers::{PaperStore, Papers};
use crate::seal::{random_secret, sha256};
use crate::session::Session;
use crate::settings::{Profile, Settings};
use crate::store::audit::Actor;
use crate::store::residents::owner_of;
use crate::store::sessions::KeptActing;
use crate::store::{Store, StoreError};
use crate::usual_times::UsualTimes;

/// How long a device keeps its own things: 180 days, in seconds.
pub(crate) const VISITOR_SECONDS: u64 = 180 * 24 * 3_600;

/// The deployment: shared by all handlers.
#[derive(Clone)]
pub(crate) struct Site(Arc<Inner>);

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Site({:?})", self.0.settings.profile)
    }
}

struct Inner {
    settings: Settings,
    store: Store,
    clock: Arc<dyn Clock>,
    keys: RwLock<Arc<KeyRing>>,
    facts: Arc<SiteFacts>,
    assets: Arc<Assets>,
    catalogue: Catalogue,
    charity: Directory,
    meals: Meals,
    usual_times: UsualTimes,
    messages_waiting: tokio::sync::Notify,
    providers: Providers,
    state_lists: StateLists,
    papers: Papers,
}

/// The directory of help beside public aid: the file of the settings, or the sample where sample data belongs.
fn charity(settings: &Settings) -> anyhow::Result<Directory> {
    match &settings.charity_file {
        Some(path) => {
            let named = || format!("reading {} (setting charity_file)", path.display());
            let text = std::fs::read_to_string(path).with_context(named)?;
            Directory::read(&text).with_context(named)
        }
        None if settings.sample_data => Ok(Directory::sample()?),
        None => Ok(Directory::default()),
    }
}

/// What a file of the settings holds, or the sample where sample data belongs, or nothing.
fn operators_file<T: Default>(
    (setting, path): (&str, Option<&Path>),
    read: impl FnOnce(&str) -> Result<T, String>,
    sample: Option<Result<T, String>>,
) -> anyhow::Result<T> {
    match path {
        Some(path) => {
            let named = || format!("reading {} (setting {setting})", path.display());
            let text = std::fs::read_to_string(path).with_context(named)?;
            read(&text).map_err(|cause| anyhow::anyhow!(cause).context(named()))
        }
        None => sample.unwrap_or_else(|| Ok(T::default())).map_err(|cause| anyhow::anyhow!(cause)),
    }
}

/// The meal points and the subsidies of meals.
#[derive(Debug)]
pub(crate) struct Meals {
    /// By centres and points, as the file has them.
    pub(crate) points: Vec<MealPoint>,
    /// The file's; what administrators entered comes behind it ([`Site::meal_tables`]). Empty where nothing was published.
    pub(crate) file_tables: Vec<SubsidyTable>,
}

impl Meals {
    fn of(settings: &Settings) -> anyhow::Result<Self> {
        // The sample lies in 新吴区's communities.
        let sample = settings.sample_data && settings.divisions_dir.is_none();
        Ok(Self {
            points: operators_file(
                ("meal_points_file", settings.meal_points_file.as_deref()),
                |text| read_points(text, settings.sample_data),
                sample.then(sample_points),
            )?,
            file_tables: operators_file(
                ("meal_tables_file", settings.meal_tables_file.as_deref()),
                read_tables,
                sample.then(sample_tables),
            )?,
        })
    }

    /// The point of that code.
    pub(crate) fn point(&self, code: &str) -> Option<&MealPoint> {
        self.points.iter().find(|point| point.code == code)
    }
}

impl Site {
    /// Puts the deployment together.
    ///
    /// # Errors
    /// The item's dated data can't be read, a sign-in provider can't be used, or there is no folder for pictures.
    pub(crate) fn new(
        settings: Settings,
        store: Store,
        clock: Arc<dyn Clock>,
        keys: KeyRing,
        assets: Assets,
    ) -> anyhow::Result<Self> {
        let facts = SiteFacts {
            name: settings.site_name.clone(),
            filing_number: settings.filing_number.clone(),
            hotline: settings.hotline.clone(),
            demo: settings.profile == Profile::Demo,
        };
        let catalogue = catalogue::load(settings.aid_dir.as_deref())?;
        let charity = charity(&settings)?;
        let meals = Meals::of(&settings)?;
        let providers = Providers::new(&settings)?;
        let papers = Papers::new(PaperStore::open(&settings)?);
        Ok(Self(Arc::new(Inner {
            providers,
            state_lists: StateLists::default(),
            papers,
            keys: RwLock::new(Arc::new(keys)),
            settings,
            store,
            clock,
            facts: Arc::new(facts),
            assets: Arc::new(assets),
            catalogue,
            charity,
            meals,
            usual_times: UsualTimes::default(),
            messages_waiting: tokio::sync::Notify::new(),
        })))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// The keys of confirmations as they are now. `server keys` may change them while the server runs.
    pub(crate) fn keys(&self) -> Arc<KeyRing> {
        // A poisoned lock holds a whole ring all the same: it is only ever replaced.
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses other keys from now on.
    pub(crate) fn use_keys(&self, keys: KeyRing) {
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// The signed list of what has ended, as it was last made.
    pub(crate) fn state_lists(&self) -> &StateLists {
        &self.0.state_lists
    }

    /// How long decisions of late took, street by street, as it was found within the last ten minutes.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn usual_times(&self) -> Result<Arc<Vec<(String, u32)>>, StoreError> {
        self.0.usual_times.get(self.store(), self.clock().now()).await
    }

    /// Help beside public aid.
    pub(crate) fn charity(&self) -> &Directory {
        &self.0.charity
    }

    /// What meals are subsidised by: the file's tables, then those that two administrators put in, which need no restart.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn meal_tables(&self) -> Result<Vec<SubsidyTable>, StoreError> {
        let mut tables = self.meals().file_tables.clone();
        tables.extend(self.store().meal_tables().await?);
        Ok(tables)
    }

    /// Where meals are, and what the settings say of them.
    pub(crate) fn meals(&self) -> &Meals {
        &self.0.meals
    }

    /// The aid items.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// The files that pages load.
    pub(crate) fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// Wakes the worker that sends messages: `notify_one` after an act that somebody waits for. It looks by itself
    /// every second.
    pub(crate) fn messages_waiting(&self) -> &tokio::sync::Notify {
        &self.0.messages_waiting
    }

    /// The providers with whose accounts residents may sign in.
    pub(crate) fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// What photos of papers are taken in with.
    pub(crate) fn papers(&self) -> &Papers {
        &self.0.papers
    }

    pub(crate) fn hotline(&self) -> &str {
        &self.0.settings.hotline
    }

    /// The limit that holds for applications received now: the one that the catalogue has; for 临时救助, of which no national
    /// rule has one, the setting. In the demo that is made up, and says so.
    pub(crate) fn limit_policy(&self, slug: &str, item: &AidItem) -> LimitPolicy {
        if let Some(days) = item.working_days() {
            return LimitPolicy { working_days: Some(u32::from(days)), sample: false };
        }
        if slug != crate::forms::aid::ITEM {
            return LimitPolicy::default();
        }
        let settings = self.settings();
        match settings.temporary_aid_limit_working_days {
            Some(days) => LimitPolicy { working_days: Some(u32::from(days)), sample: false },
            None if settings.sample_data => LimitPolicy { working_days: Some(20), sample: true },
            None => LimitPolicy::default(),
        }
    }

    /// The most that is given before its papers, and whether it is made up for the demo; `None` where nothing is.
    pub(crate) fn most_given_first(&self) -> Option<(Fen, bool)> {
        let settings = self.settings();
        let yuan = |yuan: u32| Fen(i64::from(yuan) * 100);
        match settings.expedited_most_yuan {
            Some(most) => Some((yuan(most), false)),
            None if settings.sample_data => Some((yuan(3_000), true)),
            None => None,
        }
    }

    /// Renders a page for this visitor.
    pub(crate) fn page<V: IntoView>(
        &self,
        visitor: &Visitor,
        status: StatusCode,
        view: impl FnOnce() -> V,
    ) -> Response {
        let context = PageContext {
            visit: visitor.visit.clone(),
            site: self.0.facts.clone(),
            assets: self.0.assets.clone(),
            title: PageTitle::default(),
        };
        let html = app::render::document(context, view);
        (status, [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
    }

    /// Whose things these are, with a cookie to set where neither a resident is signed in nor the device has one yet.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn owner_or_new(&self, visitor: &Visitor) -> Result<(Owner, Option<HeaderValue>), AppError> {
        match &visitor.visit.owner {
            Some(owner) => Ok((owner.clone(), None)),
            None => self.device_or_new(visitor),
        }
    }

    /// The device, with a cookie to set where it has none yet: the keeper of what is nobody's account's, whoever is signed
    /// in and for whomever they act.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn device_or_new(&self, visitor: &Visitor) -> Result<(Owner, Option<HeaderValue>), AppError> {
        if let Some(device) = &visitor.device {
            return Ok((device.clone(), None));
        }
        let secret = random_secret()?;
        Ok((Owner(sha256(&secret)), Some(self.visitor_cookie(&secret)?)))
    }

    /// The cookie by which a device keeps its own things.
    ///
    /// # Errors
    /// Never for our own secrets.
    pub(crate) fn visitor_cookie(&self, secret: &str) -> Result<HeaderValue, AppError> {
        crate::session::written(self, visitor_name(self), secret, VISITOR_SECONDS)
    }
}

fn visitor_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_visitor" } else { "xw_visitor" }
}

/// Goes to another page of ours, by GET, with a cookie to set if there is one.
pub(crate) fn see_other(path: &str, cookie: Option<HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Our own paths have no sign that a header can't carry; should one ever, home is a fair place.
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    with_cookie(response, cookie)
}

/// Adds a cookie to an answer.
pub(crate) fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict => Self::Conflict,
            StoreError::Other(cause) => Self::Internal(cause),
        }
    }
}

/// Who is asking, as far as this device and this request tell.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// What pages may know.
    pub(crate) visit: Visit,
    /// Where the request came from, for limits on wrong tries.
    pub(crate) address: ClientAddress,
    /// The keeper of what was done on this device without signing in.
    pub(crate) device: Option<Owner>,
    /// The resident who is signed in, name and document digits proved where they were asked for.
    pub(crate) session: Option<Session>,
    /// The session that still waits for name and document digits.
    pub(crate) waiting: Option<Session>,
    /// The clerk who fills in for the person at the counter; then there is no session.
    pub(crate) helping: Option<Helping>,
}

impl Visitor {
    /// The resident who is signed in.
    ///
    /// # Errors
    /// [`AppError::SignInFirst`] leads to the page where one signs in, and back.
    pub(crate) fn resident(&self) -> Result<&Session, AppError> {
        self.session.as_ref().ok_or_else(|| AppError::SignInFirst { next: self.visit.path.clone() })
    }

    /// For whom, if for another.
    pub(crate) fn acting(&self) -> Option<&KeptActing> {
        match &self.helping {
            Some(helping) => Some(&helping.acting),
            None => self.session.as_ref().and_then(Session::acting),
        }
    }

    /// Whose affairs these are, where there is an account.
    pub(crate) fn concerned(&self) -> Option<&str> {
        match self.acting() {
            Some(acting) => Some(&acting.represented),
            None => self.session.as_ref().map(Session::resident),
        }
    }

    /// Who acts, for the audit trail.
    pub(crate) fn actor(&self) -> Actor {
        match (&self.helping, &self.session) {
            (Some(helping), _) => helping.actor.clone(),
            (None, Some(session)) => session.actor(),
            (None, None) => {
                Actor::Device(self.device.as_ref().map(|owner| owner.0.clone()).unwrap_or_default())
            }
        }
    }
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let device = cookie_value(&parts.headers, visitor_name(site))
            // What is no secret of ours is nobody's: it is never looked up.
            .filter(|secret| secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()))
            .map(|secret| Owner(sha256(secret)));
        let address = match ClientAddress::from_request_parts(parts, &()).await {
            Ok(address) => address,
            // Every request has passed the layer that notes it; without, all share one allowance.
            Err(_) => ClientAddress(std::net::Ipv4Addr::UNSPECIFIED.into()),
        };
        let found = parts.extensions.get::<Session>().cloned();
        let (session, waiting) = match found {
            Some(session) if session.kept.proved => (Some(session), None),
            other => (None, other),
        };
        let now = site.clock().now();
        let helping = parts.extensions.get::<Helping>().cloned();
        let (owner, draft_owner) = match (&helping, &session) {
            (Some(helping), _) => (
                Some(owner_of(&helping.acting.represented)),
                Some(Owner(format!("acting:{}", helping.acting.proxy))),
            ),
            (None, Some(session)) => (Some(session.owner()), Some(session.draft_owner())),
            (None, None) => (device.clone(), device.clone()),
        };
        let idle_minutes = u32::from(site.settings().session_idle_minutes);
        let helps = helping.as_ref().map(|helping| SignedIn {
            name: String::new(),
            idle_minutes,
            minutes_left: i64::from(idle_minutes),
            // The visit's own limits are the clerk's affair.
            idle_left_ms: 0,
            end_left_ms: 0,
            acting_for: Some(helping.acting.name.clone()),
            helping: true,
        });
        let signed_in = session.as_ref().map(|session| SignedIn {
            name: session.kept.name.clone(),
            idle_minutes,
            minutes_left: (session.kept.ends_at.0 - now.0) / 60_000,
            idle_left_ms: session.kept.seen_at.0 + crate::session::idle_ms(site) - now.0,
            end_left_ms: session.kept.ends_at.0 - now.0,
            acting_for: session.acting().map(|acting| acting.name.clone()),
            helping: false,
        });
        let signed_in = helps.or(signed_in);
        Ok(Self {
            visit: Visit {
                request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
                nonce: parts.extensions.get::<CspNonce>().map(|nonce| nonce.0.clone()).unwrap_or_default(),
                path: parts.uri.path().to_owned(),
                care: parts.extensions.get::<CareMode>().copied().unwrap_or_default().0,
                owner,
                draft_owner,
                signed_in,
            },
            address,
            device,
            session,
            waiting,
            helping,
        })
    }
}

/// Reads the hashed names of the files that pages load, once at start.
///
/// # Errors
/// `hash.txt` is not where the build put it.
pub(crate) fn read_assets(hash_file: &Path, site_root: &Path) -> anyhow::Result<Assets> {
    let text = std::fs::read_to_string(hash_file)
        .with_context(|| format!("reading {}; run `make build` first", hash_file.display()))?;
    let name = |kind: &str, extension: &str| {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.trim() == kind)
            .map(|(_, hash)| format!("/pkg/app.{}.{extension}", hash.trim()))
            .with_context(|| format!("{} names no {kind}", hash_file.display()))
    };
    Ok(Assets {
        css: name("css", "css")?,
        js: name("js", "js")?,
        wasm: name("wasm", "wasm")?,
        verifier: modules_folder(site_root, "verify"),
        screener: modules_folder(site_root, "screener"),
    })
}

/// The one folder that `app/modules.mjs` makes for a page; empty where there is none, and the page then does without.
fn modules_folder(site_root: &Path, page: &str) -> String {
    let folders = std::fs::read_dir(site_root.join("pkg").join(page)).into_iter().flatten().flatten();
    let mut names: Vec<String> = folders.filter_map(|folder| folder.file_name().into_string().ok()).collect();
    names.sort();
    names.pop().map(|name| format!("/pkg/{page}/{name}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_file_of_the_build_names_the_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hash.txt");
        std::fs::write(&path, "css: abc\njs: def\nwasm: ghi\n").expect("written");
        std::fs::create_dir_all(folder.path().join("pkg/verify/jkl")).expect("made");
        let assets = read_assets(&path, folder.path()).expect("read");
        assert_eq!((assets.verifier.as_str(), assets.screener.as_str()), ("/pkg/verify/jkl", ""));
        assert_eq!((assets.css.as_str(), assets.wasm.as_str()), ("/pkg/app.abc.css", "/pkg/app.ghi.wasm"));
        assert!(read_assets(&folder.path().join("none"), folder.path()).is_err());
        assert_eq!(read_assets(&path, &path).expect("read").verifier, "");
    }
}
