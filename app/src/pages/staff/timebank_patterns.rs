//! `/staff/timebank/patterns`: services that are unusual, for a person to look at. Nothing follows from them by itself.

use leptos::prelude::*;

use super::Me;
use super::timebank_records::RecordLine;
use crate::components::{Actions, Button, Card, Empty, StaffLayout};
use crate::domain::timebank::{Pattern, minutes_text};
use crate::text::staff::place_name;
use crate::text::timebank::pattern_label;

/// The list.
pub fn list(me: &Me, found: &[(RecordLine, Pattern)], key: &str) -> impl IntoView + use<> {
    let cards = found
        .iter()
        .enumerate()
        .map(|(at, (line, pattern))| {
            let (id, slug) = (line.id.clone(), pattern.as_str());
            // Each form has a key of its own.
            let key = format!("{key}{at}");
            let what = format!(
                "{} {}，{}，{}",
                line.kind,
                line.at.shanghai_text(),
                place_name(&line.area),
                minutes_text(line.minutes)
            );
            let href = format!("/staff/timebank/records/{id}");
            view! {
                <Card title=pattern_label(*pattern)>
                    <p><a class="xw-alone" href=href>{what}</a></p>
                    <form method="post" action="/staff/timebank/patterns" class="xw-form">
                        <input type="hidden" name="idempotency_key" value=key/>
                        <input type="hidden" name="need" value=id/>
                        <input type="hidden" name="pattern" value=slug/>
                        <Actions><Button kind="secondary">"看过了，没有问题"</Button></Actions>
                    </form>
                </Card>
            }
        })
        .collect_view();
    let empty = found
        .is_empty()
        .then(|| view! { <Empty title="没有要看的" hint="不寻常的服务会列在这里，只请您看一看。"/> });
    view! {
        <StaffLayout title="请看一看" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <p>"下面这些有点不寻常，多半有原因。只请您看一看、问一问：机器不扣时间，也不通知任何人。真记错了的，在那次服务里两个人更正。"</p>
            {empty}
            {cards}
        </StaffLayout>
    }
}
