//! Planted faults: settings and their defaults.

use crate::world::Fault;

pub(crate) fn faults() -> Vec<Fault> {
    let toml =
        |rule, text: &str| Fault::at(rule, "config/app.toml", 2, &format!("[server]\n{text}\n"));
    let yaml =
        |rule, text: &str| Fault::at(rule, "config/app.yaml", 2, &format!("server:\n{text}\n"));
    vec![
        Fault::new("an environment file in the tree")
            .file(".env.production", "PORT=1\n")
            .expect("ENV-001 .env.production"),
        Fault::new("a repository that does not ignore .env")
            .commit(&[(".gitignore", "/target/\n")])
            .expect("ENV-002 .gitignore"),
        Fault::at("ENV-003", ".env.template", 2, "PORT=1\nAPI_TOKEN=letters\n"),
        Fault::at(
            "ENV-003",
            "ops/env.example",
            1,
            "export DB_PASSWORD=\"letters\"\n",
        ),
        toml("ENV-004", "admin_password = \"admin\""),
        yaml("ENV-004", "  db_password: postgres"),
        toml("ENV-005", "debug = true"),
        yaml("ENV-005", "  debug: yes"),
        toml("ENV-006", "host = \"0.0.0.0\""),
        yaml("ENV-006", "  listen: \"[::]:8000\""),
        toml("ENV-008", "cors_origins = [\"*\"]"),
        yaml("ENV-008", "  allowed_origins: \"*\""),
        toml("ENV-009", "url = \"postgres://db/bank?sslmode=disable\""),
        yaml("ENV-009", "  verify_ssl: false"),
        yaml("ENV-009", "  insecure_skip_verify: true"),
    ]
}
