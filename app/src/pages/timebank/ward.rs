//! `/timebank/wards`: a guardian agrees to what a minor may give, and takes it back.

use leptos::prelude::*;

use super::nothing;
use crate::components::{Actions, Banner, Button, Card, Checkbox, ErrorSummary, Layout};
use crate::domain::time::Instant;
use crate::domain::timebank::ServiceKind;
use crate::pages::Sent;

/// One kind of service for one child.
#[derive(Clone, Debug)]
pub struct WardKind {
    /// What it is.
    pub kind: &'static ServiceKind,
    /// Since when the guardian agrees, and whether an adult comes along.
    pub agreed: Option<(Instant, bool)>,
}

/// A child, as its guardian sees it.
#[derive(Clone)]
pub struct WardView {
    /// The child's account.
    pub child: String,
    /// The child's masked name.
    pub name: String,
    /// What fits the child's age.
    pub kinds: Vec<WardKind>,
}

crate::masked_debug!(WardView);

fn one(ward: &WardView, kind: &WardKind, (at, sent): (usize, &Sent<()>), key: &str) -> AnyView {
    // A page has a box for each child and kind; the form says which one is its own.
    let name = format!("accompany-{at}");
    let (error, field) = (sent.error(&name), name.clone());
    let (act, label) =
        if kind.agreed.is_some() { ("withdraw", "不同意了") } else { ("agree", "我同意") };
    let key = format!("{key}{act}{at}");
    let (child, slug) = (ward.child.clone(), kind.kind.slug.clone());
    let says = kind.agreed.map(|(since, accompanied)| {
        let how = if accompanied { "，有大人陪着" } else { "" };
        view! { <p>{format!("您 {} 同意了{how}。", since.shanghai_text())}</p> }
    });
    let never = kind.kind.never.join("；");
    let accompany = (kind.agreed.is_none() && kind.kind.accompanied)
        .then(|| view! { <Checkbox name label="去的时候，我或者我信得过的大人陪着" error/> });
    let button = if kind.agreed.is_some() { "quiet" } else { "secondary" };
    view! {
        <form method="post" action="/timebank/wards" novalidate class="xw-form">
            <input type="hidden" name="idempotency_key" value=key/>
            <input type="hidden" name="act" value=act/>
            <input type="hidden" name="child" value=child/>
            <input type="hidden" name="kind" value=slug/>
            <input type="hidden" name="box" value=field/>
            <Card title=kind.kind.name.clone()>
                <p class="xw-hint">{never}</p>
                {says}
                {accompany}
                <Actions><Button kind=button>{label}</Button></Actions>
            </Card>
        </form>
    }
    .into_any()
}

/// The page: each child with what fits its age.
pub fn wards(list: &[WardView], sent: &Sent<()>, words: &str, key: &str) -> impl IntoView + use<> {
    let body = if list.iter().all(|ward| ward.kinds.is_empty()) {
        nothing("没有要您同意的", "在窗口登记了监护关系、孩子满 14 周岁以后，这里会出现他能做的服务。")
    } else {
        list.iter()
            .enumerate()
            .map(|(n, ward)| {
                let kinds = ward
                    .kinds
                    .iter()
                    .enumerate()
                    .map(|(at, kind)| one(ward, kind, (n * 100 + at, sent), key))
                    .collect_view();
                view! { <h2>{ward.name.clone()}</h2> {kinds} }
            })
            .collect_view()
            .into_any()
    };
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let errors = sent.summary();
    view! {
        <Layout title="孩子做志愿者" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            {words}
            <p class="xw-lead">"没满 18 周岁的，您同意了才能去；一样一样地同意，随时可以收回。收回以后，说好还没去的会取消，服务对象会收到通知。"</p>
            {body}
        </Layout>
    }
}
