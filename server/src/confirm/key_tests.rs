//! Keys in their folder: made, taken in, changed, lost, and what attackers and accidents leave there.

#![cfg(test)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use app::domain::confirm::check::CheckState;
use app::domain::confirm::keys::{JwkSet, KeyId, PublicKey};
use app::domain::time::Instant;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, KeypairBytes, PublicKeyBytes};

use super::key_command::run;
use super::key_ring::{KeyRing, OVERLAP_MS};
use super::keys::fits;
use crate::cli::KeysCommand;

const NOW: Instant = Instant(1_795_413_900_000);
const DAY_MS: i64 = 24 * 3_600_000;

fn later(ms: i64) -> Instant {
    Instant(NOW.0 + ms)
}

/// A key folder that does not exist yet.
struct Keys {
    outside: tempfile::TempDir,
    folder: PathBuf,
}

impl Keys {
    fn new() -> Self {
        let outside = tempfile::tempdir().unwrap();
        Self { folder: outside.path().join("deep/keys"), outside }
    }

    async fn run_at(&self, command: KeysCommand, at: Instant) -> Result<String, String> {
        let told = run(&self.folder, &command, at).await;
        told.map(|lines| lines.join("\n")).map_err(|cause| format!("{cause:#}"))
    }

    async fn run(&self, command: KeysCommand) -> Result<String, String> {
        self.run_at(command, NOW).await
    }

    async fn import(&self, file: &Path) -> Result<String, String> {
        self.run(KeysCommand::Import { file: file.to_owned() }).await
    }

    async fn made(&self) -> KeyId {
        id_in(&self.run(KeysCommand::Make).await.unwrap())
    }

    fn ring(&self) -> Result<KeyRing, String> {
        KeyRing::load(&self.folder, true).map_err(|cause| format!("{cause:#}"))
    }

    fn outside(&self, name: &str, content: &[u8], mode: u32) -> PathBuf {
        let path = self.outside.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    /// Runs openssl in the folder outside; gives the file that it writes.
    fn openssl(&self, name: &str, arguments: &[&str]) -> PathBuf {
        let path = self.outside.path().join(name);
        let done = std::process::Command::new("openssl")
            .args(arguments)
            .arg("-out")
            .arg(&path)
            .current_dir(self.outside.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// A shell script that signs, or does not, in place of a file.
    async fn by_script(&self, public: &Path, script: &str) -> Result<String, String> {
        let script = self.outside("sign.sh", script.as_bytes(), 0o600);
        // Handed to the shell: executing a file that was just written fails when another test forks meanwhile.
        let command = vec!["sh".to_owned(), script.to_str().unwrap().to_owned()];
        self.run(KeysCommand::ImportCommand { public: public.to_owned(), command }).await
    }

    fn list(&self) -> String {
        fs::read_to_string(self.folder.join("signing-keys.toml")).unwrap()
    }

    fn write_list(&self, text: &str) {
        fs::write(self.folder.join("signing-keys.toml"), text).unwrap();
    }
}

fn id_in(told: &str) -> KeyId {
    KeyId::parse(told.split(' ').nth(1).unwrap()).unwrap_or_else(|| panic!("no id in {told}"))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Whether the ring takes a signature of the key that signs in `by`, made at `at`.
async fn answer(ring: &KeyRing, by: &KeyRing, at: Instant) -> Result<(), CheckState> {
    let signature = by.signing().sign(b"message").await.unwrap();
    let key = ring.public().for_check(by.signing().public().id, Some(-8), at)?;
    if fits(key, b"message", &signature) { Ok(()) } else { Err(CheckState::Altered) }
}

#[tokio::test]
async fn the_first_key_signs_and_later_ones_stand_by() {
    let keys = Keys::new();
    assert!(keys.run(KeysCommand::List).await.unwrap().contains("no key yet"));
    let first = keys.made().await;
    let told = keys.run_at(KeysCommand::Make, later(60_000)).await.unwrap();
    let second = id_in(&told);
    assert!(told.contains("stands by"), "{told}");
    let ring = keys.ring().unwrap();
    assert_eq!(ring.signing().public().id, first);
    assert_eq!(ring.public().all().iter().map(|key| key.id).collect::<Vec<_>>(), [second, first]);
    let told = keys.run(KeysCommand::List).await.unwrap();
    assert!(told.contains(&format!("{first}  signs  since ")), "{told}");
    assert!(told.contains(&format!("{second}  stands by  since ")), "{told}");
    for key in ring.public().all() {
        assert!(told.contains(&key.fingerprint()) && told.contains(&format!("signing-{}.pem", key.id)));
    }
}

#[tokio::test]
async fn what_is_made_is_for_its_owner_alone() {
    let keys = Keys::new();
    keys.made().await;
    assert_eq!(mode(&keys.folder), 0o700);
    let files: Vec<_> = fs::read_dir(&keys.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "a key, the list and its lock: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_key_of_openssl_is_taken_in_once() {
    let keys = Keys::new();
    let pem = keys.openssl("made.pem", &["genpkey", "-algorithm", "ed25519"]);
    let told = keys.import(&pem).await.unwrap();
    let id = id_in(&told);
    assert!(told.contains("made.pem is not needed any more"), "{told}");
    assert_eq!(keys.ring().unwrap().signing().public().id, id);
    assert_eq!(mode(&keys.folder.join(format!("signing-{id}.pem"))), 0o600);
    assert!(keys.import(&pem).await.unwrap_err().contains("in the list already"));
    // The fingerprint is one that anybody can work out from the public half.
    keys.openssl("public.der", &["pkey", "-in", "made.pem", "-pubout", "-outform", "DER"]);
    let line = "tail -c 32 public.der | sha256sum | cut -c 1-64";
    let sum = std::process::Command::new("sh")
        .args(["-c", line])
        .current_dir(keys.outside.path())
        .output()
        .unwrap();
    let fingerprint = keys.ring().unwrap().signing().public().fingerprint();
    assert_eq!(fingerprint.replace(' ', ""), String::from_utf8(sum.stdout).unwrap().trim());
    assert!(fingerprint.split(' ').count() == 16 && fingerprint.split(' ').all(|group| group.len() == 4));
}

#[tokio::test]
async fn both_versions_of_pkcs8_are_read_and_a_false_public_half_is_not() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    let pem = |public_key| {
        let pair = KeypairBytes { secret_key: key.to_bytes(), public_key };
        pair.to_pkcs8_pem(LineEnding::CRLF).unwrap().to_string()
    };
    let own = Some(PublicKeyBytes(key.verifying_key().to_bytes()));
    for (name, text) in [("v1.pem", pem(None)), ("v2.pem", pem(own))] {
        let keys = Keys::new();
        let file = keys.outside(name, text.as_bytes(), 0o600);
        assert_eq!(
            id_in(&keys.import(&file).await.unwrap()),
            PublicKey::new(key.verifying_key().to_bytes()).id,
            "{name}"
        );
    }
    let keys = Keys::new();
    let file = keys.outside("false.pem", pem(Some(PublicKeyBytes(other.to_bytes()))).as_bytes(), 0o600);
    assert!(keys.import(&file).await.unwrap_err().contains("not an Ed25519 key"));
    assert!(!KeyRing::is_in(&keys.folder));
}

#[tokio::test]
async fn what_is_no_key_of_ours_is_refused_and_changes_nothing() {
    let keys = Keys::new();
    let good = keys.openssl("good.pem", &["genpkey", "-algorithm", "ed25519"]);
    let curve = "ec_paramgen_curve:P-256";
    let files = [
        (keys.openssl("x25519.pem", &["genpkey", "-algorithm", "x25519"]), "not an Ed25519 key"),
        (keys.openssl("ed448.pem", &["genpkey", "-algorithm", "ed448"]), "not an Ed25519 key"),
        (keys.openssl("p256.pem", &["genpkey", "-algorithm", "EC", "-pkeyopt", curve]), "not an Ed25519 key"),
        (keys.openssl("public.pem", &["pkey", "-in", "good.pem", "-pubout"]), "not an Ed25519 key"),
        (
            keys.openssl("locked.pem", &["pkey", "-in", "good.pem", "-aes256", "-passout", "pass:test"]),
            "is encrypted; take the password off first",
        ),
        (keys.outside("empty.pem", b"", 0o600), "not an Ed25519 key"),
        (keys.outside("binary.pem", &[0xFF, 0xFE, 0], 0o600), "reading"),
        (keys.outside("open.pem", &fs::read(&good).unwrap(), 0o640), "can be read by others"),
        (keys.outside.path().to_owned(), "can be read by others"),
        (keys.outside.path().join("none.pem"), "reading"),
    ];
    fs::set_permissions(keys.outside.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for (file, cause) in files {
        let refused = keys.import(&file).await.unwrap_err();
        assert!(refused.contains(cause), "{}: {refused}", file.display());
        assert!(!refused.contains("PRIVATE"), "nothing of the file is told");
        assert!(!KeyRing::is_in(&keys.folder), "{}", file.display());
    }
}

/// Signs as a hardware module's program would.
const SIGNS: &str = "message=$(mktemp) && cat > $message && \
    openssl pkeyutl -sign -rawin -inkey ${0%/*}/device.pem -in $message; rm -f $message";

#[tokio::test]
async fn a_program_signs_in_place_of_a_file() {
    let keys = Keys::new();
    keys.openssl("device.pem", &["genpkey", "-algorithm", "ed25519"]);
    let public = keys.openssl("public.pem", &["pkey", "-in", "device.pem", "-pubout"]);
    let told = keys.by_script(&public, SIGNS).await.unwrap();
    let ring = keys.ring().unwrap();
    assert_eq!(ring.signing().public().id, id_in(&told));
    assert_eq!(answer(&ring, &ring, NOW).await, Ok(()));
    let files = fs::read_dir(&keys.folder).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(files.filter(|name| name.to_string_lossy().ends_with(".pem")).count(), 0);
    assert!(keys.run(KeysCommand::List).await.unwrap().contains("sign.sh"));
    assert!(keys.by_script(&public, SIGNS).await.unwrap_err().contains("in the list already"));
}

#[tokio::test]
async fn a_program_that_does_not_sign_is_never_taken_in() {
    let keys = Keys::new();
    keys.openssl("device.pem", &["genpkey", "-algorithm", "ed25519"]);
    let other = keys.openssl("other.pem", &["genpkey", "-algorithm", "ed25519"]);
    let public = keys.openssl("public.pem", &["pkey", "-in", "device.pem", "-pubout"]);
    let strange = keys.openssl("strange.pem", &["pkey", "-in", "other.pem", "-pubout"]);
    for (script, cause) in [
        ("cat > /dev/null; exit 3", "sh failed (exit status: 3)"),
        ("exit 3", "sh failed (exit status: 3)"),
        ("kill -9 $$", "sh failed (signal: 9"),
        ("cat > /dev/null", "did not write the 64 bytes"),
        ("cat > /dev/null; printf %064d 7", "is not one of key"),
        ("cat > /dev/null; printf %063d 7", "did not write the 64 bytes"),
        ("cat > /dev/null; yes", "did not write the 64 bytes"),
        // The right signature and a line feed, as a careless script has it.
        (&format!("{SIGNS}; echo"), "did not write the 64 bytes"),
    ] {
        let refused = keys.by_script(&public, script).await.unwrap_err();
        assert!(refused.contains(cause), "{script}: {refused}");
    }
    assert!(keys.by_script(&strange, SIGNS).await.unwrap_err().contains("is not one of key"));
    assert!(keys.by_script(&other, SIGNS).await.unwrap_err().contains("not an Ed25519 public key"));
    for (program, cause) in
        [("./no-such-program", "finding ./no-such-program"), ("no-such-program", "running")]
    {
        let command = vec![program.to_owned()];
        let refused = keys.run(KeysCommand::ImportCommand { public: public.clone(), command }).await;
        assert!(refused.as_ref().is_err_and(|told| told.contains(cause)), "{refused:?}");
    }
    assert!(!KeyRing::is_in(&keys.folder));
}

#[tokio::test]
async fn a_program_that_hangs_is_given_up_after_five_seconds() {
    let keys = Keys::new();
    keys.openssl("device.pem", &["genpkey", "-algorithm", "ed25519"]);
    let public = keys.openssl("public.pem", &["pkey", "-in", "device.pem", "-pubout"]);
    let began = std::time::Instant::now();
    let refused = keys.by_script(&public, "exec sleep 30").await.unwrap_err();
    assert!(refused.contains("took longer than 5 s"), "{refused}");
    assert!((5..20).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_program_does_not_see_our_settings() {
    // Set by no other test; cargo's own variables show that the rest is passed on.
    let keys = Keys::new();
    keys.openssl("device.pem", &["genpkey", "-algorithm", "ed25519"]);
    let public = keys.openssl("public.pem", &["pkey", "-in", "device.pem", "-pubout"]);
    let script = format!("env > ${{0%/*}}/seen; {SIGNS}");
    keys.by_script(&public, &script).await.unwrap();
    let seen = fs::read_to_string(keys.outside.path().join("seen")).unwrap();
    assert!(seen.contains("PATH=") && !seen.lines().any(|line| line.starts_with("XW_")), "{seen}");
}

#[tokio::test]
async fn rotation_loses_nothing_that_servers_sign_before_they_know_of_it() {
    let keys = Keys::new();
    assert!(keys.run(KeysCommand::Rotate { to: None }).await.unwrap_err().contains("run: server keys make"));
    let first = keys.made().await;
    let before = keys.ring().unwrap();
    assert!(keys.run(KeysCommand::Rotate { to: None }).await.unwrap_err().contains("no such key stands by"));
    assert!(keys.run(KeysCommand::Rotate { to: Some(first.to_string()) }).await.is_err());
    let second = keys.made().await;
    let told = keys.run_at(KeysCommand::Rotate { to: None }, later(60_000)).await.unwrap();
    assert!(told.contains("less than a day old"), "{told}");
    let after = keys.ring().unwrap();
    assert_eq!(after.signing().public().id, second);
    let end = later(60_000 + OVERLAP_MS);
    assert_eq!(answer(&after, &before, NOW).await, Ok(()));
    assert_eq!(answer(&after, &before, Instant(end.0 - 1_000)).await, Ok(()), "a server that lags");
    assert_eq!(answer(&after, &before, end).await, Err(CheckState::UnknownKey));
    // A retired key never signs again, and retiring it once more does not move its end.
    assert!(keys.run(KeysCommand::Rotate { to: Some(first.to_string()) }).await.is_err());
    keys.run_at(KeysCommand::Retire { id: first.to_string(), lost: false }, later(DAY_MS)).await.unwrap();
    assert_eq!(
        keys.ring().unwrap().public().all().iter().find(|key| key.id == first).unwrap().retired_at,
        Some(end)
    );
    let third = id_in(&keys.run_at(KeysCommand::Make, later(DAY_MS)).await.unwrap());
    let told =
        keys.run_at(KeysCommand::Rotate { to: Some(third.to_string()) }, later(2 * DAY_MS)).await.unwrap();
    assert!(!told.contains("less than a day"), "{told}");
}

#[tokio::test]
async fn a_lost_key_is_taken_at_no_word_and_is_published_no_more() {
    let keys = Keys::new();
    let first = keys.made().await;
    let before = keys.ring().unwrap();
    let lost = || KeysCommand::Retire { id: first.to_string(), lost: true };
    assert!(keys.run(lost()).await.unwrap_err().contains("signs now; run `server keys rotate` first"));
    let second = keys.made().await;
    keys.run(KeysCommand::Rotate { to: None }).await.unwrap();
    assert!(keys.run(lost()).await.unwrap().contains("nothing that it signed holds"));
    let after = keys.ring().unwrap();
    assert_eq!(answer(&after, &before, Instant(NOW.0 - 10 * DAY_MS)).await, Err(CheckState::UnknownKey));
    assert!(keys.run(KeysCommand::List).await.unwrap().contains(&format!("{first}  lost")));
    let set = serde_json::to_string(&JwkSet::of(after.public())).unwrap();
    assert!(set.contains(&second.to_string()) && !set.contains(&first.to_string()));
    // It does not come back by another door.
    let pem = keys.folder.join(format!("signing-{first}.pem"));
    assert!(keys.import(&pem).await.unwrap_err().contains("in the list already"));
    assert!(keys.run(KeysCommand::Retire { id: first.to_string(), lost: false }).await.is_ok());
    assert!(keys.run(KeysCommand::List).await.unwrap().contains(&format!("{first}  lost")));
}

#[tokio::test]
async fn a_key_that_does_not_sign_never_becomes_the_one_that_signs() {
    let keys = Keys::new();
    let first = keys.made().await;
    let second = keys.made().await;
    fs::remove_file(keys.folder.join(format!("signing-{second}.pem"))).unwrap();
    assert!(keys.run(KeysCommand::List).await.unwrap().contains("(no private half here)"));
    assert!(keys.run(KeysCommand::Rotate { to: None }).await.is_err());
    assert_eq!(keys.ring().unwrap().signing().public().id, first, "the list is as it was");
    for id in ["", "12", "zzzzzzzz", "0123456789"] {
        let retire = KeysCommand::Retire { id: id.into(), lost: false };
        assert!(keys.run(retire).await.unwrap_err().contains("is no id of a key"), "{id}");
    }
    let retire = KeysCommand::Retire { id: "00000000".into(), lost: true };
    assert!(keys.run(retire).await.unwrap_err().contains("there is no key 00000000"));
}

#[test]
fn runs_at_once_lose_no_key() {
    let keys = Keys::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(keys.run(KeysCommand::Make)).unwrap();
            });
        }
    });
    let ring = keys.ring().unwrap();
    assert_eq!(ring.public().all().len(), 8);
    for key in ring.public().all() {
        assert!(keys.folder.join(format!("signing-{}.pem", key.id)).exists());
    }
}

#[tokio::test]
async fn a_folder_of_one_file_becomes_a_ring_with_it() {
    let keys = Keys::new();
    fs::create_dir_all(&keys.folder).unwrap();
    super::ConfirmationKey::create(&keys.folder.join("signing.pem")).unwrap();
    let only = keys.ring().unwrap();
    let next = keys.made().await;
    let ring = keys.ring().unwrap();
    assert_eq!(
        ring.signing().public().id,
        only.signing().public().id,
        "a key that is added does not sign at once"
    );
    assert_eq!(ring.public().all().len(), 2);
    assert_eq!(answer(&ring, &only, NOW).await, Ok(()));
    assert!(ring.public().all().iter().any(|key| key.id == next));
}

#[tokio::test]
async fn runs_that_were_broken_off_leave_nothing_that_stands_in_the_way() {
    let keys = Keys::new();
    let pem = keys.openssl("made.pem", &["genpkey", "-algorithm", "ed25519"]);
    let id = id_in(
        &Keys { outside: tempfile::tempdir().unwrap(), folder: keys.outside.path().join("try") }
            .import(&pem)
            .await
            .unwrap(),
    );
    fs::create_dir_all(&keys.folder).unwrap();
    for left in
        ["signing-new.pem".to_owned(), "signing-keys.toml.new".to_owned(), format!("signing-{id}.pem")]
    {
        fs::write(keys.folder.join(left), "half a fi").unwrap();
    }
    assert_eq!(id_in(&keys.import(&pem).await.unwrap()), id);
    keys.made().await;
    assert_eq!(keys.ring().unwrap().public().all().len(), 2);
}

#[tokio::test]
async fn a_broken_list_is_refused_by_name_and_is_never_written_over() {
    let keys = Keys::new();
    let first = keys.made().await.to_string();
    let second = keys.made().await.to_string();
    let good = keys.list();
    let half = |id: &str| {
        let (_, entry) = good
            .split_once(&format!("[keys.{id}]"))
            .or_else(|| good.split_once(&format!("[keys.\"{id}\"]")))
            .unwrap();
        entry.split("public = \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (one, two) = (half(&first), half(&second));
    let file = format!("file = \"signing-{first}.pem\"");
    for (name, broken) in [
        ("half of it", good[..good.len() / 2].to_owned()),
        ("empty", String::new()),
        ("no toml", "\u{0}\u{1}".to_owned()),
        ("a field that we don't know", format!("trust = \"everybody\"\n{good}")),
        ("a stranger signs", good.replace(&format!("signs = \"{first}\""), "signs = \"00000000\"")),
        ("another key's public half", good.replace(&one, &two)),
        ("no base64url", good.replace(&one, "****")),
        ("too short", good.replace(&one, &one[..20])),
        ("no point of the curve", good.replace(&one, &data_encoding::BASE64URL_NOPAD.encode(&[2; 32]))),
        ("another algorithm", good.replace("\"ed25519\"", "\"none\"")),
        ("no moment", good.replace("made_at = \"2026", "made_at = \"yesterday")),
        ("no private half", good.replace(&file, "")),
        ("two private halves", good.replace(&file, &format!("{file}\ncommand = [\"true\"]"))),
        ("a file that is not there", good.replace(&file, "file = \"none.pem\"")),
        ("another key's file", good.replace(&file, &format!("file = \"signing-{second}.pem\""))),
        (
            "the one that signs is retired",
            good.replace(&file, &format!("{file}\nretired_at = \"2020-01-01T00:00:00Z\"")),
        ),
        ("the one that signs is lost", good.replace(&file, &format!("{file}\nlost = true"))),
    ] {
        assert_ne!(broken, good, "{name}");
        keys.write_list(&broken);
        let refused = keys.ring().unwrap_err();
        assert!(
            refused.contains("signing-keys.toml") || refused.contains(&first) || refused.contains(".pem"),
            "{name}: {refused}"
        );
        // Either it still can be read as a list, and stays one, or it is left alone.
        if keys.run(KeysCommand::Make).await.is_err() {
            assert_eq!(keys.list(), broken, "{name}");
        }
    }
    fs::remove_file(keys.folder.join("signing-keys.toml")).unwrap();
    let refused = keys.ring().unwrap_err();
    assert!(refused.contains("holds no key; run: server keys make"), "{refused}");
}

#[tokio::test]
async fn production_refuses_what_others_can_read_or_change() {
    let keys = Keys::new();
    let first = keys.made().await;
    let second = keys.made().await;
    keys.ring().unwrap();
    for (path, wrong, right, cause) in [
        (keys.folder.join(format!("signing-{first}.pem")), 0o640, 0o600, "can be read by others"),
        (keys.folder.join(format!("signing-{second}.pem")), 0o604, 0o600, "can be read by others"),
        (keys.folder.join("signing-keys.toml"), 0o620, 0o600, "can be changed by others"),
        (keys.folder.clone(), 0o770, 0o700, "can be changed by others"),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(wrong)).unwrap();
        assert!(keys.ring().unwrap_err().contains(cause), "{}", path.display());
        KeyRing::load(&keys.folder, false).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(right)).unwrap();
        keys.ring().unwrap();
    }
}

#[tokio::test]
async fn a_key_is_tried_without_a_server() {
    let keys = Keys::new();
    assert!(keys.run(KeysCommand::Try { count: 1 }).await.unwrap_err().contains("run: server keys make"));
    let id = keys.made().await;
    let told = keys.run(KeysCommand::Try { count: 3 }).await.unwrap();
    assert!(told.starts_with(&format!("Key {id} signs: 3 cards")), "{told}");
    assert!(told.contains("They are valid: 3 checks, ") && told.contains("microseconds each"), "{told}");
}

#[tokio::test]
async fn checking_needs_no_private_half() {
    let keys = Keys::new();
    let first = keys.made().await;
    fs::remove_file(keys.folder.join(format!("signing-{first}.pem"))).unwrap();
    assert!(keys.ring().is_err());
    assert_eq!(KeyRing::public_in(&keys.folder).unwrap().all().len(), 1);
    assert!(
        KeyRing::public_in(keys.outside.path()).is_err(),
        "no keys at all are told apart from an unknown key"
    );
}

#[test]
fn a_public_half_is_read_from_pem_of_openssl() {
    let key = SigningKey::from_bytes(&[9; 32]).verifying_key();
    let keys = Keys::new();
    let pem = key.to_public_key_pem(LineEnding::LF).unwrap();
    let file = keys.outside("public.pem", pem.as_bytes(), 0o644);
    assert_eq!(super::keys::read_public(&file).unwrap(), PublicKey::new(key.to_bytes()));
}
