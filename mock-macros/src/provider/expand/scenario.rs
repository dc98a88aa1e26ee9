//! The scenario itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::super::model::{Delay, Lane, Latency, Otherwise, Per};
use super::super::words;
use super::table::{Table, line};
use super::value::Value;

impl Table<'_> {
    /// The table of the mock.
    pub(super) fn scenario(&self) -> Value {
        let mock = self.mock;
        let line = line(mock.name.as_ref().map_or_else(Span::call_site, Ident::span));
        let name = mock.name.iter().map(Ident::to_string);
        let profile = Ident::new(&mock.profile.variant, Span::call_site());
        let model = mock.profile.model.iter();
        let model = model.map(|model| self.borrowed(model));
        let turns = self.list(mock.turns.iter().map(|turn| self.turn(turn)));
        let lanes = (!mock.lanes.is_empty()).then(|| {
            let lanes = self.list(mock.lanes.iter().map(|lane| self.lane(lane)));
            quote!(lanes: #lanes,)
        });
        // What values are moved into stands as in a body: first the keys, then what answers.
        let (keys, answers) = (self.keys(), self.answers());
        let fields = quote! {
            #(name: __Some(__Borrowed(#name)),)*
            place: __mock_core::Place { file: __Some(__mock_core::core::file!()), line: #line },
            profile: __mock_core::Profile::#profile,
            #(model: __Some(#model),)*
            #keys
            turns: #turns,
            #lanes
            #answers
            ..__SCENARIO
        };
        Value::record("__Scenario", fields)
    }

    /// The keys that not every mock has.
    fn keys(&self) -> TokenStream {
        let mock = self.mock;
        let provider = mock.provider.iter().map(|name| self.borrowed(name));
        let latency = mock.latency.iter().map(latency);
        let tools = mock.tools.iter();
        let tools = tools.map(|tools| self.list(tools.iter().map(|tool| self.tool(tool))));
        let per = mock.per.iter().map(|per| self.per(per));
        let models = mock.models.iter();
        let models =
            models.map(|models| self.list(models.iter().map(|model| self.borrowed(model))));
        let capabilities = mock.capabilities.iter();
        let capabilities = capabilities.filter_map(|some| capabilities_of(some));
        let usage = mock.usage.iter().map(|usage| self.usage(usage));
        let metadata = mock.metadata.iter();
        let metadata = metadata.map(|metadata| self.metadata(metadata));
        let allow = (!mock.allow.is_empty()).then(|| {
            let allow = mock.allow.iter().map(setter);
            quote!(allow: __mock_core::Allow::NOTHING #(.#allow())*,)
        });
        let seed = mock.seed.iter();
        quote! {
            #(provider: __Some(#provider),)*
            #(latency: #latency,)*
            #(tools: #tools,)*
            #(per: __Some(#per),)*
            #(models: __Some(#models),)*
            #(capabilities: #capabilities,)*
            #(usage: #usage,)*
            #(metadata: __Some(#metadata),)*
            #allow
            #(seed: __Some(#seed),)*
        }
    }

    fn lane(&self, lane: &Lane) -> Value {
        let line = line(lane.span);
        let matchers = self.matchers(&lane.matchers);
        let turns = self.list(lane.turns.iter().map(|turn| self.turn(turn)));
        let fields = quote! {
            place: __place(#line),
            matchers: #matchers,
            turns: #turns,
        };
        Value::record("__Lane", fields)
    }

    fn per(&self, per: &Per) -> Value {
        match per {
            Per::Conversation => Value::unit("__PerConversation"),
            Per::Model => Value::unit("__PerModel"),
            Per::Header(name) => Value::tuple("__PerHeader", quote!(__Borrowed(#name))),
            Per::Matcher(matcher) => {
                let matcher = self.matcher(matcher);
                let matcher = matcher.unwrap_or_else(|| Value::block(quote!()));
                Value::tuple("__PerMatcher", quote!(#matcher))
            }
        }
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
                    Value::tuple("__OtherwiseTurn", quote!(#turn))
                }
                Otherwise::RepeatLast(_) => Value::unit("__OtherwiseRepeatLast"),
                Otherwise::Cycle(_) => Value::unit("__OtherwiseCycle"),
            };
            quote!(otherwise: #otherwise,)
        });
        quote!(#rules #otherwise)
    }
}

fn latency(latency: &Latency) -> TokenStream {
    let delay = match &latency.delay {
        Delay::Fixed(time) => Value::tuple("__DelayFixed", quote!(#time)),
        Delay::Uniform(least, most) => Value::tuple("__DelayUniform", quote!(#least, #most)),
        Delay::Growing(first, by) => Value::tuple("__DelayGrowing", quote!(#first, #by)),
    };
    let timeout_over = latency.timeout_over.iter();
    quote!(__mock_core::Latency::new(#delay) #(.timeout_over(#timeout_over))*)
}

/// What may be asked; nothing where that is all there is.
fn capabilities_of(some: &[Ident]) -> Option<TokenStream> {
    let names = words::CAPABILITIES.names();
    let all = names
        .iter()
        .all(|word| some.iter().any(|known| known == word));
    let some = some.iter().map(setter);
    (!all).then(|| quote!(__mock_core::Capabilities::NONE #(.#some())*))
}

/// The setter of the field that the word names.
fn setter(word: &Ident) -> Ident {
    format_ident!("with_{word}")
}
