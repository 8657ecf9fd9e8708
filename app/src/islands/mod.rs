//! The only code that runs in the browser. Without it every page does its work all the same.

mod live_checks;
mod photo_help;
mod session_prompt;

pub use live_checks::LiveChecks;
pub use photo_help::PhotoHelp;
pub use session_prompt::SessionPrompt;
