//! `/meals`: where one can eat, what is cooked, and what one has ordered.

pub mod checks;
mod order;
mod point;
mod standing;
pub mod tour;
mod waiting;

use leptos::prelude::*;

use crate::components::{Actions, Button, Checkbox, Empty, Layout, LinkItem, LinkList, OptionGroup, Select};
use crate::domain::area;
use crate::domain::meals::{MealKind, MealPoint, PointSearch};
use crate::text::meals::{meal_label, point_label};

pub(crate) use order::slip_words;
pub use order::{
    GivingUp, MineView, NotReady, OrderLine, OrderView, Picked, ReserveForm, ReserveView, mine, order,
    reserve,
};
pub use point::{PointView, point};
pub use standing::{PauseForm, StandingMaking, StandingView, kinds_of, make_standing, standing_page};
pub(crate) use standing::{standing_facts, standing_fields, standing_forms};
pub use waiting::{JoinView, WaitLine, join_line, waiting};

/// The most points on one page; more are found by a narrower search.
const SHOWN: usize = 70;

/// A point in the list, and what there is today.
#[derive(Clone, Debug)]
pub struct PointLine {
    /// The point.
    pub point: MealPoint,
    /// It serves at this moment.
    pub open: bool,
    /// It is closed today.
    pub closed: bool,
    /// What is left of today's meals.
    pub left: Vec<(MealKind, i64)>,
}

fn plain(options: Vec<(String, String)>) -> Vec<OptionGroup> {
    vec![OptionGroup { label: String::new(), options }]
}

pub(crate) fn streets() -> Vec<OptionGroup> {
    plain(area::streets().iter().map(|of| (of.code.into(), of.name.into())).collect())
}

pub(crate) fn communities() -> Vec<OptionGroup> {
    let group = |street: &area::Street| OptionGroup {
        label: street.name.to_owned(),
        options: area::communities_of(street.code)
            .iter()
            .map(|community| (community.code.into(), community.short_name().into()))
            .collect(),
    };
    area::streets().iter().map(group).collect()
}

/// What one reads of a point before opening it.
fn hint(line: &PointLine) -> String {
    let mut words = vec![format!("{}，{}", point_label(line.point.kind), line.point.address)];
    words.push(if line.point.step_free { "无台阶" } else { "有台阶" }.to_owned());
    if !line.point.delivers.is_empty() {
        words.push("能送餐".to_owned());
    }
    if line.closed {
        words.push("今天不开".to_owned());
    } else {
        for (kind, left) in &line.left {
            let meal = meal_label(*kind);
            words.push(if *left > 0 {
                format!("今天{meal}还有 {left} 份")
            } else {
                format!("今天{meal}订完了")
            });
        }
    }
    words.join(" · ")
}

/// A meal like an earlier one, one tap away.
#[derive(Clone, Debug)]
pub struct Again {
    /// What it is like: 「和上次一样」.
    pub like: String,
    /// What it would be.
    pub meal: String,
    /// Where its price stands.
    pub href: String,
}

/// The list. `again` for somebody who has eaten before.
pub fn list(
    search: &PointSearch,
    found: &[PointLine],
    hotline: &str,
    (signed_in, again): (bool, Option<&Again>),
) -> impl IntoView + use<> {
    let mut own = Vec::new();
    if let Some(again) = again {
        own.push(LinkItem {
            href: again.href.clone(),
            title: again.like.clone(),
            hint: again.meal.clone(),
            sign: String::new(),
        });
    }
    if signed_in {
        own.push(LinkItem {
            href: "/meals/mine".into(),
            title: "我的订餐".into(),
            hint: "订好的、领餐的码、这个月的账".into(),
            sign: String::new(),
        });
    }
    let own = (!own.is_empty()).then(|| view! { <LinkList items=own/> });
    let items: Vec<_> = found
        .iter()
        .take(SHOWN)
        .map(|line| LinkItem {
            href: format!("/meals/{}", line.point.code),
            title: line.point.name.clone(),
            hint: hint(line),
            sign: if line.open { "开着".into() } else { String::new() },
        })
        .collect();
    let count = if found.len() > SHOWN {
        format!("找到 {} 个，先列 {SHOWN} 个；选了街道会更准。", found.len())
    } else {
        format!("找到 {} 个。", found.len())
    };
    let list = if items.is_empty() {
        view! { <Empty title="没有找到助餐点" hint="少选几样再试，或者打电话问社区"/> }.into_any()
    } else {
        view! { <p>{count}</p> <LinkList items/> }.into_any()
    };
    let phone = (!hotline.is_empty()).then(|| {
        let items = vec![LinkItem {
            href: format!("tel:{hotline}"),
            title: format!("不会用手机？打电话订：{hotline}"),
            hint: "社区工作者也能替您订；有卡的带卡到助餐点，不用手机".into(),
            sign: "phone".into(),
        }];
        view! { <LinkList items/> }
    });
    let search = search.clone();
    view! {
        <Layout title="老年助餐" back="/">
            {own}
            <form method="get" action="/meals" class="xw-form">
                <Select name="street" label="街道" groups=streets() value=search.street empty="全区" optional=true/>
                <Select name="community" label="我住的社区" hint="在社区里的和能送到的都会列出来" groups=communities() value=search.community empty="都可以" optional=true/>
                <Checkbox name="open" label="只看现在开着的" checked={search.open == "yes"}/>
                <Checkbox name="step_free" label="只看没有台阶的" checked={search.step_free == "yes"}/>
                <Checkbox name="delivers" label="只看能送到的" checked={search.delivers == "yes"}/>
                <Actions><Button>"找一找"</Button></Actions>
            </form>
            {list}
            {phone}
        </Layout>
    }
}
