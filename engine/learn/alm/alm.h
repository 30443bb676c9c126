// alm.h: encoder, latent model and actor on one objective, a lower bound on the return: aligned latent models (Ghugare,
// Bharadhwaj, Eysenbach, Levine, Salakhutdinov 2022).
//
//   one update:  representation.h (encoder, latent model), judges.h (reward, classifier, critics), imagined_actor.h,
//                then the slower encoder and critics by tau
//   acting:      z ~ e(s), a = clamp(tanh m(z) + sd N, -1, 1)    agent/controllers/encoded.h
//
// What it would do follows from a latent that is drawn, not from a state of some world model: it has no policy (learner.h)
// and can neither be imagined nor checked. Sees raw observations and raw rewards. Windows stay within an episode.
//
// The noise on actions falls from noise_sd to noise_sd_final within a share of run.episodes.
//
// Streams  "alm.batch", "alm.window", "alm.noise" of (seed, iteration, update)
// Thread   as nets/trainable.h; one thread
#pragma once

#include <map>
#include <string>

#include "engine/learn/alm/alm_nets.h"
#include "engine/model/model_parts.h"
#include "engine/nets/trainable.h"

namespace equipoise::learn {

const nets::PartInfo& AlmInfo();

// The standard deviation of the noise in the episode of that index, random ones counted.
double AlmNoiseSd(const config::Settings& s, int64_t episode);

class AlmLearner : public nets::Trainable {
 public:
  // `parts`: who trains its networks; they outlive the learner.
  AlmLearner(int64_t states, int64_t actions, const config::Settings& s,
             const nets::NetworkParts& parts = model::CpuParts());

  const nets::PartInfo& info() const override { return AlmInfo(); }
  // One episode's worth of updates for each episode that is new since the last training.
  int NextWork(const nets::Standing& now) const override;
  nets::TrainReport Train(const nets::TrainInputs& in) override;
  void OnSettings(const config::Settings& before, const config::Settings& after) override;
  void EditStates(int64_t count, const replay::Normaliser& inserted) override;
  bool finite() const override { return nets_.finite(); }
  void Save(ArchiveWriter& out) const override { nets_.Save(out); }
  void Load(const ArchiveReader& in) override { nets_.Load(in); }
  // The least of its critics along an episode, at the means of its latents, against the return that followed
  // (q_error.h); and the noise that was on its actions.
  std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                        const config::Settings& settings) const;

  const AlmNets& nets() const { return nets_; }

 private:
  struct Sums;
  nets::TrainReport Report(const nets::TrainInputs& in, const Sums& sums) const;

  const nets::NetworkParts& parts_;
  AlmNets nets_;
};

}  // namespace equipoise::learn
