//! `server draw …`: anybody works a published draw out anew, without the database and the keys.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use app::domain::marriage::{DrawFault, PublishedDraw};

use crate::cli::DrawCommand;

fn read(file: &Path) -> anyhow::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))
}

fn words(fault: DrawFault) -> &'static str {
    match fault {
        DrawFault::Format => "it is of another format",
        DrawFault::NotDrawn => "it was not drawn yet",
        DrawFault::Seed => "the seed is not the one whose hash was public",
        DrawFault::Numbers => "the numbers are not those of the hash, or one stands there twice",
        DrawFault::Order => "the order is not the one that the seed gives",
    }
}

/// Does what was asked for; gives the line for the terminal and how the program ends.
///
/// # Errors
/// The file can't be read, or is no published draw.
pub(crate) fn run(command: &DrawCommand) -> anyhow::Result<(String, ExitCode)> {
    let DrawCommand::Verify { file } = command;
    let draw: PublishedDraw = serde_json::from_str(&read(file)?)
        .with_context(|| format!("{} is no published draw", file.display()))?;
    Ok(match draw.verify() {
        Ok(count) => (
            format!(
                "{} {}: {count} entries for {} places, in the order that the seed gives",
                draw.office, draw.day, draw.places
            ),
            ExitCode::SUCCESS,
        ),
        Err(fault) => (format!("{} {}: BROKEN: {}", draw.office, draw.day, words(fault)), ExitCode::FAILURE),
    })
}

#[cfg(test)]
mod tests {
    use app::domain::aid::random_check::commitment;
    use app::domain::marriage::{DRAW_FORMAT, numbers_hash, order};

    use super::*;

    #[test]
    fn a_published_file_is_worked_out_anew_and_a_changed_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("draw.json");
        let numbers: Vec<String> = ["00000003", "00000001", "00000002"].map(String::from).to_vec();
        let draw = PublishedDraw {
            format: DRAW_FORMAT.into(),
            office: "xinwu".into(),
            matter: "marriage".into(),
            day: "2027-05-20".into(),
            places: 2,
            opens: 0,
            closes: 1,
            seed_sha256: commitment("seed"),
            seed: Some("seed".into()),
            numbers_sha256: Some(numbers_hash(&numbers)),
            order: order("seed", &numbers),
        };
        let command = DrawCommand::Verify { file: file.clone() };
        std::fs::write(&file, serde_json::to_string(&draw).unwrap()).unwrap();
        let (line, _) = run(&command).unwrap();
        assert_eq!(line, "xinwu 2027-05-20: 3 entries for 2 places, in the order that the seed gives");
        let mut changed = draw;
        changed.order.swap(0, 2);
        std::fs::write(&file, serde_json::to_string(&changed).unwrap()).unwrap();
        assert!(run(&command).unwrap().0.contains("BROKEN: the order"));
        std::fs::write(&file, "{}").unwrap();
        assert!(run(&command).is_err());
    }
}
