//! Fields of a request that have a value of another type than the provider takes.

use crate::wire::borrowed_value::BorrowedValue;

/// A type of a field.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::wire) enum FieldType {
    Text,
    Number,
    /// A number without a fraction.
    Integer,
    Flag,
    List,
    Object,
    /// An object whose values are texts.
    Texts,
    TextOrList,
    TextOrObject,
}

/// A value that has another type than its field.
pub(in crate::wire) struct WrongType<'t> {
    /// The path of the value.
    pub(in crate::wire) at: String,
    pub(in crate::wire) expected: FieldType,
    pub(in crate::wire) value: &'t BorrowedValue<'t>,
}

/// The first of these fields that has a value of another type.
pub(in crate::wire) fn wrong_type<'t>(
    body: &'t BorrowedValue<'t>,
    fields: &[(FieldType, &[&str])],
) -> Option<WrongType<'t>> {
    for (expected, names) in fields {
        for name in *names {
            if let Some(value) = body.field(name)
                && let Some(wrong) = expected.wrong(value, name)
            {
                return Some(wrong);
            }
        }
    }
    None
}

impl FieldType {
    fn wrong<'t>(self, value: &'t BorrowedValue<'t>, at: &str) -> Option<WrongType<'t>> {
        if self == FieldType::Texts && matches!(value, BorrowedValue::Object(_)) {
            let mut values = value.entries();
            return values
                .find_map(|(key, value)| FieldType::Text.wrong(value, &format!("{at}.{key}")));
        }
        (!self.includes(value)).then(|| WrongType {
            at: at.to_owned(),
            expected: self,
            value,
        })
    }

    fn includes(self, value: &BorrowedValue<'_>) -> bool {
        match value {
            BorrowedValue::Null => true,
            BorrowedValue::Bool(_) => self == FieldType::Flag,
            BorrowedValue::Number(number) => match self {
                FieldType::Number => true,
                FieldType::Integer => number.as_f64().is_some_and(|it| it.fract() == 0.0),
                _ => false,
            },
            BorrowedValue::Text(_) => {
                let texts = [
                    FieldType::Text,
                    FieldType::TextOrList,
                    FieldType::TextOrObject,
                ];
                texts.contains(&self)
            }
            BorrowedValue::List(_) => matches!(self, FieldType::List | FieldType::TextOrList),
            BorrowedValue::Object(_) => {
                matches!(self, FieldType::Object | FieldType::TextOrObject)
            }
        }
    }
}
