//! The kinds of service, as they stand in `app/data/timebank/kinds.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// A kind of service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceKind {
    /// In tables and addresses.
    pub slug: String,
    /// As residents read it.
    pub name: String,
    /// The youngest who give it (志愿服务条例 15).
    pub least_age: i16,
    /// The youngest who give it without a guardian's agreement; of age where nothing else is said.
    #[serde(default = "of_age")]
    pub alone_from: i16,
    /// An adult comes along with whoever gives it under a guardian's agreement.
    #[serde(default)]
    pub accompanied: bool,
    /// What somebody must be able to do; empty for nothing special.
    #[serde(default)]
    pub skill: String,
    /// Whether an accident insurance comes first (志愿服务条例 17).
    #[serde(default)]
    pub insurance: bool,
    /// What a volunteer does not do.
    pub never: Vec<String>,
    /// The values are an example.
    pub sample: bool,
}

fn of_age() -> i16 {
    super::minor::OF_AGE
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<ServiceKind>,
}

static KINDS: LazyLock<Result<Vec<ServiceKind>, String>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../data/timebank/kinds.toml"))
        .map_err(|cause| cause.to_string())?;
    Ok(file.kind)
});

/// All kinds. Empty if the file can't be read, which a test excludes.
pub fn service_kinds() -> &'static [ServiceKind] {
    KINDS.as_deref().unwrap_or_default()
}

/// The kind of that name.
pub fn service_kind(slug: &str) -> Option<&'static ServiceKind> {
    service_kinds().iter().find(|kind| kind.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_what_is_never_done_and_marks_its_examples() {
        assert!(service_kinds().len() >= 5);
        for kind in service_kinds() {
            assert!(!kind.never.is_empty() && kind.least_age >= 14 && kind.sample, "{}", kind.slug);
        }
    }
}
