//! The page for operators says what the code does: every topic, and the schedule.

use vostro_bank::Topic;
use vostro_webhooks::RetryPolicy;

#[test]
fn every_topic_is_on_the_page_and_no_other() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/operations/webhooks.md"
    );
    let page = std::fs::read_to_string(path).unwrap();
    let described: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let topics: Vec<&str> = Topic::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(described, topics, "headings of docs/operations/webhooks.md");
    let attempts = format!("{} attempts", RetryPolicy::default().attempts);
    assert!(page.contains(&attempts), "{attempts}");
}
