//! The same as `flows` and `setup`, by a person with a browser.

use crate::support::browser::Browser;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const PASSWORD: &str = "Orchid-Lantern-41";
const NEW_PASSWORD: &str = "Walnut-Harbour-77";

#[tokio::test]
async fn a_person_sets_up_logs_in_and_out_and_changes_the_password() {
    let Some(browser) = Browser::start("a_person_sets_up_logs_in_and_out_and_changes_the_password").await else {
        return;
    };
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[], &[]);
    let page = |flow: &str| format!("{}/if/flow/{flow}/", server.url);

    browser.open(server.setup.as_deref().unwrap()).await;
    let setup = [("email", "root@example.com"), ("password", PASSWORD), ("password_repeat", PASSWORD)];
    browser.fill(&setup).await;
    browser.expect_text("akadmin").await;

    log_out(&browser, &page("default-invalidation-flow")).await;
    mistakes(&browser, &page("default-authentication-flow")).await;
    for name in ["akadmin", "root@example.com"] {
        log_in(&browser, &page("default-authentication-flow"), name, PASSWORD).await;
        log_out(&browser, &page("default-invalidation-flow")).await;
    }

    log_in(&browser, &page("default-authentication-flow"), "akadmin", PASSWORD).await;
    browser.open(&page("default-password-change")).await;
    browser.fill(&[("password", NEW_PASSWORD), ("password_repeat", NEW_PASSWORD)]).await;
    browser.expect_text("akadmin").await;
    log_out(&browser, &page("default-invalidation-flow")).await;

    browser.open(&page("default-authentication-flow")).await;
    browser.fill(&[("uid_field", "akadmin")]).await;
    browser.fill(&[("password", PASSWORD)]).await;
    browser.expect_text("Invalid password").await;
    browser.fill(&[("password", NEW_PASSWORD)]).await;
    browser.expect_text("akadmin").await;
    browser.close().await;
}

async fn log_in(browser: &Browser, page: &str, name: &str, password: &str) {
    browser.open(page).await;
    browser.fill(&[("uid_field", name)]).await;
    browser.find("[name='password']").await;
    browser.fill(&[("password", password)]).await;
    browser.expect_text("akadmin").await;
    let url = browser.url().await;
    assert!(!url.contains("/if/flow/"), "still at {url}");
}

async fn log_out(browser: &Browser, page: &str) {
    browser.open(page).await;
    browser.click("form button[type='submit'], form button:not([type])").await;
    browser.find("[name='uid_field']").await;
}

async fn mistakes(browser: &Browser, page: &str) {
    browser.open(page).await;
    browser.fill(&[("uid_field", "")]).await;
    browser.find("[name='uid_field'][aria-invalid='true']").await;
    let mut texts = Vec::new();
    for name in ["akadmin", "nobody-of-this-name"] {
        browser.open(page).await;
        browser.fill(&[("uid_field", name)]).await;
        browser.find("[name='password']").await;
        browser.fill(&[("password", "wrong")]).await;
        browser.expect_text("Invalid password").await;
        texts.push(browser.text().await.replace(name, "NAME"));
        browser.open(&page.replace("/if/flow/default-authentication-flow/", "/flows/-/cancel/")).await;
    }
    assert_eq!(texts[0], texts[1]);
}
