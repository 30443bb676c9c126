#!/usr/bin/env python3
"""Frames a second while the mouse moves, and how soon a key or click shows, while two learners train.

    tests/bench/mouse.py [PROGRAM ...]      one line for each program, in turn; build/release/equipoise without any

Each program opens `unified` on TASK (cartpole) in a window of 1280 x 800 on a display of its own, GL in software. When
learners train for an episode beyond the random ones, the mouse goes in circles over the whole window, 60 events a
second, for SECONDS (12); then pause, the sheet of settings and the theme are asked for by their keys, ROUNDS (12) times
each. A pause shows when the snapshot that a frame drew stands still; sheet and theme when a pixel of the window has changed on the
display. Milliseconds are medians; those of drawing are a
mean, over the threads of the driver; the load of the machine stands beside them.
"""
import ctypes
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SECONDS = float(os.environ.get("SECONDS", "12"))
ROUNDS = int(os.environ.get("ROUNDS", "12"))
TASK = os.environ.get("TASK", "cartpole")
SIZE = os.environ.get("SIZE", "1280x800")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
X11 = ctypes.CDLL("libX11.so.6")
XTEST = ctypes.CDLL("libXtst.so.6")
for name in ("XOpenDisplay", "XDefaultRootWindow", "XGetImage"):
    getattr(X11, name).restype = ctypes.c_void_p
X11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong] + [ctypes.c_int] * 2 + [ctypes.c_uint] * 2 + [ctypes.c_ulong, ctypes.c_int]
X11.XGetPixel.restype = ctypes.c_ulong
X11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
X11.XDestroyImage.argtypes = [ctypes.c_void_p]
X11.XFlush.argtypes = X11.XSync.argtypes = [ctypes.c_void_p]
X11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
XTEST.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p] + [ctypes.c_int] * 3 + [ctypes.c_ulong]
XTEST.XTestFakeKeyEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]


class Display:
    def __init__(self, name):
        self.x = ctypes.c_void_p(X11.XOpenDisplay(name.encode()))
        self.root = X11.XDefaultRootWindow(self.x)

    def move(self, x, y):
        XTEST.XTestFakeMotionEvent(self.x, -1, int(x), int(y), 0)
        X11.XFlush(self.x)

    def key(self, keysym):
        code = X11.XKeysymToKeycode(self.x, keysym)
        for down in (1, 0):
            XTEST.XTestFakeKeyEvent(self.x, code, down, 0)
        X11.XFlush(self.x)

    def pixel(self, x, y):
        image = X11.XGetImage(self.x, self.root, x, y, 1, 1, 0xFFFFFFFF, 2)
        value = X11.XGetPixel(image, 0, 0)
        X11.XDestroyImage(image)
        return value


class Trace:
    """What the window says of itself, read on from where it was."""

    def __init__(self, path):
        self.file = open(path)
        self.last, self.frames, self.walls, self.rest = {}, 0, [], ""

    def read(self):
        lines = (self.rest + self.file.read()).split("\n")
        self.rest = lines.pop()
        for line in lines:
            words = line.split()
            if len(words) != 5:
                continue
            self.last[words[0]] = [int(word) for word in words[1:]]
            if words[0] == "frame":
                self.frames += 1
            if words[0] == "frame.wall":
                self.walls.append(int(words[3]) / 1000)
        return self


def until(happened, seconds=60.0, pause=0.001):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(pause)
    return False


def drawing_seconds(pid):
    """Processor time of the threads that draw, so far: a measure that other work on the machine does not blur."""
    seconds = 0.0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            name = open(f"/proc/{pid}/task/{thread}/comm").read()
            fields = open(f"/proc/{pid}/task/{thread}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if name.startswith("llvmpipe"):
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def measure(program):
    folder = tempfile.mkdtemp()
    server = window = None
    try:
        server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", SIZE + "x24", "-nolisten", "tcp"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        name = ":" + server.stdout.readline().decode().strip()
        trace_path = folder + "/trace"
        environment = dict(os.environ, DISPLAY=name, LIBGL_ALWAYS_SOFTWARE="1", XDG_CONFIG_HOME=folder,
                           EQUIPOISE_UI_TRACE=trace_path, WAYLAND_DISPLAY="")
        width, height = (int(word) for word in SIZE.split("x"))
        window = subprocess.Popen([program, "gui", "--task", TASK, "--seed", "1", "--out", folder + "/run"],
                                  env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not until(lambda: os.path.exists(trace_path)):
            sys.exit("mouse.py: no window came up")
        trace = Trace(trace_path)
        subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Equipoise", "windowmove", "0", "0",
                        "windowsize", str(width), str(height), "windowfocus"], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        lines = folder + "/run/episodes.jsonl"
        wanted = 12  # ten random ones, then some that were trained for
        if not until(lambda: os.path.exists(lines) and open(lines).read().count("\n") >= wanted, 240, 0.1):
            sys.exit("mouse.py: no episode was acted")
        display = Display(name)
        display.key(0xFF1B)  # Escape: the hint of the first start
        time.sleep(1)

        before, drawing = trace.read().frames, drawing_seconds(window.pid)
        trace.walls = []
        start = now = time.monotonic()
        while now - start < SECONDS:
            t = now - start
            display.move(width * (0.5 + 0.45 * math.sin(1.1 * t)), height * (0.5 + 0.45 * math.sin(1.7 * t + 1)))
            time.sleep(1 / 60)
            now = time.monotonic()
        count = trace.read().frames - before
        frames = count / (now - start)
        drawn = 1000 * (drawing_seconds(window.pid) - drawing) / max(1, count)
        wall = statistics.median(trace.walls)
        display.move(width - 4, height - 4)

        def state():
            return trace.read().last.get("run.state")

        def delays(ask, changed):
            found = []
            for _ in range(ROUNDS):
                time.sleep(0.37)
                old = changed()
                begin = time.monotonic()
                ask()
                if until(lambda: changed() != old, 5):
                    found.append(1000 * (time.monotonic() - begin))
            return (statistics.median(found), max(found)) if found else (float("nan"), float("nan"))

        pause = delays(lambda: display.key(0x20), state)
        time.sleep(1)
        sheet = delays(lambda: display.key(0xFFBF), lambda: display.pixel(width // 2, 6))
        theme = delays(lambda: display.key(ord("t")), lambda: display.pixel(width // 2, 6))
        load = os.getloadavg()[0]
        print(f"| {os.path.relpath(program, ROOT)} | {frames:.1f} | {wall:.1f} | {drawn:.1f} | {pause[0]:.0f} ({pause[1]:.0f}) | "
              f"{sheet[0]:.0f} ({sheet[1]:.0f}) | {theme[0]:.0f} ({theme[1]:.0f}) | {load:.1f} |", flush=True)
    finally:
        for process in (window, server):
            if process is not None:
                process.terminate()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


print(f"{TASK}, {SIZE}\n| program | frames a second under the mouse | a frame, ms | of it drawing, processor ms | pause, ms (most) | sheet | theme | load |\n"
      "|---|---|---|---|---|---|---|---|", flush=True)
for each in sys.argv[1:] or [os.path.join(ROOT, "build/release/equipoise")]:
    measure(os.path.abspath(each))
