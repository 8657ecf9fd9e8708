//! `/aid`: everything that one may ask for, each with a page of its own.

use leptos::prelude::*;

use super::SCREENER;
use crate::components::{Card, Layout, LinkItem, LinkList};
use crate::domain::aid::catalogue::{AidGroup, AppliedFor, Catalogue};
use crate::text::screener::LINK;

const GROUPS: [(AidGroup, &str); 5] = [
    (AidGroup::Living, "生活困难"),
    (AidGroup::Disability, "残疾人"),
    (AidGroup::Elder, "老人"),
    (AidGroup::Child, "孩子"),
    (AidGroup::Funeral, "祭扫"),
];

/// The way to the screener, for whoever doesn't know which item it is.
pub(crate) fn screener_link() -> LinkItem {
    LinkItem {
        href: SCREENER.into(),
        title: LINK.into(),
        hint: "回答几个问题，不用姓名和号码".into(),
        sign: String::new(),
    }
}

/// The way to help beside public aid.
fn charity_link() -> LinkItem {
    LinkItem {
        href: "/aid/charity".into(),
        title: "都够不上？看看还有哪些帮助".into(),
        hint: "慈善项目、医疗互助、责任保险".into(),
        sign: String::new(),
    }
}

/// The way to tell of somebody else.
fn tell_link() -> LinkItem {
    LinkItem {
        href: "/aid/tell".into(),
        title: "看到别人家有困难，告诉我们".into(),
        hint: "社区派人上门看看，不会说是谁告诉的".into(),
        sign: String::new(),
    }
}

/// The page.
pub fn catalogue(catalogue: &Catalogue, hotline: &str) -> impl IntoView + use<> {
    let cards = GROUPS
        .iter()
        .filter_map(|(group, title)| {
            let items: Vec<_> = catalogue
                .all()
                .iter()
                .filter(|(_, item)| item.group == *group)
                .map(|(slug, item)| LinkItem {
                    href: format!("/aid/{slug}"),
                    title: item.name.clone(),
                    hint: match item.applied_for {
                        AppliedFor::Online => {
                            format!("{}（可以在手机上申请）", item.summary.trim_end_matches('。'))
                        }
                        AppliedFor::Counter | AppliedFor::Automatic => item.summary.clone(),
                    },
                    sign: String::new(),
                })
                .collect();
            (!items.is_empty()).then(|| view! { <Card title=*title><LinkList items/></Card> })
        })
        .collect_view();
    let phone = (!hotline.is_empty()).then(|| {
        view! {
            <LinkList items=vec![LinkItem {
                href: format!("tel:{hotline}"),
                title: format!("说不准是哪一项，打电话问：{hotline}"),
                hint: "社区和街道窗口也会帮您看".into(),
                sign: "phone".into(),
            }]/>
        }
    });
    view! {
        <Layout title="救助和补贴" back="/">
            <p class="xw-lead">"每一项写着谁可以申请、要准备什么、要等多久，都注明是谁规定的。"</p>
            <LinkList items=vec![screener_link()]/>
            {cards}
            <LinkList items=vec![charity_link(), tell_link()]/>
            <LinkList items=vec![LinkItem {
                href: "/notices".into(),
                title: "救助公示".into(),
                hint: "哪些申请正在公示、给了哪些救助".into(),
                sign: String::new(),
            }]/>
            {phone}
        </Layout>
    }
}
