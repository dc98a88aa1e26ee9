//! Declarations: attributes, visibilities, and the places where a mock may stand.

use crate::helpers::*;

mock_provider!(
    #[doc = "Derives what is derived anyway."]
    #[derive(Clone, Debug, Default)]
    Derived,
    reply("a")
);

mock_provider! {
    /// In braces, with a doc comment and a visibility.
    pub(super) Braces = plain,
    reply("a"),
}

mod inner {
    mock_core::mock_provider!(Public, vis = pub, reply("a"));
    mock_core::mock_provider!(Hidden, vis = pub(self), reply("a"));

    pub(super) fn hidden() -> mock_core::MockProvider {
        Hidden::new().handle()
    }
}

#[test]
fn a_mock_can_be_cloned_shown_and_defaulted() {
    let mock = Derived::default();
    assert!(format!("{:?}", mock.clone()).starts_with("Derived(MockProvider"));
    std::mem::forget(mock);
    let mocks = [
        Braces::new().handle(),
        inner::Public::new().handle(),
        inner::hidden(),
    ];
    assert_eq!(mocks.map(|mock| Played::by(mock).turns.len()), [1, 1, 1]);
}

fn in_a_generic_fn<T: ToString>(value: &T) -> MockProvider {
    mock_provider!(Inside, reply("inside").times(0..=1));
    std::mem::forget(Inside::new());
    mock_provider!(reply(value.to_string()))
}

struct Fixture<T>(T);

impl<T: Clone + Into<String>> Fixture<T> {
    fn mock(&self) -> MockProvider {
        mock_provider!(reply(self.0.clone().into()))
    }
}

trait Mocked {
    const MOCK: fn() -> MockProvider = || mock_provider!(reply("in a trait"));
}

impl Mocked for () {}

#[provider_test]
async fn a_mock_can_be_made_anywhere() -> Result<(), ProviderError> {
    assert_eq!(ask(&in_a_generic_fn(&5), "x").await?, "5");
    assert_eq!(ask(&Fixture("a").mock(), "x").await?, "a");
    assert_eq!(ask(&(<()>::MOCK)(), "x").await?, "in a trait");
    Ok(())
}

// More turns than stand in one constant.
mock_provider!(
    Long,
    script = [
        reply("1"),
        reply("2"),
        reply("3"),
        reply("4"),
        reply("5"),
        reply("6"),
        reply("7"),
        reply("8"),
        reply("9"),
        reply("10"),
        reply("11"),
        reply("12"),
        reply("13"),
        reply("14"),
        reply("15"),
        reply("16"),
        reply("17"),
        reply("18"),
        reply("19"),
        reply("20"),
        reply("21"),
        reply("22"),
        reply("23"),
        reply("24"),
        reply("25"),
        reply("26"),
        reply("27"),
        reply("28"),
        reply("29"),
        reply("30"),
        reply("31"),
        reply("32"),
        reply("33"),
    ],
);

#[provider_test]
async fn a_long_script_is_played_in_order(llm: Long) -> Result<(), ProviderError> {
    for turn in 1..=33 {
        assert_eq!(ask(&llm, "x").await?, turn.to_string());
    }
    Ok(())
}
