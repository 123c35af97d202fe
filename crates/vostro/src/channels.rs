//! Channels, put together from the configuration: what reads customers' messages, and where replies go.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use vostro_bank::{Store, channel_endpoint};
use vostro_channels::{Channel, Telling, WebhookChannel};
use vostro_webhooks::{Endpoint, Secrets};

use crate::config::{Config, Gateway};
use crate::failure::Failure;
use crate::webhooks::{SecretSource, secrets};

/// The adapters, by the configuration's order.
pub(crate) fn adapters(config: &Config) -> Result<Vec<Arc<dyn Channel>>> {
    let gateways = config.channels.gateways.iter().enumerate();
    gateways
        .map(|(index, gateway)| Ok(Arc::new(adapter(index, gateway)?) as Arc<dyn Channel>))
        .collect()
}

/// Where the channels' replies go.
pub(crate) fn endpoints(config: &Config, store: &Arc<dyn Store>) -> Result<Vec<Endpoint>> {
    let gateways = config.channels.gateways.iter().enumerate();
    gateways
        .map(|(index, gateway)| {
            let telling = Telling {
                store: Arc::clone(store),
                channel: Arc::new(adapter(index, gateway)?),
            };
            Ok(Endpoint::written_by(
                &channel_endpoint(&gateway.name),
                &gateway.url,
                outbound(index, gateway)?,
                Duration::from_millis(u64::from(gateway.timeout_ms)),
                config.webhooks.addresses(),
                Arc::new(telling),
            )?)
        })
        .collect()
}

/// A gateway's adapter. Secrets that serve both ways stop the start: what is sent out could be sent back.
fn adapter(index: usize, gateway: &Gateway) -> Result<WebhookChannel> {
    let inbound = secret(
        index,
        "inbound_",
        gateway.inbound_secret_file.as_ref(),
        gateway.inbound_secret_env.as_ref(),
    )?;
    if inbound.share_one_with(&outbound(index, gateway)?) {
        return Err(Failure::usage(
            format!("channels.gateways[{index}].inbound_secret_file: has a secret that replies are signed with"),
            "give each direction a secret of its own: docs/how-to/connect-a-channel.md",
        )
        .into());
    }
    Ok(WebhookChannel::new(&gateway.name, inbound))
}

fn outbound(index: usize, gateway: &Gateway) -> Result<Secrets> {
    let (file, variable) = (gateway.secret_file.as_ref(), gateway.secret_env.as_ref());
    secret(index, "", file, variable)
}

fn secret(
    index: usize,
    prefix: &str,
    file: Option<&PathBuf>,
    variable: Option<&String>,
) -> Result<Secrets> {
    secrets(&SecretSource {
        section: format!("channels.gateways[{index}].{prefix}"),
        page: "docs/how-to/connect-a-channel.md",
        file,
        variable,
    })
}
