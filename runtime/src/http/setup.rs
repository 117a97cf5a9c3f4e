//! The initial-setup link: a token of 256 bits, of which only the hash is kept, checked at every request of its flow.

use gatewright_reconciler::store::{Lookup, Operator, TokenHash};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::fault::Fault;
use super::state::App;

/// The flow that only the link may begin.
pub(crate) const FLOW: &str = "initial-setup";

/// Whom it sets up.
const ADMINISTRATOR: &str = "akadmin";

/// A token's hash, as it stands in the database.
pub(crate) fn hash_of(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// A checked link: whom it proves, and the token to check again at the next request.
#[derive(Default)]
pub(crate) struct Checked {
    /// The administrator.
    pub(crate) user: Option<Uuid>,
    /// To be kept, sealed, with the execution.
    pub(crate) token: Option<String>,
}

/// Checks the token of the query, or the one that was kept.
pub(crate) async fn check(
    app: &App,
    slug: &str,
    query: &[(String, String)],
    kept: Option<&str>,
) -> Result<Checked, Fault> {
    let sent = query.iter().find(|(name, _)| name == "token").map(|(_, token)| token.as_str());
    let Some(token) = sent.or(kept).filter(|_| slug == FLOW) else {
        return Ok(Checked::default());
    };
    let Some(expected) = app.store.setup_link_get().await? else {
        return Ok(Checked::default());
    };
    let same = bool::from(hash_of(token).ct_eq(&expected));
    if !same || !app.store.setup_open().await? {
        return Ok(Checked::default());
    }
    let by_name = Lookup { field: "username".to_owned(), operator: Operator::Exact, value: ADMINISTRATOR.into() };
    let user = app.store.user_find(&[by_name]).await?;
    Ok(Checked { user: user.map(|user| user.id), token: Some(token.to_owned()) })
}
