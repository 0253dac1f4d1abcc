//! A real browser: headless Chromium, moved by ChromeDriver.

use std::path::{Path, PathBuf};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

use crate::patience::{PATIENCE, until};
use crate::program::free_port;
use crate::supervised::{Supervised, find};

/// A window.
pub struct Browser {
    client: Client,
    pictures: PathBuf,
    // Dropped before the profile it writes to.
    _driver: Supervised,
    _profile: TempDir,
}

impl Browser {
    /// Opens one; its pictures go to `target/e2e/NAME/`.
    pub async fn open(name: &str) -> Self {
        let (driver, chromium) = (find("chromedriver", "chromium-driver"), find("chromium", "chromium"));
        let profile =
            tempfile::Builder::new().prefix("e2e-browser-").tempdir().expect("a folder for a browser");
        let port = free_port();
        let running = Supervised::start(
            &driver,
            &[&format!("--port={port}")],
            "kill $pid",
            &profile.path().join("chromedriver.log"),
        );
        let arguments = [
            "--headless=new",
            // Containers have no user namespaces for the sandbox; pages are our own.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--window-size=1280,1000",
            &format!("--user-data-dir={}", profile.path().join("profile").display()),
        ];
        let capabilities = json!({
            "goog:chromeOptions": { "binary": chromium, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" }
        });
        let capabilities = capabilities.as_object().expect("an object").clone();
        let address = format!("http://127.0.0.1:{port}");
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(capabilities);
        let client = until("ChromeDriver opens a window of Chromium", PATIENCE, async || {
            builder.connect(&address).await.ok()
        })
        .await;
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/e2e").join(name);
        std::fs::create_dir_all(&pictures).expect("a folder for pictures");
        Browser { client, pictures, _driver: running, _profile: profile }
    }

    /// Opens a page.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url} does not open: {error}"));
    }

    /// Where it is.
    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("a page has an address").to_string()
    }

    /// What stands on the page.
    pub async fn words(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// The page's HTML.
    pub async fn source(&self) -> String {
        self.client.source().await.expect("a page has a source")
    }

    /// Types into a field after emptying it.
    pub async fn fill(&self, field: &str, text: &str) {
        let found = self.element(field).await;
        found.clear().await.unwrap_or_else(|error| panic!("{field} cannot be emptied: {error}"));
        found.send_keys(text).await.unwrap_or_else(|error| panic!("{field} cannot be typed into: {error}"));
    }

    /// Presses a button, or follows a link.
    pub async fn press(&self, what: &str) {
        let found = self.element(what).await;
        found.click().await.unwrap_or_else(|error| panic!("{what} cannot be pressed: {error}"));
    }

    /// Whether the page has such an element now.
    pub async fn has(&self, what: &str) -> bool {
        self.client.find(Locator::Css(what)).await.is_ok()
    }

    /// Waits until the page has no such element any more.
    pub async fn is_gone(&self, what: &str) {
        let wanted = format!("the page has no {what} any more");
        self.wait(&wanted, async || !self.has(what).await).await;
    }

    /// Waits until the page says something.
    pub async fn says(&self, words: &str) {
        let what = format!("the page says {words:?}");
        self.wait(&what, async || self.words().await.contains(words)).await;
    }

    /// Waits until the address ends so, query aside.
    pub async fn is_at(&self, end: &str) {
        let what = format!("the browser is at …{end}");
        self.wait(&what, async || {
            let url = self.url().await;
            url.split(['?', '#']).next().unwrap_or_default().ends_with(end)
        })
        .await;
    }

    /// Keeps a picture of the window.
    pub async fn picture(&self, name: &str) {
        let picture = self.client.screenshot().await.expect("the window can be seen");
        std::fs::write(self.pictures.join(format!("{name}.png")), picture).expect("a picture can be kept");
    }

    /// As on a phone, or as on a desk.
    pub async fn resize(&self, width: u32, height: u32) {
        self.client.set_window_size(width, height).await.expect("the window can change its size");
    }

    /// Closes it.
    pub async fn close(self) {
        let Browser { client, .. } = self;
        let _ = client.close().await;
    }

    async fn element(&self, what: &str) -> Element {
        match self.client.find(Locator::Css(what)).await {
            Ok(found) => found,
            Err(_) => panic!("{} has no {what}:\n{}", self.url().await, self.words().await),
        }
    }

    async fn wait(&self, what: &str, mut so: impl AsyncFnMut() -> bool) {
        let begin = std::time::Instant::now();
        while !so().await {
            if begin.elapsed() > PATIENCE / 4 {
                self.picture("in-vain").await;
                panic!("waited in vain: {what}. {} says:\n{}", self.url().await, self.words().await);
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
}
