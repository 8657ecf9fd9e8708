//! The outbox and the inbox: nothing is lost, nothing comes twice without need, nobody is woken.

#![cfg(test)]

use std::sync::{Arc, Mutex};

use app::domain::notices::Notice;
use app::domain::time::Instant;

use super::{NOW, TestStore, store_test};
use crate::messages::{LEASE_MS, Message, MessageSender, SendError, Sending, Worker};
use crate::settings::Settings;
use crate::store::inbox::Reader;
use crate::store::messages::{Channel, NewMessage};
use crate::store::{Store, StoreError};

const HOUR: i64 = 3_600_000;

/// Notes what it was given and answers as it was told: the first answers in order, then always well.
#[derive(Default)]
struct Recorder {
    sent: Mutex<Vec<Message>>,
    answers: Mutex<Vec<SendError>>,
}

impl Recorder {
    fn failing(answers: &[SendError]) -> Arc<Self> {
        let answers = answers.iter().rev().cloned().collect();
        Arc::new(Self { sent: Mutex::default(), answers: Mutex::new(answers) })
    }

    fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

impl MessageSender for Recorder {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            self.sent.lock().unwrap().push(message.clone());
            // Long enough that another worker looks meanwhile.
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            self.answers.lock().unwrap().pop().map_or(Ok(()), Err)
        })
    }
}

fn worker(store: &Store, sender: &Arc<Recorder>, change: impl FnOnce(&mut Settings)) -> Worker {
    let mut settings = Settings::for_tests();
    settings.show_codes_on_page = false;
    change(&mut settings);
    Worker::new(store.clone(), sender.clone(), &settings)
}

fn message(text: &str) -> NewMessage<'_> {
    NewMessage {
        resident: None,
        area: "320214",
        channel: Channel::Text,
        template: "sign_in_code",
        to: "13900001234",
        text,
        urgent: true,
        expires_at: None,
    }
}

async fn enqueue(store: &TestStore, new: &NewMessage<'_>) -> String {
    let mut tx = store.begin().await;
    let id = store.enqueue(&mut tx, new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// How a row stands: sent, given up, whether its text is still there.
async fn state(store: &TestStore, id: &str) -> (Option<i64>, Option<i64>, bool) {
    sqlx::query_as::<_, (Option<i64>, Option<i64>, Option<Vec<u8>>)>(
        "select sent_at, gave_up_at, body from outbox where id = $1",
    )
    .bind(id)
    .fetch_one(&store.database().await)
    .await
    .map(|(sent, gave_up, body)| (sent, gave_up, body.is_some()))
    .unwrap()
}

fn later(ms: i64) -> Instant {
    Instant(NOW.0 + ms)
}

store_test!(a_message_goes_out_signed_and_its_text_is_emptied, |store| {
    let sender = Recorder::failing(&[]);
    let text = enqueue(&store, &message("登录验证码 123456，5 分钟内有效。")).await;
    let voice = NewMessage {
        channel: Channel::Voice,
        to: "0510-80001234",
        ..message("登录验证码 123456，5 分钟内有效。")
    };
    let voice = enqueue(&store, &voice).await;
    let worker = worker(&store, &sender, |_| {});
    assert_eq!(worker.once(NOW).await.unwrap(), 2);
    assert_eq!(worker.once(NOW).await.unwrap(), 0);
    let mut sent = sender.sent.lock().unwrap().clone();
    sent.sort_by_key(|message| message.channel == Channel::Voice);
    assert_eq!((sent[0].id.as_str(), sent[0].to.as_str()), (text.as_str(), "13900001234"));
    assert_eq!(sent[0].text, "【新吴民政掌上办】登录验证码 123456，5 分钟内有效。");
    assert_eq!((sent[1].id.as_str(), sent[1].to.as_str()), (voice.as_str(), "0510-80001234"));
    assert_eq!(sent[1].text, "登录验证码 1，2，3，4，5，6，5 分钟内有效。");
    assert_eq!(state(&store, &text).await, (Some(NOW.0), None, false));
    assert_eq!(store.demo_message(&text).await.unwrap(), None);
});

store_test!(the_demo_keeps_what_it_would_have_sent, |store| {
    let id = enqueue(&store, &message("码 123456")).await;
    assert_eq!(store.demo_message(&id).await.unwrap().map(|(_, text)| text).as_deref(), Some("码 123456"));
    let demo = worker(&store, &Recorder::failing(&[]), |settings| settings.show_codes_on_page = true);
    assert_eq!(demo.once(NOW).await.unwrap(), 1);
    assert_eq!(demo.once(NOW).await.unwrap(), 0);
    assert_eq!(store.demo_message(&id).await.unwrap().map(|(_, text)| text).as_deref(), Some("码 123456"));
    assert_eq!(store.demo_message("unknown").await.unwrap(), None);
});

store_test!(two_servers_racing_send_each_message_once, |store| {
    let sender = Recorder::failing(&[]);
    let mut ids = Vec::new();
    for _ in 0..60 {
        ids.push(enqueue(&store, &message("码 123456")).await);
    }
    let other = store.another().await;
    let race = |worker: Worker| async move {
        let mut tried = 0;
        loop {
            match worker.once(NOW).await.unwrap() {
                0 => break tried,
                some => tried += some,
            }
        }
    };
    let (one, two) = tokio::join!(
        tokio::spawn(race(worker(&store, &sender, |_| {}))),
        tokio::spawn(race(worker(&other, &sender, |_| {})))
    );
    // One may have seen nothing while the other held the last rows; together they sent all.
    assert_eq!(one.unwrap() + two.unwrap(), 60);
    let mut sent: Vec<_> = sender.sent.lock().unwrap().iter().map(|message| message.id.clone()).collect();
    sent.sort();
    ids.sort();
    assert_eq!(sent, ids);
    other.close().await;
});

store_test!(servers_that_reach_for_the_same_message_at_once_lease_it_once, |store| {
    let other = store.another().await;
    for round in 0..20 {
        enqueue(&store, &message("码 123456")).await;
        let start = Arc::new(tokio::sync::Barrier::new(4));
        let mut leases = tokio::task::JoinSet::new();
        for server in [&store.store, &other, &store.store, &other] {
            let (server, start) = (server.clone(), start.clone());
            leases.spawn(async move {
                start.wait().await;
                server.lease_messages(NOW, later(LEASE_MS), false, 16).await.unwrap().len()
            });
        }
        assert_eq!(leases.join_all().await.iter().sum::<usize>(), 1, "round {round}");
    }
    other.close().await;
});

store_test!(what_a_server_had_leased_when_it_died_is_sent_by_the_next_one, |store| {
    let id = enqueue(&store, &message("码 123456")).await;
    // Leased, and then the power went.
    assert_eq!(store.lease_messages(NOW, later(LEASE_MS), false, 16).await.unwrap().len(), 1);
    let restarted = store.another().await;
    let sender = Recorder::failing(&[]);
    let worker = worker(&restarted, &sender, |_| {});
    assert_eq!(worker.once(later(LEASE_MS - 1)).await.unwrap(), 0);
    assert_eq!(worker.once(later(LEASE_MS)).await.unwrap(), 1);
    assert_eq!(sender.sent.lock().unwrap()[0].id, id);
    assert!(state(&store, &id).await.0.is_some());
    restarted.close().await;
});

store_test!(a_message_that_fails_waits_twice_as_long_each_time_and_is_given_up_in_the_end, |store| {
    let down = vec![SendError::Retry("down".into()); 100];
    let sender = Recorder::failing(&down);
    let id = enqueue(&store, &message("码 123456")).await;
    let worker = worker(&store, &sender, |settings| settings.message_tries = 4);
    let mut now = NOW;
    for (tries, pause) in [(1, 2_000), (2, 4_000), (3, 8_000)] {
        assert_eq!(worker.once(now).await.unwrap(), 1, "try {tries}");
        assert_eq!(worker.once(Instant(now.0 + pause - 1)).await.unwrap(), 0, "before the pause is over");
        now = Instant(now.0 + pause);
    }
    assert_eq!(worker.once(now).await.unwrap(), 1);
    assert_eq!(state(&store, &id).await, (None, Some(now.0), false));
    assert_eq!(worker.once(Instant(now.0 + 24 * HOUR)).await.unwrap(), 0);
    assert_eq!(sender.count(), 4);
});

store_test!(after_two_failures_the_third_try_gets_through, |store| {
    let sender = Recorder::failing(&[SendError::Retry("503".into()), SendError::Retry("no answer".into())]);
    let id = enqueue(&store, &message("码 123456")).await;
    let worker = worker(&store, &sender, |_| {});
    for at in [0, 2_000, 6_000] {
        assert_eq!(worker.once(later(at)).await.unwrap(), 1);
    }
    assert_eq!(state(&store, &id).await, (Some(NOW.0 + 6_000), None, false));
    let sent = sender.sent.lock().unwrap().clone();
    assert!(sent.iter().all(|message| message.id == id), "the same id each time");
});

store_test!(a_refused_message_is_given_up_at_once, |store| {
    let sender = Recorder::failing(&[SendError::Refused("400".into())]);
    let id = enqueue(&store, &message("码 123456")).await;
    assert_eq!(worker(&store, &sender, |_| {}).once(NOW).await.unwrap(), 1);
    assert_eq!(state(&store, &id).await, (None, Some(NOW.0), false));
});

store_test!(what_comes_too_late_is_not_sent, |store| {
    let sender = Recorder::failing(&[SendError::Retry("down".into())]);
    let until = Some(later(5 * 60_000));
    let failing = enqueue(&store, &NewMessage { expires_at: until, ..message("码 123456") }).await;
    let worker = worker(&store, &sender, |_| {});
    assert_eq!(worker.once(NOW).await.unwrap(), 1);
    let late = enqueue(&store, &NewMessage { expires_at: until, ..message("码 654321") }).await;
    assert_eq!(worker.once(later(5 * 60_000)).await.unwrap(), 0);
    for id in [failing, late] {
        assert_eq!(state(&store, &id).await, (None, Some(NOW.0 + 5 * 60_000), false));
    }
    assert_eq!(sender.count(), 1);
});

store_test!(nobody_is_woken_at_night_except_by_a_code, |store| {
    let sender = Recorder::failing(&[]);
    let worker = worker(&store, &sender, |_| {});
    let code = enqueue(&store, &message("码 123456")).await;
    let notice = enqueue(&store, &NewMessage { urgent: false, ..message("您的申请已经收到") }).await;
    // It is 14:05; 21:00 is 6 h 55 min away, 08:00 is 17 h 55 min away.
    let evening = later(6 * HOUR + 55 * 60_000);
    let morning = later(17 * HOUR + 55 * 60_000);
    assert_eq!(worker.once(evening).await.unwrap(), 1);
    assert_eq!(sender.sent.lock().unwrap()[0].id, code);
    assert_eq!(worker.once(Instant(morning.0 - 1)).await.unwrap(), 0);
    assert_eq!(worker.once(morning).await.unwrap(), 1);
    assert_eq!(sender.sent.lock().unwrap()[1].id, notice);
});

store_test!(letters_and_calls_wait_for_staff, |store| {
    let sender = Recorder::failing(&[]);
    for channel in [Channel::Letter, Channel::Call] {
        enqueue(&store, &NewMessage { channel, expires_at: Some(later(1)), ..message("信") }).await;
    }
    let worker = worker(&store, &sender, |_| {});
    assert_eq!(worker.once(later(48 * HOUR)).await.unwrap(), 0);
    let waiting: i64 = sqlx::query_scalar(
        "select count(*) from outbox where sent_at is null and gave_up_at is null and body is not null",
    )
    .fetch_one(&store.database().await)
    .await
    .unwrap();
    assert_eq!((waiting, sender.count()), (2, 0));
});

store_test!(a_notice_lies_in_the_inbox_and_goes_by_the_chosen_channel, |store| {
    store.resident("r1").await;
    store.resident("r2").await;
    let notice = Notice::ApplicationReceived { number: "LS261123000001".into() };
    let reader = |resident, channel, to| Reader { resident, area: "320214050", channel, to };
    let mut tx = store.begin().await;
    let link = Some("/confirm/LS261123000001");
    let alone = store.notify(&mut tx, &reader("r1", None, None), &notice, link, NOW).await.unwrap();
    assert_eq!(alone, None);
    let chosen = reader("r1", Some(Channel::Letter), Some("新光路 1 号"));
    let letter = store.notify(&mut tx, &chosen, &Notice::DataDeleted, None, later(1)).await.unwrap();
    let nobody = reader("gone", Some(Channel::Text), Some("13900001234"));
    assert!(store.notify(&mut tx, &nobody, &Notice::DataDeleted, None, NOW).await.unwrap().is_some());
    tx.commit().await.unwrap();

    let inbox = store.inbox("r1").await.unwrap();
    assert_eq!(inbox.len(), 2);
    assert_eq!((inbox[1].title.as_str(), inbox[1].link.as_deref()), ("申请已经收到", link));
    assert!(inbox[1].text.contains("LS261123000001") && inbox[1].at == NOW);
    let text = store.demo_message(&letter.unwrap()).await.unwrap().map(|(_, text)| text);
    assert_eq!(text, Some(Notice::DataDeleted.letter()));
    assert!(store.inbox("r2").await.unwrap().is_empty());
    assert!(store.inbox("gone").await.unwrap().is_empty());

    assert_eq!(store.unread_notices("r1").await.unwrap(), 2);
    let others = store.mark_notice_read("r2", &inbox[0].id, NOW).await;
    assert!(matches!(others, Err(StoreError::NotFound)));
    store.mark_notice_read("r1", &inbox[0].id, later(5)).await.unwrap();
    store.mark_notice_read("r1", &inbox[0].id, later(9)).await.unwrap();
    assert_eq!(store.inbox("r1").await.unwrap()[0].read_at, Some(later(5)));
    assert_eq!(store.unread_notices("r1").await.unwrap(), 1);
});

store_test!(an_act_that_fails_tells_nobody, |store| {
    store.resident("r1").await;
    let reader =
        Reader { resident: "r1", area: "320214", channel: Some(Channel::Text), to: Some("13900001234") };
    let mut tx = store.begin().await;
    store.notify(&mut tx, &reader, &Notice::SignedOutEverywhere, None, NOW).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(store.inbox("r1").await.unwrap().is_empty());
    assert_eq!(worker(&store, &Recorder::failing(&[]), |_| {}).once(NOW).await.unwrap(), 0);
});
