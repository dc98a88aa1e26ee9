use super::super::model::Mock;
use crate::diagnostics::Diagnostics;

/// Attributes and a visibility belong to the struct of a declared mock; without a name there is none.
pub(super) fn only_a_declared_mock_has_attributes(mock: &Mock, diagnostics: &Diagnostics) {
    if mock.is_declaration {
        return;
    }
    let help = "remove it, or give the mock a name: `Weather = ..`";
    if let Some(attribute) = mock.attributes.first() {
        diagnostics.error_at(attribute, "a mock without a name has no attributes", help);
    }
    if let Some(visibility) = &mock.visibility {
        diagnostics.error_at(visibility, "a mock without a name has no visibility", help);
    }
}

/// A mock that has not the capability of tools calls none.
pub(super) fn calls_are_capabilities(mock: &Mock, diagnostics: &Diagnostics) {
    let Some(capabilities) = &mock.capabilities else {
        return;
    };
    if capabilities.iter().any(|word| word == "tools") {
        return;
    }
    for call in mock.calls() {
        diagnostics.error(
            call.tool.span(),
            "this mock refuses requests that offer tools, and calls one",
            "add `tools` to `capabilities = [..]`, or remove the call",
        );
    }
}
