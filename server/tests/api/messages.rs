//! Messages through a gateway, over HTTP, and the worker as the server runs it.

#![cfg(test)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use super::TestApp;
use crate::messages::{self, HttpSender, Message, MessageSender as _, SendError};
use crate::store::messages::{Channel, NewMessage};
use crate::store_tests::NOW;

/// A gateway that answers in the given order, then always 202, and keeps what it got.
#[derive(Clone, Default)]
struct Gateway {
    answers: Arc<Mutex<Vec<u16>>>,
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
}

impl Gateway {
    async fn start(answers: &[u16]) -> (Self, String) {
        let gateway = Self::default();
        *gateway.answers.lock().unwrap() = answers.iter().rev().copied().collect();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        let router = Router::new().route("/send", post(Self::take)).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (gateway, url)
    }

    async fn take(State(gateway): State<Self>, headers: HeaderMap, body: String) -> StatusCode {
        gateway.got.lock().unwrap().push((headers, body));
        let answer = gateway.answers.lock().unwrap().pop().unwrap_or(202);
        StatusCode::from_u16(answer).unwrap()
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }
}

fn message() -> Message {
    Message {
        id: "m1".into(),
        channel: Channel::Text,
        to: "13900001234".into(),
        text: "【掌上办】码 123456".into(),
    }
}

#[tokio::test]
async fn the_gateway_gets_one_post_with_the_message_and_who_we_are() {
    let (gateway, url) = Gateway::start(&[]).await;
    HttpSender::new(&url, "our-token").unwrap().send(&message()).await.unwrap();
    let (headers, body) = gateway.got()[0].clone();
    assert_eq!(headers["authorization"], "Bearer our-token");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["idempotency-key"], "m1");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let expected = serde_json::json!({"id": "m1", "channel": "text", "to": "13900001234", "text": "【掌上办】码 123456"});
    assert_eq!(body, expected);
}

#[tokio::test]
async fn each_answer_of_the_gateway_means_sent_never_or_later() {
    let answers = [200, 204, 400, 401, 404, 408, 422, 429, 302, 500, 503];
    let (_gateway, url) = Gateway::start(&answers).await;
    let sender = HttpSender::new(&url, "t").unwrap();
    for answer in answers {
        let outcome = sender.send(&message()).await;
        match answer {
            200 | 204 => assert_eq!(outcome, Ok(()), "{answer}"),
            400 | 401 | 404 | 422 => assert!(matches!(outcome, Err(SendError::Refused(_))), "{answer}"),
            _ => assert!(matches!(outcome, Err(SendError::Retry(_))), "{answer}"),
        }
    }
    // Nobody listens there.
    let nowhere = HttpSender::new("http://127.0.0.1:9/send", "t").unwrap().send(&message()).await;
    assert_eq!(nowhere, Err(SendError::Retry("no connection".into())));
    assert!(HttpSender::new("sms", "t").is_err());
    assert!(HttpSender::new(&url, "a\nb").is_err());
}

/// The worker as `server serve` runs it: it sleeps, is woken, fails twice, gets through, and stops when told to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_fails_twice_gets_the_message_in_the_end_once_more() {
    let (gateway, url) = Gateway::start(&[503, 429]).await;
    let app = TestApp::start().await;
    let sender = Arc::new(HttpSender::new(&url, "our-token").unwrap());
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(messages::run(app.site.clone(), sender, stopped));

    let mut tx = app.site.store().begin().await;
    let new = NewMessage {
        resident: None,
        area: "320214",
        channel: Channel::Text,
        template: "sign_in_code",
        to: "13900001234",
        text: "码 123456",
        urgent: true,
        expires_at: None,
    };
    let id = app.site.store().enqueue(&mut tx, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    app.site.messages_waiting().notify_one();
    for (tries, at) in [(1, 2_000), (2, 6_000), (3, 60_000)] {
        wait_until(|| gateway.got().len() >= tries).await;
        // The answer is noted before the clock moves on.
        tokio::time::sleep(Duration::from_millis(100)).await;
        app.later(at);
        app.site.messages_waiting().notify_one();
    }
    crate::startup::finish(&stop, [worker]).await;
    let got = gateway.got();
    assert_eq!(got.len(), 3, "sent once it got through");
    assert!(got.iter().all(|(headers, _)| headers["idempotency-key"] == id.as_str()));
    assert!(got[0].1.contains("【新吴民政掌上办】码 123456"), "{}", got[0].1);
}

async fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never happened");
}
