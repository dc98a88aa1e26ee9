//! Every right scenario of the repository, and what is nearly one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, thread};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

use super::{Mutants, mistakes, tries, tries_all};
use crate::diagnostics::Diagnostics;
use crate::{mock_provider, provider_test};

/// How many variants there are in all.
const VARIANTS: usize = 100_000;

/// Where scenarios stand, but for those that are wrong on purpose.
const PLACES: [&str; 8] = [
    "README.md",
    "docs",
    "examples",
    "mock-core/benches",
    "mock-core/src",
    "tests",
    "mock-macros/src/mock_provider/tests",
    "tests/clients",
];

/// Folders that are passed over.
const OTHERS: [&str; 6] = [
    "target",
    "compile_errors",
    "red",
    "wip",
    "corpus",
    "mistakes",
];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// What stands in `mock_provider!(..)`.
    Mock(String),
    /// What stands in `#[mock(..)]`.
    Argument(String),
    /// A fn with `#[provider_test]`, without its body: the options and the rest.
    Test(String, String),
}

impl Source {
    fn text(&self) -> &str {
        match self {
            Source::Mock(text) | Source::Argument(text) | Source::Test(_, text) => text,
        }
    }

    fn expand(&self, tokens: TokenStream) -> (TokenStream, Diagnostics) {
        let diagnostics = Diagnostics::default();
        let expansion = match self {
            Source::Mock(_) => mock_provider::expand(tokens, &diagnostics),
            Source::Argument(_) => {
                let item = quote!(
                    async fn test(#[mock(#tokens)] llm: MockProvider) {}
                );
                provider_test::expand(TokenStream::new(), item, &diagnostics)
            }
            Source::Test(options, _) => {
                let options = options.parse().expect("options");
                provider_test::expand(options, tokens, &diagnostics)
            }
        };
        (expansion, diagnostics)
    }

    /// The tokens of a declared mock up to its name, each with all later tokens.
    fn declaration(&self) -> Option<Vec<String>> {
        let Source::Mock(text) = self else {
            return None;
        };
        let tokens: TokenStream = text.parse().expect("tokens");
        let tokens: Vec<_> = tokens.into_iter().collect();
        let name = tokens.iter().position(|token| match token {
            TokenTree::Ident(word) => word.to_string().starts_with(char::is_uppercase),
            _ => false,
        })?;
        let is_name = match tokens.get(name + 1) {
            None => true,
            Some(TokenTree::Punct(next)) => matches!(next.as_char(), '=' | ','),
            Some(_) => false,
        };
        let tokens = tokens.iter().take(name + 1).map(ToString::to_string);
        is_name.then(|| tokens.collect())
    }
}

fn sources() -> BTreeSet<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for place in PLACES {
        collect_files(root.join(place), &mut files);
    }
    let mut sources = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        let is_document = file.extension().is_some_and(|extension| extension == "md");
        let codes = match is_document {
            true => blocks(&text),
            false => vec![text.as_str()],
        };
        for code in codes {
            // To read all code as tokens would take longer than the rest of the test.
            if !may_have_scenarios(code) {
                continue;
            }
            // Skip text that is not Rust.
            if let Ok(tokens) = code.parse::<TokenStream>() {
                collect(tokens, &mut sources);
            }
        }
    }
    sources
}

fn collect_files(place: PathBuf, files: &mut Vec<PathBuf>) {
    if let Ok(folder) = fs::read_dir(&place) {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        if OTHERS.contains(&&*name) {
            return;
        }
        let mut inner: Vec<_> = folder.map(|entry| entry.expect("a file").path()).collect();
        inner.sort();
        for place in inner {
            collect_files(place, files);
        }
    } else if place
        .extension()
        .is_some_and(|extension| extension == "rs" || extension == "md")
    {
        files.push(place);
    }
}

/// The code of a document, but for what it shows as wrong.
fn blocks(document: &str) -> Vec<&str> {
    let blocks = document.split("```rust").skip(1).filter_map(|block| {
        let (fence, code) = block.split_once('\n')?;
        (!fence.contains("wrong")).then(|| code.split("\n```").next().unwrap_or(code))
    });
    blocks.collect()
}

/// Whether a line that is no comment names one of the macros.
fn may_have_scenarios(code: &str) -> bool {
    let lines = code.lines().map(str::trim_start);
    let mut lines = lines.filter(|line| !line.starts_with("//"));
    let names = ["mock_provider", "provider_test", "mock("];
    lines.any(|line| names.iter().any(|name| line.contains(name)))
}

fn collect(tokens: TokenStream, sources: &mut BTreeSet<Source>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match (token, tokens.get(index + 1), tokens.get(index + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Punct(_)), Some(TokenTree::Group(body)))
                if word == "mock_provider" =>
            {
                sources.insert(Source::Mock(body.stream().to_string()));
            }
            (TokenTree::Ident(word), Some(TokenTree::Group(body)), None) if word == "mock" => {
                sources.insert(Source::Argument(body.stream().to_string()));
            }
            (TokenTree::Group(attribute), Some(TokenTree::Ident(word)), _)
                if word == "async" || word == "pub" =>
            {
                let mut attribute = attribute.stream().into_iter();
                if attribute
                    .next()
                    .is_some_and(|word| word.to_string() == "provider_test")
                {
                    let options = match attribute.next() {
                        Some(TokenTree::Group(options)) => options.stream().to_string(),
                        _ => String::new(),
                    };
                    let end = tokens.iter().skip(index).position(|token| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        _ => false,
                    });
                    let signature = tokens.iter().skip(index + 1).take(end.unwrap_or(1) - 1);
                    let mut test: TokenStream = signature.cloned().collect();
                    test.extend(quote!({}));
                    sources.insert(Source::Test(options, test.to_string()));
                }
            }
            _ => {}
        }
        if let TokenTree::Group(group) = token {
            collect(group.stream(), sources);
        }
    }
}

/// The tokens of an expansion as the compiler's parser would have them.
fn parsed(expansion: &TokenStream) -> Option<TokenStream> {
    let file = syn::parse2::<syn::File>(expansion.clone()).map(|file| file.to_token_stream());
    let expr = || syn::parse2::<syn::Expr>(expansion.clone()).map(|expr| expr.to_token_stream());
    file.or_else(|_| expr()).ok()
}

/// Whether these are the same tokens. The space between them and invisible groups do not tell two expansions apart.
fn are_same(one: &TokenStream, other: &TokenStream) -> bool {
    fn flat(tokens: &TokenStream, into: &mut Vec<TokenTree>) {
        for token in tokens.clone() {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    flat(&group.stream(), into);
                }
                token => into.push(token),
            }
        }
    }
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    flat(one, &mut ones);
    flat(other, &mut others);
    ones.len() == others.len()
        && ones.iter().zip(&others).all(|tokens| match tokens {
            (TokenTree::Group(one), TokenTree::Group(other)) => {
                one.delimiter() == other.delimiter() && are_same(&one.stream(), &other.stream())
            }
            (TokenTree::Punct(one), TokenTree::Punct(other)) => one.as_char() == other.as_char(),
            (one, other) => one.to_string() == other.to_string(),
        })
}

fn check(source: &Source, mutant: TokenStream) {
    let text = mutant.to_string();
    let beginning: Vec<_> = mutant
        .clone()
        .into_iter()
        .map(|token| token.to_string())
        .collect();
    // The compiler lets only items through to an attribute.
    let is_attributed = matches!(source, Source::Test(..));
    if is_attributed && syn::parse2::<syn::Item>(mutant.clone()).is_err() {
        source.expand(mutant);
        return;
    }
    let (expansion, diagnostics) = source.expand(mutant.clone());
    let Some(parsed) = parsed(&expansion) else {
        panic!("the expansion of `{text}` does not parse: {expansion}");
    };
    if diagnostics.count() == 0 {
        assert!(
            are_same(&parsed, &expansion),
            "the expansion of `{text}` is {expansion}, parsed as {parsed}"
        );
    }
    if !is_attributed {
        // The tokens for the macro that only editors expand.
        let seen = mock_provider::completion::statements(mutant.clone());
        let block = quote!({ #seen });
        let parsed = syn::parse2::<syn::Block>(block.clone()).map(|block| block.to_token_stream());
        assert!(
            parsed.is_ok_and(|parsed| are_same(&parsed, &block)),
            "what is seen of `{text}`: {block}"
        );
    }
    let goes_on = |declaration: &[String]| {
        // An entry that continues like an expression does not begin with a name.
        let next = mutant.clone().into_iter().nth(declaration.len());
        match next {
            Some(TokenTree::Punct(next)) => matches!(next.as_char(), ':' | '.' | '!'),
            Some(TokenTree::Group(_)) => true,
            _ => false,
        }
    };
    if let Some(declaration) = source.declaration()
        && beginning.starts_with(&declaration)
        && !goes_on(&declaration)
    {
        let name = declaration.last().expect("a name");
        assert!(
            expansion.to_string().contains(&format!("struct {name}")),
            "the struct of `{text}`: {expansion}"
        );
    }
}

#[test]
fn every_mutant_of_a_scenario_of_the_repository_expands_without_a_panic_to_the_struct() {
    // Try one in ten; with `TRY_ALL`, try all.
    let step = if tries_all() { 1 } else { 10 };
    let sources: Vec<_> = sources()
        .into_iter()
        .step_by(step)
        .filter(|source| {
            let tokens: TokenStream = source.text().parse().expect("tokens");
            let (expansion, _) = source.expand(tokens.clone());
            let is_right = mistakes(source.text(), &expansion).is_empty();
            if is_right {
                check(source, tokens);
            }
            is_right
        })
        .collect();
    let kinds = |kind: fn(&Source) -> bool| sources.iter().filter(|source| kind(source)).count();
    let mocks = kinds(|source| matches!(source, Source::Mock(_)));
    let arguments = kinds(|source| matches!(source, Source::Argument(_)));
    let tests = kinds(|source| matches!(source, Source::Test(..)));
    assert!(
        mocks * step > 200 && arguments * step > 100 && tests * step > 100,
        "{mocks}, {arguments}, {tests}"
    );

    let each = tries(VARIANTS).div_ceil(sources.len() * step);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for part in sources.chunks(sources.len().div_ceil(threads)) {
            scope.spawn(move || {
                for (seed, source) in part.iter().enumerate() {
                    for mutant in Mutants::new(source.text(), seed as u64).take(each) {
                        check(source, mutant);
                    }
                }
            });
        }
    });
}
