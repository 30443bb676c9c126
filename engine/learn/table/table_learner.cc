#include "engine/learn/table/table_learner.h"

#include <cmath>

#include "engine/base/interrupt.h"
#include "engine/learn/table/table_settings.h"

namespace equipoise::learn {

TableLearner::TableLearner(const config::Settings& s) : table_(grid_.cells(), kPushes, s.Of<TableSettings>().initial) {}

std::vector<TableLearner::Decision> TableLearner::DecisionsOf(const replay::EpisodeBuffer& data, int64_t episode,
                                                              int hold) const {
  const replay::Episode& e = data[episode];
  const int64_t S = data.physics_states();
  std::vector<Decision> out;
  for (int64_t t = 0; t < data.horizon(); t += hold) {
    const auto steps = static_cast<int>(std::min<int64_t>(hold, data.horizon() - t));
    const std::optional<int> action = HeldPush(e.actions.data() + t, steps);
    if (!action) continue;
    double reward = 0;
    for (int64_t k = t; k < t + steps; ++k) reward += static_cast<double>(e.rewards[static_cast<size_t>(k)]);
    out.push_back(
        {grid_.Cell(e.states.data() + t * S), *action, reward, grid_.Cell(e.states.data() + (t + steps) * S)});
  }
  return out;
}

int TableLearner::NextWork(const nets::Standing& now) const {
  const TableSettings& s = now.settings.Of<TableSettings>();
  if (s.alpha == 0) return 0;
  size_t decisions = 0;
  for (int64_t i = learnt_; i < now.data.size(); ++i) decisions += DecisionsOf(now.data, i, s.hold).size();
  return static_cast<int>(decisions) * (1 + s.planning);
}

nets::TrainReport TableLearner::Train(const nets::TrainInputs& in) {
  const TableSettings& s = in.settings.Of<TableSettings>();
  nets::TrainReport report;
  int decisions = 0;
  double error = 0;
  if (in.steps > 0) {
    for (; learnt_ < in.data.size(); ++learnt_)
      for (const Decision& d : DecisionsOf(in.data, learnt_, s.hold)) {
        error += std::abs(table_.Learn(d.state, d.action, d.reward, d.next, s.alpha, s.gamma));
        if (s.planning > 0) table_.Count(d.state, d.action, d.reward, d.next);
        ++decisions;
      }
    in.progress(decisions, in.steps);
    PollInterrupt();
    Stream stream(static_cast<uint64_t>(in.settings.run.seed), "table.plan", in.iteration);
    const double planned = table_.Plan(decisions * s.planning, s.alpha, s.gamma, &stream);
    in.progress(in.steps, in.steps);
    report.steps = in.steps;
    report.scalars["table.error"] = error / decisions;
    if (s.planning > 0) report.scalars["table.planned_error"] = planned;
  }
  report.scalars["table.pairs_met"] = static_cast<double>(table_.pairs_met());
  return report;
}

void TableLearner::Save(ArchiveWriter& out) const {
  table_.Save(out, "table");
  out.Put("table.learnt", learnt_);
}

void TableLearner::Load(const ArchiveReader& in) {
  table_.Load(in, "table");
  learnt_ = in.Int("table.learnt");
}

}  // namespace equipoise::learn
