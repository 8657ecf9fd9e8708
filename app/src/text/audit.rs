//! What a resident reads about who opened their file.

use crate::domain::audit::{AuditAct, Purpose};

/// What staff did and why, in one line.
pub fn opened_words(act: AuditAct, purpose: Purpose) -> String {
    let what = match act {
        AuditAct::DetailsRead => "看了您的材料",
        AuditAct::IdentityVerified => "核对了您的证件",
        AuditAct::PhoneChanged => "给您换了登录号码",
        AuditAct::CardIssued => "给您办了卡",
        AuditAct::CardEnded => "停用了您的卡",
        AuditAct::ProxyAgreed => "登记了代办",
        AuditAct::ProxyEnded => "结束了代办",
        AuditAct::RowsExported => "导出了材料",
        AuditAct::MessageDelivered => "给您送了信或打了电话",
        _ => "办理了您的事",
    };
    let why = match purpose {
        Purpose::Own => "本人办事",
        Purpose::Handling => "办理申请",
        Purpose::Counter => "窗口帮办",
        Purpose::Complaint => "处理投诉建议",
        Purpose::Audit => "检查工作",
        Purpose::Operation => "维护系统",
        Purpose::Delivery => "送达通知",
    };
    format!("{what}，为了{why}")
}
