//! Tells cargo that the program holds the built documentation, so that a site that was built anew is embedded anew.

fn main() {
    println!("cargo::rerun-if-changed=../../docs/portal/dist");
}
