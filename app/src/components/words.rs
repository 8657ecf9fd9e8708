//! Text that may be missing.

/// Text that may be missing: takes `"…"`, a `String` and an `Option` of either, so that a caller passes on what it
/// has. Empty text counts as missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Option<String>);

impl Words {
    /// The text, unless there is none.
    pub fn get(self) -> Option<String> {
        self.0
    }

    /// Whether there is something to say.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(Some(text).filter(|text| !text.is_empty()))
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Words {
    fn from(text: &String) -> Self {
        text.to_owned().into()
    }
}

impl<T: Into<Words>> From<Option<T>> for Words {
    fn from(text: Option<T>) -> Self {
        text.map(Into::into).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn empty_text_counts_as_missing() {
        assert_eq!(Words::from("").get(), None);
        assert_eq!(Words::from(Some(String::new())).get(), None);
        assert_eq!(Words::from(Some("姓名")).get().as_deref(), Some("姓名"));
    }
}
