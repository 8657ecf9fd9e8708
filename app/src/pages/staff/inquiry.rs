//! `/staff/cases/{number}/inquiry`: what was looked into before an opinion, and `/staff/kin`, the register of near relatives.

use leptos::prelude::*;

use super::cases::{CaseHead, head_rows};
use super::work::Colleague;
use super::{Me, other_posts, visit_script};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Field, Figure, Hint,
    LinkItem, LinkList, OptionGroup, Radios, Select, StaffLayout,
};
use crate::domain::aid::home_visit::{SIGNATURE_HEIGHT, SIGNATURE_WIDTH, Signature, Signatures};
use crate::domain::aid::staff_kin::{KinRelation, NO_ACCOUNT, StaffKinForm};
use crate::domain::form::FormErrors;
use crate::domain::staff::{Post, Role};
use crate::domain::time::date_text;
use crate::pages::choices;
use crate::ports::{EnteredVisit, KinEntry, VisitLevel};
use crate::text;
use crate::text::errors::sentence;
use crate::text::inquiry::{kin_relation, self_care_label, self_care_level, visit_level};
use crate::text::staff::{place_name, post_name};

/// Who looks into a case at the household's home and enters relatives.
pub const VISITORS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// Who has the register of near relatives: the district, which must go there itself.
pub const KIN_READERS: &[Role] = &[Role::DistrictOfficer];

/// What was looked into.
#[derive(Clone)]
pub struct Inquiry {
    /// What the list shows.
    pub head: CaseHead,
    /// Visits, oldest first.
    pub visits: Vec<EnteredVisit>,
    /// Near relatives among those who handle aid, oldest first.
    pub kin: Vec<KinEntry>,
    /// Whether it was drawn; `None` where it was in no draw.
    pub drawn: Option<bool>,
    /// Everybody who handles cases of this place, oneself too.
    pub staff: Vec<Colleague>,
    /// This person may enter visits and relatives now.
    pub may: bool,
    /// The keys of the page's forms.
    pub key: String,
}

/// A form of the page that came back.
#[derive(Clone, Default)]
pub struct TypedInquiry {
    /// A relative.
    pub kin: StaffKinForm,
    /// What is wrong.
    pub errors: FormErrors,
}

crate::masked_debug!(Inquiry, TypedInquiry);

/// What the page that moves the case on says of the inquiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InquirySummary {
    /// How often somebody was there.
    pub visits: usize,
    /// The item wants a visit before an opinion to give aid.
    pub visit_needed: bool,
    /// The district must go there before anything is decided, and was not.
    pub district_must_visit: Option<WhyDistrict>,
    /// The case must be in a draw before anything is decided, and was in none.
    pub draw_first: bool,
    /// Whoever looks is a near relative of the household.
    pub own_family: bool,
}

impl InquirySummary {
    /// No opinion to give aid yet: nobody was there.
    pub fn visit_first(self) -> bool {
        self.visit_needed && self.visits == 0
    }
}

/// Why the district goes there itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyDistrict {
    /// Somebody who handles aid is a near relative of the household (民发〔2021〕57号 art. 20).
    Kin,
    /// The case was drawn (特困人员认定办法 art. 16).
    Drawn,
}

/// Whether the district still has to go there before anything is decided, and why.
pub fn district_must_visit(
    kin: &[KinEntry],
    drawn: Option<bool>,
    visits: &[EnteredVisit],
) -> Option<WhyDistrict> {
    if visits.iter().any(|visit| visit.level == VisitLevel::District) {
        return None;
    }
    match (kin.is_empty(), drawn) {
        (false, _) => Some(WhyDistrict::Kin),
        (true, Some(true)) => Some(WhyDistrict::Drawn),
        _ => None,
    }
}

/// What is said of that.
pub(super) fn why_district(why: WhyDistrict) -> &'static str {
    match why {
        WhyDistrict::Kin => {
            "家里有人是工作人员的近亲属，区里必须自己上门（《最低生活保障审核确认办法》第二十条）。"
        }
        WhyDistrict::Drawn => "这份申请被抽中，由区里上门看一次（《特困人员认定办法》第十六条）。",
    }
}

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn signature(who: &str, drawn: &Signature) -> impl IntoView + use<> {
    let (label, path) = (format!("{who}的签名"), drawn.path());
    let caption = who.to_owned();
    let field = format!("0 0 {SIGNATURE_WIDTH} {SIGNATURE_HEIGHT}");
    view! {
        <figure class="xw-signature">
            <svg class="xw-signature__drawn" viewBox=field role="img" aria-label=label><path d=path/></svg>
            <figcaption>{caption}</figcaption>
        </figure>
    }
}

/// The name of an account; of one that is gone, that it is.
fn name_of(staff: &[Colleague], id: &str) -> String {
    staff.iter().find(|one| one.id == id).map_or_else(|| "已经离岗的同事".to_owned(), |one| one.name.clone())
}

fn visit(entered: &EnteredVisit, staff: &[Colleague]) -> impl IntoView + use<> {
    let visit = &entered.visit;
    let (own, companion) = (name_of(staff, &entered.entered_by), name_of(staff, &visit.companion));
    let title = format!("{}：{}", visit_level(entered.level), date_text(visit.day));
    let mut rows = vec![
        row("去的人", format!("{own}、{companion}")),
        row("在场的家人", format!("{}（{}）", visit.family, visit.family_is)),
        row("看到的情况", visit.findings.clone()),
    ];
    if let (Some(level), Some(unmet)) = (visit.level(), &visit.unmet) {
        let unmet: Vec<_> = unmet.iter().map(|what| self_care_label(*what)).collect();
        let unmet = if unmet.is_empty() {
            "六项都能自己做".to_owned()
        } else {
            format!("不能自己做：{}", unmet.join("、"))
        };
        rows.push(row("自理能力", format!("{}；{unmet}", self_care_level(level))));
    }
    rows.push(row("登记", entered.entered_at.shanghai_full()));
    let signed = match &visit.signatures {
        Signatures::Paper => view! { <p>"三个人签在纸上，表在档案里。"</p> }.into_any(),
        Signatures::Screen([one, two, three]) => view! {
            <div class="xw-signatures">
                {signature(&own, one)}{signature(&companion, two)}{signature(&visit.family, three)}
            </div>
        }
        .into_any(),
    };
    view! { <Answers title rows/>{signed} }
}

fn kin_form(base: &str, inquiry: &Inquiry, typed: &TypedInquiry) -> AnyView {
    let error = |field: &str| typed.errors.of(field).map(sentence);
    let (staff_error, name_error, relation_error) =
        (error("kin-staff"), error("kin-name"), error("kin-relation"));
    let mut options: Vec<_> = inquiry.staff.iter().map(|one| (one.id.clone(), one.name.clone())).collect();
    options.push((NO_ACCOUNT.to_owned(), "不在名单里的人，如村（居）委会成员".to_owned()));
    let groups = vec![OptionGroup { label: String::new(), options }];
    let StaffKinForm { staff, name, relation } = typed.kin.clone();
    let relations = choices!(KinRelation::ALL, kin_relation, |_| None);
    let (action, key) = (format!("{base}/kin"), inquiry.key.clone());
    view! {
        <Card title="登记近亲属">
            <p>"申请人家里有人是经办救助的工作人员或者村（居）委会成员的近亲属，要单独登记。登记以后由区里上门，这位工作人员不再经办。"</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Select name="kin-staff" label="是哪一位工作人员" value=staff groups error=staff_error/>
                <Field name="kin-name" label="姓名" hint="不在名单里才填" value=name error=name_error optional=true/>
                <Radios
                    name="kin-relation"
                    legend="这位工作人员是申请人家里人的什么人"
                    value=relation
                    options=relations
                    error=relation_error
                />
                <Actions><Button kind="secondary">"单独登记"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// The page.
pub fn inquiry(me: &Me, inquiry: &Inquiry, typed: &TypedInquiry) -> impl IntoView + use<> {
    let base = format!("/staff/cases/{}", inquiry.head.number);
    let errors =
        typed.errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
    let must = district_must_visit(&inquiry.kin, inquiry.drawn, &inquiry.visits).map(|why| {
        view! { <Banner kind="warn" title="区里上门看过，才能决定"><p>{why_district(why)}</p></Banner> }
    });
    let visits = if inquiry.visits.is_empty() {
        view! { <Empty title="还没有上门看过" hint="入户要两个人去，在场的家人也要签名。"/> }.into_any()
    } else {
        inquiry.visits.iter().map(|one| visit(one, &inquiry.staff)).collect_view().into_any()
    };
    let kin = (!inquiry.kin.is_empty()).then(|| {
        let rows = inquiry
            .kin
            .iter()
            .map(|entry| {
                row(
                    &entry.kin.name,
                    format!(
                        "{}，{} 登记",
                        kin_relation(entry.kin.relation),
                        entry.entered_at.shanghai_text()
                    ),
                )
            })
            .collect();
        view! { <Answers title="工作人员中的近亲属" rows/> }
    });
    let (to_visit, handle, means) =
        (format!("{base}/visit"), format!("{base}/handle"), format!("{base}/means"));
    let enter = inquiry.may.then(|| view! { <ButtonLink href=to_visit>"登记一次入户"</ButtonLink> });
    let kin_form = inquiry.may.then(|| kin_form(&base, inquiry, typed));
    let (number, rows) = (text::case_number(&inquiry.head.number), head_rows(&inquiry.head));
    view! {
        <StaffLayout title="调查了解" back=handle name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {visit_script()}
            <Figure label="编号" value=number/>
            {must}
            <Answers title="这份申请" rows/>
            {visits}
            <Actions>{enter}<ButtonLink href=means kind="secondary">"经济状况核对"</ButtonLink></Actions>
            {kin}
            {kin_form}
            <Hint>"您看了这份申请的调查情况，已经记下来。"</Hint>
        </StaffLayout>
    }
}

/// One page of the register.
#[derive(Clone, Debug)]
pub struct KinRegister {
    /// The posts that have a register.
    pub posts: Vec<Post>,
    /// The position of the post whose register it is.
    pub at: usize,
    /// The case, and whether the district was there.
    pub lines: Vec<(CaseHead, bool)>,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
}

/// The register: no name of anybody stands in it.
pub fn register(me: &Me, register: &KinRegister) -> impl IntoView + use<> {
    let KinRegister { posts, at, lines, page, more } = register.clone();
    let others = other_posts("/staff/kin", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let items: Vec<_> = lines
        .iter()
        .map(|(head, visited)| LinkItem {
            href: format!("/staff/cases/{}/inquiry", head.number),
            title: text::case_number(&head.number),
            hint: format!(
                "{}，{}",
                place_name(&head.area),
                if *visited {
                    "区里已经上门"
                } else if head.state.is_open() {
                    "区里还没有上门，不能决定"
                } else {
                    "没有上门就办结了"
                }
            ),
            sign: String::new(),
        })
        .collect();
    let body = if items.is_empty() {
        view! { <Empty title="没有单独登记的申请" hint="工作人员近亲属家里的申请，登记以后会出现在这里。"/> }
            .into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let link = |page: u32| format!("/staff/kin?post={at}&page={page}");
    let before =
        (page > 1).then(|| view! { <ButtonLink href=link(page - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(page + 1) kind="secondary">"下一页"</ButtonLink> });
    view! {
        <StaffLayout title="近亲属单独登记" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{here}</p>
            {body}
            <Actions>{before}{after}</Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}
