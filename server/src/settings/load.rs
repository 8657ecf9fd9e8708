//! Reading the sources, one over the other, and checking what came of it.

use app::domain::retention::Retained;

use super::*;
use crate::audit::command::LEAST_DAYS;

impl Settings {
    /// Reads and checks the settings of this process.
    pub(crate) fn load(cli: &ServeOverrides) -> Result<Self, SettingsError> {
        let environment = Env::prefixed("XW_");
        let environment = environment.iter().map(|(name, text)| (name.to_string(), text));
        Self::load_from(cli, environment, Path::new(DEFAULT_FILE))
    }

    /// Reads and checks the settings from given sources. `environment` has names without `XW_`, in lower case.
    pub(super) fn load_from(
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
        super::oidc::check(&mut self.oidc_providers, &mut refuse);
        if let Some(bucket) = &mut self.papers_bucket {
            super::bucket::check(bucket, &mut refuse);
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
        if self.timebank_outcomes().len() != self.timebank_outcomes.len() {
            refuse(
                "timebank_outcomes",
                "one of its words is none",
                "use donate, spouse, own, or leave it empty",
            );
        }
        if app::domain::timebank::preset(&self.timebank_rules).is_none() {
            let known: Vec<_> =
                app::domain::timebank::presets().iter().map(|rules| rules.slug.as_str()).collect();
            refuse("timebank_rules", "there are no such rules", &format!("use one of {}", known.join(", ")));
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

        let reachable = |url: &str| {
            url.parse::<Uri>().is_ok_and(|url| url.scheme_str() == Some("https") && url.host().is_some())
        };
        if self.reconsideration_url.as_deref().is_some_and(|url| !reachable(url)) {
            refuse(
                "reconsideration_url",
                "it is no https address",
                "write where reviews are filed online, like https://fuyi.example.cn/",
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

        self.check_messages(production, &mut refuse);
        self.check_retention(production, &mut refuse);

        for (key, is_zero) in [
            ("message_tries", self.message_tries == 0),
            ("emergency_promise_hours", self.emergency_promise_hours == 0),
            ("session_idle_minutes", self.session_idle_minutes == 0),
            ("session_hours", self.session_hours == 0),
            ("number_unused_days", self.number_unused_days == 0),
            ("codes_per_hour", self.codes_per_hour == 0),
            ("codes_per_day", self.codes_per_day == 0),
            ("draft_days", self.draft_days == 0),
            ("complaint_reply_days", self.complaint_reply_days == 0),
            ("found_visit_days", self.found_visit_days == 0),
            ("recheck_reply_days", self.recheck_reply_days == Some(0)),
            ("publication_days", self.publication_days == 0),
            ("expedited_paper_days", self.expedited_paper_days == 0),
            ("expedited_most_yuan", self.expedited_most_yuan == Some(0)),
            ("body_limit_bytes", self.body_limit_bytes == 0),
            ("request_timeout_seconds", self.request_timeout_seconds == 0),
            ("lookup_tries_per_hour", self.lookup_tries_per_hour == 0),
            ("staff_idle_minutes", self.staff_idle_minutes == 0),
            ("staff_session_hours", self.staff_session_hours == 0),
            ("requests_per_minute", self.requests_per_minute == 0),
            ("office_requests_per_minute", self.office_requests_per_minute == 0),
        ] {
            if is_zero {
                refuse(key, "0 would switch the service off", "give a number of at least 1, or leave it out");
            }
        }
    }

    /// What may become of hours that wait.
    pub(crate) fn timebank_outcomes(&self) -> Vec<app::domain::timebank::Outcome> {
        self.timebank_outcomes.iter().filter_map(|word| app::domain::timebank::Outcome::parse(word)).collect()
    }

    fn check_retention(&self, production: bool, refuse: &mut impl FnMut(&str, &str, &str)) {
        let days = |retained| self.retention.days(retained);
        if days(Retained::IdempotencyKeys) == Some(0) {
            refuse(
                "retention",
                "idempotency_keys is 0: a form sent twice would be taken twice",
                "give at least 1 day, or leave it out",
            );
        }
        if !production {
            return;
        }
        if MUST_BE_SET.iter().any(|needed| days(*needed).is_none()) {
            refuse(
                "retention",
                "it must say for how many days applications and complaints are kept: no longer than their purpose needs \
                 (个人信息保护法 19)",
                "write it like retention = { applications = 1825, complaints = 730 }",
            );
        }
        if days(Retained::Applications).is_some_and(|days| days < 365) {
            refuse(
                "retention",
                "applications is counted from receipt, and in less than 365 days a case may still be open",
                "give at least 365 days",
            );
        }
        if days(Retained::AuditEntries).is_some_and(|days| days < LEAST_DAYS) {
            refuse(
                "retention",
                "audit_entries is less than 183 days (网络安全法 23)",
                "give at least 183 days, or 1095 where shared data is used (政务数据共享条例 29)",
            );
        }
    }

    fn check_messages(&self, production: bool, refuse: &mut impl FnMut(&str, &str, &str)) {
        if let Err(error) = app::domain::consents::check() {
            refuse("site_name", &error.to_string(), "correct that text and build again");
        }
        if let Err(error) = app::domain::notices::check(&self.site_name) {
            refuse("site_name", &error.to_string(), "shorten the name, or correct that line and build again");
        }
        if production && self.message_sender == SenderKind::Console {
            refuse(
                "message_sender",
                "the log would hold codes, and nobody would get one",
                "set it to http, with message_gateway_url and message_gateway_token",
            );
        }
        if self.message_sender != SenderKind::Http {
            return;
        }
        match self.message_gateway_url.as_deref().map(str::trim) {
            None | Some("") => refuse(
                "message_gateway_url",
                "message_sender is http, and there is no gateway",
                "write the gateway's address, like https://sms.example.cn/send",
            ),
            Some(url) => {
                let parsed = url.parse::<Uri>().ok();
                let host = parsed.as_ref().and_then(Uri::host).unwrap_or_default();
                let https = parsed.as_ref().and_then(Uri::scheme_str) == Some("https");
                let http = parsed.as_ref().and_then(Uri::scheme_str) == Some("http");
                if host.is_empty() || !(https || http) {
                    refuse(
                        "message_gateway_url",
                        "it is no web address",
                        "write it like https://sms.example.cn/send",
                    );
                } else if production && !https && !is_this_machine(host) {
                    refuse(
                        "message_gateway_url",
                        "telephone numbers and codes would travel readable",
                        "use https, or a gateway on this machine",
                    );
                }
            }
        }
        if self.message_gateway_token.as_ref().is_none_or(|token| token.as_str().trim().is_empty()) {
            refuse(
                "message_gateway_token",
                "message_sender is http, and the gateway would not know us",
                "set message_gateway_token, best as XW_MESSAGE_GATEWAY_TOKEN",
            );
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

/// What production must set in `retention`: how long it is needed is for whoever runs the service to say.
const MUST_BE_SET: [Retained; 2] = [Retained::Applications, Retained::Complaints];

/// Names of layers, as the messages use them.
const DEFAULTS: &str = "the defaults";
const ENVIRONMENT: &str = "the environment";
const COMMAND_LINE: &str = "the command line";

/// One source of values for figment, under a name that messages can use.
pub(super) struct Layer {
    name: String,
    values: Dict,
}

impl Layer {
    pub(super) fn new(name: impl Into<String>, values: Dict) -> Self {
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
pub(super) fn source_of(figment: &Figment, key: &str) -> String {
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
        ("papers_dir".into(), Value::from(format!("{data_dir}/papers"))),
        ("show_codes_on_page".into(), Value::from(demo)),
        ("sample_data".into(), Value::from(demo)),
        ("message_sender".into(), Value::from(if demo { "console" } else { "http" })),
    ]);
    if let Some(Value::Dict(tag, mut days)) = Key::named("retention").and_then(|key| toml_value(key.default))
    {
        if !demo {
            days.retain(|name, _| !MUST_BE_SET.iter().any(|needed| needed.as_str() == name));
        }
        values.insert("retention".into(), Value::Dict(tag, days));
    }
    if demo {
        values.insert("reconsideration_url".into(), Value::from("https://fuyi.example.cn/"));
    }
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
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
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
pub(super) struct Origin {
    pub(super) text: String,
    host: String,
    pub(super) https: bool,
}

impl Origin {
    /// Reads an origin; one slash at the end is forgiven.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
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
    pub(super) fn is_this_machine(&self) -> bool {
        is_this_machine(&self.host)
    }
}

/// A host name that means this machine, for whoever opens it.
pub(crate) fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
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
