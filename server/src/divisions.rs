//! The area tree of another district, from the folder that the setting names.

use anyhow::Context as _;
use app::domain::divisions::Divisions;

use crate::settings::Settings;

/// Reads the folder, where one is named, before anything asks for a street.
///
/// # Errors
/// A file is missing, or a line of it is wrong; the message names both.
pub(crate) fn load(settings: &Settings) -> anyhow::Result<()> {
    let Some(folder) = &settings.divisions_dir else { return Ok(()) };
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path)
            .with_context(|| format!("reading {} (setting divisions_dir)", path.display()))
    };
    let divisions = Divisions::read(&read("streets.csv")?, &read("communities.csv")?)
        .with_context(|| format!("in {} (setting divisions_dir)", folder.display()))?;
    divisions.install();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_line_is_told_with_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings { divisions_dir: Some(folder.path().into()), ..Settings::for_tests() };
        let missing = load(&settings).expect_err("nothing is there");
        assert!(format!("{missing:#}").contains("streets.csv (setting divisions_dir)"), "{missing:#}");
        std::fs::write(folder.path().join("streets.csv"), "code,name\n12,x\n").expect("written");
        std::fs::write(folder.path().join("communities.csv"), "code,name,street_code\n").expect("written");
        let wrong = load(&settings).expect_err("the code is too short");
        assert!(format!("{wrong:#}").contains("streets.csv line 2"), "{wrong:#}");
    }
}
