//! Planted faults: secrets. Every value is drawn when the test runs.

use crate::world::Fault;

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Text of an alphabet from a small generator (Knuth's MMIX constants).
fn drawn(alphabet: &str, length: usize) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = 0x9e37_79b9_u64 + length as u64 * 31 + letters.len() as u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = usize::try_from(state >> 40).unwrap() % letters.len();
        letters[at]
    };
    (0..length).map(|_| next()).collect()
}

fn shapes() -> Vec<(&'static str, String)> {
    let a = |length| drawn(ALNUM, length);
    let h = |length| drawn(HEX, length);
    let jwt = format!("eyJ{}.eyJ{}.{}", a(20), a(40), a(43));
    vec![
        ("SEC-001", format!("AGE-SECRET-KEY-1{}", drawn(UPPER, 58))),
        ("SEC-002", format!("AKIA{}", drawn(UPPER, 16))),
        ("SEC-002", format!("aws_secret_access_key = {}", a(40))),
        ("SEC-003", format!("ghp_{}", a(36))),
        ("SEC-003", format!("github_pat_{}", a(82))),
        ("SEC-004", format!("glpat-{}", a(20))),
        ("SEC-005", format!("xoxb-{}-{}", drawn(DIGITS, 11), a(24))),
        (
            "SEC-005",
            format!(
                "xapp-1-{}-{}-{}",
                drawn(UPPER, 10),
                drawn(DIGITS, 12),
                h(64)
            ),
        ),
        (
            "SEC-005",
            format!("https://hooks.slack.com/services/{}", a(44)),
        ),
        ("SEC-006", format!("sk_live_{}", a(24))),
        ("SEC-006", format!("sq0atp-{}", a(22))),
        (
            "SEC-006",
            format!("access_token$production${}${}", h(16), h(32)),
        ),
        ("SEC-007", format!("AIza{}", a(35))),
        ("SEC-007", format!("GOCSPX-{}", a(28))),
        ("SEC-007", format!("ya29.{}", a(60))),
        ("SEC-008", format!("sk-ant-{}", a(95))),
        ("SEC-008", format!("sk-proj-{}", a(64))),
        ("SEC-008", format!("hf_{}", drawn(LETTERS, 34))),
        ("SEC-008", format!("gsk_{}", a(52))),
        ("SEC-008", format!("r8_{}", a(37))),
        ("SEC-008", format!("tgp_v1_{}", a(43))),
        ("SEC-009", format!("npm_{}", a(36))),
        ("SEC-009", format!("pypi-AgE{}", a(80))),
        ("SEC-009", format!("cio{}", a(32))),
        ("SEC-009", format!("rubygems_{}", h(48))),
        ("SEC-009", format!("dckr_pat_{}", a(27))),
        ("SEC-010", jwt),
        (
            "SEC-011",
            format!("postgres://vostro:{}@db.internal/bank", a(14)),
        ),
        ("SEC-012", format!("api_key = \"{}\"", a(32))),
        ("SEC-012", format!("\"clientSecret\": \"{}\"", h(40))),
        (
            "SEC-013",
            format!("password = \"{}!{}\"", drawn(LETTERS, 6), drawn(DIGITS, 3)),
        ),
        ("SEC-014", format!("SG.{}.{}", a(22), a(43))),
        ("SEC-014", format!("SK{}", h(32))),
        ("SEC-014", format!("key-{}", h(32))),
        (
            "SEC-014",
            format!(
                "https://discord.com/api/webhooks/{}/{}",
                drawn(DIGITS, 18),
                a(68)
            ),
        ),
        ("SEC-014", format!("{}:AA{}", drawn(DIGITS, 10), a(33))),
        ("SEC-015", format!("AccountKey={}==", a(86))),
        ("SEC-016", format!("hvs.{}", a(40))),
        ("SEC-017", format!("dop_v1_{}", h(64))),
        ("SEC-017", format!("HRKU-{}", a(40))),
        ("SEC-017", format!("v1.0-{}-{}", h(24), h(146))),
    ]
}

fn pem(kind: &str) -> String {
    let body: Vec<String> = (60..64).map(|length| drawn(ALNUM, length)).collect();
    format!(
        "-----BEGIN {kind}PRIVATE KEY-----\n{}\n-----END {kind}PRIVATE KEY-----\n",
        body.join("\n")
    )
}

pub(crate) fn faults() -> Vec<Fault> {
    let mut faults: Vec<Fault> = shapes()
        .into_iter()
        .map(|(rule, text)| {
            // The name says nothing of the value.
            let start: String = text.chars().take(7).collect();
            let mut fault = Fault::at(rule, "notes.md", 2, &format!("See:\n{text}\n"));
            fault.name = format!("{rule} {start}…");
            fault
        })
        .collect();
    for kind in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "] {
        faults.push(
            Fault::at("SEC-001", "keys.txt", 2, &format!("A key:\n{}", pem(kind)))
                .named(&format!("a {kind}key in PEM")),
        );
    }
    faults.push(Fault::at(
        "SEC-001",
        "k8s.json",
        1,
        &format!("{{\"key\": \"{}\"}}\n", pem("").replace('\n', "\\n")),
    ));
    faults.push(Fault::at(
        "SEC-001",
        "key.ppk",
        1,
        "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n",
    ));
    faults.extend(files());
    faults.extend(history());
    faults
}

/// Files that are made for credentials.
fn files() -> Vec<Fault> {
    let secret = drawn(ALNUM, 20);
    let of = |path: &str, text: &str| {
        Fault::new(path)
            .file(path, text)
            .expect(&format!("SEC-018 {path}"))
    };
    vec![
        of(
            "ops/.netrc",
            &format!("machine a login b password {secret}\n"),
        ),
        of("ops/.git-credentials", "something\n"),
        of("ops/.htpasswd", "ada:$2y$05$abc\n"),
        of(
            "web/.npmrc",
            &format!("//registry.example/:_authToken={}\n", drawn(LETTERS, 20)),
        ),
        of("ops/.aws/credentials", "[default]\n"),
        of("ops/id_ed25519", "a key\n"),
        of("infra/terraform.tfstate", "{}\n"),
        of("ops/store.p12", "bytes\n"),
    ]
}

/// What was taken out of the tree and is still in the history.
fn history() -> Vec<Fault> {
    let token = format!("ghp_{}", drawn(ALNUM, 36));
    let gone = |name: &str, path: &str, text: &str, rule: &str, line: u32| {
        Fault::new(name)
            .commit(&[(path, text)])
            .commit(&[(path, "nothing\n")])
            .expect(&format!("{rule} history:{path}:{line}"))
    };
    vec![
        gone(
            "a token that was taken out",
            "notes.md",
            &format!("a\nb\n{token}\n"),
            "SEC-003",
            3,
        ),
        gone(
            "a key that was taken out",
            "old.txt",
            &pem("RSA "),
            "SEC-001",
            1,
        ),
        gone(
            "an address that was taken out",
            "old.txt",
            &format!("amqp://a:{}@mq.internal/\n", drawn(ALNUM, 12)),
            "SEC-011",
            1,
        ),
        Fault::new("a secret in the tree is told once, not for its history too")
            .commit(&[("notes.md", &token)])
            .expect("SEC-003 notes.md:1"),
    ]
}
