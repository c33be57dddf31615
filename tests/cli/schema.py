# SPDX-License-Identifier: MIT
"""The JSON Schema of configs against configs: schema.py SCHEMA CONFIG...

A config under a folder bad/ must be refused, or stand in CANNOT, which says why a
schema cannot see its fault; any other config must be accepted. Configs are read as
editors read them: by the core schema of YAML 1.2.
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

# What a schema of the values cannot see, by category. A config that is listed here
# and refused all the same is a failure too: the list holds what is true.
CANNOT = {
    "how a text is written: keys given twice, first zeros, 1e6 for an integer": """
        axis-twice bandwidth-octal count-power filter-twice repeated-in-range repeated-in-sweep
        repeated-key repeated-quoted
    """,
    "what YAML has and a config does not: anchors, directives, byte order marks": """
        alias anchor-key byte-order-mark byte-order-mark-utf16 directive
    """,
    "several keys together, beyond which choices read a key and which keys a choice needs": """
        bins-gauss bins-integral bins-swept circle-kernel-on-line descent-none descent-unrecorded
        exact-on-circle exact-without-form layout-swept shape-lockstep shape-range shape-swept
    """,
    "numbers that must agree: lengths, lower and upper, counts of cells": """
        arc-too-long group-lengths group-lengths-range lists-lengths lists-lockstep logits-count
        logits-count-swept range-same target-equal target-narrow target-reversed too-many-axes
        too-many-cells
    """,
    "filters: whether a cell passes, or reads what is compared": """
        filter-empty filter-empty-constant filter-empty-jointly filter-empty-last filter-long-range
        filter-too-long filter-unread
    """,
    "what other files hold": """
        file-empty file-few-columns file-logits file-mixed file-no-column file-no-header file-nul
        file-swept file-twice file-wrong file-wrong-column
    """,
}


class Loader(yaml.SafeLoader):
    """Scalars as YAML 1.2 resolves them; every key of a mapping is a text, as in JSON."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
     list("-+.0123456789")),
]:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def construct_mapping(loader, node):
    return {str(key.value): loader.construct_object(value, deep=True) for key, value in node.value}


Loader.add_constructor("tag:yaml.org,2002:map", construct_mapping)
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Loader.add_constructor(
    "tag:yaml.org,2002:float",
    lambda loader, node: float(re.sub(r"\.(?=inf|nan)", "", node.value.lower())),
)


def load(path):
    """The config, or None if it is no YAML at all."""
    try:
        return [yaml.load(path.read_bytes(), Loader)]
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def main(schema_file, *files):
    schema = json.load(open(schema_file))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    cannot = {name: why for why, names in CANNOT.items() for name in names.split()}
    wrong, refused, unread, listed = [], 0, 0, 0
    for path in map(pathlib.Path, files):
        document, bad = load(path), path.parent.name == "bad"
        if bad and path.with_suffix(".sets").exists():
            continue
        if document is None:
            unread += 1
            if not bad:
                wrong.append(f"{path}: cannot be read")
            continue
        error = jsonschema.exceptions.best_match(validator.iter_errors(document[0]))
        if not bad and error:
            wrong.append(f"{path}: refused: {error.message:.200} at {list(error.absolute_path)}")
        if bad and not error and path.stem not in cannot:
            wrong.append(f"{path}: accepted, and not listed as beyond a schema")
        if bad and error and path.stem in cannot:
            wrong.append(f"{path}: refused, but listed as beyond a schema: {error.message:.100}")
        refused += bad and bool(error)
        listed += bad and not error
    print(f"bad configs: {refused} refused, {listed} beyond a schema, {unread} no YAML")
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
