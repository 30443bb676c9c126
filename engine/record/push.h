// push.h: how a hand pushed the robot, step by step, as text that makes the same push again.
//
// A stroke says what is in force from one environment step on; the last one of a touch lets go (all zero), unless the
// episode ended first. Attempts count the restarts of an episode whose simulation diverged.
//
// Format   "attempt step body fx fy fz tx ty tz; ..." in events.jsonl, under the key "push"
// Thread   any; no state
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/record/command.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

constexpr char kPushKey[] = "push";  // of the event

struct Stroke {
  int attempt = 0, step = 0;
  PushBody push;
};

bool IsRelease(const PushBody& push);  // nothing is pushed
bool SamePush(const PushBody& a, const PushBody& b);

std::string ToText(const std::vector<Stroke>& strokes);
Result<std::vector<Stroke>> StrokesFromText(const std::string& text);

// All strokes recorded in `events` for one episode.
Result<std::vector<Stroke>> StrokesOf(const std::vector<Event>& events, int episode);

// What is in force at one step of an attempt that had these strokes; null: nothing.
const PushBody* InForce(const std::vector<Stroke>& strokes, int attempt, int step);

// "You pushed the torso in episode 12, steps 37 to 51, with up to 234 N." `end`: the first step without the push.
std::string PushSentence(const std::vector<Stroke>& strokes, const std::string& body, int episode, int end);

}  // namespace equipoise::run
