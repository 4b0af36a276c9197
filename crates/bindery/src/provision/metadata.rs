//! The `metadata` of a binder: built-in elements to configure, and elements of its own.

use std::collections::hash_map::Entry;

use bindery_domain::{BuiltIn, DataType, ElementId};

use super::Mistake;
use super::fields::{Fields, suggestion};
use super::node::Node;
use super::plan::{ElementPlan, ValuePlan};
use super::read::{Organization, note};
use super::seen::Seen;

/// Most elements of a binder's own.
pub(crate) const MAX_ELEMENTS: usize = 200;
/// Most allowed values of an element.
pub(crate) const MAX_VALUES: usize = 1000;

/// Reads the elements of one binder.
pub(crate) fn elements(
    nodes: &[Node],
    within: &mut Organization,
    mistakes: &mut Vec<Mistake>,
) -> Vec<ElementPlan> {
    let mut seen = Seen::default();
    let mut own = 0;
    let mut plans = Vec::new();
    for node in nodes {
        let Some(plan) = element(node, &mut seen, within, mistakes) else { continue };
        if plan.built_in().is_none() {
            own += 1;
            if own == MAX_ELEMENTS + 1 {
                let message = format!("more than {MAX_ELEMENTS} elements in one binder");
                mistakes.push(Mistake::new(node.line, message));
            }
        }
        plans.push(plan);
    }
    plans
}

impl ElementPlan {
    /// Which built-in element it configures, if any.
    pub(crate) fn built_in(&self) -> Option<BuiltIn> {
        self.id.as_ref().and_then(|id| BuiltIn::from_id(id.as_str()))
    }
}

fn element(
    node: &Node,
    seen: &mut Seen,
    within: &mut Organization,
    mistakes: &mut Vec<Mistake>,
) -> Option<ElementPlan> {
    let what = "a metadata element";
    let known = ["id", "label", "dataType", "required", "allowedValues"];
    let fields = Fields::open(node, what, &known, mistakes)?;
    fields.need_either(what, ["id", "label"], mistakes);
    let types = DataType::ALL.map(|data_type| (data_type.as_str(), data_type));
    let plan = ElementPlan {
        line: node.line,
        id: fields.parsed("id", mistakes),
        label: fields.name("label", mistakes),
        data_type: fields.word("dataType", &types, mistakes),
        required: fields.flag("required", mistakes),
        allowed_values: fields.list("allowedValues", mistakes).map(|nodes| values(nodes, mistakes)),
    };
    let id = plan.id.as_ref().map(ElementId::as_str);
    if id.is_some_and(|id| id.starts_with(BuiltIn::PREFIX)) {
        built_in(&fields, &plan, mistakes);
    }
    note(seen, "element", &fields, id, plan.label.as_ref(), mistakes);
    if let (Some(id), Some(data_type)) = (&plan.id, plan.data_type) {
        match within.elements.entry(id.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert((data_type, node.line));
            }
            Entry::Occupied(earlier) if earlier.get().0 != data_type => {
                let (earlier, line) = *earlier.get();
                let message = format!(
                    "element {id} is of type {} on line {line}: one id has one type in all binders of an organization",
                    earlier.as_str()
                );
                mistakes.push(Mistake::new(fields.line_of("dataType"), message));
            }
            Entry::Occupied(_) => {}
        }
    }
    if plan.allowed_values.is_some()
        && plan.data_type.is_some_and(|data_type| data_type != DataType::Enum)
    {
        let message = "allowedValues belong to the dataType enum only";
        mistakes.push(Mistake::new(fields.line_of("allowedValues"), message));
    }
    Some(plan)
}

/// What can be configured of a built-in element.
fn built_in(fields: &Fields<'_>, plan: &ElementPlan, mistakes: &mut Vec<Mistake>) {
    let Some(built_in) = plan.built_in() else {
        let id = plan.id.as_ref().map(ElementId::as_str).unwrap_or_default();
        let known = BuiltIn::ALL.map(BuiltIn::id);
        let message = format!(
            "id: there is no built-in element {id}, and no other may begin with {}{}",
            BuiltIn::PREFIX,
            suggestion(id, &known)
        );
        mistakes.push(Mistake::new(fields.line_of("id"), message));
        return;
    };
    if let Some(data_type) = plan.data_type
        && data_type != built_in.data_type()
    {
        let message = format!("{} is of type {}", built_in.id(), built_in.data_type().as_str());
        mistakes.push(Mistake::new(fields.line_of("dataType"), message));
    }
    if plan.allowed_values.is_some() && built_in.data_type() != DataType::Enum {
        let message = format!("{} takes no allowedValues", built_in.id());
        mistakes.push(Mistake::new(fields.line_of("allowedValues"), message));
    }
    if plan.required == Some(true) && !built_in.is_stored() {
        let message = format!("{} is computed and cannot be required", built_in.id());
        mistakes.push(Mistake::new(fields.line_of("required"), message));
    }
}

fn values(nodes: &[Node], mistakes: &mut Vec<Mistake>) -> Vec<ValuePlan> {
    let mut ids = Seen::default();
    let mut labels = Seen::default();
    let mut plans = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        if index == MAX_VALUES {
            let message = format!("more than {MAX_VALUES} allowed values of one element");
            mistakes.push(Mistake::new(node.line, message));
        }
        let what = "an allowed value";
        let Some(fields) = Fields::open(node, what, &["id", "label", "retired"], mistakes) else {
            continue;
        };
        fields.need_either(what, ["id", "label"], mistakes);
        let plan = ValuePlan {
            line: node.line,
            id: fields.parsed("id", mistakes),
            label: fields.name("label", mistakes),
            retired: fields.flag("retired", mistakes),
        };
        if let Some(id) = &plan.id {
            ids.id("allowed value", id.as_str(), fields.line_of("id"), mistakes);
        }
        if let Some(label) = &plan.label {
            // Labels differ even where ids tell the values apart: a commit may name either.
            labels.label(label, fields.line_of("label"), mistakes);
        }
        plans.push(plan);
    }
    plans
}
