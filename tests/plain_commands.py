#!/usr/bin/env python3
"""A build's compile_commands.json as another compiler can follow it: without the compiler cache in front and without
precompiled headers, which belong to the compiler that made them.

  tests/plain_commands.py build/release/compile_commands.json >plain/compile_commands.json
"""
import json
import shlex
import sys


def plain(command):
    words = shlex.split(command)
    while "ccache" in words[0] or words[0].endswith("cmake") or "=" in words[0] or words[0] in ("-E", "env"):
        words = words[1:]
    out = []
    skip = False
    for i, word in enumerate(words):
        if skip:
            skip = False
        elif word == "-include" and "cmake_pch" in words[i + 1]:
            skip = True
        elif word not in ("-fpch-preprocess", "-Winvalid-pch"):
            out.append(word)
    return shlex.join(out)


entries = [e for e in json.load(open(sys.argv[1])) if "cmake_pch" not in e["file"]]
for entry in entries:
    entry["command"] = plain(entry["command"])
json.dump(entries, sys.stdout, indent=1)
