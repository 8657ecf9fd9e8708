//! The sealer as the server runs it, with the real time.

#![cfg(test)]

use std::time::{Duration, Instant as Stopwatch};

use app::domain::audit::{AuditAct, Purpose};

use super::TestApp;
use crate::audit::sealer;
use crate::store::audit::{Actor, AuditEntry};
use crate::store_tests::NOW;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_noted_is_sealed_within_five_seconds_and_at_the_stop() {
    let app = TestApp::start().await;
    let store = app.site.store();
    let note = || async {
        let entry = AuditEntry {
            area: "320214",
            actor: &Actor::System,
            on_behalf_of: None,
            act: AuditAct::Retired,
            object_kind: "outbox",
            object: "",
            subject: None,
            purpose: Purpose::Operation,
        };
        store.note_alone(&entry, NOW).await.unwrap();
        Stopwatch::now()
    };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let task = tokio::spawn(sealer::run(app.site.clone(), stopped));
    // The first pass may be over when the second entry comes: that one waits longest.
    for _ in 0..2 {
        let noted = note().await;
        while store.count_unsealed("320214").await.unwrap() > 0 {
            assert!(noted.elapsed() < Duration::from_secs(5), "it is not sealed");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    note().await;
    crate::startup::finish(&stop, [task]).await;
    assert_eq!(store.count_unsealed("320214").await.unwrap(), 0);
}
