//! Tools as the variants of an enum, with their arguments as fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Path;

use crate::search::Search as _;

/// The tools of a mock, and where they are mentioned.
#[derive(Default)]
pub(super) struct Tools {
    known: Vec<Tool>,
    are_declared: bool,
    uses: Vec<ToolMention>,
}

/// A place for the name of a tool, which may be still missing.
struct ToolMention {
    name: Option<Ident>,
    /// Those of a call, written or to come.
    arguments: Option<Vec<Option<Ident>>>,
}

impl ToolMention {
    fn is_named_call(&self) -> bool {
        self.name.is_some() && self.arguments.is_some()
    }
}

struct Tool {
    name: Ident,
    arguments: Vec<(Ident, TokenStream)>,
    /// A type of the user's own.
    ty: Option<Path>,
}

impl Tool {
    fn has(&self, argument: &Ident) -> bool {
        self.arguments.any(&|(name, _)| name == argument)
    }
}

impl Tools {
    pub(super) fn declare(
        &mut self,
        name: &Ident,
        arguments: Vec<(Ident, TokenStream)>,
        ty: Option<Path>,
    ) {
        self.are_declared = true;
        self.known.push(Tool {
            name: name.clone(),
            arguments,
            ty,
        });
    }

    pub(super) fn call(&mut self, name: &Ident, arguments: Vec<Option<Ident>>) {
        self.uses.push(ToolMention {
            name: Some(name.clone()),
            arguments: Some(arguments),
        });
    }

    /// A place where the name of a tool stands, or is to come.
    pub(super) fn mention(&mut self, name: Option<&Ident>) {
        self.uses.push(ToolMention {
            name: name.cloned(),
            arguments: None,
        });
    }

    /// If no tools are declared, the first call of a tool counts as its declaration.
    fn define(&mut self) {
        if self.are_declared {
            return;
        }
        let has_calls = self.uses.any(&ToolMention::is_named_call);
        for used in &self.uses {
            let Some(name) = &used.name else { continue };
            if has_calls && used.arguments.is_none() {
                continue;
            }
            if !self.known.any(&|tool| tool.name == *name) {
                self.known.push(Tool {
                    name: name.clone(),
                    arguments: Vec::new(),
                    ty: None,
                });
            }
            let tool = self.known.iter_mut().find(|tool| tool.name == *name);
            let (Some(tool), Some(arguments)) = (tool, &used.arguments) else {
                continue;
            };
            for argument in arguments {
                if let Some(argument) = argument
                    && !tool.has(argument)
                {
                    tool.arguments.push((argument.clone(), quote!(())));
                }
            }
        }
    }

    pub(super) fn emit(&mut self) -> Option<TokenStream> {
        self.define();
        if self.known.is_empty() && self.uses.is_empty() {
            return None;
        }
        let mut names = Vec::new();
        let mut variants = TokenStream::new();
        for tool in &self.known {
            names.push(&tool.name);
            variants.extend(variant(tool));
        }
        let mut uses = TokenStream::new();
        for used in &self.uses {
            let name = used.name.as_ref();
            let tool = self.known.find(&|tool| name == Some(&tool.name));
            uses.extend(match (name, tool, &used.arguments) {
                (Some(name), Some(tool), Some(arguments)) if tool.ty.is_none() => {
                    call(name, tool, arguments)
                }
                (_, Some(_), _) => quote!(tools::#name;),
                (_, None, _) => one_of("names", &names, name),
            });
        }
        Some(quote! {
            use words::types::*;
            |tool: tools| { #uses };
            enum tools { #variants }
        })
    }
}

fn variant(tool: &Tool) -> TokenStream {
    let name = &tool.name;
    if let Some(ty) = &tool.ty {
        return quote!(#name(#ty),);
    }
    let mut fields = TokenStream::new();
    for (name, ty) in &tool.arguments {
        fields.extend(quote!(#name: #ty,));
    }
    quote!(#name { #fields },)
}

/// A call: a struct expression of the arguments that there are, and what is none yet as one of the others.
fn call(name: &Ident, tool: &Tool, arguments: &[Option<Ident>]) -> TokenStream {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut fields = TokenStream::new();
    for argument in arguments {
        match argument {
            Some(argument) if tool.has(argument) => {
                known.push(argument);
                fields.extend(quote!(#argument: loop {},));
            }
            argument => unknown.push(argument.as_ref()),
        }
    }
    let mut others = Vec::new();
    for (name, _) in &tool.arguments {
        if !known.contains(&name) {
            others.push(name);
        }
    }
    let mut call = match known.as_slice() {
        [] => quote!(tools::#name;),
        _ => quote!(tools::#name { #fields ..tool };),
    };
    for argument in unknown {
        if argument.is_some() || !others.is_empty() {
            call.extend(one_of("arguments", &others, argument));
        }
    }
    call
}

/// A name, written or to come, that is to be one of these.
fn one_of(module: &str, names: &[&Ident], name: Option<&Ident>) -> TokenStream {
    let module = format_ident!("{module}");
    let mut constants = TokenStream::new();
    for name in names {
        let mut name = (*name).clone();
        name.set_span(Span::mixed_site());
        constants.extend(quote!(pub const #name: () = ();));
    }
    let name = name.map(|name| quote!(::#name));
    quote!({
        mod #module { #constants }
        #module #name;
    })
}
