//! The exact JSON of the wire, and what cannot be said on it.

mod answer;
mod error;
mod request;
mod stream;
mod unknown_fields_of_streams;

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
use crate::chat::request::{Request, ToolDefinition};
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::{ReadError, WriteError};
