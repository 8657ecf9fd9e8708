//! Files of rows that staff take with them, as spreadsheets read them.

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};

/// A cell that no spreadsheet takes for a formula, whatever a person was called.
pub(super) fn cell(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// A table with the mark by which spreadsheets see that it is UTF-8.
pub(super) fn table() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec())
}

/// The answer that a browser keeps as a file; `name` has letters, digits and hyphens alone.
pub(super) fn as_file(name: &str, table: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}.csv\"");
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        // A name of other signs than promised fails; a file without a name is still one.
        (CONTENT_DISPOSITION, HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, table).into_response()
}
