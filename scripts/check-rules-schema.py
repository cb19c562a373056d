#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds rule files against the JSON Schema, with a validator that is not ours.

    check-rules-schema.py SCHEMA FILE...

Prints `FILE: good`, `FILE: refused` or `FILE: unreadable` for each. Scalars are read as YAML 1.2 reads
them, which is what editors do: a day is a text, and so is No.
"""
import re
import sys

import jsonschema
import json
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
]:
    Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def main(schema_path, paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                content = yaml.load(file, Loader)
        except yaml.YAMLError:
            print(f"{path}: unreadable")
            continue
        errors = sorted(validator.iter_errors(content), key=str)
        for error in errors:
            place = "/".join(map(str, error.absolute_path))
            print(f"{path}:{place}: {error.message[:200]}", file=sys.stderr)
        print(f"{path}: {'refused' if errors else 'good'}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
