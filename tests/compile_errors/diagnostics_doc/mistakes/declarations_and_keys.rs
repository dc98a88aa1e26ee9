//! What `docs/diagnostics.md` shows as wrong under "Declarations and keys".

#![allow(unused)]

use std::sync::Arc;

use mock_core::*;

#[derive(serde::Serialize)]
struct SearchArgs {
    query: String,
}

fn answer() -> Response {
    Message::assistant("Hi.").into()
}

async fn look_up(request: Request) -> Response {
    answer()
}

fn city() -> &'static str {
    "Paris"
}

fn mock_name() {
    {
        mock_provider!(weather = openai("gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!(struct Weather = openai("gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!(pub tides = openai("gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!(Weather<T> = openai("gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!(String = openai("gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!("Weather", script = [reply("Hi.")]);
    }
    {
        mock_provider!(vis = pub, Weather, script = [reply("Hi.")]);
    }
    {
        mock_provider!(Weather { script: [reply("Hi.")] });
    }
    {
        mock_provider!(mocks::Weather, script = [reply("Hi.")]);
    }
    {
        mock_provider!(#![allow(dead_code)] Weather, script = [reply("Hi.")]);
    }
}

fn unknown_profile() {
    {
        mock_provider!(Weather = opnai("gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!(Climate = openai("gpt-4o", "gpt-4.1"), reply("Hi."));
    }
    {
        mock_provider!(Tides =, reply("Hi."));
    }
    {
        mock_provider!(Winds = openai(model = "gpt-4o"), reply("Hi."));
    }
    {
        mock_provider!(Storms = 5, reply("Hi."));
    }
}

fn nameless_item() {
    {
        mock_provider!(vis = pub, reply("Hi."));
    }
    {
        mock_provider!(#[derive(PartialEq)] openai, reply("Hi."));
    }
}

fn unknown_key() {
    {
        mock_provider!(lateny = 120ms, delay = 5ms, model = "gpt-4o", every = 20ms);
    }
    {
        mock_provider!("latency" = 120ms, reply("Hi."));
    }
}

fn wrong_value() {
    {
        mock_provider!(script = reply("Hi."));
    }
    {
        mock_provider!(rules = [reply("Hi.")]);
    }
    {
        mock_provider!(seed = "seven", name = [5], metadata = 5, latency = [5ms]);
    }
    {
        mock_provider!(latency =, reply("Hi."));
    }
    {
        mock_provider!(Weather, crate = "mock_core", vis = public);
    }
    {
        mock_provider!(Weather, vis = pub(storms), script = [reply("Hi.")]);
    }
    {
        mock_provider!(openai("o3"), models = ["gpt-4o"], reply("Hi."));
    }
    {
        mock_provider!(models = [], expect = [], script = [reply("Hi.").headers([])]);
    }
    {
        mock_provider!(allow = [secrets], reply("Hi."));
    }
    {
        mock_provider!(cassette = PATH);
    }
}

fn unknown_setting() {
    {
        mock_provider!(capabilities = [streams, "tools"], allow = ["unused_turns", unused], reply("Hi."));
    }
}

fn colon_for_equals() {
    {
        mock_provider!(latency: 120ms, reply("Hi."));
    }
    {
        mock_provider!(seed => 7, reply("Hi."));
    }
    {
        mock_provider!(latency 120ms, reply("Hi."));
    }
    {
        mock_provider!(Tides => reply("Hi."));
    }
    {
        #[provider_test(timeout 5s)]
        async fn greets() {}
    }
}

fn arrow_outside_match() {
    {
        mock_provider!(script = [user("hi") => reply("ho")]);
    }
}

fn missing_comma() {
    {
        mock_provider!(openai("gpt-4o"), latency = 5ms reply("Hi."));
    }
    {
        mock_provider!(stream(["Hi " "there."]));
    }
    {
        mock_provider!(fail(auth { headers: [("x-request-id": "abc")] }));
    }
    {
        mock_provider!(on(user("hello"); user("hi")).reply("Hi."));
    }
    {
        mock_provider!(call(get_weather { city "Paris" }));
    }
    {
        mock_provider!(call(get_weather { city: "Paris" unit: "celsius" }));
    }
    {
        mock_provider!(tools = [get_weather { city: string unit: string }]);
    }
    {
        mock_provider!(tools = [get_weather { city -> string }]);
    }
}

fn invalid_entry() {
    {
        mock_provider!(latency = = 5ms, reply("Hi."));
    }
    {
        mock_provider!(reply("Hi.").);
    }
    {
        mock_provider!(openai, = [reply("Hi.")]);
    }
    {
        mock_provider!(@reply("Hi."));
    }
    {
        mock_provider!(reply("Hi."),, reply("Ho."));
    }
    {
        mock_provider!(on(user("hello")) reply("Hi."));
    }
    {
        mock_provider!(call(get_weather: { city: "Paris" }));
    }
    {
        mock_provider!(on(user: "hello").reply("Hi."));
    }
    {
        mock_provider!(call(get_weather { city: }));
    }
    {
        mock_provider!(rules = match request { user(+ "hi") => reply("ho") });
    }
    {
        mock_provider!(on(user("hello"))::reply("Hi."));
    }
    {
        mock_provider!(json(["a", "b"][0, 1]));
    }
}

fn entry_attributes() {
    {
        mock_provider!(openai, #[cfg(unix)] reply("Hi."));
    }
    {
        mock_provider!(json(object { #[cfg(unix)] city: "Paris" }));
    }
}

fn given_twice() {
    {
        mock_provider!(latency = 120ms, latency = 5ms, script = [reply("Hi.").times(2).times(3)]);
    }
    {
        mock_provider!(tools = [find { city: string, city: string }], script = [call(find { city: "Paris" })]);
    }
    {
        mock_provider!(tools = [see { unit: one_of("c", "c") }], script = [call(see { unit: "c" })]);
    }
    {
        mock_provider!(models = ["gpt-4o", "gpt-4o"], reply("Hi."));
    }
    {
        mock_provider!(pub Weather, vis = pub, script = [reply("Hi.")]);
    }
}

fn two_scripts() {
    {
        mock_provider!(reply("Hi."), script = [reply("Bye.")]);
    }
    {
        mock_provider!(script = [reply("Hi.")], lanes = match request { model("a") => [reply("a")] });
    }
}

fn invalid_usage() {
    {
        mock_provider!(usage = 18, script = [reply("a").usage(11), reply("b").usage(11, 7, 18)]);
    }
    {
        mock_provider!(reply("a").usage(11, "7"), reply("b").usage(estimate));
    }
    {
        mock_provider!(reply("a").usage(Usage::new(11, 7).cache_read(20)));
    }
    {
        mock_provider!(reply("a").usage(Usage::new(11, 7).reasoning(8)));
    }
    {
        mock_provider!(usage = usage(11), reply("a"));
    }
    {
        mock_provider!(usage = usge(11, 7), reply("a"));
    }
    {
        mock_provider!(reply("a").usage(11u8, 99999999999999999999));
    }
}

fn rejected_call() {
    {
        mock_provider!(capabilities = [streaming], script = [call(find)]);
    }
}

fn main() {}
