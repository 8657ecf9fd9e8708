//! Words for what comes after a step of a case: what residents think of it, what changed at home, a refusal looked at once more.

use crate::domain::aid::change::{ChangeKind, ChangeOutcome};
use crate::domain::aid::rating::{Grade, Rating, RatingNode};
use crate::domain::aid::recheck::RecheckOutcome;
use crate::domain::time::date_text;
use crate::ports::CaseDecision;
use crate::text::case::ground_label;
use crate::text::case_number;

/// What is rated.
pub fn node_label(node: RatingNode) -> &'static str {
    match node {
        RatingNode::Acceptance => "受理",
        RatingNode::Decision => "办理结果",
    }
}

/// One of the five grades.
pub fn grade_label(grade: Grade) -> &'static str {
    match grade {
        Grade::VeryGood => "非常满意",
        Grade::Good => "满意",
        Grade::Fair => "基本满意",
        Grade::Bad => "不满意",
        Grade::VeryBad => "非常不满意",
    }
}

/// What the complaint says that a bad rating opens.
pub fn rating_complaint(node: RatingNode, rating: &Rating) -> String {
    let head = format!("对「{}」的评价：{}。", node_label(node), grade_label(rating.grade));
    match &rating.words {
        Some(words) => format!("{head}\n{words}"),
        None => format!("{head}\n没有写原因，请打电话或者查看这份申请了解情况。"),
    }
}

/// What changed.
pub fn change_label(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Household => "家里的人多了或者少了",
        ChangeKind::Death => "有家人去世",
        ChangeKind::Income => "工作或者收入",
        ChangeKind::Property => "房子、车子或者存款",
        ChangeKind::Health => "生病或者残疾",
        ChangeKind::Address => "住址或者户口",
        ChangeKind::Contact => "电话或者银行账户",
        ChangeKind::Other => "其他",
    }
}

/// All that changed, in one line.
pub fn changes_line(kinds: &[ChangeKind]) -> String {
    kinds.iter().map(|kind| change_label(*kind)).collect::<Vec<_>>().join("、")
}

/// What the office made of a change.
pub fn change_outcome(outcome: ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::NoEffect => "不影响救助",
        ChangeOutcome::Recheck => "要再核对一次家庭情况",
        ChangeOutcome::Entered => "已经按您说的更新",
    }
}

/// What a recheck came to.
pub fn recheck_outcome(outcome: RecheckOutcome) -> &'static str {
    match outcome {
        RecheckOutcome::Upheld => "维持原来的决定",
        RecheckOutcome::Reopened => "重新办理",
    }
}

/// The most characters of the decision's reasons that the draft repeats: the rest of the page's room is the resident's.
const REASONS_IN_DRAFT: usize = 200;

/// A request for a recheck, begun from the refusal; the resident writes on behind the last line.
pub fn recheck_draft(number: &str, decision: &CaseDecision) -> String {
    let opinion = &decision.opinion;
    let ground = opinion.ground.map(|ground| format!("决定的依据是：{}。\n", ground_label(ground)));
    let mut reasons: String = opinion.reasons.chars().take(REASONS_IN_DRAFT).collect();
    if reasons.len() < opinion.reasons.len() {
        reasons.push_str("……");
    }
    format!(
        "{} 对编号 {} 的申请作出了决定，没有同意给予，我不服，申请复核。\n{}决定的理由是：{reasons}\n我认为：",
        date_text(decision.decided_at.shanghai_date()),
        case_number(number),
        ground.unwrap_or_default(),
    )
}
