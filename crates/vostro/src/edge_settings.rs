//! What the configuration says of the HTTP edge: limits, sizes, deadlines, and who may call what.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use vostro_http::{Deadlines, EdgeSettings, Jwt, KeySource, RateLimits, SharedLimits, SizeLimits};
use vostro_types::{Clock, SystemClock};

use crate::config::{AuthMode, Config, Limits, size};
use crate::{key_file, tls};

/// How customers show who they are. Public keys are read now, so that a mistake is seen at the start; an identity
/// provider that does not answer yet is asked again with the first token.
async fn auth_mode(config: &Config) -> Result<vostro_http::AuthMode> {
    match config.auth.mode {
        AuthMode::Sandbox => Ok(vostro_http::AuthMode::Sandbox),
        AuthMode::ApiKey => Ok(vostro_http::AuthMode::ApiKey),
        AuthMode::Jwt => {
            let settings = config.auth.jwt();
            let settings = settings.context("auth: what mode `jwt` needs is missing")?;
            let is_file = matches!(settings.keys, KeySource::File(_));
            let jwt = Jwt::new(settings).context("auth: the identity provider cannot be asked")?;
            match jwt.read_keys(SystemClock.now()).await {
                Ok(()) => {}
                Err(error) if is_file => {
                    return Err(error).context("auth.jwks_file cannot be used");
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(target: "vostro", error, "auth.jwks_url gave no keys yet");
                }
            }
            Ok(vostro_http::AuthMode::Jwt(Arc::new(jwt)))
        }
    }
}

/// Where replicas count together, if anywhere.
fn shared_limits(limits: &Limits) -> Result<Option<SharedLimits>> {
    let Some(url) = &limits.valkey_url else {
        return Ok(None);
    };
    let authority = key_file::authority("limits.valkey_ca_file", limits.valkey_ca_file.as_deref())?;
    let shared = SharedLimits::new(url.expose(), authority.as_deref())
        .context("limits.valkey_url cannot be used")?;
    Ok(Some(shared))
}

/// The settings of the HTTP edge.
pub(crate) async fn read(config: &Config) -> Result<EdgeSettings> {
    let auth = auth_mode(config).await?;
    let limits = &config.limits;
    let shared = shared_limits(limits)?;
    Ok(EdgeSettings {
        limits: RateLimits {
            per_minute: limits.requests_per_minute,
            concurrent: limits.concurrent_turns,
            turns_at_once: limits.turns_at_once,
            flood_per_minute: limits.flood_per_minute,
            service_per_minute: limits.service_per_minute,
            failed_auth_per_minute: limits.failed_auth_per_minute,
            money_per_minute: limits.money_per_minute,
            ..RateLimits::default()
        },
        sizes: SizeLimits {
            body_bytes: size(limits.max_body_bytes),
            message_chars: size(limits.max_message_chars),
            query_chars: size(limits.max_query_chars),
            connections: size(limits.max_connections),
            ..SizeLimits::default()
        },
        deadlines: Deadlines {
            turn: Duration::from_millis(u64::from(limits.turn_timeout_ms)),
            ..Deadlines::default()
        },
        auth,
        tls: tls::load(config)?,
        allowed_origins: config.server.allowed_origins.clone(),
        frame_ancestors: config.server.frame_ancestors.clone(),
        service_token: config.services.token.clone(),
        admin_token: config.auth.admin_token.clone(),
        api_keys: config.auth.keys(),
        shared_limits: shared.map(Arc::new),
        two_people: config.auth.two_people.policy(),
        approval_ttl: jiff::SignedDuration::from_mins(config.auth.approval_minutes.into()),
        ..EdgeSettings::new(env!("CARGO_PKG_VERSION"))
    })
}
