//! Planted faults: modes and links.

use crate::world::Fault;

pub(crate) fn faults() -> Vec<Fault> {
    let of = |rule: &str, path: &str, mode: u32| {
        Fault::new(&format!("{path} with mode {mode:o}"))
            .mode(path, mode)
            .expect(&format!("{rule} {path}"))
    };
    vec![
        of("PER-001", "src/lib.rs", 0o666),
        of("PER-001", "scripts/run.sh", 0o777),
        of("PER-003", "scripts/run.sh", 0o4755),
        of("PER-003", "scripts/run.sh", 0o2755),
        of("PER-004", "README.md", 0o755),
        of("PER-004", "settings.toml", 0o744),
        Fault::new("a login that others can read")
            .file("ops/.pgpass", "db:5432:bank:ada:letters\n")
            .mode("ops/.pgpass", 0o644)
            .expect("PER-002 ops/.pgpass")
            .expect("SEC-018 ops/.pgpass"),
        Fault::new("an environment file that others can read")
            .file(".env.local", "PORT=1\n")
            .mode(".env.local", 0o640)
            .expect("PER-002 .env.local")
            .expect("ENV-001 .env.local"),
        Fault::new("a link to another file of the machine")
            .link("passwords", "/etc/passwd")
            .expect("PER-005 passwords"),
        Fault::new("a link to beside the project")
            .link("web/up", "../../x")
            .expect("PER-005 web/up"),
    ]
}
