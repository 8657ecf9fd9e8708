//! A certificate of service: what was given, for whoever has to show it.

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, ErrorSummary, Figure, Layout, LinkItem, LinkList, OptionGroup,
    QrCard, Select,
};
use crate::domain::time::Instant;
use crate::domain::timebank::minutes_text;
use crate::pages::Sent;

/// What stands for all years.
pub const ALL_YEARS: &str = "all";

/// A certificate, as its holder sees it.
#[derive(Clone)]
pub struct CertificateView {
    /// The code as SVG.
    pub svg: String,
    /// 8 signs, shown 4-4.
    pub short_code: String,
    /// Its number.
    pub number: String,
    /// The whole name: the paper is theirs to show.
    pub name: String,
    /// A year, or empty for all.
    pub year: String,
    /// The minutes of all services on it.
    pub minutes: i64,
    /// Day, what and where, and minutes of each service.
    pub lines: Vec<(String, String, i64)>,
    /// Who recorded the services.
    pub recorder: String,
    /// When it was made.
    pub made_at: Instant,
}

crate::masked_debug!(CertificateView);

fn year_words(year: &str) -> String {
    if year.is_empty() { "到现在为止，全部".to_owned() } else { format!("{year} 年") }
}

/// Which year, and what was made before: number, year, when.
pub fn certificate_form(
    sent: &Sent<String>,
    years: &[String],
    before: &[(String, String, Instant)],
    key: &str,
) -> impl IntoView + use<> {
    let mut options = vec![(ALL_YEARS.to_owned(), year_words(""))];
    options.extend(years.iter().map(|year| (year.clone(), year_words(year))));
    let groups = vec![OptionGroup { label: String::new(), options }];
    let (value, error, errors, key) = (sent.form.clone(), sent.error("year"), sent.summary(), key.to_owned());
    let body = if years.is_empty() {
        view! {
            <Banner kind="info" title="还没有服务记录">
                <p>"做过服务、服务对象确认以后，就能在这里出证明。"</p>
            </Banner>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action="/timebank/certificate" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Select name="year" label="哪一年" groups value error/>
                <Actions><Button>"出服务证明"</Button></Actions>
            </form>
        }
        .into_any()
    };
    let items: Vec<_> = before
        .iter()
        .map(|(number, year, at)| LinkItem {
            href: format!("/timebank/certificates/{number}"),
            title: year_words(year),
            hint: format!("{} 出的，{number}", at.shanghai_text()),
            sign: String::new(),
        })
        .collect();
    let earlier = (!items.is_empty()).then(|| view! { <LinkList items/> });
    view! {
        <Layout title="志愿服务证明" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            <p class="xw-lead">"升学、找工作、评优要用的，自己就能出，不收钱，有签过名的二维码。只写服务对象确认过的、真实的时间。"</p>
            {body}
            {earlier}
        </Layout>
    }
}

/// The certificate.
pub fn certificate(view: &CertificateView) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let head = vec![
        row("编号", view.number.clone()),
        row("姓名", view.name.clone()),
        row("哪一年", year_words(&view.year)),
        row("几次", format!("{} 次", view.lines.len())),
        row("记录单位", view.recorder.clone()),
        row("出具", view.made_at.shanghai_full()),
    ];
    let rows: Vec<_> = view
        .lines
        .iter()
        .map(|(day, what, minutes)| row(&format!("{day} {what}"), minutes_text(*minutes)))
        .collect();
    let (svg, short_code, value) = (view.svg.clone(), view.short_code.clone(), minutes_text(view.minutes));
    view! {
        <Layout title="志愿服务证明" back="/timebank/certificate" narrow=true>
            <Figure label="服务时间" value/>
            <Answers title="证明" rows=head/>
            <Answers title="每一次服务" rows/>
            <QrCard svg short_code caption="扫一下，就知道这张证明是不是真的"/>
            <p class="xw-hint">"按《志愿服务记录与证明出具办法（试行）》出具，不收费，不能用于商业活动。二维码是登记部门的印记，不是您的签名。"</p>
        </Layout>
    }
}
