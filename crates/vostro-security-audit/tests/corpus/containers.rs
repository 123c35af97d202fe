//! Planted faults: images, compose files, manifests.

use crate::world::{Fault, digest};

fn image(lines: &str) -> String {
    format!(
        "FROM debian:12@{}\n{lines}\nUSER 10001\nHEALTHCHECK CMD true\n",
        digest()
    )
}

fn in_image(rule: &str, lines: &str) -> Fault {
    Fault::at(rule, "ops/Dockerfile", 2, &image(lines))
}

fn compose(lines: &str) -> String {
    format!(
        "services:\n  app:\n    image: a:1@{}\n    read_only: true\n    mem_limit: 1g\n    security_opt: [no-new-privileges:true]\n{lines}\n",
        digest()
    )
}

fn in_compose(rule: &str, line: u32, lines: &str) -> Fault {
    Fault::at(rule, "ops/compose.yaml", line, &compose(lines))
}

/// A pod with changes: lines of the pod before its containers, and of the container's security context.
fn pod(of_pod: &str, context: &str, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n{of_pod}  containers:\n    - name: c\n      image: a:1@{}\n      \
         securityContext:\n{context}      resources: {{limits: {{memory: 1Gi}}}}\n{more}",
        digest()
    )
}

const SOUND: &str = "        runAsNonRoot: true\n        allowPrivilegeEscalation: false\n        readOnlyRootFilesystem: true\n";

fn in_pod(rule: &str, line: u32, text: &str) -> Fault {
    Fault::at(rule, "ops/pod.yaml", line, text)
}

pub(crate) fn faults() -> Vec<Fault> {
    let digest = digest();
    let last = "HEALTHCHECK CMD true\n";
    let mut faults = vec![
        Fault::at(
            "CON-001",
            "ops/Dockerfile",
            1,
            &format!("FROM debian:12@{digest}\n{last}"),
        ),
        Fault::at(
            "CON-001",
            "ops/Dockerfile",
            3,
            &format!("FROM debian:12@{digest}\nUSER 1\nUSER root\n{last}"),
        ),
        Fault::at(
            "CON-002",
            "ops/Dockerfile",
            1,
            &format!("FROM debian:12\nUSER 1\n{last}"),
        ),
        Fault::at(
            "CON-003",
            "ops/Dockerfile",
            1,
            &format!("FROM debian:latest\nUSER 1\n{last}"),
        ),
        Fault::at(
            "CON-003",
            "ops/Dockerfile",
            1,
            &format!("FROM debian\nUSER 1\n{last}"),
        ),
        in_image("CON-004", "ENV API_TOKEN=letters-and-more"),
        in_image("CON-004", "ENV DB_PASSWORD letters"),
        in_image("CON-004", "ARG SIGNING_SECRET=letters"),
        in_image("CON-004", "RUN REGISTRY_TOKEN=letters make"),
        in_image("CON-005", "COPY .env /app/"),
        in_image("CON-005", "COPY tls/server.key /etc/tls/"),
        in_image("CON-006", "ADD https://files.example/tool.tar.gz /opt/"),
        in_image(
            "CON-007",
            "RUN curl -fsSL https://files.example/install | sh",
        ),
        in_image(
            "CON-007",
            "RUN apt-get update && \\\n    wget -qO- https://files.example/i | sudo -E bash",
        )
        .named("a download piped to a shell over two lines")
        .expect("CON-013 ops/Dockerfile:2"),
        in_image(
            "CON-007",
            "RUN bash -c \"$(curl -fsSL https://files.example/install)\"",
        ),
        Fault::new("the whole folder without a .dockerignore")
            .file(".dockerignore", "target\n")
            .expect("CON-008 Dockerfile:2"),
        in_image("CON-009", "RUN chmod -R 777 /app"),
        in_image("CON-009", "COPY --chmod=666 a /b"),
        in_image("CON-010", "RUN curl -k https://files.example/a -o a"),
        in_image("CON-010", "RUN apt-get install --allow-unauthenticated a"),
        in_image("CON-011", "EXPOSE 22/tcp"),
        Fault::at(
            "CON-012",
            "ops/Dockerfile",
            1,
            &format!("FROM debian:12@{digest}\nUSER 1\n"),
        ),
        in_image("CON-013", "RUN apt-get install -y sudo"),
        in_compose("CON-014", 7, "    privileged: true"),
        in_compose("CON-015", 7, "    network_mode: host"),
        in_compose(
            "CON-016",
            8,
            "    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock",
        ),
        in_compose("CON-017", 7, "    cap_add: [SYS_ADMIN]"),
        in_compose("CON-021", 8, "    volumes:\n      - /etc:/host/etc"),
        in_compose("CON-001", 7, "    user: root"),
        in_compose("CON-004", 8, "    environment:\n      DB_PASSWORD: letters"),
        in_compose("CON-004", 8, "    environment:\n      - API_TOKEN=letters"),
        in_compose("ENV-007", 7, "    ports: [\"5432:5432\"]"),
        in_compose(
            "ENV-007",
            8,
            "    ports:\n      - target: 6379\n        published: 6379",
        ),
    ];
    let bare = format!("services:\n  app:\n    image: a:1@{digest}\n");
    faults.push(
        Fault::new("a service without any limits")
            .file("ops/compose.yaml", &bare)
            .expect("CON-018 ops/compose.yaml:2")
            .expect("CON-019 ops/compose.yaml:2")
            .expect("CON-020 ops/compose.yaml:2"),
    );
    faults.extend(pods());
    faults
}

fn pods() -> Vec<Fault> {
    let escalates = SOUND.replace("Escalation: false", "Escalation: true");
    let root = SOUND.replace("runAsNonRoot: true", "runAsUser: 0");
    let writes = SOUND.replace("Filesystem: true", "Filesystem: false");
    let socket =
        "  volumes:\n    - name: v\n      hostPath: {path: /run/containerd/containerd.sock}\n";
    let host = "  volumes:\n    - name: v\n      hostPath: {path: /etc/kubernetes}\n";
    let env = "      env:\n        - name: DB_PASSWORD\n          value: letters\n";
    let secret =
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: letters\n";
    let unlimited = pod("", SOUND, "").replace("      resources: {limits: {memory: 1Gi}}\n", "");
    let unpinned = pod("", SOUND, "").replace(&format!("a:1@{}", digest()), "a");
    let job = format!(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: j\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          hostPID: true\n          containers:\n            - name: c\n              image: a:1@{}\n              securityContext: {{runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}}\n              resources: {{limits: {{memory: 1Gi}}}}\n",
        digest()
    );
    vec![
        in_pod(
            "CON-014",
            13,
            &pod("", &format!("{SOUND}        privileged: true\n"), ""),
        ),
        in_pod("CON-001", 10, &pod("", &root, "")),
        in_pod("CON-018", 11, &pod("", &escalates, "")),
        in_pod("CON-019", 12, &pod("", &writes, "")),
        in_pod(
            "CON-017",
            14,
            &pod(
                "",
                &format!("{SOUND}        capabilities:\n          add: [NET_ADMIN]\n"),
                "",
            ),
        ),
        in_pod("CON-015", 6, &pod("  hostNetwork: true\n", SOUND, "")),
        in_pod("CON-015", 10, &job),
        in_pod("CON-016", 8, &pod(socket, SOUND, "")),
        in_pod("CON-021", 8, &pod(host, SOUND, "")),
        in_pod("CON-020", 7, &unlimited),
        in_pod("CON-003", 8, &unpinned),
        in_pod("CON-004", 15, &pod("", SOUND, env)),
        in_pod("CON-004", 6, secret),
    ]
}
