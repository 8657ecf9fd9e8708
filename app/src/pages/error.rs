//! What is shown when something can't be done, in the product's looks, with the request's number.

use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, ButtonLink, Card, Hint, Layout};

/// What to say of one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorWords {
    /// The heading.
    pub title: &'static str,
    /// What happened, without blame.
    pub what: &'static str,
    /// What to do now.
    pub next: &'static str,
}

/// The words of a status; statuses without words of their own share the one of their class.
pub fn words(status: u16) -> ErrorWords {
    let (title, what, next) = match status {
        401 => ("请先登录", "您还没有登录，或者登录已经过期，这一步没有做。", "请登录以后再做一次。"),
        403 => ("这一步没有被接受", "为了安全，我们没有接受这次提交。", "请回到上一页，再按一次提交。"),
        404 => ("没有这个页面", "可能是地址少了几个字，也可能页面已经搬走。", "请从首页重新进入。"),
        405 => ("这个页面不能这样打开", "这个地址只用来接收填好的表。", "请从首页重新进入。"),
        408 | 504 => ("等得太久了", "网络可能不太好，内容没有送到。", "请回到上一页再试一次。"),
        409 => (
            "内容和刚才不一样了",
            "这份表在别处改过或已经提交过，这一次没有再收。",
            "请到「我的事」看看现在的情况。",
        ),
        413 => ("内容太长了", "这次送来的内容超过了上限，没有收下。", "请回到上一页，写短一些再提交。"),
        422 => ("有的地方要改", "送来的内容我们没有看懂。", "请回到上一页，对照提示再填一次。"),
        429 => ("请稍等一会儿", "刚才的操作太多了。", "请过几分钟再试，您填的内容还在。"),
        503 => ("现在太忙了", "系统暂时接不上。", "请过一分钟再试，已经保存的内容不会丢。"),
        400..=499 => ("没有看懂这次请求", "送来的内容不完整。", "请从首页重新进入。"),
        _ => ("我们这里出了问题", "不是您的错，已经记下来了。", "请过一会儿再试。急事请打电话。"),
    };
    ErrorWords { title, what, next }
}

/// The page of a status.
pub fn error(status: u16, request_id: &str, hotline: &str) -> impl IntoView + use<> {
    let words = words(status);
    let number = (!request_id.is_empty()).then(|| {
        view! { <Hint>{format!("问起这件事时，请报这个号：{request_id}")}</Hint> }
    });
    let phone = (status >= 500 && !hotline.is_empty())
        .then(|| view! { <ButtonLink href=format!("tel:{hotline}") kind="secondary">{format!("打电话 {hotline}")}</ButtonLink> });
    let sign_in = (status == 401).then(|| view! { <ButtonLink href="/staff/sign-in">"去登录"</ButtonLink> });
    let me = (status == 409).then(|| view! { <ButtonLink href="/me">"看我的事"</ButtonLink> });
    let home_kind = if matches!(status, 401 | 409) { "secondary" } else { "primary" };
    view! {
        <Layout title=words.title back="/">
            <Card label="说明">
                <p>{words.what}</p>
                <p>{words.next}</p>
                {number}
            </Card>
            <Actions>{sign_in}{me}<ButtonLink href="/" kind=home_kind>"回首页"</ButtonLink>{phone}</Actions>
        </Layout>
    }
}

/// A staff member asked for what none of their posts allows. It says nothing of what lies there.
pub fn forbidden(request_id: &str) -> impl IntoView + use<> {
    let number = format!("问起这件事时，请报这个号：{request_id}");
    view! {
        <Layout title="您的岗位不办这件事" back="/staff">
            <Card label="说明">
                <p>"这件事不在您的岗位或者辖区里，所以打不开。这次操作已经记下来了。"</p>
                <p>"如果岗位不对，请找系统管理员。"</p>
                <Hint>{number}</Hint>
            </Card>
            <Actions><ButtonLink href="/staff">"回工作台"</ButtonLink></Actions>
        </Layout>
    }
}

/// A form that came after its session had ended. Its content is kept: one signs in beside it and presses once more.
pub fn session_ended(path: &str, kept: Vec<(String, String)>) -> impl IntoView + use<> {
    let kept = kept
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let action = path.to_owned();
    view! {
        <Layout title="登录已经到时间" back="/">
            <Banner kind="warn" title="您填的内容还在">
                <p>"太久没有操作，登录已经到时间，这一次还没有收下。先登录，再回到这一页，按「再提交一次」。"</p>
            </Banner>
            <Actions>
                <a class="weui-btn weui-btn_primary xw-button xw-button--primary" href="/sign-in?next=/sign-in/back" target="_blank" rel="opener">
                    "在新页面里登录"
                </a>
            </Actions>
            <form method="post" action=action>
                {kept}
                <Actions><Button kind="secondary">"登录好了，再提交一次"</Button></Actions>
            </form>
            <Hint>"不想登录的话，可以从首页重新开始。"</Hint>
        </Layout>
    }
}

/// After signing in beside a page that waits.
pub fn go_back() -> impl IntoView {
    view! {
        <Layout title="已经登录" back="/me">
            <Banner kind="good" title="登录好了"><p>"请回到刚才那一页，按「登录好了，再提交一次」。这一页可以关掉。"</p></Banner>
        </Layout>
    }
}

/// A form under an agreement that holds no longer.
pub fn acting_ended() -> impl IntoView {
    view! {
        <Layout title="代办已经结束" back="/me">
            <Banner kind="warn" title="这一次没有收下">
                <p>"对方结束了代办，或者约定的日子到了。现在是您自己的账号，没有替别人办任何事。"</p>
            </Banner>
            <Actions><ButtonLink href="/me/acting">"看看代办"</ButtonLink></Actions>
        </Layout>
    }
}

/// The resident's own affair, asked for while they act for somebody else.
pub fn own_affair() -> impl IntoView {
    view! {
        <Layout title="这一页是您自己的事" back="/me/acting">
            <Banner kind="warn" title="您正在替别人办事">
                <p>"资料、消息和数据，只有账号本人能看。要看您自己的，请先结束这次代办；对方的，请对方自己登录，或者到窗口办。"</p>
            </Banner>
            <form method="post" action="/me/acting/stop"><Actions><Button>"结束代办，回到我自己"</Button></Actions></form>
            <Actions><ButtonLink href="/" kind="secondary">"接着替他办"</ButtonLink></Actions>
        </Layout>
    }
}

/// A service that was not agreed to.
pub fn out_of_scope() -> impl IntoView {
    view! {
        <Layout title="这件事没有约定代办" back="/">
            <Banner kind="warn" title="这一步没有做">
                <p>"您和对方约定的代办里没有这件事。要办的话，请对方再同意一次，写上这件事；或者请对方自己办。这次操作已经记下来了。"</p>
            </Banner>
            <Actions><ButtonLink href="/me/acting">"看看代办"</ButtonLink></Actions>
        </Layout>
    }
}

/// The visit in which a clerk helped is over.
pub fn helping_ended() -> impl IntoView {
    view! {
        <Layout title="帮办已经结束" back="/staff/counter">
            <Banner kind="warn" title="这一次没有收下">
                <p>"这次接待已经结束，或者您已经退出登录，这位居民的页面都关上了，没有留下任何内容。这次操作已经记下来了。"</p>
            </Banner>
            <Actions><ButtonLink href="/staff/counter">"回窗口"</ButtonLink></Actions>
        </Layout>
    }
}

/// What a helping clerk may not open.
pub fn not_while_helping() -> impl IntoView {
    view! {
        <Layout title="帮办时不能打开这一页" back="/">
            <Banner kind="warn" title="这一页只给本人">
                <p>"帮办只能填申请、看办到哪一步。账号、资料和数据，请本人自己打开。这次操作已经记下来了。"</p>
            </Banner>
            <Actions><ButtonLink href="/">"回去接着填"</ButtonLink></Actions>
        </Layout>
    }
}

/// A child under 14 signs up for nothing alone (个人信息保护法 31).
pub fn guardian_first() -> impl IntoView {
    view! {
        <Layout title="请监护人来办" back="/">
            <Banner kind="info" title="未满 14 周岁，要由监护人来办">
                <p>"《个人信息保护法》第三十一条说，保存未满 14 周岁孩子的信息，要先得到监护人同意。刚才填的这些，我们没有保存。"</p>
            </Banner>
            <Card title="可以这样办">
                <ul>
                    <li>"请爸爸妈妈或者别的监护人，带自己的身份证件和户口簿，或者出生医学证明，到社区或街道窗口登记一次。"</li>
                    <li>"登记以后，监护人在自己的手机上登录，就可以替孩子办。"</li>
                    <li>"家里急需帮助的，可以现在就打电话，或者直接到街道窗口，当面就办。"</li>
                </ul>
            </Card>
            <Actions><ButtonLink href="/">"回首页"</ButtonLink></Actions>
        </Layout>
    }
}

/// A form that was opened for somebody else, in a page left open from before.
pub fn other_person() -> impl IntoView {
    view! {
        <Layout title="这一页是之前打开的" back="/">
            <Banner kind="warn" title="这一次没有收下">
                <p>"这一页是替另一个人打开的，为了不把两个人的内容弄混，没有保存。请从首页重新打开申请。"</p>
            </Banner>
            <Actions><ButtonLink href="/">"回首页"</ButtonLink></Actions>
        </Layout>
    }
}

/// Somebody under 18 acts for nobody else.
pub fn helper_too_young() -> impl IntoView {
    view! {
        <Layout title="满 18 周岁才能替别人办" back="/me">
            <Banner kind="info" title="您还未满 18 周岁">
                <p>"替别人办事要成年人来。您自己的事可以自己办，最好请监护人一起看一遍；家人的事，请家里的成年人办，或者到窗口办。"</p>
            </Banner>
            <Actions><ButtonLink href="/me">"回到我的"</ButtonLink></Actions>
        </Layout>
    }
}

/// A form that came without the mark by which browsers tell where it comes from. Its content is kept, and one
/// more press sends it from a page of ours.
pub fn send_again(path: &str, kept: Vec<(String, String)>, request_id: &str) -> impl IntoView + use<> {
    let kept = kept
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let action = path.to_owned();
    let number = format!("问起这件事时，请报这个号：{request_id}");
    view! {
        <Layout title="请再按一次提交" back="/">
            <Banner kind="warn" title="内容还在，还没有提交">
                <p>"您的浏览器没有说明这份表是从哪里来的，为了防止别人冒用，我们没有直接收下。"</p>
                <p>"如果是您自己填的，请再按一次。还是不行，请换一个浏览器，或者到社区、街道窗口办。"</p>
            </Banner>
            <form method="post" action=action>
                {kept}
                <Actions><Button>"再提交一次"</Button><ButtonLink href="/" kind="secondary">"不提交，回首页"</ButtonLink></Actions>
            </form>
            <Hint>{number}</Hint>
        </Layout>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_we_answer_has_words_of_its_own() {
        let statuses = [401, 403, 404, 405, 409, 413, 422, 429, 500, 503];
        let titles: std::collections::BTreeSet<_> = statuses.iter().map(|s| words(*s).title).collect();
        assert_eq!(titles.len(), statuses.len());
    }
}
