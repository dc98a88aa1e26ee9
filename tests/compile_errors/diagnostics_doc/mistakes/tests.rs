//! What `docs/diagnostics.md` shows as wrong under "Tests".

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

fn not_an_async_fn() {
    {
        #[provider_test]
        fn greets() {}
    }
    {
        #[provider_test]
        struct Greets;
    }
}

fn test_signature() {
    {
        #[provider_test]
        async fn greets<T>(&self) {}
    }
    {
        #[provider_test]
        async unsafe fn answers() {}
    }
}

fn second_test_attribute() {
    {
        #[provider_test]
        #[tokio::test]
        async fn greets() {}
    }
    {
        #[provider_test]
        #[test_log::test]
        async fn answers() {}
    }
    {
        #[provider_test]
        #[test_case("Hello")]
        async fn waits(text: &str) {}
    }
}

fn unknown_option() {
    {
        #[provider_test(start_paused = true, timout = 5s)]
        async fn greets() {}
    }
}

fn option_value() {
    {
        #[provider_test(clock = "rael")]
        async fn one() {}
    }
    {
        #[provider_test(clock = real)]
        async fn two() {}
    }
    {
        #[provider_test(worker_threads = 0, flavor = "multi_thread", clock = "real")]
        async fn three() {}
    }
    {
        #[provider_test(timeout)]
        async fn four() {}
    }
    {
        #[provider_test(crate = "mock_core")]
        async fn five() {}
    }
    {
        #[provider_test("real")]
        async fn six() {}
    }
    {
        #[provider_test(foreign = wiat)]
        async fn seven() {}
    }
    {
        #[provider_test(foreign = "wait")]
        async fn eight() {}
    }
    {
        #[provider_test(task_panics = "ingore")]
        async fn nine() {}
    }
    {
        #[provider_test(task_panics = ignore)]
        async fn ten() {}
    }
    {
        #[provider_test(worker_threads = "two", flavor = "multi_thread", clock = "real")]
        async fn nineteen() {}
    }
    {
        #[provider_test(sweep = [cuts, 5])]
        async fn eleven() -> Result<(), String> {
            Ok(())
        }
    }
    {
        #[provider_test(sweep = [], sweep_runs = 0)]
        async fn twelve() -> Result<(), String> {
            Ok(())
        }
    }
    {
        #[provider_test(seeds = 100, chaos = cut(0.1))]
        async fn thirteen() {}
    }
    {
        #[provider_test(seeds = -1..5, chaos = [])]
        async fn fourteen() {}
    }
    {
        #[provider_test(seeds = 0.., chaos = [cut, cut(), cut(1.5)])]
        async fn fifteen() {}
    }
    {
        #[provider_test(seeds = 5..5)]
        async fn sixteen() {}
    }
    {
        #[provider_test(sweep = [faults, cut])]
        async fn seventeen() -> Result<(), String> {
            Ok(())
        }
    }
    {
        #[provider_test(seeds = 0..5, chaos = [cut(0.0)])]
        async fn eighteen() {}
    }
}

fn clock_and_flavor() {
    {
        #[provider_test(flavor = "multi_thread")]
        async fn greets() {}
    }
    {
        #[provider_test(worker_threads = 2)]
        async fn answers() {}
    }
    {
        #[provider_test(clock = "real", foreign = wait)]
        async fn waits() {}
    }
}

fn late_timeout() {
    {
        #[provider_test(clock = "real", timeout = 60s)]
        async fn greets() {}
    }
    {
        #[provider_test(clock = "real", timeout = 5s, guard = 1s)]
        async fn answers() {}
    }
}

fn case_name() {
    {
        #[provider_test]
        #[case("Paris")]
        async fn greets(#[case] city: &str) {}
    }
    {
        #[provider_test]
        #[case::paris("Paris")]
        #[case::paris("Rome")]
        async fn answers(#[case] city: &str) {}
    }
    {
        #[provider_test]
        #[case::in_europe::rome("Rome")]
        #[case::self("Oslo")]
        async fn waits(#[case] city: &str) {}
    }
    {
        #[provider_test]
        #[cases::bern("Bern")]
        async fn replies(#[case] city: &str) {}
    }
}

fn case_values() {
    {
        #[provider_test]
        #[case::paris("Paris")]
        #[case::rome("Rome", 25, 26)]
        async fn greets(#[case] city: &str, #[case] temp: i32) {}
    }
    {
        #[provider_test]
        #[case::oslo]
        async fn answers() {}
    }
    {
        #[provider_test]
        #[case::bern = "Bern"]
        async fn waits(#[case] city: &str) {}
    }
    {
        #[provider_test]
        async fn replies(#[case] city: &str) {}
    }
    {
        #[provider_test]
        #[case::kyiv("Kyiv")]
        async fn forecasts(#[case("Kyiv")] city: &str) {}
    }
    {
        #[provider_test]
        #[case::lima("Lima")]
        async fn predicts(#[case::lima] city: &str) {}
    }
}

fn argument_source() {
    {
        #[provider_test]
        async fn greets(
            #[values()] count: u32,
            #[mocks] llm: MockProvider,
            #[values(1 2)] times: u32,
            #[mocks(Weather Clerk)] clerk: MockProvider,
        ) {}
    }
    {
        #[provider_test]
        async fn answers(#[mocks(reply("Hi."))] llm: MockProvider, #[values(1, 2)] #[mock(reply("Ho."))] other: MockProvider) {}
    }
    {
        #[provider_test]
        async fn waits(#[cfg(unix)] #[values(1, 2)] count: u32) {}
    }
    {
        #[provider_test]
        #[values(1, 2)]
        async fn replies(count: u32) {}
    }
    {
        #[provider_test]
        async fn forecasts(#[values(0..3)] count: u8, #[values(["Paris", "Rome"])] city: &str) {}
    }
}

fn several_runs() {
    {
        #[provider_test(sweep = faults)]
        async fn greets() {}
    }
    {
        #[provider_test(sweep = faults, clock = "real")]
        async fn answers() -> Result<(), String> {
            Ok(())
        }
    }
    {
        #[provider_test(sweep = faults)]
        #[should_panic]
        async fn panics() -> Result<(), String> {
            Ok(())
        }
    }
    {
        #[provider_test(sweep_runs = 20)]
        async fn waits() -> Result<(), String> {
            Ok(())
        }
    }
    {
        #[provider_test(chaos = [cut(0.05)])]
        async fn replies() {}
    }
    {
        #[provider_test(sweep = faults, seeds = 0..100)]
        async fn forecasts() -> Result<(), String> {
            Ok(())
        }
    }
}

fn mock_attribute() {
    {
        #[provider_test]
        async fn greets(#[mock(reply)] llm: MockProvider) {}
    }
    {
        #[provider_test]
        async fn answers(#[mock] one: MockProvider, #[mock(reply("a"))] #[mock(reply("b"))] two: MockProvider) {}
    }
    {
        #[provider_test]
        async fn waits(#[mok(reply("Hi."))] llm: MockLlm) {}
    }
    {
        #[provider_test]
        async fn replies(#[mock("Weather")] llm: MockLlm) {}
    }
    {
        #[provider_test]
        async fn forecasts(#[mock(Weather)] weather: Weather) {}
    }
    {
        #[provider_test]
        async fn predicts(#[mock(openai)] one: MockProvider, #[mock(on)] two: MockProvider, #[mock(Fast, Slow)] three: MockProvider) {}
    }
    {
        #[provider_test]
        async fn promises(#[mock(latency)] one: MockProvider, #[mock(user)] two: MockProvider) {}
    }
}

fn named_argument() {
    {
        #[provider_test]
        async fn greets(#[mock(Greeter, script = [reply("Hi.")])] llm: MockProvider) {}
    }
}

fn impossible_argument() {
    {
        #[provider_test]
        async fn greets(#[mock(reply("Hi."))] llm: Arc<dyn Llm>, #[mock(reply("Ho."))] other: Option<MyLlm>) {}
    }
    {
        #[provider_test]
        async fn answers(#[values("a", "b")] text: impl Into<String>) {}
    }
    {
        #[provider_test]
        async fn waits(days: u32) {}
    }
}

fn sweep_feature() {
}

fn main() {}
