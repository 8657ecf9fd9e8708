//! Passwords of staff: Argon2id, a short list of breached ones, and first passwords for new accounts.

use std::collections::HashSet;
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow};
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::seal::random;

/// 19 MiB, two passes, one lane: the first of OWASP's recommendations for Argon2id.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// So many are worked out at the same time: each takes memory, and a flood of sign-ins must not take it all.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|cause| anyhow!("Argon2: {cause}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|cause| anyhow!("making a salt: {cause}"))?;
    let hash = argon2()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|cause| anyhow!("hashing a password: {cause}"))?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> bool {
    let Ok(argon2) = argon2() else { return false };
    PasswordHash::new(hash).is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
}

/// Hashes a password, away from the threads that serve requests.
///
/// # Errors
/// The system has no randomness or no memory.
pub(crate) async fn hash(password: &str) -> anyhow::Result<String> {
    let _permit = AT_ONCE.acquire().await?;
    let password = Zeroizing::new(password.to_owned());
    tokio::task::spawn_blocking(move || hash_now(&password)).await.context("hashing a password")?
}

/// Whether the password fits. Without a hash, because there is no such account, it takes as long and is false.
///
/// # Errors
/// The system has no memory.
pub(crate) async fn verify(password: &str, hash: Option<String>) -> anyhow::Result<bool> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    let _permit = AT_ONCE.acquire().await?;
    let password = Zeroizing::new(password.to_owned());
    tokio::task::spawn_blocking(move || match hash {
        Some(hash) => Ok(verify_now(&password, &hash)),
        None => {
            let nobodys = match NOBODYS.get() {
                Some(hash) => hash,
                None => {
                    let hash = hash_now("nobody")?;
                    NOBODYS.get_or_init(|| hash)
                }
            };
            verify_now(&password, nobodys);
            Ok(false)
        }
    })
    .await
    .context("checking a password")?
}

/// Whether a password stands in the list of breached ones (server/data/README.md).
pub(crate) fn is_breached(password: &str) -> bool {
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| include_str!("../../data/breached-passwords.txt").lines().collect())
        .contains(password)
}

/// A password for the first sign-in: 80 random bits in groups that can be read out.
///
/// # Errors
/// The system has no randomness.
pub(crate) fn first_password() -> anyhow::Result<String> {
    let text = data_encoding::BASE32_NOPAD.encode(&random::<10>()?).to_ascii_lowercase();
    Ok(in_fours(&text, "-"))
}

/// The same from the hash of a form's key, as [`crate::store::Store::first_password_of`] gives it.
pub(crate) fn first_password_from(hash: &str) -> String {
    let bytes = data_encoding::HEXLOWER.decode(hash.as_bytes()).unwrap_or_default();
    let bytes = bytes.get(..10).unwrap_or_default();
    in_fours(&data_encoding::BASE32_NOPAD.encode(bytes).to_ascii_lowercase(), "-")
}

/// A text in groups of four.
pub(crate) fn in_fours(text: &str, between: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let hashed = hash("清晨太湖边的三只白鹭").await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("清晨太湖边的三只白鹭", Some(hashed.clone())).await.unwrap());
        assert!(!verify("清晨太湖边的四只白鹭", Some(hashed)).await.unwrap());
        assert!(!verify("nobody", None).await.unwrap(), "an unknown login has no password");
        assert!(!verify("x", Some("no hash".into())).await.unwrap());
    }

    #[test]
    fn the_list_knows_what_many_people_use() {
        assert!(is_breached("qwertyuiop") && is_breached("1234567890"));
        assert!(!is_breached("清晨太湖边的三只白鹭") && !is_breached(""));
    }

    #[test]
    fn first_passwords_are_long_enough_and_each_another_one() {
        let (one, other) = (first_password().unwrap(), first_password().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        assert!(app::domain::staff::new_password(&one, "li.ming", is_breached).is_ok());
    }
}
