//! `/marriage`: what to bring, and where.

mod booking;
mod coming;
mod divorce;
mod draws;
mod free;
mod hall;
mod no_show;
mod offices;
mod papers;
mod times;
mod waiting;

pub use booking::{Code, booking, held, invited, slip};
pub use divorce::second_visit_page;
pub use draws::{DrawPage, draw, draw_enter, draw_entry, draw_invited};
pub use free::free;
pub use hall::hall;
pub use offices::{office, offices};
pub use papers::{papers, questions};
pub use times::{Choosing, day, is_open, month};
pub use waiting::{wait, wait_form, waits};

use leptos::prelude::*;

use crate::components::{Card, Layout, LinkItem, LinkList};
use crate::domain::marriage::Matter;
use crate::text::marriage::{matter_hint, matter_label};

/// What one can come for.
pub fn home() -> impl IntoView {
    let matters: Vec<_> = Matter::CHOICES
        .iter()
        .map(|matter| LinkItem {
            href: format!("/marriage/papers/{}", matter.as_str()),
            title: matter_label(*matter).into(),
            hint: matter_hint(*matter).into(),
            sign: String::new(),
        })
        .collect();
    let first = LinkItem {
        href: "/marriage/free".into(),
        title: "最早哪天有空".into(),
        hint: "全国或者一个省里，哪家最早；或者想好的那天哪家有空".into(),
        sign: String::new(),
    };
    let second = LinkItem {
        href: "/marriage/second-visit".into(),
        title: "离婚第二次哪天去".into(),
        hint: "照回执上受理的日子，算出最早和最晚的日子".into(),
        sign: String::new(),
    };
    let places = vec![
        LinkItem {
            href: "/marriage/offices".into(),
            title: "找一家登记处".into(),
            hint: "31 个省份，按城市找；地址、时间、电话".into(),
            sign: String::new(),
        },
        first,
        second,
        LinkItem {
            href: "/marriage/waiting".into(),
            title: "我排的队".into(),
            hint: "约满的日子可以排队，有空名额一对一对地问".into(),
            sign: String::new(),
        },
    ];
    view! {
        <Layout title="婚姻登记" back="/" quiet=true>
            <p class="xw-lead">"结婚、离婚登记都要两个人亲自到场，不收费。先选要办的事，看看带什么。"</p>
            <Card title="要办什么"><LinkList items=matters/></Card>
            <Card title="去哪里办，哪天去"><LinkList items=places/></Card>
        </Layout>
    }
}
