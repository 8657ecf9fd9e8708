//! Attacks on the check over HTTP: whatever stands in the address, the page says no and repeats nothing of it.

#![cfg(test)]

use app::domain::confirm::token::encode_base32;
use app::domain::confirm::{Claims, ConfirmationKind, Holder};

use super::TestApp;
use crate::confirm::sign;
use crate::store_tests::NOW;

/// A token of a kind that the server's own key signed, with a holder that is no name.
async fn token(app: &TestApp, kind: ConfirmationKind, name: &str) -> String {
    let claims = Claims {
        issuer: app.site.settings().issuer.clone(),
        issued_at: NOW.seconds(),
        not_before: None,
        expires_at: NOW.seconds() + 3_600,
        id: [7; 10],
        kind,
        number: "KP261123483920".into(),
        office: 320_214_050,
        start: NOW.seconds(),
        minutes: 0,
        holder: kind.names_holder().then(|| Holder { name: name.into(), document_tail: "99X".into() }),
    };
    encode_base32(&sign(&claims, app.site.keys().signing()).await.unwrap())
}

#[tokio::test]
async fn markup_in_a_holders_name_is_shown_as_text() {
    let app = TestApp::start().await;
    for name in ["<b>'", "\"><a", "<s>&", "</p>", "\u{202E}王"] {
        for kind in ConfirmationKind::ALL.iter().filter(|kind| kind.names_holder()) {
            let page = app.browser().get(&format!("/V/{}", token(&app, *kind, name).await)).await;
            assert_eq!(page.status, 200);
            for raw in ["<b>'", "\"><a", "<s>&", "</p><"] {
                let shown = page.body.split("凭证上写的").nth(1).unwrap_or_default();
                let shown = shown.split("</dl>").next().unwrap();
                assert!(!shown.contains(raw), "{kind:?}: {raw} in {shown}");
            }
        }
    }
}

#[tokio::test]
async fn whatever_stands_in_the_address_is_never_called_genuine_nor_repeated() {
    let app = TestApp::start().await;
    let good = token(&app, ConfirmationKind::Meal, "王＊＊").await;
    let half = good.len() / 2;
    let percent: String = good.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let doubly: String = good.bytes().map(|byte| format!("%25{byte:02X}")).collect();
    let full_width: String =
        good.bytes().map(|byte| char::from_u32(u32::from(byte) + 0xFEE0).unwrap()).collect();
    for (name, path) in [
        ("cut off", good[..half].to_owned()),
        ("doubled", format!("{good}{good}")),
        ("its halves exchanged", format!("{}{}", &good[half..], &good[..half])),
        ("encoded twice", doubly),
        ("full-width", full_width),
        ("a script", "%3Cscript%3Ealert(1)%3C%2Fscript%3E".to_owned()),
        ("JSON", "%7B%22valid%22%3Atrue%7D".to_owned()),
        ("no UTF-8", "%FF%FE%00".to_owned()),
        ("a line feed", format!("{good}%0A{good}")),
        ("steps up", "..%2F..%2Fkeys".to_owned()),
        ("an absolute address", format!("https:%2F%2Fexample.com%2F{}", &good[..half])),
        ("8 KiB", "A".repeat(8_192)),
        ("60 KiB", "A".repeat(61_440)),
    ] {
        let answer = app.send(app.request("GET", &format!("/V/{path}"))).await;
        assert!(matches!(answer.status, 200 | 400 | 404 | 414 | 431), "{name}: {}", answer.status);
        assert!(!answer.body.contains("是真的"), "{name}");
        assert!(!answer.body.contains(&good[..half]) && !answer.body.contains("<script>alert"), "{name}");
        if answer.status == 200 {
            for (header, value) in [
                ("cache-control", "no-store"),
                ("referrer-policy", "no-referrer"),
                ("x-robots-tag", "noindex"),
            ] {
                assert_eq!(answer.header(header), value, "{name}");
            }
        }
    }
    // One encoding is the address's own: browsers and cameras undo it, and so do we.
    let plain = app.browser().get(&format!("/V/{good}")).await.body;
    let undone = app.browser().get(&format!("/V/{percent}")).await.body;
    let title = |body: &str| {
        let (_, rest) = body.split_once("<main").unwrap();
        rest.split("</h").next().unwrap().to_owned()
    };
    assert_eq!(title(&plain), title(&undone));
}

/// Longer than any client of ours would send.
#[tokio::test]
async fn an_address_that_is_over_long_is_refused_before_anybody_reads_it() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let app = TestApp::start().await;
    let good = token(&app, ConfirmationKind::Meal, "王＊＊").await;
    for length in [65_536, 204_800, 2 << 20] {
        let path = format!("/V/{}/{good}", "A".repeat(length));
        let mut stream =
            tokio::net::TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        // The server may answer and close before it has taken everything.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(matches!(status, "" | "400" | "404" | "414" | "431"), "{length}: {status}");
        assert!(!answer.contains("是真的"), "{length}");
    }
    assert_eq!(app.browser().get("/check").await.status, 200, "the server goes on");
}

#[tokio::test]
async fn a_short_code_is_no_way_in_for_long_or_strange_texts() {
    let app = TestApp::start().await;
    let good = token(&app, ConfirmationKind::Meal, "王＊＊").await;
    for (name, text) in [
        ("a token", good.clone()),
        ("an address", format!("HTTPS://XW.EXAMPLE.CN/V/{good}")),
        ("a script", "<script>alert(1)</script>".to_owned()),
        ("SQL", "' or '1'='1".to_owned()),
        ("NUL", "\u{0}".repeat(8)),
        ("60 KiB", "A".repeat(61_440)),
        ("2 MiB", "A".repeat(2 << 20)),
    ] {
        let answer = app.browser().post("/check", &[("code", &text)]).await;
        assert!(matches!(answer.status, 413 | 422), "{name}: {}", answer.status);
        assert!(!answer.body.contains("是真的") && !answer.body.contains("<script>alert"), "{name}");
    }
}
