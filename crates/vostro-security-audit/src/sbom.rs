//! The components of a project as a `CycloneDX` 1.5 document: Cargo's by `cargo metadata`, npm's and pip's by their lock
//! files.
//!
//! Dependencies are resolved and nothing is built. Hashes are those of the lock files. What has no lock file is not in
//! the document, and [`Sbom::missing`] says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr as _;

use cargo_metadata::{Metadata, MetadataCommand, Package};
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::Bom;
use cyclonedx_bom::models::component::{Classification, Component, Components as List};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata as About;
use serde_json::Value;

use crate::project::Project;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum SbomError {
    /// Cargo could not tell what the project depends on.
    #[error("cargo metadata: {0}")]
    Cargo(#[source] cargo_metadata::Error),
    /// The document cannot be written.
    #[error("the document cannot be written")]
    Write(#[source] cyclonedx_bom::errors::JsonWriteError),
}

/// A document, and what it lacks.
#[derive(Debug)]
pub struct Sbom {
    /// The document: JSON, `CycloneDX` 1.5.
    pub json: String,
    /// Number of components.
    pub components: usize,
    /// What is not in it, and why.
    pub missing: Vec<String>,
}

/// Lists the components of a project. The document holds no time and no random number: the same locked dependencies
/// make the same document.
pub fn sbom(project: &Project) -> Result<Sbom, SbomError> {
    let mut missing = Vec::new();
    let mut components = Vec::new();
    let mut edges = Vec::new();
    let mut about = About::default();
    if project.text("Cargo.toml").is_some() {
        let metadata = metadata(project.root()).map_err(SbomError::Cargo)?;
        let sums = checksums(project.text("Cargo.lock").unwrap_or_default());
        about.component = metadata
            .root_package()
            .map(|package| crate_component(package, &sums));
        components.extend(
            metadata
                .packages
                .iter()
                .map(|package| crate_component(package, &sums)),
        );
        edges = dependencies(&metadata);
    }
    for (path, text) in project.named("package-lock.json") {
        components.extend(npm(path, text, &mut missing));
    }
    for (path, text) in project.texts() {
        if crate::project::ends(path, &[".txt"])
            && crate::project::file_name(path).starts_with("requirements")
        {
            components.extend(pip(text));
        }
    }
    if project.named("package.json").next().is_some()
        && project.named("package-lock.json").next().is_none()
    {
        missing.push("npm's packages: there is no package-lock.json".to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    components.retain(|component| seen.insert(component.bom_ref.clone()));
    let count = components.len();
    let bom = Bom {
        serial_number: None,
        metadata: Some(about),
        components: Some(List(components)),
        dependencies: Some(Dependencies(edges)),
        ..Bom::default()
    };
    let mut json = Vec::new();
    bom.output_as_json_v1_5(&mut json)
        .map_err(SbomError::Write)?;
    Ok(Sbom {
        json: String::from_utf8_lossy(&json).into_owned(),
        components: count,
        missing,
    })
}

fn metadata(root: &Path) -> Result<Metadata, cargo_metadata::Error> {
    let mut command = MetadataCommand::new();
    command
        .current_dir(root)
        .other_options(vec!["--locked".to_owned()]);
    command.exec()
}

/// Checksums of a Cargo lock file by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let read = lock.parse::<toml::Table>().unwrap_or_default();
    let packages = read.get("package").and_then(toml::Value::as_array);
    let row = |package: &toml::Value| {
        let part = |key| Some(package.get(key)?.as_str()?.to_owned());
        Some(((part("name")?, part("version")?), part("checksum")?))
    };
    packages.into_iter().flatten().filter_map(row).collect()
}

fn crate_component(package: &Package, sums: &BTreeMap<(String, String), String>) -> Component {
    let (name, version) = (package.name.to_string(), package.version.to_string());
    let mut component = component("cargo", &name, &version);
    let is_program = package.targets.iter().any(cargo_metadata::Target::is_bin);
    if is_program && package.source.is_none() {
        component.component_type = Classification::Application;
    }
    if let Some(license) = &package.license {
        component.licenses = licenses(license);
    }
    component.description = package.description.as_deref().map(NormalizedString::new);
    component.hashes = sums
        .get(&(name, version))
        .map(|sum| hash(HashAlgorithm::SHA_256, sum));
    component
}

fn component(kind: &str, name: &str, version: &str) -> Component {
    // A scope is a namespace of its own in a package URL; its `@` is the one that must be encoded.
    let purl = match name.strip_prefix('@') {
        Some(scoped) => Purl::from_str(&format!("pkg:{kind}/%40{scoped}@{version}")).ok(),
        None => Purl::new(kind, name, version).ok(),
    };
    let reference = purl
        .as_ref()
        .map_or_else(|| format!("{kind}:{name}@{version}"), ToString::to_string);
    let mut component = Component::new(Classification::Library, name, version, Some(reference));
    component.purl = purl;
    component
}

/// A licence as an SPDX expression; what is none is left out. `/` is the old way to write `or`.
fn licenses(text: &str) -> Option<Licenses> {
    let expression = SpdxExpression::parse_lax(text.replace('/', " OR ")).ok()?;
    Some(Licenses(vec![LicenseChoice::Expression(expression)]))
}

fn hash(algorithm: HashAlgorithm, hex: &str) -> Hashes {
    Hashes(vec![Hash {
        alg: algorithm,
        content: HashValue(hex.to_owned()),
    }])
}

fn dependencies(metadata: &Metadata) -> Vec<Dependency> {
    let reference = |id: &cargo_metadata::PackageId| {
        let package = metadata.packages.iter().find(|package| package.id == *id)?;
        component("cargo", package.name.as_str(), &package.version.to_string()).bom_ref
    };
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let edge = |node: &cargo_metadata::Node| {
        Some(Dependency {
            dependency_ref: reference(&node.id)?,
            dependencies: node.dependencies.iter().filter_map(reference).collect(),
        })
    };
    nodes.filter_map(edge).collect()
}

fn npm(path: &str, text: &str, missing: &mut Vec<String>) -> Vec<Component> {
    let read = serde_json::from_str::<Value>(text).unwrap_or_default();
    let Some(packages) = read.get("packages").and_then(Value::as_object) else {
        missing.push(format!(
            "npm's packages of {path}: the lock file has no list of packages"
        ));
        return Vec::new();
    };
    let one = |(place, package): (&String, &Value)| {
        let (_, name) = place.rsplit_once("node_modules/")?;
        let mut component = component("npm", name, package.get("version")?.as_str()?);
        component.licenses = package
            .get("license")
            .and_then(Value::as_str)
            .and_then(licenses);
        Some(component)
    };
    packages.iter().filter_map(one).collect()
}

fn pip(text: &str) -> Vec<Component> {
    let one = |line: &str| {
        let (name, rest) = line.split_once("==")?;
        let version: String = rest
            .chars()
            .take_while(|c| !c.is_whitespace() && *c != ';' && *c != '\\')
            .collect();
        let name = name.split('[').next().unwrap_or(name).trim();
        let plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        (plain && !version.is_empty()).then(|| component("pypi", name, &version))
    };
    text.lines().filter_map(one).collect()
}
