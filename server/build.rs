//! Builds again when a migration or dated data was added.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=../app/data/aid");
}
