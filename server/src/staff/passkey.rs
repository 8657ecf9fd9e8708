//! Passkeys (WebAuthn). They belong to a host name, so an address without one offers none.

use anyhow::{Context as _, anyhow};
use webauthn_rs::prelude::{
    CreationChallengeResponse, CredentialID, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid, Webauthn,
    WebauthnBuilder,
};

use crate::seal::sha256;
use crate::settings::Settings;

/// What must be remembered between the challenge and its answer.
#[derive(serde::Serialize, serde::Deserialize)]
enum Pending {
    Register(PasskeyRegistration),
    Authenticate(PasskeyAuthentication),
}

/// Makes and checks passkeys for this deployment's host name.
pub(crate) struct Passkeys(Webauthn);

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passkeys")
    }
}

impl Passkeys {
    /// `None` where browsers would refuse them: the public address is a number, or plain http of another machine.
    pub(crate) fn of(settings: &Settings) -> Option<Self> {
        let origin = Url::parse(&settings.base_url).ok()?;
        let host = origin.domain()?.to_owned();
        if !settings.is_https() && host != "localhost" {
            return None;
        }
        let webauthn =
            WebauthnBuilder::new(&host, &origin).ok()?.rp_name(&settings.site_name).build().ok()?;
        Some(Self(webauthn))
    }

    /// A challenge to make a new passkey, and what to remember of it.
    ///
    /// # Errors
    /// The library refuses.
    pub(crate) fn start_registration(
        &self,
        staff: &str,
        login: &str,
        existing: &[Passkey],
    ) -> anyhow::Result<(CreationChallengeResponse, Vec<u8>)> {
        let exclude: Vec<CredentialID> = existing.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let (challenge, state) = self
            .0
            .start_passkey_registration(handle(staff)?, login, login, Some(exclude))
            .map_err(|cause| anyhow!("starting a passkey: {cause}"))?;
        Ok((challenge, serde_json::to_vec(&Pending::Register(state))?))
    }

    /// The new passkey, where the answer fits the challenge.
    pub(crate) fn finish_registration(&self, answer: &str, pending: &[u8]) -> Option<Passkey> {
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).ok()?;
        let Ok(Pending::Register(state)) = serde_json::from_slice(pending) else { return None };
        self.0.finish_passkey_registration(&answer, &state).ok()
    }

    /// A challenge to show one of these passkeys, and what to remember of it.
    ///
    /// # Errors
    /// The library refuses.
    pub(crate) fn start_authentication(
        &self,
        passkeys: &[Passkey],
    ) -> anyhow::Result<(RequestChallengeResponse, Vec<u8>)> {
        let (challenge, state) = self
            .0
            .start_passkey_authentication(passkeys)
            .map_err(|cause| anyhow!("asking for a passkey: {cause}"))?;
        Ok((challenge, serde_json::to_vec(&Pending::Authenticate(state))?))
    }

    /// The row of the passkey that was shown, with its new counter, where the answer fits the challenge.
    pub(crate) fn finish_authentication(
        &self,
        answer: &str,
        pending: &[u8],
        passkeys: Vec<(String, Passkey)>,
    ) -> Option<(String, Passkey)> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).ok()?;
        let Ok(Pending::Authenticate(state)) = serde_json::from_slice(pending) else { return None };
        let result = self.0.finish_passkey_authentication(&answer, &state).ok()?;
        let (id, mut passkey) =
            passkeys.into_iter().find(|(_, passkey)| passkey.cred_id() == result.cred_id())?;
        passkey.update_credential(&result);
        Some((id, passkey))
    }
}

/// The text by which a passkey is found again.
pub(crate) fn credential_text(passkey: &Passkey) -> String {
    data_encoding::BASE64URL_NOPAD.encode(passkey.cred_id().as_ref())
}

/// The handle by which an authenticator knows the account: 16 bytes that tell nothing.
fn handle(staff: &str) -> anyhow::Result<Uuid> {
    let hash = data_encoding::HEXLOWER.decode(sha256(staff).as_bytes())?;
    let bytes = hash.get(..16).context("making a handle")?;
    Ok(Uuid::from_slice(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(base_url: &str) -> bool {
        Passkeys::of(&Settings { base_url: base_url.into(), ..Settings::for_tests() }).is_some()
    }

    #[test]
    fn passkeys_are_offered_where_browsers_take_them() {
        assert!(offered("http://localhost:3000") && offered("https://xw.example.cn"));
        assert!(!offered("http://127.0.0.1:3000") && !offered("https://192.168.1.5"));
        assert!(!offered("http://xw.example.cn"));
    }

    #[test]
    fn a_challenge_is_remembered_and_nonsense_is_no_answer() {
        let passkeys = Passkeys::of(&Settings::for_tests()).unwrap();
        let (challenge, pending) = passkeys.start_registration("01", "li.ming", &[]).unwrap();
        assert!(serde_json::to_string(&challenge).unwrap().contains("challenge"));
        assert!(passkeys.finish_registration("{}", &pending).is_none());
        assert!(passkeys.finish_authentication("{}", &pending, Vec::new()).is_none());
    }
}
