//! A browser without a window: a cookie jar, the flow executor as JSON, the pages as forms.

use std::sync::Arc;

use regex::Regex;
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use serde_json::{Value as Json, json};

pub(crate) struct Client {
    http: reqwest::Client,
    jar: Arc<Jar>,
    base: String,
}

/// A page, or what the server said in its place.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// Where it was found in the end.
    pub(crate) path: String,
}

impl Page {
    /// The value of a hidden input.
    pub(crate) fn hidden(&self, name: &str) -> Option<String> {
        let input = Regex::new(&format!(r#"<input[^>]*name="{name}"[^>]*>"#)).unwrap();
        let value = Regex::new(r#"value="([^"]*)""#).unwrap();
        let tag = input.find(&self.text)?.as_str();
        Some(value.captures(tag)?[1].to_owned())
    }
}

impl Client {
    pub(crate) fn new(base: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let http = reqwest::Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(Policy::none())
            .no_proxy()
            // Servers come and go between two requests.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Self { http, jar, base: base.to_owned() }
    }

    fn executor(&self, flow: &str) -> String {
        format!("{}/api/v3/flows/executor/{flow}/?query=", self.base)
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.jar.cookies(&self.base.parse().unwrap())?;
        let pairs = cookies.to_str().unwrap().split("; ").filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
    }

    /// GET of the executor.
    pub(crate) async fn challenge(&self, flow: &str) -> Json {
        let response = self.http.get(self.executor(flow)).send().await.unwrap();
        assert_eq!(response.status(), 200, "GET {flow}");
        response.json().await.unwrap()
    }

    /// POST to the executor, and the GET that a redirect to itself asks for.
    pub(crate) async fn answer(&self, flow: &str, answer: Json) -> Json {
        let mut request = self.http.post(self.executor(flow)).json(&answer).header("Origin", &self.base);
        if let Some(csrf) = self.cookie("gatewright_csrf") {
            request = request.header("X-authentik-CSRF", csrf);
        }
        let response = request.send().await.unwrap();
        match response.status().as_u16() {
            200 => response.json().await.unwrap(),
            302 => {
                let location = response.headers()[LOCATION].to_str().unwrap();
                assert!(self.executor(flow).ends_with(location), "redirected to {location}");
                self.challenge(flow).await
            }
            status => panic!("POST {flow}: {status}: {}", response.text().await.unwrap()),
        }
    }

    /// POST to the executor; what came, status and body, with no redirect followed.
    pub(crate) async fn raw_post(&self, flow: &str, answer: Json) -> (u16, String) {
        let response = self.http.post(self.executor(flow)).json(&answer).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends a recorded request, follows redirects as a browser's fetch does; status and body of the last answer.
    pub(crate) async fn replay(&self, method: &str, url: &str, body: &Json, csrf: bool) -> (u64, Json) {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{url}", self.base));
        if !body.is_null() {
            request = request.json(body);
        }
        if let Some(token) = self.cookie("gatewright_csrf").filter(|_| csrf && method != "GET") {
            request = request.header("X-authentik-CSRF", token);
        }
        let mut response = request.send().await.unwrap();
        while response.status() == 302 {
            let location = format!("{}{}", self.base, response.headers()[LOCATION].to_str().unwrap());
            response = self.http.get(location).send().await.unwrap();
        }
        let status = u64::from(response.status().as_u16());
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Json::String(text)))
    }

    /// Logs in; the last answer.
    pub(crate) async fn log_in(&self, name: &str, password: &str) -> Json {
        let flow = "default-authentication-flow";
        let asked = self.challenge(flow).await;
        assert_eq!(asked["component"], "ak-stage-identification", "{asked}");
        let asked = self.answer(flow, json!({ "uid_field": name })).await;
        assert_eq!(asked["component"], "ak-stage-password", "{asked}");
        self.answer(flow, json!({ "password": password })).await
    }

    /// Whether somebody is logged in.
    pub(crate) async fn is_logged_in(&self) -> bool {
        self.me(None).await.is_some()
    }

    /// Who the server says that this is, by session or by API token.
    pub(crate) async fn me(&self, token: Option<&str>) -> Option<Json> {
        let request = self.http.get(format!("{}/api/v3/core/users/me/", self.base));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.unwrap();
        match response.status().as_u16() {
            200 => Some(response.json().await.unwrap()),
            403 => None,
            status => panic!("GET me: {status}"),
        }
    }

    /// GET of a page; redirects are followed by hand, a few at most.
    pub(crate) async fn page(&self, path: &str) -> Page {
        let mut path = path.strip_prefix(&self.base).unwrap_or(path).to_owned();
        for _ in 0..5 {
            let response = self.http.get(format!("{}{path}", self.base)).send().await.unwrap();
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            match headers.get(LOCATION) {
                Some(location) if (300..400).contains(&status) => path = self.local(location.to_str().unwrap()),
                _ => return Page { status, headers, text: response.text().await.unwrap(), path },
            }
        }
        panic!("redirected in circles at {path}");
    }

    /// Fills in the form of a page and follows where it leads.
    pub(crate) async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let hidden = ["csrf", "component", "token"].map(|name| (name, page.hidden(name)));
        let hidden = hidden.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        let form: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        let request = self.http.post(format!("{}{}", self.base, page.path)).form(&form).header("Origin", &self.base);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        match headers.get(LOCATION) {
            Some(location) => self.page(&self.local(location.to_str().unwrap())).await,
            None => Page { status, headers, text: response.text().await.unwrap(), path: page.path.clone() },
        }
    }

    fn local(&self, location: &str) -> String {
        let local = location.strip_prefix(&self.base).unwrap_or(location);
        assert!(local.starts_with('/'), "redirected to {location}");
        local.to_owned()
    }
}
