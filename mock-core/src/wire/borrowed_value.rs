//! A JSON value that borrows its texts and names from the bytes that it is read from: [`BorrowedValue`]. A request is read in two thirds of
//! the time that it takes with a [`Value`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::search::Search;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

/// A JSON value.
#[derive(Debug, Default)]
pub(super) enum BorrowedValue<'b> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'b, str>),
    List(Vec<BorrowedValue<'b>>),
    Object(Object<'b>),
}

/// The fields of an object. Each name occurs once.
pub(super) type Object<'b> = Vec<(Cow<'b, str>, BorrowedValue<'b>)>;

/// The most fields that are compared with each other to find duplicates. Larger objects, which are rare, use a map.
const MOST_COMPARED: usize = 16;

/// The field of this name.
pub(super) fn find<'t, 'b>(
    object: &'t [(Cow<'b, str>, BorrowedValue<'b>)],
    name: &str,
) -> Option<&'t BorrowedValue<'b>> {
    let field = object.find(&|(known, _)| known == name);
    field.map(|(_, value)| value)
}

/// The text of a part, if the part has only a `type` and a `text`. `fields` is the number of its fields; `text` returns the field of a name,
/// if it is a text.
pub(super) fn plain_text_of<'t>(
    fields: usize,
    text: impl Fn(&str) -> Option<&'t str>,
) -> Option<&'t str> {
    let is_plain = fields == 2 && text("type") == Some("text");
    text("text").filter(|_| is_plain)
}

impl<'b> BorrowedValue<'b> {
    pub(super) fn is_null(&self) -> bool {
        matches!(self, BorrowedValue::Null)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            BorrowedValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a field, if this is an object that has it.
    pub(super) fn get(&self, name: &str) -> Option<&BorrowedValue<'b>> {
        match self {
            BorrowedValue::Object(object) => find(object, name),
            _ => None,
        }
    }
}

impl From<Value> for BorrowedValue<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => BorrowedValue::Null,
            Value::Bool(flag) => BorrowedValue::Bool(flag),
            Value::Number(number) => BorrowedValue::Number(number),
            Value::String(text) => text.into(),
            Value::Array(list) => {
                let mut values = Vec::with_capacity(list.len());
                for item in list {
                    values.push(item.into());
                }
                BorrowedValue::List(values)
            }
            Value::Object(map) => map.into(),
        }
    }
}

impl From<Map<String, Value>> for BorrowedValue<'_> {
    fn from(map: Map<String, Value>) -> Self {
        let mut fields = Object::with_capacity(map.len());
        for (name, value) in map {
            fields.push((name.into(), value.into()));
        }
        BorrowedValue::Object(fields)
    }
}

impl From<String> for BorrowedValue<'_> {
    fn from(text: String) -> Self {
        BorrowedValue::Text(text.into())
    }
}

impl From<BorrowedValue<'_>> for Value {
    fn from(tree: BorrowedValue<'_>) -> Self {
        match tree {
            BorrowedValue::Null => Value::Null,
            BorrowedValue::Bool(flag) => flag.into(),
            BorrowedValue::Number(number) => number.into(),
            BorrowedValue::Text(text) => text.into(),
            BorrowedValue::List(list) => {
                let mut values = Vec::with_capacity(list.len());
                for item in list {
                    values.push(item.into());
                }
                Value::Array(values)
            }
            BorrowedValue::Object(object) => map(object).into(),
        }
    }
}

pub(super) fn map(object: Object<'_>) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in object {
        map.insert(name.into_owned(), value.into());
    }
    map
}

impl<'de> Deserialize<'de> for BorrowedValue<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

impl Serialize for BorrowedValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            BorrowedValue::Null => serializer.serialize_unit(),
            BorrowedValue::Bool(flag) => serializer.serialize_bool(*flag),
            BorrowedValue::Number(number) => number.serialize(serializer),
            BorrowedValue::Text(text) => serializer.serialize_str(text),
            BorrowedValue::List(list) => serializer.collect_seq(list),
            BorrowedValue::Object(object) => {
                let fields = object.iter().map(|(name, value)| (name, value));
                serializer.collect_map(fields)
            }
        }
    }
}

struct Reader;

/// The only field of the object as which serde_json passes a number on if [`are_numbers_objects`].
const NUMBER: &str = "$serde_json::private::Number";

/// Whether serde_json passes numbers on as objects. It does if a crate in the build turns on its feature `arbitrary_precision`.
fn are_numbers_objects() -> bool {
    "1e400".parse::<Number>().is_ok()
}

impl<'de> Visitor<'de> for Reader {
    type Value = BorrowedValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<BorrowedValue<'de>, E> {
        Ok(BorrowedValue::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<BorrowedValue<'de>, E> {
        Ok(BorrowedValue::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<BorrowedValue<'de>, E> {
        Ok(BorrowedValue::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<BorrowedValue<'de>, E> {
        Ok(BorrowedValue::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<BorrowedValue<'de>, E> {
        Ok(Number::from_f64(number).map_or(BorrowedValue::Null, BorrowedValue::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<BorrowedValue<'de>, E> {
        Ok(BorrowedValue::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<BorrowedValue<'de>, E> {
        Ok(text.to_owned().into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<BorrowedValue<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(BorrowedValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<BorrowedValue<'de>, A::Error> {
        let mut object = Object::new();
        while let Some(name) = fields.next_key()? {
            let BorrowedValue::Text(name) = name else {
                return Err(A::Error::custom("the name of a field is not a text"));
            };
            object.push((name, fields.next_value()?));
        }
        match &object[..] {
            [(name, BorrowedValue::Text(digits))] if name == NUMBER && are_numbers_objects() => {
                digits
                    .parse()
                    .map(BorrowedValue::Number)
                    .map_err(A::Error::custom)
            }
            _ => Ok(BorrowedValue::Object(unique(object))),
        }
    }
}

/// Keeps the last of the fields that have the same name.
fn unique(mut fields: Object<'_>) -> Object<'_> {
    let mut places = 0..fields.len();
    let is_twice = |at: usize| find(&fields[..at], &fields[at].0).is_some();
    if fields.len() <= MOST_COMPARED && !places.any(is_twice) {
        return fields;
    }
    let mut seen = HashMap::new();
    let mut are_last = Vec::with_capacity(fields.len());
    for (name, _) in fields.iter().rev() {
        are_last.push(seen.insert(&**name, 0_usize).is_none());
    }
    fields.retain(|_| are_last.pop() == Some(true));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> BorrowedValue<'_> {
        serde_json::from_str(json).expect("it is JSON")
    }

    #[test]
    fn a_borrowed_value_equals_the_owned_value() {
        let json = r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "x\n", {}], "b": {"c": "d"}, "é": ""}"#;
        let value: Value = serde_json::from_str(json).expect("it is JSON");
        assert_eq!(Value::from(read(json)), value);
        assert_eq!(Value::from(BorrowedValue::from(value.clone())), value);
    }

    #[test]
    fn texts_and_names_are_borrowed_where_they_can_be() {
        let BorrowedValue::Object(object) = read(r#"{"a": "b", "c": "\n"}"#) else {
            panic!("it is an object");
        };
        let is_borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
        assert!(object.iter().all(|(name, _)| is_borrowed(name)));
        let texts = object.iter().map(|(_, value)| match value {
            BorrowedValue::Text(text) => is_borrowed(text),
            _ => panic!("it is a text"),
        });
        assert!(texts.eq([true, false]));
    }

    #[test]
    fn of_fields_with_the_same_name_the_last_counts() {
        for others in [0, 2 * MOST_COMPARED] {
            let others = (0..others).map(|n| format!("\"{n}\": 0, "));
            let json = format!(
                r#"{{"a": 1, {}"b": 2, "a": null, "a": {{"c": 3}}}}"#,
                others.collect::<String>()
            );
            let tree = read(&json);
            assert!(tree.get("a").and_then(|a| a.get("c")).is_some());
            let value: Value = serde_json::from_str(&json).expect("it is JSON");
            let BorrowedValue::Object(object) = tree else {
                panic!("it is an object");
            };
            assert_eq!(Some(object.len()), value.as_object().map(Map::len));
            assert_eq!(Value::from(map(object)), value);
        }
    }

    #[test]
    fn a_number_is_distinguished_from_an_object_with_the_name_that_serde_json_gives_it() {
        assert!(matches!(read("0.50"), BorrowedValue::Number(_)));
        let json = format!(r#"[{{"{NUMBER}": "0.50"}}]"#);
        let BorrowedValue::List(list) = read(&json) else {
            panic!("it is a list");
        };
        match &list[..] {
            [BorrowedValue::Object(_)] => assert!(!are_numbers_objects()),
            [BorrowedValue::Number(_)] => assert!(are_numbers_objects()),
            other => panic!("it is {other:?}"),
        }
    }
}
