//! Each thing that a file can say, in each kind of file, is read.

mod build;

use bmrl_claims::{Action, Claim, Fault, FileClaims, read};
use build::*;
use ciborium::Value;

fn value<'a>(claims: &'a [Claim], name: &str) -> &'a str {
    let claim = claims.iter().find(|claim| claim.name == name);
    &claim.unwrap_or_else(|| panic!("no {name} among {claims:?}")).value
}

fn camera() -> Vec<u8> {
    tiff(
        &[ascii(0x010f, "Makers"), ascii(0x0110, "Camera 5"), ascii(0x0131, "Firmware 2")],
        &[ascii(0x9003, "2026:01:02 03:04:05"), (0x829a, 5, 1, rationals(&[(1, 250)]))],
        &[ascii(1, "N"), (2, 5, 3, rationals(&[(48, 1), (51, 1), (30, 1)]))],
    )
}

#[test]
fn exif_in_every_container() {
    let files = [
        jpeg(&[exif_segment(&camera())]),
        png(&[(b"eXIf", camera())]),
        webp(&[(b"EXIF", camera())]),
        webp(&[(b"VP8X", vec![0; 9]), (b"EXIF", [b"Exif\0\0".to_vec(), camera()].concat())]),
    ];
    for file in files {
        let claims = read(&file);
        assert_eq!(value(&claims.exif, "Model"), "Camera 5");
        assert_eq!(value(&claims.exif, "DateTimeOriginal"), "2026:01:02 03:04:05");
        assert_eq!(value(&claims.exif, "ExposureTime"), "1/250 s");
        assert_eq!(value(&claims.exif, "GPSLatitude"), "48 deg 51 min 30 sec N");
        assert_eq!(claims.generator, None);
    }
}

#[test]
fn exif_in_the_text_of_imagemagick() {
    let digits: String =
        [b"Exif\0\0".to_vec(), camera()].concat().iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<&str> =
        digits.as_bytes().chunks(72).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let text = format!("\nexif\n    {}\n{}\n", digits.len() / 2, lines.join("\n"));
    let claims = read(&png(&[compressed("Raw profile type exif", text.as_bytes())]));
    assert_eq!(value(&claims.exif, "Model"), "Camera 5");
    assert!(claims.text.is_empty());
}

#[test]
fn comments_in_utf16_of_either_order() {
    let text = "café, Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Model: v1-5";
    for big in [true, false] {
        let units =
            text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        let comment: Vec<u8> = b"UNICODE\0".iter().copied().chain(units).collect();
        let entry = (0x9286, 7, comment.len() as u32, comment);
        let claims = read(&jpeg(&[exif_segment(&tiff(&[], &[entry], &[]))]));
        assert_eq!(value(&claims.exif, "UserComment"), text);
        assert_eq!(claims.seed.as_deref(), Some("42"));
    }
}

#[test]
fn opaque_values_are_shown_in_part() {
    let note = (0x927c, 7, 1000, vec![0xab; 1000]);
    let claims = read(&jpeg(&[exif_segment(&tiff(&[], &[note], &[]))]));
    let note = claims.exif.iter().find(|claim| claim.name == "MakerNote").unwrap();
    assert!(note.value.starts_with("ab ab"));
    assert_eq!(note.left_out, 1000 - 64);
}

#[test]
fn png_text_of_every_kind() {
    let claims = read(&png(&[
        text("Author", "Jos\u{e9}"),
        (b"tEXt", b"Latin\0Jos\xe9".to_vec()),
        compressed("Long", "abc ".repeat(100).as_bytes()),
        international("Title of ü", "世界", false),
        international("Packed", "мир", true),
    ]));
    let found: Vec<_> = claims.text.iter().map(|claim| (claim.name.as_str(), claim.value.as_str())).collect();
    let long = "abc ".repeat(100);
    assert_eq!(
        found,
        [("Author", "José"), ("Latin", "José"), ("Long", &long), ("Title of ü", "世界"), ("Packed", "мир")]
    );
}

#[test]
fn comments_of_jpeg_and_gif() {
    let claims = read(&jpeg(&[(0xfe, b"made by hand".to_vec())]));
    assert_eq!(value(&claims.text, "Comment"), "made by hand");
    let packet =
        xmp(r#"Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/print""#, "");
    let mut trailer: Vec<u8> = vec![1];
    trailer.extend((0..=255).rev());
    trailer.push(0);
    let gif = [
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".as_slice(),
        b"!\xfe\x03one\x04 two\0",
        b"!\xff\x0bXMP DataXMP",
        packet.as_bytes(),
        &trailer,
        b",\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0!\xfe\x05after\0;",
    ]
    .concat();
    let claims = read(&gif);
    let comments: Vec<_> = claims.text.iter().map(|claim| claim.value.as_str()).collect();
    assert_eq!(comments, ["one two", "after"]);
    assert_eq!(claims.digital_source_type.as_deref(), Some("print"));
}

#[test]
fn source_type_as_attribute_element_and_resource() {
    let code = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    let packets = [
        xmp(&format!(r#"Iptc4xmpExt:DigitalSourceType="{code}""#), ""),
        xmp("", &format!("<Iptc4xmpExt:DigitalSourceType>{code}</Iptc4xmpExt:DigitalSourceType>")),
        xmp("", &format!(r#"<Iptc4xmpExt:DigitalSourceType rdf:resource="{code}"/>"#)),
    ];
    for packet in packets {
        for file in [
            jpeg(&[xmp_segment(&packet)]),
            png(&[international("XML:com.adobe.xmp", &packet, false)]),
            webp(&[(b"XMP ", packet.clone().into_bytes())]),
        ] {
            assert_eq!(
                read(&file).digital_source_type.as_deref(),
                Some("trainedAlgorithmicMedia"),
                "{packet}"
            );
        }
    }
}

#[test]
fn xmp_properties_lists_and_references() {
    let elements =
        "<dc:subject><rdf:Bag><rdf:li>a &amp; b</rdf:li><rdf:li>&#x4e16;</rdf:li></rdf:Bag></dc:subject>";
    let claims = read(&jpeg(&[xmp_segment(&xmp(r#"xmp:CreatorTool="Adobe Firefly""#, elements))]));
    let found: Vec<_> =
        claims.description.iter().map(|claim| (claim.name.as_str(), claim.value.as_str())).collect();
    assert_eq!(found, [("xmp:CreatorTool", "Adobe Firefly"), ("dc:subject", "a & b"), ("dc:subject", "世")]);
    assert_eq!(claims.generator.as_deref(), Some("Adobe Firefly"));
}

#[test]
fn extended_xmp_is_put_together() {
    let packet =
        xmp(r#"photoshop:Credit="Made with Google AI""#, &format!("<dc:a>{}</dc:a>", "x".repeat(500)));
    let bytes = packet.as_bytes();
    let piece = |start: usize, end: usize| {
        let head = [b"http://ns.adobe.com/xmp/extension/\0".as_slice(), &[b'A'; 32]].concat();
        let sizes = [(bytes.len() as u32).to_be_bytes(), (start as u32).to_be_bytes()].concat();
        (0xe1, [&head, &sizes, &bytes[start..end]].concat())
    };
    let file = jpeg(&[xmp_segment(&xmp("", "")), piece(300, bytes.len()), piece(0, 300)]);
    assert_eq!(read(&file).generator.as_deref(), Some("Google AI"));
}

#[test]
fn iptc_of_photoshop() {
    let record = b"\x1c\x02\x50\0\x04Ines\x1c\x02\x6e\0\x06Agency";
    let resources =
        [b"8BIM\x03\xed\0\0\0\0\0\x02ab".as_slice(), b"8BIM\x04\x04\0\0\0\0\0\x14", record].concat();
    let claims = read(&jpeg(&[(0xed, [b"Photoshop 3.0\0".as_slice(), &resources].concat())]));
    assert_eq!(value(&claims.description, "IPTC Creator"), "Ines");
    assert_eq!(value(&claims.description, "IPTC Credit Line"), "Agency");
}

/// Program, model and seed that were recognised.
fn told(claims: &FileClaims) -> [Option<&str>; 3] {
    [claims.generator.as_deref(), claims.model.as_deref(), claims.seed.as_deref()]
}

#[test]
fn generators_by_their_png_text() {
    let graph = r#"{"3":{"inputs":{"seed":156680208700286,"model":["4",0]},"class_type":"KSampler"},"4":{"inputs":{"ckpt_name":"sd\\xl \"a\".safetensors"},"class_type":"CheckpointLoaderSimple"}}"#;
    let workflow = r#"{"last_node_id":9,"nodes":[{"id":3}],"links":[]}"#;
    let cases = [
        (
            vec![text(
                "parameters",
                "a face, Steps: of stone\nNegative prompt: Seed: none\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model hash: 31e35c80fc, Model: sd_xl_base_1.0, Version: v1.6.0",
            )],
            [Some("Stable Diffusion web UI"), Some("sd_xl_base_1.0"), Some("965400086")],
        ),
        (
            vec![text("prompt", graph), text("workflow", workflow)],
            [Some("ComfyUI"), Some("sd\\xl \"a\".safetensors"), Some("156680208700286")],
        ),
        (vec![text("workflow", workflow)], [Some("ComfyUI"), None, None]),
        (
            vec![international(
                "invokeai_metadata",
                r#"{"seed":1887,"model":{"key":"k","name":"Juggernaut XL"}}"#,
                true,
            )],
            [Some("InvokeAI"), Some("Juggernaut XL"), Some("1887")],
        ),
        (vec![text("Dream", r#""a face" -s 50 -S 12345 -W 512"#)], [Some("InvokeAI"), None, Some("12345")]),
        (
            vec![
                text("Software", "NovelAI"),
                text("Source", "NovelAI Diffusion V4 37442FCA"),
                text("Comment", r#"{"prompt": "a face", "steps": 28, "seed": 4294967295}"#),
            ],
            [Some("NovelAI"), Some("NovelAI Diffusion V4 37442FCA"), Some("4294967295")],
        ),
        (
            vec![
                text("fooocus_scheme", "fooocus"),
                text(
                    "parameters",
                    r#"{"base_model": "juggernautXL_v8", "seed": "77", "version": "Fooocus v2.5.5"}"#,
                ),
            ],
            [Some("Fooocus"), Some("juggernautXL_v8"), Some("77")],
        ),
        (
            vec![text(
                "parameters",
                r#"{"sui_image_params": {"prompt": "x", "model": "flux1-dev", "seed": 5}}"#,
            )],
            [Some("SwarmUI"), Some("flux1-dev"), Some("5")],
        ),
        (
            vec![text("Description", "a face --v 6.0 Job ID: 01234567-89ab-cdef-0123-456789abcdef")],
            [Some("Midjourney"), None, None],
        ),
    ];
    for (chunks, expected) in cases {
        let claims = read(&png(&chunks));
        assert_eq!(told(&claims), expected, "{:?}", claims.text);
    }
}

#[test]
fn generators_in_exif_and_webp() {
    let flux = tiff(
        &[
            ascii(0x0131, "AI generated;txt2img;flux"),
            ascii(0x010f, "Black Forest Labs"),
            ascii(0x0110, "flux-dev"),
        ],
        &[],
        &[],
    );
    assert_eq!(
        told(&read(&jpeg(&[exif_segment(&flux)]))),
        [Some("Black Forest Labs"), Some("flux-dev"), None]
    );
    let comfy = tiff(
        &[ascii(
            0x010f,
            r#"prompt:{"1":{"inputs":{"noise_seed":3,"unet_name":"flux.gguf"},"class_type":"X"}}"#,
        )],
        &[],
        &[],
    );
    assert_eq!(told(&read(&webp(&[(b"EXIF", comfy)]))), [Some("ComfyUI"), Some("flux.gguf"), Some("3")]);
    let system = xmp("", "<Iptc4xmpExt:AISystemUsed>Some New System 3</Iptc4xmpExt:AISystemUsed>");
    assert_eq!(told(&read(&jpeg(&[xmp_segment(&system)]))), [Some("Some New System 3"), None, None]);
}

#[test]
fn a_person_who_mentions_a_generator_is_not_one() {
    let claims = read(&png(&[
        text("Description", "Not made by Midjourney or Stable Diffusion. Steps: three. Seed: none"),
        text("Author", "Imagen Gemini"),
        text("parameters", "of the camera"),
        text("workflow", "develop, crop, export"),
    ]));
    assert_eq!(claims.text.len(), 4);
    assert_eq!(told(&claims), [None, None, None]);
}

#[test]
fn content_credentials_of_the_active_manifest_in_every_container() {
    let store = store();
    let files = [
        jpeg(&jumbf_segments(&store, 100)),
        jpeg(&jumbf_segments(&store, 60_000)),
        jpeg(&jumbf_segments(&store, 100).into_iter().rev().collect::<Vec<_>>()),
        png(&[(b"caBX", store.clone())]),
        webp(&[(b"C2PA", store)]),
    ];
    for file in files {
        let c2pa = read(&file).c2pa.expect("content credentials");
        assert_eq!(c2pa.generator.as_deref(), Some("ChatGPT 1.2"));
        assert_eq!(c2pa.title.as_deref(), Some("image.png"));
        assert_eq!(c2pa.signer.as_deref(), Some("Truepic Lens CLI, OpenAI"));
        assert_eq!(c2pa.ingredients, 1);
        assert_eq!(c2pa.fault, None);
        let action = |action: &str, agent: &str, source: Option<&str>| Action {
            action: action.to_owned(),
            agent: Some(agent.to_owned()),
            digital_source_type: source.map(str::to_owned),
        };
        let created = action("c2pa.created", "GPT-4o", Some("trainedAlgorithmicMedia"));
        assert_eq!(c2pa.actions, [created, action("c2pa.converted", "Media API 2", None)]);
    }
}

#[test]
fn a_claim_of_version_one() {
    let infos = Value::Array(vec![map(&[("name", "Adobe Firefly".into())])]);
    let claim = |entries: &[(&str, Value)]| {
        let action = map(&[("action", "c2pa.created".into()), ("softwareAgent", "Adobe Firefly 3".into())]);
        let actions = map(&[("actions", Value::Array(vec![action]))]);
        let signature = signature(&certificate("cai-prod", "Adobe Inc."), false);
        let manifest =
            manifest("adobe:urn:uuid:1", ("c2pa.claim", map(entries)), ("c2pa.actions", actions), signature);
        read(&png(&[(b"caBX", superbox("c2pa", &[manifest]))])).c2pa.unwrap()
    };
    let named = claim(&[("claim_generator", "Adobe_Firefly/1".into()), ("claim_generator_info", infos)]);
    assert_eq!(named.generator.as_deref(), Some("Adobe Firefly"));
    assert_eq!(named.signer.as_deref(), Some("cai-prod, Adobe Inc."));
    assert_eq!(named.actions[0].agent.as_deref(), Some("Adobe Firefly 3"));
    assert_eq!((named.ingredients, named.fault), (0, None));
    assert_eq!(claim(&[("claim_generator", "Tool/1".into())]).generator.as_deref(), Some("Tool/1"));
}

#[test]
fn faulty_content_credentials_say_so_and_keep_what_was_read() {
    let store = store();
    let cut = read(&png(&[(b"caBX", store[..store.len() - 300].to_vec())])).c2pa.unwrap();
    assert_eq!(cut.fault, Some(Fault::Broken));
    assert_eq!(cut.generator.as_deref(), Some("ChatGPT 1.2"));
    let packed = superbox("c2pa", &[superbox("urn:c2pa:1", &[block(b"brob", b"cbor....")])]);
    assert_eq!(read(&png(&[(b"caBX", packed)])).c2pa.unwrap().fault, Some(Fault::Compressed));
    let deep = [vec![0x81; 10_000], vec![0]].concat();
    let claim = superbox("c2pa.claim", &[block(b"cbor", &deep)]);
    let nested = superbox("c2pa", &[superbox("urn:c2pa:1", &[claim])]);
    assert_eq!(read(&png(&[(b"caBX", nested)])).c2pa.unwrap().fault, Some(Fault::Broken));
    assert_eq!(read(&png(&[(b"caBX", b"nothing".to_vec())])).c2pa.unwrap().fault, Some(Fault::Broken));
    assert_eq!(read(&png(&[])).c2pa, None);
}

#[test]
fn long_text_is_cut_and_counted() {
    let long = "é".repeat(100_000);
    let claims = read(&png(&[international("a", &long, false), international("b", &long, true)]));
    for claim in &claims.text {
        assert_eq!(claim.value.chars().count() + claim.left_out, 100_000, "{}", claim.name);
        assert!(claim.value.len() <= 128 << 10);
    }
    let bomb = read(&png(&[compressed("a", &vec![b'x'; 50 << 20])]));
    assert_eq!(bomb.text[0].value.len(), 128 << 10);
    assert!(bomb.text[0].left_out > 0);
}

#[test]
fn many_claims_are_counted() {
    let chunks: Vec<_> = (0..1_000).map(|number| text("a", &number.to_string())).collect();
    let claims = read(&png(&chunks));
    assert_eq!(claims.text.len() + claims.left_out, 1_000);
}

#[test]
fn other_files_say_nothing() {
    for file in [b"".as_slice(), b"BM\0\0", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a"]
    {
        assert_eq!(read(file), FileClaims::default());
    }
}

#[test]
fn json_has_the_names_of_the_javascript_types() {
    let json = serde_json::to_value(read(&png(&[text("parameters", "x"), (b"caBX", b"".to_vec())]))).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "exif": [],
            "text": [{ "name": "parameters", "value": "x", "leftOut": 0 }],
            "description": [],
            "digitalSourceType": null,
            "generator": null,
            "model": null,
            "seed": null,
            "c2pa": { "generator": null, "title": null, "signer": null, "actions": [], "ingredients": 0, "fault": "broken" },
            "leftOut": 0,
        })
    );
}
