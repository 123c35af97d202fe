//! `vostro openapi`: the `OpenAPI` document, without a server.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::version::print;

const EXAMPLES: &str = "\
Examples:
  vostro openapi > openapi.json
  vostro openapi --format yaml-3.0 > docs/api/openapi.yaml
  vostro openapi --format access > docs/security/access.md";

/// Prints the `OpenAPI` document of all roles, made from the code.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct OpenapiArgs {
    /// Version and form
    #[arg(long, value_enum, default_value_t = Form::Json31)]
    format: Form,
}

/// Version and form of the document.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// `OpenAPI` 3.1 as JSON: what `/openapi.json` serves
    #[value(name = "json")]
    Json31,
    /// `OpenAPI` 3.0.3 as YAML: what docs/api/openapi.yaml holds
    #[value(name = "yaml-3.0")]
    Yaml30,
    /// Who may call which operation, as Markdown: what docs/security/access.md holds
    Access,
}

/// Runs the command.
pub(crate) fn run(args: &OpenapiArgs) -> Result<ExitCode> {
    let document = match args.format {
        Form::Json31 => vostro_http::openapi_json(),
        Form::Yaml30 => vostro_http::openapi_yaml_3_0(),
        Form::Access => vostro_http::access_page(),
    };
    print(document.as_ref())?;
    Ok(ExitCode::SUCCESS)
}
