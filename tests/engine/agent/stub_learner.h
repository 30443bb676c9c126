// stub_learner.h: a learner whose policy is given, that writes down what is asked of it, and whose policy may be said
// to be broken.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/learn/learner.h"
#include "engine/learn/model_based_settings.h"

namespace equipoise::test {

class StubLearner : public learn::Learner {
 public:
  // Model-free, unless its id is that of the learner in a model.
  StubLearner(std::string id, nets::Policy policy)
      : id_(std::move(id)),
        info_{id_,    id_ + " training",
              id_,    id_,
              "step", id_ == "mb" ? nets::PartInfo::Kind::kModelBased : nets::PartInfo::Kind::kModelFree},
        policy_(std::move(policy)) {}

  const nets::PartInfo& info() const override { return info_; }
  const nets::Policy& policy() const override { return policy_; }
  int NextWork(const nets::Standing& now) const override { return work ? work(now) : 0; }
  std::string Waiting(const nets::Standing&) const override { return waits; }
  bool ready() const override { return is_ready; }
  nets::TrainReport Train(const nets::TrainInputs& in) override {
    trained.push_back(in.steps);
    nets::TrainReport report;
    report.steps = in.steps;
    report.scalars[id_ + ".steps"] = in.steps;
    if (train) train(in, &report);
    for (int k = 1; k <= in.steps; ++k) in.progress(k, in.steps);
    return report;
  }
  void OnSettings(const config::Settings& before, const config::Settings& after) override {
    changes.push_back({before.Of<learn::ModelBasedSettings>().lr, after.Of<learn::ModelBasedSettings>().lr});
  }
  void EditStates(int64_t count, const replay::Normaliser& inserted) override {
    edits.push_back(count);
    policy_.EditStates(count, count > 0 ? inserted.x_sd.front() : 1.0f, nullptr);
  }
  bool finite() const override { return is_finite; }
  void Save(ArchiveWriter& out) const override { out.Put(id_ + ".trained", static_cast<int64_t>(trained.size())); }
  void Load(const ArchiveReader& in) override { trained.assign(static_cast<size_t>(in.Int(id_ + ".trained")), 0); }
  std::map<std::string, double> Examine(const replay::EpisodeBuffer&, int64_t episode,
                                        const config::Settings&) const override {
    return {{id_ + ".examined", static_cast<double>(episode)}};
  }

  std::function<int(const nets::Standing&)> work;
  std::function<void(const nets::TrainInputs&, nets::TrainReport*)> train;
  bool is_finite = true, is_ready = true;
  std::string waits;
  std::vector<int> trained;  // steps of every call
  std::vector<int64_t> edits;
  std::vector<std::pair<double, double>> changes;  // of mb.lr

 private:
  std::string id_;
  nets::PartInfo info_;
  nets::Policy policy_;
};

}  // namespace equipoise::test
