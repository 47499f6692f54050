"""The command that serves a small model on this machine."""

import json

import click

from interlock.adapters.local_model import DEMO_MODELS, Settings
from interlock.app.trials import serve_model
from interlock.cli.doors import json_option


@click.group()
def model() -> None:
    """A small language model on this machine, to try things on."""


@model.command("serve")
@click.argument("name", default="smollm2")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on the loopback address; by default any that is free.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Threads of the computation; more only help where nothing else runs.",
)
@click.option(
    "--context",
    type=click.IntRange(64, 8192),
    default=2048,
    show_default=True,
    help="Tokens of prompt and answer together.",
)
@json_option
def serve_command(name: str, port: int, threads: int, context: int, as_json: bool) -> None:
    """Serve the model NAME behind an OpenAI-compatible port until Ctrl-C; print its URL.

    smollm2 is the only one: SmolLM2-135M-Instruct, 4 bits. It is there to try
    trials on, and can never be a judge. At temperature 0 its answer depends on
    the request alone.

    \b
    Examples:
        interlock model serve smollm2
        interlock model serve smollm2 --port 8480 --threads 4
    """
    settings = Settings(port=port, threads=threads, context=context)

    def opened(url: str) -> None:
        facts = {"model": DEMO_MODELS[0], "openai": url}
        told = json.dumps(facts) if as_json else f"{name} answers at {url} until Ctrl-C"
        click.echo(told)

    serve_model(name, settings, opened=opened)
