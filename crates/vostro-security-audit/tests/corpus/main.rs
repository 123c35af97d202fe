//! Planted faults: each, put alone into a clean project, is found at its place, and nothing else is. Beside them stand
//! texts that look alike and are harmless.
//!
//! Values that look like secrets are put together when the test runs, so that none is in this repository.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in test functions, not in their helpers"
)]

mod benign;
mod code;
mod containers;
mod dependencies;
mod environment;
mod permissions;
mod reports;
mod secrets;
mod world;

use std::collections::BTreeMap;

use crate::world::Fault;

fn corpus() -> Vec<Fault> {
    let mut faults = dependencies::faults();
    faults.extend(secrets::faults());
    faults.extend(containers::faults());
    faults.extend(code::faults());
    faults.extend(environment::faults());
    faults.extend(permissions::faults());
    faults
}

#[test]
fn the_clean_project_is_clean() {
    let report = world::audit(&Fault::none());
    assert_eq!(world::told(&report), Vec::<String>::new());
    assert!(report.notes.is_empty(), "{:?}", report.notes);
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    let faults = corpus();
    let mut per_check: BTreeMap<String, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    for fault in &faults {
        let report = world::audit(fault);
        let mut expected = fault.expected.clone();
        expected.sort();
        if world::told(&report) != expected {
            wrong.push(format!(
                "{}:\n  expected {expected:?}\n  found    {:?}",
                fault.name,
                world::told(&report)
            ));
        }
        let letters = fault
            .expected
            .first()
            .map_or("", |it| it.get(..3).unwrap_or_default());
        *per_check.entry(letters.to_owned()).or_default() += 1;
    }
    println!("planted faults: {}, by check: {per_check:?}", faults.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(faults.len() >= 60 && per_check.len() == 6, "{per_check:?}");
}

#[test]
fn every_rule_has_a_planted_fault() {
    // What other programs find, and how this program is set, have their own tests.
    let of_others = [
        "SEC-019", "CON-022", "CON-023", "COD-001", "COD-015", "DEP-010", "ENV-010", "ENV-011",
        "ENV-012",
    ];
    let faults = corpus();
    let planted = |id: &str| {
        faults
            .iter()
            .any(|fault| fault.expected.iter().any(|it| it.starts_with(id)))
    };
    let bare: Vec<&str> = vostro_security_audit::rules::all()
        .map(|rule| rule.id)
        .filter(|id| !planted(id) && !of_others.contains(id))
        .collect();
    assert!(bare.is_empty(), "no planted fault for {bare:?}");
}

#[test]
fn what_looks_alike_and_is_harmless_is_left_alone() {
    let mut wrong = Vec::new();
    let cases = benign::cases();
    for (path, text) in &cases {
        let fault = Fault::new("harmless").file(path, text);
        let found = world::told(&world::audit(&fault));
        if !found.is_empty() {
            wrong.push(format!("{path}: {text}\n  {found:?}"));
        }
    }
    println!("harmless twins: {}", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
