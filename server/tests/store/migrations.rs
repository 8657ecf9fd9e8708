//! The two migration folders stay twins; the database file tells nothing about anybody.

#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::complaint::{Complaint, ComplaintForm};
use app::domain::notices::Notice;

use super::{NOW, fill_draft, owner, store_test, submit};
use crate::settings::Engine;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::inbox::Reader;
use crate::store::messages::{Channel, NewMessage};
use crate::store::{IdempotencyKey, NewComplaint};

/// Table to columns, read from the statements themselves.
fn tables(folder: &str) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut tables = BTreeMap::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        for statement in text.split("create table ").skip(1) {
            let (name, rest) = statement.split_once(" (").unwrap();
            let columns = rest
                .lines()
                .skip(1)
                .take_while(|line| line.starts_with("    "))
                .filter_map(|line| line.split_whitespace().next())
                .filter(|word| !matches!(*word, "primary" | "foreign" | "unique"))
                .map(str::to_owned)
                .collect();
            // SQLite makes a table anew where PostgreSQL alters it; the new one gets the old one's name.
            tables.insert(name.strip_prefix("new_").unwrap_or(name).to_owned(), columns);
        }
    }
    let names = files.iter().map(|f| f.file_name().unwrap().to_string_lossy().into_owned()).collect();
    (names, tables)
}

#[test]
fn the_migrations_of_both_engines_have_the_same_names_tables_and_columns() {
    let (sqlite, postgres) = (tables("sqlite"), tables("postgres"));
    assert!(sqlite.1.len() >= 10, "{:?}", sqlite.1.keys());
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn sqlite_writes_through_to_the_disk_before_it_answers() {
    let test = super::open(Engine::Sqlite).await;
    for (pragma, value) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
        assert_eq!(test.pragma(pragma).await, value, "{pragma}");
    }
}

store_test!(nothing_personal_stands_readable_in_the_database, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    let canaries = [
        "320205199912319937",
        "320222194503129909",
        "13900001234",
        "6222023200000000011",
        "王小明",
        "李大妈",
        "失火",
        "新光路",
        // Of messages, notices and the trail.
        "0510-80005678",
        "梅里路",
        "赵＊＊",
        "验证码",
        "窗口",
    ];
    let drafted = everything(&store).await;
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    let told = tell(&store).await;
    let sent = everything(&store).await;
    for canary in canaries {
        assert!(!contains(&drafted, canary), "draft: {canary}");
        assert!(!contains(&sent, canary), "case: {canary}");
    }
    // The search itself works: what may be read is found.
    assert!(contains(&sent, "LS261123000001"));
    assert!(store.case_for("LS261123000001", &me, NOW).await.unwrap().is_some());
    for word in [told.as_str(), "proxy_used", "details_read", "complaint_received"] {
        assert!(contains(&sent, word), "{word} should be there");
    }
    assert_eq!(store.inbox("resident-1").await.unwrap().len(), 2);
});

/// Messages by every channel, notices, a complaint and entries of the trail; gives the id of a message.
async fn tell(store: &super::TestStore) -> String {
    store.resident("resident-1").await;
    let staff = Actor::Staff { id: "staff-1".into(), post: "street_officer@320214050".into() };
    let entry = AuditEntry {
        area: "320214050",
        actor: &staff,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "applications",
        object: "a1",
        subject: Some("resident-1"),
        purpose: Purpose::Counter,
    };
    store.note_alone(&entry, NOW).await.unwrap();
    crate::audit::sealer::seal_all(store, || NOW).await.unwrap();
    let form = ComplaintForm {
        kind: "complaint".into(),
        text: "窗口等了三个小时".into(),
        contact: "0510-80005678".into(),
        area: "320214050".into(),
        ..ComplaintForm::default()
    };
    let complaint = Complaint::parse(&form).unwrap();
    let new = NewComplaint {
        id: "c1".into(),
        number: "TS261123000001".into(),
        complaint: &complaint,
        code: "7K3M9QXD".into(),
        received_at: NOW,
        due_on: None,
    };
    let key = IdempotencyKey::new(store, "key-2", "body");
    store.keep_complaint(&new, &key, &owner("me")).await.unwrap();

    let mut tx = store.begin().await;
    for (channel, to) in [(Channel::Letter, "梅里路 9 号"), (Channel::Call, "0510-80005678")] {
        let reader =
            Reader { resident: "resident-1", area: "320214050", channel: Some(channel), to: Some(to) };
        let notice = Notice::ProxyUsed { name: "赵＊＊".into(), what: "申请临时救助".into() };
        store.notify(&mut tx, &reader, &notice, None, NOW).await.unwrap();
    }
    let code = Notice::SignInCode { code: "123456".into(), minutes: 5 };
    let message = NewMessage {
        resident: None,
        area: "320214",
        channel: Channel::Text,
        template: code.id(),
        to: "13900001234",
        text: &code.sms(),
        urgent: true,
        expires_at: None,
    };
    let id = store.enqueue(&mut tx, &message, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// All bytes of the database: SQLite's files, or what `pg_dump` would read of PostgreSQL.
async fn everything(test: &super::TestStore) -> Vec<u8> {
    if test.url.starts_with("sqlite") {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(test.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("test.db") {
                bytes.extend(std::fs::read(path).unwrap());
            }
        }
        return bytes;
    }
    let dump = std::process::Command::new("/usr/lib/postgresql/15/bin/pg_dump")
        .args(["--data-only", "--inserts", "--dbname", &test.url])
        .output()
        .unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let mut bytes = dump.stdout;
    // pg_dump writes bytea in hexadecimal; the bytes themselves are searched as well.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for sealed in text.split("'\\x").skip(1) {
        let hex = sealed.split('\'').next().unwrap();
        bytes.extend(data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap());
    }
    bytes
}
