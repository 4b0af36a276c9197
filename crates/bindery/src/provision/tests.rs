use super::*;

/// What is said about a file that is refused.
fn refused(text: &str) -> String {
    let mistakes = parse(text).expect_err("the file should be refused");
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const EXAMPLE: &str = "\
organizations:
  - id: 6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e
    name: Fastighets AB Exempel
    clients:
      - id: erp-sync
        name: ERP integration
        role: creator
        secret: only-for-tests-and-demos
    binders:
      - id: Kv4rnen_1
        name: Kvarnen 1
        type: project
        metadata:
          - id: GLOBAL_Category
            allowedValues: [{ id: legal, label: Legal }, { label: Finance }]
          - label: Discipline
            dataType: enum
            required: true
            allowedValues: [{ label: Architect }, { label: Structure }]
        tabs:
          - name: Drawings
            type: drawings
            folders: [{ name: Architect, folders: [{ name: Plans }] }]
";

#[test]
fn the_example_of_the_contract_is_read_whole() {
    let plan = parse(EXAMPLE).unwrap();
    let organization = &plan.organizations[0];
    assert_eq!(organization.name.as_ref().unwrap().as_str(), "Fastighets AB Exempel");
    let client = &organization.clients.as_ref().unwrap()[0];
    assert_eq!(client.secret.as_deref(), Some("only-for-tests-and-demos"));
    let binder = &organization.binders.as_ref().unwrap()[0];
    assert_eq!((binder.line, binder.metadata.as_ref().unwrap().len()), (10, 2));
    let tab = &binder.tabs.as_ref().unwrap()[0];
    let folder = &tab.folders.as_ref().unwrap()[0];
    assert_eq!(folder.folders.as_ref().unwrap()[0].name.as_ref().unwrap().as_str(), "Plans");
}

#[test]
fn json_is_read_as_well_with_its_lines() {
    let json =
        "{\n \"organizations\": [\n  {\"name\": \"R\\u00e4v \\ud83e\\udd8a\",\n   \"nmae\": 1}]}";
    insta::assert_snapshot!(refused(json), @r#"4: unknown key "nmae" in an organization; did you mean name?"#);
    let plan = parse(&json.replace("nmae\": 1", "id\": null")).unwrap();
    assert_eq!(plan.organizations[0].name.as_ref().unwrap().as_str(), "Räv 🦊");
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_valid_one() {
    let text = EXAMPLE.replace("role: creator", "rolle: creator").replace("tabs:", "flikar:");
    insta::assert_snapshot!(refused(&text), @r#"
    7: unknown key "rolle" in a client; did you mean role?
    20: unknown key "flikar" in a binder; it has id, name, type, metadata, tabs
    "#);
}

#[test]
fn bad_ids_and_values_are_refused_where_they_stand() {
    let text = EXAMPLE
        .replace("6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e", "6f1f64a5")
        .replace("Kv4rnen_1", "Kv4rnen_12")
        .replace("role: creator", "role: boss")
        .replace("required: true", "required: maybe")
        .replace("dataType: enum", "dataType: enumeration")
        .replace("type: drawings", "type: drawing");
    insta::assert_snapshot!(refused(&text));
}

#[test]
fn a_duplicate_is_reported_at_the_later_line() {
    insta::assert_snapshot!(refused("\
organizations:
  - name: Exempel
    clients:
      - { id: a, role: reader }
      - { id: a, role: admin }
    binders:
      - name: Kvarnen
        metadata:
          - { id: x, label: One, dataType: string }
          - { id: x, label: Two, dataType: string }
          - { label: Three, dataType: enum, allowedValues: [{ id: v, label: A }, { id: w, label: a }] }
      - name: KVARNEN
        name: again
  - name: exempel
"));
}

#[test]
fn two_of_a_name_are_told_apart_by_ids() {
    let tabs = |second: &str| {
        format!(
            "organizations:\n- name: E\n  binders:\n  - name: B\n    tabs:\n    \
             - {{ id: 6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e, name: T }}\n    - {{ {second} name: t }}\n"
        )
    };
    assert!(parse(&tabs("id: 6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3f,")).is_ok());
    insta::assert_snapshot!(refused(&tabs("")), @r#"7: duplicate tab "t": it stands on line 6 already; two of a name need ids"#);
}

#[test]
fn client_ids_are_unique_over_all_organizations() {
    let text = "organizations:\n- name: A\n  clients: [{ id: c, role: reader }]\n- name: B\n  clients:\n  - { id: c, role: reader }\n";
    insta::assert_snapshot!(refused(text), @"6: duplicate client id c: it stands on line 3 already");
}

#[test]
fn one_element_id_has_one_type_in_all_binders() {
    let text = "\
organizations:
- name: A
  binders:
  - { name: One, metadata: [{ id: x, label: X, dataType: string }] }
  - { name: Two, metadata: [{ id: x, label: X, dataType: number }] }
";
    insta::assert_snapshot!(refused(text), @"5: element x is of type string on line 4: one id has one type in all binders of an organization");
}

#[test]
fn built_in_elements_are_configured_within_their_bounds() {
    let text = "\
organizations:
- name: A
  binders:
  - name: B
    metadata:
    - id: GLOBAL_Categori
    - { id: GLOBAL_Date, allowedValues: [{ label: A }] }
    - { id: GLOBAL_Status, dataType: string }
    - { id: GLOBAL_TabId, required: true }
    - { id: own, dataType: number, allowedValues: [{ label: A }] }
";
    insta::assert_snapshot!(refused(text));
}

#[test]
fn limits_of_elements_and_values_are_held() {
    let many = |n: usize, what: &str| {
        (0..n).map(|i| what.replace('#', &i.to_string())).collect::<String>()
    };
    let file = |elements: usize, values: usize| {
        format!(
            "organizations:\n- name: A\n  binders:\n  - name: B\n    metadata:\n{}    - label: E\n      dataType: enum\n      allowedValues:\n{}",
            many(elements - 1, "    - { label: L#, dataType: string }\n"),
            many(values, "      - label: V#\n"),
        )
    };
    assert!(parse(&file(200, 1000)).is_ok());
    insta::assert_snapshot!(refused(&file(201, 1)), @"206: more than 200 elements in one binder");
    insta::assert_snapshot!(refused(&file(1, 1001)), @"1009: more than 1000 allowed values of one element");
}

#[test]
fn a_bomb_of_aliases_is_refused_quickly() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (of, name) in "abcdefghij".chars().zip("bcdefghijk".chars()) {
        text.push_str(&format!(
            "{name}: &{name} [*{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}]\n"
        ));
    }
    assert!(refused(&text).contains("unfolds to more than"));
    let long = "x".repeat(100_000);
    let text = format!("a: &a {long}\nb: [{}]\n", "*a, ".repeat(2000));
    assert!(refused(&text).contains("unfolds to more than"));
}

#[test]
fn aliases_may_share_what_binders_have_in_common() {
    let text = "\
organizations:
- name: A
  binders:
  - { name: One, metadata: &m [{ id: x, label: X, dataType: string }] }
  - { name: Two, metadata: *m }
";
    let plan = parse(text).unwrap();
    assert_eq!(
        plan.organizations[0].binders.as_ref().unwrap()[1].metadata.as_ref().unwrap().len(),
        1
    );
}

#[test]
fn deep_nesting_is_refused() {
    let nested = |depth: usize| {
        let tabs =
            (0..depth).fold(String::new(), |text, _| format!("{{ name: F, folders: [{text}] }}"));
        format!("organizations: [{{ name: A, binders: [{{ name: B, tabs: [{tabs}] }}] }}]")
    };
    assert!(parse(&nested(50)).is_ok());
    assert!(refused(&nested(130)).contains("recursion limit exceeded"));
    assert!(refused(&"[".repeat(100_000)).contains("no YAML"));
    let block: String = (0..400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    insta::assert_snapshot!(refused(&block), @"257: nested deeper than 256 levels");
}

#[test]
fn broken_files_are_refused_with_a_line() {
    insta::assert_snapshot!(refused(""), @"1: the file is empty: it needs the key organizations");
    insta::assert_snapshot!(refused("organizations:\n  - name: [\n"));
    insta::assert_snapshot!(refused("organizations: []\n---\norganizations: []\n"), @"2: a second YAML document: one file holds one");
    insta::assert_snapshot!(refused("organizations: 7"), @"1: organizations must be a list");
    insta::assert_snapshot!(refused("organizations: [{}]"), @"1: an organization needs the key id or name");
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_plan_or_has_mistakes(text in r"[ \n\[\]{}:,&*#'!|>a-z0-9-]{0,200}") {
        if let Err(mistakes) = parse(&text) {
            proptest::prop_assert!(!mistakes.is_empty());
        }
    }
}
