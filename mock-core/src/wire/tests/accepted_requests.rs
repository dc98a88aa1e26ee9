//! Requests as clients send them, which providers accept: no rule may reject them.

use serde_json::{Map, Value, json};

use crate::scenario::Profile;
use crate::wire::{anthropic, gemini, gemini_interactions, ollama, openai, openai_responses};

const PROFILES: [Profile; 5] = [
    Profile::Plain,
    Profile::Openai,
    Profile::Anthropic,
    Profile::Gemini,
    Profile::Ollama,
];

fn with_fields(mut request: Value, fields: &str) -> Value {
    let fields: Map<String, Value> = serde_json::from_str(fields).expect("fields are JSON");
    for (name, value) in fields {
        request[name] = value;
    }
    request
}

fn chat(model: &str, fields: &str) -> Value {
    let messages = json!([{ "role": "user", "content": "hi" }]);
    with_fields(json!({ "model": model, "messages": messages }), fields)
}

fn messages(fields: &str) -> Value {
    let messages = json!([{ "role": "user", "content": "hi" }]);
    let request = json!({ "model": "claude-sonnet-4-5", "max_tokens": 4096, "messages": messages });
    with_fields(request, fields)
}

#[test]
fn chat_completions_accepts_what_clients_of_openai_send() {
    for fields in [
        r#"{"messages": [{"role": "system", "content": "s"}, {"role": "system", "content": [{"type": "text", "text": "t"}]}, {"role": "user", "content": "a"}]}"#,
        r#"{"messages": [{"role": "developer", "content": "s"}, {"role": "user", "content": "a"}, {"role": "system", "content": "mid"}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": ""}, {"role": "assistant", "content": "x"}, {"role": "assistant", "content": "y"}]}"#,
        r#"{"messages": [{"role": "user", "name": "bob@example.com", "content": "a"}, {"role": "user", "name": null, "content": "b"}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "x", "refusal": null, "annotations": [], "audio": null, "function_call": null, "tool_calls": null}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null, "refusal": "no"}, {"role": "assistant", "audio": {"id": "audio_1"}}, {"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "type": "function", "index": 0, "function": {"name": "look", "arguments": "not json"}}]}, {"role": "tool", "tool_call_id": "c1", "name": "look", "content": ""}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": "a"}], "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "x"}]}]}"#,
        r#"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}}, {"type": "image_url", "image_url": {"url": "data:image/PNG;base64,QUJD"}}]}]}"#,
        r#"{"messages": [{"role": "user", "content": [{"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"}}, {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}]}]}"#,
        r#"{"tools": [{"type": "function", "function": {"name": "look", "parameters": null, "strict": null}}], "tool_choice": "required", "parallel_tool_calls": true}"#,
        r#"{"tools": [{"type": "function", "function": {"name": "look", "parameters": {}}}], "tool_choice": {"type": "function", "function": {"name": "look"}}}"#,
        r#"{"tools": [{"type": "function", "function": {"name": "look"}}], "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "look"}}]}}}"#,
        r#"{"tools": [{"type": "custom", "custom": {"name": "code"}}], "tool_choice": {"type": "custom", "custom": {"name": "code"}}}"#,
        r#"{"functions": [{"name": "look"}], "function_call": {"name": "look"}}"#,
        r#"{"stream": true, "stream_options": {"include_usage": true, "include_obfuscation": false}}"#,
        r#"{"stop": "x", "seed": -1, "user": "u", "service_tier": "flex", "store": false, "n": 2}"#,
        r#"{"logprobs": true, "top_logprobs": 5, "logit_bias": {"50256": -100}, "modalities": ["text"], "prediction": {"type": "content", "content": "x"}}"#,
        r#"{"prompt_cache_options": {"mode": "explicit", "ttl": "30m"}, "moderation": {"model": "omni-moderation-latest"}}"#,
        r#"{"safety_identifier": "x", "prompt_cache_key": "y", "verbosity": "low", "model": "gpt-4o-search-preview", "web_search_options": {}}"#,
        r#"{"model": "o3-mini", "stop": ["Paris"]}"#,
        r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object", "properties": {"x": {"type": "string"}}}}}}"#,
        r#"{"model": "gpt-5", "reasoning_effort": "minimal", "temperature": 1, "stop": null, "top_p": null, "max_tokens": null}"#,
        r#"{"model": "gpt-5.1", "reasoning_effort": "none", "temperature": 0.5}"#,
        r#"{"model": "o3-mini", "reasoning_effort": "high", "max_completion_tokens": 100, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
    ] {
        for profile in PROFILES {
            let answer = openai::check(&chat("gpt-4o", fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}

#[test]
fn chat_completions_accepts_what_compatible_servers_accept() {
    for fields in [
        r#"{"max_tokens": -1}"#,
        r#"{"temperature": 3}"#,
        r#"{"tool_choice": "none"}"#,
        r#"{"tool_choice": "auto", "tools": []}"#,
        r#"{"tools": [{"type": "function", "function": {"name": "files.read"}}]}"#,
        r#"{"top_k": 20, "min_p": 0.1, "chat_template_kwargs": {"enable_thinking": false}}"#,
        r#"{"stream_options": {"include_usage": true}, "metadata": {"a": "b"}, "reasoning": {"effort": "low"}}"#,
        r#"{"response_format": {"type": "json_object"}}"#,
        r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": "https://example.com/a.png"}]}]}"#,
        r#"{"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]}, {"role": "assistant", "content": "x", "prefix": true, "reasoning_content": "r", "tool_calls": []}]}"#,
    ] {
        for profile in [Profile::Plain, Profile::Anthropic, Profile::Gemini] {
            let answer = openai::check(&chat("qwen3", fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}

#[test]
fn messages_accepts_what_clients_of_anthropic_send() {
    for fields in [
        r#"{"system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral", "ttl": "1h"}}], "metadata": {"user_id": null}, "service_tier": "standard_only"}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b "}, {"role": "assistant", "content": "x "}, {"role": "user", "content": [{"type": "text", "text": "c", "citations": null, "cache_control": null}]}]}"#,
        r#"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}, {"type": "image", "source": {"type": "file", "file_id": "f"}}, {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}}]}]}"#,
        r#"{"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"}, "title": "t", "citations": {"enabled": true}}, {"type": "search_result", "source": "x", "title": "t", "content": [{"type": "text", "text": "x"}]}, {"type": "container_upload", "file_id": "f"}]}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": "hm"}, {"type": "tool_use", "id": "t1", "name": "look", "input": {}, "caller": {"type": "direct"}}, {"type": "tool_use", "id": "t2", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t2", "is_error": true, "content": "bad"}, {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "a"}, {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}}], "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "and"}]}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}}, {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}, {"type": "mcp_tool_use", "id": "mcptoolu_1", "name": "x", "server_name": "s", "input": {}}, {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_1", "is_error": false, "content": []}, {"type": "text", "text": "x"}]}, {"role": "user", "content": "b"}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "", "signature": "s"}, {"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "x"}]}, {"role": "user", "content": "b"}], "thinking": {"type": "enabled", "budget_tokens": 1024}, "temperature": 1}"#,
        r#"{"model": "claude-opus-4-7", "thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "high"}, "temperature": 1}"#,
        r#"{"tools": [{"type": "custom", "name": "look", "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral"}, "defer_loading": true}], "tool_choice": {"type": "any", "disable_parallel_tool_use": true}}"#,
        r#"{"tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 5}, {"type": "bash_20250124", "name": "bash"}]}"#,
        r#"{"tools": [{"type": "mcp_toolset", "mcp_server_name": "s"}, {"type": "mcp_toolset", "mcp_server_name": "t"}], "mcp_servers": [{"type": "url", "url": "https://example.com", "name": "s"}]}"#,
        r#"{"tools": [], "tool_choice": {"type": "none"}, "stop_sequences": [], "container": "c", "context_management": {"edits": []}, "inference_geo": "us", "cache_control": {"type": "ephemeral"}}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t2", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t2", "content": "y"}]}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "find", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "z"}]}]}"#,
        r#"{"model": "claude-3-5-sonnet-20241022", "temperature": 0.5, "top_p": 0.9, "top_k": 40}"#,
        r#"{"model": "claude-opus-5", "messages": [{"role": "user", "content": "a"}, {"role": "system", "content": [{"type": "text", "text": "s"}, {"type": "tool_addition", "tool": {"type": "tool_reference", "name": "look"}}]}, {"role": "user", "content": [{"type": "mid_conv_system", "content": [{"type": "text", "text": "s"}]}, {"type": "text", "text": "b"}]}], "tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        r#"{"model": "claude-opus-5", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "compaction", "content": "c", "encrypted_content": "e"}, {"type": "thinking", "thinking": "", "signature": "s"}, {"type": "fallback", "from": {"model": "claude-opus-5"}, "to": {"model": "claude-sonnet-5"}, "trigger": null}, {"type": "text", "text": "x"}]}, {"role": "user", "content": "b"}]}"#,
        r#"{"model": "claude-opus-5", "speed": "fast", "fallbacks": [{"model": "claude-sonnet-5"}], "diagnostics": {"previous_message_id": null}, "output_config": {"effort": "max", "task_budget": {"type": "tokens", "total": 100000}}, "tools": [{"type": "advisor_20260301", "name": "advisor", "model": "claude-opus-5"}, {"type": "web_search_20260318", "name": "web_search"}, {"type": "code_execution_20260521", "name": "code_execution"}]}"#,
    ] {
        for profile in PROFILES {
            let answer = anthropic::check(&messages(fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}

#[test]
fn gemini_accepts_what_its_clients_send() {
    for fields in [
        r#"{"contents": [{"parts": [{"text": "a"}]}], "system_instruction": {"parts": [{"text": "s"}]}}"#,
        r#"{"systemInstruction": {"role": "model", "parts": [{"text": "s", "thought": false}]}, "safetySettings": null, "toolConfig": null, "tools": null}"#,
        r#"{"contents": [{"role": "user", "parts": [{"text": ""}, {"inlineData": {"mimeType": "image/png", "data": "QUJD"}}, {"file_data": {"file_uri": "https://example.com/a.pdf"}}, {"a_part_of_the_future": {}}]}]}"#,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "hm", "thought": true, "thoughtSignature": "s"}, {"functionCall": {"name": "look", "args": {}, "id": "1"}, "thoughtSignature": "s"}, {"functionCall": {"name": "look"}}]}, {"role": "function", "parts": [{"functionResponse": {"name": "look", "response": {"result": 1}}}, {"functionResponse": {"id": "1", "name": "look", "response": {"error": "no"}, "willContinue": false}}]}]}"#,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"executableCode": {"language": "PYTHON", "code": "1"}}, {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}}]}, {"role": "user", "parts": [{"text": "b"}]}], "tools": [{"codeExecution": {}}, {"googleSearch": {}}, {"urlContext": {}}]}"#,
        r#"{"tools": [{"functionDeclarations": [{"name": "look", "description": "d", "parameters": {"type": "OBJECT", "properties": {}}, "response": {"type": "STRING"}}, {"name": "mcp:find-it.2", "parametersJsonSchema": {"$schema": "x", "type": "object", "additionalProperties": false}}], "codeExecution": null}], "tool_config": {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["look"]}}}"#,
        r#"{"generationConfig": {"temperature": 0, "topP": 0.95, "topK": 40, "candidateCount": 1, "maxOutputTokens": 8, "stopSequences": ["x"], "responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}, "thinkingConfig": {"includeThoughts": true, "thinkingBudget": -1}, "seed": 1, "presencePenalty": 0.0, "responseModalities": ["TEXT"]}}"#,
        r#"{"system_instruction": {"parts": {"text": "s"}}, "contents": {"role": "user", "parts": {"text": "a"}}, "tools": {"function_declarations": {"name": "look"}}, "safetySettings": {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}}"#,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}, {"inlineData": {"mimeType": "video/mp4", "data": "QUJD"}}, {"video_metadata": {"startOffset": "2s"}}]}, {"role": "model", "parts": [{"thought": true, "thoughtSignature": "s"}, {"text": "x"}]}, {"role": "user", "parts": [{"text": "b"}]}]}"#,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"id": "1", "name": "look", "args": {}}}]}, {"role": "model", "parts": [{"functionCall": {"id": "2", "name": "find", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"id": "1", "name": "look", "response": {}}}, {"functionResponse": {"id": "2", "name": "find", "response": {}}}]}]}"#,
        r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "OBJECT", "properties": {"const": {"type": "array", "items": {"anyOf": [{"type": "string", "enum": ["a"], "default": "a"}, {"type": "NUMBER", "minimum": 1, "maximum": 2, "format": "double"}]}, "minItems": 1}, "not": {"type": "object", "properties": {}, "title": "t", "description": "d", "nullable": true}}, "required": ["const", "not"], "propertyOrdering": ["const"]}}]}]}"#,
        r#"{"safetySettings": [{"category": "harm_category_harassment", "threshold": "OFF"}], "tools": [{"functionDeclarations": [{"name": "look"}]}], "toolConfig": {"functionCallingConfig": {"mode": "validated"}}}"#,
        r#"{"model": "models/gemini-3-flash", "tools": [{"googleSearch": {}, "functionDeclarations": [{"name": "look"}]}], "toolConfig": {"includeServerSideToolInvocations": true}, "generationConfig": {"thinkingConfig": {"thinkingBudget": 60000}}}"#,
        r#"{"generationConfig": {"thinkingConfig": {"thinkingBudget": 0, "includeThoughts": false}}, "cachedContent": "cachedContents/a", "labels": {"a": "b"}}"#,
    ] {
        let contents = json!([{ "role": "user", "parts": [{ "text": "hi" }] }]);
        let request = json!({ "model": "models/gemini-2.5-flash", "contents": contents });
        for profile in PROFILES {
            let answer = gemini::check(&with_fields(request.clone(), fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}

#[test]
fn interactions_accepts_what_its_clients_send() {
    for fields in [
        r#"{"input": {"type": "text", "text": "hi"}, "store": true, "stream": false}"#,
        r#"{"input": [{"type": "text", "text": "hi"}, {"type": "image", "uri": "https://example.com/a.png"}, {"type": "document", "data": "QUJD", "mime_type": "application/pdf"}]}"#,
        r#"{"input": [{"type": "user_input", "content": [{"type": "text", "text": "hi"}]}, {"type": "thought", "signature": "s"}, {"type": "function_call", "id": "c", "name": "look", "arguments": {}, "signature": "s"}, {"type": "function_result", "call_id": "c", "name": "look", "result": [{"type": "text", "text": "x"}], "is_error": false}, {"type": "model_output", "content": [{"type": "text", "text": "so", "annotations": []}]}, {"type": "user_input", "content": [{"type": "text", "text": "and"}]}]}"#,
        r#"{"input": [{"type": "google_search_call", "id": "g", "arguments": {"queries": ["x"]}}, {"type": "google_search_result", "call_id": "g", "result": []}, {"type": "user_input", "content": []}]}"#,
        r#"{"model": null, "agent": "deep-research-pro", "agent_config": {"type": "deep-research"}, "background": true}"#,
        r#"{"system_instruction": "s", "previous_interaction_id": "v1_1", "tools": [{"type": "function", "name": "look", "parameters": {"type": "object"}}, {"type": "google_search"}, {"type": "mcp_server", "name": "m", "url": "https://example.com"}]}"#,
        r#"{"generation_config": {"temperature": 0, "max_output_tokens": 8, "thinking_level": "low", "thinking_summaries": "auto", "tool_choice": {"allowed_tools": {"mode": "any", "tools": ["look"]}}, "seed": 1, "stop_sequences": ["x"]}, "response_format": {"type": "text", "mime_type": "application/json", "schema": {}}, "service_tier": "standard", "labels": {"a": "b"}, "safety_settings": null}"#,
    ] {
        let request = json!({ "model": "gemini-3-flash", "input": "hi" });
        for profile in PROFILES {
            let answer = gemini_interactions::check(&with_fields(request.clone(), fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}

#[test]
fn ollama_accepts_what_its_clients_send() {
    for fields in [
        r#"{"stream": true, "think": "high", "keep_alive": -1, "format": "", "options": {"num_ctx": 8192, "temperature": 0, "stop": ["x"]}}"#,
        r#"{"keep_alive": "5m", "format": {"type": "object", "properties": {}}, "options": null, "tools": null, "think": null}"#,
        r#"{"messages": []}"#,
        r#"{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "", "images": ["iVBORw0KGgo="]}, {"role": "assistant", "content": "x", "thinking": "", "tool_calls": []}, {"role": "user", "content": "b", "images": null}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look", "arguments": {}}}]}, {"role": "tool", "content": "x", "tool_name": "look"}, {"role": "user", "content": "b"}]}"#,
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "look", "arguments": {"a": 1}}}]}, {"role": "tool", "content": "x", "tool_call_id": "c"}]}"#,
        r#"{"tools": [{"type": "function", "function": {"name": "look", "description": "d", "parameters": {"type": "object", "required": ["a"], "properties": {"a": {"type": ["string", "null"]}}}}}]}"#,
    ] {
        for profile in PROFILES {
            let answer = ollama::check(&chat("llama3.2", fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}

#[test]
fn responses_accepts_what_its_clients_send() {
    for fields in [
        r#"{"input": [{"role": "system", "content": "s"}, {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "d"}]}, {"role": "user", "content": [{"type": "input_text", "text": "a"}, {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "auto"}, {"type": "input_image", "file_id": "file_1", "detail": "low"}, {"type": "input_image", "image_url": "data:image/JPEG;base64,QUJD", "detail": "original"}, {"type": "input_file", "file_id": "file_2"}]}]}"#,
        r#"{"input": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "x"}, {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "y", "annotations": [], "logprobs": []}, {"type": "refusal", "refusal": "no"}]}, {"role": "user", "content": "b"}]}"#,
        r#"{"input": [{"role": "user", "content": "a"}, {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "x"}, {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "look", "arguments": "{}", "status": "completed"}, {"role": "user", "content": "wait"}, {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "x"}, {"type": "input_image", "image_url": "data:image/png;base64,QUJD"}]}]}"#,
        r#"{"input": [{"role": "user", "content": "a"}, {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "x"}}, {"type": "item_reference", "id": "msg_2"}, {"type": "mcp_approval_response", "approval_request_id": "m", "approve": true}, {"type": "an_item_of_the_future"}]}"#,
        r#"{"input": [{"role": "user", "content": "a"}, {"type": "tool_search_call", "call_id": "s", "execution": "client", "arguments": {"queries": ["x"]}}, {"type": "function_call_output", "call_id": "s", "output": "found"}]}"#,
        r#"{"input": [], "previous_response_id": "resp_1", "store": true, "metadata": {"a": "b"}, "user": "u", "safety_identifier": "s", "prompt_cache_key": "k", "prompt_cache_retention": "24h"}"#,
        r#"{"prompt_cache_options": {"mode": "explicit", "ttl": "30m"}, "moderation": {"model": "omni-moderation-latest"}, "service_tier": "ultrafast"}"#,
        r#"{"input": null, "prompt": {"id": "pmpt_1", "version": "2", "variables": {"city": "Oslo"}}, "tool_choice": "required"}"#,
        r#"{"tools": [], "tool_choice": "auto", "parallel_tool_calls": true, "include": [], "truncation": "disabled", "service_tier": "auto", "stream": false, "top_logprobs": 0, "max_tool_calls": 3}"#,
        r#"{"tools": [{"type": "function", "name": "look", "description": "d", "parameters": {"type": "object", "properties": {"a": {"type": "string"}}}, "strict": false}, {"type": "web_search_preview"}, {"type": "custom", "name": "code", "format": {"type": "text"}}], "tool_choice": {"type": "web_search_preview"}}"#,
        r#"{"tools": [{"type": "function", "name": "look", "parameters": null}, {"type": "mcp", "server_label": "my.server", "server_url": "https://example.com"}], "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "look"}]}}"#,
        r#"{"text": {"format": {"type": "json_schema", "name": "a", "strict": false, "schema": {"type": "array", "items": {}}}, "verbosity": "low"}, "temperature": 2, "top_p": 1}"#,
        r#"{"text": {}, "reasoning": null, "include": ["reasoning.encrypted_content", "message.output_text.logprobs"], "stream": true, "stream_options": {"include_obfuscation": false}}"#,
        r#"{"model": "gpt-5", "reasoning": {"effort": "minimal", "summary": "auto"}, "max_output_tokens": 100}"#,
        r#"{"model": "gpt-5.2", "reasoning": {"effort": "xhigh"}, "context_management": [{"type": "compaction"}]}"#,
    ] {
        let request = json!({ "model": "gpt-4o", "input": "hi" });
        for profile in PROFILES {
            let answer = openai_responses::check(&with_fields(request.clone(), fields), profile);
            assert_eq!(answer, Ok(()), "{profile:?}: {fields}");
        }
    }
}
