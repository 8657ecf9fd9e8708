//! Sending through a gateway of the operator's: one POST for each message.
//!
//! The body is `{"id": …, "channel": "text" or "voice", "to": …, "text": …}`; the id stands in the header
//! `Idempotency-Key` too. 2xx means taken; 4xx except 408 and 429 means never; everything else is tried again.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url, redirect};

use super::{Message, MessageSender, SendError, Sending};

/// How long the gateway may take. The worker's lease is longer.
const TIMEOUT: Duration = Duration::from_secs(10);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A gateway by webhook.
#[derive(Clone)]
pub(crate) struct HttpSender {
    client: Client,
    url: Url,
}

impl std::fmt::Debug for HttpSender {
    /// Without the address: a gateway's may carry an account.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpSender(…)")
    }
}

impl HttpSender {
    /// A sender to the gateway at `url`, which knows us by `token`.
    ///
    /// # Errors
    /// The address or the token can't be used.
    pub(crate) fn new(url: &str, token: &str) -> anyhow::Result<Self> {
        let url = Url::parse(url).context("reading message_gateway_url")?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .ok()
            .context("message_gateway_token has signs that no header can carry")?;
        bearer.set_sensitive(true);
        let client = Client::builder()
            .timeout(TIMEOUT)
            // A gateway that has moved is for the operator to know; the token is not carried along.
            .redirect(redirect::Policy::none())
            // Everything about the way out is a setting; the environment is not asked.
            .no_proxy()
            .default_headers(HeaderMap::from_iter([
                (AUTHORIZATION, bearer),
                (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            ]))
            .build()
            .context("preparing the way to the message gateway")?;
        Ok(Self { client, url })
    }

    async fn post(&self, message: &Message) -> Result<(), SendError> {
        let Message { id, channel, to, text } = message;
        let body = serde_json::json!({ "id": id, "channel": channel.as_str(), "to": to, "text": text });
        let request =
            self.client.post(self.url.clone()).header(IDEMPOTENCY_KEY, id.as_str()).body(body.to_string());
        let answer = request.send().await.map_err(|error| {
            SendError::Retry(
                if error.is_timeout() { "no answer in time" } else { "no connection" }.to_owned(),
            )
        })?;
        let status = answer.status();
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                Err(SendError::Retry(format!("the gateway answered {}", status.as_u16())))
            }
            _ if status.is_client_error() => {
                Err(SendError::Refused(format!("the gateway answered {}", status.as_u16())))
            }
            _ => Err(SendError::Retry(format!("the gateway answered {}", status.as_u16()))),
        }
    }
}

impl MessageSender for HttpSender {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.post(message))
    }
}
