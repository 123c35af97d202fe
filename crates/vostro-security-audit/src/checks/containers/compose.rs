//! Rules over compose files.

use yaml_serde::Value;

use super::yaml::{items, line, members, part, scalar};
use super::{Seen, image_breach, is_secret};
use crate::project::file_name;

/// Ports of databases and of operators.
const INTERNAL: [&str; 16] = [
    "22", "2375", "2379", "3306", "5432", "5601", "5672", "6379", "6380", "8086", "9090", "9093",
    "9200", "11211", "15672", "27017",
];

pub(super) fn is_one(path: &str, document: &Value) -> bool {
    let name = file_name(path);
    let named = name.starts_with("compose.")
        || name.starts_with("docker-compose")
        || name.starts_with("compose-");
    let service = |(_, service): (&str, &Value)| {
        service.get("image").is_some() || service.get("build").is_some()
    };
    part(document, &["services"]).is_some_and(Value::is_mapping)
        && (named || members(document.get("services")).any(service))
}

pub(super) fn breaches(text: &str, document: &Value) -> Vec<Seen> {
    let mut seen = Vec::new();
    for (name, service) in members(document.get("services")) {
        let anchor = format!("{name}:");
        let mut add = |rule: &'static str, mark: &str, what: String| {
            seen.push((
                rule,
                line(text, &["services:", &anchor, mark]),
                format!("{name}: {what}"),
            ));
        };
        rights(service, &mut add);
        mounts(service, &mut add);
        ports(service, &mut add);
        environment(service, &mut add);
        if let (Some(image), None) = (service.get("image"), service.get("build"))
            && let Some((rule, what)) = image_breach(&scalar(image))
        {
            add(rule, "image:", what);
        }
    }
    seen
}

fn rights(service: &Value, add: &mut impl FnMut(&'static str, &str, String)) {
    let text = |key| service.get(key).map(scalar).unwrap_or_default();
    if text("privileged") == "true" {
        add("CON-014", "privileged:", "`privileged`".to_owned());
    }
    for key in ["network_mode", "pid", "ipc", "userns_mode"] {
        if text(key) == "host" {
            add("CON-015", &format!("{key}:"), format!("`{key}: host`"));
        }
    }
    for capability in items(service.get("cap_add")).map(scalar) {
        if super::kubernetes::is_dangerous(&capability) {
            add("CON-017", &capability, format!("`{capability}`"));
        }
    }
    if ["root", "0", "0:0", "root:root"].contains(&text("user").as_str()) {
        add("CON-001", "user:", "`user`".to_owned());
    }
    let kept = items(service.get("security_opt"))
        .any(|option| scalar(option).starts_with("no-new-privileges"));
    if !kept {
        add("CON-018", "", "no `no-new-privileges`".to_owned());
    }
    if text("read_only") != "true" {
        add("CON-019", "", "no `read_only`".to_owned());
    }
    let limited = service.get("mem_limit").is_some()
        || part(service, &["deploy", "resources", "limits", "memory"]).is_some();
    if !limited {
        add("CON-020", "", "no memory limit".to_owned());
    }
}

fn mounts(service: &Value, add: &mut impl FnMut(&'static str, &str, String)) {
    for volume in items(service.get("volumes")) {
        let short = scalar(volume);
        let source = match volume.get("source") {
            Some(source) => scalar(source),
            None => short.split(':').next().unwrap_or_default().to_owned(),
        };
        if is_runtime_socket(&source) {
            add("CON-016", &source, format!("`{source}`"));
        } else if is_of_the_host(&source) {
            add("CON-021", &source, format!("`{source}`"));
        }
    }
}

/// Whether a path is the socket of a container runtime.
pub(super) fn is_runtime_socket(path: &str) -> bool {
    ["docker.sock", "containerd.sock", "podman.sock", "crio.sock"]
        .iter()
        .any(|name| path.ends_with(name))
}

/// Whether a path is the host's settings, or all of it.
pub(super) fn is_of_the_host(path: &str) -> bool {
    let path = if path.len() > 1 {
        path.trim_end_matches('/')
    } else {
        path
    };
    [
        "/", "/etc", "/root", "/home", "/var", "/var/run", "/var/lib", "/proc", "/sys", "/dev",
        "/boot", "/usr",
    ]
    .contains(&path)
        || path.starts_with("/etc/kubernetes")
        || path.starts_with("/var/lib/docker")
        || path.starts_with("/var/lib/kubelet")
}

fn ports(service: &Value, add: &mut impl FnMut(&'static str, &str, String)) {
    for port in items(service.get("ports")) {
        let (address, inner, shown) = if let Some(target) = port.get("target") {
            let address = port.get("host_ip").map(scalar).unwrap_or_default();
            (address, scalar(target), scalar(target))
        } else {
            let shown = scalar(port);
            let bare = shown.split('/').next().unwrap_or_default().to_owned();
            let (outer, inner) = bare.rsplit_once(':').unwrap_or(("", &bare));
            let address = outer.rsplit_once(':').map_or("", |(address, _)| address);
            (address.to_owned(), inner.to_owned(), shown)
        };
        let local = address.starts_with("127.")
            || address == "localhost"
            || address.contains("::1")
            || address.contains("127.0.0.1");
        if INTERNAL.contains(&inner.as_str()) && !local {
            add("ENV-007", &shown, format!("`{shown}`"));
        }
    }
}

fn environment(service: &Value, add: &mut impl FnMut(&'static str, &str, String)) {
    let listed = items(service.get("environment")).filter_map(|item| {
        let (name, value) = item.as_str()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let mapped =
        members(service.get("environment")).map(|(name, value)| (name.to_owned(), scalar(value)));
    for (name, value) in listed.chain(mapped) {
        if is_secret(&name, &value) {
            add("CON-004", &name, format!("`{name}`"));
        }
    }
}
