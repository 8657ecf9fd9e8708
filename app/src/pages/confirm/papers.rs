//! `/confirm/{number}/papers…`: photos of papers for an application that was handed in.

use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Choice, Empty, ErrorSummary, FileField, Hint, Layout, Photo,
    PhotoButton, Photos, Radios,
};
use crate::domain::papers::{MAX_OF_CASE, OTHER, PaperForm};
use crate::islands::PhotoHelp;
use crate::pages::Sent;
use crate::pages::aid::whose;
use crate::ports::PaperLine;
use crate::text;
use crate::text::papers::{paper_name, size};

/// What has just been done, for the banner of the page that one comes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperDone {
    /// A photo was received.
    Sent,
    /// The same photo was there already.
    Again,
    /// One from before belongs to this application too.
    Reused,
    /// One was deleted.
    Deleted,
}

crate::slugs!(PaperDone { Sent = "sent", Again = "again", Reused = "reused", Deleted = "deleted" });

/// The papers of one application.
#[derive(Clone, Debug)]
pub struct CasePapers {
    /// The case's number.
    pub number: String,
    /// Whose application it is looks at it: others may send photos and never see one.
    pub own: bool,
    /// The case is neither decided nor taken back: photos are taken.
    pub open: bool,
    /// What was sent, oldest first.
    pub papers: Vec<PaperLine>,
    /// Papers that may be asked for: name and explanation.
    pub askable: Vec<(String, String)>,
    /// What was sent with other applications and is still valid, newest first.
    pub before: Vec<PaperLine>,
}

impl CasePapers {
    fn is_full(&self) -> bool {
        self.papers.len() >= usize::from(MAX_OF_CASE)
    }
}

/// A photo in a list, with its pictures where the reader may see them.
fn photo(line: &PaperLine, own: bool) -> Photo {
    let href = format!("/confirm/{}/papers/{}", line.number, line.id);
    Photo {
        title: paper_name(&line.kind).to_owned(),
        hint: format!("{} 收到，{}", line.sent_at.shanghai_text(), size(line.bytes)),
        image: own.then(|| format!("{href}/small.jpg")),
        href: own.then_some(href),
        button: None,
    }
}

fn done_words(done: PaperDone) -> (&'static str, &'static str) {
    match done {
        PaperDone::Sent => ("照片收到了", "已经和您的申请放在一起，办事人员看申请时就能看到。"),
        PaperDone::Again => ("这张照片已经收到过", "不用再交，它就在下面。"),
        PaperDone::Reused => ("已经放进这份申请", "以前交过的这张照片，办事人员现在也能看到。"),
        PaperDone::Deleted => ("照片删掉了", "我们这里不再有这张照片。"),
    }
}

/// The list, and the form for one more.
pub fn papers(
    page: &CasePapers,
    sent: &Sent<PaperForm>,
    key: &str,
    done: Option<PaperDone>,
) -> impl IntoView + use<> {
    let CasePapers { number, own, papers, .. } = page.clone();
    let back = format!("/confirm/{number}");
    let done = done.filter(|_| sent.errors.is_empty()).map(|done| {
        let (title, words) = done_words(done);
        view! { <Banner kind="good" title=title><p>{words}</p></Banner> }
    });
    let list = if papers.is_empty() {
        view! { <Empty title="还没有交过照片" hint="不交也照常办理。街道要看什么，会一次告诉您。"/> }
            .into_any()
    } else {
        let title = format!("交过的照片（{} 张）", papers.len());
        let photos = papers.iter().map(|line| photo(line, own)).collect();
        let unseen = (!own).then(|| {
            view! { <Hint>"照片只给本人看：请在提交申请的手机上打开，或者登录以后打开。"</Hint> }
        });
        view! { <Card title=title><Photos photos/>{unseen}</Card> }.into_any()
    };
    let body = if !page.open {
        view! {
            <Banner kind="info" title="这份申请已经办结">
                <p>"不再收照片了。有新的情况，请打电话告诉街道，或者重新申请。"</p>
            </Banner>
        }
        .into_any()
    } else if page.is_full() {
        let words =
            format!("一份申请最多 {MAX_OF_CASE} 张照片。还有要交的，请带到街道窗口，或者打电话问一问。");
        view! { <Banner kind="info" title="照片已经交满"><p>{words}</p></Banner> }.into_any()
    } else {
        view! { {before(page)} {form(page, sent, key)} }.into_any()
    };
    let (errors, shown) = (sent.summary(), text::case_number(&number));
    let takes = page.open && !page.is_full();
    view! {
        <Layout title="补交照片材料" back=back narrow=true islands=takes>
            <ErrorSummary errors/>
            {done}
            <p>{format!("申请编号 {shown}")}</p>
            {list}
            {body}
        </Layout>
    }
}

fn form(page: &CasePapers, sent: &Sent<PaperForm>, key: &str) -> impl IntoView + use<> {
    let action = format!("/confirm/{}/papers", page.number);
    let other = (OTHER.to_owned(), "上面没有的，选这一项。".to_owned());
    let options = page
        .askable
        .iter()
        .cloned()
        .chain([other])
        .map(|(value, hint)| Choice {
            label: paper_name(&value).to_owned(),
            hint: (!hint.is_empty()).then_some(hint),
            value,
        })
        .collect();
    let (key, chosen) = (key.to_owned(), sent.form.kind.clone());
    let (kind, photo) = (sent.error("kind"), sent.error("photo"));
    view! {
        <form id="photo-form" method="post" action=action enctype="multipart/form-data" novalidate class="xw-form">
            {whose()}
            <input type="hidden" name="idempotency_key" value=key/>
            <Radios name="kind" legend="这是什么材料" value=chosen options error=kind/>
            <FileField
                name="photo"
                label="照片"
                hint="可以现拍，也可以从相册里选，一次一张，15\u{a0}MB 以内。请拍全、拍清楚，没有反光。"
                error=photo
                accept="image/jpeg,image/png,image/webp"
            />
            <p id="photo-advice" role="status" hidden></p>
            <Hint>"收到以后，我们会去掉照片里的拍摄地点，加上「仅用于社会救助申请」的水印，加密保存。社保、房产、车辆、存款这些能核对到的，不用交（社会救助法第六十二条）。"</Hint>
            <Actions><Button>"交这张照片"</Button></Actions>
            // Nothing here has a display of its own from a class: `hidden` would not hide it.
            <div id="photo-sending" hidden>
                <p id="photo-sending-words" role="status"></p>
                <progress id="photo-progress" class="xw-progress" max="100" value="0" aria-label="照片传了多少"></progress>
                <div id="photo-retry" hidden>
                    <button
                        id="photo-retry-button"
                        class="weui-btn weui-btn_default xw-button xw-button--secondary"
                        type="button"
                    >
                        "再传一次"
                    </button>
                </div>
            </div>
            <Hint>"照片大的话要等一会儿。中途断了就再按一次，不会收两份。"</Hint>
            <PhotoHelp/>
        </form>
    }
}

/// 用以前交过的: nobody is asked twice for what is here and holds.
fn before(page: &CasePapers) -> impl IntoView + use<> {
    let action = format!("/confirm/{}/papers/reuse", page.number);
    let mark = expect_context::<crate::visit::PageContext>().visit.mark().to_owned();
    let photos: Vec<_> = page
        .before
        .iter()
        .map(|line| Photo {
            button: Some(PhotoButton {
                action: action.clone(),
                fields: vec![("whose".into(), mark.clone()), ("paper".into(), line.id.clone())],
                words: "这次也用这一张".into(),
            }),
            ..photo(line, true)
        })
        .collect();
    (!photos.is_empty()).then(|| {
        view! {
            <Card title="用以前交过的">
                <p>"别的申请里交过、现在还有效的，不用再拍。"</p>
                <Photos photos/>
            </Card>
        }
    })
}

/// One photo, for its owner.
pub fn paper(line: &PaperLine) -> impl IntoView + use<> {
    let back = format!("/confirm/{}/papers", line.number);
    let (here, name) = (format!("{back}/{}", line.id), paper_name(&line.kind).to_owned());
    let about = format!("{} 收到，{}", line.sent_at.shanghai_full(), size(line.bytes));
    let delete = if line.can_go {
        view! {
            <form method="post" action=format!("{here}/delete") class="xw-form">
                {whose()}
                <p>"交错了可以删掉。删掉就没有了，要用得重新拍。"</p>
                <Actions><Button kind="danger">"删掉这张照片"</Button></Actions>
            </form>
        }
        .into_any()
    } else {
        view! {
            <Banner kind="info" title="现在不能删">
                <p>"办事人员已经看过这张照片，它是这份申请的一部分，要留着。交错了请打电话告诉街道。"</p>
            </Banner>
        }
        .into_any()
    };
    let alt = format!("{name}的照片");
    let items = back.clone();
    view! {
        <Layout title=name back=back narrow=true>
            <p>{about}</p>
            <img class="xw-photo" src=format!("{here}/photo.jpg") alt=alt/>
            {delete}
            <Actions><ButtonLink href=items kind="secondary">"看这份申请的全部照片"</ButtonLink></Actions>
        </Layout>
    }
}

/// `/me/papers`: what was sent with all one's applications, newest first.
pub fn library(papers: &[PaperLine]) -> impl IntoView + use<> {
    let body = if papers.is_empty() {
        view! {
            <Empty title="还没有交过照片" hint="在申请的凭证页上点「补交照片材料」，交过的会留在这里，下次不用再拍。" href="/me" action="看我的申请"/>
        }
        .into_any()
    } else {
        let photos = papers
            .iter()
            .map(|line| {
                let plain = photo(line, true);
                let shown = text::case_number(&line.number);
                Photo { hint: format!("{}\n申请 {shown}", plain.hint), ..plain }
            })
            .collect();
        let title = format!("一共 {} 张", papers.len());
        view! {
            <Card title=title><Photos photos/></Card>
            <Hint>"点名字看大图。办事人员还没有看过的可以删；有效的，下次申请可以直接用，不用再拍。"</Hint>
        }
        .into_any()
    };
    view! { <Layout title="我的材料照片" back="/me" narrow=true>{body}</Layout> }
}
