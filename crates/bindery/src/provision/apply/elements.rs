//! Metadata elements and their allowed values.
//!
//! A binder's elements are changed in memory first and compared: what differs is written.

use bindery_domain::{
    AllowedValue, BuiltIn, DataType, Element, ElementId, ObjectName, Scope, ValueId, fold,
};
use bindery_store::binders::BinderRow;
use bindery_store::elements::{self, BinderElement, BinderValue};
use bindery_store::{StoreError, changes, schema};
use serde_json::{Value, json};

use super::{Change, Work};
use crate::provision::metadata::{MAX_ELEMENTS, MAX_VALUES};
use crate::provision::new_ids;
use crate::provision::plan::{ElementPlan, ValuePlan};
use crate::provision::tree::{ElementTree, ValueTree};

impl Work<'_> {
    pub(super) async fn elements(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        plans: &[ElementPlan],
    ) -> Result<Vec<ElementTree>, StoreError> {
        let mut schema = schema::load(self.tx, scope, binder.key).await?;
        let mut trees = Vec::new();
        let written = self.applied.changes.len();
        let known = schema.elements.len();
        for plan in plans {
            let Some(index) = self.find_element(scope, &mut schema.elements, plan).await? else {
                continue;
            };
            let before = schema.elements[index].clone();
            let element = &mut schema.elements[index];
            if plan.data_type.is_some_and(|data_type| data_type != element.data_type) {
                let message = format!(
                    "element {} is of type {}, and a type is never changed",
                    element.id,
                    element.data_type.as_str()
                );
                self.mistake(plan.line, message);
                continue;
            }
            if let Some(label) = &plan.label {
                label.as_str().clone_into(&mut element.label);
            }
            element.required = plan.required.unwrap_or(element.required);
            let chosen = match &plan.allowed_values {
                Some(values) => Some(self.values(scope, binder, element, plan, values).await?),
                None => None,
            };
            let element = element.clone();
            let position = (index >= known, index);
            self.save(scope, binder, &before, &element, position).await?;
            trees.push(tree(&element, chosen));
        }
        if self.applied.changes.len() > written {
            changes::bump(self.tx, scope, binder.key).await?;
        }
        Ok(trees)
    }

    /// The element that the plan means, by its place in the list; a new one is put at its end.
    async fn find_element(
        &mut self,
        scope: &Scope,
        list: &mut Vec<Element>,
        plan: &ElementPlan,
    ) -> Result<Option<usize>, StoreError> {
        match (&plan.id, &plan.label) {
            (Some(id), _) => {
                if let Some(index) = list.iter().position(|element| element.id == *id) {
                    return Ok(Some(index));
                }
            }
            (None, Some(label)) => {
                let own = |(index, element): (usize, &Element)| {
                    let same = fold::identity(&element.label) == label.identity();
                    (element.built_in().is_none() && same).then_some(index)
                };
                let found: Vec<usize> = list.iter().enumerate().filter_map(own).collect();
                match self.only_one(plan.line, "elements", label, found) {
                    Ok(None) => {}
                    Ok(found) => return Ok(found),
                    Err(_) => return Ok(None),
                }
            }
            (None, None) => return Ok(None),
        }
        let element = self.new_element(scope, plan).await?;
        let Some(element) = element else { return Ok(None) };
        if list.len() >= BuiltIn::ALL.len() + MAX_ELEMENTS {
            self.mistake(plan.line, format!("the binder has {MAX_ELEMENTS} elements already"));
            return Ok(None);
        }
        list.push(element);
        Ok(Some(list.len() - 1))
    }

    async fn new_element(
        &mut self,
        scope: &Scope,
        plan: &ElementPlan,
    ) -> Result<Option<Element>, StoreError> {
        let id: ElementId = plan.id.clone().unwrap_or_else(new_ids::element_id);
        let known = elements::find(self.tx, scope, id.as_str()).await?;
        let data_type = plan.data_type.or(known.map(|row| row.data_type));
        let Some(label) = self.needs(plan.line, "element", "label", plan.label.as_ref()) else {
            return Ok(None);
        };
        let Some(&data_type) = self.needs(plan.line, "element", "dataType", data_type.as_ref())
        else {
            return Ok(None);
        };
        if plan.allowed_values.is_some() && data_type != DataType::Enum {
            self.mistake(plan.line, "allowedValues belong to the dataType enum only");
            return Ok(None);
        }
        let key = match known {
            Some(row) if row.data_type != data_type => {
                let message = format!(
                    "element {id} is of type {} in another binder: one id has one type in all of them",
                    row.data_type.as_str()
                );
                self.mistake(plan.line, message);
                return Ok(None);
            }
            Some(row) => row.key,
            None => elements::insert(self.tx, scope, id.as_str(), data_type).await?,
        };
        let label = label.to_string();
        Ok(Some(Element { key, id, label, data_type, required: false, allowed: Vec::new() }))
    }

    /// Changes the element's allowed values and returns the ids of those that the plan names, in its order.
    async fn values(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        element: &mut Element,
        plan: &ElementPlan,
        plans: &[ValuePlan],
    ) -> Result<Vec<ValueId>, StoreError> {
        if element.data_type != DataType::Enum {
            self.mistake(plan.line, "allowedValues belong to the dataType enum only");
            return Ok(Vec::new());
        }
        let defaults = self.take_defaults(scope, binder, element, plans).await?;
        let mut chosen = Vec::new();
        for plan in plans {
            let same = |value: &AllowedValue| match (&plan.id, &plan.label) {
                (Some(id), _) => value.id == *id,
                (None, Some(label)) => fold::identity(&value.label) == label.identity(),
                (None, None) => false,
            };
            let index = match element.allowed.iter().position(same) {
                Some(index) => index,
                None => match defaults.iter().find(|value| same(value)) {
                    Some(value) => {
                        element.allowed.push(value.clone());
                        element.allowed.len() - 1
                    }
                    None => match self.new_value(scope, element, plan).await? {
                        Some(index) => index,
                        None => continue,
                    },
                },
            };
            let value = &mut element.allowed[index];
            if let Some(label) = &plan.label {
                label.as_str().clone_into(&mut value.label);
            }
            value.retired = plan.retired.unwrap_or(value.retired);
            chosen.push(value.id.clone());
        }
        self.keep_used_defaults(scope, binder, element, defaults).await?;
        self.check_labels(element, plan.line, plans);
        Ok(chosen)
    }

    /// Until a binder configures a built-in element, that has values of its own; they go when it does.
    async fn take_defaults(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        element: &mut Element,
        plans: &[ValuePlan],
    ) -> Result<Vec<AllowedValue>, StoreError> {
        let has_defaults =
            element.built_in().is_some_and(|built_in| !built_in.default_values().is_empty());
        if !has_defaults
            || plans.is_empty()
            || elements::has_allowed(self.tx, scope, binder.key, element.key).await?
        {
            return Ok(Vec::new());
        }
        Ok(std::mem::take(&mut element.allowed))
    }

    /// Where documents may use them already, the values that go stay as retired ones.
    async fn keep_used_defaults(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        element: &mut Element,
        defaults: Vec<AllowedValue>,
    ) -> Result<(), StoreError> {
        if defaults.is_empty() || !elements::has_documents(self.tx, scope, binder.key).await? {
            return Ok(());
        }
        for value in defaults {
            if element.allowed_value(value.id.as_str()).is_none() {
                element.allowed.push(AllowedValue { retired: true, ..value });
            }
        }
        Ok(())
    }

    async fn new_value(
        &mut self,
        scope: &Scope,
        element: &mut Element,
        plan: &ValuePlan,
    ) -> Result<Option<usize>, StoreError> {
        let Some(label) = self.needs(plan.line, "allowed value", "label", plan.label.as_ref())
        else {
            return Ok(None);
        };
        if element.allowed.len() >= MAX_VALUES {
            let message = format!("element {} has {MAX_VALUES} allowed values already", element.id);
            self.mistake(plan.line, message);
            return Ok(None);
        }
        let id: ValueId = plan.id.clone().unwrap_or_else(new_ids::value_id);
        let key = match elements::find_value(self.tx, scope, element.key, id.as_str()).await? {
            Some(key) => key,
            None => elements::insert_value(self.tx, scope, element.key, id.as_str()).await?,
        };
        element.allowed.push(AllowedValue { key, id, label: label.to_string(), retired: false });
        Ok(Some(element.allowed.len() - 1))
    }

    /// A label may be that of a value which the file does not name.
    fn check_labels(&mut self, element: &Element, line: usize, plans: &[ValuePlan]) {
        let mut seen = std::collections::HashSet::new();
        for value in &element.allowed {
            let label = fold::identity(&value.label);
            if !seen.insert(label.clone()) {
                let of_label = |plan: &&ValuePlan| {
                    plan.label.as_ref().map(ObjectName::identity).as_deref() == Some(&label)
                };
                let line = plans.iter().find(of_label).map_or(line, |plan| plan.line);
                let message = format!(
                    "two allowed values of element {} are labelled {:?}",
                    element.id, value.label
                );
                self.mistake(line, message);
            }
        }
    }

    /// Writes what differs.
    async fn save(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        before: &Element,
        after: &Element,
        (is_new, index): (bool, usize),
    ) -> Result<(), StoreError> {
        if !is_new && before == after {
            return Ok(());
        }
        let position = i64::try_from(index).unwrap_or(i64::MAX);
        if is_new || (&before.label, before.required) != (&after.label, after.required) {
            let row = BinderElement {
                element: after.key,
                label: &after.label,
                is_required: after.required,
                position,
            };
            elements::save_in_binder(self.tx, scope, binder.key, &row).await?;
        }
        if before.allowed != after.allowed {
            self.save_values(scope, binder, before, after).await?;
        }
        let verb = if is_new { "element.create" } else { "element.update" };
        let change = Change {
            verb,
            kind: "element",
            object: after.id.as_str(),
            before: (!is_new).then(|| described(binder, before)),
            after: Some(described(binder, after)),
        };
        self.note(scope, change).await
    }

    async fn save_values(
        &mut self,
        scope: &Scope,
        binder: &BinderRow,
        before: &Element,
        after: &Element,
    ) -> Result<(), StoreError> {
        for (position, value) in (0..).zip(&after.allowed) {
            let row =
                BinderValue { element: after.key, value: value.key, label: &value.label, position };
            elements::save_allowed(self.tx, scope, binder.key, &row).await?;
            let was_retired =
                before.allowed_value(value.id.as_str()).is_some_and(|earlier| earlier.retired);
            if value.retired != was_retired {
                let at = if value.retired { Some(self.now(scope).await?) } else { None };
                let keys = (after.key, value.key);
                elements::set_retired(self.tx, scope, binder.key, keys, at).await?;
            }
        }
        Ok(())
    }
}

fn tree(element: &Element, chosen: Option<Vec<ValueId>>) -> ElementTree {
    let value = |id: ValueId| {
        element.allowed_value(id.as_str()).map(|value| ValueTree {
            id: value.id.to_string(),
            label: value.label.clone(),
            retired: value.retired,
        })
    };
    ElementTree {
        id: element.id.to_string(),
        label: element.label.clone(),
        data_type: element.data_type.as_str(),
        required: element.required,
        allowed_values: chosen.map(|chosen| chosen.into_iter().filter_map(value).collect()),
    }
}

/// An element as the journal keeps it.
fn described(binder: &BinderRow, element: &Element) -> Value {
    let values: Vec<Value> = element
        .allowed
        .iter()
        .map(|value| json!({ "id": value.id.as_str(), "label": value.label, "retired": value.retired }))
        .collect();
    json!({
        "binder": binder.id.as_str(),
        "label": element.label,
        "dataType": element.data_type.as_str(),
        "required": element.required,
        "allowedValues": values,
    })
}
