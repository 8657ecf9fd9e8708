//! Providers of OpenID Connect: how each is written in the settings, and what is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use app::domain::document::DocumentKind;
use reqwest::Url;
use serde::Deserialize;

use super::Secret;
use super::load::Origin;

/// The name of the setting, for messages.
const KEY: &str = "oidc_providers";

/// One provider with whose account residents may sign in. `Debug` hides the secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OidcProvider {
    /// Its name in addresses and in the database.
    pub(crate) id: String,
    /// Its name as residents read it.
    pub(crate) name: String,
    /// The issuer, to the letter as the provider writes it.
    pub(crate) issuer: String,
    /// Who we are at the provider.
    pub(crate) client_id: String,
    /// The secret that proves it, where the provider gave one.
    #[serde(default)]
    pub(crate) client_secret: Option<Secret>,
    /// A file with that secret instead.
    #[serde(default)]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// What is asked for besides `openid`.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    /// The claim with the name; empty: none.
    #[serde(default)]
    pub(crate) name_claim: String,
    /// The claim with the document's number; empty: none.
    #[serde(default)]
    pub(crate) document_claim: String,
    /// The claim with the document's kind; empty: every document is a citizen id card.
    #[serde(default)]
    pub(crate) document_kind_claim: String,
    /// The provider's word for a kind, and the slug of ours. A kind without a word is taken for none.
    #[serde(default)]
    pub(crate) document_kinds: BTreeMap<String, String>,
    /// The claim with the telephone number; empty: none.
    #[serde(default)]
    pub(crate) phone_claim: String,
    /// The claim that says whether the provider has proved who the person is; empty: it never says so.
    #[serde(default)]
    pub(crate) verified_claim: String,
    /// What that claim says of somebody who is proved; `true` by default.
    #[serde(default = "yes")]
    pub(crate) verified_values: Vec<String>,
    /// Further origins that signing in leads through, apart from the issuer's.
    #[serde(default)]
    pub(crate) origins: Vec<String>,
}

fn yes() -> Vec<String> {
    vec!["true".to_owned()]
}

impl OidcProvider {
    /// The origins that a sign-in leads to, for the browser's `form-action`: the issuer's and the named ones.
    pub(crate) fn form_origins(&self) -> impl Iterator<Item = String> + '_ {
        issuer_origin(&self.issuer)
            .ok()
            .map(|origin| origin.text)
            .into_iter()
            .chain(self.origins.iter().cloned())
    }

    /// Checks one provider and reads its secret. `refuse` is told what is wrong and how to mend it.
    fn check(&mut self, refuse: &mut impl FnMut(&str, &str)) {
        if !is_slug(&self.id) {
            refuse(
                "id must be 1 to 32 lower-case letters, digits and hyphens",
                "choose one like id = \"province\" and keep it: accounts are bound to it",
            );
        }
        if self.name.trim().is_empty() {
            refuse("name is empty", "write the name that residents know the provider by");
        }
        match issuer_origin(&self.issuer) {
            Err(wrong) => refuse(
                &format!("issuer is not usable: {wrong}"),
                "copy it from the provider, such as issuer = \"https://id.example.cn\"",
            ),
            Ok(origin) if !is_safe(&origin) => {
                refuse(
                    "issuer is plain http",
                    "use the provider's https address; http is for this machine alone",
                );
            }
            Ok(_) => {}
        }
        if self.client_id.trim().is_empty() {
            refuse("client_id is empty", "copy it from the provider");
        }
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            refuse("each of scopes must be one word", "write it like scopes = [\"profile\", \"phone\"]");
        }
        let vouches = !self.verified_claim.is_empty();
        if vouches && (self.name_claim.is_empty() || self.document_claim.is_empty()) {
            refuse(
                "verified_claim vouches for claims that are not named",
                "set name_claim and document_claim to the provider's claims, or take verified_claim away",
            );
        }
        if vouches && self.verified_values.iter().all(|value| value.trim().is_empty()) {
            refuse(
                "verified_values is empty: nobody would ever be verified",
                "write what verified_claim says of a proved person, like verified_values = [\"true\"]",
            );
        }
        if self.document_kind_claim.is_empty() != self.document_kinds.is_empty() {
            refuse(
                "document_kind_claim and document_kinds go together",
                "write them like document_kind_claim = \"id_type\", document_kinds = { \"111\" = \"citizen_id\" }",
            );
        }
        for kind in self.document_kinds.values().filter(|kind| DocumentKind::parse(kind).is_none()) {
            let known: Vec<_> = DocumentKind::ALL.iter().map(|kind| kind.as_str()).collect();
            refuse(
                &format!("document_kinds names {kind}, which is no kind of ours"),
                &format!("use one of {}", known.join(", ")),
            );
        }
        for text in &mut self.origins {
            match Origin::parse(text) {
                Ok(origin) if is_safe(&origin) => *text = origin.text,
                _ => refuse(
                    "each of origins must be an https origin without a path",
                    "write it like origins = [\"https://login.example.cn\"]",
                ),
            }
        }
        if self.client_secret.is_some() && self.client_secret_file.is_some() {
            refuse("client_secret and client_secret_file are both set", "leave one of them out");
        } else if let Some(file) = &self.client_secret_file {
            match std::fs::read_to_string(file) {
                Ok(text) => self.client_secret = Some(Secret(text.trim().to_owned())),
                Err(cause) => refuse(
                    &format!("client_secret_file {} can not be read: {cause}", file.display()),
                    "put the secret there, readable by the server alone, or correct the path",
                ),
            }
        }
        if self.client_secret.as_ref().is_some_and(|secret| secret.as_str().is_empty()) {
            refuse("the client's secret is empty", "copy it from the provider, or leave it out");
        }
    }
}

/// Checks all providers. `refuse` takes the key, what is wrong and how to mend it.
pub(super) fn check(providers: &mut [OidcProvider], refuse: &mut impl FnMut(&str, &str, &str)) {
    let mut ids = BTreeSet::new();
    for provider in providers.iter_mut() {
        let id = if is_slug(&provider.id) { provider.id.clone() } else { "one without a usable id".into() };
        provider.check(&mut |wrong, fix| refuse(KEY, &format!("{id}: {wrong}"), fix));
        if !ids.insert(provider.id.clone()) {
            refuse(KEY, &format!("{id}: two providers have this id"), "give each an id of its own");
        }
    }
}

/// Names, numbers and codes travel there: https, or this machine itself.
fn is_safe(origin: &Origin) -> bool {
    origin.https || origin.is_this_machine()
}

fn is_slug(id: &str) -> bool {
    (1..=32).contains(&id.len())
        && id.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-')
}

/// The origin of an issuer, whose address may have a path and nothing behind it.
fn issuer_origin(issuer: &str) -> Result<Origin, &'static str> {
    let url = Url::parse(issuer).map_err(|_| "it is no web address")?;
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err("it may have a path, but no user, no question mark and no #");
    }
    Origin::parse(&url.origin().ascii_serialization())
}

#[cfg(test)]
impl OidcProvider {
    /// A provider as tests need it, without claims.
    pub(crate) fn for_tests(id: &str, issuer: &str) -> Self {
        let text = format!(
            "id = \"{id}\"\nname = \"示例平台\"\nissuer = \"{issuer}\"\nclient_id = \"xinwu\"\n\
             client_secret = \"a-long-secret-of-tests\""
        );
        toml::from_str(&text).expect("a provider")
    }
}
