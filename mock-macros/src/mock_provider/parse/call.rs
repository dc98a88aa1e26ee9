//! Tool calls.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprStruct, Lit, LitStr, Path, Token, parse_quote_spanned};

use super::super::templates::{self, Piece};
use super::json::Texts;
use super::method_chain::Link;
use super::number::is_literal;
use super::text::empty_text;
use super::{Json, Reader, Text, path_word};
use crate::diagnostics::written;
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, elements, is_type, is_word, literal};

pub(crate) struct Call {
    pub(crate) tool: Ident,
    /// The argument of `.named(..)`.
    pub(crate) wire: Option<LitStr>,
    pub(crate) arguments: Arguments,
    /// The argument of `.id(..)`.
    pub(crate) id: Option<Text>,
}

pub(crate) enum Arguments {
    Fields(Vec<(Ident, Json)>),
    /// A text that is taken as it is.
    Raw(Expr),
    /// A value of a type of the user's own.
    Typed(Typed),
}

impl Arguments {
    pub(crate) fn are_none(&self) -> bool {
        matches!(self, Arguments::Fields(fields) if fields.is_empty())
    }
}

/// A struct expression of a type of the user's own.
pub(crate) struct Typed {
    /// Its expression, in which each text has become what makes it.
    pub(crate) value: Expr,
    pub(crate) texts: Vec<TypedText>,
}

/// A text in typed arguments.
pub(crate) struct TypedText {
    pub(crate) literal: LitStr,
    pub(crate) pieces: Vec<Piece>,
}

impl Reader<'_> {
    /// Reports a tool and its arguments that are written as two: `call("find", object { city: "Paris" })`.
    pub(super) fn is_call_in_two(&self, link: &Link<'_>) -> bool {
        let [tool, Expr::Struct(object)] = link.arguments[..] else {
            return false;
        };
        let tool = match path_word(tool) {
            Some(word) => Some(word.to_string()),
            None => call_meant(tool),
        };
        let (Some(tool), true) = (tool, object.path.is_ident("object")) else {
            return false;
        };
        let mut arguments = TokenStream::new();
        for argument in &link.arguments {
            argument.to_tokens(&mut arguments);
        }
        self.error_at(
            Lint::ExpectedTool,
            &arguments,
            "expected a tool and its arguments",
            format_args!(
                "write `call({})`",
                written(object).replacen("object", &tool, 1)
            ),
        );
        true
    }

    /// Reports several tools in one `call`, beside each other or in a list.
    pub(super) fn are_calls(&self, link: &Link<'_>) -> bool {
        let tools = match link.arguments[..] {
            [Expr::Array(list)] => elements(&list.elems),
            _ => link.arguments.clone(),
        };
        let is_tool = |tool: &&Expr| match tool {
            Expr::Struct(call) => !call.path.is_ident("object"),
            other => path_word(other).is_some(),
        };
        if tools.len() < 2 || !tools.all(&is_tool) {
            return false;
        }
        let mut calls = Vec::new();
        for tool in &tools {
            calls.push(format!("call({})", written(tool)));
        }
        let mut arguments = TokenStream::new();
        for argument in &link.arguments {
            argument.to_tokens(&mut arguments);
        }
        self.error_at(
            Lint::ExpectedTool,
            &arguments,
            "expected a tool and its arguments",
            format_args!("write `{}`", calls.join(".")),
        );
        true
    }

    pub(super) fn call(&self, expr: &Expr) -> Option<Call> {
        let (base, links) = Link::chain(expr);
        if self.is_hyphenated(base) {
            return None;
        }
        let (path, fields) = match base {
            Expr::Struct(call) => (&call.path, Some(call)),
            Expr::Path(path) => (&path.path, None),
            other => {
                return self.reject(
                    Lint::ExpectedTool,
                    other,
                    &"expected a tool and its arguments",
                    &match call_meant(other) {
                        Some(call) => format!("write `call({call})`"),
                        None => {
                            "write them as in `call(get_weather { city: \"Paris\" })`".to_owned()
                        }
                    },
                );
            }
        };
        let tool = self.word_of(path)?;
        let mut wire = None;
        let mut raw = None;
        let mut id = None;
        for link in &links {
            match link.word.to_string().as_str() {
                "named" => wire = self.wire_name(link),
                "raw" => {
                    if let Some(fields) = fields.filter(|fields| !fields.fields.is_empty()) {
                        self.error_at(
                            Lint::RawAndArguments,
                            &fields.fields,
                            "`raw` replaces the arguments",
                            format_args!("remove them: `{tool}.raw(..)`"),
                        );
                    }
                    let text = self.one(link, "a text");
                    let text = text.and_then(|text| self.plain_text(text, "the argument of `raw`"));
                    raw = Some(text.unwrap_or_else(empty_text));
                }
                "id" => id = self.one(link, "a text").map(|id| self.text(id)),
                other => self.error(
                    Lint::UnknownToolWord,
                    link.word.span(),
                    format_args!("a tool that is called has no `{other}`"),
                    did_you_mean(other, "methods", &["named", "raw", "id"]),
                ),
            }
        }
        let typed = self.typed.find(&|(name, _)| *name == tool);
        let arguments = match (raw, typed, fields) {
            (Some(raw), ..) => Arguments::Raw(raw),
            (None, Some((_, ty)), fields) => Arguments::Typed(self.typed(&tool, ty, fields)?),
            (None, None, Some(fields)) => Arguments::Fields(self.object(fields, Texts::Templates)),
            (None, None, None) => Arguments::Fields(Vec::new()),
        };
        Some(Call {
            tool,
            wire,
            arguments,
            id,
        })
    }

    /// Arguments of the type `ty`, which the compiler checks where they are written; `None` if there is JSON among them, and that has
    /// been reported.
    fn typed(&self, tool: &Ident, ty: &Path, fields: Option<&ExprStruct>) -> Option<Typed> {
        let mut texts = TypedTexts {
            reader: self,
            texts: Vec::new(),
            is_literal: true,
            has_json: false,
        };
        let mut value = match fields {
            Some(fields) => fields.clone(),
            None => parse_quote_spanned!(tool.span()=> #tool {}),
        };
        value.path = located_at(ty, tool);
        texts.members(&mut value);
        self.note_code(texts.is_literal, false);
        (!texts.has_json).then_some(Typed {
            value: Expr::Struct(value),
            texts: texts.texts,
        })
    }
}

/// The tool, with its arguments, that is meant by a name in quotes, or by arguments in parentheses: `get_time()`,
/// `get_weather(city = "Paris")`.
fn call_meant(expr: &Expr) -> Option<String> {
    if let Some(name) = literal(expr) {
        let name: Ident = syn::parse_str(&name.value()).ok()?;
        return Some(name.to_string());
    }
    let Expr::Call(call) = expr else {
        return None;
    };
    let tool = path_word(&call.func)?;
    let mut arguments = Vec::new();
    for argument in &call.args {
        let Expr::Assign(argument) = argument else {
            return None;
        };
        let name = path_word(&argument.left)?;
        arguments.push(format!("{name}: {}", written(&argument.right)));
    }
    Some(match arguments.is_empty() {
        true => tool.to_string(),
        false => format!("{tool} {{ {} }}", arguments.join(", ")),
    })
}

/// The path, for errors to point at the word.
fn located_at(path: &Path, word: &Ident) -> Path {
    let mut tokens = TokenStream::new();
    for mut token in path.to_token_stream() {
        token.set_span(token.span().located_at(word.span()));
        tokens.append(token);
    }
    syn::parse2(tokens).unwrap_or_else(|_| path.clone())
}

/// Puts in the place of each text what makes it.
struct TypedTexts<'r> {
    reader: &'r Reader<'r>,
    texts: Vec<TypedText>,
    /// Whether no more than literals are in the value.
    is_literal: bool,
    /// Whether a value is written as it is in JSON; that has been reported.
    has_json: bool,
}

impl TypedTexts<'_> {
    fn members(&mut self, value: &mut ExprStruct) {
        for index in 0..value.fields.len() {
            match value.fields.get_mut(index) {
                Some(field) if field.colon_token.is_some() => self.value(&mut field.expr),
                _ => self.is_literal = false,
            }
        }
        self.is_literal &= value.rest.is_none();
    }

    fn value(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Group(group) => self.value(&mut group.expr),
            Expr::Paren(paren) => self.value(&mut paren.expr),
            Expr::Struct(value) => {
                if value.path.is_ident("object") {
                    let message = "`object` is not a Rust type";
                    let fields = written(&*value).replacen("object", "Type", 1);
                    self.json(
                        &value.path,
                        message,
                        &format!("write the name of the type, as in `{fields}`"),
                    );
                }
                self.members(value);
            }
            Expr::Array(list) => {
                self.values(&mut list.elems);
                let items = std::mem::take(&mut list.elems);
                let made = quote_spanned!(list.span()=> __mock_core::from_items([#items]));
                *expr = Expr::Verbatim(made);
            }
            Expr::Call(call) if is_verbatim(&call.func) => {
                let text = self.reader.verbatim(call);
                let Text::Expr(text) = text else {
                    return;
                };
                match literal(&text) {
                    Some(literal) => {
                        let pieces = vec![Piece::Text(literal.value())];
                        *expr = self.text(literal.clone(), pieces);
                    }
                    None => {
                        self.is_literal = false;
                        *expr = text;
                    }
                }
            }
            Expr::Call(call) if is_constructor(&call.func) => {
                self.values(&mut call.args);
            }
            Expr::Lit(lit) => {
                if let Lit::Str(literal) = &lit.lit {
                    let (literal, pieces) = (literal.clone(), self.reader.template(literal));
                    *expr = self.text(literal, pieces);
                }
            }
            Expr::Path(path) if is_type(&path.path) => {}
            Expr::Path(path) if path.path.is_ident("null") => {
                self.json(path, "`null` is not a Rust value", "write `None`");
            }
            other => self.is_literal &= is_literal(other),
        }
    }

    fn values(&mut self, values: &mut Punctuated<Expr, Token![,]>) {
        for index in 0..values.len() {
            if let Some(value) = values.get_mut(index) {
                self.value(value);
            }
        }
    }

    fn json(&mut self, at: &dyn ToTokens, message: &str, help: &str) {
        let diagnostics = self.reader.diagnostics;
        diagnostics.error_at(Lint::TypedTool, at, message, help);
        self.has_json = true;
    }

    /// The expression of a text by its number: a literal, or a template that is filled in.
    fn text(&mut self, literal: LitStr, pieces: Vec<Piece>) -> Expr {
        let span = literal.span();
        let made = match pieces.as_slice() {
            [] => quote_spanned!(span=> __mock_core::from_literal("")),
            [Piece::Text(text)] => {
                let text = LitStr::new(text, span);
                quote_spanned!(span=> __mock_core::from_literal(#text))
            }
            _ => {
                let texts = templates::texts_ident();
                let index = self.texts.len();
                quote_spanned!(span=> __mock_core::from_rendered(&#texts[#index]))
            }
        };
        self.texts.push(TypedText { literal, pieces });
        Expr::Verbatim(made)
    }
}

fn is_verbatim(function: &Expr) -> bool {
    is_word(function, "verbatim")
}

/// Whether a value is made by its type or variant, as in `Some(..)`, and not by a function.
fn is_constructor(function: &Expr) -> bool {
    match bare(function) {
        Expr::Path(path) => is_type(&path.path),
        _ => false,
    }
}
