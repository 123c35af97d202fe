//! A whole Vostro: one process with the three roles, or three processes that call each other.

use std::path::Path;

use crate::conversation::Conversation;
use crate::process::{Process, Setting};

/// How the roles are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// All roles in one process.
    OneProcess,
    /// Each role a process of its own; the concierge calls the other two over HTTP.
    ThreeProcesses,
}

/// A role and its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Chat.
    Concierge,
    /// Knowledge search.
    Rag,
    /// Checks on texts.
    Guardrails,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Concierge, Self::Rag, Self::Guardrails];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Concierge => "concierge",
            Self::Rag => "rag",
            Self::Guardrails => "guardrails",
        }
    }
}

/// A running Vostro with its own data folder; all of it goes when it is dropped.
#[derive(Debug)]
pub struct Deployment {
    shape: Shape,
    settings: Vec<(String, String)>,
    /// In the order rag, guardrails, concierge; or the only one.
    processes: Vec<Process>,
    // Last, so that the processes have ended when the folder goes.
    folder: tempfile::TempDir,
}

impl Deployment {
    /// Starts it with the settings that the product comes with.
    pub async fn start(shape: Shape) -> Self {
        Self::start_with(shape, &[]).await
    }

    /// Starts it with some settings changed.
    pub async fn start_with(shape: Shape, settings: &[Setting<'_>]) -> Self {
        let mut deployment = Self {
            shape,
            settings: settings
                .iter()
                .map(|(key, value)| ((*key).into(), (*value).into()))
                .collect(),
            processes: Vec::new(),
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        };
        deployment.open().await;
        deployment
    }

    async fn open(&mut self) {
        let settings: Vec<Setting<'_>> = self
            .settings
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let folder = self.folder.path();
        self.processes = match self.shape {
            Shape::OneProcess => vec![Process::start(folder, "all", &settings).await],
            Shape::ThreeProcesses => {
                let rag = Process::start(folder, "rag", &settings).await;
                let guardrails = Process::start(folder, "guardrails", &settings).await;
                let mut more = settings.clone();
                more.push(("VOSTRO__SERVICES__RAG_URL", url_of(&rag, Role::Rag)));
                more.push((
                    "VOSTRO__SERVICES__GUARDRAILS_URL",
                    url_of(&guardrails, Role::Guardrails),
                ));
                let concierge = Process::start(folder, "concierge", &more).await;
                vec![rag, guardrails, concierge]
            }
        };
    }

    /// Stops every process as an operator would, and starts again on the same data.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.reopen().await;
    }

    /// Starts again on the same data what was stopped or killed.
    pub async fn reopen(&mut self) {
        self.processes.clear();
        self.open().await;
    }

    /// Stops every process as an operator would; the data stays.
    pub async fn stop(&mut self) {
        for process in &mut self.processes {
            process.terminate();
            let status = process.wait().await;
            assert!(status.success(), "ended with {status}:\n{}", process.log());
        }
        self.processes.clear();
    }

    /// How the roles are spread.
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// Where a role answers.
    pub fn url(&self, role: Role) -> &str {
        url_of(self.process(role), role)
    }

    /// The process that has this role.
    pub fn process(&self, role: Role) -> &Process {
        let found = self
            .processes
            .iter()
            .find(|process| process.urls.contains_key(role.name()));
        found.expect("a process for each role")
    }

    /// The same, to kill it.
    pub fn process_mut(&mut self, role: Role) -> &mut Process {
        let found = self
            .processes
            .iter_mut()
            .find(|process| process.urls.contains_key(role.name()));
        found.expect("a process for each role")
    }

    /// The folder with the database and the logs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What all processes wrote so far.
    pub fn logs(&self) -> String {
        self.processes.iter().map(Process::log).collect()
    }

    /// A customer who begins a conversation.
    pub fn customer(&self, user: &str) -> Conversation {
        Conversation::new(self.url(Role::Concierge), user)
    }
}

fn url_of(process: &Process, role: Role) -> &str {
    process
        .urls
        .get(role.name())
        .expect("the role answers somewhere")
}
