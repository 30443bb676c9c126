#include "engine/learn/model_based.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/model/imagination.h"
#include "engine/nets/guard.h"

namespace equipoise::learn {

namespace {

nets::Parameters MakeValue(const nets::MlpSpec& spec, uint64_t seed) {
  Stream stream(seed, "init.value");
  return nets::MakeMlp(spec, stream);
}

nets::Policy MakePolicy(int64_t states, int64_t actions, const config::Settings& s) {
  Stream stream(static_cast<uint64_t>(s.run.seed), "init.policy.mb");
  return nets::Policy(states, actions, s.mb.hidden, 2, s.mb.sigma_max, stream);
}

}  // namespace

ModelBasedLearner::ModelBasedLearner(int64_t states, int64_t actions, const config::Settings& s)
    : dreamer_(s.mb.mode == "dreamer"),
      policy_(MakePolicy(states, actions, s)),
      adam_(policy_.net.layout.total()),
      value_spec_{states, s.mb.value_hidden, 2, 1, nets::Activation::kRelu},
      value_(MakeValue(value_spec_, static_cast<uint64_t>(s.run.seed))),
      target_(value_),
      value_adam_(value_.layout.total()),
      temperature_(s.mb.entropy_bonus) {}

TrainReport ModelBasedLearner::Train(const TrainInputs& in) {
  EQ_CHECK(in.model != nullptr && in.model->trained(), "a model-based policy needs a trained model");
  const replay::Normaliser& n = in.model->normaliser();
  const auto S = policy_.mean.size();
  if (in.steps > 0) {
    policy_.mean.assign(n.x_mean.begin(), n.x_mean.begin() + static_cast<int64_t>(S));
    policy_.sd.assign(n.x_sd.begin(), n.x_sd.begin() + static_cast<int64_t>(S));
    // In raw units the value does not depend on the spread.
    RescaleValue(in.settings.mb.reward_units == "raw" ? 1.0 : static_cast<double>(n.y_sd[S]));
  }
  Sums sums;
  if (dreamer_) {
    TrainDreamer(in, sums);
  } else {
    TrainFull(in, sums);
  }
  const double share = 1.0 / std::max(sums.steps, 1);
  TrainReport report;
  report.skipped = sums.skipped;
  report.reloaded = sums.reloaded;
  report.scalars = {{"mb.gradient_norm", sums.gradient_norm * share},
                    {"mb.clipped_share", sums.clipped * share},
                    {"mb.entropy", sums.entropy * share},
                    {"mb.alpha", temperature_.alpha()},
                    {"mb.clamped_fraction", sums.clamped * share},
                    {"mb.imagined_return", sums.imagined_return * share}};
  if (dreamer_) {
    report.scalars["mb.value"] = sums.value * share;
    report.scalars["mb.value_loss"] = sums.value_loss * share;
  }
  return report;
}

void ModelBasedLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const bool moved = after.mb.entropy_bonus != before.mb.entropy_bonus;
  const bool fixed_now = before.mb.entropy_auto && !after.mb.entropy_auto;
  if (moved || fixed_now) temperature_.Set(after.mb.entropy_bonus);
}

void ModelBasedLearner::EditStates(int64_t count, float sd) {
  const int64_t at = count > 0 ? value_spec_.inputs : value_spec_.inputs + count;
  policy_.EditStates(count, sd, &adam_);
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &value_, &value_adam_);
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &target_, nullptr);
  value_spec_.inputs += count;
}

void ModelBasedLearner::RescaleValue(double reward_sd) {
  if (value_reward_sd_ > 0) {
    const auto ratio = static_cast<float>(value_reward_sd_ / reward_sd);
    for (nets::Parameters* net : {&value_, &target_})
      for (const char* block : {"w_out", "b_out"}) {
        const int i = net->layout.Find(block);
        std::for_each(net->at(i), net->at(i) + net->layout[i].size(), [ratio](float& w) { w *= ratio; });
      }
  }
  value_reward_sd_ = reward_sd;
}

void ModelBasedLearner::Save(ArchiveWriter& out) const {
  policy_.Save(out, "mb.policy");
  adam_.Save(out, "mb.adam");
  out.Put("mb.value", value_.values);
  out.Put("mb.target", target_.values);
  value_adam_.Save(out, "mb.value_adam");
  temperature_.Save(out, "mb.temperature");
  out.Put("mb.value_reward_sd", value_reward_sd_);
}

void ModelBasedLearner::Load(const ArchiveReader& in) {
  policy_.Load(in, "mb.policy");
  adam_.Load(in, "mb.adam", policy_.net.layout.total());
  in.Get("mb.value", value_.values.data(), value_.values.size());
  in.Get("mb.target", target_.values.data(), target_.values.size());
  value_adam_.Load(in, "mb.value_adam", value_.layout.total());
  temperature_.Load(in, "mb.temperature");
  value_reward_sd_ = in.Real("mb.value_reward_sd");
}

void ModelBasedLearner::TrainFull(const TrainInputs& in, Sums& sums) {
  const config::Settings& s = in.settings;
  const auto seed = static_cast<uint64_t>(s.run.seed);
  const int64_t P = s.mb.trajectories, T = in.data.horizon(), S = in.model->states(), A = in.model->actions();
  const replay::Normaliser& n = in.model->normaliser();
  const auto last = static_cast<size_t>(S);
  const bool raw = s.mb.reward_units == "raw";
  const float reward_scale = raw ? n.y_sd[last] : 1.0f;
  const env::Distractors* distractors = in.data.distracted() ? &in.data.distractors() : nullptr;
  std::vector<float> start(static_cast<size_t>(P * S)), action_noise(static_cast<size_t>(T * P * A)),
      dynamics_noise(static_cast<size_t>(T * P * S)), gradient(policy_.net.values.size());
  std::vector<float> dreward(static_cast<size_t>(T * P), -reward_scale / static_cast<float>(P)),
      dlog_prob(dreward.size());
  model::Belief beliefs;
  model::Imagination imagination(*in.model, policy_);
  nets::Guard guard(&policy_.net, &adam_);
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    if (k % s.mb.resample_every == 0) {
      const auto step = static_cast<uint64_t>(k);
      Stream masks(seed, "mb.mask", in.iteration, step), starts(seed, "mb.start", in.iteration, step),
          phases(seed, "mb.start.distractor", in.iteration, step), act(seed, "mb.act", in.iteration, step),
          dyn(seed, "mb.dyn", in.iteration, step);
      beliefs = in.model->Draw(P, masks);
      in.starts.Fill(P, distractors, starts, phases, start.data());
      for (int64_t i = 0; i < P * S; ++i) {
        const auto j = static_cast<size_t>(i % S);
        start[static_cast<size_t>(i)] = (start[static_cast<size_t>(i)] - n.x_mean[j]) / n.x_sd[j];
      }
      act.Normal(action_noise.data(), action_noise.size());
      dyn.Normal(dynamics_noise.data(), dynamics_noise.size());
    }
    imagination.Run({P, T, start.data(), nullptr, &beliefs, action_noise.data(), dynamics_noise.data()}, true);
    double objective = 0, entropy = 0;
    for (int64_t t = 0; t < T; ++t)
      for (int64_t p = 0; p < P; ++p) entropy -= imagination.log_prob(t)[p];
    for (double r : imagination.Returns()) objective += r / static_cast<double>(P);
    entropy /= static_cast<double>(T * P);
    std::fill(dlog_prob.begin(), dlog_prob.end(), static_cast<float>(temperature_.alpha() / static_cast<double>(P)));
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    imagination.Backward(nullptr, dreward.data(), dlog_prob.data(), false, gradient.data());
    const auto outcome = guard.Step(objective + entropy, gradient, s.mb.lr, s.mb.clip);
    if (s.mb.entropy_auto) temperature_.Tune(entropy, s.mb.target_entropy * static_cast<double>(A), s.mb.entropy_lr);
    if (outcome.applied) {
      sums.gradient_norm += outcome.norm;
      sums.clipped += outcome.clipped ? 1 : 0;
      sums.entropy += entropy;
      sums.imagined_return += objective;
      sums.clamped += imagination.clamped_fraction();
      ++sums.steps;
    }
    in.progress(k + 1, in.steps);
  }
  sums.skipped = guard.skipped();
  sums.reloaded = guard.reloaded();
}

}  // namespace equipoise::learn
