//! `authentik_stages_user_logout.userlogoutstage`: ends the session.

use crate::flow::LoginChange;
use crate::flow::run::{Fault, Run};

pub(super) fn act(run: &mut Run<'_>) -> Result<Result<(), Option<String>>, Fault> {
    run.login(LoginChange::Logout)?;
    run.visitor = None;
    // Whatever was proved, was proved in the session that ends here.
    run.clear_pending();
    Ok(Ok(()))
}
