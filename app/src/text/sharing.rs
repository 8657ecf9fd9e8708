//! What is said of lists to other departments.

use crate::domain::aid::sharing::{Receiver, SharedNews};

/// The department, by what it helps with.
pub fn receiver_label(receiver: Receiver) -> &'static str {
    match receiver {
        Receiver::Medical => "医疗救助",
        Receiver::Education => "教育救助",
        Receiver::Housing => "住房救助",
        Receiver::Employment => "就业救助",
    }
}

/// What it is told.
pub fn news_label(news: SharedNews) -> &'static str {
    match news {
        SharedNews::Recognised => "已经认定",
        SharedNews::Ended => "已经终止",
    }
}
