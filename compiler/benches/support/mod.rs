//! What the benches share: the texts, and each thing that is measured as one call.

#![allow(dead_code, unused_imports, reason = "every bench uses a part of it")]

mod generator;

use std::hint::black_box;
use std::ops::Range;

use gatewright_compiler::source::{SourceFile, Sources};
use gatewright_compiler::world::UnknownWorld;
use gatewright_compiler::{Compilation, Options, Purpose};

pub(crate) use generator::blueprint;

/// One file as the only source.
pub(crate) fn sources(text: String) -> Sources {
    let mut sources = Sources::default();
    sources.add(SourceFile {
        path: "tenants.yaml".to_owned(),
        relative: "tenants.yaml".to_owned(),
        layer: 0,
        named: false,
        included: false,
        text: text.into(),
    });
    sources
}

/// Merely pulls the parser's events: the measure of everything else.
pub(crate) fn events(text: &str) -> usize {
    let mut count = 0;
    for item in granit_parser::Parser::new_from_str(text) {
        black_box(item.ok());
        count += 1;
    }
    count
}

/// The whole way.
pub(crate) fn compile(sources: &Sources) -> Compilation {
    let options = Options { strict: false, purpose: Purpose::Check };
    gatewright_compiler::compile(black_box(sources), &UnknownWorld, &options)
}

/// Policies as people write them, no two numbers with the same text.
pub(crate) fn expressions(numbers: Range<usize>) -> Vec<String> {
    let one = |number: usize| {
        format!(
            "flow_plan = request.context.get(\"flow_plan\")\n\
             if not flow_plan:\n    return True\n\
             # Tenant {number} asks only those that it does not know\n\
             user = flow_plan.context.get(\"pending_user\")\n\
             if ak_is_group_member(user, name=\"tenant-{number}\"):\n    \
                 ak_message(\"Welcome back to tenant {number}\")\n    return False\n\
             return not hasattr(user, \"backend\")\n"
        )
    };
    numbers.map(one).collect()
}

/// A blueprint of expression policies.
pub(crate) fn policies(expressions: &[String]) -> String {
    let mut text = String::from("version: 1\nentries:\n");
    for (number, expression) in expressions.iter().enumerate() {
        let expression = expression.replace('\n', "\n        ");
        text.push_str(&format!(
            "  - model: authentik_policies_expression.expressionpolicy\n    identifiers:\n      name: policy-{number}\n    \
             attrs:\n      expression: |\n        {}\n",
            expression.trim_end()
        ));
    }
    text
}
