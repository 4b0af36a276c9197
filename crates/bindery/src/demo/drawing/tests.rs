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

#[test]
#[ignore]
fn show() {
    for (number, view, discipline) in [
        ("A-40.1-1100", View::Plan, ("A", "Arkitekt")),
        ("V-57.1-1100", View::Plan, ("V", "VVS")),
        ("E-63.1-1100", View::Plan, ("E", "El")),
        ("K-20.1-1100", View::Plan, ("K", "Byggnadskonstruktion")),
        ("A-40.2-1001", View::Section, ("A", "Arkitekt")),
        ("A-40.3-1001", View::Facade, ("A", "Arkitekt")),
        ("A-43.4-1001", View::Elevations, ("A", "Arkitekt")),
        ("V-56.5-0001", View::Schematic, ("V", "VVS")),
        ("A-44.6-0001", View::Detail, ("A", "Arkitekt")),
        ("A-43.8-1001", View::Schedule, ("A", "Arkitekt")),
    ] {
        std::fs::write(format!("/tmp/g1/{number}.pdf"), drawing(number, view, discipline).render()).unwrap();
    }
}
