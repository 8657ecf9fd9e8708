//! The page `/aid/check` on the phone: answers are judged here by the rules that the server has too, and no request is made.

#[cfg(target_arch = "wasm32")]
mod page;

/// The page is started by its loader.
fn main() {}
