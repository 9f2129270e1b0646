use std::fs;

use hotcount::mapped::ErrorKind::{self, DamagedMagic, Empty, Foreign, Short, Text};

use crate::messages::refusals;
use crate::scratch::Scratch;

#[test]
fn bytes_that_are_no_counter_file_are_named_for_what_they_are() {
    let scratch = Scratch::new();
    let path = scratch.path("file");
    let kind = |bytes: &[u8]| -> ErrorKind {
        fs::write(&path, bytes).expect("the file is written");
        let [(error, _), (other, _)] = refusals(&path);
        assert_eq!(error.kind(), other.kind());
        assert_eq!(fs::read(&path).expect("the file can be read"), bytes);
        error.kind().clone()
    };
    assert_eq!(kind(b""), Empty);
    assert_eq!(kind(b"\x89"), Short);
    assert_eq!(kind(b"\x89hotcount\r\n\x1a\n"), Short);
    assert_eq!(kind(b"x"), Text);
    assert_eq!(kind(b"hotcount\n"), Text);
    assert_eq!(kind("página, 訪問者 🚀\r\n\t".repeat(100).as_bytes()), Text);
    assert_eq!(kind(&"é".repeat(100).as_bytes()[1..]), Foreign);
    assert_eq!(kind(&"xé".repeat(100).as_bytes()[..128]), Text);
    assert_eq!(kind(&[0; 4096]), Foreign);
    assert_eq!(kind(b"\x7FELF\x02\x01\x01\0"), Foreign);
    assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Foreign);

    let good = scratch.good_file();
    let as_text = good.iter().map(|byte| char::from(*byte)).collect::<String>();
    let unix = as_text.replace("\r\n", "\n");
    let dos = as_text.replace('\n', "\r\n");
    let bytes = |text: String| text.chars().map(|c| u8::try_from(c).unwrap()).collect::<Vec<_>>();
    assert_eq!(kind(as_text.as_bytes()), DamagedMagic, "Latin 1 to UTF-8");
    assert_eq!(kind(String::from_utf8_lossy(&good).as_bytes()), DamagedMagic, "as UTF-8");
    assert_eq!(kind(&bytes(unix)), DamagedMagic, "CR LF to LF");
    assert_eq!(kind(&bytes(dos)), DamagedMagic, "LF to CR LF");
    assert_eq!(kind(&good.iter().map(|b| b & 0x7F).collect::<Vec<_>>()), DamagedMagic, "7 bit");
}
