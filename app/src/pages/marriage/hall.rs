//! The screen in the hall: numbers and counters, and nobody's name. The server sends it anew every few seconds; it needs no
//! script.

use leptos::prelude::*;

use crate::components::{Actions, ButtonLink, Card, Empty, Figure, Layout};
use crate::domain::marriage::{Office, Visit};

/// Who is called now, the newest call first, and how many wait.
pub fn hall(office: &Office, called: &[Visit], waiting: usize, still: bool) -> impl IntoView + use<> {
    let figures: Vec<_> = called
        .iter()
        .map(|visit| {
            let counter = visit.counter.map(|counter| format!("请到 {counter} 号窗口")).unwrap_or_default();
            view! { <Figure value=format!("{} 号", visit.number) hint=counter/> }
        })
        .collect();
    let figures = if figures.is_empty() {
        view! { <Empty title="现在没有叫号" hint="叫到的号会出现在这里"/> }.into_any()
    } else {
        figures.into_any()
    };
    let back = format!("/marriage/offices/{}", office.code);
    let name = office.name.clone();
    // Whoever reads slowly can stop what moves by itself.
    let hall = format!("/marriage/offices/{}/hall", office.code);
    let (pace, turn, turn_words) = if still {
        ("现在不会自己更新。", hall, "每 10 秒自己更新")
    } else {
        ("每 10 秒自己更新一次。", format!("{hall}?still=1"), "不要自己更新")
    };
    view! {
        <Layout title=format!("叫号：{name}") back>
            <Card title="正在叫">{figures}</Card>
            <p class="xw-lead">{format!("还有 {waiting} 对在等。{pace}")}</p>
            <Actions><ButtonLink href=turn kind="secondary">{turn_words}</ButtonLink></Actions>
            <p class="xw-hint">"到了的，请先找工作人员扫码取号；过了号的，也请找工作人员。"</p>
        </Layout>
    }
}
