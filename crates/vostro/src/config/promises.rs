//! What holds for all bytes as a configuration: a file, and after the first NUL the environment, a variable a line. Used by
//! the replay of the saved corpus below.

use std::io::Write as _;

use crate::config::{Config, ConfigError, Effective, Sources, load, to_json, to_toml};

/// It is a configuration that can be shown without its secrets, or problems that each name a place, in words that steer no terminal.
pub(crate) fn keep(data: &[u8]) {
    let at = data.iter().position(|byte| *byte == 0);
    let (file, environment) = data.split_at(at.unwrap_or(data.len()));
    let environment = String::from_utf8_lossy(environment);
    let variables = environment.lines().filter_map(|line| {
        let (name, value) = line.trim_start_matches('\0').split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let written = tempfile::NamedTempFile::new().and_then(|mut to| {
        to.write_all(file)?;
        Ok(to)
    });
    let Ok(written) = written else {
        panic!("no file can be written");
    };
    let sources = Sources {
        file: Some(written.path().to_owned()),
        environment: variables.collect(),
        ..Sources::default()
    };
    match load(&sources) {
        Ok(effective) => shows_no_secret(&effective),
        Err(error) => {
            if let ConfigError::Problems(problems) = &error {
                assert!(!problems.is_empty());
                assert!(problems.iter().all(|it| !it.reason.trim().is_empty()));
            }
            let told = error.to_string();
            let steers = |c: char| c.is_control() && c != '\n';
            assert!(
                !told.trim().is_empty() && !told.contains(steers),
                "{told:?}"
            );
        }
    }
}

fn shows_no_secret(effective: &Effective) {
    let secrets = secrets(&effective.config);
    for shown in [
        to_toml(effective),
        to_json(effective).to_string(),
        format!("{effective:?}"),
    ] {
        // A short one may stand there as something else's part.
        let long = secrets.iter().filter(|secret| secret.len() >= 12);
        for secret in long {
            assert!(!shown.contains(secret.as_str()), "a secret is shown");
        }
    }
}

fn secrets(config: &Config) -> Vec<String> {
    let all = [
        &config.auth.admin_token,
        &config.services.token,
        &config.core_banking.token,
        &config.llm.together_api_key,
    ];
    let given = all.into_iter().flatten();
    let whole = given.map(|secret| secret.expose().clone());
    let addresses = [
        Some(&config.database.url),
        config.limits.valkey_url.as_ref(),
    ];
    // Between the first `:` after the scheme and the last `@` there is a password.
    let passwords = addresses.into_iter().flatten().filter_map(|address| {
        let (_, rest) = address.expose().split_once("://")?;
        let (credentials, _) = rest.rsplit_once('@')?;
        Some(credentials.split_once(':')?.1.to_owned())
    });
    whole.chain(passwords).collect()
}

#[cfg(test)]
#[path = "../../../../fuzz/saved.rs"]
mod saved;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_configurations_keep_the_promises() {
        saved::replay("config", 16, keep);
    }
}
