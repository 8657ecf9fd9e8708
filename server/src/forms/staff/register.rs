//! `/staff/cases/register`: the received applications of one's area as a file, masked and for a reason.

use std::collections::BTreeMap;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::form::{FormErrors, Prompt};
use app::pages::Sent;
use app::pages::staff::cases::PURPOSES;
use app::pages::staff::register::{self as pages, REGISTRARS};
use app::text::aid::{kind_name, urgency_label};
use app::text::staff::place_name;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::own_post;
use super::table_file::{self, cell};
use crate::error::AppError;
use crate::forms::{Fields, sent_back};
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::AuditEntry;
use crate::store::staff_cases::{RegisterLine, Scope};

/// The longest file. A street has some hundred open applications.
const LONGEST: i64 = 5_000;

/// The question before it.
pub(crate) async fn form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let post =
        own_post(&staff, REGISTRARS, query.get("post").map(String::as_str).unwrap_or_default()).await?;
    let (me, sent) = (staff.me(), Sent::fresh(String::new()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::ask(&me, post, &sent)))
}

/// The file. That it was made stands in the trail before it is given.
pub(crate) async fn make(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = own_post(&staff, REGISTRARS, fields.get("post")).await?;
    let purpose = Purpose::parse(fields.get("purpose")).filter(|purpose| PURPOSES.contains(purpose));
    let Some(purpose) = purpose else {
        let mut errors = FormErrors::default();
        errors.add("purpose", Prompt::ReadingPurpose);
        let (me, sent) = (staff.me(), sent_back(String::new(), errors));
        return Ok(
            site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::ask(&me, post, &sent))
        );
    };
    let now = site.clock().now();
    let entry = AuditEntry {
        area: chain(post.place()),
        actor: &staff.actor(post),
        on_behalf_of: None,
        act: AuditAct::RowsExported,
        object_kind: "applications",
        object: post.place(),
        subject: None,
        purpose,
    };
    site.store().note_alone(&entry, now).await?;
    let mut lines = site.store().register(&Scope::of(post), LONGEST + 1).await?;
    let more = lines.len() > usize::try_from(LONGEST).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(LONGEST).unwrap_or(usize::MAX));
    let text = table(&lines, more).map_err(AppError::Internal)?;
    let name = format!("applications-{}", site.clock().today());
    Ok(table_file::as_file(&name, text))
}

/// The lines as CSV with the mark by which spreadsheets see that it is UTF-8.
fn table(lines: &[RegisterLine], more: bool) -> anyhow::Result<Vec<u8>> {
    let mut out = table_file::table();
    out.write_record(["编号", "地方", "困难种类", "有多急", "收到时间", "待补授权人数", "申请人"])?;
    for RegisterLine { head, applicant } in lines {
        out.write_record([
            cell(&head.number),
            cell(&place_name(head.community.as_deref().unwrap_or(&head.office))),
            cell(kind_name(head.kind)),
            cell(urgency_label(head.urgency)),
            cell(&head.received_at.shanghai_full()),
            head.consents_missing.to_string(),
            cell(applicant),
        ])?;
    }
    if more {
        out.write_record([format!("后面还有，这里只有最早收到的 {LONGEST} 份")])?;
    }
    Ok(out.into_inner()?)
}

#[cfg(test)]
mod tests {
    use app::domain::aid::case::CaseState;
    use app::domain::aid::{TemporaryAidKind, Urgency};
    use app::domain::time::Instant;
    use app::pages::staff::cases::CaseHead;

    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_quotes_and_commas_stay_inside_theirs() {
        let head = CaseHead {
            number: "LS261123000001".into(),
            area: "320214050".into(),
            office: "320214050".into(),
            community: None,
            item: "temporary-aid".into(),
            kind: TemporaryAidKind::Emergency,
            urgency: Urgency::Today,
            received_at: Instant(1_795_413_900_000),
            consents_missing: 2,
            state: CaseState::Received,
        };
        let lines = [
            RegisterLine { head: head.clone(), applicant: "=HYPERLINK(\"http://a\",\"b\")".into() },
            RegisterLine { head, applicant: "王＊＊".into() },
        ];
        let text = String::from_utf8(table(&lines, true).expect("written")).expect("UTF-8");
        assert!(text.starts_with("\u{feff}编号,"), "{text}");
        assert!(text.contains(",\"'=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\"\r\n"), "{text}");
        assert!(text.contains(",2,王＊＊\r\n后面还有"), "{text}");
    }
}
