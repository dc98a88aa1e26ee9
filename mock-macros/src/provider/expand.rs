//! From the model to a table and the few impls around it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr};

use super::model::{
    Action, After, Call, Count, Failure, Fault, FaultKind, Field, Json, JsonKind, Latency, Matcher,
    Mock, Text, Tool, Turn, Type, wire_name,
};
use super::text::{FromText, PatternPiece, Piece, Pieces, Until, Variable, push_json_escaped};
use crate::diagnostics::{position, written};

/// The struct of a named mock, its table and its impls.
pub(super) fn items(mock: &Mock) -> TokenStream {
    let Mock {
        crate_path,
        attributes,
        visibility,
        name: Some(name),
        ..
    } = mock
    else {
        return TokenStream::new();
    };
    let visibility = match visibility {
        Some(visibility) => quote!(#visibility),
        None => quote!(pub(crate)),
    };
    let documented = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"));
    let doc = (!documented).then(|| quote!(#[doc = "A mock of an LLM provider."]));
    let cfgs = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let derived = derives(attributes);
    let is_ours = |name: &&str| !derived.iter().any(|derived| derived == name);
    let derive = [
        ("Clone", quote!(::core::clone::Clone)),
        ("Debug", quote!(::core::fmt::Debug)),
    ];
    let derive = derive
        .iter()
        .filter(|(name, _)| is_ours(name))
        .map(|(_, path)| path);
    let default = is_ours(&"Default").then(|| {
        quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let table = Table::Static.scenario(mock);
    quote! {
        #(#attributes)*
        #doc
        #[derive(#(#derive),*)]
        #visibility struct #name(#crate_path::MockProvider);

        #(#cfgs)*
        #[allow(clippy::needless_update)]
        const _: () = {
            use #crate_path::__private as __mock_core;

            static __MOCK_CORE_SCENARIO: __mock_core::Scenario = #table;

            impl #name {
                #[doc = "A new instance, at the beginning of its script."]
                #visibility fn new() -> Self {
                    Self(__mock_core::from_static(&__MOCK_CORE_SCENARIO))
                }
            }

            #default

            impl ::core::ops::Deref for #name {
                type Target = __mock_core::MockProvider;

                fn deref(&self) -> &__mock_core::MockProvider {
                    &self.0
                }
            }

            impl __mock_core::FromTest for #name {
                fn from_test(test: &mut __mock_core::Test) -> Self {
                    Self(test.mock(&__MOCK_CORE_SCENARIO))
                }
            }

            impl __mock_core::DeclaredMock for #name {}
        };
    }
}

/// The names in the `derive`s.
fn derives(attributes: &[Attribute]) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        // What does not parse here, the compiler will report.
        let _ = attribute.parse_nested_meta(|meta| {
            names.extend(
                meta.path
                    .segments
                    .last()
                    .map(|segment| segment.ident.to_string()),
            );
            Ok(())
        });
    }
    names
}

/// An anonymous mock: an expression of the type `MockProvider`.
pub(super) fn expression(mock: &Mock) -> TokenStream {
    let crate_path = &mock.crate_path;
    let scenario = scenario(mock);
    quote!(#crate_path::MockProvider::new(#scenario))
}

/// The scenario of an anonymous mock: an expression of the type `Cow<'static, Scenario>`.
pub(super) fn scenario(mock: &Mock) -> TokenStream {
    let crate_path = &mock.crate_path;
    let scenario = match mock.is_constant() {
        true => {
            let table = Table::Static.scenario(mock);
            quote! {
                #[allow(clippy::needless_update)]
                static __MOCK_CORE_SCENARIO: __mock_core::Scenario = #table;
                __mock_core::Borrowed(&__MOCK_CORE_SCENARIO)
            }
        }
        false => {
            let table = Table::Owned.scenario(mock);
            quote! {
                #[allow(clippy::needless_update)]
                let __mock_core_scenario = #table;
                __mock_core::Owned(__mock_core_scenario)
            }
        }
    };
    quote!({
        use #crate_path::__private as __mock_core;
        #scenario
    })
}

/// How the parts of a scenario are held: borrowed in a `static`, or owned where some are known only when the test runs.
#[derive(Clone, Copy)]
enum Table {
    Static,
    Owned,
}

impl Table {
    fn list(self, items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
        let items: Vec<_> = items.into_iter().collect();
        match self {
            Table::Owned if !items.is_empty() => {
                quote!(__mock_core::Owned(__mock_core::vec([#(#items),*])))
            }
            _ => quote!(__mock_core::Borrowed(&[#(#items),*])),
        }
    }

    fn scenario(self, mock: &Mock) -> TokenStream {
        let line = line(mock.name.as_ref().map_or_else(Span::call_site, Ident::span));
        let name = mock.name.iter().map(|name| {
            let name = name.to_string();
            quote!(name: __mock_core::Some(__mock_core::Borrowed(#name)),)
        });
        let profile = Ident::new(mock.profile.variant, Span::call_site());
        let model = mock.profile.model.iter().map(|model| {
            let model = self.borrowed(model);
            quote!(model: __mock_core::Some(#model),)
        });
        let latency = match &mock.latency {
            Latency::None => None,
            Latency::Fixed(time) => {
                Some(quote!(latency: __mock_core::Latency::new(__mock_core::Delay::Fixed(#time)),))
            }
            Latency::Uniform(least, most) => Some(
                quote!(latency: __mock_core::Latency::new(__mock_core::Delay::Uniform(#least, #most)),),
            ),
        };
        let tools = mock.tools.iter().map(|tools| {
            let tools = self.list(tools.iter().map(|tool| self.tool(tool)));
            quote!(tools: #tools,)
        });
        let turns = self.list(mock.turns.iter().map(|turn| self.turn(turn)));
        quote! {
            __mock_core::Scenario {
                #(#name)*
                place: __mock_core::Place { file: __mock_core::Some(__mock_core::core::file!()), line: #line },
                profile: __mock_core::Profile::#profile,
                #(#model)*
                #latency
                #(#tools)*
                turns: #turns,
                ..__mock_core::Scenario::NEW
            }
        }
    }

    fn tool(self, tool: &Tool) -> TokenStream {
        let name = wire_name(&tool.name);
        let arguments = self.fields(&tool.arguments);
        quote!(__mock_core::Tool { name: __mock_core::Borrowed(#name), parameters: __mock_core::Parameters::Fields(#arguments), ..__mock_core::Tool::NEW })
    }

    /// The fields of an object, which are always known when compiling.
    fn fields(self, fields: &[Field]) -> TokenStream {
        let fields = fields.iter().map(|field| {
            let name = wire_name(&field.name);
            let schema = self.schema(&field.ty);
            quote!(__mock_core::Field { name: __mock_core::Borrowed(#name), schema: #schema })
        });
        self.list(fields)
    }

    fn schema(self, ty: &Type) -> TokenStream {
        match ty {
            Type::String => quote!(__mock_core::Schema::String),
            Type::Integer => quote!(__mock_core::Schema::Integer),
            Type::Number => quote!(__mock_core::Schema::Number),
            Type::Boolean => quote!(__mock_core::Schema::Boolean),
            Type::Json => quote!(__mock_core::Schema::Json),
            Type::List(inner) => {
                let inner = self.node(inner);
                quote!(__mock_core::Schema::List(#inner))
            }
            Type::Optional(inner) => {
                let inner = self.node(inner);
                quote!(__mock_core::Schema::Optional(#inner))
            }
            Type::OneOf(values) => {
                let values = self.list(
                    values
                        .iter()
                        .map(|value| quote!(__mock_core::Borrowed(#value))),
                );
                quote!(__mock_core::Schema::OneOf(#values))
            }
            Type::Object(fields) => {
                let fields = self.fields(fields);
                quote!(__mock_core::Schema::Object(#fields))
            }
        }
    }

    fn node(self, ty: &Type) -> TokenStream {
        let schema = self.schema(ty);
        match self {
            Table::Static => quote!(__mock_core::Node::Static(&#schema)),
            Table::Owned => quote!(__mock_core::node(#schema)),
        }
    }

    fn turn(self, turn: &Turn) -> TokenStream {
        let line = line(turn.span);
        let matchers = (!turn.matchers.is_empty()).then(|| {
            let matchers = self.list(
                turn.matchers
                    .iter()
                    .filter_map(|matcher| self.matcher(matcher)),
            );
            quote!(matchers: #matchers,)
        });
        let actions = self.list(turn.actions.iter().map(|action| self.action(action)));
        let count = match &turn.count {
            Count::Exactly(1) => None,
            Count::Exactly(times) => {
                Some(quote!(count: __mock_core::Count { min: #times, max: #times },))
            }
            Count::Range(min, max) => {
                let max = max.unwrap_or(u32::MAX);
                Some(quote!(count: __mock_core::Count { min: #min, max: #max },))
            }
            Count::Between(min, max) => {
                let max = max
                    .as_ref()
                    .map_or_else(|| quote!(u32::MAX), |max| quote!(#max));
                Some(quote!(count: __mock_core::Count { min: #min, max: #max },))
            }
            Count::Expr(expr) => Some(match self {
                Table::Static => quote! {
                    count: {
                        let __mock_core_times = #expr;
                        __mock_core::Count { min: __mock_core_times, max: __mock_core_times }
                    },
                },
                Table::Owned => {
                    quote_spanned!(expr.span()=> count: __mock_core::Count::from(#expr),)
                }
            }),
        };
        let ttft = turn.ttft.as_ref().map(|time| quote!(ttft: #time,));
        let every = turn
            .every
            .as_ref()
            .map(|time| quote!(pace: __mock_core::Pace::Every(#time),));
        let fault = turn.fault.as_ref().map(|fault| self.fault(fault));
        quote! {
            __mock_core::Turn {
                place: __mock_core::Place::line(#line),
                #matchers
                actions: #actions,
                #count
                #ttft
                #every
                #fault
                ..__mock_core::Turn::NEW
            }
        }
    }

    fn matcher(self, matcher: &Matcher) -> Option<TokenStream> {
        Some(match matcher {
            Matcher::User(pieces) => {
                let pieces = self.list(pieces.iter().map(pattern_piece));
                quote!(__mock_core::Matcher::User(__mock_core::Pattern::Words(#pieces)))
            }
            Matcher::ToolResult(tool) => {
                let tool = wire_name(tool);
                quote!(__mock_core::Matcher::ToolResult(__mock_core::Borrowed(#tool)))
            }
            Matcher::When(test) => {
                let source = written(test);
                let test = match self {
                    Table::Static => quote!(__mock_core::Predicate::Fn(#test)),
                    Table::Owned => quote!(__mock_core::predicate(#test)),
                };
                quote! {
                    __mock_core::Matcher::When(__mock_core::When { test: #test, source: __mock_core::Borrowed(#source) })
                }
            }
            Matcher::Bad => return None,
        })
    }

    fn action(self, action: &Action) -> TokenStream {
        match action {
            Action::Reply(text) => {
                let text = self.text(text);
                quote!(__mock_core::Action::Reply(#text))
            }
            Action::Reasoning(text) => {
                let text = self.text(text);
                quote!(__mock_core::Action::Reasoning(#text))
            }
            Action::Refusal(text) => {
                let text = self.text(text);
                quote!(__mock_core::Action::Refusal(#text))
            }
            Action::Stream(pieces) => {
                let pieces = self.list(pieces.iter().map(|piece| self.text(piece)));
                quote!(__mock_core::Action::Stream(#pieces))
            }
            Action::Call(call) => self.call(call),
            Action::Fail(failure) => {
                let failure = self.failure(failure);
                quote!(__mock_core::Action::Fail(#failure))
            }
        }
    }

    fn call(self, call: &Call) -> TokenStream {
        let tool = wire_name(&call.tool);
        let mut json = Pieces::default();
        push_object(&mut json, &call.arguments);
        let arguments = self.pieces(json.finish().iter());
        quote! {
            __mock_core::Action::Call(__mock_core::ScriptedCall {
                tool: __mock_core::Borrowed(#tool),
                arguments: __mock_core::Arguments::Text(#arguments),
            })
        }
    }

    fn fault(self, fault: &Fault) -> TokenStream {
        let kind = match &fault.kind {
            FaultKind::Cut => quote!(Cut),
            FaultKind::End => quote!(End),
            FaultKind::Stall => quote!(Stall),
            FaultKind::Malformed => quote!(Malformed),
            FaultKind::Error(failure) => {
                let failure = self.failure(failure);
                quote!(Error(#failure))
            }
        };
        let after = match (&fault.after, self) {
            (After::Deltas(_, deltas), _) => quote!(__mock_core::After::Deltas(#deltas)),
            (After::All, _) => quote!(__mock_core::After::All),
            (After::Time(time), _) => {
                quote!(__mock_core::After::Time(#time))
            }
            (After::Expr(expr), Table::Static) => quote!(__mock_core::After::Deltas(#expr)),
            (After::Expr(expr), Table::Owned) => quote!(__mock_core::After::from(#expr)),
        };
        quote! {
            fault: __mock_core::Some(__mock_core::Fault {
                kind: __mock_core::FaultKind::#kind,
                after: #after,
            }),
        }
    }

    /// A failure, without the action that it is.
    fn failure(self, failure: &Failure) -> TokenStream {
        let kind = Ident::new(failure.kind.variant, failure.word.span());
        let message = failure.message.iter().map(|message| {
            let message = self.text(message);
            quote!(message: __mock_core::Some(#message),)
        });
        let retry_after = failure
            .retry_after
            .iter()
            .map(|(_, wait)| quote!(retry_after: __mock_core::Some(#wait),));
        let status = failure
            .status
            .iter()
            .map(|status| quote!(status: __mock_core::Some(#status),));
        quote! {
            __mock_core::Failure {
                kind: __mock_core::ErrorKind::#kind,
                #(#message)*
                #(#retry_after)*
                #(#status)*
                ..__mock_core::Failure::NEW
            }
        }
    }

    fn text(self, text: &Text) -> TokenStream {
        match text {
            Text::Template(_, pieces) => {
                let pieces: Vec<_> = pieces.iter().cloned().map(JsonPiece::Piece).collect();
                self.pieces(pieces.iter())
            }
            Text::Expr(expr) => {
                let text = self.borrowed(expr);
                quote!(__mock_core::Text::Verbatim(#text))
            }
        }
    }

    /// A text that is an expression.
    fn borrowed(self, expr: &Expr) -> TokenStream {
        match self {
            Table::Static => quote!(__mock_core::Borrowed(#expr)),
            Table::Owned => quote!(__mock_core::text(#expr)),
        }
    }

    /// A text made of pieces: verbatim if there are no variables in it.
    fn pieces<'p>(self, pieces: impl ExactSizeIterator<Item = &'p JsonPiece>) -> TokenStream {
        let pieces: Vec<_> = pieces.collect();
        match pieces.as_slice() {
            [] => quote!(__mock_core::Text::Verbatim(__mock_core::Borrowed(""))),
            [JsonPiece::Piece(Piece::Text(text))] => {
                quote!(__mock_core::Text::Verbatim(__mock_core::Borrowed(#text)))
            }
            pieces => {
                let pieces = self.list(pieces.iter().map(|piece| match piece {
                    JsonPiece::Piece(Piece::Text(text)) => {
                        quote!(__mock_core::Piece::Text(__mock_core::Borrowed(#text)))
                    }
                    JsonPiece::Piece(Piece::Variable(variable)) => {
                        let variable = template_variable(variable);
                        quote!(__mock_core::Piece::Variable(__mock_core::Variable::#variable))
                    }
                    JsonPiece::Expr(expr) => match self {
                        // A mistake, which has been reported; the compiler may find more in it.
                        Table::Static => quote! {
                            __mock_core::Piece::Text({
                                let _ = || { let _ = &(#expr); };
                                __mock_core::Borrowed("null")
                            })
                        },
                        Table::Owned => {
                            quote!(__mock_core::Piece::Text(__mock_core::json(&(#expr))))
                        }
                    },
                }));
                quote!(__mock_core::Text::Template(__mock_core::Template { pieces: #pieces }))
            }
        }
    }
}

/// A piece of the JSON text of arguments.
enum JsonPiece {
    Piece(Piece),
    /// A value that is written as JSON when the mock is made.
    Expr(Expr),
}

impl FromText for JsonPiece {
    fn from_text(text: String) -> Self {
        JsonPiece::Piece(Piece::Text(text))
    }
}

fn push_object(out: &mut Pieces<JsonPiece>, fields: &[(Ident, Json)]) {
    out.text.push('{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.text.push(',');
        }
        out.text.push('"');
        push_json_escaped(&mut out.text, &wire_name(name));
        out.text.push_str("\":");
        push_json(out, value);
    }
    out.text.push('}');
}

fn push_json(out: &mut Pieces<JsonPiece>, json: &Json) {
    match &json.kind {
        JsonKind::Text(_, pieces) => {
            out.text.push('"');
            for piece in pieces {
                match piece {
                    Piece::Text(text) => push_json_escaped(&mut out.text, text),
                    variable => out.push(JsonPiece::Piece(variable.clone())),
                }
            }
            out.text.push('"');
        }
        JsonKind::Integer(digits) | JsonKind::Number(digits) => out.text.push_str(digits),
        JsonKind::Boolean(boolean) => out.text.push_str(if *boolean { "true" } else { "false" }),
        JsonKind::Null => out.text.push_str("null"),
        JsonKind::List(items) => {
            out.text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.text.push(',');
                }
                push_json(out, item);
            }
            out.text.push(']');
        }
        JsonKind::Object(fields) => push_object(out, fields),
        JsonKind::Expr(expr) => out.push(JsonPiece::Expr(expr.clone())),
    }
}

fn pattern_piece(piece: &PatternPiece) -> TokenStream {
    match piece {
        PatternPiece::Text(text) => {
            quote!(__mock_core::PatternPiece::Text(__mock_core::Borrowed(#text)))
        }
        PatternPiece::Any => quote!(__mock_core::PatternPiece::Any),
        PatternPiece::Capture { name, until } => {
            let until = match until {
                Until::Next => quote!(Next),
                Until::Word => quote!(Word),
                Until::Rest => quote!(Rest),
            };
            quote! {
                __mock_core::PatternPiece::Capture {
                    name: __mock_core::Borrowed(#name),
                    until: __mock_core::Until::#until,
                }
            }
        }
    }
}

fn template_variable(variable: &Variable) -> TokenStream {
    match variable {
        Variable::Capture(name) => quote!(Capture(__mock_core::Borrowed(#name))),
        Variable::User => quote!(User),
        Variable::Model => quote!(Model),
        Variable::Call => quote!(Call),
        Variable::Field { tool, path } => {
            quote!(Field { tool: __mock_core::Borrowed(#tool), path: __mock_core::Borrowed(#path) })
        }
    }
}

fn line(span: Span) -> u32 {
    u32::try_from(position(span).0).unwrap_or(0)
}
