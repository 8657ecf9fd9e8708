//! Photos of papers in the office: shown in the act that was noted, and only there.

use leptos::prelude::*;

use super::Me;
use super::cases::CaseHead;
use crate::components::{Actions, Banner, ButtonLink, Card, Photo, PhotoButton, Photos, StaffLayout};
use crate::domain::audit::Purpose;
use crate::ports::PaperLine;
use crate::text;
use crate::text::papers::{paper_name, size};
use crate::text::staff::purpose_name;

/// A photo as staff see it: the picture is part of the page, so that no address shows it again.
#[derive(Clone)]
pub struct ShownPaper {
    /// What it is.
    pub line: PaperLine,
    /// The picture as a `data:` address; `None` where its file can't be opened.
    pub image: Option<String>,
}

crate::masked_debug!(ShownPaper);

fn about(line: &PaperLine) -> String {
    format!("{} 收到，{}", line.sent_at.shanghai_full(), size(line.bytes))
}

/// The photos of an opened application.
pub(super) fn list(number: &str, papers: &[ShownPaper], purpose: Purpose) -> impl IntoView + use<> {
    let photos: Vec<_> = papers
        .iter()
        .map(|paper| {
            let line = &paper.line;
            let broken = if paper.image.is_none() { "\n照片暂时打不开" } else { "" };
            Photo {
                title: paper_name(&line.kind).to_owned(),
                hint: format!("{}{broken}", about(line)),
                image: paper.image.clone(),
                href: None,
                button: paper.image.is_some().then(|| PhotoButton {
                    action: format!("/staff/cases/{number}/papers/{}", line.id),
                    fields: vec![("purpose".into(), purpose.as_str().to_owned())],
                    words: "看大图".into(),
                }),
            }
        })
        .collect();
    let body = if photos.is_empty() {
        view! { <p>"没有交照片。能核对到的不要向居民要（社会救助法第六十二条）。"</p> }.into_any()
    } else {
        view! { <Photos photos/> }.into_any()
    };
    view! { <Card title="照片材料">{body}</Card> }
}

/// One photo, large.
pub fn paper(me: &Me, head: &CaseHead, paper: &ShownPaper, purpose: Purpose) -> impl IntoView + use<> {
    let back = format!("/staff/cases/{}", head.number);
    let name = paper_name(&paper.line.kind).to_owned();
    let told = format!("已经记下：您因为「{}」看了这张照片。", purpose_name(purpose));
    let about = format!("申请 {}，{}", text::case_number(&head.number), about(&paper.line));
    let picture = match paper.image.clone() {
        Some(src) => {
            let alt = format!("{name}的照片");
            view! { <img class="xw-photo" src=src alt=alt/> }.into_any()
        }
        None => view! { <Banner kind="warn" title="照片暂时打不开"><p>"文件不在或者损坏了，请告诉管理员。"</p></Banner> }.into_any(),
    };
    let items = back.clone();
    view! {
        <StaffLayout title=name back=back name=me.name.clone() doors=me.doors()>
            <Banner kind="info" title="看完请关上"><p>{told}</p></Banner>
            <p>{about}</p>
            {picture}
            <Actions><ButtonLink href=items kind="secondary">"回到这份申请"</ButtonLink></Actions>
        </StaffLayout>
    }
}
