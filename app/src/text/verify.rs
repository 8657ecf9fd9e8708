//! What the page says that checks with no network, beside the states of a check.

use super::check::Beep;
use crate::domain::form::FieldError;

/// The field for a short code is empty.
pub const NO_SHORT_CODE: &str = "请填写八位短码";
/// Its check sign doesn't fit.
pub const SHORT_CODE_MISTYPED: &str = "短码可能有一位填错，请对照回执再看一遍";

/// Beside the field for a short code. The page's module would carry the sentences of every form for these two.
pub fn short_code_error(error: &FieldError) -> &'static str {
    match error {
        FieldError::Missing(_) => NO_SHORT_CODE,
        _ => SHORT_CODE_MISTYPED,
    }
}

/// In place of 「有效」 where lists or clock can't be relied on.
pub const DOUBTFUL: &str = "有效，请留意";
/// And its sound: neither that of good news nor of bad.
pub const DOUBTFUL_SOUND: &[Beep] = &[(880, 110), (0, 80), (660, 250)];

/// The state list is a day old.
pub const LIST_OLD: &str = "名单超过 24 小时没有更新，最近取消的可能查不出来。请连上网络。";
/// It is a week old.
pub const LIST_TOO_OLD: &str = "名单超过 7 天没有更新，不能说明没有取消。请连上网络后再核对。";
/// There is none.
pub const LIST_MISSING: &str = "还没有取到名单，不能说明没有取消。请连上网络后再核对。";
/// Something was signed later than the device says it is now.
pub const CLOCK_BEHIND: &str = "这台设备的时间慢了，有没有过期说不准。请校准时间。";
/// The server's clock says something else.
pub const CLOCK_DIFFERS: &str = "这台设备的时间和服务器对不上，有没有过期说不准。请校准时间。";
/// The clock fits.
pub const CLOCK_FITS: &str = "时间正常";

/// A list that was handed out was not taken.
pub const LIST_REPLAYED: &str =
    "收到了一份旧名单，没有采用。可能有人在中间动了手脚，也可能是缓存，请告诉管理员。";
/// It was not genuine.
pub const LIST_NOT_GENUINE: &str = "收到了一份签章不对的名单，没有采用。请告诉管理员。";
/// It could not be read.
pub const LIST_UNREADABLE: &str = "没有取到名单，继续用原来的。";

/// A short code that no loaded list knows, with no network.
pub const NEEDS_NETWORK: &str = "需要联网";
/// And what to do.
pub const NEEDS_NETWORK_MORE: &str = "短码要联网才能核对。可以改为扫二维码，不联网也能核对。";
/// Nobody was given that short code.
pub const NO_SUCH_CODE: &str = "没有这个短码";
/// And what to do.
pub const NO_SUCH_CODE_MORE: &str = "请对照凭证再输一遍。还是没有，这张凭证可能不是我们出的，请打电话核实。";
/// Too many tries.
pub const TOO_MANY_TRIES: &str = "试得太多了";
/// And what to do.
pub const TOO_MANY_TRIES_MORE: &str = "请过一会儿再输短码，或者扫二维码。";

/// A photo without a code.
pub const NO_CODE_IN_PHOTO: &str = "照片里没有二维码";
/// And what to do.
pub const NO_CODE_IN_PHOTO_MORE: &str = "请靠近一点、拍清楚再试。";
/// The browser doesn't give us the camera.
pub const NO_CAMERA: &str = "打不开相机";
/// And what to do.
pub const NO_CAMERA_MORE: &str = "请在浏览器里允许使用相机，或者选一张照片。";
/// A module didn't come.
pub const NO_MODULE: &str = "程序没有下载完";
/// And what to do.
pub const NO_MODULE_MORE: &str = "请连上网络后刷新这一页。";
/// The browser's storage is full.
pub const NO_ROOM: &str = "这台设备存不下新的记录，刚才的使用没有登记。请连上网络上报，或者清理空间。";

/// There is no state list yet.
pub const NO_LIST: &str = "还没有名单";
/// The browser believes that it has a network.
pub const ONLINE: &str = "已联网";
/// It has none.
pub const OFFLINE: &str = "没有网络，照样能核对";
/// The day's short codes are not here.
pub const NO_DAY_LIST: &str = "没有今天的短码名单，短码要联网核对";

/// 名单：3 小时前更新
pub fn list_age(ago: &str) -> String {
    format!("名单：{ago}更新")
}

/// The day's short codes are here.
pub fn day_list(office: &str, codes: usize) -> String {
    format!("{office}今天的短码名单，{codes} 个")
}

/// Scans that the server has not heard of.
pub fn scans_waiting(count: usize) -> String {
    format!("有 {count} 次使用还没有上报，联网后自动上报。")
}

/// A scan that the server has not heard of.
pub const NOT_SENT: &str = "还没有上报，联网后自动上报";
/// A scan that is the use that counts.
pub const RECORDED: &str = "已登记使用";
/// A scan that the server did not take.
pub const NOT_TAKEN: &str = "没有登记成功，请联系管理员";
/// Where this counter is.
pub const THIS_OFFICE: &str = "本单位";
/// Nobody is signed in to send scans.
pub const SIGN_IN_TO_SEND: &str = "登录后才能上报，记录都留着。";

/// 11:02 已在新安街道用过一次
pub fn used_before(time: &str, place: &str) -> String {
    format!("{time} 已在{place}用过一次")
}

/// 11:40 又在梅村街道用了一次
pub fn used_again(time: &str, place: &str) -> String {
    format!("{time} 又在{place}用了一次")
}
