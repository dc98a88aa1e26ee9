//! Turns: actions and modifiers, as the macro and as the builder make them.

use crate::helpers::*;

const TWO: u32 = 2;
const GATE: &str = "open";
const NAMED: &str = "{x}";

mock_provider!(
    Turns,
    script = [
        gate("open").reply("a b c").split(whole).cut_after(1),
        on(
            user("x"),
            not(any_of(any_user_message("y"), when(|_| true)))
        )
        .reply("abcdef")
        .split(chars(4))
        .stall_after(2),
        reasoning("Hm.")
            .signature("sealed")
            .reply("a")
            .split(random(1..=12)),
        call(t { a: "{user}" }).pieces(3).named(called),
        json(object {
            city: "{user}",
            parts: [1, null, "{{}}"]
        })
        .finish(length),
        respond_with(|_| Response::new("x", "y")),
        respond_with(async |_| Response::new("x", "y")),
        driven("live"),
        reply("x").tokens_per_second(50).hang(),
        reply("x").finish(other("pause_turn")).usage(11, 7),
        call(t.raw("{\"city\": \"Par")).finish(stop),
        json("a {user}").split(words),
    ],
);

#[test]
fn turns_are_what_the_builder_makes() {
    let closure = Action::Respond(Respond {
        responder: Responder::Fn(|_| Ok(Response::new("x", "y"))),
        source: "".into(),
    });
    let built = script([
        gate("open").reply("a b c").split(Split::Whole).cut_after(1),
        on([
            user("x"),
            not(any_of([any_user_message("y"), any_closure()])),
        ])
        .reply("abcdef")
        .split(Split::Chars(4))
        .stall_after(2),
        reasoning("Hm.")
            .signature("sealed")
            .reply("a")
            .split(Split::Random(1, 12)),
        call("t", [("a", "{user}")]).pieces(3).named("called"),
        json([
            ("city", json!("{user}")),
            ("parts", json!([1, null, "{{}}"])),
        ])
        .finish(FinishReason::Length),
        Turn {
            actions: vec![closure].into(),
            ..Turn::EMPTY
        },
        respond_with_async(async |_| Response::new("x", "y")),
        driven("live"),
        reply("x").tokens_per_second(50).hang(),
        reply("x")
            .finish(FinishReason::Other("pause_turn".into()))
            .usage(Usage::new(11, 7)),
        call("t", verbatim("{\"city\": \"Par")).finish(FinishReason::Stop),
        json(json!("a {user}")),
    ]);
    assert_eq!(Played::by(Turns::new().handle()), built.named("Turns"));
}

mock_provider!(
    Constants,
    script = [
        gate(GATE)
            .reply("abc")
            .split(chars(TWO))
            .pieces(TWO)
            .call(t),
        driven(GATE),
        reply("x").split(random(TWO..=TWO)).finish(other(GATE)),
        call(t.raw(GATE)),
        call(t.id(NAMED)).call(t { a: 1 }.id("{call}")),
        fail(generic { code: GATE }),
    ],
);

#[test]
fn values() {
    let built = || {
        script([
            gate("open")
                .reply("abc")
                .split(Split::Chars(2))
                .pieces(2)
                .call("t", ()),
            driven("open"),
            reply("x")
                .split(Split::Random(2, 2))
                .finish(FinishReason::Other("open".into())),
            call("t", verbatim("open")),
            call("t", ())
                .id(verbatim("{x}"))
                .call("t", [("a", 1)])
                .id("{call}"),
            fail(generic().code("open")),
        ])
    };
    let (number, name) = (TWO, GATE.to_owned());
    let made = mock_provider!(
        script = [
            gate(name.clone())
                .reply("abc")
                .split(chars(number))
                .pieces(number)
                .call(t),
            driven(name.clone()),
            reply("x")
                .split(random(number..=number))
                .finish(other(name.clone())),
            call(t.raw(name.clone())),
            call(t.id(NAMED.to_owned())).call(t { a: 1 }.id("{call}")),
            fail(generic { code: name }),
        ]
    );
    assert_eq!(
        Played::by(Constants::new().handle()),
        built().named("Constants")
    );
    assert_eq!(Played::by(made), built());
}

const PAUSE: Duration = Duration::from_millis(5);

mock_provider!(
    Breaks,
    script = [
        reply("a 1 2 3").cut_after(TWO),
        reply("b").stall_after(PAUSE),
        reply("c").end_after(Duration::from_secs(2)),
        reply("d 1 2 3").malformed_after(TWO * 2 - 1),
        reply("e 1 2 3").error_after(1 + 1, overloaded),
    ],
);

#[test]
fn a_fault_takes_a_number_or_a_time() {
    let built = || {
        script([
            reply("a 1 2 3").cut_after(2),
            reply("b").stall_after(ms(5)),
            reply("c").end_after(secs(2)),
            reply("d 1 2 3").malformed_after(3),
            reply("e 1 2 3").error_after(2, overloaded()),
        ])
    };
    let (number, time) = (TWO, computed());
    let made = mock_provider!(
        reply("a 1 2 3").cut_after(number),
        reply("b").stall_after(time),
        reply("c").end_after(time * 400),
        reply("d 1 2 3").malformed_after(number + 1),
        reply("e 1 2 3").error_after(1 + 1, overloaded),
    );
    assert_eq!(Played::by(Breaks::new().handle()), built().named("Breaks"));
    assert_eq!(Played::by(made), built());
}

#[provider_test]
async fn closures_answer() -> Result<(), mock_core::ProviderError> {
    let text = String::from("from outside");
    let mock = mock_provider!(
        respond_with(move |_| Response::from(Message::assistant(&*text))),
        respond_with(|_| -> Result<Response, mock_core::ProviderError> {
            Err(mock_core::ProviderError::new(mock_core::ErrorKind::Quota))
        }),
        json(json!({"a": [1]})),
    );
    let ask = || mock.answer(Request::new("gpt-4o").user("x"));
    assert_eq!(ask().await?.text(), "from outside");
    let error = ask().await.expect_err("a failure");
    assert_eq!(error.kind, mock_core::ErrorKind::Quota);
    assert_eq!(ask().await?.text(), r#"{"a":[1]}"#);
    Ok(())
}
