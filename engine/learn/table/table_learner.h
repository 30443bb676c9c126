// table_learner.h: Q-learning on a grid of the cart-pole's states, with planning in a model that counts (Dyna, Sutton
// 1990): a teaching agent.
//
// A decision is an action that is held for table.hold steps; its reward is the sum of theirs. Of an episode only the
// decisions made on the grid are learnt from, in their order: random actions of a continuous kind are none. Then
// table.planning values for each of them from the model.
//
// Streams  "table.plan" of (seed, iteration)
// Thread   as nets/trainable.h
#pragma once

#include "engine/learn/table/grid.h"
#include "engine/learn/table/q_table.h"
#include "engine/nets/trainable.h"

namespace equipoise::learn {

const nets::PartInfo& TableInfo();

class TableLearner : public nets::Trainable {
 public:
  explicit TableLearner(const config::Settings& s);

  const nets::PartInfo& info() const override { return TableInfo(); }
  // Decisions that are new, and the values to be planned for them.
  int NextWork(const nets::Standing& now) const override;
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings&, const config::Settings&) override {}
  void EditStates(int64_t, const replay::Normaliser&) override {}  // the grid does not see them
  bool finite() const override { return table_.finite(); }
  void Save(ArchiveWriter& out) const override;
  void Load(const ArchiveReader& in) override;

  const QTable& table() const { return table_; }
  const CartpoleGrid& grid() const { return grid_; }

 private:
  struct Decision {
    int64_t state;
    int action;
    double reward;
    int64_t next;
  };
  // Of one episode, in order.
  std::vector<Decision> DecisionsOf(const replay::EpisodeBuffer& data, int64_t episode, int hold) const;

  CartpoleGrid grid_;
  QTable table_;
  int64_t learnt_ = 0;  // episodes
};

}  // namespace equipoise::learn
