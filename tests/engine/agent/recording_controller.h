// recording_controller.h: a controller without a policy that acts by rote and writes down what is asked of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/agent/controller.h"

namespace equipoise::test {

class RecordingController : public agent::Controller {
 public:
  // In step t it acts `scale * (t + 1)` in every action.
  explicit RecordingController(std::string id, float scale = 0.01f) : id_(std::move(id)), scale_(scale) {}
  const std::string& id() const override { return id_; }
  const nets::Policy* policy() const override { return nullptr; }
  bool finite() const override { return is_finite; }
  void Begin(const agent::EpisodeStart& start) override {
    calls += "B" + std::to_string(start.attempt);
    starts.push_back(start);
  }
  agent::ActResult Act(const agent::ActInputs& in) override {
    calls += "A";
    steps.push_back(in.step);
    const auto states = static_cast<size_t>(starts.back().states);
    acted_on.emplace_back(in.observation, in.observation + states);
    return {std::vector<float>(static_cast<size_t>(starts.back().actions), Action(in.step))};
  }
  void Observe(const agent::StepSeen& seen) override {
    calls += "O";
    const auto states = static_cast<size_t>(starts.back().states);
    before.emplace_back(seen.observation, seen.observation + states);
    after.emplace_back(seen.next, seen.next + states);
    actions.push_back(seen.action[0]);
    rewards.push_back(seen.reward);
  }
  std::map<std::string, double> Examine(const replay::EpisodeBuffer&, int64_t episode,
                                        const config::Settings&) const override {
    return {{id_ + ".examined", static_cast<double>(episode)}};
  }
  float Action(int step) const { return scale_ * static_cast<float>(step + 1); }

  bool is_finite = true;
  std::string calls;  // "B0AOAO": begin of attempt 0, act, observe
  std::vector<agent::EpisodeStart> starts;
  std::vector<int> steps;
  std::vector<std::vector<float>> acted_on, before, after;
  std::vector<float> actions;
  std::vector<double> rewards;

 private:
  const std::string id_;
  const float scale_;
};

}  // namespace equipoise::test
