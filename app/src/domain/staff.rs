//! Staff: what somebody is posted to do, and for which place. A role alone allows nothing; a post is a role in a place.

use serde::{Deserialize, Serialize};

use super::area;
use super::form::{FieldError, FormErrors, Prompt, Rule};
use super::name::PersonName;
use super::normalise;

/// The fewest characters of a password. Length does more than mixed signs (NIST SP 800-63B).
pub const PASSWORD_MIN: usize = 10;

/// The most characters of a password, so that hashing one stays short.
pub const PASSWORD_MAX: usize = 128;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 社区工作者
    CommunityWorker,
    /// 街道经办
    StreetOfficer,
    /// 区级经办
    DistrictOfficer,
    /// 婚姻登记员
    MarriageClerk,
    /// 助餐点人员
    MealPointOperator,
    /// 时间银行协调员
    TimeBankCoordinator,
    /// 审计
    Auditor,
    /// 系统管理员
    Administrator,
}

crate::slugs!(Role {
    CommunityWorker = "community_worker",
    StreetOfficer = "street_officer",
    DistrictOfficer = "district_officer",
    MarriageClerk = "marriage_clerk",
    MealPointOperator = "meal_point_operator",
    TimeBankCoordinator = "time_bank_coordinator",
    Auditor = "auditor",
    Administrator = "administrator",
});

impl Role {
    /// Whether the place of this role is an office or a meal point instead of an area.
    pub fn is_at_an_office(self) -> bool {
        matches!(self, Self::MarriageClerk | Self::MealPointOperator)
    }

    /// Whether somebody with this role may be posted there.
    fn may_be_at(self, place: &str) -> bool {
        let in_district = place == area::district();
        let is_street = area::street(place).is_some();
        match self {
            Self::CommunityWorker => area::community(place).is_some(),
            Self::StreetOfficer => is_street,
            Self::DistrictOfficer | Self::Auditor | Self::Administrator => in_district,
            Self::TimeBankCoordinator => in_district || is_street,
            Self::MarriageClerk | Self::MealPointOperator => {
                (1..=20).contains(&place.len())
                    && place.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            }
        }
    }
}

/// Why a post was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It is not written as ROLE@PLACE.
    #[error("write a post as ROLE@PLACE, such as street_officer@320214050")]
    Form,
    /// There is no such role.
    #[error("there is no such role")]
    Role,
    /// The role can't be held there.
    #[error("this role cannot be held in that place")]
    Place,
}

/// A role in a place: what a staff member may do, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Post {
    role: Role,
    place: String,
}

impl Post {
    /// A post of this role in this place: an area's code (6, 9 or 12 digits), or the code of an office.
    ///
    /// # Errors
    /// [`PostError::Place`] where the role is not held in such a place.
    pub fn new(role: Role, place: &str) -> Result<Self, PostError> {
        if role.may_be_at(place) { Ok(Self { role, place: place.to_owned() }) } else { Err(PostError::Place) }
    }

    /// Reads `street_officer@320214050`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, PostError> {
        let (role, place) = text.trim().split_once('@').ok_or(PostError::Form)?;
        Self::new(Role::parse(role).ok_or(PostError::Role)?, place)
    }

    /// What its holder does.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where: an area's code, or an office's.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// As [`Self::parse`] reads it.
    pub fn text(&self) -> String {
        format!("{}@{}", self.role.as_str(), self.place)
    }

    /// Whether what belongs to this area is the post's affair. A district covers its streets, a street its
    /// communities; their codes begin with the code of what they lie in. An office covers itself alone.
    pub fn covers(&self, area: &str) -> bool {
        if self.role.is_at_an_office() {
            return area == self.place;
        }
        matches!(self.place.len(), 6 | 9 | 12) && area.starts_with(&self.place)
    }
}

/// The name somebody signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Reads a name of 3 to 32 letters, digits, dots and hyphens; capitals count as small letters.
    ///
    /// # Errors
    /// Missing, or of another form.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let login = normalise::single_line(text).to_ascii_lowercase();
        if login.is_empty() {
            return Err(Prompt::Login.into());
        }
        let fits = (3..=32).contains(&login.len())
            && login
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
        if fits { Ok(Self(login)) } else { Err(Rule::LoginForm.into()) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The sign-in page as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    /// The login.
    pub login: String,
    /// The password; it is never shown again.
    pub password: String,
}

/// A code of six digits from an app on the phone, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TotpForm {
    /// Six digits.
    pub code: String,
}

/// The change of one's own password, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    /// The one that holds now.
    pub current: String,
    /// The new one.
    pub password: String,
    /// The new one once more.
    pub again: String,
}

/// A new account, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewStaffForm {
    /// The login.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Slug of a [`Role`].
    pub role: String,
    /// The area where the role is held.
    pub place: String,
    /// The office or meal point where it is held, for roles that are held at one.
    pub office: String,
}

/// One more post for an account, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostForm {
    /// Slug of a [`Role`].
    pub role: String,
    /// The area where it is held.
    pub place: String,
    /// The office or meal point where it is held, for roles that are held at one.
    pub office: String,
}

crate::masked_debug!(SignInForm, TotpForm, PasswordForm, NewStaffForm, PostForm);

impl SignInForm {
    /// Checks that both were given; whether they are right is another question.
    ///
    /// # Errors
    /// What is missing, in page order.
    pub fn parse(&self) -> Result<(String, &str), FormErrors> {
        let mut errors = FormErrors::default();
        let login = normalise::single_line(&self.login).to_ascii_lowercase();
        if login.is_empty() {
            errors.add("login", Prompt::Login);
        }
        if self.password.is_empty() {
            errors.add("password", Prompt::Password);
        }
        if errors.is_empty() { Ok((login, &self.password)) } else { Err(errors) }
    }
}

impl TotpForm {
    /// Checks that it is a code of six digits.
    ///
    /// # Errors
    /// Missing, or not six digits.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::default();
        let code = normalise::digits(&self.code);
        match code.len() {
            0 => errors.add("code", Prompt::TotpCode),
            6 if code.bytes().all(|b| b.is_ascii_digit()) => return Ok(code),
            _ => errors.add("code", Rule::NotSixDigits),
        }
        Err(errors)
    }
}

/// Checks a new password: long enough, known from no breach, not the login.
///
/// # Errors
/// The rule that it breaks.
pub fn new_password(text: &str, login: &str, is_breached: impl Fn(&str) -> bool) -> Result<(), FieldError> {
    let length = text.chars().count();
    if text.is_empty() {
        return Err(Prompt::NewPassword.into());
    }
    if length < PASSWORD_MIN {
        return Err(Rule::PasswordTooShort.into());
    }
    if length > PASSWORD_MAX {
        return Err(FieldError::TooLong { max: PASSWORD_MAX });
    }
    let lower = text.to_lowercase();
    if !login.is_empty() && lower.contains(login) {
        return Err(Rule::PasswordHasLogin.into());
    }
    if is_breached(&lower) || is_breached(text) {
        return Err(Rule::PasswordBreached.into());
    }
    Ok(())
}

impl PasswordForm {
    /// Checks the change; whether the current password is right is another question.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, login: &str, is_breached: impl Fn(&str) -> bool) -> Result<(), FormErrors> {
        let mut errors = FormErrors::default();
        if self.current.is_empty() {
            errors.add("current", Prompt::Password);
        }
        let good = errors.keep("password", new_password(&self.password, login, is_breached)).is_some();
        if good && self.password == self.current {
            errors.add("password", Rule::PasswordIsTheOldOne);
        }
        if good && self.again != self.password {
            errors.add("again", Rule::PasswordsDiffer);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl PostForm {
    /// Checks role and place.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<Post, FormErrors> {
        let mut errors = FormErrors::default();
        let role = match self.role.as_str() {
            "" => Err(FieldError::from(Prompt::Role)),
            slug => Role::parse(slug).ok_or(FieldError::NotOffered),
        };
        let Some(role) = errors.keep("role", role) else { return Err(errors) };
        let (field, place) =
            if role.is_at_an_office() { ("office", &self.office) } else { ("place", &self.place) };
        let place = normalise::single_line(place).to_ascii_lowercase();
        if place.is_empty() {
            errors.add(field, Prompt::PostPlace);
        } else if let Ok(post) = Post::new(role, &place) {
            return Ok(post);
        } else {
            errors.add(field, Rule::PlaceDoesNotFit);
        }
        Err(errors)
    }
}

/// A new account, checked.
#[derive(Clone)]
pub struct NewStaff {
    /// The login.
    pub login: Login,
    /// The person's name.
    pub name: PersonName,
    /// The first post.
    pub post: Post,
}

crate::masked_debug!(NewStaff);

impl NewStaffForm {
    /// Checks the page.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<NewStaff, FormErrors> {
        let mut errors = FormErrors::default();
        let login = errors.keep("login", Login::parse(&self.login));
        let name = errors.keep("name", PersonName::parse(&self.name));
        let post =
            PostForm { role: self.role.clone(), place: self.place.clone(), office: self.office.clone() };
        let post = match post.parse() {
            Ok(post) => Some(post),
            Err(more) => {
                for error in more.iter() {
                    errors.add(error.field.clone(), error.error.clone());
                }
                None
            }
        };
        match (login, name, post) {
            (Some(login), Some(name), Some(post)) => Ok(NewStaff { login, name, post }),
            _ => Err(errors),
        }
    }
}

/// A kind of device, from a fixed list: what a browser says of itself is never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// A computer with Windows.
    Windows,
    /// A computer of Apple's.
    Mac,
    /// A computer with Linux or a Chinese desktop built on it.
    Linux,
    /// A telephone or tablet with Android.
    Android,
    /// A telephone or tablet of Apple's.
    Apple,
    /// A telephone or tablet with HarmonyOS.
    Harmony,
    /// Anything else.
    Other,
}

crate::slugs!(DeviceKind {
    Windows = "windows",
    Mac = "mac",
    Linux = "linux",
    Android = "android",
    Apple = "apple",
    Harmony = "harmony",
    Other = "other",
});

impl DeviceKind {
    /// The kind, from the text by which a browser introduces itself.
    pub fn of(user_agent: &str) -> Self {
        let has = |word| user_agent.contains(word);
        if has("OpenHarmony") || has("HarmonyOS") {
            Self::Harmony
        } else if has("Android") {
            Self::Android
        } else if has("iPhone") || has("iPad") {
            Self::Apple
        } else if has("Windows") {
            Self::Windows
        } else if has("Mac OS") {
            Self::Mac
        } else if has("Linux") {
            Self::Linux
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_a_role_in_a_fitting_place() {
        for good in [
            "community_worker@320214050001",
            "street_officer@320214050",
            "district_officer@320214",
            "time_bank_coordinator@320214",
            "time_bank_coordinator@320214051",
            "auditor@320214",
            "administrator@320214",
            "marriage_clerk@xw-marriage",
            "meal_point_operator@mp-01",
        ] {
            assert_eq!(Post::parse(good).map(|post| post.text()), Ok(good.to_owned()));
        }
        for (bad, why) in [
            ("street_officer", PostError::Form),
            ("mayor@320214", PostError::Role),
            ("community_worker@320214050", PostError::Place),
            ("community_worker@320214999001", PostError::Place),
            ("street_officer@320214", PostError::Place),
            ("street_officer@320214050001", PostError::Place),
            ("street_officer@", PostError::Place),
            ("administrator@320214050", PostError::Place),
            ("auditor@320205", PostError::Place),
            ("marriage_clerk@", PostError::Place),
            ("marriage_clerk@A b", PostError::Place),
        ] {
            assert_eq!(Post::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_post_covers_what_lies_in_its_place_and_nothing_else() {
        let covers = |post: &str, area: &str| Post::parse(post).is_ok_and(|post| post.covers(area));
        assert!(covers("district_officer@320214", "320214050"));
        assert!(covers("district_officer@320214", "320214050001"));
        assert!(covers("district_officer@320214", "320214"));
        assert!(covers("street_officer@320214050", "320214050001"));
        assert!(!covers("street_officer@320214050", "320214051"));
        assert!(!covers("street_officer@320214050", "320214"));
        assert!(!covers("street_officer@320214050", ""));
        assert!(!covers("community_worker@320214050001", "320214050"));
        assert!(!covers("community_worker@320214050001", "320214050002"));
        assert!(covers("marriage_clerk@320214", "320214") && !covers("marriage_clerk@320214", "320214050"));
    }

    #[test]
    fn a_password_is_long_and_neither_known_nor_the_login() {
        let breached = |word: &str| word == "basketball";
        let check = |text: &str| new_password(text, "li.ming", breached);
        assert_eq!(check(""), Err(Prompt::NewPassword.into()));
        assert_eq!(check("短口令"), Err(Rule::PasswordTooShort.into()));
        assert_eq!(check("Basketball"), Err(Rule::PasswordBreached.into()));
        assert_eq!(check("my-LI.ming-2026"), Err(Rule::PasswordHasLogin.into()));
        assert_eq!(check(&"长".repeat(129)), Err(FieldError::TooLong { max: 128 }));
        assert_eq!(check("清晨太湖边的三只白鹭"), Ok(()));
    }

    #[test]
    fn a_changed_password_is_new_and_typed_twice_alike() {
        let form = |current: &str, password: &str, again: &str| PasswordForm {
            current: current.into(),
            password: password.into(),
            again: again.into(),
        };
        let of = |form: PasswordForm, field: &str| {
            form.parse("x", |_| false).err().and_then(|e| e.of(field).cloned())
        };
        assert_eq!(of(form("", "long-enough-1", "long-enough-1"), "current"), Some(Prompt::Password.into()));
        assert_eq!(
            of(form("a", "long-enough-1", "long-enough-2"), "again"),
            Some(Rule::PasswordsDiffer.into())
        );
        let same = form("long-enough-1", "long-enough-1", "long-enough-1");
        assert_eq!(of(same, "password"), Some(Rule::PasswordIsTheOldOne.into()));
        assert!(form("a", "long-enough-1", "long-enough-1").parse("z", |_| false).is_ok());
    }

    #[test]
    fn a_login_is_plain() {
        assert_eq!(Login::parse(" Li.Ming ").map(|l| l.as_str().to_owned()), Ok("li.ming".into()));
        for bad in ["ab", "李明", "a b c", "a@b.c"] {
            assert_eq!(Login::parse(bad), Err(Rule::LoginForm.into()), "{bad}");
        }
    }

    #[test]
    fn devices_are_told_apart_by_a_fixed_list() {
        for (agent, kind) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", DeviceKind::Windows),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8)", DeviceKind::Android),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", DeviceKind::Apple),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", DeviceKind::Mac),
            ("Mozilla/5.0 (Phone; OpenHarmony 5.0)", DeviceKind::Harmony),
            ("Mozilla/5.0 (X11; Linux x86_64)", DeviceKind::Linux),
            ("curl", DeviceKind::Other),
        ] {
            assert_eq!(DeviceKind::of(agent), kind, "{agent}");
        }
    }
}
