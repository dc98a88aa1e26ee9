use super::*;

#[test]
fn the_call_of_a_word_is_cut_out_of_its_example() {
    let call = |words: &Words, word| words.find(word).map(Word::call);
    assert_eq!(call(&STEPS, "ttft"), Some("ttft(300ms)"));
    assert_eq!(call(&STEPS, "stream"), Some("stream([\"Hel\", \"lo\"])"));
    assert_eq!(call(&STEPS, "usage"), Some("usage(11, 7)"));
    assert_eq!(call(&USAGES, "usage"), Some("usage(11, 7)"));
    assert_eq!(call(&OTHERWISE, "cycle"), Some("cycle"));
}

#[test]
fn the_variant_of_a_word_is_in_camel_case() {
    let variant = |words: &Words, word| words.find(word).map(Word::variant);
    assert_eq!(variant(&KINDS, "rate_limit").as_deref(), Some("RateLimit"));
    assert_eq!(variant(&PROFILES, "plain").as_deref(), Some("Plain"));
}

#[test]
fn no_word_stands_twice_in_a_list_and_each_example_has_its_word() {
    for words in ALL {
        let mut names: Vec<_> = words.own.iter().map(|word| word.word).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "in {}", words.module);
        for word in words.own {
            assert!(word.example.contains(word.word), "{}", word.example);
            assert!(word.says.ends_with('.'), "{}", word.says);
            let variant = word.variant();
            assert!(syn::parse_str::<Ident>(&variant).is_ok(), "{variant}");
            let tokens = word.example.parse::<proc_macro2::TokenStream>();
            assert!(tokens.is_ok(), "{}", word.example);
        }
    }
}
