//! Pages: challenges and a few fixed pages as HTML, without any script. Knows no axum and no database.
//!
//! Templates are in `templates/`: one for each component of a challenge. Everything is escaped by askama.

mod challenge;
mod frame;
mod locales;
mod pages;
mod prompt;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use challenge::challenge;
pub(crate) use frame::{BrandLook, Frame};
pub(crate) use pages::{ErrorPage, RedirectPage, SignedInPage};
pub(crate) use step::Form;
