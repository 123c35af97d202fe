//! Which models a server offers: a small question that shows whether it is there and takes the key.

use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use vostro_dialogue::model::{ModelError, Wait};

use crate::attempt::of_transport;
use crate::client::LlmClient;
use crate::events::collect;
use crate::retry::error_of_status;
use crate::transport::Call;

/// Catalogues have hundreds of entries of a kilobyte.
const CATALOGUE_BYTES: usize = 4 << 20;

impl LlmClient {
    /// The names of the models that the server offers (`GET /models`), as a list or as `{data: […]}`.
    pub async fn models(&self, within: Duration) -> Result<Vec<String>, ModelError> {
        let by = Instant::now() + within;
        let call = Call {
            path: "/models",
            headers: self.inner().headers.clone(),
            body: None,
        };
        let asked = async {
            let reply = self
                .inner()
                .transport
                .call(call)
                .await
                .map_err(of_transport)?;
            if reply.status != 200 {
                return Err(error_of_status(reply.status));
            }
            collect(reply.body.boxed(), CATALOGUE_BYTES).await
        };
        let bytes = timeout_at(by, asked)
            .await
            .map_err(|_| ModelError::TimedOut(Wait::Answer))??;
        let catalogue: Value = serde_json::from_slice(&bytes)
            .map_err(|_| ModelError::Malformed("it is no JSON of a catalogue"))?;
        let entries = catalogue.get("data").unwrap_or(&catalogue).as_array();
        let entries = entries.ok_or(ModelError::Malformed("it is no JSON of a catalogue"))?;
        let name = |entry: &Value| Some(entry.get("id")?.as_str()?.to_owned());
        Ok(entries.iter().filter_map(name).collect())
    }
}
