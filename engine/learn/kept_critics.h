// kept_critics.h: an ensemble of action values as it is kept between two phases of training (critics.h: while it is
// trained), and what it says of states and actions.
//
// Shapes   s [n, S], a [n, A]
// Thread   const methods from several
// Errors   Load as nets/trainable.h
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/learn/critics.h"
#include "engine/learn/targeted_net.h"
#include "engine/replay/episode_buffer.h"

namespace equipoise::learn {

class KeptCritics {
 public:
  // Of the learner `id`, whose entries in the archive are "ID.critic0", ...; critic j starts from the stream `init` of
  // (seed, j). The first `states` inputs of `spec` are the state.
  KeptCritics(std::string id, int count, int64_t states, const nets::MlpSpec& spec, uint64_t seed,
              const std::string& init);

  std::vector<TargetedNet>& nets() { return nets_; }
  size_t size() const { return nets_.size(); }
  std::vector<size_t> all() const;  // 0, 1, ...

  // Of critic j.
  std::vector<float> Q(size_t j, const float* s, const float* a, int64_t n) const;
  // What an actor climbs there.
  std::vector<double> Valued(CriticValue value, const float* s, const float* a, int64_t n) const;
  // That value along a recorded episode against the return that followed (q_error.h): "ID.q_acted", "ID.monte_carlo",
  // "ID.monte_carlo_tail", "ID.q_minus_return". Of one step there is nothing to tell.
  std::map<std::string, double> Examine(CriticValue value, const replay::EpisodeBuffer& data, int64_t episode,
                                        double gamma) const;

  // The least share of its step size that a guard left to a critic; and as if none had acted.
  double rate() const;
  void ResetRate();
  // `count` states appended (> 0), in front of the action, or removed (< 0) from their end.
  void EditStates(int64_t count);
  void Save(ArchiveWriter& out) const;
  void Load(const ArchiveReader& in);

 private:
  TargetedNames NamesOf(size_t critic) const;

  std::string id_;
  int64_t states_;
  std::vector<TargetedNet> nets_;
};

}  // namespace equipoise::learn
