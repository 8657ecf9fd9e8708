//! Sign-in with another provider's account by OpenID Connect: authorization code flow with PKCE, state and nonce.
//!
//! What the provider says is believed only after its ID token was verified: signature, issuer, audience, nonce, expiry by
//! our clock, and the hash of the access token where the provider gives one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use app::domain::document::DocumentKind;
use app::domain::person::{Identity, IdentityForm};
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use app::ports::ProviderName;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthType, AuthenticationFlow, AuthorizationCode,
    ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl,
    JsonWebKey as _, JwsSigningAlgorithm as _, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, SubjectIdentifier, TokenResponse as _, UserInfoError,
    reqwest,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::settings::{OidcProvider, Settings, is_this_machine};

/// How long a provider's metadata and keys are taken as they were.
const KEPT_MS: i64 = 3_600_000;

/// How long one question to a provider may take. A sign-in asks three at the most while the resident waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who a provider says that somebody is.
#[derive(Clone)]
pub(crate) struct ProviderIdentity {
    /// The provider's id in the settings.
    pub(crate) provider: String,
    /// The person's account there; never shown, never kept readable.
    pub(crate) subject: String,
    /// Name and document, where the provider says that it has proved them.
    pub(crate) verified: Option<Identity>,
    /// The telephone number that the provider knows. It opens nothing here.
    pub(crate) phone: Option<ContactPhone>,
}

/// The claims that a provider gives besides those of the standard.
#[derive(Clone, Default, Deserialize, Serialize)]
struct OtherClaims(Map<String, Value>);

impl AdditionalClaims for OtherClaims {}

app::masked_debug!(OtherClaims, SignInSecrets, ProviderIdentity);

/// Why an ID token was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unverified {
    /// Its key is not among those that we know of.
    UnknownKey,
    /// Anything else.
    Wrong(&'static str),
}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type OidcClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a sign-in with a provider did not succeed. The words are fixed: they go to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The state is forged, used, too old, or of another browser.
    #[error("no sign-in with this state is under way in this browser")]
    NotBegun,
    /// The sign-in was begun with another provider.
    #[error("the answer is another provider's")]
    MixedUp,
    /// The sign-in was begun by somebody who is not signed in here any more.
    #[error("whoever began to connect an account is not signed in any more")]
    NotSignedIn,
    /// The account at the provider opens another account here.
    #[error("the account is connected with another one here")]
    Taken,
    /// The provider has proved that the account is another person's.
    #[error("the account is another person's")]
    OtherPerson,
    /// The resident did not agree, or the provider does not let them.
    #[error("the provider was not to sign this person in")]
    Denied,
    /// The provider does not accept the code, or not from us.
    #[error("the provider does not accept the code with our verifier")]
    CodeRefused,
    /// The provider doesn't answer, or says that it can't now.
    #[error("the provider does not answer")]
    Unreachable,
    /// What the provider answered can't be believed or understood.
    #[error("the provider's answer is not to be believed: {0}")]
    Untrusted(&'static str),
}

/// What of a sign-in waits in the database, sealed, for the answer. The state itself is only there as part of the row's
/// hashed id.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct SignInSecrets {
    /// Comes back inside the ID token.
    pub(crate) nonce: String,
    /// Proves to the provider that the code was asked for by us (PKCE).
    pub(crate) verifier: String,
    /// Where the resident goes afterwards.
    pub(crate) next: String,
    /// The resident who connects the account with their own; nobody where one signs in.
    pub(crate) connect: Option<String>,
}

/// A sign-in that begins.
pub(crate) struct Begun {
    /// The provider's address to go to.
    pub(crate) url: String,
    /// Comes back with the answer.
    pub(crate) state: String,
    /// Comes back inside the ID token.
    pub(crate) nonce: String,
    /// Proves to the provider that the code was asked for by us.
    pub(crate) verifier: String,
}

app::masked_debug!(Begun);

/// All providers of this deployment.
#[derive(Debug)]
pub(crate) struct Providers(Vec<Provider>);

/// One provider, with what it last said of itself.
pub(crate) struct Provider {
    settings: OidcProvider,
    http: reqwest::Client,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    kept: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Provider({})", self.settings.id)
    }
}

impl Providers {
    /// The providers of the settings. None is asked anything before somebody signs in with it.
    ///
    /// # Errors
    /// The HTTP client can't be made, or an address of the settings is none.
    pub(crate) fn new(settings: &Settings) -> anyhow::Result<Self> {
        if settings.oidc_providers.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let http = reqwest::Client::builder()
            // Whoever follows redirects with a secret in hand can be led anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            // The environment is read by the settings alone.
            .no_proxy()
            .build()
            .context("making the client for sign-in providers")?;
        let providers = settings
            .oidc_providers
            .iter()
            .map(|provider| {
                let redirect = format!("{}/sign-in/callback/{}", settings.base_url, provider.id);
                Ok(Provider {
                    http: http.clone(),
                    issuer: IssuerUrl::new(provider.issuer.clone())?,
                    redirect: RedirectUrl::new(redirect)?,
                    settings: provider.clone(),
                    kept: Mutex::new(None),
                })
            })
            .collect::<anyhow::Result<_>>()
            .context("reading oidc_providers")?;
        Ok(Self(providers))
    }

    /// In the settings' order, for the buttons of a page.
    pub(crate) fn names(&self) -> Vec<ProviderName> {
        let name =
            |it: &Provider| ProviderName { id: it.settings.id.clone(), name: it.settings.name.clone() };
        self.0.iter().map(name).collect()
    }

    /// The provider of that id.
    pub(crate) fn get(&self, id: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings.id == id)
    }
}

impl Provider {
    /// Its id in the settings.
    pub(crate) fn id(&self) -> &str {
        &self.settings.id
    }

    /// The name that residents know it by.
    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whether the `iss` of an answer (RFC 9207) is this provider.
    pub(crate) fn is_issuer(&self, issuer: &str) -> bool {
        self.settings.issuer == issuer
    }

    /// Begins a sign-in: where to go, and what the answer is checked with.
    ///
    /// # Errors
    /// [`Refusal::Unreachable`] or [`Refusal::Untrusted`].
    pub(crate) async fn begin(&self, now: Instant) -> Result<Begun, Refusal> {
        let client = self.client(&*self.metadata(now).await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        let origin = url.origin().ascii_serialization();
        if !self.settings.form_origins().any(|known| known == origin) {
            // Chromium would stop the form there, as our policy's form-action doesn't name it.
            tracing::warn!(
                provider = self.settings.id,
                origin,
                "the provider signs in at an origin that its entry in oidc_providers does not name: add it to origins"
            );
        }
        Ok(Begun {
            url: url.into(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Ends a sign-in: exchanges the code, verifies the ID token, reads the claims that the settings name.
    ///
    /// # Errors
    /// [`Refusal::CodeRefused`], [`Refusal::Unreachable`] or [`Refusal::Untrusted`].
    pub(crate) async fn finish(
        &self,
        secrets: &SignInSecrets,
        code: &str,
        now: Instant,
    ) -> Result<ProviderIdentity, Refusal> {
        let mut metadata = self.metadata(now).await?;
        let tokens = self
            .client(&metadata)
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| Refusal::Untrusted("it names no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()))
            .request_async(&self.http)
            .await
            .map_err(|error| token_refusal(&error))?;
        let mut verified = self.verify(&metadata, &tokens, &secrets.nonce, now);
        if matches!(verified, Err(Unverified::UnknownKey)) {
            // The provider has changed its keys within the hour.
            metadata = self.discover(now).await?;
            verified = self.verify(&metadata, &tokens, &secrets.nonce, now);
        }
        let (subject, mut claims) = verified.map_err(|error| match error {
            Unverified::UnknownKey => Refusal::Untrusted("the ID token is signed with an unknown key"),
            Unverified::Wrong(what) => Refusal::Untrusted(what),
        })?;
        if self.claim_names().any(|name| !claims.contains_key(name)) {
            for (name, value) in self.user_info(&metadata, &tokens, &subject).await? {
                claims.entry(name).or_insert(value);
            }
        }
        Ok(self.identity(subject, &claims, now))
    }

    /// What the provider says of the person at its user info endpoint; nothing where it has none.
    async fn user_info(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &Tokens,
        subject: &str,
    ) -> Result<Map<String, Value>, Refusal> {
        if metadata.userinfo_endpoint().is_none() {
            return Ok(Map::new());
        }
        let client = self.client(metadata);
        let claims = client
            .user_info(tokens.access_token().clone(), Some(SubjectIdentifier::new(subject.to_owned())))
            .map_err(|_| Refusal::Untrusted("it names no user info endpoint"))?
            .request_async::<OtherClaims, _, CoreGenderClaim>(&self.http)
            .await
            .map_err(|error| match error {
                UserInfoError::Request(_) => Refusal::Unreachable,
                UserInfoError::ClaimsVerification(_) => {
                    Refusal::Untrusted("the user info is another person's")
                }
                _ => Refusal::Untrusted("the user info is not readable"),
            })?;
        Ok(as_map(&claims))
    }

    /// What the provider says of itself, asked for at most once an hour.
    async fn metadata(&self, now: Instant) -> Result<Arc<CoreProviderMetadata>, Refusal> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some((at, metadata)) if (at.0..at.0 + KEPT_MS).contains(&now.0) => Ok(metadata),
            // Not under the lock: one who waits for a slow provider holds up nobody else.
            _ => self.discover(now).await,
        }
    }

    /// Asks the provider for its metadata and its keys.
    async fn discover(&self, now: Instant) -> Result<Arc<CoreProviderMetadata>, Refusal> {
        let metadata =
            CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await.map_err(|error| {
                match error {
                    DiscoveryError::Request(_) => Refusal::Unreachable,
                    DiscoveryError::Response(status, ..) if status.is_server_error() => Refusal::Unreachable,
                    DiscoveryError::Validation(_) => Refusal::Untrusted("its metadata name another issuer"),
                    _ => Refusal::Untrusted("its metadata are not readable"),
                }
            })?;
        let endpoints = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(openidconnect::TokenUrl::url),
            metadata.userinfo_endpoint().map(openidconnect::UserInfoUrl::url),
            Some(metadata.jwks_uri().url()),
        ];
        let readable = |url: &&reqwest::Url| {
            url.scheme() != "https" && !is_this_machine(url.host_str().unwrap_or_default())
        };
        if endpoints.into_iter().flatten().any(|url| readable(&url)) {
            return Err(Refusal::Untrusted("an endpoint of it is not https"));
        }
        let metadata = Arc::new(metadata);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, metadata.clone()));
        Ok(metadata)
    }

    fn claim_names(&self) -> impl Iterator<Item = &str> {
        let OidcProvider {
            name_claim, document_claim, document_kind_claim, phone_claim, verified_claim, ..
        } = &self.settings;
        [name_claim, document_claim, document_kind_claim, phone_claim, verified_claim]
            .into_iter()
            .map(String::as_str)
            .filter(|name| !name.is_empty())
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> OidcClient {
        let secret = self.settings.client_secret.as_ref().map(|it| ClientSecret::new(it.as_str().to_owned()));
        let ways = metadata.token_endpoint_auth_methods_supported();
        // Basic is what holds where nothing is said.
        let basic = ways.is_none_or(|ways| {
            ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
                || !ways.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        OidcClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.settings.client_id.clone()),
            secret,
        )
        .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
        .set_redirect_uri(self.redirect.clone())
    }

    /// Verifies the ID token; gives the subject and all claims.
    fn verify(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &Tokens,
        nonce: &str,
        now: Instant,
    ) -> Result<(String, Map<String, Value>), Unverified> {
        let client = self.client(metadata);
        // A time that can't be told lets every token expire.
        let now = DateTime::from_timestamp_millis(now.0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let verifier = client.id_token_verifier().set_time_fn(move || now);
        let token = tokens.id_token().ok_or(Unverified::Wrong("it gave no ID token"))?;
        let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| match error {
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                Unverified::UnknownKey
            }
            ClaimsVerificationError::SignatureVerification(_) => {
                Unverified::Wrong("the ID token's signature is wrong")
            }
            ClaimsVerificationError::Expired(_) => Unverified::Wrong("the ID token has expired"),
            ClaimsVerificationError::InvalidAudience(_) => {
                Unverified::Wrong("the ID token is another client's")
            }
            ClaimsVerificationError::InvalidIssuer(_) => {
                Unverified::Wrong("the ID token is another issuer's")
            }
            ClaimsVerificationError::InvalidNonce(_) => Unverified::Wrong("the ID token has another nonce"),
            _ => Unverified::Wrong("the ID token has a wrong claim"),
        })?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm =
                token.signing_alg().map_err(|_| Unverified::Wrong("the ID token is not signed"))?;
            let key = if algorithm.uses_shared_secret() {
                // Only the algorithm matters to the hash.
                CoreJsonWebKey::new_symmetric(Vec::new())
            } else {
                token.signing_key(&verifier).map_err(|_| Unverified::UnknownKey)?.clone()
            };
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, &key);
            if actual.ok().as_ref() != Some(expected) {
                return Err(Unverified::Wrong("the ID token came with another access token"));
            }
        }
        Ok((claims.subject().as_str().to_owned(), as_map(claims)))
    }

    /// Who it is, as far as the settings let this provider tell.
    fn identity(&self, subject: String, claims: &Map<String, Value>, now: Instant) -> ProviderIdentity {
        let settings = &self.settings;
        let text = |claim: &str| claims.get(claim).and_then(as_text);
        let proved =
            text(&settings.verified_claim).is_some_and(|said| settings.verified_values.contains(&said));
        let verified = proved.then(|| self.real_name(&text, now)).flatten();
        if proved && verified.is_none() {
            // No value: a person's name or number does not belong in a log line.
            tracing::warn!(
                provider = settings.id,
                name_came = text(&settings.name_claim).is_some(),
                document_came = text(&settings.document_claim).is_some(),
                "a provider says that a person is proved, but not readably who it is"
            );
        }
        // The standard's own claim has a companion that says whether the number was proved.
        let unproved = settings.phone_claim == "phone_number"
            && claims.get("phone_number_verified").is_some_and(|proved| proved == &Value::Bool(false));
        let phone = text(&settings.phone_claim).filter(|_| !unproved);
        ProviderIdentity {
            provider: settings.id.clone(),
            subject,
            verified,
            phone: phone.and_then(|text| ContactPhone::parse(&text).ok()),
        }
    }

    /// Name and document of the claims, where both are readable.
    fn real_name(&self, text: &impl Fn(&str) -> Option<String>, now: Instant) -> Option<Identity> {
        let settings = &self.settings;
        let document_kind = match settings.document_kind_claim.as_str() {
            "" => DocumentKind::CitizenId.as_str().to_owned(),
            claim => settings.document_kinds.get(&text(claim)?)?.clone(),
        };
        let form = IdentityForm {
            name: text(&settings.name_claim)?,
            document_kind,
            document_number: text(&settings.document_claim)?,
            birth_date: text("birthdate").unwrap_or_default(),
        };
        Identity::parse(&form, now.shanghai_date()).ok()
    }
}

/// A claim as text; a provider may say yes with a word, a number or a truth value.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// The claims by their names as the provider writes them, those of the standard among them.
fn as_map(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(claims)) => claims,
        _ => Map::new(),
    }
}

/// Why the token endpoint gave no token.
fn token_refusal<E: std::error::Error>(
    error: &RequestTokenError<E, StandardErrorResponse<CoreErrorResponseType>>,
) -> Refusal {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            CoreErrorResponseType::InvalidGrant => Refusal::CodeRefused,
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                Refusal::Untrusted("it does not know us by our client_id and secret")
            }
            _ => Refusal::Untrusted("it refused the token request"),
        },
        RequestTokenError::Request(_) => Refusal::Unreachable,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            Refusal::Untrusted("its token answer is not readable")
        }
    }
}
