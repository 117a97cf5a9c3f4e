//! Stages, typed; prompt stages with their fields, policies and compiled expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use gatewright_compiler::models::stages::Stage;
use gatewright_compiler::models::stages::prompt::{Prompt, PromptStage};
use gatewright_expression::{Compiled, Kind};
use gatewright_reconciler::snapshot::Snapshot;
use uuid::Uuid;

use super::policies::{PolicyKind, PolicyProgram, compile_expression};

/// A stage.
#[derive(Debug)]
pub(crate) struct StageProgram {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) kind: StageKind,
}

/// What a stage is.
#[derive(Debug)]
pub(crate) enum StageKind {
    /// A model other than the prompt stage.
    Plain(Box<Stage>),
    /// A prompt stage.
    Prompt(PromptPage),
    /// It cannot be read; it denies.
    Broken(String),
}

/// A prompt stage with everything that it refers to.
#[derive(Debug)]
pub(crate) struct PromptPage {
    /// In their order.
    pub(crate) fields: Vec<PromptProgram>,
    /// All must pass.
    pub(crate) policies: Vec<Arc<PolicyProgram>>,
}

/// One field.
#[derive(Debug)]
pub(crate) struct PromptProgram {
    pub(crate) prompt: Prompt,
    pub(crate) placeholder: PromptText,
    pub(crate) initial_value: PromptText,
}

/// A text of a field.
pub(crate) enum PromptText {
    /// As it stands.
    Plain(String),
    /// To be evaluated.
    Expression(Compiled),
    /// An expression that does not compile.
    Broken,
}

impl std::fmt::Debug for PromptText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PromptText::Plain(_) => "Plain",
            PromptText::Expression(_) => "Expression",
            PromptText::Broken => "Broken",
        })
    }
}

/// Every stage, by id.
pub(super) fn compile(
    snapshot: &Snapshot,
    policies: &BTreeMap<Uuid, Arc<PolicyProgram>>,
) -> BTreeMap<Uuid, StageProgram> {
    let mut stages = BTreeMap::new();
    for object in snapshot.objects.values() {
        let Some(typed) = Stage::from_attrs(&object.model, &object.attrs) else {
            continue;
        };
        let name = object.attrs.get("name").and_then(|name| name.as_str()).unwrap_or("?").to_owned();
        let kind = match typed {
            Ok(Stage::Prompt(stage)) => page(&stage, snapshot, policies),
            Ok(stage) => StageKind::Plain(Box::new(stage)),
            Err(error) => StageKind::Broken(error.to_string()),
        };
        if let StageKind::Broken(why) = &kind {
            tracing::error!(stage = name, why, "a stage is broken and denies");
        }
        stages.insert(object.id, StageProgram { id: object.id, name, kind });
    }
    stages
}

fn page(stage: &PromptStage, snapshot: &Snapshot, policies: &BTreeMap<Uuid, Arc<PolicyProgram>>) -> StageKind {
    let mut fields = Vec::new();
    for reference in &stage.fields {
        let object = snapshot.objects.get(&reference.key());
        match object.and_then(super::read::<Prompt>) {
            Some(prompt) => fields.push(field(prompt)),
            None => {
                return StageKind::Broken(format!("its field {} is not there", reference.key()));
            }
        }
    }
    fields.sort_by_key(|field: &PromptProgram| field.prompt.order);
    let missing = || {
        let kind = PolicyKind::Broken("it is not there".to_owned());
        Arc::new(PolicyProgram { name: "?".to_owned(), kind })
    };
    let listed = stage.validation_policies.iter().map(|policy| policies.get(&policy.key()));
    let policies = listed.map(|policy| policy.cloned().unwrap_or_else(missing)).collect();
    StageKind::Prompt(PromptPage { fields, policies })
}

fn field(prompt: Prompt) -> PromptProgram {
    let placeholder = text(&prompt.name, &prompt.placeholder, prompt.placeholder_expression);
    let initial_value = text(&prompt.name, &prompt.initial_value, prompt.initial_value_expression);
    PromptProgram { placeholder, initial_value, prompt }
}

fn text(name: &str, source: &str, expression: bool) -> PromptText {
    if !expression {
        return PromptText::Plain(source.to_owned());
    }
    match compile_expression(source, Kind::Prompt) {
        Ok(compiled) => PromptText::Expression(compiled),
        Err(why) => {
            tracing::error!(prompt = name, why, "an expression of a prompt does not compile");
            PromptText::Broken
        }
    }
}
