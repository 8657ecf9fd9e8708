//! Photos of papers in a bucket: a real S3-compatible server, started for each test.

#![cfg(test)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::TestApp;
use super::papers::{photo, rows};
use crate::backup::{backup_papers, restore_papers};
use crate::papers::{PaperStore, Part};
use crate::settings::{Bucket, Settings};
use crate::store::StoreError;

/// The server, gone with the test.
struct ObjectServer {
    child: Child,
    endpoint: String,
    folder: TempDir,
}

impl Drop for ObjectServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ObjectServer {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/node_modules/s3rver/bin/s3rver.js");
        let mut child = Command::new("node")
            .arg(program)
            .args(["--address", "127.0.0.1", "--port", "0", "--silent", "--no-vhost-buckets"])
            .args(["--configure-bucket", "papers", "--directory"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node and s3rver, which `make setup` installs");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| line.unwrap().rsplit_once(" on ").map(|(_, at)| at.trim().to_owned()));
        Self { child, endpoint: format!("http://{}", address.expect("it tells where it listens")), folder }
    }

    fn bucket(&self, access_key: &str) -> Bucket {
        let endpoint = &self.endpoint;
        let text = format!(
            "endpoint = \"{endpoint}\"\nname = \"papers\"\naccess_key = \"{access_key}\"\nsecret_key = \"S3RVER\""
        );
        toml::from_str(&text).unwrap()
    }

    fn papers(&self, access_key: &str) -> PaperStore {
        let papers_bucket = Some(self.bucket(access_key));
        PaperStore::open(&Settings { papers_bucket, ..Settings::for_tests() }).unwrap()
    }

    /// All files of the bucket as it holds them.
    fn holds(&self) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("papers")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.to_string_lossy().ends_with("_object") {
                    found.push(std::fs::read(path).unwrap());
                }
            }
        }
        found
    }
}

/// Whom the server knows. It checks who asks; the arithmetic of the signature is the library's, and tested there.
const RIGHT: &str = "S3RVER";

#[tokio::test]
async fn pictures_are_put_read_listed_by_age_and_deleted_in_a_bucket() {
    let server = ObjectServer::start();
    let papers = server.papers(RIGHT);
    assert!(papers.is_empty().await.unwrap());
    papers.put("abcd", Part::Whole, vec![7; 3_000_000]).await.unwrap();
    papers.put("abcd", Part::Small, vec![8; 10]).await.unwrap();
    assert_eq!(papers.get("abcd", Part::Whole).await.unwrap(), vec![7; 3_000_000]);
    assert_eq!(papers.get("abcd", Part::Small).await.unwrap(), vec![8; 10]);
    assert!(matches!(papers.get("abce", Part::Whole).await, Err(StoreError::NotFound)));
    assert_eq!(papers.folders().await.unwrap(), ["ab"]);
    assert!(papers.older_than("ab", 0).await.unwrap().is_empty());
    assert_eq!(papers.older_than("ab", i64::MAX).await.unwrap(), ["abcd"]);
    papers.delete("abcd").await.unwrap();
    papers.delete("abcd").await.expect("what is gone is no error");
    assert!(papers.is_empty().await.unwrap());
}

#[tokio::test]
async fn who_is_unknown_there_puts_nothing() {
    let server = ObjectServer::start();
    let stranger = server.papers("STRANGER");
    let refused = stranger.put("abcd", Part::Whole, vec![7]).await.unwrap_err();
    let refused = refused.downcast_ref::<object_store::Error>();
    assert!(matches!(refused, Some(object_store::Error::PermissionDenied { .. })), "{refused:?}");
    assert!(server.holds().is_empty());
}

#[tokio::test]
async fn a_photo_lies_sealed_in_the_bucket_and_a_store_that_is_away_loses_no_choice() {
    let mut server = ObjectServer::start();
    let app = TestApp::start_with(|settings| settings.papers_bucket = Some(server.bucket(RIGHT))).await;
    let own = app.browser();
    let number = own.a_case().await;
    let sent = own.send_photo(&number, "other", Some(("a.jpg", &photo(3)))).await;
    assert_eq!(sent.location(), format!("/confirm/{number}/papers?done=sent"), "{}", sent.body);
    let held = server.holds();
    assert_eq!(held.len(), 2);
    assert!(held.iter().all(|file| !file.windows(3).any(|part| part == [0xFF, 0xD8, 0xFF])), "sealed");
    let paper = rows(&app, &number).await.remove(0);
    let seen = own.get(&format!("/confirm/{number}/papers/{}", paper.line.id)).await;
    assert_eq!(seen.status, 200);
    assert!(std::fs::read_dir(&app.site.settings().papers_dir).is_err(), "nothing beside it");

    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let lost = own.send_photo(&number, "other", Some(("b.jpg", &photo(4)))).await;
    assert_eq!(lost.status, 500, "{}", lost.body);
    assert_eq!(rows(&app, &number).await.len(), 1, "nothing is called received that is not there");
}

#[tokio::test]
async fn the_pictures_of_a_bucket_come_into_a_copy_and_back() {
    let (server, other) = (ObjectServer::start(), ObjectServer::start());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    for (object, content) in [("abcd", b"one"), ("efgh", b"two")] {
        server.papers(RIGHT).put(object, Part::Whole, content.to_vec()).await.unwrap();
    }
    assert_eq!(backup_papers(&server.papers(RIGHT), &file).await.unwrap(), 2);
    assert!(restore_papers(&file, &server.papers(RIGHT)).await.is_err(), "there are photos already");
    assert_eq!(restore_papers(&file, &other.papers(RIGHT)).await.unwrap(), 2);
    assert_eq!(other.papers(RIGHT).get("efgh", Part::Whole).await.unwrap(), b"two");
}
