//! What requests may ask for: [`Capabilities`].

/// The features that requests to a mock may use. Anything else fails with [`Unsupported`](crate::ErrorKind::Unsupported).
///
/// ```
/// use mock_core::Capabilities;
///
/// assert_eq!(Capabilities::default(), Capabilities::ALL);
/// assert!(!Capabilities::NONE.with_tools().streaming);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[must_use]
pub struct Capabilities {
    /// Answers may be streamed.
    pub streaming: bool,
    /// Requests may offer tools.
    pub tools: bool,
}

impl Capabilities {
    /// All capabilities. This is the default.
    pub const ALL: Capabilities = Capabilities {
        streaming: true,
        tools: true,
    };

    /// No capabilities: only answers that are not streamed, without tools.
    pub const NONE: Capabilities = Capabilities {
        streaming: false,
        tools: false,
    };

    /// Adds streaming.
    ///
    /// ```
    /// use mock_core::Capabilities;
    ///
    /// let capabilities = Capabilities::NONE.with_streaming();
    /// assert!(capabilities.streaming && !capabilities.tools);
    /// ```
    pub const fn with_streaming(mut self) -> Self {
        self.streaming = true;
        self
    }

    /// Adds tools.
    ///
    /// ```
    /// use mock_core::Capabilities;
    ///
    /// let capabilities = Capabilities::NONE.with_tools();
    /// assert!(capabilities.tools && !capabilities.streaming);
    /// ```
    pub const fn with_tools(mut self) -> Self {
        self.tools = true;
        self
    }
}

impl Default for Capabilities {
    fn default() -> Self {
        Capabilities::ALL
    }
}
