//! XMP (ISO 16684-1): properties as attributes or elements of RDF/XML.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::collect::Group;
use crate::{limits, text};

/// Adds every property of the packet, and returns the digital source type that it states.
pub fn read(packet: &[u8], group: &mut Group) -> Option<String> {
    let packet = &packet[..packet.len().min(limits::XMP)];
    let packet = String::from_utf8_lossy(packet);
    let mut reader = Reader::from_str(&packet);
    reader.config_mut().check_end_names = false;
    let mut properties = Properties { group, elements: Vec::new(), value: String::new(), source_type: None };
    // What comes after a fault in the XML is not read.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) => {
                if properties.elements.len() >= limits::XMP_DEPTH {
                    break;
                }
                properties.attributes(&element);
                properties.value.clear();
                properties.elements.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => properties.attributes(&element),
            Event::Text(text) => properties.value.push_str(&text),
            Event::CData(text) => properties.value.push_str(&text),
            Event::GeneralRef(reference) => properties.value.extend(resolved(&reference)),
            Event::End(_) => properties.end(),
            Event::Eof => break,
            _ => {}
        }
    }
    properties.source_type
}

struct Properties<'a> {
    group: &'a mut Group,
    /// Names of the elements that are open.
    elements: Vec<String>,
    /// Text since the last start or end of an element.
    value: String,
    source_type: Option<String>,
}

impl Properties<'_> {
    fn attributes(&mut self, element: &BytesStart) {
        for attribute in element.attributes().with_checks(false).flatten() {
            let key = attribute.key.as_ref();
            let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { continue };
            match key {
                "rdf:resource" => self.state(element.name().as_ref(), &value),
                _ if is_syntax(key) => {}
                _ => self.state(key, &value),
            }
        }
    }

    fn end(&mut self) {
        let value = std::mem::take(&mut self.value);
        // The items of a list go by the name of the list.
        if let Some(name) = self.elements.iter().rev().find(|name| !is_syntax(name)).cloned() {
            self.state(&name, value.trim());
        }
        self.elements.pop();
    }

    fn state(&mut self, name: &str, value: &str) {
        if self.source_type.is_none()
            && name.rsplit(':').next() == Some("DigitalSourceType")
            && !value.is_empty()
        {
            self.source_type = Some(last_part(value));
        }
        self.group.push(name, value);
    }
}

/// The code at the end of a NewsCodes address.
pub fn last_part(address: &str) -> String {
    let code = address.trim().trim_end_matches('/').rsplit(['/', ':', '#']).next().unwrap_or_default();
    text::cut(code, limits::NAME).0.to_owned()
}

/// Whether a name belongs to RDF, XML or the packet's frame, not to a property.
fn is_syntax(name: &str) -> bool {
    name == "xmlns" || ["xmlns:", "rdf:", "xml:", "x:"].iter().any(|prefix| name.starts_with(prefix))
}

/// The character that a reference stands for; none for those that only a DTD could define.
fn resolved(reference: &BytesRef) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    resolve_predefined_entity(reference).and_then(|text| text.chars().next())
}
