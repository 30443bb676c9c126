// fixed_model.h: a world model that is given and does not learn: what a test does not need of the interface.
#pragma once

#include <string>

#include "engine/base/check.h"
#include "engine/model/world_model.h"

namespace equipoise::test {

class FixedModel : public model::WorldModel {
 public:
  const nets::PartInfo& info() const override {
    static const nets::PartInfo info = {"fixed", "fixed model", "fixed", "fixed", "step"};
    return info;
  }
  int NextWork(const nets::Standing&) const override { return 0; }
  nets::TrainReport Train(const nets::TrainInputs&) override { return {}; }
  void OnSettings(const config::Settings&, const config::Settings&) override {}
  void EditStates(int64_t, const replay::Normaliser&) override { EQ_CHECK(false, "a fixed model has fixed states"); }
  bool finite() const override { return true; }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}
  Nll Evaluate(const replay::EpisodeBuffer&, int64_t, const model::Belief&, int64_t) const override { return {}; }
  void SaveFunction(ArchiveWriter&) const override {}
  void LoadFunction(const ArchiveReader&) override {}
};

}  // namespace equipoise::test
