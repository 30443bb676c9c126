#!/usr/bin/env python3
"""Models that installed Python packages ship, through `equipoise task check`: does a task file that observes all their
joints, sensors and sites read them, and do five episodes with zero, random and held actions each go well?

The models are used where they lie; only a task file for each is written, into a temporary folder.

  python3 -m venv /tmp/models && /tmp/models/bin/pip install --no-deps gymnasium==1.4.0 dm_control==1.0.50
  tests/peers/models.py /tmp/models/bin/python build/release/equipoise

Prints a table in Markdown; the exit code is 1 when fewer than 20 went well. Some are written for a MuJoCo newer than the
one that is built with, which then says what it does not know.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

FOLDERS = {"gymnasium": "envs/mujoco/assets", "dm_control": "suite"}
WANTED = 20


def elements(path, folder):
    """All elements of a model, those of included files in their places."""
    for element in ElementTree.parse(path).iter():
        if element.tag == "include":
            yield from elements(folder / element.get("file"), folder)
        else:
            yield element


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def task_of(path):
    """A task file for the model, or None where nothing can be decided in it."""
    found = list(elements(path, path.parent))
    plain = re.compile(r"^[^\[\],]+$")
    named = lambda tag: [e.get("name") for e in found if e.tag == tag and plain.match(e.get("name") or "")]
    sections = {e.tag for e in found}
    if "actuator" not in sections or "worldbody" not in sections:
        return None
    root = ElementTree.parse(path).getroot()
    sensors = []
    for section in root.iter("sensor"):
        sensors += [e.get("name") for e in section if plain.match(e.get("name") or "")]
    sites, bodies = named("site"), named("body")
    observe = ['{of = "qpos"}', '{of = "qvel", clip = 100}']
    if sensors:
        observe.append("{of = " + quoted("sensor[" + ", ".join(sensors) + "]") + ', name = "sensor"}')
    if sites:
        observe.append("{of = " + quoted(f"site[{sites[0]}].pos") + ', name = "site"}')
    lines = ["[task]", f"title = {quoted(path.stem)}", f"model = {quoted(str(path))}", "horizon = 200",
             "frame_skip = 5", 'reset = [{of = "qvel", normal = 0.01}]',
             "observe = [" + ", ".join(observe) + "]", "[task.quantities]",
             "place = " + quoted(f"body[{bodies[0]}].com"), "[task.reward]",
             'forward = "(place_x - place_x_before) / dt"', 'control = "-0.1 * sumsq(action)"']
    return "\n".join(lines) + "\n"


def main():
    python, program = sys.argv[1:]
    rows, went_well = [], 0
    with tempfile.TemporaryDirectory() as temporary:
        for package, folder in FOLDERS.items():
            ask = f"import importlib.util as u; print(u.find_spec('{package}').submodule_search_locations[0])"
            where = pathlib.Path(subprocess.check_output([python, "-c", ask], text=True).strip()) / folder
            for path in sorted(where.glob("*.xml")):
                text = task_of(path)
                if text is None:
                    continue
                task = pathlib.Path(temporary) / f"{package}-{path.stem}.toml"
                task.write_text(text)
                done = subprocess.run([program, "task", "check", str(task), "--episodes", "5"], capture_output=True,
                                      text=True, check=False)
                facts = re.search(r"(\d+) actuators, (\d+) sensors; nq (\d+), nv (\d+)", done.stdout)
                size = len(re.findall(r"^ +\d+  ", done.stdout.partition("\nobservation")[2], re.M))
                means = re.findall(r"^  (?:zero|random|held) +(\S+)", done.stdout, re.M)
                speed = re.search(r"(\d+) steps a second", done.stdout)
                if done.returncode == 0:
                    went_well += 1
                    rows.append([package, path.stem, *facts.groups(), str(size), *means, speed.group(1), "5 of 5"])
                else:
                    why = done.stderr.strip().splitlines()[0].replace(str(path), path.name)
                    why = why.replace("equipoise: ", "").replace("|", "/")
                    rows.append([package, path.stem, *["" for _ in range(9)], why])
                print(rows[-1], file=sys.stderr)
    print("| package | model | actuators | sensors | nq | nv | observed | zero | random | held | steps a second | episodes |")
    print("|" + "---|" * 12)
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(f"\n{went_well} of {len(rows)} models went well.")
    return 0 if went_well >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
