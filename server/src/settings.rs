//! Every setting, in one typed struct, checked before anything starts.
//!
//! Precedence: command line over environment (`XW_…`) over `server.toml` over defaults. An unknown key, a bad value
//! or a missing secret stops the start with a message that names the key, where it came from, and the fix.
//! Nothing else in the program reads the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use axum::http::Uri;
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Provider};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer};
use tracing_subscriber::EnvFilter;

use crate::cli::ServeOverrides;

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
    /// The folder with the encryption and signing keys. By default "keys" in data_dir; production must set it, and
    /// to a place outside data_dir, so that a copy of the data is no copy of the keys.
    key_dir: PathBuf = Text Derived r#""data/keys""#;
    /// "demo" to try it out, "production" for real people. Production refuses whatever is unsafe.
    profile: Profile = Text Default r#""demo""#;
    /// The short name of this deployment in signed confirmations: 1 to 4 ASCII letters or digits.
    issuer: String = Text Default r#""XW""#;
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
    /// The telephone of each street's office, by street code, such as { 320214050 = "0510-85210000" }.
    street_phones: BTreeMap<String, String> = Table Default "{}";
    /// The limit in working days for temporary aid, where one is published. Unset: the page says that the street's
    /// publication counts. (Shown: an example.)
    temporary_aid_limit_working_days: Option<u16> = Number Example "10";
    /// Where that limit is published, shown beside it; production needs it when the limit is set. (Shown: an
    /// example.)
    temporary_aid_limit_source: Option<String> = Text Example r#""示例""#;
    /// Hours within which an emergency is answered: a promise of the service, not law.
    emergency_promise_hours: u16 = Number Default "24";
    /// Show codes that would be sent by text message on the page instead. By default on in demo; production refuses
    /// it.
    show_codes_on_page: bool = Flag Derived "true";
    /// Load marked sample data at start. By default on in demo; production refuses it.
    sample_data: bool = Flag Derived "true";
    /// Days after which an unfinished application is deleted.
    draft_days: u16 = Number Default "30";
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
    /// Requests a minute from one address, files of the site not counted.
    requests_per_minute: u32 = Number Default "600";
    /// Requests a minute from one address in office_networks.
    office_requests_per_minute: u32 = Number Default "6000";
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
            Kind::Number | Kind::Flag | Kind::Table if text.is_empty() => None,
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
                Kind::Table => "CODE=TELEPHONE,CODE=TELEPHONE",
            }
        )
    }
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

impl Settings {
    /// Reads and checks the settings of this process.
    pub(crate) fn load(cli: &ServeOverrides) -> Result<Self, SettingsError> {
        let environment = Env::prefixed("XW_");
        let environment = environment.iter().map(|(name, text)| (name.to_string(), text));
        Self::load_from(cli, environment, Path::new(DEFAULT_FILE))
    }

    /// Reads and checks the settings from given sources. `environment` has names without `XW_`, in lower case.
    fn load_from(
        cli: &ServeOverrides,
        environment: impl Iterator<Item = (String, String)>,
        default_file: &Path,
    ) -> Result<Self, SettingsError> {
        let mut problems = Vec::new();
        let mut named_file = cli.config.clone();
        let mut variables = Dict::new();
        for (name, text) in environment {
            if name == "config" {
                named_file = named_file.or(Some(PathBuf::from(text)));
            } else if let Some(key) = Key::named(&name) {
                variables.extend(key.read(&text).map(|value| (name, value)));
            } else {
                let variable = format!("XW_{}", name.to_ascii_uppercase());
                problems.push(Problem {
                    key: variable.clone(),
                    source: "the environment".into(),
                    wrong: "there is no such setting".into(),
                    fix: format!("unset {variable}, or see `server default-config` for its right name"),
                });
            }
        }

        let defaults = toml_dict(&defaults()).map_err(|error| SettingsError::file("the defaults", &error))?;
        let mut figment = Figment::new().merge(Layer::new(DEFAULTS, defaults));
        if let Some(file) = existing_file(named_file, default_file)? {
            let source = file.display().to_string();
            let mut profiles =
                Toml::file_exact(&file).data().map_err(|error| SettingsError::file(&source, &error))?;
            let values = profiles.remove(&figment::Profile::Default).unwrap_or_default();
            for name in values.keys().filter(|name| Key::named(name).is_none()) {
                problems.push(Problem {
                    key: name.clone(),
                    source: source.clone(),
                    wrong: "there is no such setting".into(),
                    fix: "remove it, or see `server default-config` for its right name".into(),
                });
            }
            figment = figment.merge(Layer::new(source, values));
        }
        figment = figment
            .merge(Layer::new(ENVIRONMENT, variables))
            .merge(Layer::new(COMMAND_LINE, command_line(cli)));
        if !problems.is_empty() {
            return Err(SettingsError { problems });
        }

        let read = |error| SettingsError::value(&figment, error);
        let profile: Profile = figment.extract_inner("profile").map_err(read)?;
        let data_dir: PathBuf = figment.extract_inner("data_dir").map_err(read)?;
        if profile == Profile::Production && !figment.contains("key_dir") {
            problems.push(Problem {
                key: "key_dir".into(),
                source: "set nowhere".into(),
                wrong: "production makes no keys in a place that nobody chose".into(),
                fix: "set key_dir or XW_KEY_DIR to a folder outside data_dir that only the server can read"
                    .into(),
            });
        }
        figment = figment.join(Layer::new(DEFAULTS, derived(profile, &data_dir)));
        let mut settings: Self = figment.extract().map_err(|error| SettingsError::value(&figment, error))?;
        settings.check(&figment, &mut problems);
        if problems.is_empty() { Ok(settings) } else { Err(SettingsError { problems }) }
    }

    /// Checks what types cannot, and brings origins into the form in which browsers send them.
    fn check(&mut self, figment: &Figment, problems: &mut Vec<Problem>) {
        let mut refuse = |key: &str, wrong: &str, fix: &str| {
            problems.push(Problem {
                key: key.into(),
                source: source_of(figment, key),
                wrong: wrong.into(),
                fix: fix.into(),
            });
        };
        let production = self.profile == Profile::Production;

        match Origin::parse(&self.base_url) {
            Err(wrong) => {
                refuse("base_url", wrong, "write it like https://xw.example.cn or http://192.168.1.5:3000");
            }
            Ok(origin) => {
                if origin.text.len() > MAX_BASE_URL {
                    refuse(
                        "base_url",
                        "it has more than 40 signs, too long for the QR codes",
                        "use a shorter host name",
                    );
                }
                if production && !origin.https {
                    refuse(
                        "base_url",
                        "production needs https",
                        "put a proxy with a certificate before the server and write https://…",
                    );
                }
                if production && origin.is_this_machine() {
                    refuse(
                        "base_url",
                        "residents cannot reach this machine by that name",
                        "write the public host name",
                    );
                }
                self.base_url = origin.text;
            }
        }
        for app in &mut self.host_apps {
            match Origin::parse(app) {
                Ok(origin) if origin.https => *app = origin.text,
                _ => refuse(
                    "host_apps",
                    "each must be an https origin without a path",
                    "write it like host_apps = [\"https://app.example.cn\"]",
                ),
            }
        }

        if self.database_url.engine().is_none() {
            refuse(
                "database_url",
                "it names no engine that we know",
                "begin it with sqlite:// or postgres://",
            );
        }
        if production && lies_inside(&self.key_dir, &self.data_dir) {
            refuse(
                "key_dir",
                "it lies inside data_dir: whoever copies the data gets the keys",
                "choose a folder elsewhere",
            );
        }

        if !(1..=4).contains(&self.issuer.len())
            || !self.issuer.chars().all(|sign| sign.is_ascii_alphanumeric())
        {
            refuse("issuer", "it must be 1 to 4 ASCII letters or digits", "write it like issuer = \"XW\"");
        }
        if self.site_name.trim().is_empty() {
            refuse("site_name", "it is empty", "name the service, or leave the setting out");
        }
        for (code, telephone) in &self.street_phones {
            let is_code = !code.is_empty() && code.chars().all(|sign| sign.is_ascii_digit());
            let is_telephone = telephone.chars().any(|sign| sign.is_ascii_digit())
                && telephone.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '-' | '+' | ' '));
            if !is_code || !is_telephone {
                refuse(
                    "street_phones",
                    "each entry must be a street code and a telephone",
                    "write it like street_phones = { 320214050 = \"0510-85210000\" }",
                );
            }
        }
        if EnvFilter::try_new(&self.log).is_err() {
            refuse(
                "log",
                "it is no log filter",
                "write a level, such as info, or levels by module, such as info,server=debug",
            );
        }

        if self.temporary_aid_limit_working_days == Some(0) {
            refuse(
                "temporary_aid_limit_working_days",
                "0 days is no limit",
                "leave it out, or give the published days",
            );
        }
        let source_is_named =
            self.temporary_aid_limit_source.as_ref().is_some_and(|text| !text.trim().is_empty());
        if production && self.temporary_aid_limit_working_days.is_some() && !source_is_named {
            refuse(
                "temporary_aid_limit_working_days",
                "a limit that residents can hold us to needs its source",
                "set temporary_aid_limit_source to the publication and its date, or leave the limit out",
            );
        }
        if production && self.show_codes_on_page {
            refuse(
                "show_codes_on_page",
                "anyone could then confirm any telephone",
                "remove it in production",
            );
        }
        if production && self.sample_data {
            refuse("sample_data", "sample people do not belong among real ones", "remove it in production");
        }

        for (key, is_zero) in [
            ("emergency_promise_hours", self.emergency_promise_hours == 0),
            ("draft_days", self.draft_days == 0),
            ("body_limit_bytes", self.body_limit_bytes == 0),
            ("request_timeout_seconds", self.request_timeout_seconds == 0),
            ("lookup_tries_per_hour", self.lookup_tries_per_hour == 0),
            ("requests_per_minute", self.requests_per_minute == 0),
            ("office_requests_per_minute", self.office_requests_per_minute == 0),
        ] {
            if is_zero {
                refuse(key, "0 would switch the service off", "give a number of at least 1, or leave it out");
            }
        }
    }

    /// The database engine.
    pub(crate) fn engine(&self) -> Engine {
        // The check refused every address without an engine, so the fallback is never taken.
        self.database_url.engine().unwrap_or(Engine::Sqlite)
    }

    /// The public address is https: cookies are `Secure` and browsers are told to stay with https.
    pub(crate) fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The public address is this machine's own name, which browsers trust like https.
    pub(crate) fn is_this_machine(&self) -> bool {
        Origin::parse(&self.base_url).is_ok_and(|origin| origin.is_this_machine())
    }

    /// The demo profile.
    pub(crate) fn is_demo(&self) -> bool {
        self.profile == Profile::Demo
    }

    /// What is allowed but probably not meant; logged at start.
    pub(crate) fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if !self.is_demo() && self.trusted_hops == 0 && self.addr.ip().is_loopback() {
            warnings.push(
                "the server listens on this machine alone, so a proxy stands before it, but trusted_hops is 0: \
                 all visitors share one limit. Set trusted_hops to the number of your proxies.",
            );
        }
        warnings
    }
}

/// Names of layers, as the messages use them.
const DEFAULTS: &str = "the defaults";
const ENVIRONMENT: &str = "the environment";
const COMMAND_LINE: &str = "the command line";

/// One source of values for figment, under a name that messages can use.
struct Layer {
    name: String,
    values: Dict,
}

impl Layer {
    fn new(name: impl Into<String>, values: Dict) -> Self {
        Self { name: name.into(), values }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<figment::Profile, Dict>, figment::Error> {
        Ok(figment::Profile::Default.collect(self.values.clone()))
    }
}

/// Where a key's value came from, in words.
fn source_of(figment: &Figment, key: &str) -> String {
    match figment.find_metadata(key).map(|metadata| metadata.name.as_ref()) {
        None => "set nowhere".into(),
        Some(ENVIRONMENT) => format!("{ENVIRONMENT}: XW_{}", key.to_ascii_uppercase()),
        Some(COMMAND_LINE) => format!("{COMMAND_LINE}: --{}", key.replace('_', "-")),
        Some(name) => name.into(),
    }
}

/// The settings file: the named one, which must exist, or the default one where it exists.
fn existing_file(named: Option<PathBuf>, default_file: &Path) -> Result<Option<PathBuf>, SettingsError> {
    match named {
        None => Ok(default_file.is_file().then(|| default_file.to_path_buf())),
        Some(file) if file.is_file() => Ok(Some(file)),
        Some(file) => Err(SettingsError {
            problems: vec![Problem {
                key: "config".into(),
                source: "--config or XW_CONFIG".into(),
                wrong: format!("there is no file {}", file.display()),
                fix: "correct the path, or make the file: server default-config > server.toml".into(),
            }],
        }),
    }
}

/// The defaults that stand in the table, as TOML.
fn defaults() -> String {
    KEYS.iter()
        .filter(|key| key.role == Role::Default)
        .map(|key| format!("{} = {}\n", key.name, key.default))
        .collect()
}

/// The defaults that depend on other settings.
fn derived(profile: Profile, data_dir: &Path) -> Dict {
    let demo = profile == Profile::Demo;
    let data_dir = data_dir.display();
    let mut values = Dict::from([
        ("database_url".into(), Value::from(format!("sqlite://{data_dir}/xinwu.db"))),
        ("show_codes_on_page".into(), Value::from(demo)),
        ("sample_data".into(), Value::from(demo)),
    ]);
    // In production a missing key_dir is a refusal of its own; the value only lets the other checks go on.
    let keys = if demo { format!("{data_dir}/keys") } else { "/".into() };
    values.insert("key_dir".into(), Value::from(keys));
    values
}

/// What was given on the command line.
fn command_line(cli: &ServeOverrides) -> Dict {
    // Taken apart so that a new flag cannot be forgotten here.
    let ServeOverrides {
        config: _,
        addr,
        base_url,
        database_url,
        data_dir,
        key_dir,
        profile,
        site_root,
        trusted_hops,
        log,
    } = cli;
    let path = |path: &PathBuf| path.display().to_string();
    let profile = profile.map(|profile| match profile {
        Profile::Demo => "demo",
        Profile::Production => "production",
    });
    [
        ("addr", addr.map(|addr| Value::from(addr.to_string()))),
        ("base_url", base_url.clone().map(Value::from)),
        ("database_url", database_url.clone().map(Value::from)),
        ("data_dir", data_dir.as_ref().map(path).map(Value::from)),
        ("key_dir", key_dir.as_ref().map(path).map(Value::from)),
        ("profile", profile.map(Value::from)),
        ("site_root", site_root.as_ref().map(path).map(Value::from)),
        ("trusted_hops", trusted_hops.map(Value::from)),
        ("log", log.clone().map(Value::from)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

/// Reads networks; a single address is a network of one.
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| {
            text.parse::<IpNet>().or_else(|error| text.parse().map(|ip: IpAddr| ip.into()).map_err(|_| error))
        })
        .collect::<Result<_, _>>()
        .map_err(|_| serde::de::Error::custom("each must be a network, such as 10.1.0.0/16, or an address"))
}

/// A web origin as a browser writes it: lower case, no default port, no path.
struct Origin {
    text: String,
    host: String,
    https: bool,
}

impl Origin {
    /// Reads an origin; one slash at the end is forgiven.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_suffix('/').unwrap_or(&text);
        let (scheme, rest) = text.split_once("://").ok_or("it must begin with http:// or https://")?;
        let (https, default_port) = match scheme {
            "https" => (true, 443),
            "http" => (false, 80),
            _ => return Err("it must begin with http:// or https://"),
        };
        if rest.contains(['/', '?', '#', '@']) {
            return Err("it must be a host and at most a port: no path, no user, no question mark");
        }
        let uri: Uri = text.parse().map_err(|_| "it is no web address")?;
        let host = uri.host().unwrap_or_default();
        // These signs are also what a QR code can hold in its compact mode.
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
        };
        if !host.split('.').all(is_label) {
            return Err("the host name may have only ASCII letters, digits, dots and hyphens");
        }
        let port = match rest.split_once(':') {
            None => default_port,
            Some((_, port)) => port.parse::<u16>().map_err(|_| "the port is no number up to 65535")?,
        };
        let text = match port {
            0 => return Err("the port is 0"),
            port if port == default_port => format!("{scheme}://{host}"),
            port => format!("{scheme}://{host}:{port}"),
        };
        Ok(Self { text, host: host.to_owned(), https })
    }

    /// The host is this machine, for whoever opens it.
    fn is_this_machine(&self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
    }
}

/// Whether `inner` is `outer` or lies in it, links followed as far as the folders exist.
fn lies_inside(inner: &Path, outer: &Path) -> bool {
    real_path(inner).starts_with(real_path(outer))
}

/// The absolute path: links followed in the part that exists, `..` taken away in the part that does not yet.
fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut real = PathBuf::new();
    for part in absolute.components() {
        match part {
            std::path::Component::ParentDir => {
                real.pop();
            }
            part => {
                real.push(part);
                real = real.canonicalize().unwrap_or(real);
            }
        }
    }
    real
}

/// A commented example of `server.toml` with every setting.
pub(crate) fn default_config() -> String {
    let mut text = String::from(
        "# Settings of the server. Every line is a comment: take the # away from a setting to change it.\n\
         # The command line wins over the environment, the environment over this file, this file over the defaults.\n",
    );
    for key in KEYS {
        text.push('\n');
        for line in key.doc {
            text.push_str(&format!("#{line}\n"));
        }
        text.push_str(&format!("# Environment: {}\n", key.variable()));
        text.push_str(&format!("#{} = {}\n", key.name, key.default));
    }
    text
}

/// Why the server does not start: all that is wrong with the settings.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SettingsError {
    problems: Vec<Problem>,
}

/// One thing that is wrong. It names the key and never repeats a value that may be secret.
#[derive(Clone, PartialEq, Eq)]
struct Problem {
    key: String,
    source: String,
    wrong: String,
    fix: String,
}

impl SettingsError {
    /// A file that is not TOML, or cannot be read.
    fn file(source: &str, error: &figment::Error) -> Self {
        let text = error.kind.to_string();
        // The lines between the first and the last quote the file, and may quote a password.
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or_default();
        let wrong = lines.next_back().map_or_else(|| first.to_owned(), |last| format!("{first}: {last}"));
        Self {
            problems: vec![Problem {
                key: "server.toml".into(),
                source: source.into(),
                wrong,
                fix: "correct that line; `server default-config` shows how each setting is written".into(),
            }],
        }
    }

    /// A value of the wrong type.
    fn value(figment: &Figment, error: figment::Error) -> Self {
        let problems = error.into_iter().map(|error| {
            let key = error.path.first().cloned().unwrap_or_default();
            // The kind quotes the value, which is no secret except here.
            let wrong = if key == "database_url" { "it is not text".into() } else { error.kind.to_string() };
            let fix = Key::named(&key).map_or_else(|| "see `server default-config`".into(), Key::shape);
            Problem { source: source_of(figment, &key), key, wrong, fix }
        });
        Self { problems: problems.collect() }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings do not allow a start:")?;
        for Problem { key, source, wrong, fix } in &self.problems {
            write!(f, "\n- {key} ({source}): {wrong}.\n  Fix: {fix}.")?;
        }
        Ok(())
    }
}

/// The same as `Display`, as `main` prints errors with `Debug`.
impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
impl Settings {
    /// The demo's settings, as tests need them.
    pub(crate) fn for_tests() -> Self {
        Self::load_from(&ServeOverrides::default(), std::iter::empty(), Path::new("/no/such/file"))
            .expect("the defaults are valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loads with the given environment and no file.
    fn load(environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        load_with(&ServeOverrides::default(), environment)
    }

    fn load_with(cli: &ServeOverrides, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let environment = environment
            .iter()
            .map(|(name, text)| (name.strip_prefix("XW_").unwrap().to_ascii_lowercase(), (*text).to_owned()));
        Settings::load_from(cli, environment, Path::new("/no/such/file"))
    }

    /// Loads with the given file and no environment.
    fn load_file(text: &str) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        std::fs::write(&file, text).unwrap();
        Settings::load_from(&ServeOverrides::default(), std::iter::empty(), &file)
    }

    /// A production that starts.
    const PRODUCTION: &[(&str, &str)] = &[
        ("XW_PROFILE", "production"),
        ("XW_BASE_URL", "https://xw.example.cn"),
        ("XW_KEY_DIR", "/etc/xinwu/keys"),
        ("XW_DATA_DIR", "/var/lib/xinwu"),
    ];

    /// That production, with something changed.
    fn production_with(more: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        load(&[PRODUCTION, more].concat())
    }

    #[track_caller]
    fn assert_refused(result: Result<Settings, SettingsError>, words: &[&str]) {
        let message = result.expect_err("it should be refused").to_string();
        assert!(message.contains("Fix: "), "{message}");
        for word in words {
            assert!(message.contains(word), "{word} is not in: {message}");
        }
    }

    #[test]
    fn without_any_setting_the_demo_starts_on_this_machine_alone() {
        let settings = load(&[]).unwrap();
        assert!(settings.is_demo());
        assert!(settings.addr.ip().is_loopback());
        assert_eq!(settings.base_url, "http://localhost:3000");
        assert_eq!(settings.database_url.as_str(), "sqlite://data/xinwu.db");
        assert_eq!(settings.key_dir, Path::new("data/keys"));
        assert_eq!(settings.engine(), Engine::Sqlite);
        assert!(settings.show_codes_on_page && settings.sample_data);
        assert_eq!(settings.temporary_aid_limit_working_days, None);
        assert_eq!(settings.site_name, "新吴民政掌上办");
        assert!(settings.warnings().is_empty());
    }

    #[test]
    fn production_starts_with_https_and_keys_in_a_place_of_their_own() {
        let settings = production_with(&[("XW_ADDR", "0.0.0.0:80")]).unwrap();
        assert!(!settings.is_demo() && settings.is_https());
        assert!(!settings.show_codes_on_page && !settings.sample_data);
        assert_eq!(settings.database_url.as_str(), "sqlite:///var/lib/xinwu/xinwu.db");
    }

    #[test]
    fn the_command_line_wins_over_the_environment_and_that_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.toml");
        std::fs::write(&file, "hotline = \"1\"\nissuer = \"F\"\nlog = \"warn\"").unwrap();
        let cli = ServeOverrides { config: Some(file), log: Some("debug".into()), ..Default::default() };
        let settings = load_with(&cli, &[("XW_ISSUER", "E"), ("XW_LOG", "error")]).unwrap();
        assert_eq!((settings.hotline.as_str(), settings.issuer.as_str()), ("1", "E"));
        assert_eq!(settings.log, "debug");
    }

    #[test]
    fn the_file_may_be_named_in_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("s.toml");
        std::fs::write(&file, "issuer = \"F\"").unwrap();
        assert_eq!(load(&[("XW_CONFIG", file.to_str().unwrap())]).unwrap().issuer, "F");
    }

    #[test]
    fn a_named_file_that_is_missing_is_refused() {
        let cli = ServeOverrides { config: Some("/no/such.toml".into()), ..Default::default() };
        assert_refused(load_with(&cli, &[]), &["config", "/no/such.toml"]);
    }

    #[test]
    fn an_unknown_variable_is_refused_by_name() {
        assert_refused(load(&[("XW_ADRR", "1")]), &["XW_ADRR", "environment", "default-config"]);
    }

    #[test]
    fn an_unknown_key_in_the_file_is_refused_with_the_files_name() {
        assert_refused(load_file("adrr = 1"), &["adrr", "server.toml"]);
    }

    #[test]
    fn all_unknown_keys_are_named_at_once() {
        assert_refused(load(&[("XW_ONE", "1"), ("XW_TWO", "2")]), &["XW_ONE", "XW_TWO"]);
    }

    #[test]
    fn a_value_of_the_wrong_type_names_its_variable() {
        assert_refused(load(&[("XW_DRAFT_DAYS", "soon")]), &["draft_days", "XW_DRAFT_DAYS", "soon"]);
        assert_refused(load(&[("XW_DRAFT_DAYS", "-1")]), &["draft_days", "XW_DRAFT_DAYS"]);
        assert_refused(load(&[("XW_TRUSTED_HOPS", "256")]), &["trusted_hops"]);
        assert_refused(load(&[("XW_SAMPLE_DATA", "perhaps")]), &["sample_data"]);
        assert_refused(load(&[("XW_ADDR", "localhost")]), &["addr"]);
        assert_refused(load(&[("XW_PROFILE", "prod")]), &["profile", "prod"]);
        assert_refused(load(&[("XW_OFFICE_NETWORKS", "office")]), &["office_networks", "10.1.0.0/16"]);
        assert_refused(load_file("hotline = 12345"), &["hotline", "server.toml", "hotline = \"12345\""]);
    }

    #[test]
    fn a_text_of_digits_in_the_environment_is_text() {
        assert_eq!(load(&[("XW_HOTLINE", "12349")]).unwrap().hotline, "12349");
    }

    #[test]
    fn an_empty_number_in_the_environment_is_unset() {
        let settings = load(&[("XW_TEMPORARY_AID_LIMIT_WORKING_DAYS", ""), ("XW_DRAFT_DAYS", "")]).unwrap();
        assert_eq!((settings.temporary_aid_limit_working_days, settings.draft_days), (None, 30));
    }

    #[test]
    fn lists_in_the_environment_are_comma_separated_or_toml() {
        for text in ["10.1.0.0/16, 192.0.2.7", r#"["10.1.0.0/16", "192.0.2.7"]"#] {
            let settings = load(&[("XW_OFFICE_NETWORKS", text)]).unwrap();
            let expected = ["10.1.0.0/16", "192.0.2.7/32"].map(|net| net.parse::<IpNet>().unwrap());
            assert_eq!(settings.office_networks, expected);
        }
        assert!(load(&[("XW_HOST_APPS", "")]).unwrap().host_apps.is_empty());
    }

    #[test]
    fn street_telephones_in_the_environment_are_pairs_or_toml() {
        for text in ["320214050=0510-1, 320214051=0510-2", r#"{320214050="0510-1", 320214051="0510-2"}"#] {
            let settings = load(&[("XW_STREET_PHONES", text)]).unwrap();
            assert_eq!(settings.street_phones["320214051"], "0510-2");
        }
        assert_refused(load(&[("XW_STREET_PHONES", "旺庄=0510-1")]), &["street_phones"]);
        assert_refused(load(&[("XW_STREET_PHONES", "0510-1")]), &["street_phones"]);
    }

    #[test]
    fn a_file_that_is_not_toml_is_refused_without_quoting_it() {
        let result = load_file("database_url = \"postgres://u:geheim@h/d\n");
        assert!(!result.as_ref().unwrap_err().to_string().contains("geheim"));
        assert_refused(result, &["server.toml", "line 1"]);
    }

    #[test]
    fn a_public_address_that_cannot_stand_in_a_qr_code_is_refused() {
        for bad in [
            "xw.example.cn",
            "ftp://xw.example.cn",
            "https://xw.example.cn/path",
            "https://user@xw.example.cn",
            "https://xw.example.cn?x",
            "https://新吴.cn",
            "https://xw_1.example.cn",
            "http://[::1]:3000",
            "https://xw.example.cn:x",
            "https://xw.example.cn:0",
            "https://a-name-that-is-quite-a-bit-too-long.example.cn",
        ] {
            assert_refused(load(&[("XW_BASE_URL", bad)]), &["base_url", "XW_BASE_URL"]);
        }
    }

    #[test]
    fn the_public_address_is_brought_into_the_form_that_browsers_send() {
        for (written, kept) in [
            ("HTTPS://XW.Example.CN/", "https://xw.example.cn"),
            ("https://xw.example.cn:443", "https://xw.example.cn"),
            ("http://192.168.1.5:3000", "http://192.168.1.5:3000"),
            ("http://localhost:80", "http://localhost"),
        ] {
            assert_eq!(load(&[("XW_BASE_URL", written)]).unwrap().base_url, kept);
        }
    }

    #[test]
    fn a_host_app_that_is_no_https_origin_is_refused() {
        assert_eq!(
            load(&[("XW_HOST_APPS", "https://App.example.cn")]).unwrap().host_apps,
            ["https://app.example.cn"]
        );
        for bad in ["http://app.example.cn", "https://a.cn; script-src *", "app.example.cn", "https://*"] {
            assert_refused(load(&[("XW_HOST_APPS", bad)]), &["host_apps"]);
        }
    }

    #[test]
    fn the_scheme_of_the_database_chooses_the_engine() {
        for (url, engine) in [
            ("sqlite://x.db", Engine::Sqlite),
            ("postgres://h/d", Engine::Postgres),
            ("postgresql://h/d", Engine::Postgres),
        ] {
            assert_eq!(load(&[("XW_DATABASE_URL", url)]).unwrap().engine(), engine);
        }
        assert_refused(load(&[("XW_DATABASE_URL", "mysql://h/d")]), &["database_url", "sqlite://"]);
    }

    #[test]
    fn no_output_shows_the_databases_password() {
        for url in
            ["postgres://u:gehe@im@h/d", "postgres://h/d?password=geheim", "mysql://u:geheim@h/d", "geheim"]
        {
            let shown = match load(&[("XW_DATABASE_URL", url)]) {
                Ok(settings) => format!("{settings:?}"),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!shown.contains("geheim") && !shown.contains("gehe@im"), "{shown}");
        }
        let shown = format!("{:?}", DatabaseUrl("postgres://u:x@h/d".into()));
        assert_eq!(shown, "DatabaseUrl(postgres://…@h/d)");
    }

    #[test]
    fn production_refuses_plain_http_and_this_machine() {
        assert_refused(production_with(&[("XW_BASE_URL", "http://xw.example.cn")]), &["base_url", "https"]);
        for name in ["https://localhost", "https://127.0.0.1", "https://x.localhost"] {
            assert_refused(production_with(&[("XW_BASE_URL", name)]), &["base_url", "this machine"]);
        }
    }

    #[test]
    fn production_refuses_a_missing_key_folder() {
        let without: Vec<_> = PRODUCTION.iter().copied().filter(|(name, _)| *name != "XW_KEY_DIR").collect();
        assert_refused(load(&without), &["key_dir", "XW_KEY_DIR"]);
    }

    #[test]
    fn production_refuses_keys_beside_the_data() {
        for inside in ["/var/lib/xinwu", "/var/lib/xinwu/keys", "/var/lib/x/../xinwu/keys"] {
            assert_refused(production_with(&[("XW_KEY_DIR", inside)]), &["key_dir", "inside data_dir"]);
        }
        assert!(production_with(&[("XW_KEY_DIR", "/var/lib/xinwu-keys")]).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn production_refuses_a_link_into_the_data() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let keys = folder.path().join("keys");
        std::os::unix::fs::symlink(&data, &keys).unwrap();
        let result = production_with(&[
            ("XW_DATA_DIR", data.to_str().unwrap()),
            ("XW_KEY_DIR", keys.join("of-mine").to_str().unwrap()),
        ]);
        assert_refused(result, &["key_dir", "inside data_dir"]);
    }

    #[test]
    fn production_refuses_what_only_a_demo_may_do() {
        assert_refused(production_with(&[("XW_SAMPLE_DATA", "true")]), &["sample_data"]);
        assert_refused(production_with(&[("XW_SHOW_CODES_ON_PAGE", "1")]), &["show_codes_on_page"]);
    }

    #[test]
    fn production_refuses_a_limit_without_its_source() {
        let limit = ("XW_TEMPORARY_AID_LIMIT_WORKING_DAYS", "10");
        assert_refused(
            production_with(&[limit]),
            &["temporary_aid_limit_working_days", "temporary_aid_limit_source"],
        );
        let source = ("XW_TEMPORARY_AID_LIMIT_SOURCE", "旺庄街道公告〔2026〕1号");
        assert!(production_with(&[limit, source]).is_ok());
        assert!(load(&[limit]).is_ok());
    }

    #[test]
    fn numbers_that_would_switch_the_service_off_are_refused() {
        for name in ["XW_DRAFT_DAYS", "XW_REQUESTS_PER_MINUTE", "XW_REQUEST_TIMEOUT_SECONDS"] {
            assert_refused(load(&[(name, "0")]), &[name]);
        }
    }

    #[test]
    fn an_issuer_that_is_long_or_not_ascii_is_refused() {
        for bad in ["", "XINWU", "新吴", "X-W"] {
            assert_refused(load(&[("XW_ISSUER", bad)]), &["issuer"]);
        }
    }

    #[test]
    fn a_log_filter_that_is_none_is_refused() {
        assert_refused(load(&[("XW_LOG", "server=loud")]), &["log", "XW_LOG"]);
    }

    #[test]
    fn production_behind_a_proxy_without_trusted_hops_is_warned_of() {
        assert_eq!(production_with(&[]).unwrap().warnings().len(), 1);
        assert!(production_with(&[("XW_TRUSTED_HOPS", "1")]).unwrap().warnings().is_empty());
    }

    #[test]
    fn the_printed_configuration_has_every_field_of_the_settings() {
        let error = Figment::new().merge(Layer::new("test", Dict::from([("?".into(), Value::from(1))])));
        let error = error.extract::<Settings>().unwrap_err();
        let figment::error::Kind::UnknownField(_, fields) = error.kind else { panic!("{error}") };
        assert!(fields.len() > 20);
        let printed = default_config();
        for field in fields {
            assert!(printed.contains(&format!("\n#{field} = ")), "{field}");
            assert!(
                printed.contains(&format!("\n# Environment: XW_{}\n", field.to_ascii_uppercase())),
                "{field}"
            );
        }
    }

    #[test]
    fn the_printed_configuration_works_with_the_comment_signs_taken_away() {
        let printed = default_config();
        let used: Vec<_> = printed
            .lines()
            .filter_map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')))
            .collect();
        assert_eq!(used.len(), KEYS.len());
        let settings = load_file(&used.join("\n")).unwrap();
        assert_eq!(settings.temporary_aid_limit_working_days, Some(10));

        // As printed, it changes nothing.
        assert_eq!(format!("{:?}", load_file(&printed).unwrap()), format!("{:?}", load(&[]).unwrap()));
    }
}
