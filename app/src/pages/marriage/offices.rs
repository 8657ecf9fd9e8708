//! Finding an office, and what is known of one.

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, Checkbox, Empty, Field, Layout, LinkItem, LinkList,
    OptionGroup, Select, Tag,
};
use crate::domain::marriage::{Matter, Office, OfficeMode, OfficeSearch, PROVINCES};
use crate::text::marriage::matter_label;

/// The most offices on one page; more are found by a narrower search.
const SHOWN: usize = 60;

fn options(list: Vec<(String, String)>) -> Vec<OptionGroup> {
    vec![OptionGroup { label: String::new(), options: list }]
}

/// The search and what it found.
pub fn offices(search: &OfficeSearch, found: &[Office]) -> impl IntoView + use<> {
    let provinces =
        options(PROVINCES.iter().map(|province| (province.code.into(), province.name.into())).collect());
    let matters = options(
        Matter::CHOICES.iter().map(|matter| (matter.as_str().into(), matter_label(*matter).into())).collect(),
    );
    let items: Vec<_> = found
        .iter()
        .take(SHOWN)
        .map(|office| LinkItem {
            href: format!("/marriage/offices/{}", office.code),
            title: office.name.clone(),
            hint: format!("{}{}{}", office.city, office.district, office.address),
            sign: String::new(),
        })
        .collect();
    let count = if found.len() > SHOWN {
        format!("找到 {} 家，先列 {SHOWN} 家；写上城市会更准。", found.len())
    } else {
        format!("找到 {} 家。", found.len())
    };
    let list = if items.is_empty() {
        view! { <Empty title="没有找到登记处" hint="换个城市，或者只选省份再试"/> }.into_any()
    } else {
        view! { <p>{count}</p> <LinkList items/> }.into_any()
    };
    let search = search.clone();
    view! {
        <Layout title="找登记处" back="/marriage" quiet=true>
            <form method="get" action="/marriage/offices" class="xw-form">
                <Select name="province" label="省份" groups=provinces value=search.province empty="全国" optional=true/>
                <Field name="city" label="城市、区县或名称" value=search.city optional=true maxlength=40/>
                <Select name="matter" label="办什么" groups=matters value=search.matter empty="都可以" optional=true/>
                <Checkbox name="foreign" label="只看能办涉外、港澳台和华侨的" checked={search.foreign == "yes"}/>
                <Actions><Button>"找一找"</Button></Actions>
            </form>
            {list}
        </Layout>
    }
}

/// The facts of an office.
pub(super) fn facts(office: &Office) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let matters: Vec<_> = office.matters.iter().map(|matter| matter_label(*matter)).collect();
    let place = format!("{}{}{}{}", office.province.name, office.city, office.district, office.address);
    let place = place.replacen(&format!("{0}{0}", office.province.name), office.province.name, 1);
    let mut rows = vec![row("地址", place)];
    for (label, value) in [
        ("楼层", &office.floor),
        ("办理时间", &office.hours),
        ("夏季时间", &office.summer_hours),
        ("怎么去", &office.transit),
        ("无障碍", &office.accessible),
    ] {
        if !value.is_empty() {
            rows.push(row(label, value.clone()));
        }
    }
    rows.push(row("能办什么", matters.join("、")));
    rows.push(row(
        "涉外、港澳台、华侨",
        if office.foreign_related { "能办" } else { "不办，或者不清楚" }.into(),
    ));
    let from = office.effective_from;
    rows.push(row(
        "信息来源",
        format!("{}（{} 年 {} 月 {} 日起）", office.source, from.year(), from.month(), from.day()),
    ));
    let mut links = vec![LinkItem {
        href: format!("tel:{}", office.phone.replace(' ', "")),
        title: format!("打电话：{}", office.phone),
        hint: String::new(),
        sign: "phone".into(),
    }];
    if !office.booking_url.is_empty() {
        links.push(LinkItem {
            href: office.booking_url.clone(),
            title: "这一家自己的预约网址".into(),
            hint: office.booking_url.clone(),
            sign: String::new(),
        });
    }
    let sample =
        office.sample.then(|| view! { <p><Tag kind="plain">"示例"</Tag>" 演示用的，不是真的登记处信息"</p> });
    view! { {sample} <Answers title="信息" rows/> <LinkList items=links/> }
}

/// One office.
pub fn office(office: &Office) -> impl IntoView + use<> {
    let elsewhere = (office.mode == OfficeMode::Elsewhere).then(|| {
        view! {
            <Banner kind="info" title="这一家不用本系统预约">
                <p>"这里只有它的信息和要带的材料。要预约，请用它自己的网址或电话。"</p>
            </Banner>
        }
    });
    let sheets: Vec<_> = office
        .matters
        .iter()
        .map(|matter| LinkItem {
            href: format!("/marriage/papers/{}?office={}", matter.as_str(), office.code),
            title: format!("{}准备单", matter_label(*matter)),
            hint: "答三个问题，列出要带的，可以打印".into(),
            sign: String::new(),
        })
        .collect();
    let times: Vec<_> = office
        .bookable()
        .into_iter()
        .filter(|_| office.mode == OfficeMode::Here)
        .map(|matter| LinkItem {
            href: format!("/marriage/offices/{}/times/{}", office.code, matter.as_str()),
            title: format!("预约{}", matter_label(matter)),
            hint: "选日子和时间，两个人都确认才算约好".into(),
            sign: String::new(),
        })
        .collect();
    let times = (!times.is_empty()).then(|| view! { <Card title="预约"><LinkList items=times/></Card> });
    let (name, facts) = (office.name.clone(), facts(office));
    view! {
        <Layout title=name back="/marriage/offices" quiet=true>
            {elsewhere}
            {times}
            {facts}
            <Card title="去之前准备"><LinkList items=sheets/></Card>
        </Layout>
    }
}
