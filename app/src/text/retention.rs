//! How long things are kept, in words for the resident (个人信息保护法 17, 19).

use crate::domain::retention::Retained;

/// One line of the list: what it is, and how long it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionLine {
    /// What.
    pub what: &'static str,
    /// How long, and from when.
    pub kept: String,
}

/// What is told about one of them, kept for `days`.
pub fn line(retained: Retained, days: u32) -> RetentionLine {
    let (what, from) = match retained {
        Retained::Applications => ("交上来的申请材料和凭证", "收到以后"),
        Retained::Complaints => ("投诉和建议", "答复、办结以后"),
        Retained::Proxies => ("亲友代办的约定", "代办结束以后"),
        Retained::Confirmations => ("卡和其他凭证的记录", "凭证到期以后"),
        Retained::FoundHouseholds => ("别人告诉我们的困难人家", "去看过以后"),
        Retained::MarriageBookings => ("婚姻登记的预约", "预约的那天以后"),
        Retained::TimeNeeds => ("请人帮忙的登记，姓名、电话和门牌", "服务确认、取消以后"),
        Retained::MealOrders => ("订餐和助餐对象的登记", "吃饭的那天以后"),
        Retained::Residents => ("删除账号后留下的编号", "删除账号以后"),
        Retained::Consents => ("您同意过什么的记录", "收回以后"),
        Retained::Notices => ("站内消息", "您看过以后"),
        Retained::Outbox => ("发出的短信、电话和信件的记录", "发出以后"),
        Retained::SignInCodes => ("登录验证码", "过期以后"),
        Retained::ResidentSessions => ("登录记录", "退出或过期以后"),
        Retained::AuditEntries => ("谁在什么时候看过、办过什么的记录", "记下以后"),
        Retained::IdempotencyKeys => ("防止重复提交的记号", "提交以后"),
        Retained::Tries => ("输错次数", "那一小时以后"),
        Retained::ConfirmationGrants => ("在别的手机上打开凭证的许可", "到期以后"),
    };
    let kept =
        if days == 0 { format!("{from}马上删除") } else { format!("{from}保存 {}", period(days)) };
    RetentionLine { what, kept }
}

/// Whole years as years.
fn period(days: u32) -> String {
    match (days / 365, days % 365) {
        (years, 0) if years > 0 => format!("{years} 年"),
        _ => format!("{days} 天"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_and_how_long() {
        assert_eq!(line(Retained::AuditEntries, 1095).kept, "记下以后保存 3 年");
        assert_eq!(line(Retained::Outbox, 30).kept, "发出以后保存 30 天");
        assert_eq!(line(Retained::SignInCodes, 0).kept, "过期以后马上删除");
    }
}
