//! `/aid/charity`: help beside public aid, as the district's directory tells it.

use leptos::prelude::*;

use crate::components::{Answer, Answers, Empty, Hint, Layout, LinkItem, LinkList, Tag};
use crate::domain::aid::charity::Programme;
use crate::domain::time::date_text;
use crate::text::charity::kind_label;

fn programme(programme: &Programme) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let mut rows = vec![
        row("帮谁", programme.who.clone()),
        row("帮什么", programme.what.clone()),
        row("谁办的", programme.organisation.clone()),
    ];
    rows.extend(programme.until.map(|until| row("到哪天", date_text(until))));
    rows.push(row("依据", format!("{}，{} 起", programme.source, date_text(programme.from))));
    let title = programme.name.clone();
    let (kind, sample) = (kind_label(programme.kind), programme.sample);
    let tags = view! {
        <div class="xw-tags">
            <Tag kind="info">{kind}</Tag>
            {sample.then(|| view! { <Tag kind="plain">"示例"</Tag> })}
        </div>
    };
    let phone = (!programme.phone.is_empty()).then(|| {
        let items = vec![LinkItem {
            href: format!("tel:{}", programme.phone),
            title: format!("打电话：{}", programme.phone),
            hint: "自己问，也可以".into(),
            sign: "phone".into(),
        }];
        view! { <LinkList items/> }
    });
    view! { <section class="xw-stack">{tags}<Answers title rows/>{phone}</section> }
}

/// The page: what is there today.
pub fn charity(programmes: &[Programme], hotline: &str) -> impl IntoView + use<> {
    let all = programmes.iter().map(programme).collect_view();
    let body = if programmes.is_empty() {
        let hint = if hotline.is_empty() {
            "请到社区、街道窗口问一问。".to_owned()
        } else {
            format!("请打 {hotline}，或者到社区、街道窗口问一问。")
        };
        view! { <Empty title="这里还没有登记项目" hint=hint/> }.into_any()
    } else {
        view! { {all} }.into_any()
    };
    view! {
        <Layout title="还有哪些帮助" back="/aid">
            <p class="xw-lead">"政府救助够不上，或者还不够的时候，看看这些。给不给、给多少，由办的单位定。"</p>
            {body}
            <Hint>"申请没有获批的，在那份申请的页面上可以勾选，让街道把您的联系方式转给他们，省得您自己跑。"</Hint>
        </Layout>
    }
}
