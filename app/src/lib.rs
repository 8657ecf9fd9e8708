//! What things mean and how they look: the rules, the pages and the islands. Compiled twice, natively for the
//! server (`ssr`) and to WebAssembly for the browser (`hydrate`). With neither it is the rules and their words alone.

mod macros;

#[cfg(feature = "ssr")]
pub mod components;
pub mod domain;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod render;
pub mod screened;
pub mod text;
#[cfg(feature = "ssr")]
pub mod visit;

/// Wakes the islands of the page. Called by `/island-loader.js` once the page is idle.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
