//! Values that are known only when the test runs, and are of another type.

use mock_core::mock_provider;

const BIG: u64 = 5;

mock_provider!(Constant, reply("a b c").cut_after(BIG));

fn main() {
    let words = vec!["a"];
    let _ = mock_provider!(
        reply("a").times(words.len()),
        reply(words.len()),
        stream([words[0], BIG]),
        reply("b").stall_after(words.len()),
        fail(auth {
            body: words.len(),
            headers: [("a", BIG)]
        }),
    );
}
