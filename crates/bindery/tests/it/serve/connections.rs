//! Connections that mean no good.

use std::time::Duration;

use bindery_testkit::{Client, Organization};

use super::{hear, logged, say, server};

#[tokio::test]
async fn hundreds_of_slow_half_open_connections_do_not_stop_service() {
    let server = server(&[]);
    let begins = [
        "",
        "G",
        "GET /healthz HTTP/1.1\r\nhost: x\r\n",
        "PRI * HTTP",
        "POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n",
    ];
    let slow: Vec<_> = (0..600).map(|n| say(&server, begins[n % begins.len()])).collect();
    let anonymous = Client::anonymous(server.url());
    let served = async {
        for _ in 0..20 {
            anonymous.get("/readyz").await.expect(200);
        }
    };
    // Sooner than the server gives up on any of them, so that it is not their end that lets others in.
    tokio::time::timeout(Duration::from_secs(10), served).await.unwrap();
    drop(slow);
}

#[tokio::test]
async fn a_caller_who_takes_nothing_of_an_answer_loses_the_connection() {
    // More than what the two ends of a connection hold for each other.
    const LARGE: usize = 16 << 20;
    let server = server(&["--send-timeout", "1s"]);
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.upload(&creator, &vec![7; LARGE]).await;
    let version = organization.commit(&creator, &organization.tab(0), &upload, "l.bin", &[]).await;
    let url = version.expect(200).json()["downloadUrl"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(server.url()).unwrap();
    let stuck = say(&server, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"));
    let line = logged(&server, "was downloaded");
    assert!(line.contains("complete=false"), "{line}");
    let mut taken = Vec::new();
    // A reset is as good an end as any.
    _ = std::io::Read::read_to_end(&mut &stuck, &mut taken);
    assert!(taken.starts_with(b"HTTP/1.1 200 ") && taken.len() < LARGE, "{}", taken.len());
    // Whoever reads gets all of it.
    assert_eq!(organization.anonymous().get(&url).await.expect(200).body.len(), LARGE);
}

#[test]
fn what_is_no_http_is_refused_and_closed() {
    let server = server(&[]);
    let stream = say(&server, "\u{16}\u{3}\u{1} this is no HTTP\r\n\r\n");
    let heard = hear(&stream);
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 400 "), "{heard}");
}

#[test]
fn http_2_is_spoken_with_those_who_begin_with_it() {
    let server = server(&[]);
    // The preface and an empty SETTINGS frame (RFC 9113, sections 3.4 and 6.5).
    let stream = say(&server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0");
    let mut frame = [0; 9];
    std::io::Read::read_exact(&mut &stream, &mut frame).unwrap();
    assert_eq!(frame[3], 4, "the server answers with its own SETTINGS");
}
