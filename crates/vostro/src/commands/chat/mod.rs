//! `vostro chat`: the assistant in the terminal, over HTTP or within this process.

mod partner;
mod render;

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use rustyline::error::ReadlineError;

use self::partner::Partner;
pub(super) use self::partner::{Answer, Http};
use super::{lines, version::print};
use crate::config::Effective;

const EXAMPLES: &str = "\
Examples:
  vostro chat                                   talk to the server on this machine
  vostro chat --user alice --url http://10.0.0.5:8000
  vostro chat --embedded                        no server: everything in this process
  printf 'balance?\\nshow my last 3 transactions\\n' | vostro chat --json

In the conversation: /new begins afresh, /help says what to ask, /quit (or Ctrl-D) ends it.";

/// Talks to the assistant. Messages come from the keyboard, or from standard input with one a line.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ChatArgs {
    /// The concierge to talk to
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8000",
        env = "VOSTRO_URL"
    )]
    url: String,
    /// Answer within this process, over the configured store; no server is needed
    #[arg(long, conflicts_with = "url")]
    embedded: bool,
    /// Who is talking; the sandbox opens a demo portfolio for names it does not know
    #[arg(long, value_name = "ID", default_value = "demo_001")]
    user: String,
    /// Go on with an earlier conversation
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Print each answer as one line of JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command; the configuration is only read when it answers by itself.
pub(crate) fn run(args: ChatArgs, load: impl FnOnce() -> Result<Effective>) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let partner = if args.embedded {
        runtime.block_on(Partner::embedded(&load()?.config, &args.user))?
    } else {
        Partner::http(&args.url, &args.user)?
    };
    let mut talk = Talk {
        runtime,
        partner,
        session: args.session,
        json: args.json,
    };
    let outcome = if std::io::stdin().is_terminal() {
        talk.at_the_keyboard()
    } else {
        talk.piped()
    };
    talk.runtime.block_on(talk.partner.close());
    outcome
}

struct Talk {
    runtime: tokio::runtime::Runtime,
    partner: Partner,
    session: Option<String>,
    json: bool,
}

impl Talk {
    /// One message a line; a message that gets no answer fails the command at the end.
    fn piped(&mut self) -> Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        lines::for_each(false, |line| {
            match line.trim() {
                "" => return Ok(()),
                "/new" => {
                    self.session = None;
                    return Ok(());
                }
                _ => {}
            }
            match self.say(line)? {
                Answer::Reply(body) => self.show(&body)?,
                Answer::Refused(why) => {
                    anstream::eprintln!("refused: {why}");
                    code = ExitCode::from(crate::failure::FAILED);
                }
            }
            Ok(())
        })?;
        Ok(code)
    }

    fn at_the_keyboard(&mut self) -> Result<ExitCode> {
        let mut editor = rustyline::DefaultEditor::new().context("the terminal cannot be used")?;
        print(&format!(
            "{}\n",
            render::welcome(self.partner.whereabouts())
        ))?;
        loop {
            let line = match editor.readline("you › ") {
                Ok(line) => line,
                Err(ReadlineError::Interrupted | ReadlineError::Eof) => {
                    return Ok(ExitCode::SUCCESS);
                }
                Err(error) => return Err(error).context("the terminal cannot be read"),
            };
            match line.trim() {
                "" => {}
                "/quit" | "/exit" => return Ok(ExitCode::SUCCESS),
                "/help" => print(&format!("{}\n", render::HELP))?,
                "/new" => {
                    self.session = None;
                    print("A new conversation.\n")?;
                }
                message => {
                    // For the arrow keys only: what was said is kept in memory, never in a file.
                    let _ = editor.add_history_entry(message);
                    match self.say(message)? {
                        Answer::Reply(body) => self.show(&body)?,
                        Answer::Refused(why) => print(&format!("refused: {why}\n"))?,
                    }
                }
            }
        }
    }

    fn say(&mut self, message: &str) -> Result<Answer> {
        let session = self.session.as_deref();
        let answer = self.runtime.block_on(self.partner.say(message, session))?;
        if let Answer::Reply(body) = &answer
            && let Some(session) = body.get("session_id").and_then(serde_json::Value::as_str)
        {
            self.session = Some(session.to_owned());
        }
        Ok(answer)
    }

    fn show(&self, body: &serde_json::Value) -> Result<()> {
        if self.json {
            print(&format!("{body}\n"))
        } else {
            print(&render::reply(body))
        }
    }
}
