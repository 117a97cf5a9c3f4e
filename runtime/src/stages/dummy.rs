//! `authentik_stages_dummy.dummystage`: a page with nothing to do, for trying flows out.

use gatewright_compiler::models::stages::DummyStage;

use super::{Ask, Reach};
use crate::flow::challenge::Body;
use crate::flow::run::Fault;

pub(super) fn reach(stage: &DummyStage) -> Result<Reach, Fault> {
    if stage.throw_error {
        return Err(Fault::Broken(format!("the dummy stage `{}` fails as it was told to", stage.name)));
    }
    Ok(Reach::Ask(Ask { body: Body::Dummy { name: stage.name.clone() }, user: false }))
}
