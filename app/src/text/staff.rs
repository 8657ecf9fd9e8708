//! Words of the staff pages.

use crate::domain::area::{self, Community};
use crate::domain::audit::Purpose;
use crate::domain::complaint::{ComplaintKind, ComplaintState};
use crate::domain::staff::{DeviceKind, Post, Role};

/// A role's name.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::CommunityWorker => "社区工作者",
        Role::StreetOfficer => "街道经办",
        Role::DistrictOfficer => "区级经办",
        Role::MarriageClerk => "婚姻登记员",
        Role::MealPointOperator => "助餐点人员",
        Role::TimeBankCoordinator => "时间银行协调员",
        Role::Auditor => "审计",
        Role::Administrator => "系统管理员",
    }
}

/// An area's name by its code: 旺庄街道新光社区, 旺庄街道, 全区; an office's code as it is.
pub fn place_name(code: &str) -> String {
    if let Some(community) = area::community(code) {
        let street = area::street(community.street_code).map(|street| street.name).unwrap_or_default();
        return format!("{street}{}", Community::short_name(community));
    }
    match area::street(code) {
        Some(street) => street.name.to_owned(),
        None if code == area::district() => "全区".to_owned(),
        None => code.to_owned(),
    }
}

/// A post's name: 街道经办（旺庄街道）.
pub fn post_name(post: &Post) -> String {
    format!("{}（{}）", role_name(post.role()), place_name(post.place()))
}

/// How far a complaint has come, in a resident's words too.
pub fn complaint_state(state: ComplaintState) -> &'static str {
    match state {
        ComplaintState::Received => "已收到，还没有人接手",
        ComplaintState::Handling => "正在处理",
        ComplaintState::Answered => "已经答复",
        ComplaintState::Closed => "已经答复并办结",
    }
}

/// Complaint or suggestion.
pub fn complaint_kind(kind: ComplaintKind) -> &'static str {
    match kind {
        ComplaintKind::Complaint => "投诉",
        ComplaintKind::Suggestion => "建议",
    }
}

/// Why something was read or done.
pub fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Own => "办自己的事",
        Purpose::Handling => "办理这件事",
        Purpose::Counter => "居民在窗口问",
        Purpose::Complaint => "处理投诉",
        Purpose::Audit => "审计",
        Purpose::Operation => "维护系统",
        Purpose::Delivery => "打电话或寄信告知",
    }
}

/// What each reason means, where one is chosen.
pub fn purpose_hint(purpose: Purpose) -> Option<String> {
    match purpose {
        Purpose::Handling => Some("这份申请归您受理、调查或审核".into()),
        Purpose::Counter => Some("本人或代办人就在您面前".into()),
        Purpose::Complaint => Some("有人投诉或建议，要查这份申请".into()),
        _ => None,
    }
}

/// A kind of device.
pub fn device_name(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Windows => "Windows 电脑",
        DeviceKind::Mac => "苹果电脑",
        DeviceKind::Linux => "Linux 电脑",
        DeviceKind::Android => "安卓手机或平板",
        DeviceKind::Apple => "苹果手机或平板",
        DeviceKind::Harmony => "鸿蒙手机或平板",
        DeviceKind::Other => "其他设备",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_people_say_them() {
        assert_eq!(place_name("320214050001"), "旺庄街道新光社区");
        assert_eq!(place_name("320214050"), "旺庄街道");
        assert_eq!(place_name("320214"), "全区");
        assert_eq!(place_name("mp-01"), "mp-01");
    }
}
