//! Arguments of a type of the user's own: the compiler checks them where they are written.

use mock_core::mock_provider;

#[derive(Default)]
struct NotSerializable {
    query: String,
}

#[derive(Default)]
struct SearchArgs {
    query: String,
    limit: u32,
    site: &'static str,
    sort: Vec<u8>,
}

impl serde::Serialize for SearchArgs {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

mock_provider!(
    Searches,
    tools = [web_search(SearchArgs), other(NotSerializable), get_date(string)],
    script = [
        on(user("{city}")).call(web_search { query: "{ctiy}", ..SearchArgs::default() }),
        call(web_search { qury: "a", ..Default::default() }),
        call(web_search { query: "a" }),
        call(web_search { limit: "5", ..Default::default() }),
        call(web_search { site: "{city}", ..Default::default() }),
        call(web_search { sort: ["a"], query: ["b"], ..Default::default() }),
        call(other { query: "a" }),
    ],
);

fn main() {
    let local = 5;
    mock_provider!(
        Declared,
        tools = [web_search(SearchArgs)],
        script = [call(web_search { limit: local, ..Default::default() })],
    );
}
