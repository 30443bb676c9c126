// plan_trace.h: how a plan came about, for whoever looks on: it has no influence on anything.
//
// Shapes   knots [K, A]; states [steps, S] or [steps + 1, S] raw observations; poses [steps, qpos]
// Units    scores and rewards raw
// Thread   immutable once it is shared
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/plan/plan_shape.h"

namespace equipoise::plan {

inline constexpr size_t kShownCandidates = 32;

struct PlanTrace {
  std::string planner;  // its id
  int step = 0;         // of the episode, at which it was made
  PlanShape shape;
  bool sound = true;  // false: no candidate had a finite score, so the plan is to do nothing

  // Of every round of candidates: over those whose score is finite. NaN: none is.
  struct Round {
    double best = NAN, mean = NAN, spread = NAN;
    double width = NAN;  // of what the next round would be drawn from; NaN: there is no such thing
  };
  std::vector<Round> rounds;

  // What was chosen, and what the model promises for it: rewards are means over particles, states those of the first.
  std::vector<float> knots;
  std::vector<double> promised;  // [steps]
  std::vector<float> states;     // [steps + 1, S]
  std::vector<double> poses;     // of those, where somebody made them

  // Some of the last round, the best first: half of them the best ones, the others evenly from the rest.
  struct Candidate {
    int64_t index = 0;  // in the round
    double score = 0;
    float weight = 0;           // of it in the plan, as a share of the largest
    std::vector<float> states;  // [steps, S]
    std::vector<double> poses;
  };
  std::vector<Candidate> candidates;

  // Of a tree: how often each action at its root was tried, and what it was worth on average, in [0, 1].
  std::vector<int64_t> visits;
  std::vector<double> values;
  std::vector<std::vector<float>> choices;  // the actions
  // And its nodes that were visited most, each behind its parent.
  struct Node {
    size_t parent = 0;  // among them
    int64_t depth = 0, visits = 0;
    double value = 0;  // in [0, 1]
  };
  std::vector<Node> tree;

  // What the planner tells of it, by name ("cem.elite_spread").
  std::map<std::string, double> numbers;
};

// A round of candidates with these scores; and the last one's candidates, `weight` by candidate (empty: 1 for all).
void AddRound(const std::vector<double>& scores, PlanTrace* trace);
void ShowCandidates(const std::vector<double>& scores, const std::vector<float>& weights, PlanTrace* trace);

// The largest first; equal ones, and those that are not finite, in the order in which they come.
std::vector<int64_t> Ranked(const std::vector<double>& scores);

}  // namespace equipoise::plan
