//! The profiles of a mock that can be served.

use mock_core::scenario::Profile;
use mock_core::{MockProvider, MockServer, builder};

#[test]
fn every_profile_is_served() {
    for &profile in Profile::ALL {
        let scenario = builder::script([builder::reply("Hi.").times(0..)]);
        let mock = MockProvider::new(scenario.profile(profile));
        assert!(MockServer::bind(mock, 0).is_ok(), "{profile:?}");
    }
}
