//! Modifiers: time, pieces, usage and finish reasons.

use mock_core::{Usage, mock_provider};

mock_provider!(
    Modifiers,
    capabilities = [streaming],
    usage = 11,
    metadata = object { id: Usage::new(1, 2) },
    script = [
        reply("a").every(5ms).tokens_per_second(50),
        reply("a b c").split(chars(4)).cut_after(3),
        reply("a").split(random(0..=3)),
        reply("a").split(lines).pieces(2),
        stream([]),
        call(get_weather { city: "Paris" }).finish("stop"),
        reply("a").finish(other("pause")).usage(1),
        hang().reply("b").usage(1, 2),
        respond_with(answer),
        respond_with(|request| request.model.clone()),
        json(Usage::new(1, 2)),
        reply("a").named(first).times(2),
        reply("b").named(first),
    ],
);

fn main() {}
