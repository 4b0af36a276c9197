//! The Kubernetes manifests.

use serde_json::Value;

use super::{check_environment, check_settings, documents, strings};

fn all() -> Vec<Value> {
    ["kubernetes/bindery.yaml", "kubernetes/migrate.yaml", "kubernetes/secret.example.yaml"]
        .into_iter()
        .flat_map(documents)
        .collect()
}

fn one(kind: &str, name: &str) -> Value {
    let is_it = |object: &Value| object["kind"] == kind && object["metadata"]["name"] == name;
    let found: Vec<_> = all().into_iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{kind} {name}");
    found[0].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn config() -> Vec<(String, String)> {
    let map = one("ConfigMap", "bindery");
    let pairs = map["data"].as_object().unwrap().iter();
    pairs.map(|(name, value)| (name.clone(), text(value).to_owned())).collect()
}

fn setting(name: &str) -> String {
    config().into_iter().find(|(known, _)| known == name).unwrap().1
}

fn port_of(address: &str) -> u64 {
    address.rsplit(':').next().unwrap().parse().unwrap()
}

#[test]
fn every_object_has_a_kind_an_api_and_a_name() {
    let versions = [
        ("ConfigMap", "v1"),
        ("Secret", "v1"),
        ("Service", "v1"),
        ("Deployment", "apps/v1"),
        ("Job", "batch/v1"),
        ("PodDisruptionBudget", "policy/v1"),
        ("Ingress", "networking.k8s.io/v1"),
    ];
    for object in all() {
        let kind = text(&object["kind"]);
        let version = versions.iter().find(|(known, _)| *known == kind).unwrap().1;
        assert_eq!(object["apiVersion"], version, "{kind}");
        assert!(!text(&object["metadata"]["name"]).is_empty());
    }
}

#[test]
fn the_program_takes_what_is_set() {
    check_environment("serve", &config());
    check_settings(&config());
    let job = one("Job", "bindery-migrate");
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(strings(&container["args"]), ["migrate"]);
    let pairs = container["env"].as_array().unwrap().iter();
    let pairs = pairs.map(|pair| (text(&pair["name"]).to_owned(), text(&pair["value"]).to_owned()));
    check_environment("migrate", &pairs.collect::<Vec<_>>());
}

#[test]
fn ports_probes_and_names_fit_together() {
    let deployment = one("Deployment", "bindery");
    let pod = &deployment["spec"]["template"];
    let container = &pod["spec"]["containers"][0];
    assert_eq!(strings(&container["args"]), ["serve"]);
    let port = |name: &str| {
        let ports = container["ports"].as_array().unwrap();
        ports.iter().find(|port| port["name"] == name).unwrap()["containerPort"].as_u64().unwrap()
    };
    assert_eq!(port("http"), port_of(&setting("BINDERY_LISTEN")));
    assert_eq!(port("metrics"), port_of(&setting("BINDERY_METRICS_LISTEN")));
    for (probe, path) in
        [("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")]
    {
        let get = &container[probe]["httpGet"];
        assert_eq!((text(&get["path"]), text(&get["port"])), (path, "http"));
    }
    let labels = &pod["metadata"]["labels"];
    assert_eq!(&deployment["spec"]["selector"]["matchLabels"], labels);
    let service = one("Service", "bindery");
    assert_eq!(&service["spec"]["selector"], labels);
    assert_eq!(service["spec"]["ports"][0]["targetPort"], "http");
    let budget = one("PodDisruptionBudget", "bindery");
    assert_eq!(&budget["spec"]["selector"]["matchLabels"], labels);
    let ingress = one("Ingress", "bindery");
    let backend = &ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"];
    assert_eq!((text(&backend["name"]), text(&backend["port"]["name"])), ("bindery", "http"));
    // A stop drains for 30 seconds after those before it.
    let grace = pod["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap();
    let before = container["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64().unwrap();
    assert!(grace >= before + 30);
}

#[test]
fn secrets_are_mounted_where_the_program_looks() {
    let file = setting("BINDERY_DATABASE_URL_FILE");
    let deployment = one("Deployment", "bindery")["spec"]["template"]["spec"].clone();
    let job = one("Job", "bindery-migrate")["spec"]["template"]["spec"].clone();
    for pod in [deployment, job] {
        let container = &pod["containers"][0];
        let mounts = container["volumeMounts"].as_array().unwrap();
        let mount = mounts.iter().find(|mount| mount["name"] == "secret").unwrap();
        let key = file.strip_prefix(text(&mount["mountPath"])).unwrap().trim_start_matches('/');
        let volumes = pod["volumes"].as_array().unwrap();
        let volume = volumes.iter().find(|volume| volume["name"] == "secret").unwrap();
        let secret = one("Secret", text(&volume["secret"]["secretName"]));
        assert!(text(&secret["stringData"][key]).starts_with("postgres://"));
        // Every mount has its volume, and the program may write where it says.
        for mount in mounts {
            assert!(volumes.iter().any(|volume| volume["name"] == mount["name"]), "{mount}");
        }
        let scratch = mounts.iter().find(|mount| mount["name"] == "scratch").unwrap();
        assert_eq!(scratch["mountPath"], setting("BINDERY_DATA_DIR"));
        assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    }
    let keys = one("Secret", "bindery-storage");
    let names: Vec<_> = keys["stringData"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
}
