//! A headless Chromium, driven over WebDriver.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use super::missing;
use super::process::Kept;

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Browser {
    client: Client,
    /// Ends after the client.
    _driver: Kept,
    /// What Chromium writes.
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one; `None`, said aloud, where there is no Chromium.
    pub(crate) async fn start(test: &str) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(driver) = driver else {
            missing(test, "chromedriver (Debian packages chromium and chromium-driver)");
            return None;
        };
        let driver = Kept(driver);
        let profile = tempfile::tempdir().unwrap();
        let client = connect(port, profile.path()).await;
        Some(Self { client, _driver: driver, _profile: profile })
    }

    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Types into the field of a name and sends its form.
    pub(crate) async fn fill(&self, fields: &[(&str, &str)]) {
        for (name, text) in fields {
            let field = self.find(&format!("[name='{name}']")).await;
            field.clear().await.unwrap();
            field.send_keys(text).await.unwrap();
        }
        self.click("form button[type='submit'], form button:not([type])").await;
    }

    pub(crate) async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Waits until something is on the page.
    pub(crate) async fn find(&self, css: &str) -> Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("`{css}` is not on {}: {error}\n{}", self.url().await, self.text().await),
        }
    }

    /// Waits until the page holds this text.
    pub(crate) async fn expect_text(&self, text: &str) {
        let begun = std::time::Instant::now();
        while !self.text().await.contains(text) {
            assert!(begun.elapsed() < PATIENCE, "no `{text}` on {}:\n{}", self.url().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a person reads.
    pub(crate) async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    pub(crate) async fn url(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// Ends the browser; dropping it would only end the driver.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}

async fn connect(port: u16, profile: &std::path::Path) -> Client {
    let options = json!({
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            format!("--user-data-dir={}", profile.display()),
        ],
    });
    let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let begun = std::time::Instant::now();
    loop {
        match builder.connect(&format!("http://127.0.0.1:{port}")).await {
            Ok(client) => return client,
            Err(error) if begun.elapsed() > PATIENCE => panic!("no browser: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
