//! Texts that look like faults and are none.

use crate::world::digest;

pub(crate) fn cases() -> Vec<(String, String)> {
    let digest = digest();
    let hash = "9f86d081884c7d65".repeat(4);
    let safe = "USER 1\nHEALTHCHECK CMD true\n";
    let rows: Vec<(&str, String)> = vec![
        // Names of secrets without a value, or with what stands for one.
        ("notes.md", "Set `API_KEY` and `password: ${DB_PASSWORD}`.".into()),
        ("notes.md", "Authorization: Bearer <your-token>".into()),
        ("notes.md", "export TOGETHER_API_KEY=your-key-comes-here-1234".into()),
        ("notes.md", "postgres://user:password@localhost/bank".into()),
        ("notes.md", "https://user:****@host.example/".into()),
        ("notes.md", "see https://host.example:8443/a@b and ada@bank.example".into()),
        ("notes.md", "AKIA is how they begin; AKIAIOSFODNN7EXAMPLE is the one of the manual".into()),
        ("notes.md", "xoxb- begins a token, sk- another, ghp_ a third".into()),
        ("notes.md", format!("checksum: {hash}")),
        ("notes.md", "commit 3f2504e04f8911d39a0c0305e82c3301aabbccdd".into()),
        ("notes.md", "token = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1".into()),
        ("src/keys.rs", "//! Keys.\n/// Their head: `-----BEGIN PRIVATE KEY-----`.\npub const HEAD: &str = \"-----BEGIN RSA PRIVATE KEY-----\";\n".into()),
        ("src/keys.rs", "//! Keys.\npub fn token(name: &str) -> Option<String> {\n    let token = std::env::var(name).ok()?;\n    let api_key_file = \"/run/secrets/together.key\";\n    Some(token + api_key_file)\n}\n".into()),
        ("src/names.rs", "//! Names.\npub const PASSWORD_FIELD: &str = \"password-of-the-customer\";\npub const TOKEN_LENGTH: usize = 32;\n".into()),
        ("web/keys.json", "{\"public_key\": \"a\", \"tokens\": 1024, \"passwordLabel\": \"Your password\"}".into()),
        ("web/.npmrc", "//registry.example/:_authToken=${NPM_TOKEN}\n".into()),
        // Containers.
        ("ops/Dockerfile", format!("ARG VERSION=12\nFROM debian:12@{digest}\nENV TOKEN_FILE=/run/secrets/token\n{safe}")),
        ("ops/Dockerfile", format!("# RUN curl https://a.example | sh\nFROM debian:12@{digest}\nRUN curl -fsS https://a.example/a -o a && sha256sum -c a.sum\n{safe}")),
        ("ops/Dockerfile", format!("FROM debian:12@{digest} AS base\nFROM base\nRUN chmod 755 /app && chmod u+w /data\n{safe}")),
        ("ops/Dockerfile", format!("FROM scratch\nCOPY a /a\nADD --checksum=sha256:{hash} https://a.example/a /a\n{safe}")),
        ("ops/Dockerfile", format!("FROM debian:12@{digest}\nRUN --mount=type=secret,id=token TOKEN=$(cat /run/secrets/token) make\n{safe}")),
        ("ops/values.yaml", "services:\n  - a\n  - b\n".into()),
        ("ops/broken.yaml", "a: [1, 2\n".into()),
        ("ops/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n".into()),
        // Sources.
        ("src/a.rs", "//! A.\npub fn f(a: Option<u8>) -> u8 { a.unwrap_or_default() }\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn f() { super::f(None).checked_add(1).unwrap(); }\n}\n".into()),
        ("src/a.rs", "//! A.\n/// `a.unwrap()` and `panic!` in words.\npub const SAID: &str = \"unsafe { } panic!() .unwrap()\";\n".into()),
        ("src/a.rs", "//! A.\nfn f(db: &Db) { db.execute(\"DELETE FROM a WHERE n = ?1\", [n]); }\n".into()),
        ("tests/a.rs", "//! A test.\nfn f() { None::<u8>.unwrap(); }\n".into()),
        ("crates/fake/Cargo.toml", "[package]\nname = \"fake\"\n\n[package.metadata.audit]\ntests-only = true\n".into()),
        ("a.py", "\"\"\"A.\"\"\"\nmodel.eval()\nvalue = ast.literal_eval(text)\nretrieval(text)\n".into()),
        ("a.py", "\"\"\"A.\"\"\"\nsubprocess.run(['ls', name], check=True)\ncursor.execute('SELECT 1 WHERE n = %s', (n,))\nyaml.safe_load(text)\n".into()),
        ("web/a.ts", "// at.innerHTML = text would be wrong\nif (at.innerHTML === '') { at.textContent = text; }\nconst found = /a/.exec(text);\n".into()),
        ("web/a.ts", "const tokens = Math.max(1, 2); const jitter = Math.random();\n".into()),
        ("scripts/a.sh", "#!/bin/sh\ncurl -fsS https://a.example/\ndate > \"$TMPDIR/now\"\nevaluate \"$1\"\n".into()),
        // Settings.
        ("config/app.toml", "[server]\nhost = \"127.0.0.1\"\n# host = \"0.0.0.0\"\npassword_file = \"/run/secrets/admin\"\nmax_tokens = 100\n".into()),
        ("config/app.yaml", "server:\n  debug: false\n  origins: [\"https://bank.example\"]\n  sslmode: verify-full\n".into()),
        (".env.template", "API_TOKEN=\n# DB_PASSWORD=letters\nTOKEN_TTL_SECONDS=60\nAPI_KEY=<yours>\n".into()),
        ("docs/example.toml", "host = \"0.0.0.0\"\n".into()),
    ];
    rows.into_iter()
        .map(|(path, text)| (path.to_owned(), text))
        .collect()
}
