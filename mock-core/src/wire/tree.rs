//! JSON as it is read: [`Tree`], which borrows its texts and names from the body. To read a request takes two thirds of what it does with a [`Value`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

/// A JSON value.
#[derive(Debug, Default)]
pub(super) enum Tree<'b> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'b, str>),
    List(Vec<Tree<'b>>),
    Object(Object<'b>),
}

/// The fields of an object, each once.
pub(super) type Object<'b> = Vec<(Cow<'b, str>, Tree<'b>)>;

/// How many fields are compared with each other, to find those that are there twice. Few objects have more.
const MOST_COMPARED: usize = 16;

/// The field of this name.
pub(super) fn find<'t, 'b>(
    object: &'t [(Cow<'b, str>, Tree<'b>)],
    name: &str,
) -> Option<&'t Tree<'b>> {
    let field = object.iter().find(|(known, _)| known == name);
    field.map(|(_, value)| value)
}

/// The text of a part with this many fields, if it is a text part with nothing else in it. `text` returns the fields that are texts.
pub(super) fn plain_text_of<'t>(
    fields: usize,
    text: impl Fn(&str) -> Option<&'t str>,
) -> Option<&'t str> {
    let is_plain = fields == 2 && text("type") == Some("text");
    text("text").filter(|_| is_plain)
}

impl<'b> Tree<'b> {
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Tree::Null)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A field, if this is an object that has it.
    pub(super) fn get(&self, name: &str) -> Option<&Tree<'b>> {
        match self {
            Tree::Object(object) => find(object, name),
            _ => None,
        }
    }
}

impl From<Value> for Tree<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Tree::Null,
            Value::Bool(flag) => Tree::Bool(flag),
            Value::Number(number) => Tree::Number(number),
            Value::String(text) => text.into(),
            Value::Array(list) => {
                let mut trees = Vec::with_capacity(list.len());
                for item in list {
                    trees.push(item.into());
                }
                Tree::List(trees)
            }
            Value::Object(map) => map.into(),
        }
    }
}

impl From<Map<String, Value>> for Tree<'_> {
    fn from(map: Map<String, Value>) -> Self {
        let mut fields = Object::with_capacity(map.len());
        for (name, value) in map {
            fields.push((name.into(), value.into()));
        }
        Tree::Object(fields)
    }
}

impl From<String> for Tree<'_> {
    fn from(text: String) -> Self {
        Tree::Text(text.into())
    }
}

impl From<Tree<'_>> for Value {
    fn from(tree: Tree<'_>) -> Self {
        match tree {
            Tree::Null => Value::Null,
            Tree::Bool(flag) => flag.into(),
            Tree::Number(number) => number.into(),
            Tree::Text(text) => text.into(),
            Tree::List(list) => {
                let mut values = Vec::with_capacity(list.len());
                for item in list {
                    values.push(item.into());
                }
                Value::Array(values)
            }
            Tree::Object(object) => map(object).into(),
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

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Tree::Null => serializer.serialize_unit(),
            Tree::Bool(flag) => serializer.serialize_bool(*flag),
            Tree::Number(number) => number.serialize(serializer),
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::List(list) => serializer.collect_seq(list),
            Tree::Object(object) => {
                let fields = object.iter().map(|(name, value)| (name, value));
                serializer.collect_map(fields)
            }
        }
    }
}

struct Reader;

/// As serde_json tells a number where [`are_numbers_objects`]: as an object with only this field.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether a crate turns on serde_json's feature `arbitrary_precision`: only then is there such a number.
fn are_numbers_objects() -> bool {
    "1e400".parse::<Number>().is_ok()
}

impl<'de> Visitor<'de> for Reader {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree<'de>, E> {
        Ok(Number::from_f64(number).map_or(Tree::Null, Tree::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(text.to_owned().into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Tree<'de>, A::Error> {
        let mut object = Object::new();
        while let Some(name) = fields.next_key()? {
            let Tree::Text(name) = name else {
                return Err(A::Error::custom("the name of a field is not a text"));
            };
            object.push((name, fields.next_value()?));
        }
        match &object[..] {
            [(name, Tree::Text(digits))] if name == NUMBER && are_numbers_objects() => {
                digits.parse().map(Tree::Number).map_err(A::Error::custom)
            }
            _ => Ok(Tree::Object(unique(object))),
        }
    }
}

/// Of fields with the same name the last counts.
fn unique(mut fields: Object<'_>) -> Object<'_> {
    let mut places = 0..fields.len();
    let is_twice = |at: usize| find(&fields[..at], &fields[at].0).is_some();
    if fields.len() <= MOST_COMPARED && !places.any(is_twice) {
        return fields;
    }
    let mut seen = HashMap::new();
    let backwards = fields.iter().rev();
    let mut are_last: Vec<bool> = backwards
        .map(|(name, _)| seen.insert(&**name, 0).is_none())
        .collect();
    fields.retain(|_| are_last.pop() == Some(true));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Tree<'_> {
        serde_json::from_str(json).expect("it is JSON")
    }

    #[test]
    fn a_tree_is_the_same_as_a_value() {
        let json = r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "x\n", {}], "b": {"c": "d"}, "é": ""}"#;
        let value: Value = serde_json::from_str(json).expect("it is JSON");
        assert_eq!(Value::from(read(json)), value);
        assert_eq!(Value::from(Tree::from(value.clone())), value);
    }

    #[test]
    fn texts_and_names_are_borrowed_where_they_can_be() {
        let Tree::Object(object) = read(r#"{"a": "b", "c": "\n"}"#) else {
            panic!("it is an object");
        };
        let is_borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
        assert!(object.iter().all(|(name, _)| is_borrowed(name)));
        let texts = object.iter().map(|(_, value)| match value {
            Tree::Text(text) => is_borrowed(text),
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
            let Tree::Object(object) = tree else {
                panic!("it is an object");
            };
            assert_eq!(Some(object.len()), value.as_object().map(Map::len));
            assert_eq!(Value::from(map(object)), value);
        }
    }

    #[test]
    fn a_number_is_told_from_an_object_with_the_name_that_serde_json_gives_it() {
        assert!(matches!(read("0.50"), Tree::Number(_)));
        let json = format!(r#"[{{"{NUMBER}": "0.50"}}]"#);
        let Tree::List(list) = read(&json) else {
            panic!("it is a list");
        };
        match &list[..] {
            [Tree::Object(_)] => assert!(!are_numbers_objects()),
            [Tree::Number(_)] => assert!(are_numbers_objects()),
            other => panic!("it is {other:?}"),
        }
    }
}
