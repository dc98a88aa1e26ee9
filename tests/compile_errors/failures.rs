//! Failures.

use mock_core::mock_provider;

mock_provider!(
    Failures,
    fail(timeout { retry_after: 2s }),
    fail(rate_limit(2s)),
    fail(rate_limit { reason: "slow down" }),
    fail(errors::auth),
    fail("auth"),
    fail(auth).fail(quota),
    fail(generic { status: "503" }),
    fail(generic { message: 5 }),
    fail(auth { headers: "server: gateway", body: 5 }),
    fail(auth { headers: ["server", ("x id", "a"), ("x-id", "a\nb")] }),
    fail(auth { headers: [("content-length", "5")] }),
    fail(connection { body: "gone" }),
    fail(generic { status: 101 }),
    fail(generic { status: 204, body: "" }),
    reply("Hi.").error_after(1, overloaded { headers: [("x-a", "b")] }),
);

fn main() {}
