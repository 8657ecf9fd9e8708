//! A bucket of an S3-compatible store. `object_store` knows the protocol; the requests go through the client that the program
//! has for messages and sign-in providers, so that one set of certificates and one TLS serve all of them.

use std::time::Duration;

use http_body_util::BodyExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpService,
};

use crate::settings::Bucket;

/// A store that does not answer is given up before the request of the resident who waits for it is.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(20);

/// Makes the client; nothing is asked yet.
///
/// # Errors
/// The machine's certificates can't be read.
pub(super) fn open(bucket: &Bucket) -> anyhow::Result<AmazonS3> {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        // A signed request is for the place that it names.
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let secret = bucket.secret_key.as_ref().map(super::super::settings::Secret::as_str).unwrap_or_default();
    let store = AmazonS3Builder::new()
        .with_endpoint(&bucket.endpoint)
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(secret)
        .with_virtual_hosted_style_request(false)
        .with_allow_http(true)
        .with_http_connector(OurClient(client))
        .build()?;
    Ok(store)
}

#[derive(Clone, Debug)]
struct OurClient(reqwest::Client);

impl HttpConnector for OurClient {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for OurClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let request = axum::http::Request::from_parts(parts, body);
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let answer = self.0.execute(request).await.map_err(failed)?;
        let (parts, body) = axum::http::Response::from(answer).into_parts();
        // A picture is no longer than what was sealed, and is opened whole.
        let body = body.collect().await.map_err(failed)?.to_bytes();
        Ok(HttpResponse::from_parts(parts, body.into()))
    }
}

/// What kind of failure it was decides whether it is tried once more. Addresses and keys stay out of the message.
fn failed(cause: reqwest::Error) -> HttpError {
    let kind = match () {
        () if cause.is_timeout() => HttpErrorKind::Timeout,
        () if cause.is_connect() => HttpErrorKind::Connect,
        () if cause.is_decode() => HttpErrorKind::Decode,
        () if cause.is_request() => HttpErrorKind::Request,
        () => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, cause.without_url())
}
