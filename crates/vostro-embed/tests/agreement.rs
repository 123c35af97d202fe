//! The model against reference vectors: fp32, computed from the published weights by a program that has
//! nothing in common with this one, rounded to four decimals.
//!
//! Needs the model's files (`vostro models fetch`). Without them the tests say that they were skipped,
//! unless `VOSTRO_REQUIRE_MODEL` is set.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use serde::Deserialize;
use vostro_embed::{Embedder, LoadError, MiniLm, cosine, files, unit};

#[derive(Deserialize)]
struct Reference {
    text: String,
    vector: Vec<f32>,
}

static MODEL: LazyLock<Option<MiniLm>> = LazyLock::new(|| {
    let folder = files::default_folder(|name| std::env::var_os(name));
    let loaded = folder.map(|folder| MiniLm::load(&folder, 2));
    match loaded {
        Some(Ok(model)) => Some(model),
        Some(Err(error @ LoadError::Missing { .. }))
            if std::env::var_os("VOSTRO_REQUIRE_MODEL").is_none() =>
        {
            println!("skipped: {error}");
            None
        }
        other => panic!("{other:?}"),
    }
});

fn references() -> Vec<Reference> {
    serde_json::from_str(include_str!("data/reference.json")).unwrap()
}

#[test]
fn vectors_agree_with_the_reference() {
    let Some(model) = MODEL.as_ref() else { return };
    for Reference { text, vector } in references() {
        let near = cosine(&model.embed(&text).unwrap(), &unit(vector));
        println!("{near:.4}  {text:.50}");
        assert!(near >= 0.985, "{near} for {text:.50}");
    }
}

#[test]
fn a_text_has_one_vector_alone_or_among_others() {
    let Some(model) = MODEL.as_ref() else { return };
    let references = references();
    let texts: Vec<&str> = references.iter().map(|r| r.text.as_str()).collect();
    let together = model.embed_all(&texts).unwrap();
    assert_eq!(together.len(), texts.len());
    for (text, vector) in texts.iter().zip(&together) {
        assert_eq!(&model.embed(text).unwrap(), vector, "{text:.50}");
    }
    assert_eq!(model.embed_all(&[]).unwrap(), Vec::<Vec<f32>>::new());
}

#[test]
fn like_meanings_lie_nearer_than_like_words() {
    let Some(model) = MODEL.as_ref() else { return };
    let near = |a: &str, b: &str| cosine(&model.embed(a).unwrap(), &model.embed(b).unwrap());
    let asked = "my card was swallowed by the cash machine";
    assert!(near(asked, "the ATM kept my card") > near(asked, "pay my card by machine") + 0.1);
}

#[test]
fn any_text_is_harmless() {
    let Some(model) = MODEL.as_ref() else { return };
    let texts = [
        " \t\n".to_owned(),
        "\u{0}".into(),
        "[CLS] [SEP] [UNK] [MASK]".into(),
        "\u{1f600}\u{200d}\u{1f525}".into(),
        "a".repeat(100_000),
        "word ".repeat(50_000),
        "\u{4e2d}".repeat(50_000),
        "e\u{301}".repeat(50_000),
    ];
    for text in texts {
        let vector = model.embed(&text).unwrap();
        let length = cosine(&vector, &vector);
        assert!((length - 1.0).abs() < 1e-3, "{length} for {text:.20}");
    }
}

#[test]
fn a_folder_without_the_model_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = MiniLm::load(folder.path(), 1).unwrap_err();
    assert!(matches!(error, LoadError::Missing { .. }), "{error}");
    assert!(error.to_string().contains("model.onnx"), "{error}");
    std::fs::write(folder.path().join("model.onnx"), "not it").unwrap();
    let error = MiniLm::load(folder.path(), 1).unwrap_err();
    assert!(error.to_string().contains("6 bytes"), "{error}");
}
