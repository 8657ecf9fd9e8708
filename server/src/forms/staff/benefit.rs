//! `/staff/cases/{number}/benefit`, `/staff/reviews` and `/staff/payments`: aid that was given, month by month.

use std::collections::BTreeMap;

use app::domain::aid::benefit::{Heard, HeardForm, StepForm, StepProposal, month_of, payment};
use app::domain::aid::catalogue::{AidItem, StartMonth};
use app::domain::audit::{AuditAct, Purpose};
use app::domain::form::{FieldError, FormErrors, Prompt};
use app::domain::staff::Post;
use app::domain::time::{Instant, parse_month};
use app::pages::Sent;
use app::pages::staff::benefit::{
    self as pages, BenefitCase, BenefitTyped, KEEPERS, PAYERS, ReviewLine, ReviewPage,
};
use app::ports::CaseBenefit;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::cases::{case_of, note_reading};
use super::handling::{deciders, doing};
use super::table_file::{self, cell};
use super::{number_in, own_post};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::AuditEntry;
use crate::store::benefits::{GrantedCase, is_payable_month};
use crate::store::staff_cases::{FoundCase, Scope};

/// The most grants that a list goes through. A district has some thousand.
const MOST: i64 = 20_000;

/// How many reviews a page shows.
const ON_A_PAGE: usize = 50;

fn item_of<'a>(site: &'a Site, case: &FoundCase) -> Option<&'a AidItem> {
    site.catalogue().item(&case.head.item)
}

/// The item's rule for the first month; none for aid that is given once.
fn starts(item: Option<&AidItem>) -> Option<StartMonth> {
    item.and_then(|item| item.starts.as_ref()).map(|starts| starts.month)
}

/// Months between reviews, with the reason for each. An item that is paid monthly and names none is looked at once a year.
pub(crate) fn review_months(item: Option<&AidItem>) -> Vec<(u16, String)> {
    let Some(item) = item.filter(|item| item.starts.is_some()) else { return Vec::new() };
    let named: Vec<_> = item.reviews.iter().map(|review| (review.months, review.when.clone())).collect();
    if named.is_empty() {
        vec![(12, "没有公布多久看一次，一年看一次".to_owned())]
    } else {
        named
    }
}

/// The case, and the post that allows the act; without one the refusal is noted.
async fn case_for<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
) -> Result<(FoundCase, &'a Post, CaseBenefit), AppError> {
    let (case, _) = case_of(site, staff, number).await?;
    let Some(post) = staff.post_for(KEEPERS, case.place()) else {
        return Err(staff.refused("applications", &case.id, &case.head.area).await?);
    };
    let benefit = site.store().benefit_of(&case.head.area, &case.id).await?.ok_or(AppError::NotFound)?;
    Ok((case, post, benefit))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, post, benefit): (&FoundCase, &Post, CaseBenefit),
    typed: &BenefitTyped,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, post)).await?;
    let item = item_of(site, case);
    let shown = BenefitCase {
        head: case.head.clone(),
        item: item.map(|item| item.name.clone()).unwrap_or_default(),
        review_months: review_months(item),
        own_proposal: benefit.open_step().is_some_and(|line| line.proposed_by == staff.staff_id()),
        deliverable: site.settings().reconsideration_url.is_some(),
        benefit,
        key: new_key()?,
    };
    let me = staff.me();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::case(&me, &shown, typed)))
}

/// One case.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, post, benefit) = case_for(&site, &staff, &number).await?;
    page(&site, &staff, (&case, post, benefit), &BenefitTyped::default()).await
}

fn back_to(case: &FoundCase) -> Response {
    see_other(&format!("/staff/cases/{}/benefit", case.head.number), None)
}

/// Proposes to reduce or end.
pub(crate) async fn propose(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post, benefit) = case_for(&site, &staff, &number).await?;
    let form = StepForm {
        step: fields.get("step").to_owned(),
        amount: fields.get("amount").to_owned(),
        reasons: fields.get("reasons").to_owned(),
    };
    // What is given once or has ended is neither reduced nor ended.
    let monthly = benefit.recognition || starts(item_of(&site, &case)).is_some();
    let proposal = match StepProposal::parse(&form, (!benefit.recognition).then(|| benefit.paid())) {
        Ok(proposal) if monthly && benefit.goes_on() => proposal,
        Ok(_) => return Err(AppError::Conflict),
        Err(errors) => {
            let typed = BenefitTyped { step: form, errors, ..BenefitTyped::default() };
            return page(&site, &staff, (&case, post, benefit), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().propose_step(&case.to_act_on(), &proposal, &doing).await?;
    Ok(back_to(&case))
}

/// Writes down what the person said.
pub(crate) async fn heard(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post, benefit) = case_for(&site, &staff, &number).await?;
    let form = HeardForm {
        how: fields.get("how").to_owned(),
        on: fields.get("on").to_owned(),
        words: fields.get("words").to_owned(),
    };
    let heard = match Heard::parse(&form, site.clock().today()) {
        Ok(heard) => heard,
        Err(errors) => {
            let typed = BenefitTyped { heard: form, errors, ..BenefitTyped::default() };
            return page(&site, &staff, (&case, post, benefit), &typed).await;
        }
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().hear(&case.to_act_on(), &heard, &doing).await?;
    Ok(back_to(&case))
}

/// Lets the proposal go.
pub(crate) async fn drop_step(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post, _) = case_for(&site, &staff, &number).await?;
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().drop_step(&case.to_act_on(), &doing).await?;
    Ok(back_to(&case))
}

/// Decides it. Nothing is delivered online without the online way against it (行政复议法 22).
pub(crate) async fn decide(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, _, _) = case_for(&site, &staff, &number).await?;
    // As with the grant: whoever decides that decides this.
    let Some(post) = staff.post_for(deciders(&site, &case), case.place()) else {
        return Err(staff.refused("applications", &case.id, &case.head.area).await?);
    };
    if site.settings().reconsideration_url.is_none() {
        return Err(AppError::Conflict);
    }
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().decide_step(&case.to_act_on(), &doing).await?;
    Ok(back_to(&case))
}

/// Writes down that the benefit was reviewed.
pub(crate) async fn reviewed(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post, benefit) = case_for(&site, &staff, &number).await?;
    let offered = review_months(item_of(&site, &case));
    let next = match fields.get("next") {
        "" => Err(FieldError::Missing(Prompt::NextReview)),
        typed => offered
            .iter()
            .map(|(months, _)| *months)
            .find(|months| months.to_string() == typed)
            .ok_or(FieldError::NotOffered),
    };
    let mut errors = FormErrors::default();
    let Some(next) = errors.keep("next", next) else {
        let typed = BenefitTyped { errors, ..BenefitTyped::default() };
        return page(&site, &staff, (&case, post, benefit), &typed).await;
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().review_done(&case.to_act_on(), next, &doing).await?;
    Ok(back_to(&case))
}

/// Running aid of one post's area, what is to be reviewed first on top.
pub(crate) async fn reviews(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(KEEPERS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let now = site.clock().now();
    // Decided up to this moment, which counts.
    let until = Instant(now.0 + 1);
    let granted = site.store().granted_cases(&Scope::of(post), until, MOST).await?;
    let mut lines: Vec<_> = granted
        .iter()
        .filter_map(|granted| {
            let item = item_of(&site, &granted.case);
            let (months, _) = review_months(item).into_iter().next()?;
            Some(ReviewLine {
                number: granted.case.head.number.clone(),
                area: granted.case.head.area.clone(),
                item: item.map(|item| item.name.clone()).unwrap_or_default(),
                due: granted.benefit.review_due(months)?,
                unchanged_at: granted.benefit.unchanged_at(),
                step_open: granted.benefit.open_step().is_some(),
            })
        })
        .collect();
    lines.sort_by(|one, other| one.due.cmp(&other.due).then_with(|| one.number.cmp(&other.number)));
    let more = lines.len().saturating_sub(ON_A_PAGE);
    lines.truncate(ON_A_PAGE);
    let (me, today) = (staff.me(), now.shanghai_date());
    let shown = ReviewPage { posts, at, lines, more, today };
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::reviews(&me, &shown)))
}

/// The question before the payment list.
pub(crate) async fn payments_form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let post = own_post(&staff, PAYERS, query.get("post").map(String::as_str).unwrap_or_default()).await?;
    let (me, month) = (staff.me(), month_of(site.clock().today()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || {
        pages::payments(&me, post, &Sent::fresh(String::new()), month)
    }))
}

fn month_in(text: &str, today: Date) -> Result<Date, FieldError> {
    parse_month(text)
        .filter(|month| is_payable_month(*month, today))
        .ok_or(FieldError::Missing(Prompt::PaymentMonth))
}

/// The payment list as a file. That it was made stands in the trail before it is given: it holds whole account numbers.
pub(crate) async fn payments(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = own_post(&staff, PAYERS, fields.get("post")).await?;
    let (now, me) = (site.clock().now(), staff.me());
    let month = match month_in(fields.get("month"), now.shanghai_date()) {
        Ok(month) => month,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("month", error);
            let sent = sent_back(fields.get("month").to_owned(), errors);
            let month = month_of(now.shanghai_date());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(site.page(&staff.visitor, status, || pages::payments(&me, post, &sent, month)));
        }
    };
    let entry = AuditEntry {
        area: chain(post.place()),
        actor: &staff.actor(post),
        on_behalf_of: None,
        act: AuditAct::RowsExported,
        object_kind: "applications",
        object: post.place(),
        subject: None,
        purpose: Purpose::Handling,
    };
    site.store().note_alone(&entry, now).await?;
    // Saturating: the calendar of the type ends with the year 9999.
    let next = month.saturating_add(jiff::Span::new().months(1));
    let until = Instant::shanghai_midnight(next).min(Instant(now.0 + 1));
    let granted = site.store().granted_cases(&Scope::of(post), until, MOST + 1).await?;
    let text = table(&site, &granted, month).map_err(AppError::Internal)?;
    let name = format!("payments-{:04}-{:02}", month.year(), month.month());
    Ok(table_file::as_file(&name, text))
}

fn table(site: &Site, granted: &[GrantedCase], month: Date) -> anyhow::Result<Vec<u8>> {
    let mut out = table_file::table();
    out.write_record(["编号", "事项", "街道", "申请人", "几个月", "金额（元）", "户名", "银行", "账号"])?;
    let (mut count, mut sum) = (0_u32, 0_i64);
    for line in granted {
        let item = item_of(site, &line.case);
        let benefit = &line.benefit;
        let days = (benefit.submitted, benefit.decided, benefit.named);
        let steps = benefit.decided_steps();
        let Some(paid) = payment(starts(item), days, benefit.amount, &steps, month) else { continue };
        let (holder, bank, number) = line.account.clone().unwrap_or_default();
        count += 1;
        sum += paid.amount.0;
        out.write_record([
            cell(&line.case.head.number),
            cell(item.map(|item| item.name.as_str()).unwrap_or_default()),
            cell(&app::text::staff::place_name(&line.case.head.office)),
            cell(&line.name),
            paid.months.to_string(),
            paid.amount.yuan().to_string(),
            cell(&holder),
            cell(&bank),
            // A tab keeps spreadsheets from rounding it.
            if number.is_empty() { "没有填".to_owned() } else { format!("\t{number}") },
        ])?;
    }
    out.write_record([
        format!("一共 {count} 笔"),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        app::domain::money::Fen(sum).yuan().to_string(),
    ])?;
    if granted.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
        out.write_record([format!("太多了：只有最早决定的 {MOST} 份，请按街道导出")])?;
    }
    Ok(out.into_inner()?)
}
