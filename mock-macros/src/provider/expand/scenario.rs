//! The scenario itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::super::model::{Delay, Latency, Otherwise};
use super::super::words;
use super::table::{Table, line};
use super::turn::float;

impl Table<'_> {
    /// The table of the mock.
    pub(super) fn scenario(&self) -> TokenStream {
        let mock = self.mock;
        let line = line(mock.name.as_ref().map_or_else(Span::call_site, Ident::span));
        let name = mock.name.as_ref().map(|name| {
            let name = name.to_string();
            quote!(name: __mock_core::Some(__mock_core::Borrowed(#name)),)
        });
        let profile = Ident::new(mock.profile.variant, Span::call_site());
        let model = mock.profile.model.as_ref().map(|model| {
            let model = self.borrowed(model);
            quote!(model: __mock_core::Some(#model),)
        });
        let turns = self.list(mock.turns.iter().map(|turn| self.turn(turn)));
        // What values are moved into stands as in a body: first the keys, then what answers.
        let (keys, answers) = (self.keys(), self.answers());
        quote! {
            __mock_core::Scenario {
                #name
                place: __mock_core::Place { file: __mock_core::Some(__mock_core::core::file!()), line: #line },
                profile: __mock_core::Profile::#profile,
                #model
                #keys
                turns: #turns,
                #answers
                ..__mock_core::Scenario::NEW
            }
        }
    }

    /// The keys that not every mock has.
    fn keys(&self) -> TokenStream {
        let mock = self.mock;
        let provider = mock.provider.as_ref().map(|name| {
            let name = self.borrowed(name);
            quote!(provider: __mock_core::Some(#name),)
        });
        let latency = mock.latency.as_ref().map(latency);
        let tools = mock.tools.as_ref().map(|tools| {
            let tools = self.list(tools.iter().map(|tool| self.tool(tool)));
            quote!(tools: #tools,)
        });
        let capabilities = mock.capabilities.as_deref().and_then(capabilities);
        let usage = mock.usage.as_ref().map(|usage| self.usage(usage));
        let metadata = mock.metadata.as_ref().map(|metadata| {
            let metadata = self.metadata(metadata);
            quote!(metadata: __mock_core::Some(#metadata),)
        });
        let allow = (!mock.allow.is_empty()).then(|| {
            let allow = &mock.allow;
            quote!(allow: __mock_core::Allow::NOTHING #(.#allow())*,)
        });
        let seed = mock
            .seed
            .as_ref()
            .map(|seed| quote!(seed: __mock_core::Some(#seed),));
        quote!(#provider #latency #tools #capabilities #usage #metadata #allow #seed)
    }

    /// What answers where the script does not.
    fn answers(&self) -> TokenStream {
        let mock = self.mock;
        let rules = (!mock.rules.is_empty()).then(|| {
            let rules = self.list(mock.rules.iter().map(|rule| self.turn(rule)));
            quote!(rules: #rules,)
        });
        let otherwise = mock.otherwise.as_ref().map(|otherwise| {
            let otherwise = match otherwise {
                Otherwise::Turn(turn) => {
                    let turn = self.turn(turn);
                    quote!(Turn(#turn))
                }
                Otherwise::RepeatLast(_) => quote!(RepeatLast),
                Otherwise::Cycle(_) => quote!(Cycle),
            };
            quote!(otherwise: __mock_core::Otherwise::#otherwise,)
        });
        quote!(#rules #otherwise)
    }
}

fn latency(latency: &Latency) -> TokenStream {
    let delay = match &latency.delay {
        Delay::Fixed(time) => quote!(Fixed(#time)),
        Delay::Uniform(least, most) => quote!(Uniform(#least, #most)),
        Delay::Growing(first, by) => {
            let by = float(by);
            quote!(Growing(#first, #by))
        }
    };
    let timeout_over = latency
        .timeout_over
        .as_ref()
        .map(|limit| quote!(.timeout_over(#limit)));
    quote!(latency: __mock_core::Latency::new(__mock_core::Delay::#delay) #timeout_over,)
}

/// What may be asked; nothing where that is all there is.
fn capabilities(some: &[Ident]) -> Option<TokenStream> {
    let all = words::CAPABILITIES
        .iter()
        .all(|word| some.iter().any(|known| known == word));
    (!all).then(|| quote!(capabilities: __mock_core::Capabilities::NONE #(.#some())*,))
}
