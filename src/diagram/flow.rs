//! The way through a flow: who may enter, its stages in their order, the conditions that skip them, where else it leads.

use std::collections::HashMap;

use gatewright_compiler::picture::Picture;
use gatewright_compiler::picture::flow::{Conditions, Flow, Link, Step};

use super::objects::{mark, object};
use super::{Diagram, Direction, Mark, Node, Shape};

/// More names than these are counted.
const NAMES: usize = 6;

/// Draws a flow.
pub(crate) fn draw(picture: &Picture, flow: &Flow, layers: &[String]) -> Diagram {
    let title = picture.nodes.get(flow.node).map(|node| node.text("slug")).unwrap_or_default();
    let diagram = Diagram::new(format!("flow {title}"), Direction::Down, layers);
    let mut drawing = Drawing { picture, diagram, aside: HashMap::new(), denied: None, open: Vec::new() };
    drawing.enter(flow);
    let begin = drawing.begin(flow);
    for step in &flow.steps {
        drawing.step(step, begin);
    }
    let end = drawing.diagram.add(Node::new(Shape::End, "", "end of the flow"));
    drawing.reach(end);
    for step in &flow.steps {
        drawing.links(step);
    }
    if flow.steps.iter().any(|step| !step.conditions.list.is_empty()) || !flow.conditions.list.is_empty() {
        let note = "A condition that ends in an error denies, unless its binding says `failure_result: true`.";
        drawing.diagram.notes.push(note.to_owned());
    }
    drawing.diagram
}

struct Drawing<'a> {
    picture: &'a Picture,
    diagram: Diagram,
    /// The boxes of objects, by their node.
    aside: HashMap<usize, usize>,
    denied: Option<usize>,
    /// Where the way goes on from, each with what has to be the case.
    open: Vec<(usize, &'static str)>,
}

impl Drawing<'_> {
    /// Leads everything that is open to a box.
    fn reach(&mut self, to: usize) {
        for (from, label) in std::mem::take(&mut self.open) {
            self.diagram.connect(from, to, label);
        }
    }

    /// What turns visitors away before the flow begins.
    fn enter(&mut self, flow: &Flow) {
        let Some(node) = self.picture.nodes.get(flow.node) else { return };
        let requirement = node.text("authentication");
        if requirement != "none" {
            let words = match requirement.as_str() {
                "require_authenticated" => "only who is logged in",
                "require_unauthenticated" => "only who is not logged in",
                "require_superuser" => "only administrators",
                "require_redirect" => "only who was sent here by another flow",
                "require_outpost" => "only requests of an outpost",
                _ => "",
            };
            let gate = Node::new(Shape::Conditions, "who may enter", requirement).fact(words);
            let gate = self.diagram.add(gate);
            self.reach(gate);
            let denied = self.denied(flow);
            self.diagram.connect(gate, denied, "not fulfilled");
            self.open.push((gate, "fulfilled"));
        }
        if let Some(gate) = self.conditions(&flow.conditions, "conditions of the flow") {
            let gate = self.diagram.add(gate);
            self.reach(gate);
            let denied = self.denied(flow);
            self.diagram.connect(gate, denied, "fail");
            self.open.push((gate, "pass"));
        }
    }

    fn denied(&mut self, flow: &Flow) -> usize {
        if let Some(denied) = self.denied {
            return denied;
        }
        let action = self.picture.nodes.get(flow.node).map(|node| node.text("denied_action")).unwrap_or_default();
        let denied = self.diagram.add(Node::new(Shape::End, "", "denied").fact(format!("denied_action: {action}")));
        self.denied = Some(denied);
        denied
    }

    fn begin(&mut self, flow: &Flow) -> usize {
        let mut begin =
            object(self.picture, flow.node, Shape::Flow).unwrap_or_else(|| Node::new(Shape::Flow, "flow", ""));
        if let Some(node) = self.picture.nodes.get(flow.node) {
            for name in ["title", "designation"] {
                begin.facts.push(format!("{name}: {}", node.text(name)));
            }
        }
        let used = self.used_by(flow.node);
        begin.facts.extend(used);
        let begin = self.diagram.add(begin);
        self.aside.insert(flow.node, begin);
        self.reach(begin);
        self.open.push((begin, ""));
        begin
    }

    /// Who leads visitors into the flow.
    fn used_by(&self, flow: usize) -> Vec<String> {
        let edges = self.picture.edges.iter().filter(|edge| edge.to == flow && edge.field != "target");
        let mut used: Vec<String> = edges
            .filter_map(|edge| {
                let title = self.picture.nodes.get(edge.from)?.model.title;
                Some(format!("{} of {title} {}", edge.field, self.picture.name(edge.from)))
            })
            .collect();
        let more = used.len().saturating_sub(NAMES);
        used.truncate(NAMES);
        if more > 0 {
            used.push(format!("and of {more} more"));
        }
        used
    }

    fn step(&mut self, step: &Step, begin: usize) {
        let binding = self.picture.nodes.get(step.binding);
        let mut skips = Vec::new();
        if let Some(mut gate) = self.conditions(&step.conditions, "conditions") {
            let asked = |name| binding.is_some_and(|node| node.is_on(name));
            gate.facts.push(
                match (asked("evaluate_on_plan"), asked("re_evaluate_policies")) {
                    (true, true) => "asked when the flow begins and when reached",
                    (true, false) => "asked when the flow begins",
                    (false, true) => "asked when reached",
                    (false, false) => "never asked",
                }
                .to_owned(),
            );
            let gate = self.diagram.add(gate);
            self.reach(gate);
            self.open.push((gate, "pass"));
            skips.push((gate, "fail"));
        }
        let stage = self.stage(step);
        self.reach(stage);
        match self.leaves(step, stage) {
            true => self.open = skips,
            false => {
                self.open.push((stage, ""));
                self.open.append(&mut skips);
            }
        }
        let invalid = binding.map(|node| node.text("invalid_response_action")).unwrap_or_default();
        if invalid != "retry" {
            self.diagram.hint(stage, begin, "invalid response");
        }
    }

    fn stage(&mut self, step: &Step) -> usize {
        let at = step.stage.and_then(|stage| object(self.picture, stage, Shape::Stage));
        let mut stage = at.unwrap_or_else(|| elsewhere(Shape::Stage, "stage"));
        if let Some(order) = step.order {
            stage.facts.push(format!("order: {order}"));
        }
        if let Some(binding) = self.picture.nodes.get(step.binding) {
            stage.facts.push(format!("invalid_response_action: {}", binding.text("invalid_response_action")));
            stage = stage.marked(mark(binding));
        }
        for (field, names) in self.listed(step.stage) {
            stage.facts.push(format!("{field}: {names}"));
        }
        let id = self.diagram.add(stage);
        if let Some(stage) = step.stage {
            self.aside.entry(stage).or_insert(id);
        }
        id
    }

    /// Where a stage ends the way, and leads to.
    fn leaves(&mut self, step: &Step, from: usize) -> bool {
        let Some(stage) = step.stage.and_then(|stage| self.picture.nodes.get(stage)) else { return false };
        match stage.model.name {
            "authentik_stages_deny.denystage" => {
                let mut denied = Node::new(Shape::End, "", "denied");
                denied.facts.extend(Some(stage.text("deny_message")).filter(|message| !message.is_empty()));
                let denied = self.diagram.add(denied);
                self.diagram.connect(from, denied, "");
                true
            }
            "authentik_stages_redirect.redirectstage" => {
                if stage.text("mode") == "static" {
                    let to = self.diagram.add(Node::new(Shape::End, "address", stage.text("target_static")));
                    self.diagram.connect(from, to, "target_static");
                } else {
                    let to = stage.references("target_flow").first().copied().flatten();
                    let to = self.aside(to, Shape::Flow, "flow");
                    self.diagram.connect(from, to, "target_flow");
                }
                true
            }
            _ => false,
        }
    }

    /// What a stage refers to: flows, stages, policies and sources as boxes beside the way.
    fn links(&mut self, step: &Step) {
        let Some((stage, from)) = step.stage.and_then(|stage| Some((stage, *self.aside.get(&stage)?))) else { return };
        for link in self.picture.links(stage) {
            let Some(shape) = beside(&link) else { continue };
            if link.field != "target_flow" {
                let to = self.aside(link.target, shape, link.kind);
                self.diagram.hint(from, to, link.field);
            }
        }
    }

    /// What a stage refers to and no box is drawn for: the names.
    fn listed(&self, stage: Option<usize>) -> Vec<(&'static str, String)> {
        let mut lists: Vec<(&'static str, Vec<String>)> = Vec::new();
        for link in stage.into_iter().flat_map(|stage| self.picture.links(stage)) {
            if beside(&link).is_some() {
                continue;
            }
            let name = link.target.map_or_else(|| "?".to_owned(), |target| self.picture.name(target));
            match lists.last_mut().filter(|(field, _)| *field == link.field) {
                Some((_, names)) => names.push(name),
                None => lists.push((link.field, vec![name])),
            }
        }
        let shown = |mut names: Vec<String>| {
            let more = names.len().saturating_sub(NAMES);
            names.truncate(NAMES);
            if more > 0 { format!("{}, {more} more", names.join(", ")) } else { names.join(", ") }
        };
        lists.into_iter().map(|(field, names)| (field, shown(names))).collect()
    }

    /// The box of an object, or of what only the database can tell.
    fn aside(&mut self, target: Option<usize>, shape: Shape, kind: &str) -> usize {
        if let Some(known) = target.and_then(|target| self.aside.get(&target)) {
            return *known;
        }
        let node = target.and_then(|target| object(self.picture, target, shape));
        let id = self.diagram.add(node.unwrap_or_else(|| elsewhere(shape, kind)).marked(Mark::Aside));
        if let Some(target) = target {
            self.aside.insert(target, id);
        }
        id
    }

    /// A box for what is bound, where something is. A binding that is not enabled counts as if it were not there.
    fn conditions(&self, conditions: &Conditions, what: &str) -> Option<Node> {
        let enabled = |binding: usize| self.picture.nodes.get(binding).is_some_and(|node| node.is_on("enabled"));
        let mut lines = Vec::new();
        let mut members: Vec<String> = Vec::new();
        let mut worst = Mark::None;
        for condition in conditions.list.iter().filter(|condition| enabled(condition.binding)) {
            let binding = self.picture.nodes.get(condition.binding)?;
            worst = worst.max(mark(binding));
            let not = if binding.is_on("negate") { "not " } else { "" };
            let title = condition.subject.and_then(|subject| self.picture.nodes.get(subject)).map(|it| it.model.title);
            let name = condition.subject.map_or_else(|| "?".to_owned(), |subject| self.picture.name(subject));
            let line = format!("{not}{} {name}", title.unwrap_or(condition.kind));
            match condition.kind {
                "policy" => lines.push(line),
                _ => members.push(line),
            }
        }
        // Whoever is one of them is a member.
        if !members.is_empty() {
            lines.push(members.join(" or "));
        }
        let off = conditions.list.iter().filter(|condition| !enabled(condition.binding)).count();
        let heading = match (lines.len(), conditions.all) {
            (0, _) => return None,
            (1, _) => what.to_owned(),
            (_, true) => format!("{what}: all must pass"),
            (_, false) => format!("{what}: one is enough"),
        };
        let mut lines = lines.into_iter();
        let mut node = Node::new(Shape::Conditions, heading, lines.next().unwrap_or_default()).marked(worst);
        node.facts.extend(lines);
        if off > 0 {
            node.facts.push(format!("{off} not enabled"));
        }
        Some(node)
    }
}

/// Which links are worth a box of their own.
fn beside(link: &Link) -> Option<Shape> {
    match link.kind {
        "flow" => Some(Shape::Flow),
        "stage" | "passwordstage" | "captchastage" => Some(Shape::Stage),
        "policy" | "source" => Some(Shape::Object),
        _ => None,
    }
}

/// What no file declares.
fn elsewhere(shape: Shape, kind: &str) -> Node {
    Node::new(shape, kind, "in the database")
}
