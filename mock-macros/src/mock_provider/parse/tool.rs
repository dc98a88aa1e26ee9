//! Tools and the types of their arguments.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, TokenStreamExt as _};
use syn::{BinOp, Expr, ExprCall, ExprStruct, LitStr, Member, Path};

use super::super::split_into_entries::{no_attributes, rust_name};
use super::super::words::{self, SyntaxKind, Word};
use super::method_chain::Link;
use super::not_a_matcher::{is_or, operands};
use super::number::word_meant;
use super::{Reader, path_word, plain, word};
use crate::diagnostics::{listed, written};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, elements, is_type, is_word, literal, word_and_arguments};

pub(crate) struct Tool {
    pub(crate) name: Ident,
    /// The argument of `.named(..)`.
    pub(crate) wire: Option<LitStr>,
    pub(crate) parameters: Parameters,
    pub(crate) returns: Option<Type>,
}

pub(crate) struct Field {
    pub(crate) name: Ident,
    /// The argument of `.named(..)`.
    pub(crate) wire: Option<LitStr>,
    pub(crate) ty: Type,
}

pub(crate) enum Parameters {
    Fields(Vec<Field>),
    /// A type of the user's own.
    Typed(Path),
}

pub(crate) enum Type {
    /// A word alone.
    Scalar(&'static Word),
    /// Any JSON, or a type that was not understood.
    Json,
    List(Box<Type>),
    Optional(Box<Type>),
    OneOf(Vec<String>),
    Object(Vec<Field>),
}

impl Tool {
    /// Its name as the provider sees it.
    pub(crate) fn wire_name(&self) -> String {
        let wire = self.wire.as_ref();
        wire.map_or_else(|| word(&self.name), LitStr::value)
    }
}

impl Type {
    /// The type, whether or not it may be left out.
    pub(crate) fn required(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner.required(),
            other => other,
        }
    }
}

impl Field {
    /// Its name as the provider sees it.
    pub(crate) fn wire_name(&self) -> String {
        let wire = self.wire.as_ref();
        wire.map_or_else(|| word(&self.name), LitStr::value)
    }
}

impl Reader<'_> {
    pub(super) fn tool(&self, expr: &Expr) -> Option<Tool> {
        let (base, links) = Link::chain(expr);
        if self.is_hyphenated(base) {
            return None;
        }
        let (name, parameters) = match base {
            Expr::Struct(tool) => (
                self.word_of(&tool.path)?,
                Parameters::Fields(self.fields(tool)),
            ),
            Expr::Path(path) => (self.word_of(&path.path)?, Parameters::Fields(Vec::new())),
            Expr::Call(call) if !call.args.is_empty() => self.typed_tool(call)?,
            other => {
                return self.reject(
                    Lint::ExpectedTool,
                    other,
                    &"expected a tool",
                    &match literal(other).map(|name| syn::parse_str::<Ident>(&name.value())) {
                        Some(Ok(name)) => format!(
                            "write `{name}`, with its arguments if it has any: `{name} {{ city: string }}`"
                        ),
                        _ => "write its name and its arguments, as in `get_weather { city: string }`"
                            .to_owned(),
                    });
            }
        };
        let mut tool = Tool {
            name,
            wire: None,
            parameters,
            returns: None,
        };
        let mut seen: Vec<&Ident> = Vec::new();
        for link in &links {
            let word = link.word;
            if let Some(first) = seen.find(&|seen| *seen == word) {
                self.twice(&word.to_string(), first.span(), word.span());
                continue;
            }
            seen.push(word);
            match word.to_string().as_str() {
                "named" => tool.wire = self.wire_name(link),
                "returns" => {
                    tool.returns = self.one(link, "a type").map(|returns| self.ty(returns));
                }
                other => self.error(
                    Lint::UnknownToolWord,
                    word.span(),
                    format_args!("a tool has no `{other}`"),
                    did_you_mean(other, "methods", &["named", "returns"]),
                ),
            }
        }
        Some(tool)
    }

    /// A tool whose arguments are a type: `web_search(SearchArgs)`.
    fn typed_tool(&self, call: &ExprCall) -> Option<(Ident, Parameters)> {
        let name = match bare(&call.func) {
            Expr::Path(path) => self.word_of(&path.path)?,
            other => {
                return self.reject(
                    Lint::ExpectedTool,
                    other,
                    &"expected the name of a tool",
                    &"write one word, as in `get_weather`",
                );
            }
        };
        if let Some(extra) = call.args.iter().nth(1) {
            self.error_at(
                Lint::TypedTool,
                extra,
                "a tool takes one type of arguments",
                format_args!("remove this, or write them out: `{name} {{ name: string }}`"),
            );
        }
        let ty = call.args.first().map(bare);
        match ty {
            Some(Expr::Path(path)) if path.qself.is_none() && is_type(&path.path) => {
                Some((name, Parameters::Typed(path.path.clone())))
            }
            _ => self.reject(
                Lint::TypedTool,
                &ty,
                &"expected a type of your own",
                &format_args!("write arguments in braces, as in `{name} {{ city: string }}`"),
            ),
        }
    }

    /// `get-weather { .. }`: a name that is none in Rust, which is reported.
    pub(super) fn is_hyphenated(&self, expr: &Expr) -> bool {
        let Some((name, tool)) = hyphenated(expr) else {
            return false;
        };
        let ours = rust_name(&name);
        let fields = match tool {
            Expr::Struct(tool) => written(tool).replacen(&*written(&tool.path), "", 1),
            _ => String::new(),
        };
        let mut at = TokenStream::new();
        for token in expr.to_token_stream() {
            if let TokenTree::Group(_) = token {
                break;
            }
            at.append(token);
        }
        self.error_at(
            Lint::ExpectedTool,
            &at,
            format_args!("`{name}` is not a Rust name"),
            format_args!("write `{ours}{fields}.named({name:?})`"),
        );
        true
    }

    pub(super) fn word_of(&self, path: &Path) -> Option<Ident> {
        let word = path.get_ident().map(plain);
        if word.is_none() {
            self.error_at(
                Lint::ExpectedTool,
                path,
                "expected the name of a tool",
                "write one word, as in `get_weather`",
            );
        }
        word
    }

    /// The name of a tool in a matcher or an expectation, such as `example`.
    pub(super) fn tool_name(&self, expr: &Expr, example: &str) -> Option<Ident> {
        let tool = path_word(expr);
        if tool.is_none() {
            self.error_at(
                Lint::ExpectedTool,
                expr,
                "expected the name of a tool",
                tool_meant(example, expr)
                    .unwrap_or_else(|| format!("write it without quotes, as in `{example}`")),
            );
        }
        tool.map(plain)
    }

    fn fields(&self, object: &ExprStruct) -> Vec<Field> {
        let mut fields = Vec::new();
        for (name, value) in self.members(object) {
            let (value, wire) = self.renamed(value);
            let ty = match path_word(value) {
                // `city` for `city: ..`
                Some(word) if *word == name && !words::TYPES.has_ident(word) => {
                    self.error(
                        Lint::IncompleteType,
                        name.span(),
                        format_args!("`{name}` has no type"),
                        format_args!("write `{name}: string`"),
                    );
                    Type::Json
                }
                _ => self.ty(value),
            };
            fields.push(Field { name, wire, ty });
        }
        fields
    }

    /// `one_of(..)` of these values, each a text, and each once.
    fn texts_of(&self, values: &[&Expr]) -> Type {
        let mut texts = Vec::new();
        let mut twice = Vec::new();
        for value in values {
            let Some(text) = literal(value).map(LitStr::value) else {
                self.error_at(
                    Lint::IncompleteType,
                    value,
                    "expected a string literal",
                    "write a text in quotes",
                );
                continue;
            };
            if texts.contains(&text) {
                twice.push((value, text.clone()));
            }
            texts.push(text);
        }
        if texts.len() != values.len() {
            return Type::Json;
        }
        for (value, text) in &twice {
            self.error_at(
                Lint::GivenTwice,
                value,
                format_args!("`{text}` is given twice"),
                format_args!("remove one of the two `{text:?}`"),
            );
        }
        Type::OneOf(texts)
    }

    /// The type of a field, and what the field is called on the wire: `string.named("user-id")`.
    fn renamed<'e>(&self, value: &'e Expr) -> (&'e Expr, Option<LitStr>) {
        match bare(value) {
            Expr::MethodCall(named) if named.method == "named" => (
                bare(&named.receiver),
                self.wire_name(&Link::from_method(named)),
            ),
            _ => (value, None),
        }
    }

    /// The named members of a struct literal, each name once.
    pub(super) fn members<'e>(&self, object: &'e ExprStruct) -> Vec<(Ident, &'e Expr)> {
        if let Some(dots) = &object.dot2_token {
            self.error_at(
                Lint::FieldNames,
                dots,
                "`..` has no meaning here",
                "write all fields",
            );
        }
        let mut members: Vec<(Ident, &Expr)> = Vec::new();
        for &field in &elements(&object.fields) {
            no_attributes(&field.attrs, self.diagnostics);
            let Member::Named(name) = &field.member else {
                self.error_at(
                    Lint::FieldNames,
                    &field.member,
                    "expected a name",
                    "write `name: value`",
                );
                continue;
            };
            let name = plain(name);
            if let Some((first, _)) = members.find(&|(known, _)| *known == name) {
                self.twice(&name.to_string(), first.span(), name.span());
                continue;
            }
            members.push((name, &field.expr));
        }
        members
    }

    fn ty(&self, expr: &Expr) -> Type {
        let expr = bare(expr);
        let (mut word, arguments) = word_and_arguments(expr);
        match expr {
            Expr::Struct(object) if object.path.is_ident("object") => {
                return Type::Object(self.fields(object));
            }
            Expr::Struct(object) => word = object.path.get_ident(),
            Expr::MethodCall(link) => {
                self.error(
                    Lint::UnknownToolWord,
                    link.method.span(),
                    format_args!("a type has no `{}`", link.method),
                    "write `.named(\"..\")` after the type of an argument or a field",
                );
                return Type::Json;
            }
            _ => {}
        }
        let Some(word) = word else {
            return self.not_a_type(expr);
        };
        let Some(known) = words::TYPES.find_ident(word) else {
            return self.unknown_type(word);
        };
        let simple = match known.takes {
            SyntaxKind::Scalar => Type::Scalar(known),
            SyntaxKind::Anything => Type::Json,
            _ => return self.compound(word, known, &arguments),
        };
        if !matches!(expr, Expr::Path(_)) {
            self.error_at(
                Lint::IncompleteType,
                expr,
                format_args!("the type `{word}` takes nothing"),
                format_args!("write `{word}`"),
            );
        }
        simple
    }

    fn unknown_type(&self, word: &Ident) -> Type {
        let name = word.to_string();
        let help = match words::foreign_type(&name) {
            Some(ours) => format!("write `{ours}`"),
            None => words::TYPES.did_you_mean(&name),
        };
        let message = format!("unknown type `{name}`");
        self.error(Lint::UnknownType, word.span(), message, help);
        Type::Json
    }

    fn compound(&self, word: &Ident, known: &Word, arguments: &[&Expr]) -> Type {
        let of = |inner| match known.word {
            "optional" => Type::Optional(Box::new(inner)),
            _ => Type::List(Box::new(inner)),
        };
        let (message, ty) = match (known.takes, arguments) {
            (SyntaxKind::Type, [inner, others @ ..]) => {
                if let Some(extra) = others.first() {
                    self.error_at(
                        Lint::ExtraArgument,
                        extra,
                        format_args!("`{word}` takes only one type"),
                        "remove this",
                    );
                }
                return of(self.ty(inner));
            }
            (SyntaxKind::Values, [Expr::Array(list), ..]) if list.elems.all(&is_text) => {
                let help = format!("write `{word}({})`", written(&list.elems));
                let message = format!("the values of `{word}` are not in a list");
                self.error_at(Lint::IncompleteType, list, message, help);
                return Type::Json;
            }
            (SyntaxKind::Values, [_, ..]) => return self.texts_of(arguments),
            (SyntaxKind::Type, []) => {
                let is_optional = known.word == "optional";
                let ty = if is_optional {
                    of(Type::Json)
                } else {
                    Type::Json
                };
                (format!("`{word}` needs a type"), ty)
            }
            (SyntaxKind::Values, []) => (format!("`{word}` needs the values"), Type::Json),
            _ => (
                format!("the fields of an `{word}` go in braces"),
                Type::Json,
            ),
        };
        let help = format!("write `{}`", known.example);
        self.error(Lint::IncompleteType, word.span(), message, help);
        ty
    }

    fn not_a_type(&self, expr: &Expr) -> Type {
        let help = match expr {
            Expr::Try(optional) => format!("write `optional({})`", written(&optional.expr)),
            Expr::Array(list) if list.elems.len() == 1 => {
                format!("write `list({})`", written(&list.elems))
            }
            Expr::Reference(reference) => match path_word(&reference.expr) {
                Some(word) if word == "str" => "write `string`".to_owned(),
                _ => words::TYPES.did_you_mean(""),
            },
            Expr::Array(list) if list.elems.len() > 1 && list.elems.all(&is_text) => {
                format!("write `one_of({})`", written(&list.elems))
            }
            Expr::Binary(texts)
                if is_or(texts.op) && operands(expr, is_or).all(&|text| is_text(text)) =>
            {
                format!("write `one_of({})`", listed(&operands(expr, is_or)))
            }
            Expr::Binary(_) if or_null(expr).is_some() => {
                format!("write `optional({})`", or_null(expr).unwrap_or_default())
            }
            // `list[str]`
            Expr::Index(generic) => match (type_of(&generic.expr), type_of(&generic.index)) {
                (Some(outer), Some(inner)) if outer.contains("..") => {
                    format!("write `{}`", outer.replace("..", inner))
                }
                _ => words::TYPES.did_you_mean(""),
            },
            Expr::Assign(default) => {
                let value = written(&default.right);
                format!("remove `= {value}`: an argument has no default value")
            }
            _ => word_meant(expr, &words::TYPES),
        };
        self.error_at(Lint::UnknownType, expr, "expected a type", help);
        Type::Json
    }
}

/// The name that a difference of words is meant as, and its last part, with all that follows it.
fn hyphenated(expr: &Expr) -> Option<(String, &Expr)> {
    let Expr::Binary(words) = expr else {
        return None;
    };
    let BinOp::Sub(_) = words.op else { return None };
    let first = match bare(&words.left) {
        Expr::Binary(_) => hyphenated(&words.left)?.0,
        word => path_word(word)?.to_string(),
    };
    let last = bare(&words.right);
    let word = match last {
        Expr::Struct(tool) => tool.path.get_ident()?,
        word => path_word(word)?,
    };
    Some((format!("{first}-{word}"), last))
}

/// The grammar's name of a type that is one word.
fn type_of(expr: &Expr) -> Option<&'static str> {
    path_word(expr).and_then(words::type_meant)
}

/// The type beside `null` in `string | null`.
fn or_null(expr: &Expr) -> Option<&'static str> {
    let is_null = |operand: &&Expr| {
        is_word(operand, "null") || is_word(operand, "None") || is_word(operand, "undefined")
    };
    match *operands(expr, is_or) {
        [ty, null] if is_null(&null) => type_of(ty),
        [null, ty] if is_null(&null) => type_of(ty),
        _ => None,
    }
}

fn is_text(expr: &Expr) -> bool {
    literal(expr).is_some()
}

/// The name of a tool that is in quotes, or that has arguments: `tool_result("find")`, `tool_result(find { temp: 18 })`.
fn tool_meant(example: &str, expr: &Expr) -> Option<String> {
    let (word, rest) = example.split_once('(')?;
    // Skip words that take more than a tool.
    if rest.contains(',') {
        return None;
    }
    let tool: Ident = match (literal(expr), bare(expr)) {
        (Some(name), _) => syn::parse_str(&name.value()).ok()?,
        (None, Expr::Struct(call)) => call.path.get_ident()?.clone(),
        (None, Expr::Call(call)) => path_word(&call.func)?.clone(),
        _ => return None,
    };
    let and = match (literal(expr), word) {
        (None, "tool_result") => ", and look at what it returned in `when(|request| ..)`",
        _ => "",
    };
    Some(format!("write `{word}({tool})`{and}"))
}
