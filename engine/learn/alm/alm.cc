#include "engine/learn/alm/alm.h"

#include <algorithm>
#include <cmath>

#include "engine/base/interrupt.h"
#include "engine/learn/alm/imagined_actor.h"
#include "engine/learn/alm/judges.h"
#include "engine/learn/alm/representation.h"
#include "engine/learn/q_error.h"

namespace equipoise::learn {

double AlmNoiseSd(const config::Settings& s, int64_t episode) {
  const AlmSettings& alm = s.Of<AlmSettings>();
  const auto done = static_cast<double>(std::max<int64_t>(episode - s.run.random_episodes, 0));
  const double lasts = alm.noise_share * s.run.episodes;
  const double share = done < lasts ? done / lasts : 1.0;
  return alm.noise_sd + share * (alm.noise_sd_final - alm.noise_sd);
}

AlmLearner::AlmLearner(int64_t states, int64_t actions, const config::Settings& s, const nets::NetworkParts& parts)
    : parts_(parts), nets_(states, actions, s) {}

int AlmLearner::NextWork(const nets::Standing& now) const {
  const AlmSettings& alm = now.settings.Of<AlmSettings>();
  const double episodes = now.picked == 0 && alm.train_on_random ? now.settings.run.random_episodes : 1;
  return static_cast<int>(std::round(episodes * static_cast<double>(now.data.horizon()) * alm.updates_per_step));
}

// Over the updates of a phase.
struct AlmLearner::Sums {
  Representation::Told fit;
  Judges::Told judged;
  ImaginedActor::Told actor;

  void Add(const Representation::Told& f, const Judges::Told& j, const ImaginedActor::Told& a) {
    for (const auto field :
         {&Representation::Told::loss, &Representation::Told::kl, &Representation::Told::at_least_sd,
          &Representation::Told::at_edge, &Representation::Told::model_norm, &Representation::Told::encoder_norm})
      fit.*field += f.*field;
    for (const auto field :
         {&Judges::Told::reward_loss, &Judges::Told::classifier_loss, &Judges::Told::critic_loss,
          &Judges::Told::accuracy, &Judges::Told::q, &Judges::Told::apart, &Judges::Told::critic_norm})
      judged.*field += j.*field;
    for (const auto field : {&ImaginedActor::Told::bound, &ImaginedActor::Told::likeness,
                             &ImaginedActor::Told::saturated, &ImaginedActor::Told::norm})
      actor.*field += a.*field;
  }
};

nets::TrainReport AlmLearner::Train(const nets::TrainInputs& in) {
  const AlmSettings& alm = in.settings.Of<AlmSettings>();
  const auto seed = static_cast<uint64_t>(in.settings.run.seed);
  const int64_t n = alm.batch, S = nets_.states(), A = nets_.actions(), L = nets_.latent();
  const int64_t W = std::min<int64_t>(alm.window, in.data.horizon());
  const LatentNoise acting{AlmNoiseSd(in.settings, in.data.size()), alm.noise_clip};
  const auto room = [n](int64_t width) { return std::vector<float>(static_cast<size_t>(n * width)); };
  AlmWeights weights(parts_, &nets_);
  Sums sums;
  if (in.steps > 0) {
    Representation fit(parts_, nets_, weights, n, W);
    Judges judges(parts_, nets_, weights, n);
    ImaginedActor actor(parts_, nets_, weights, n, W);
    Windows windows;
    std::vector<float> s = room(S), s_next = room(S), a = room(A), r = room(1);
    // Of the window, of the judges, of what is imagined.
    std::vector<float> latent = room((W + 1 + 3 + W) * L), action = room((1 + 1 + W + 1) * A);
    for (int k = 0; k < in.steps; ++k) {
      PollInterrupt();
      const auto update = static_cast<uint64_t>(k);
      Stream drawn(seed, "alm.window", in.iteration, update), batch(seed, "alm.batch", in.iteration, update),
          noise(seed, "alm.noise", in.iteration, update);
      DrawWindows(in.data, n, W, drawn, &windows);
      in.data.Transitions(n, batch, s.data(), a.data(), r.data(), s_next.data());
      noise.Normal(latent.data(), latent.size());
      noise.Normal(action.data(), action.size());

      Representation::Told fitted = fit.Differentiate(weights, windows, latent.data(), action.data(), acting);
      fit.Step(&weights, alm.model_lr, alm.clip, &fitted);
      const float *z_noise = latent.data() + (W + 1) * n * L, *a_noise = action.data() + n * A;
      Judges::Told judged = judges.Differentiate(weights, {s.data(), a.data(), r.data(), s_next.data()}, z_noise,
                                                 a_noise, acting, alm.gamma);
      judges.Step(&weights, alm.reward_lr, alm.critic_lr, alm.clip, &judged);
      ImaginedActor::Told imagined = actor.Differentiate(weights, judges.z().data(), z_noise + 3 * n * L,
                                                         a_noise + n * A, acting, {alm.gamma, alm.lambda, alm.cost});
      actor.Step(&weights, alm.actor_lr, alm.clip, &imagined);
      weights.MoveSlower(alm.tau);
      sums.Add(fitted, judged, imagined);
      in.progress(k + 1, in.steps);
    }
  }
  weights.Store();
  nets::TrainReport report = Report(in, sums);
  report.skipped = weights.skipped();
  report.reloaded = weights.reloaded();
  return report;
}

nets::TrainReport AlmLearner::Report(const nets::TrainInputs& in, const Sums& sums) const {
  nets::TrainReport report;
  report.steps = in.steps;
  const auto told = [&report](const char* setting, double rate) {
    if (rate < 1) report.step_share[setting] = rate;
  };
  told("alm.model_lr", std::min(nets_.encoder.adam.rate, nets_.model.adam.rate));
  told("alm.reward_lr", std::min(nets_.reward.adam.rate, nets_.classifier.adam.rate));
  told("alm.critic_lr", nets_.critics.rate());
  told("alm.actor_lr", nets_.actor.adam.rate);
  if (in.steps == 0) return report;  // nothing was measured
  const double share = 1.0 / in.steps;
  report.scalars = {{"alm.model_loss", sums.fit.loss * share},
                    {"alm.kl", sums.fit.kl * share},
                    {"alm.sd_at_floor", sums.fit.at_least_sd * share},
                    {"alm.mean_at_edge", sums.fit.at_edge * share},
                    {"alm.model_gradient_norm", sums.fit.model_norm * share},
                    {"alm.encoder_gradient_norm", sums.fit.encoder_norm * share},
                    {"alm.reward_loss", sums.judged.reward_loss * share},
                    {"alm.classifier_loss", sums.judged.classifier_loss * share},
                    {"alm.accuracy", sums.judged.accuracy * share},
                    {"alm.critic_loss", sums.judged.critic_loss * share},
                    {"alm.critic_gradient_norm", sums.judged.critic_norm * share},
                    {"alm.q", sums.judged.q * share},
                    {"alm.critics_apart", sums.judged.apart * share},
                    {"alm.bound", sums.actor.bound * share},
                    {"alm.likeness", sums.actor.likeness * share},
                    {"alm.saturated", sums.actor.saturated * share},
                    {"alm.actor_gradient_norm", sums.actor.norm * share},
                    {"alm.best_return", BestReturn(in.data, in.settings.Of<AlmSettings>().gamma)}};
  return report;
}

void AlmLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  const AlmSettings &then = before.Of<AlmSettings>(), &now = after.Of<AlmSettings>();
  if (now.model_lr != then.model_lr) nets_.encoder.adam.rate = nets_.model.adam.rate = 1.0;
  if (now.reward_lr != then.reward_lr) nets_.reward.adam.rate = nets_.classifier.adam.rate = 1.0;
  if (now.critic_lr != then.critic_lr) nets_.critics.ResetRate();
  if (now.actor_lr != then.actor_lr) nets_.actor.adam.rate = 1.0;
}

// Observations are raw, whatever the spread of new ones.
void AlmLearner::EditStates(int64_t count, const replay::Normaliser&) { nets_.EditStates(count); }

std::map<std::string, double> AlmLearner::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                  const config::Settings& settings) const {
  std::map<std::string, double> told = {{"alm.noise_sd", AlmNoiseSd(settings, episode)}};
  const int64_t T = data.horizon(), S = data.states(), L = nets_.latent();
  if (T < 2) return told;
  std::vector<float> states(static_cast<size_t>(T * S)), z(static_cast<size_t>(T * L)), sd(z.size());
  for (int64_t t = 0; t < T; ++t) data.Observation(episode, t, states.data() + t * S);
  nets::MlpPass pass;
  pass.Resize(nets_.encoder.spec, T, false);
  pass.Evaluate(nets_.encoder.net, states.data(), 0, T);
  LatentGaussian(T, L, pass.output(0), z.data(), sd.data());
  const QError found =
      CompareWithReturn(nets_.critics.Valued(CriticValue::kLeast, z.data(), data[episode].actions.data(), T),
                        data[episode].rewards, settings.Of<AlmSettings>().gamma);
  told.insert({{"alm.q_acted", found.q},
               {"alm.monte_carlo", found.monte_carlo},
               {"alm.monte_carlo_tail", found.tail},
               {"alm.q_minus_return", found.error()}});
  return told;
}

}  // namespace equipoise::learn
