//! Rules on images, compose files and Kubernetes manifests.

use super::{Rule, rule};
use crate::finding::Check::Containers as CON;
use crate::finding::Severity::{Critical, High, Info, Low, Medium};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("CON-001", CON, High, 250, [
        "The container runs as root",
        "Whoever breaks out of the program is root in the container, and close to it on the host.",
        "Make a user and end the image with `USER` and its number; `runAsNonRoot: true` in a manifest."]),
    rule("CON-002", CON, Low, 1357, [
        "A base image is not pinned by digest",
        "A tag can be moved: the same Dockerfile builds another image tomorrow.",
        "Write `image:tag@sha256:…`, and let a bot move it."]),
    rule("CON-003", CON, Medium, 1357, [
        "An image without a version",
        "`latest` is whatever was pushed last; nobody knows what runs.",
        "Name a version."]),
    rule("CON-004", CON, Critical, 538, [
        "A secret is written into an image or a manifest",
        "Everybody who can pull the image or read the manifest has it, in every layer for ever.",
        "Mount it at run time: `RUN --mount=type=secret`, compose `secrets`, a Kubernetes `Secret` by reference."]),
    rule("CON-005", CON, High, 538, [
        "A file of secrets is copied into an image",
        "Everybody who can pull the image has it, also when a later layer deletes it.",
        "Mount it at run time, and name it in `.dockerignore`."]),
    rule("CON-006", CON, Medium, 494, [
        "A file is added from the network without a checksum",
        "What is fetched is whatever the other side hands out at that moment.",
        "Use `ADD --checksum=sha256:…`, or fetch and verify."]),
    rule("CON-007", CON, High, 494, [
        "A download is run unseen",
        "Whoever controls the other side, or the way there, runs commands in the build.",
        "Fetch a fixed version, verify its checksum or signature, then run it."]),
    rule("CON-008", CON, Medium, 538, [
        "The whole folder is copied without a `.dockerignore` for what is private",
        "`.git` and `.env` end up in the image.",
        "Write a `.dockerignore` with `.git` and `.env*`, or copy only what is needed."]),
    rule("CON-009", CON, Medium, 732, [
        "Files are made writable for everybody",
        "Any process in the container can change the program.",
        "Give them to the user that needs them (`COPY --chown`), without write for others."]),
    rule("CON-010", CON, High, 295, [
        "Certificates or signatures are not checked in the build",
        "Anybody on the way can put their own packages in.",
        "Take the flag out, and install the certificate that is missing."]),
    rule("CON-011", CON, Medium, 1125, [
        "The image opens a remote shell's port",
        "A second way in, with its own passwords and its own holes.",
        "Use the runtime's own way in (`exec`)."]),
    rule("CON-012", CON, Info, 778, [
        "The image says not how to tell that it is well",
        "A process that hangs goes on receiving requests where nothing else probes it.",
        "Add a `HEALTHCHECK`."]),
    rule("CON-013", CON, Low, 250, [
        "`sudo` in an image",
        "It opens a way back to root for the user that the image runs as.",
        "Switch users with `USER` during the build."]),
    rule("CON-014", CON, Critical, 250, [
        "A privileged container",
        "It has every right of the host's root.",
        "Take it out; add the one capability that is needed."]),
    rule("CON-015", CON, High, 653, [
        "A container shares the host's network, processes or memory",
        "It sees and reaches what the host and other containers do.",
        "Take it out, and publish the ports that are needed."]),
    rule("CON-016", CON, Critical, 250, [
        "The container runtime's socket is mounted",
        "Whoever reaches it can start a privileged container: it is root on the host.",
        "Take it out, or put a proxy in front that only allows what is needed."]),
    rule("CON-017", CON, High, 250, [
        "A capability that amounts to root is added",
        "With it a process can leave the container or read the host.",
        "Drop all capabilities and add only what is needed, `NET_BIND_SERVICE` at most."]),
    rule("CON-018", CON, Medium, 250, [
        "A process may gain more rights than it was started with",
        "A set-user-id program in the image is a way to root.",
        "`allowPrivilegeEscalation: false`; `security_opt: [\"no-new-privileges:true\"]` in compose."]),
    rule("CON-019", CON, Low, 732, [
        "The container's own file system can be written",
        "An intruder can put programs there and change the one that runs.",
        "`readOnlyRootFilesystem: true` or `read_only: true`, with volumes for what is written."]),
    rule("CON-020", CON, Low, 770, [
        "A container without limits on memory",
        "One that grows takes the others on its host with it.",
        "Set limits."]),
    rule("CON-021", CON, High, 552, [
        "A folder of the host is mounted that holds its settings or everything",
        "The container can read the host's secrets and change its configuration.",
        "Mount only what is needed, read-only."]),
    rule("CON-022", CON, Medium, 1357, [
        "Another scanner found something in a Dockerfile",
        "See what it says.",
        "See the scanner's page for the rule."]),
    rule("CON-023", CON, High, 1395, [
        "A package in an image has a known vulnerability",
        "What is published about it can be used against everybody who runs this image.",
        "Build the image anew on an updated base."]),
];
