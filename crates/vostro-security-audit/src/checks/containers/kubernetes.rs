//! Rules over Kubernetes manifests, whatever kind carries the pod.

use yaml_serde::Value;

use super::compose::{is_of_the_host, is_runtime_socket};
use super::yaml::{items, line, members, part, scalar};
use super::{Seen, image_breach, is_secret};

pub(super) fn is_one(document: &Value) -> bool {
    document.get("apiVersion").is_some() && document.get("kind").is_some()
}

/// Whether a capability amounts to root.
pub(super) fn is_dangerous(capability: &str) -> bool {
    let name = capability.trim_start_matches("CAP_").to_ascii_uppercase();
    [
        "ALL",
        "SYS_ADMIN",
        "SYS_PTRACE",
        "SYS_MODULE",
        "SYS_RAWIO",
        "DAC_READ_SEARCH",
        "NET_ADMIN",
        "BPF",
        "SYS_BOOT",
        "SYSLOG",
    ]
    .contains(&name.as_str())
}

pub(super) fn breaches(text: &str, document: &Value) -> Vec<Seen> {
    let kind = document.get("kind").map(scalar).unwrap_or_default();
    let name = part(document, &["metadata", "name"])
        .map(scalar)
        .unwrap_or_default();
    // A file may hold many documents: its own begins where its name stands.
    let anchor = format!("name: {name}");
    let mut seen = Vec::new();
    let mut add = |rule: &'static str, marks: &[&str], what: String| {
        let marks = [&[anchor.as_str()], marks].concat();
        seen.push((rule, line(text, &marks), format!("{kind} {name}: {what}")));
    };
    if kind == "Secret" {
        for (key, value) in members(document.get("stringData")).chain(members(document.get("data")))
        {
            let value = scalar(value);
            if !value.is_empty() && !value.contains(['$', '{', '<']) {
                add("CON-004", &[key], format!("`{key}`"));
            }
        }
    }
    let pod = [
        &["spec", "template", "spec"][..],
        &["spec", "jobTemplate", "spec", "template", "spec"],
        &["spec"],
    ]
    .into_iter()
    .filter_map(|path| part(document, path))
    .find(|spec| spec.get("containers").is_some());
    if let Some(pod) = pod {
        of_pod(pod, &mut add);
    }
    seen
}

fn of_pod(pod: &Value, add: &mut impl FnMut(&'static str, &[&str], String)) {
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if is_true(pod.get(key)) {
            add("CON-015", &[key], format!("`{key}`"));
        }
    }
    for volume in items(pod.get("volumes")) {
        let Some(path) = part(volume, &["hostPath", "path"]).map(scalar) else {
            continue;
        };
        if is_runtime_socket(&path) {
            add("CON-016", &["hostPath", &path], format!("`{path}`"));
        } else if is_of_the_host(&path) {
            add("CON-021", &["hostPath", &path], format!("`{path}`"));
        }
    }
    for kind in ["initContainers", "containers"] {
        for container in items(pod.get(kind)) {
            of_container(pod, container, add);
        }
    }
}

fn of_container(
    pod: &Value,
    container: &Value,
    add: &mut impl FnMut(&'static str, &[&str], String),
) {
    let name = container.get("name").map(scalar).unwrap_or_default();
    let mark = format!("name: {name}");
    let own = |key| part(container, &["securityContext", key]);
    let either = |key| own(key).or_else(|| part(pod, &["securityContext", key]));
    let mut add = |rule, key: &str, what: &str| add(rule, &[&mark, key], format!("{name}: {what}"));
    if is_true(own("privileged")) {
        add("CON-014", "privileged", "`privileged`");
    }
    let root = either("runAsUser").map(scalar).as_deref() == Some("0");
    if root || !is_true(either("runAsNonRoot")) {
        add(
            "CON-001",
            "runAs",
            if root {
                "`runAsUser: 0`"
            } else {
                "no `runAsNonRoot`"
            },
        );
    }
    if own("allowPrivilegeEscalation").is_none_or(|value| scalar(value) != "false") {
        add(
            "CON-018",
            "allowPrivilegeEscalation",
            "no `allowPrivilegeEscalation: false`",
        );
    }
    if !is_true(own("readOnlyRootFilesystem")) {
        add(
            "CON-019",
            "readOnlyRootFilesystem",
            "no `readOnlyRootFilesystem`",
        );
    }
    if part(container, &["resources", "limits", "memory"]).is_none() {
        add("CON-020", "resources", "no memory limit");
    }
    for capability in
        items(part(container, &["securityContext", "capabilities", "add"])).map(scalar)
    {
        if is_dangerous(&capability) {
            add("CON-017", &capability, &format!("`{capability}`"));
        }
    }
    if let Some((rule, what)) = container
        .get("image")
        .and_then(|image| image_breach(&scalar(image)))
    {
        add(rule, "image:", &what);
    }
    for variable in items(container.get("env")) {
        let text = |key| variable.get(key).map(scalar).unwrap_or_default();
        if is_secret(&text("name"), &text("value")) {
            add("CON-004", &text("name"), &format!("`{}`", text("name")));
        }
    }
}

fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| scalar(value) == "true")
}
