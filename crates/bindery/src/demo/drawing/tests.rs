use super::*;

fn drawing(number: &str, view: View, discipline: (&'static str, &'static str)) -> Drawing {
    Drawing {
        number: number.to_owned(),
        title: "Hus 1, plan 1, planritning".to_owned(),
        view,
        discipline,
        project: "Kv. Björken 4, nybyggnad skola".to_owned(),
        owner: "Demofastigheter AB".to_owned(),
        status: "Bygghandling".to_owned(),
        scale: "1:50".to_owned(),
        is_large: !matches!(view, View::Detail | View::Schedule | View::Elevations),
        firm: "Demoarkitekterna AB".to_owned(),
        responsible: "Åsa Öberg".to_owned(),
        revisions: vec![("A".into(), "Ändrat fläktrum".into(), "2025-03-14".into())],
        date: "2025-01-20".to_owned(),
    }
}

/// The texts of a file in the order in which they are drawn.
fn texts(file: &[u8]) -> String {
    let find = |from: usize, what: &[u8]| {
        file[from..].windows(what.len()).position(|window| window == what).map(|at| from + at)
    };
    let (mut texts, mut from) = (Vec::new(), 0);
    while let Some(start) = find(from, b"\nstream\n") {
        let end = find(start, b"\nendstream").unwrap();
        let content = miniz_oxide::inflate::decompress_to_vec_zlib(&file[start + 8..end]).unwrap();
        // The encoding of the letters in use is that of Latin-1.
        let content: String = content.into_iter().map(char::from).collect();
        for line in content.lines().filter_map(|line| line.strip_suffix(" Tj")) {
            texts.push(match line.strip_prefix('<') {
                Some(hex) => letters(hex.trim_end_matches('>')),
                None => line.trim_matches(['(', ')']).to_owned(),
            });
        }
        from = end;
    }
    texts.join("\n")
}

fn letters(hex: &str) -> String {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(|at| char::from(byte(at))).collect()
}

#[test]
fn a_plan_says_what_it_is() {
    let file = drawing("A-40.1-1100", View::Plan, ("A", "Arkitekt")).render();
    insta::assert_snapshot!(texts(&file));
}

#[test]
fn every_view_has_a_drawing_of_its_own() {
    let mut files = std::collections::HashSet::new();
    for view in [
        View::Plan,
        View::Section,
        View::Facade,
        View::Elevations,
        View::Schematic,
        View::Detail,
        View::Schedule,
    ] {
        for discipline in
            [("A", "Arkitekt"), ("V", "VVS"), ("E", "El"), ("K", "Byggnadskonstruktion")]
        {
            let number = format!("{}-40.1-1100", discipline.0);
            let file = drawing(&number, view, discipline).render();
            assert!(texts(&file).contains(&number));
            assert_eq!(file, drawing(&number, view, discipline).render());
            assert!(files.insert(file));
        }
    }
}

#[test]
fn a_revision_differs_from_the_first_issue() {
    let revised = drawing("A-40.1-1100", View::Plan, ("A", "Arkitekt"));
    let first = Drawing { revisions: Vec::new(), ..revised.clone() };
    assert!(texts(&revised.render()).contains("Ändrat fläktrum"));
    assert!(!texts(&first.render()).contains("Ändrat fläktrum"));
}
