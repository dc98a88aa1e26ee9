//! Expectations beside the script.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Expr;

use super::super::parse::{Bounds, Expectation, ExpectationKind, word};
use super::parts::{Table, place};
use super::value::{Fields, Value, part, time};

impl Table<'_> {
    pub(super) fn expectations(&self, expectations: &[Expectation]) -> Value {
        self.list(expectations, &|expectation| self.expectation(expectation))
    }

    fn expectation(&self, expectation: &Expectation) -> Option<Value> {
        let name = part("Expected", expectation.known);
        let tool = |tool| Value::str(&self.mock.wire_name(&word(tool)));
        let kind = match &expectation.kind {
            ExpectationKind::Bounds(range) => Value::tuple(&name, bounds(range)),
            ExpectationKind::Matcher(matcher) => Value::call(&name, self.matcher(matcher)?),
            ExpectationKind::Tool(of) => Value::call(&name, tool(of)),
            ExpectationKind::Order(first, second) => {
                let (first, second) = (tool(first), tool(second));
                Value::tuple(&name, quote!(#first, #second))
            }
            ExpectationKind::Result(of, value) => {
                let mut fields = Fields::default();
                fields.put("tool", tool(of));
                fields.put("value", self.json_text(value));
                fields.record(&name)
            }
            ExpectationKind::Within(time) => Value::tuple(&name, self::time(time)),
            ExpectationKind::Alone => Value::unit(&name),
        };
        let mut fields = Fields::default();
        fields.put("place", place(expectation.span));
        fields.put("kind", kind);
        Some(fields.record("__Expectation"))
    }
}

fn bounds(bounds: &Bounds) -> TokenStream {
    match bounds {
        // Bind the value, so that the user's code runs only once.
        Bounds::Exactly(number) => quote!({
            let number: ::core::primitive::u64 = #number;
            __mock_core::Bounds { min: number, max: number }
        }),
        Bounds::Range(min, max) => {
            let (min, max) = (bound(min, u64::MIN), bound(max, u64::MAX));
            quote!(__mock_core::Bounds { min: #min, max: #max })
        }
    }
}

fn bound(bound: &Option<Expr>, open: u64) -> TokenStream {
    match bound {
        Some(number) => quote!(#number),
        None => quote!(#open),
    }
}
