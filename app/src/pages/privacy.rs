//! `/privacy`: how personal data is handled, in one place and in plain words (网络数据安全管理条例 21).

use leptos::prelude::*;

use crate::components::{Card, Layout};
use crate::text::privacy;

/// The rules as cards, also shown inside the form.
pub(crate) fn rules() -> impl IntoView {
    privacy::TEMPORARY_AID
        .iter()
        .map(|rule| view! { <Card title=rule.title><p>{rule.body}</p></Card> })
        .collect_view()
}

/// The page.
pub fn privacy() -> impl IntoView {
    view! { <Layout title="个人信息怎么用" back="/">{rules()}</Layout> }
}
