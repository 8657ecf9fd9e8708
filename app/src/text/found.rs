//! Words for a household that somebody told of.

use crate::domain::aid::found::{FoundState, Teller, VisitOutcome};

/// Who tells.
pub fn teller_label(teller: Teller) -> &'static str {
    match teller {
        Teller::Neighbour => "邻居",
        Teller::Relative => "亲戚朋友",
        Teller::GridWorker => "网格员、社区工作者",
        Teller::Other => "其他人，比如店家、学校、医生",
    }
}

/// How far the visit has come, as whoever told reads it: nothing about the household.
pub fn found_state(state: FoundState) -> &'static str {
    match state {
        FoundState::Received => "收到了，正在安排人去看",
        FoundState::Taken => "已经有人接手，会去看",
        FoundState::Visited => "已经去看过了",
    }
}

/// What the visit came to, for staff.
pub fn visit_outcome(outcome: VisitOutcome) -> &'static str {
    match outcome {
        VisitOutcome::Helped => "帮他申请救助",
        VisitOutcome::NoNeed => "本人不需要或者不愿意",
        VisitOutcome::NotFound => "没有找到人",
        VisitOutcome::PassedOn => "转给别的部门了",
    }
}
