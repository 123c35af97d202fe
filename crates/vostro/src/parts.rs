//! Putting the parts together from a configuration: one function per part, used by every command
//! that needs it, so that `doctor` looks at what `serve` runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rust_embed::Embed;
use vostro_bank::Store;
use vostro_core_banking::{CoreBankedStore, CoreSettings, HttpCore, Patience};
use vostro_embed::{CrossEncoder, CrossEncoderError, Embedder, LoadError, MiniLm, Reranker};
use vostro_guardrails::Engine;
use vostro_ingest::Defaults;
use vostro_knowledge::{Audience, KnowledgeBase, KnowledgeError, load::Loaded, load_dir, parse};
use vostro_step_up::{Codes, FactorKey, ProviderKey};
use vostro_store::{OpenedStore, PostgresStore, PostgresTuning, SqliteStore, StoreConfig, Tuning};
use vostro_types::{SystemClock, SystemEntropy};

use crate::config::{Config, Location, conceal, size};
use crate::failure::Failure;
use crate::key_file;

/// The articles that come with the program.
#[derive(Embed)]
#[folder = "../../knowledge-base"]
struct Articles;

/// Number of articles that come with the program.
pub(crate) fn embedded_articles() -> usize {
    Articles::iter().filter(|name| is_article(name)).count()
}

fn is_article(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    // As `load_dir` does it: `.MD` is no article.
    Path::new(file).extension() == Some("md".as_ref())
        && file != "README.md"
        && !file.starts_with('.')
}

/// The guardrails' engine: the built-in policies, and the bank's own on top.
pub(crate) fn engine(config: &Config) -> Result<Engine> {
    Engine::from_policies(&own_policies(config)?).map_err(|error| {
        Failure::usage(
            format!("the policy is refused: {error}"),
            "docs/guardrails.md has the format of policy files",
        )
        .into()
    })
}

/// The same with what administrators said laid over the files; else what is wrong, with its line where it is theirs.
pub(crate) fn engine_with(config: &Config, change: &str) -> Result<Engine, String> {
    const CHANGE: &str = "\u{2205}change";
    let mut files = own_policies(config).map_err(|error| format!("{error:#}"))?;
    files.push((CHANGE.to_owned(), change.to_owned()));
    Engine::from_policies(&files).map_err(|error| {
        if error.file == CHANGE {
            format!("line {}: {}", error.line, error.reason)
        } else {
            format!("with it, {error}")
        }
    })
}

/// The bank's own policy files, by name.
fn own_policies(config: &Config) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    if let Some(folder) = &config.guardrails.policies {
        for path in policy_files(folder)? {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("the policy {} cannot be read", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    Ok(files)
}

fn policy_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("guardrails.policies: {} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A knowledge base, and what of its articles could not be taken in.
pub(crate) struct Knowledge {
    /// What can be searched.
    pub base: KnowledgeBase,
    /// One error for each file that was left out.
    pub errors: Vec<KnowledgeError>,
    /// Where the articles came from.
    pub source: String,
}

/// The articles of the configured folder, or those that come with the program; and where they are from.
pub(crate) fn articles(config: &Config) -> Result<(Loaded, String)> {
    Ok(match &config.knowledge.path {
        Some(path) => (load_dir(path)?, path.display().to_string()),
        None => (embedded(), "the articles that come with Vostro".to_owned()),
    })
}

/// A knowledge base of [`articles`].
pub(crate) fn knowledge(config: &Config) -> Result<Knowledge> {
    let (loaded, source) = articles(config)?;
    let base = KnowledgeBase::build(loaded.documents)?;
    Ok(Knowledge {
        base,
        errors: loaded.errors,
        source,
    })
}

fn embedded() -> Loaded {
    let mut loaded = Loaded::default();
    for name in Articles::iter().filter(|name| is_article(name)) {
        let bytes = Articles::get(&name)
            .map(|file| file.data)
            .unwrap_or_default();
        match parse(&name, &String::from_utf8_lossy(&bytes)) {
            Ok(document) => loaded.documents.push(document),
            Err(error) => loaded.errors.push(error),
        }
    }
    loaded
}

/// The folder of the embedding model's files; `None` where neither the configuration nor the environment
/// names one.
pub(crate) fn model_folder(config: &Config) -> Option<PathBuf> {
    let configured = config.embedding.folder.clone();
    configured.or_else(|| vostro_embed::files::default_folder(|name| std::env::var_os(name)))
}

/// The embedding model, where it is wanted and there. `Ok(None)`: it is switched off, or no folder is
/// named. With an error everything works all the same, with words alone.
pub(crate) fn embedder(config: &Config) -> Result<Option<Arc<dyn Embedder>>, LoadError> {
    let folder = model_folder(config).filter(|_| config.embedding.enabled);
    let Some(folder) = folder else {
        return Ok(None);
    };
    let lanes = lanes(config.embedding.lanes);
    Ok(Some(Arc::new(MiniLm::load(&folder, lanes)?)))
}

/// The model that puts passages in order. `Ok(None)`: none is wanted. With an error everything works all the same, in
/// the order of words and meaning.
pub(crate) fn reranker(config: &Config) -> Result<Option<Arc<dyn Reranker>>, CrossEncoderError> {
    let reranking = &config.reranking;
    let Some(folder) = &reranking.model else {
        return Ok(None);
    };
    let lanes = lanes(reranking.lanes);
    let model = CrossEncoder::load(folder, reranking.sha256.as_deref(), lanes)?;
    Ok(Some(Arc::new(model)))
}

/// How many texts a model works on at once: as many as are set, else one a core.
fn lanes(setting: u32) -> usize {
    match setting {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        lanes => size(lanes),
    }
}

/// Opens the store that is configured: makes a file's folder, migrates it, refuses one that would not
/// be durable.
pub(crate) async fn open_store(config: &Config) -> Result<Arc<dyn OpenedStore>> {
    match config.database.location().map_err(anyhow::Error::msg)? {
        Location::Memory => open_store_in_memory(config),
        Location::File(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("the folder {} cannot be made", folder.display()))
                    .context(Failure::new(
                        format!("the database {} cannot be opened", path.display()),
                        "give a folder that can be written to, with --database-url or database.url",
                    ))?;
            }
            open_sqlite(&path, config)
        }
        Location::Server(url) => open_postgres(url.expose(), config).await,
    }
}

/// The store as the concierge has it: with the core banking system's money, where one is configured.
pub(crate) fn with_core(config: &Config, local: Arc<dyn OpenedStore>) -> Result<Arc<dyn Store>> {
    let Some(url) = &config.core_banking.url else {
        return Ok(local);
    };
    let core = HttpCore::new(&core_settings(config, url));
    let core = core.context("core_banking.url cannot be used")?;
    let patience = Patience {
        deadline: Duration::from_millis(u64::from(config.core_banking.deadline_ms)),
        ..Patience::default()
    };
    let clock = Arc::new(SystemClock);
    let store = CoreBankedStore::new(local, Arc::new(core), clock, patience);
    Ok(Arc::new(store))
}

/// How the configured core banking system is called, at this address.
pub(crate) fn core_settings(config: &Config, url: &str) -> CoreSettings {
    let timeout = Duration::from_millis(u64::from(config.core_banking.timeout_ms));
    CoreSettings {
        url: url.to_owned(),
        connect_timeout: timeout.min(Duration::from_secs(1)),
        timeout,
        token: config.core_banking.token.clone(),
    }
}

/// Opens the store that is configured for reading, beside the process that serves it.
pub(crate) async fn open_store_to_read(config: &Config) -> Result<Arc<dyn OpenedStore>> {
    match config.database.location().map_err(anyhow::Error::msg)? {
        Location::File(path) => {
            if !path.is_file() {
                return Err(Failure::new(
                    format!("there is no database {}", path.display()),
                    "--database-url, or database.url, says which",
                )
                .into());
            }
            let store = SqliteStore::open_reading(&path, store_config(config)?)?;
            Ok(Arc::new(store))
        }
        Location::Memory | Location::Server(_) => open_store(config).await,
    }
}

/// Opens a store in memory, whatever is configured.
pub(crate) fn open_store_in_memory(config: &Config) -> Result<Arc<dyn OpenedStore>> {
    open_sqlite(Path::new(":memory:"), config)
}

fn open_sqlite(path: &Path, config: &Config) -> Result<Arc<dyn OpenedStore>> {
    let tuning = Tuning {
        commands_per_commit: size(config.database.commands_per_commit),
        queued_commands: size(config.database.queued_commands),
        readers: size(config.database.readers),
    };
    Ok(Arc::new(SqliteStore::open_tuned(
        path,
        store_config(config)?,
        tuning,
    )?))
}

async fn open_postgres(url: &str, config: &Config) -> Result<Arc<dyn OpenedStore>> {
    let tuning = PostgresTuning {
        connections: size(config.database.connections),
        wait: Duration::from_millis(u64::from(config.database.connection_wait_ms)),
        ..PostgresTuning::default()
    };
    let opened = PostgresStore::connect_tuned(url, store_config(config)?, tuning).await;
    let store = opened.with_context(|| {
        Failure::new(
            format!("the database {} cannot be opened", conceal(url)),
            "`vostro doctor` looks closer; database.url, or --database-url, says which database",
        )
    })?;
    Ok(Arc::new(store))
}

fn store_config(config: &Config) -> Result<StoreConfig> {
    let rules = config
        .bank
        .rules()
        .map_err(crate::config::ConfigError::Problems)?;
    let calendar = config.calendar.rules(rules.time_zone);
    let calendar = calendar.map_err(crate::config::ConfigError::Problems)?;
    Ok(StoreConfig {
        limits: rules.limits,
        calendar,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        demo_customers: config.demo.enabled,
        money_stopped: config.bank.money_stopped,
    })
}

/// What holds for documents that do not say otherwise. The day is the caller's to set.
pub(crate) fn document_defaults() -> Defaults {
    Defaults {
        category: "documents".to_owned(),
        audience: Audience::Customer,
        language: "en".to_owned(),
        updated: jiff::civil::Date::ZERO,
    }
}

/// One-time codes for a second factor, where there is a key for their secrets.
pub(crate) fn codes(config: &Config) -> Result<Option<Codes>> {
    let Some(path) = &config.step_up.key_file else {
        return Ok(None);
    };
    let text = key_file::secret("step_up.key_file", path)?;
    let key = FactorKey::read(&text).map_err(|error| {
        let path = path.display();
        Failure::usage(format!("step_up.key_file: {path}: {error}"), "")
    })?;
    Ok(Some(Codes::new(key)))
}

/// The key of the bank's own identity provider.
pub(crate) fn provider(config: &Config) -> Result<Option<ProviderKey>> {
    let setting = "step_up.provider_key_file";
    let Some(path) = &config.step_up.provider_key_file else {
        return Ok(None);
    };
    let text = key_file::public(setting, path)?;
    let key = ProviderKey::read(&text).map_err(|error| {
        let path = path.display();
        Failure::usage(format!("{setting}: {path}: {error}"), "")
    })?;
    if matches!(key, ProviderKey::Shared(_)) {
        key_file::secret(setting, path)?;
    }
    Ok(Some(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_articles_that_come_with_the_program_can_be_read() {
        let knowledge = knowledge(&Config::default()).unwrap();
        assert!(knowledge.errors.is_empty(), "{:#?}", knowledge.errors);
        assert_eq!(knowledge.base.document_count(), embedded_articles());
        assert!(embedded_articles() >= 40);
    }

    /// What the bank wrote itself must be sayable, or its customers get refusals for answers.
    #[test]
    fn the_guardrails_let_every_article_through() {
        use vostro_guardrails::{CheckRequest, Direction};
        use vostro_http::client::PassageScreen;
        use vostro_ingest::Screen as _;
        let config = Config::default();
        let (engine, knowledge) = (engine(&config).unwrap(), knowledge(&config).unwrap());
        let screen = PassageScreen(Arc::new(engine));
        let mut blocked = Vec::new();
        for document in knowledge.base.documents() {
            for chunk in vostro_knowledge::chunk(document) {
                let heading = chunk.headings.join(" \u{203a} ");
                if let Some(reason) = screen.reason(&chunk.title, &heading, &chunk.content) {
                    blocked.push(format!("{} {reason}", chunk.id));
                }
                let said = screen
                    .0
                    .check(&chunk.content, &CheckRequest::all(Direction::Output));
                if said.blocks() {
                    blocked.push(format!("{} as a reply: {:?}", chunk.id, said.injections));
                }
            }
        }
        assert!(blocked.is_empty(), "are blocked: {blocked:#?}");
    }

    #[test]
    fn a_refused_policy_names_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("own.toml"),
            "\n[settings]\nmusk = \"full\"\n",
        )
        .unwrap();
        let mut config = Config::default();
        config.guardrails.policies = Some(folder.path().to_owned());
        let error = engine(&config).unwrap_err().to_string();
        assert!(
            error.contains("own.toml:3") && error.contains("musk"),
            "{error}"
        );
    }
}
