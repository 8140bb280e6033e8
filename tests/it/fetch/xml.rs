//! The REST API in XML, for clients that do not ask for JSON. Tableau's own client for Python is one.
//!
//! Both forms say the same: what is a value in JSON is an attribute in XML, an object is an element, and
//! a list is one element for each of its items.

use quick_xml::Reader;
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

/// Values that are elements with a text, and not attributes.
const ELEMENTS: [&str; 3] = ["detail", "restApiVersion", "summary"];
/// The value that is the text of its element.
const TEXT: &str = "value";

/// A request without its outer element, as JSON has it.
pub(super) fn request(text: &str) -> Value {
    let mut reader = Reader::from_str(text);
    let mut open = vec![(String::new(), Map::new())];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(begun(&start)),
            Event::Empty(start) => {
                let (name, object) = begun(&start);
                open.last_mut().unwrap().1.insert(name, object.into());
            }
            Event::End(_) => {
                let (name, object) = open.pop().unwrap();
                open.last_mut().unwrap().1.insert(name, object.into());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let (_, mut outer) = open.pop().unwrap();
    outer.remove("tsRequest").unwrap_or_default()
}

fn begun(start: &BytesStart) -> (String, Map<String, Value>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = quick_xml::escape::unescape(std::str::from_utf8(&attribute.value).unwrap());
        (
            text(attribute.key.as_ref()),
            value.unwrap().into_owned().into(),
        )
    });
    (text(start.name().as_ref()), attributes.collect())
}

/// An answer in XML.
pub(super) fn answer(json: &str) -> String {
    let Ok(Value::Object(object)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    let mut writer = Writer::new(Vec::new());
    let outer =
        BytesStart::new("tsResponse").with_attributes([("xmlns", "http://tableau.com/api")]);
    writer.write_event(Event::Start(outer)).unwrap();
    for (name, value) in &object {
        element(&mut writer, name, value);
    }
    let end = Event::End(BytesEnd::new("tsResponse"));
    writer.write_event(end).unwrap();
    String::from_utf8(writer.into_inner()).unwrap()
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        for item in items {
            element(writer, name, item);
        }
        return;
    }
    let mut start = BytesStart::new(name);
    let fields = value.as_object().into_iter().flatten();
    let (attributes, inner): (Vec<_>, Vec<_>) =
        fields.partition(|(key, value)| is_attribute(key, value));
    for (key, value) in attributes {
        if let Some(text) = plain(value) {
            start.push_attribute((key.as_str(), text.as_str()));
        }
    }
    writer.write_event(Event::Start(start)).unwrap();
    if let Some(text) = plain(value) {
        let text = Event::Text(BytesText::new(&text));
        writer.write_event(text).unwrap();
    }
    for (key, value) in inner {
        if key == TEXT {
            let text = plain(value).unwrap();
            let text = Event::Text(BytesText::new(&text));
            writer.write_event(text).unwrap();
        } else {
            element(writer, key, value);
        }
    }
    writer.write_event(Event::End(BytesEnd::new(name))).unwrap();
}

fn is_attribute(key: &str, value: &Value) -> bool {
    let is_plain = !value.is_object() && !value.is_array();
    is_plain && key != TEXT && !ELEMENTS.contains(&key)
}

/// The text of a value that is not made of others; `None` for null too, which XML leaves out.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[test]
fn both_forms_say_the_same() {
    let asked = request("<tsRequest><a b='1 &amp; 2'><c d=''/></a></tsRequest>");
    assert_eq!(
        asked,
        serde_json::json!({"a": {"b": "1 & 2", "c": {"d": ""}}})
    );
    let answered = answer(r#"{"xs": {"x": [{"id": "<1>", "y": {"n": null}}, {}]}}"#);
    let xml = "<tsResponse xmlns=\"http://tableau.com/api\">\
               <xs><x id=\"&lt;1&gt;\"><y></y></x><x></x></xs></tsResponse>";
    assert_eq!(answered, xml);
}
