//! Tools as the variants of an enum, with their arguments as fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The tools of a mock, and where they are mentioned.
#[derive(Default)]
pub(super) struct Tools {
    known: Vec<Tool>,
    are_declared: bool,
    calls: Vec<(Ident, Vec<Ident>)>,
    mentions: Vec<Ident>,
}

struct Tool {
    name: Ident,
    arguments: Vec<(Ident, TokenStream)>,
    /// A type of the user's own.
    ty: Option<TokenStream>,
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
        ty: Option<TokenStream>,
    ) {
        self.are_declared = true;
        self.known.push(Tool {
            name: name.clone(),
            arguments,
            ty,
        });
    }

    pub(super) fn call(&mut self, name: &Ident, arguments: Vec<Ident>) {
        self.calls.push((name.clone(), arguments));
    }

    pub(super) fn mention(&mut self, name: &Ident) {
        self.mentions.push(name.clone());
    }

    /// Where no tools are declared, the first place that says a tool or an argument stands for its declaration.
    fn define(&mut self) {
        if self.are_declared {
            return;
        }
        let calls = self.calls.iter();
        let calls = calls.map(|(name, arguments)| (name, arguments.as_slice()));
        let mentions = self.mentions.iter().map(|name| (name, [].as_slice()));
        for (name, arguments) in calls.chain(mentions) {
            if !self.known.iter().any(|tool| tool.name == *name) {
                self.known.push(Tool {
                    name: name.clone(),
                    arguments: Vec::new(),
                    ty: None,
                });
            }
            let tool = self.known.iter_mut().find(|tool| tool.name == *name);
            let Some(tool) = tool else { continue };
            for argument in arguments {
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
        let calls = self.calls.iter().map(|(name, arguments)| {
            let tool = self.known.iter().find(|tool| tool.name == *name);
            match tool.filter(|tool| tool.ty.is_none() && !arguments.is_empty()) {
                Some(tool) => call(name, tool, arguments),
                None => quote!(tools::#name;),
            }
        });
        let mentions = self.mentions.iter().map(|name| quote!(tools::#name;));
        let is_empty = self.known.is_empty() && self.calls.is_empty() && self.mentions.is_empty();
        (!is_empty).then(|| {
            quote! {
                enum tools { #(#variants),* }
                |tool: tools| { #(#calls)* #(#mentions)* };
            }
        })
    }
}

/// A call: a struct expression of the arguments that there are, and what is none yet as one of the others.
fn call(name: &Ident, tool: &Tool, arguments: &[Ident]) -> TokenStream {
    let (known, unknown): (Vec<_>, Vec<_>) =
        arguments.iter().partition(|argument| tool.has(argument));
    let call = match known.as_slice() {
        [] => quote!(tools::#name;),
        known => quote!(tools::#name { #(#known: loop {},)* ..tool };),
    };
    let others = tool.arguments.iter().map(|(name, _)| name);
    let others = others.filter(|name| !known.contains(name));
    let unknown = (!unknown.is_empty()).then(|| {
        quote!({
            enum arguments { #(#others),* }
            #(arguments::#unknown;)*
        })
    });
    quote!(#call #unknown)
}
