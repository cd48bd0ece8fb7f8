use super::{NoteError, NoteSigner, NoteVerifier, open_note};
use crate::random::Random;

// The example of the Go package golang.org/x/mod/sumdb/note, whose key was published on purpose.
const GO_SIGNER: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                       then you don't know what your problem is.\n";
const GO_SIGNATURE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn go_note() -> String {
    format!("{GO_TEXT}\n{GO_SIGNATURE}")
}

#[test]
fn notes_of_the_go_tools_are_made_and_read() {
    let signer = NoteSigner::parse(GO_SIGNER).unwrap();
    assert_eq!(signer.verifier().to_string(), GO_VERIFIER);
    assert_eq!(*signer.expose_text(), GO_SIGNER);
    assert_eq!(signer.sign(GO_TEXT).unwrap(), go_note());
    let known = [NoteVerifier::parse(GO_VERIFIER).unwrap()];
    let note = go_note();
    let opened = open_note(&note, &known).unwrap();
    assert_eq!(
        (opened.text, opened.signed_by),
        (GO_TEXT, vec!["PeterNeumann"])
    );
}

#[test]
fn a_changed_text_or_signature_is_refused() {
    let known = [NoteVerifier::parse(GO_VERIFIER).unwrap()];
    let wrong = NoteError::WrongSignature("PeterNeumann".to_owned());
    let changed_text = go_note().replace("problem is", "answer is");
    assert_eq!(open_note(&changed_text, &known).unwrap_err(), wrong);
    let changed_signature = go_note().replace("JnAM=", "JnAI=");
    assert_eq!(open_note(&changed_signature, &known).unwrap_err(), wrong);
    let short_signature = format!("{GO_TEXT}\n\u{2014} PeterNeumann x08gowAA\n");
    assert_eq!(open_note(&short_signature, &known).unwrap_err(), wrong);
    let twice = format!("{}{GO_SIGNATURE}", go_note());
    assert_eq!(open_note(&twice, &known).unwrap_err(), wrong);
}

#[test]
fn unknown_signatures_are_passed_over_but_do_not_count() {
    let mut random = Random::from_seed([1; 32]);
    let witness = NoteSigner::generate("witness.example", &mut random).unwrap();
    let namesake = NoteSigner::generate("PeterNeumann", &mut random).unwrap();
    let both = namesake
        .cosign(&witness.cosign(&go_note()).unwrap())
        .unwrap();

    let known = [
        NoteVerifier::parse(GO_VERIFIER).unwrap(),
        witness.verifier(),
    ];
    let opened = open_note(&both, &known).unwrap();
    assert_eq!(opened.signed_by, ["PeterNeumann", "witness.example"]);
    let only_witness = [witness.verifier()];
    assert_eq!(
        open_note(&both, &only_witness).unwrap().signed_by,
        ["witness.example"]
    );
    let stranger = [NoteSigner::generate("other.example", &mut random)
        .unwrap()
        .verifier()];
    assert_eq!(
        open_note(&both, &stranger).unwrap_err(),
        NoteError::Unsigned
    );
    assert_eq!(open_note(&both, &[]).unwrap_err(), NoteError::Unsigned);
}

#[test]
fn the_text_ends_at_the_last_empty_line() {
    let signer = NoteSigner::parse(GO_SIGNER).unwrap();
    let note = signer.sign("one\n\ntwo\n").unwrap();
    let known = [signer.verifier()];
    assert_eq!(open_note(&note, &known).unwrap().text, "one\n\ntwo\n");
}

#[test]
fn what_is_no_note_is_refused() {
    let known = [NoteVerifier::parse(GO_VERIFIER).unwrap()];
    let note = go_note();
    for text in [
        String::new(),
        GO_TEXT.to_owned(),
        format!("{GO_TEXT}\n"),
        note.trim_end().to_owned(),
        note.replace('\u{2014}', "-"),
        note.replace("problem,", "problem,\t"),
        note.replace("PeterNeumann x08", "PeterNeumann  x08"),
        format!("{note}\u{2014} other.example AAAA\n"),
        format!("{note}\u{2014} other.example\n"),
        format!("{note}{}", "\u{2014} other.example AAAAAAA=\n".repeat(64)),
    ] {
        assert_eq!(
            open_note(&text, &known).unwrap_err(),
            NoteError::NotANote,
            "{text:?}"
        );
    }
    let signer = NoteSigner::parse(GO_SIGNER).unwrap();
    assert_eq!(signer.sign("no newline").unwrap_err(), NoteError::NotANote);
    assert_eq!(signer.sign("tab\t\n").unwrap_err(), NoteError::NotANote);
}

#[test]
fn damaged_keys_and_names_are_refused() {
    for text in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumamn+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegw",
        GO_SIGNER,
    ] {
        assert_eq!(
            NoteVerifier::parse(text).unwrap_err(),
            NoteError::NotAKey,
            "{text}"
        );
    }
    assert_eq!(
        NoteSigner::parse(GO_VERIFIER).unwrap_err(),
        NoteError::NotAKey
    );
    for name in ["", "a b", "a+b", "全角　空白", "a\nb"] {
        let refused = NoteSigner::generate(name, &mut Random::from_seed([1; 32])).unwrap_err();
        assert_eq!(refused, NoteError::NotAName(name.to_owned()));
    }
}

#[test]
fn debug_shows_no_secret_key() {
    let signer = NoteSigner::parse(GO_SIGNER).unwrap();
    assert_eq!(format!("{signer:?}"), "NoteSigner(PeterNeumann, redacted)");
}
