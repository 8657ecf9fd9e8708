//! What the settings promise, each refusal among them.

use super::load::Layer;
use super::*;
use app::domain::retention::Retained;

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
    ("XW_MESSAGE_GATEWAY_URL", "https://sms.example.cn/send"),
    ("XW_MESSAGE_GATEWAY_TOKEN", "gateway-token"),
    ("XW_RETENTION", "applications=1825,complaints=730"),
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
    assert_eq!((settings.staff_idle_minutes, settings.staff_session_hours), (30, 10));
    assert_eq!((settings.complaint_reply_days, settings.divisions_dir), (15, None));
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
    for name in [
        "XW_DRAFT_DAYS",
        "XW_REQUESTS_PER_MINUTE",
        "XW_REQUEST_TIMEOUT_SECONDS",
        "XW_STAFF_IDLE_MINUTES",
        "XW_STAFF_SESSION_HOURS",
        "XW_COMPLAINT_REPLY_DAYS",
    ] {
        assert_refused(load(&[(name, "0")]), &[name]);
    }
}

#[test]
fn production_refuses_to_write_codes_into_the_log() {
    assert_eq!(load(&[]).unwrap().message_sender, SenderKind::Console);
    assert_eq!(production_with(&[]).unwrap().message_sender, SenderKind::Http);
    assert_refused(production_with(&[("XW_MESSAGE_SENDER", "console")]), &["message_sender"]);
    assert_refused(load(&[("XW_MESSAGE_SENDER", "pigeon")]), &["message_sender", "pigeon"]);
}

#[test]
fn a_gateway_needs_its_address_and_its_token() {
    let without =
        |name: &str| load(&PRODUCTION.iter().copied().filter(|(key, _)| *key != name).collect::<Vec<_>>());
    assert_refused(without("XW_MESSAGE_GATEWAY_URL"), &["message_gateway_url"]);
    assert_refused(without("XW_MESSAGE_GATEWAY_TOKEN"), &["message_gateway_token"]);
    assert_refused(load(&[("XW_MESSAGE_SENDER", "http")]), &["message_gateway_url", "message_gateway_token"]);
    let readable = [("XW_MESSAGE_GATEWAY_URL", "http://sms.example.cn/send")];
    assert_refused(production_with(&readable), &["message_gateway_url", "readable"]);
    assert_refused(production_with(&[("XW_MESSAGE_GATEWAY_URL", "sms")]), &["message_gateway_url"]);
    assert!(production_with(&[("XW_MESSAGE_GATEWAY_URL", "http://127.0.0.1:8080/send")]).is_ok());
}

#[test]
fn no_output_shows_the_gateways_token() {
    let settings = production_with(&[]).unwrap();
    assert!(!format!("{settings:?}").contains("gateway-token"));
    let refused = load_file("message_gateway_token = 4711").unwrap_err().to_string();
    assert!(!refused.contains("4711"), "{refused}");
}

#[test]
fn quiet_hours_and_tries_that_are_none_are_refused() {
    assert!(load(&[("XW_QUIET_HOURS", "")]).is_ok());
    assert_refused(load(&[("XW_QUIET_HOURS", "at night")]), &["quiet_hours", "21:00-08:00"]);
    assert_refused(load(&[("XW_MESSAGE_TRIES", "0")]), &["message_tries"]);
}

#[test]
fn a_name_too_long_for_text_messages_is_refused() {
    assert_refused(load(&[("XW_SITE_NAME", &"新".repeat(80))]), &["site_name", "notices.toml"]);
}

#[test]
fn production_must_say_how_long_applications_and_complaints_are_kept() {
    let days = |settings: &Settings| {
        [Retained::Applications, Retained::Complaints, Retained::AuditEntries]
            .map(|r| settings.retention.days(r))
    };
    assert_eq!(days(&load(&[]).unwrap()), [Some(1825), Some(730), Some(1095)]);
    let set = |text| production_with(&[("XW_RETENTION", text)]);
    let other = set(r#"{ applications = 3650, complaints = 365 }"#).unwrap();
    assert_eq!(days(&other), [Some(3650), Some(365), Some(1095)], "what is not named keeps its default");
    assert_eq!(other.retention.words().len(), Retained::ALL.len());
    for text in ["outbox=7", "applications=1825", "complaints=730"] {
        assert_refused(set(text), &["retention", "个人信息保护法 19"]);
    }
    assert_refused(set("applications=1825,complaints=730,audit_entries=182"), &["网络安全法 23"]);
    assert_refused(set("applications=30,complaints=730"), &["still be open"]);
}

#[test]
fn a_retention_of_nothing_or_of_no_days_is_refused() {
    for text in ["letters=1", "outbox=soon", "outbox=-1", "outbox=99999"] {
        assert_refused(load(&[("XW_RETENTION", text)]), &["retention"]);
    }
    assert_refused(load(&[("XW_RETENTION", "letters=1")]), &["letters", "sign_in_codes"]);
    assert_refused(load(&[("XW_RETENTION", "idempotency_keys=0")]), &["idempotency_keys"]);
    assert_eq!(load_file("retention = { outbox = 7 }").unwrap().retention.days(Retained::Outbox), Some(7));
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

/// A provider that may be used, with something changed.
fn provider(changed: &str) -> String {
    let mut lines: Vec<_> = [
        "id = \"province\"",
        "name = \"示例平台\"",
        "issuer = \"https://id.example.cn/realms/residents\"",
        "client_id = \"xinwu\"",
    ]
    .into();
    let key = |line: &str| line.split(" = ").next().unwrap_or_default().to_owned();
    for line in changed.lines() {
        lines.retain(|kept| key(kept) != key(line));
        lines.push(line);
    }
    format!("[[oidc_providers]]\n{}\n", lines.join("\n"))
}

#[test]
fn providers_are_none_by_default_and_blocks_in_the_file() {
    assert!(load(&[]).unwrap().oidc_providers.is_empty());
    let settings = load_file(
        &[provider(""), provider("id = \"city\"\norigins = [\"https://Login.example.cn/\"]")].concat(),
    );
    let providers = settings.unwrap().oidc_providers;
    assert_eq!((providers[0].id.as_str(), providers[1].id.as_str()), ("province", "city"));
    assert_eq!(providers[0].form_origins().collect::<Vec<_>>(), ["https://id.example.cn"]);
    assert_eq!(
        providers[1].form_origins().collect::<Vec<_>>(),
        ["https://id.example.cn", "https://login.example.cn"]
    );
    assert_eq!(providers[0].verified_values, ["true"]);
}

#[test]
fn providers_come_from_the_environment_too() {
    let list = "[{ id = \"p\", name = \"示例\", issuer = \"http://localhost:4000\", client_id = \"c\" }]";
    assert_eq!(load(&[("XW_OIDC_PROVIDERS", list)]).unwrap().oidc_providers[0].id, "p");
    assert!(load(&[("XW_OIDC_PROVIDERS", "")]).unwrap().oidc_providers.is_empty());
    assert_refused(load(&[("XW_OIDC_PROVIDERS", "province")]), &["oidc_providers", "no list of providers"]);
}

#[test]
fn a_provider_that_can_not_be_used_or_trusted_is_refused() {
    for (changed, words) in [
        ("id = \"Province 1\"", "id must be"),
        ("id = \"\"", "id must be"),
        ("name = \" \"", "name is empty"),
        ("client_id = \"\"", "client_id is empty"),
        ("issuer = \"id.example.cn\"", "issuer is not usable"),
        ("issuer = \"https://id.example.cn/?tenant=1\"", "issuer is not usable"),
        ("issuer = \"http://id.example.cn\"", "issuer is plain http"),
        ("origins = [\"https://id.example.cn/login\"]", "each of origins"),
        ("origins = [\"http://login.example.cn\"]", "each of origins"),
        ("scopes = [\"a b\"]", "each of scopes"),
        ("client_secret = \"\"", "the client's secret is empty"),
        ("client_secret_file = \"/no/such/file\"", "client_secret_file /no/such/file can not be read"),
        ("client_secret = \"CANARY\"\nclient_secret_file = \"/no\"", "both set"),
        ("verified_claim = \"level\"\nname_claim = \"name\"", "vouches for claims that are not named"),
        (
            "verified_claim = \"level\"\nname_claim = \"name\"\ndocument_claim = \"number\"\nverified_values = []",
            "verified_values is empty",
        ),
        ("document_kind_claim = \"kind\"", "go together"),
        (
            "document_kind_claim = \"kind\"\ndocument_kinds = { \"111\" = \"id_card\" }",
            "id_card, which is no kind of ours",
        ),
        ("secret = \"CANARY\"", "a provider has secret, but there are only id, name, issuer"),
        ("client_secret = [\"CANARY\"]", "client_secret of a provider is of a wrong type"),
    ] {
        let refused = load_file(&provider(changed));
        let said = refused.as_ref().expect_err(changed).to_string();
        assert!(!said.contains("CANARY"), "{said}");
        assert_refused(refused, &["oidc_providers", words]);
    }
    assert_refused(load_file("[[oidc_providers]]\nid = \"p\""), &["a provider has no name"]);
    assert_refused(load_file(&provider("").repeat(2)), &["province: two providers have this id"]);
}

#[test]
fn a_providers_secret_comes_from_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "CANARY\n").unwrap();
    let settings =
        load_file(&provider(&format!("client_secret_file = {:?}", file.display().to_string()))).unwrap();
    let secret = settings.oidc_providers[0].client_secret.as_ref().unwrap();
    assert_eq!(secret.as_str(), "CANARY");
    assert!(!format!("{settings:?}").contains("CANARY"));
}
