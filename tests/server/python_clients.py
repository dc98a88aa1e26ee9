"""Checks one of the providers' clients on a mock server: python_clients.py CLIENT BASE-URL"""

import json
import sys

TEXT = "It is blue."
SCHEMA = {
    "type": "object",
    "properties": {"at": {"type": "string"}},
    "required": ["at"],
    "additionalProperties": False,
}
TOOL = {"name": "look", "description": "Looks.", "parameters": SCHEMA}
RESULT = '{"colour": "blue"}'


def user(text):
    return [{"role": "user", "content": text}]


def raises(error, call):
    """The error of this class that `call` raises."""
    try:
        call()
    except error as raised:
        return raised
    raise AssertionError(f"no {error.__name__}")


def openai_chat(url):
    import openai

    client = openai.OpenAI(base_url=url, api_key="any", max_retries=0)
    chat = client.chat.completions

    def ask(text, **options):
        return chat.create(model="gpt-4o", messages=user(text), **options)

    assert ask("hello").choices[0].message.content == TEXT
    usage_asked = {"include_usage": True}
    chunks = list(ask("hello", stream=True, stream_options=usage_asked))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == TEXT
    assert any(chunk.usage for chunk in chunks)

    tools = [{"type": "function", "function": TOOL}]
    messages = user("look twice")
    called = ask("look twice", tools=tools).choices[0].message
    messages.append(called)
    for call in called.tool_calls:
        assert json.loads(call.function.arguments) == {"at": "sky"}
        messages.append({"role": "tool", "tool_call_id": call.id, "content": RESULT})
    answer = chat.create(model="gpt-4o", messages=messages, tools=tools)
    assert answer.choices[0].message.content == TEXT

    limited = raises(openai.RateLimitError, lambda: ask("rate limit"))
    assert limited.response.headers["retry-after"] == "1"
    raises(openai.InternalServerError, lambda: ask("overloaded"))
    raises(openai.APIStatusError, lambda: ask("wrong key"))
    return client


def openai(url):
    import openai
    import pydantic

    class Sky(pydantic.BaseModel):
        colour: str

    client = openai_chat(url)
    chat, responses = client.chat.completions, client.responses
    parsed = chat.parse(model="gpt-4o", messages=user("as JSON"), response_format=Sky)
    assert parsed.choices[0].message.parsed.colour == "blue"
    broken = chat.create(model="gpt-4o", messages=user("break"), stream=True)
    raises(openai.APIError, lambda: list(broken))

    assert responses.create(model="gpt-4o", input="hello").output_text == TEXT
    with responses.stream(model="gpt-4o", input="hello") as stream:
        assert stream.get_final_response().output_text == TEXT
    tools = [{"type": "function", **TOOL, "strict": True}]
    called = responses.create(model="gpt-4o", input="look twice", tools=tools)
    results = [
        {"type": "function_call_output", "call_id": call.call_id, "output": RESULT}
        for call in called.output
    ]
    answer = responses.create(
        model="gpt-4o", input=results, tools=tools, previous_response_id=called.id
    )
    assert answer.output_text == TEXT

    vectors = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"])
    assert len(vectors.data) == 2
    client.models.list()


def anthropic(url):
    import anthropic

    client = anthropic.Anthropic(base_url=url, api_key="any", max_retries=0)
    options = {"model": "claude-sonnet-4-5", "max_tokens": 100}

    def ask(text):
        return client.messages.create(messages=user(text), **options)

    assert ask("hello").content[0].text == TEXT
    with client.messages.stream(messages=user("hello"), **options) as stream:
        assert stream.get_final_text() == TEXT
    limited = raises(anthropic.RateLimitError, lambda: ask("rate limit"))
    assert limited.response.headers["retry-after"] == "1"
    raises(anthropic.OverloadedError, lambda: ask("overloaded"))
    raises(anthropic.AuthenticationError, lambda: ask("wrong key"))
    with client.messages.stream(messages=user("break"), **options) as broken:
        raises(anthropic.APIError, broken.get_final_message)
    assert client.messages.count_tokens(messages=user("hello"), model=options["model"]).input_tokens
    client.models.list()

    tools = [{"name": "look", "description": "Looks.", "input_schema": SCHEMA}]
    messages = user("look twice")
    called = client.messages.create(messages=messages, tools=tools, **options)
    results = [
        {"type": "tool_result", "tool_use_id": call.id, "content": RESULT}
        for call in called.content
    ]
    messages += [
        {"role": "assistant", "content": called.content},
        {"role": "user", "content": results},
    ]
    assert client.messages.create(messages=messages, tools=tools, **options).content[0].text == TEXT

    @anthropic.beta_tool
    def look(at: str) -> str:
        """Looks.

        Args:
            at: What to look at.
        """
        return RESULT

    # A message thread: the second request has the results alone.
    runner = client.beta.messages.tool_runner(messages=user("look twice"), tools=[look], **options)
    assert runner.until_done().content[0].text == TEXT

    # After an answer that breaks off, the thread begins anew with the whole conversation.
    thread = client.beta.messages.thread(system="Be brief.", **options)
    assert thread.send(*user("hello")).content[0].text == TEXT
    continued = thread.previous_message_id
    with thread.stream(*user("hello")) as stream:
        assert stream.get_final_text() == TEXT
    with thread.stream(*user("break")) as stream:
        raises(anthropic.APIError, stream.get_final_message)
    raises(anthropic.OverloadedError, lambda: thread.send(*user("overloaded")))
    assert thread.send(*user("hello")).content[0].text == TEXT

    def go_on(previous, **fields):
        return client.beta.messages.create(
            messages=user("hello"),
            thread={"type": "continue", "previous_message_id": previous},
            betas=["message-threads-2026-08-12"],
            **fields,
            **options,
        )

    lost = raises(anthropic.types.ThreadNotFoundError, lambda: go_on("msg_unknown"))
    assert lost.details.error_code == "thread_not_found"
    assert lost.body["request_id"] == lost.request_id
    raises(anthropic.types.ThreadAlreadyContinuedError, lambda: go_on(continued))
    raises(anthropic.BadRequestError, lambda: go_on(thread.previous_message_id, system="Be long."))


def gemini(url):
    from google import genai
    from google.genai import errors, types

    client = genai.Client(api_key="any", http_options=types.HttpOptions(base_url=url))
    model = "gemini-2.5-flash"

    def ask(text, **config):
        config = types.GenerateContentConfig(**config)
        return client.models.generate_content(model=model, contents=text, config=config)

    assert ask("hello").text == TEXT
    chunks = client.models.generate_content_stream(model=model, contents="hello")
    assert "".join(chunk.text or "" for chunk in chunks) == TEXT

    def look(at: str) -> dict:
        """Looks."""
        return {"colour": "blue"}

    assert ask("look twice", tools=[look]).text == TEXT
    assert json.loads(ask("as JSON", response_mime_type="application/json").text)
    assert raises(errors.ClientError, lambda: ask("rate limit")).code == 429
    assert raises(errors.ServerError, lambda: ask("overloaded")).code == 503
    broken = client.models.generate_content_stream(model=model, contents="break")
    raises(errors.APIError, lambda: list(broken))
    assert client.models.count_tokens(model=model, contents="hello").total_tokens
    vectors = client.models.embed_content(model="gemini-embedding-001", contents=["a", "b"])
    assert len(vectors.embeddings) == 2
    list(client.models.list())

    first = client.interactions.create(model=model, input="hello")
    second = client.interactions.create(
        model=model, input="again", previous_interaction_id=first.id
    )
    assert second.status == "completed"
    list(client.interactions.create(model=model, input="hello", stream=True))


def ollama(url):
    import ollama

    client = ollama.Client(host=url)

    def ask(text, **options):
        return client.chat(model="llama3.2", messages=user(text), **options)

    assert ask("hello").message.content == TEXT
    assert "".join(part.message.content for part in ask("hello", stream=True)) == TEXT
    tools = [{"type": "function", "function": TOOL}]
    messages = user("look twice")
    called = ask("look twice", tools=tools).message
    messages.append(called)
    for call in called.tool_calls:
        messages.append({"role": "tool", "tool_name": call.function.name, "content": RESULT})
    assert client.chat(model="llama3.2", messages=messages, tools=tools).message.content == TEXT
    assert raises(ollama.ResponseError, lambda: ask("rate limit")).status_code == 429
    raises(ollama.ResponseError, lambda: list(ask("break", stream=True)))
    assert client.generate(model="llama3.2", prompt="hello").response == TEXT
    assert len(client.embed(model="nomic-embed-text", input=["a", "b"]).embeddings) == 2
    client.list()
    client.show("llama3.2")


def mistral(url):
    from mistralai.client import Mistral

    client = Mistral(api_key="any", server_url=url)

    def text(content):
        return content if isinstance(content, str) else ""

    answer = client.chat.complete(model="mistral-small-latest", messages=user("hello"))
    assert answer.choices[0].message.content == TEXT
    events = client.chat.stream(model="mistral-small-latest", messages=user("hello"))
    assert "".join(text(event.data.choices[0].delta.content) for event in events) == TEXT
    assert client.embeddings.create(model="mistral-embed", inputs=["a"]).data
    client.models.list()


if __name__ == "__main__":
    globals()[sys.argv[1]](sys.argv[2])
