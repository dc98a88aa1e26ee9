//! Tools as the variants of an enum, with their arguments as fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Path;

/// The tools of a mock, and where they are mentioned.
#[derive(Default)]
pub(super) struct Tools {
    known: Vec<Tool>,
    are_declared: bool,
    uses: Vec<Use>,
}

/// Where the name of a tool stands, or is to come.
struct Use {
    name: Option<Ident>,
    /// Those of a call, written or to come.
    arguments: Option<Vec<Option<Ident>>>,
}

struct Tool {
    name: Ident,
    arguments: Vec<(Ident, TokenStream)>,
    /// A type of the user's own.
    ty: Option<Path>,
}

impl Tool {
    fn has(&self, argument: &Ident) -> bool {
        self.arguments.iter().any(|(name, _)| name == argument)
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
        self.uses.push(Use {
            name: Some(name.clone()),
            arguments: Some(arguments),
        });
    }

    /// A place where the name of a tool stands, or is to come.
    pub(super) fn mention(&mut self, name: Option<&Ident>) {
        self.uses.push(Use {
            name: name.cloned(),
            arguments: None,
        });
    }

    /// Where no tools are declared, the first call of one stands for its declaration.
    fn define(&mut self) {
        if self.are_declared {
            return;
        }
        let named = self.uses.iter();
        let named = named.filter_map(|used| Some((used.name.as_ref()?, used.arguments.as_deref())));
        let (calls, mentions): (Vec<_>, Vec<_>) =
            named.partition(|(_, arguments)| arguments.is_some());
        let used = if calls.is_empty() { mentions } else { calls };
        for (name, arguments) in used {
            if !self.known.iter().any(|tool| tool.name == *name) {
                self.known.push(Tool {
                    name: name.clone(),
                    arguments: Vec::new(),
                    ty: None,
                });
            }
            let tool = self.known.iter_mut().find(|tool| tool.name == *name);
            let Some(tool) = tool else { continue };
            for argument in arguments.into_iter().flatten().flatten() {
                if !tool.has(argument) {
                    tool.arguments.push((argument.clone(), quote!(())));
                }
            }
        }
    }

    pub(super) fn emit(&mut self) -> Option<TokenStream> {
        self.define();
        let variants = self.known.iter().map(|tool| {
            let name = &tool.name;
            match &tool.ty {
                Some(ty) => quote!(#name(#ty)),
                None => {
                    let fields = tool.arguments.iter().map(|(name, ty)| quote!(#name: #ty));
                    quote!(#name { #(#fields),* })
                }
            }
        });
        let uses = self.uses.iter().map(|used| {
            let name = used.name.as_ref();
            let tool = name
                .and_then(|name| Some((name, self.known.iter().find(|tool| tool.name == *name)?)));
            match (tool, &used.arguments) {
                (Some((name, tool)), Some(arguments)) if tool.ty.is_none() => {
                    call(name, tool, arguments)
                }
                (Some((name, _)), _) => quote!(tools::#name;),
                (None, _) => {
                    let names = self.known.iter().map(|tool| &tool.name);
                    one_of(&format_ident!("names"), names, name)
                }
            }
        });
        let is_empty = self.known.is_empty() && self.uses.is_empty();
        (!is_empty).then(|| {
            quote! {
                use words::types::*;
                |tool: tools| { #(#uses)* };
                enum tools { #(#variants),* }
            }
        })
    }
}

/// A call: a struct expression of the arguments that there are, and what is none yet as one of the others.
fn call(name: &Ident, tool: &Tool, arguments: &[Option<Ident>]) -> TokenStream {
    let given = arguments.iter().flatten();
    let known: Vec<_> = given.filter(|argument| tool.has(argument)).collect();
    let call = match known.as_slice() {
        [] => quote!(tools::#name;),
        known => quote!(tools::#name { #(#known: loop {},)* ..tool };),
    };
    let names = tool.arguments.iter().map(|(name, _)| name);
    let others: Vec<_> = names.filter(|name| !known.contains(name)).collect();
    let unknown = arguments.iter().map(Option::as_ref);
    let unknown = unknown.filter(|argument| argument.is_none_or(|argument| !tool.has(argument)));
    let unknown = unknown.filter(|argument| argument.is_some() || !others.is_empty());
    let module = format_ident!("arguments");
    let unknown = unknown.map(|argument| one_of(&module, others.iter().copied(), argument));
    quote!(#call #(#unknown)*)
}

/// A name, written or to come, that is to be one of these.
fn one_of<'n>(
    module: &Ident,
    names: impl Iterator<Item = &'n Ident>,
    name: Option<&Ident>,
) -> TokenStream {
    let names = names.map(|name| {
        let mut name = name.clone();
        name.set_span(Span::mixed_site());
        name
    });
    let name = name.map(|name| quote!(::#name));
    quote!({
        mod #module { #(pub const #names: () = ();)* }
        #module #name;
    })
}
