//! Tables: which layer wins, and that each mistake names its key and what is allowed.

use super::*;

fn with_file(text: &str) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vostro.toml");
    std::fs::write(&path, text).unwrap();
    let sources = Sources {
        file: Some(path),
        ..Sources::default()
    };
    (folder, sources)
}

fn variable(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn set(key: &str, value: &str) -> Override {
    Override {
        key: key.to_owned(),
        value: value.to_owned(),
        flag: "--set".to_owned(),
    }
}

#[test]
fn defaults_pass_their_own_checks() {
    let effective = load(&Sources::default()).unwrap();
    assert_eq!(effective.config, Config::default());
    assert!(effective.origins.values().all(|origin| origin == "default"));
}

#[test]
fn later_layers_win_and_are_named() {
    let (folder, mut sources) =
        with_file("[limits]\nrequests_per_minute = 7\n[server]\nrag_port = 1\n");
    sources.profile = Some(Profile::Bench);
    sources.environment = vec![
        variable("VOSTRO__SERVER__RAG_PORT", "2"),
        variable("VOSTRO__SERVER__GUARDRAILS_PORT", "3"),
        variable("VOSTRO__PROFILE", "bench"),
        variable("PATH", "/bin"),
    ];
    sources.overrides = vec![set("server.guardrails_port", "4")];
    let effective = load(&sources).unwrap();
    let config = &effective.config;
    let file = folder.path().join("vostro.toml").display().to_string();
    let found = [
        (
            config.limits.requests_per_minute,
            "limits.requests_per_minute",
            7,
            file.as_str(),
        ),
        (
            config.limits.concurrent_turns,
            "limits.concurrent_turns",
            1_000_000,
            "profile bench",
        ),
        (
            config.server.rag_port.into(),
            "server.rag_port",
            2,
            "VOSTRO__SERVER__RAG_PORT",
        ),
        (
            config.server.guardrails_port.into(),
            "server.guardrails_port",
            4,
            "--set",
        ),
        (
            config.server.concierge_port.into(),
            "server.concierge_port",
            8000,
            "default",
        ),
    ];
    for (value, key, expected, origin) in found {
        assert_eq!(value, expected, "{key}");
        assert_eq!(effective.origins[key], origin, "{key}");
    }
}

#[test]
fn lists_of_tables_come_from_a_file_or_as_json() {
    let (_folder, mut sources) = with_file(
        "[[webhooks.endpoints]]\nname = \"a\"\nurl = \"https://a.example/\"\nsecret_env = \"A\"\n",
    );
    let from_file = load(&sources).unwrap().config.webhooks.endpoints;
    assert_eq!((from_file.len(), from_file[0].timeout_ms), (1, 10_000));
    assert_eq!(from_file[0].topics, ["*"]);
    let json = serde_json::to_string(&from_file).unwrap();
    sources.file = None;
    sources.environment = vec![variable("VOSTRO__WEBHOOKS__ENDPOINTS", &json)];
    let effective = load(&sources).unwrap();
    assert_eq!(effective.config.webhooks.endpoints, from_file);
    let shown = super::super::to_toml(&effective);
    let (_folder, again) = with_file(&shown);
    assert_eq!(load(&again).unwrap().config.webhooks.endpoints, from_file);
}

#[test]
fn text_that_looks_like_a_number_stays_text_where_text_is_wanted() {
    let sources = Sources {
        environment: vec![
            variable("VOSTRO__DATABASE__URL", "sqlite:1234"),
            variable("VOSTRO__BANK__PER_TRANSFER", "100"),
            variable("VOSTRO__SERVICES__RAG_URL", ""),
        ],
        ..Sources::default()
    };
    let config = load(&sources).unwrap().config;
    assert_eq!(config.bank.per_transfer, "100");
    assert_eq!(config.services.rag_url, None);
}

/// A file, and what the error must say.
const MISTAKES: &[(&str, &[&str])] = &[
    (
        "[server]\nhots = \"::1\"\n",
        &["server.hots", "did you mean `server.host`"],
    ),
    (
        "[servr]\nhost = \"::1\"\n",
        &["servr", "did you mean `server`"],
    ),
    ("server = 3\n", &["server", "write `[server]`"]),
    (
        "[server]\nhost = \"localhost\"\n",
        &["server.host", "\"localhost\"", "IP address"],
    ),
    ("[server]\nhost = 1\n", &["server.host", "IP address"]),
    (
        "[server]\nrag_port = 65536\n",
        &["server.rag_port", "65536", "from 0 to 65535"],
    ),
    (
        "[server]\nrag_port = -1\n",
        &["server.rag_port", "from 0 to 65535"],
    ),
    (
        "[server]\nrag_port = \"8001\"\n",
        &["server.rag_port", "whole number"],
    ),
    (
        "[server]\nshutdown_grace_seconds = 0\n",
        &["server.shutdown_grace_seconds", "from 1 to 600"],
    ),
    (
        "[server]\nallow_non_loopback = \"yes\"\n",
        &["server.allow_non_loopback", "`true` or `false`"],
    ),
    (
        "[database]\nurl = \"postgres://u:hunter2@db/v?sslmode=maybe\"\n",
        &[
            "database.url",
            "no such sslmode",
            "verify-full",
            "sqlite:PATH",
        ],
    ),
    (
        "[database]\nreaders = 0\n",
        &["database.readers", "from 1 to 64"],
    ),
    (
        "[auth]\nmode = \"open\"\n",
        &["auth.mode", "\"open\"", "`sandbox`"],
    ),
    (
        "[bank]\ncurrency = \"XXL\"\n",
        &["bank.currency", "`XXL`", "ISO 4217"],
    ),
    (
        "[calendar]\nweekend = [\"caturday\"]\n",
        &["calendar.weekend", "`caturday`", "`sunday`"],
    ),
    (
        "[calendar]\nclosed_on = [\"2026-02-30\"]\n",
        &["calendar.closed_on", "`2026-02-30`", "2026-12-24"],
    ),
    (
        "[calendar]\ntransfer_cut_off = \"25:00\"\n",
        &["calendar.transfer_cut_off", "`25:00`", "`17:00`"],
    ),
    (
        "[bank]\ntime_zone = \"Mars/Olympus\"\n",
        &["bank.time_zone", "Mars/Olympus", "`UTC`"],
    ),
    (
        "[bank]\nper_transfer = \"0\"\n",
        &["bank.per_transfer", "more than zero"],
    ),
    ("[bank]\nper_day = \"1e9\"\n", &["bank.per_day", "1e9"]),
    (
        "[bank]\nper_day = \"10.00\"\n",
        &["bank.per_transfer", "bank.per_day"],
    ),
    (
        "[limits]\nrequests_per_minute = 0\n",
        &["limits.requests_per_minute", "from 1"],
    ),
    (
        "[limits]\nmax_body_bytes = 1.5\n",
        &["limits.max_body_bytes", "1.5"],
    ),
    (
        "[dialogue]\nconfirmation_minutes = 45\n",
        &["dialogue.confirmation_minutes", "session_idle_minutes"],
    ),
    (
        "[guardrails]\npolicies = \"./nowhere-at-all\"\n",
        &["guardrails.policies", "folder that exists"],
    ),
    (
        "[knowledge]\npath = \"./nowhere-at-all\"\n",
        &["knowledge.path", "folder that exists"],
    ),
    ("[demo]\ncustomers = 0\n", &["demo.customers", "from 1"]),
    (
        "[log]\nfilter = \"loud\"\n",
        &["log.filter", "`loud`", "debug"],
    ),
    (
        "[log]\nformat = \"xml\"\n",
        &["log.format", "`text`, `json`"],
    ),
    (
        "[services]\nrag_url = \"rag:8001\"\n",
        &["services.rag_url", "http://HOST:PORT"],
    ),
    (
        "[services]\nguardrails_url = \"ftp://g\"\n",
        &["services.guardrails_url", "https://HOST:PORT"],
    ),
    (
        "[services]\ntimeout_ms = 1\n",
        &["services.timeout_ms", "from 10"],
    ),
    (
        "[webhooks]\nendpoints = 3\n",
        &["webhooks.endpoints", "list of tables"],
    ),
    (
        "[webhooks]\nendpoints = [3]\n",
        &["webhooks.endpoints[0]: is no table"],
    ),
    (
        "[[webhooks.endpoints]]\nname = \"a\"\n[[webhooks.endpoints]]\nurll = \"x\"\ntimeout_ms = 1\n",
        &[
            "webhooks.endpoints[0].url: is missing",
            "webhooks.endpoints[1].urll: there is no such key; did you mean `url`?",
            "webhooks.endpoints[1].name: is missing",
            "webhooks.endpoints[1].timeout_ms: 1 does not fit",
        ],
    ),
    (
        "[[webhooks.endpoints]]\nname = \"A\"\nurl = \"http://10.0.0.1/\"\ntopics = [\"x\"]\n",
        &[
            "webhooks.endpoints[0].name: `A` is no name",
            "webhooks.endpoints[0].url: is not encrypted",
            "webhooks.endpoints[0].topics: `x` is no topic",
            "webhooks.endpoints[0].secret_file: is missing",
        ],
    ),
    (
        "[webhooks]\nprivate_addresses = \"refuse\"\n[[webhooks.endpoints]]\nname = \"a\"\nurl = \"https://ann:hunter2@x/\"\nsecret_env = \"A\"\nsecret_file = \"b\"\n[[webhooks.endpoints]]\nname = \"a\"\nurl = \"https://10.0.0.1/\"\nsecret_env = \"A\"\n",
        &[
            "webhooks.endpoints[0].url: has credentials in it",
            "webhooks.endpoints[0].secret_env: is one too many",
            "webhooks.endpoints[1].name: `a` is taken already",
            "webhooks.endpoints[1].url: the address is not allowed",
        ],
    ),
    (
        "[[channels.gateways]]\nname = \"a-name-of-more-than-32-characters-\"\nurl = \"http://10.0.0.1/\"\nsecret_env = \"A\"\nsecret_file = \"b\"\n[[webhooks.endpoints]]\nname = \"channel-sms\"\nurl = \"https://a.example/\"\nsecret_env = \"A\"\n",
        &[
            "channels.gateways[0].name: `channel-a-name-of-more-than-32-character` is no name",
            "channels.gateways[0].url: is not encrypted",
            "channels.gateways[0].secret_env: is one too many",
            "channels.gateways[0].inbound_secret_file: is missing",
            "webhooks.endpoints[0].name: cannot begin with `channel-`",
        ],
    ),
    ("[server\n", &["vostro.toml:1:"]),
    ("[server]\n\nhost = \n", &["vostro.toml:3:"]),
    (
        "[server]\nhost = \"::1\"\nhost = \"::1\"\n",
        &["vostro.toml:3:", "duplicate"],
    ),
    ("\u{0}", &["vostro.toml:1:"]),
];

#[test]
fn each_mistake_names_its_key_and_what_is_allowed() {
    for (text, parts) in MISTAKES {
        let (_folder, sources) = with_file(text);
        let error = load(&sources).expect_err(text).to_string();
        for part in *parts {
            assert!(
                error.contains(part),
                "{text:?}\n  says {error:?}\n  and not {part:?}"
            );
        }
        let of_a_default = text.contains("per_day = \"10.00\"");
        assert!(
            of_a_default || error.contains("vostro.toml"),
            "{text:?} hides its file: {error}"
        );
        assert!(!error.contains("hunter2"), "a password is shown: {error}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let (_folder, mut sources) = with_file("[server]\nhots = 1\n[log]\nformat = \"xml\"\n");
    sources.environment = vec![variable("VOSTRO__SERVER__HOTS", "1")];
    sources.overrides = vec![set("demo.customer", "3")];
    let error = load(&sources).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 4, "{error}");
    for part in [
        "`VOSTRO__SERVER__HOST`",
        "`demo.customers`",
        "`server.host`",
        "log.format",
    ] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
}

#[test]
fn a_missing_file_and_one_that_is_no_text_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin.toml");
    std::fs::write(&path, b"[server]\nhost = \"\xe9\"\n").unwrap();
    for path in [
        folder.path().join("nowhere.toml"),
        path,
        folder.path().to_owned(),
    ] {
        let name = path.display().to_string();
        let error = load(&Sources {
            file: Some(path),
            ..Sources::default()
        })
        .unwrap_err();
        assert!(error.to_string().contains(&name), "{error}");
    }
}
