#include "engine/learn/kept_critics.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/learn/q_error.h"

namespace equipoise::learn {

KeptCritics::KeptCritics(std::string id, int count, int64_t states, const nets::MlpSpec& spec, uint64_t seed,
                         const std::string& init)
    : id_(std::move(id)), states_(states) {
  for (int j = 0; j < count; ++j) {
    Stream stream(seed, init, static_cast<uint64_t>(j));
    nets_.emplace_back(spec, stream);
  }
}

std::vector<size_t> KeptCritics::all() const {
  std::vector<size_t> all(nets_.size());
  std::iota(all.begin(), all.end(), size_t{0});
  return all;
}

std::vector<float> KeptCritics::Q(size_t j, const float* s, const float* a, int64_t n) const {
  const TargetedNet& critic = nets_[j];
  std::vector<float> joint(static_cast<size_t>(n * critic.spec.inputs));
  Join(n, states_, critic.spec.inputs - states_, s, a, joint.data());
  nets::MlpPass pass;
  pass.Resize(critic.spec, n, false);
  pass.Evaluate(critic.net, joint.data(), 0, n);
  return {pass.output(0), pass.output(0) + n};
}

std::vector<double> KeptCritics::Valued(CriticValue value, const float* s, const float* a, int64_t n) const {
  const std::vector<float> first = Q(0, s, a, n);
  std::vector<double> valued(first.begin(), first.end());
  if (value == CriticValue::kFirst) return valued;
  const auto critics = static_cast<double>(nets_.size());
  const bool mean = value == CriticValue::kMean;
  if (mean)
    for (double& v : valued) v /= critics;
  for (size_t j = 1; j < nets_.size(); ++j) {
    const std::vector<float> q = Q(j, s, a, n);
    for (size_t i = 0; i < q.size(); ++i) {
      if (mean) {
        valued[i] += q[i] / critics;
      } else if (!(valued[i] <= q[i])) {
        valued[i] = q[i];
      }
    }
  }
  return valued;
}

std::map<std::string, double> KeptCritics::Examine(CriticValue value, const replay::EpisodeBuffer& data,
                                                   int64_t episode, double gamma) const {
  const int64_t T = data.horizon(), S = data.states();
  if (T < 2) return {};
  std::vector<float> states(static_cast<size_t>(T * S));
  for (int64_t t = 0; t < T; ++t) data.Observation(episode, t, states.data() + t * S);
  const QError found =
      CompareWithReturn(Valued(value, states.data(), data[episode].actions.data(), T), data[episode].rewards, gamma);
  return {{id_ + ".q_acted", found.q},
          {id_ + ".monte_carlo", found.monte_carlo},
          {id_ + ".monte_carlo_tail", found.tail},
          {id_ + ".q_minus_return", found.error()}};
}

double KeptCritics::rate() const {
  double rate = 1;
  for (const TargetedNet& net : nets_) rate = std::min(rate, net.adam.rate);
  return rate;
}

void KeptCritics::ResetRate() {
  for (TargetedNet& net : nets_) net.adam.rate = 1.0;
}

void KeptCritics::EditStates(int64_t count) {
  for (TargetedNet& net : nets_) net.EditInputs(count > 0 ? states_ : states_ + count, count);
  states_ += count;
}

TargetedNames KeptCritics::NamesOf(size_t critic) const {
  const std::string n = std::to_string(critic);
  return {id_ + ".critic" + n, id_ + ".target" + n, id_ + ".critic_adam" + n};
}

void KeptCritics::Save(ArchiveWriter& out) const {
  for (size_t j = 0; j < nets_.size(); ++j) learn::Save(nets_[j], NamesOf(j), out);
}

void KeptCritics::Load(const ArchiveReader& in) {
  for (size_t j = 0; j < nets_.size(); ++j) learn::Load(in, NamesOf(j), &nets_[j]);
}

}  // namespace equipoise::learn
