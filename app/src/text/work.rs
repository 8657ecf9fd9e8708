//! Words of the offices' work list.

use crate::domain::aid::work::{CaseLabel, DueWithin, Pressure, Whose, WorkOrder};

/// How pressing a case is: the words, and the colour that repeats them.
pub fn pressure_words(pressure: Pressure) -> (String, &'static str) {
    match pressure {
        Pressure::Waits => ("等居民补充，时限停着".to_owned(), "plain"),
        Pressure::NoDay => ("没有时限日".to_owned(), "plain"),
        Pressure::Over(days) => (format!("超期 {days} 个工作日"), "bad"),
        Pressure::Today => ("今天到期".to_owned(), "bad"),
        Pressure::Soon(days) => (format!("还有 {days} 个工作日"), "warn"),
        Pressure::Later(days) => (format!("还有 {days} 个工作日"), "info"),
    }
}

/// What a case is marked with.
pub fn label_words(label: CaseLabel) -> &'static str {
    match label {
        CaseLabel::Visit => "要上门",
        CaseLabel::Ring => "要打电话",
        CaseLabel::Watch => "重点关注",
        CaseLabel::Interpreter => "要翻译或手语",
    }
}

/// What stands first.
pub fn order_words(order: WorkOrder) -> &'static str {
    match order {
        WorkOrder::Due => "快到期的在前",
        WorkOrder::Waited => "等得最久的在前",
    }
}

/// Whose cases.
pub fn whose_words(whose: Whose) -> &'static str {
    match whose {
        Whose::All => "所有人的",
        Whose::Mine => "我经办的",
        Whose::Nobodys => "还没有人经办的",
    }
}

/// How near the latest day is.
pub fn due_words(due: DueWithin) -> &'static str {
    match due {
        DueWithin::Over => "已经超期",
        DueWithin::Soon => "超期或 3 个工作日内到期",
    }
}
