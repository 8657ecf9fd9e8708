//! Every setting, in one typed struct, checked before anything starts.
//!
//! Precedence: command line over environment (`XW_…`) over `server.toml` over defaults. An unknown key, a bad value
//! or a missing secret stops the start with a message that names the key, where it came from, and the fix.
//! Nothing else in the program reads the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use app::domain::quiet_hours::QuietHours;
use axum::http::Uri;
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Provider};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer};
use tracing_subscriber::EnvFilter;

use crate::cli::ServeOverrides;

mod bucket;
mod load;
mod oidc;
mod problem;
mod retention;
#[cfg(test)]
mod tests;

pub(crate) use bucket::Bucket;
use load::networks;
pub(crate) use load::{default_config, is_this_machine};
pub(crate) use oidc::OidcProvider;
use problem::Problem;
pub(crate) use problem::SettingsError;
pub(crate) use retention::Retention;

/// The settings file that is read when none is named.
const DEFAULT_FILE: &str = "server.toml";

/// The longest public address: the whole QR text stays within version 10 at level M with it.
const MAX_BASE_URL: usize = 40;

/// Writes the struct and the table of its keys from one list, so that neither can miss an entry of the other.
///
/// Each entry: documentation, name, type, how its text is read, where its default comes from, the default.
macro_rules! settings {
    ($(
        $(#[doc = $doc:literal])+
        $(#[serde($($serde:tt)*)])?
        $name:ident: $type:ty = $kind:ident $role:ident $default:literal;
    )+) => {
        /// The settings of a deployment, checked. `Debug` hides the database's password.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Settings {
            $(
                $(#[doc = $doc])+
                $(#[serde($($serde)*)])?
                pub(crate) $name: $type,
            )+
        }

        /// The table behind `server default-config`, the defaults and the messages.
        const KEYS: &[Key] = &[$(
            Key {
                name: stringify!($name),
                kind: Kind::$kind,
                role: Role::$role,
                default: $default,
                doc: &[$($doc),+],
            }
        ),+];
    };
}

settings! {
    /// The address and port to listen on. 127.0.0.1 is reached from this machine alone, 0.0.0.0 from the network.
    addr: SocketAddr = Text Default r#""127.0.0.1:3000""#;
    /// The public address that residents open: http(s)://host or http(s)://host:port, at most 40 signs, no path. It
    /// stands in every QR code and is the one origin that may send forms. Production needs https.
    base_url: String = Text Default r#""http://localhost:3000""#;
    /// The database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME. By default a file in data_dir.
    database_url: DatabaseUrl = Text Derived r#""sqlite://data/xinwu.db""#;
    /// The folder for what the program writes.
    data_dir: PathBuf = Text Default r#""data""#;
    /// The folder for photos of papers, sealed. By default "papers" in data_dir. Several servers on one database share it;
    /// a copy of the database is whole only with it.
    papers_dir: PathBuf = Text Derived r#""data/papers""#;
    /// A bucket of an S3-compatible store for them instead of papers_dir. region may be left out where the store has none;
    /// secret_key_file names a file with the secret instead of secret_key. Nobody else may write there. (Shown: an example.)
    papers_bucket: Option<Bucket> = Table Example r#"{ endpoint = "https://s3.example.cn", name = "papers", region = "us-east-1", access_key = "AKEXAMPLE", secret_key = "a-long-secret" }"#;
    /// The folder with the encryption and signing keys. By default "keys" in data_dir; production must set it, and
    /// to a place outside data_dir, so that a copy of the data is no copy of the keys.
    key_dir: PathBuf = Text Derived r#""data/keys""#;
    /// "demo" to try it out, "production" for real people. Production refuses whatever is unsafe.
    profile: Profile = Text Default r#""demo""#;
    /// The short name of this deployment in signed confirmations: 1 to 4 ASCII letters or digits.
    issuer: String = Text Default r#""XW""#;
    /// The time bank's rules: a name of app/data/timebank/rules.toml. default is what a bank has that decided nothing; the
    /// others are named after the cities whose press tells that they work so, to start from.
    timebank_rules: String = Text Default r#""default""#;
    /// What two people of the staff may do with hours that wait because somebody moved, died, closed the account or the bank
    /// closes: donate (to the pool), spouse, own (another account of the same person). No rule has been published: empty,
    /// they wait; a freeze by mistake can always be undone.
    timebank_outcomes: Vec<String> = List Default "[]";
    /// The name of the service, as residents see it.
    site_name: String = Text Default r#""新吴民政掌上办""#;
    /// The filing (备案) number at the foot of each page. Empty: none is shown.
    filing_number: String = Text Default r#""""#;
    /// The telephone that residents may ring. Empty: none is shown.
    hotline: String = Text Default r#""12345""#;
    /// How many proxies of ours stand before the server. The client's address is that many entries from the right in
    /// X-Forwarded-For. 0: nobody's header is believed, the address is the connection's.
    trusted_hops: u8 = Number Default "0";
    /// Networks with many people behind one address, such as street offices: they get office_requests_per_minute.
    #[serde(deserialize_with = "networks")]
    office_networks: Vec<IpNet> = List Default "[]";
    /// Host apps that may show the pages in a frame: https origins. Empty: none.
    host_apps: Vec<String> = List Default "[]";
    /// A folder with the files by which host apps check that this address is ours, such as MP_verify_….txt. Each is served
    /// at /NAME. (Shown: an example.)
    domain_check_dir: Option<PathBuf> = Text Example r#""domain-checks""#;
    /// A folder with the streets and communities of another district: streets.csv (code,name) and communities.csv
    /// (code,name,street_code), each in the order of its codes. Unset: 新吴区's. (Shown: an example.)
    divisions_dir: Option<PathBuf> = Text Example r#""divisions""#;
    /// A folder with aid items of the district's own, one file each as in app/data/aid: a new name adds an item, a known
    /// one takes the place of ours. Unset: ours alone. (Shown: an example.)
    aid_dir: Option<PathBuf> = Text Example r#""aid""#;
    /// A file with help beside public aid (charity programmes, medical mutual aid, liability insurance), fields as in
    /// app/data/charity/sample.toml. Unset: the page names none; the demo shows the sample. (Shown: an example.)
    charity_file: Option<PathBuf> = Text Example r#""charity.toml""#;
    /// A file with the meal points of the district, columns as in app/data/meals/sample_points.csv. Unset: there are none; the
    /// demo shows the sample. (Shown: an example.)
    meal_points_file: Option<PathBuf> = Text Example r#""meal_points.csv""#;
    /// A file with the published subsidies of meals, fields as in app/data/meals/sample_tables.toml. Unset: no sum is worked
    /// out, and pages say that the street's publication counts; the demo works with the sample. (Shown: an example.)
    meal_tables_file: Option<PathBuf> = Text Example r#""meal_tables.toml""#;
    /// The telephone of each street's office, by street code, such as { 320214050 = "0510-85210000" }.
    street_phones: BTreeMap<String, String> = Table Default "{}";
    /// The limit in working days for temporary aid, where one is published. Unset: the page says that the street's
    /// publication counts. (Shown: an example.)
    temporary_aid_limit_working_days: Option<u16> = Number Example "10";
    /// Where that limit is published, shown beside it; production needs it when the limit is set. (Shown: an
    /// example.)
    temporary_aid_limit_source: Option<String> = Text Example r#""示例""#;
    /// Whether a public notice (公示) whose last day is off ends with the next working day. No source settles it.
    notice_rolls: bool = Flag Default "true";
    /// Show whole names in public notices on the internet, as on the board in the community. Off: the first character and stars.
    notice_whole_names: bool = Flag Default "false";
    /// Days for which aid that was given is made public (公布).
    publication_days: u16 = Number Default "30";
    /// The most yuan of aid in an emergency that is given before its papers (社会救助法 50), where the office has set it. Unset:
    /// none is. (Shown: an example.)
    expedited_most_yuan: Option<u32> = Number Example "3000";
    /// Working days within which the papers follow: a rule of the office, not law.
    expedited_paper_days: u16 = Number Default "10";
    /// Where a decision of the office can be turned against online (行政复议). While it is unset nobody decides a case here: a
    /// decision that is delivered online must offer it (行政复议法 22). By default a made-up address in demo and unset in
    /// production.
    reconsideration_url: Option<String> = Text Derived r#""https://fuyi.example.cn/""#;
    /// Hours within which an emergency is answered: a promise of the service, not law.
    emergency_promise_hours: u16 = Number Default "24";
    /// Working days within which a complaint or suggestion is answered: a promise of the service, shown beside it.
    complaint_reply_days: u16 = Number Default "15";
    /// Working days within which somebody visits a household that others told of: a promise of the service, not law.
    found_visit_days: u16 = Number Default "3";
    /// Working days within which a recheck (复核) of a refusal is answered, where the office has published that. Unset: the page
    /// says that the street's publication counts. (Shown: an example.)
    recheck_reply_days: Option<u16> = Number Example "15";
    /// Show codes that would be sent by text message on the page instead. By default on in demo; production refuses
    /// it.
    show_codes_on_page: bool = Flag Derived "true";
    /// Load marked sample data at start. By default on in demo; production refuses it.
    sample_data: bool = Flag Derived "true";
    /// How messages leave: "console" writes them to the log (demo), "http" sends them to message_gateway_url. By default
    /// console in demo and http in production, which refuses console.
    message_sender: SenderKind = Text Derived r#""console""#;
    /// The gateway that takes messages: POST with {"id", "channel", "to", "text"} as JSON; 2xx means taken. (Shown: an
    /// example.)
    message_gateway_url: Option<String> = Text Example r#""https://sms.example.cn/send""#;
    /// What the gateway knows us by, sent as a bearer token. (Shown: an example.)
    message_gateway_token: Option<Secret> = Text Example r#""a-long-secret""#;
    /// How often a message is tried before it is given up.
    message_tries: u32 = Number Default "10";
    /// When only codes are sent, in Asia/Shanghai; everything else waits for the end. Empty: never quiet.
    quiet_hours: QuietHours = Text Default r#""21:00-08:00""#;
    /// Minutes without a step after which a resident is signed out.
    session_idle_minutes: u16 = Number Default "60";
    /// Hours after which a resident is signed out whatever they do, unless they say that they go on.
    session_hours: u16 = Number Default "12";
    /// Days without use after which a telephone number may be another person's: name and document digits are asked for
    /// before old things open.
    number_unused_days: u16 = Number Default "180";
    /// One-time codes an hour for one telephone number. A device on which its owner has signed in before has as many of
    /// its own, so that no stranger uses them up.
    codes_per_hour: u32 = Number Default "5";
    /// One-time codes a day for one telephone number, and as many again for devices that its owner has signed in on.
    codes_per_day: u32 = Number Default "20";
    /// Days after which an unfinished application is deleted.
    draft_days: u16 = Number Default "30";
    /// How many days things are kept once they are over, by table. In production applications and complaints have no
    /// default: 个人信息保护法 19 asks for the shortest time that the purpose needs, and whoever runs the service knows it.
    /// audit_entries: at least 183 (网络安全法 23); records of shared data's use 1095 (政务数据共享条例 29).
    retention: Retention = Table Derived r#"{ applications = 1825, complaints = 730, proxies = 365, consents = 1095, confirmations = 365, marriage_bookings = 90, meal_orders = 365, time_needs = 365, found_households = 365, residents = 1095, notices = 365, outbox = 30, sign_in_codes = 1, resident_sessions = 90, audit_entries = 1095, idempotency_keys = 2, tries = 1, confirmation_grants = 0 }"#;
    /// What to log: a level, or levels by module, such as "info,server=debug". Nothing personal is logged at any
    /// level.
    log: String = Text Default r#""info""#;
    /// The folder with the stylesheet, the scripts and the icons.
    site_root: PathBuf = Text Default r#""target/site""#;
    /// The largest body of a request, in bytes.
    body_limit_bytes: usize = Number Default "65536";
    /// Seconds after which a request is given up.
    request_timeout_seconds: u64 = Number Default "30";
    /// Wrong tries an hour at opening one confirmation with its number and a telephone's last digits.
    lookup_tries_per_hour: u32 = Number Default "10";
    /// Minutes without a request after which staff are signed out.
    staff_idle_minutes: u16 = Number Default "30";
    /// Hours after which staff must sign in anew, whatever they do.
    staff_session_hours: u16 = Number Default "10";
    /// Requests a minute from one address, files of the site not counted.
    requests_per_minute: u32 = Number Default "600";
    /// Requests a minute from one address in office_networks.
    office_requests_per_minute: u32 = Number Default "6000";
    /// Providers of OpenID Connect with whose accounts residents may sign in; none by default. In the file each may also
    /// be a block of its own, as README.md shows. id: a short name that stays, accounts are bound to it.
    /// name: as residents read it. issuer: the provider's address, to the letter. client_id, and client_secret or
    /// client_secret_file where the provider gave a secret. scopes: asked for besides openid. name_claim,
    /// document_claim, phone_claim: where the provider tells name, document number and telephone; left out, it tells
    /// nothing. document_kind_claim and document_kinds = { "111" = "citizen_id" }: which document; left out, the citizen
    /// id card. verified_claim and verified_values (["true"] by default): what the provider says of somebody whose
    /// document it has proved; such a person counts as verified. origins: further hosts that its sign-in leads through.
    /// To be registered there: base_url/sign-in/callback/ID. (Shown: an example.)
    #[serde(default)]
    oidc_providers: Vec<OidcProvider> = Tables Example r#"[{ id = "province", name = "示例平台", issuer = "https://id.example.cn", client_id = "xinwu", scopes = ["realname"], name_claim = "name", document_claim = "id_number", phone_claim = "phone_number", verified_claim = "real_name_verified" }]"#;
    /// Answer /metrics to everybody. Off: to this machine alone.
    metrics_public: bool = Flag Default "false";
}

/// One row of the table of settings.
struct Key {
    /// Its name in the file; the variable is `XW_` and the name in capitals.
    name: &'static str,
    /// How its text is read from the environment.
    kind: Kind,
    /// Where its default comes from.
    role: Role,
    /// The default, or an example, as TOML.
    default: &'static str,
    /// What it does, line by line.
    doc: &'static [&'static str],
}

/// How a setting's text is read from the environment, where everything is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    List,
    Table,
    /// A list of tables, which has no short form: TOML in the environment too.
    Tables,
}

/// What the table's value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The default.
    Default,
    /// What the demo gets; the default is worked out from other settings.
    Derived,
    /// An example; unset by default.
    Example,
}

impl Key {
    /// Looks a key up by name.
    fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Its environment variable.
    fn variable(&self) -> String {
        format!("XW_{}", self.name.to_ascii_uppercase())
    }

    /// Reads the text of an environment variable. What does not parse stays text, and the typed struct refuses it
    /// with the variable's name. An empty number, flag or table counts as unset, as container tools pass unset
    /// variables on like that.
    fn read(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self.kind {
            Kind::Text => Some(Value::from(text)),
            Kind::Number | Kind::Flag | Kind::Table | Kind::Tables if text.is_empty() => None,
            Kind::Number => Some(text.parse::<u64>().map_or_else(|_| Value::from(text), Value::from)),
            Kind::Flag => Some(match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Value::from(true),
                "false" | "0" => Value::from(false),
                _ => Value::from(text),
            }),
            Kind::List if text.starts_with('[') => {
                Some(toml_value(text).unwrap_or_else(|| Value::from(text)))
            }
            Kind::List => Some(Value::from(pieces(text).map(Value::from).collect::<Vec<_>>())),
            Kind::Tables => Some(toml_value(text).unwrap_or_else(|| Value::from(text))),
            Kind::Table if text.starts_with('{') => {
                Some(toml_value(text).unwrap_or_else(|| Value::from(text)))
            }
            Kind::Table => {
                let pairs: Option<Dict> = pieces(text)
                    .map(|pair| pair.split_once('='))
                    .map(|pair| pair.map(|(key, value)| (key.trim().into(), Value::from(value.trim()))))
                    .collect();
                Some(pairs.map_or_else(|| Value::from(text), Value::from))
            }
        }
    }

    /// What a right value looks like, for the message about a wrong one.
    fn shape(&self) -> String {
        format!(
            "write it like {} = {}, or {}={}",
            self.name,
            self.default,
            self.variable(),
            match self.kind {
                Kind::Text | Kind::Number | Kind::Flag => self.default.trim_matches('"'),
                Kind::List => "ONE,ANOTHER",
                Kind::Table => "NAME=VALUE,NAME=VALUE",
                Kind::Tables => "'[{ … }]' with the same between the brackets",
            }
        )
    }
}

/// The environment variables that are ours, for programs that we start and that they are none of the business of.
#[expect(
    clippy::disallowed_methods,
    reason = "names alone are looked at, and this is where the environment is read"
)]
pub(crate) fn variables() -> impl Iterator<Item = std::ffi::OsString> {
    std::env::vars_os().map(|(name, _)| name).filter(|name| name.as_encoded_bytes().starts_with(b"XW_"))
}

/// The parts of a comma-separated text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|piece| !piece.is_empty())
}

/// Reads one TOML value.
fn toml_value(text: &str) -> Option<Value> {
    toml_dict(&format!("value = {text}")).ok()?.remove("value")
}

/// Reads a TOML document.
fn toml_dict(text: &str) -> Result<Dict, Box<figment::Error>> {
    let mut profiles = Toml::string(text).data()?;
    Ok(profiles.remove(&figment::Profile::Default).unwrap_or_default())
}

/// Whom the deployment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// To try it out: sample data, keys made on the way, readable log.
    Demo,
    /// For real people: whatever is unsafe refuses to start.
    Production,
}

/// How messages leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SenderKind {
    /// Into the log.
    Console,
    /// To a gateway.
    Http,
}

/// A secret; `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// The secret itself, for the one place that sends it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The database engine, chosen by the address's scheme and by nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// One file; one server.
    Sqlite,
    /// A database server; several copies of this server.
    Postgres,
}

/// The database's address. `Debug` hides what may be a password, so that it is not logged in the event of an error.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address with its password, for the driver alone.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The engine, where the scheme names one.
    fn engine(&self) -> Option<Engine> {
        match self.0.split_once("://")?.0 {
            "sqlite" => Some(Engine::Sqlite),
            "postgres" | "postgresql" => Some(Engine::Postgres),
            _ => None,
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            // Not an address; it may be a password put into the wrong place.
            return write!(f, "DatabaseUrl(…)");
        };
        // A password may also stand in the query: ?password=…
        let place = rest.split('?').next().unwrap_or_default();
        // From the right: a password may hold an @ of its own.
        match place.rsplit_once('@') {
            Some((_, place)) => write!(f, "DatabaseUrl({scheme}://…@{place})"),
            None => write!(f, "DatabaseUrl({scheme}://{place})"),
        }
    }
}

#[cfg(test)]
impl Settings {
    /// The demo's settings, as tests need them.
    pub(crate) fn for_tests() -> Self {
        Self::load_from(&ServeOverrides::default(), std::iter::empty(), Path::new("/no/such/file"))
            .expect("the defaults are valid")
    }
}
