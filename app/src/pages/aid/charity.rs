//! `/aid/charity`: help beside public aid, as the district's directory tells it.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Actions, ButtonLink, Card, Empty, Hint, Layout, Tag};
use crate::domain::aid::charity::Programme;
use crate::text::charity::kind_label;

/// A day without its weekday.
fn day(day: Date) -> String {
    format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
}

fn programme(programme: &Programme) -> impl IntoView + use<> {
    let (kind, sample, title) = (kind_label(programme.kind), programme.sample, programme.name.clone());
    let lines = [("帮谁", &programme.who), ("帮什么", &programme.what), ("谁办的", &programme.organisation)]
        .map(|(label, words)| view! { <p><strong>{label}</strong>"："{words.clone()}</p> })
        .collect_view();
    let until = programme.until.map(|until| format!("，到 {} 为止", day(until))).unwrap_or_default();
    let source = format!("{}，{}起{until}", programme.source, day(programme.from));
    let phone = (!programme.phone.is_empty()).then(|| {
        let (href, words) = (format!("tel:{}", programme.phone), format!("打电话 {}", programme.phone));
        view! { <Actions><ButtonLink href kind="secondary">{words}</ButtonLink></Actions> }
    });
    view! {
        <Card title>
            <div class="xw-tags">
                <Tag kind="info">{kind}</Tag>
                {sample.then(|| view! { <Tag kind="plain">"示例"</Tag> })}
            </div>
            {lines}
            <Hint>{source}</Hint>
            {phone}
        </Card>
    }
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
