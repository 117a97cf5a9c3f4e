//! The server over a real connection: flows as JSON and as pages, cookies, and what is refused.

mod client;
mod connections;
mod json;
mod pages;
mod routes;
mod sessions;
mod site;
