//! `/privacy`: how personal data is handled, in one place and in plain words (网络数据安全管理条例 21).

use leptos::prelude::*;

use crate::components::{Card, Layout};
use crate::text::privacy;
use crate::text::retention::RetentionLine;

/// The rules as cards, also shown inside the form.
pub(crate) fn rules() -> impl IntoView {
    privacy::APPLICATION
        .iter()
        .map(|rule| view! { <Card title=rule.title><p>{rule.body}</p></Card> })
        .collect_view()
}

/// The page. How long things are kept is told from the settings by which they are deleted.
pub fn privacy(kept: &[RetentionLine]) -> impl IntoView {
    let lines =
        kept.iter().map(|line| view! { <li>{line.what} "：" {line.kept.clone()}</li> }).collect_view();
    view! {
        <Layout title="个人信息怎么用" back="/">
            {rules()}
            <Card title="用别处的账号登录">
                <p>"用别的平台的账号登录时，我们从那里拿到一个只用来认出您的编号；那边核对过实名的，还有姓名和证件，有的还有电话。编号加密存，不会拿去查您在那边的别的事。我们不会把您在这里办的事告诉那边。"</p>
            </Card>
            <Card title="您同意过什么，怎么收回">
                <p>"大部分事是法律要求做的，不用您同意。要您同意的，会在用到的地方单独问：存下资料、用短信电话通知您、用申请看看别的帮助。登录以后，在「我的同意」里一项一项都能收回，和给的时候一样方便。"</p>
                <a class="xw-alone" href="/me/consents">"看我同意过什么"</a>
            </Card>
            <Card title="各样东西存多久">
                <ul>{lines}</ul>
                <p>"到期由系统自动删除。"</p>
            </Card>
        </Layout>
    }
}
