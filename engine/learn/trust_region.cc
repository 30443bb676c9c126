#include "engine/learn/trust_region.h"

#include "engine/config/section.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::learn {

config::Section TrustSection() {
  using S = TrustSettings;
  using config::kEpisode;
  return config::PartSection<S>(
      "trust region",
      {
          {EQ_FIELD(target), 0.0, 1e9, "nats/action", kEpisode,
           "how far the policy may move in the model from the one that acted last, as KL divergence per action; 0: not "
           "at all"},
          {EQ_FIELD(beta), 0.0, 1e9, "per nat", kEpisode,
           "what it pays for that distance in the loss, to begin with; adapted after every batch. 0: nothing"},
      });
}

std::vector<float> RawOutputs(const nets::Policy& policy, const float* s, int64_t n) {
  const auto S = static_cast<size_t>(policy.states());
  std::vector<float> x(s, s + static_cast<size_t>(n) * S);
  for (size_t i = 0; i < x.size(); ++i) x[i] = (x[i] - policy.mean[i % S]) / policy.sd[i % S];
  nets::MlpPass pass;
  pass.Resize(policy.spec, n, false);
  pass.Evaluate(policy.net, x.data(), 0, n);
  return {pass.output(0), pass.output(0) + n * policy.spec.outputs};
}

double MeanKl(const nets::Policy& policy, const nets::Policy& other, const float* s, int64_t n) {
  const std::vector<float> raw = RawOutputs(policy, s, n), from = RawOutputs(other, s, n);
  return nets::GaussianKl(n, policy.actions(), raw.data(), from.data(), policy.spread, 0.0f, nullptr) /
         static_cast<double>(n);
}

bool TrustRegion::Goes(const config::Settings& s, const nets::Policy& policy, const float* states, int64_t n) {
  const double kl = MeanKl(policy, acted_, states, n), bound = Bound(s, policy);
  if (kl > 2 * bound) beta_ *= 1.5;
  if (kl < bound / 2) beta_ *= 0.5;
  return !(kl > 1.5 * bound);
}

double TrustRegion::Hold(const config::Settings& s, const float* states, int64_t n, nets::Policy* policy) const {
  const double bound = Bound(s, *policy), reached = MeanKl(*policy, acted_, states, n);
  if (reached <= bound) return reached;
  const std::vector<float> far = policy->net.values, &near = acted_.net.values;
  const auto step = [&](double share) {
    for (size_t i = 0; i < far.size(); ++i)
      policy->net.values[i] = static_cast<float>(near[i] + share * (static_cast<double>(far[i]) - near[i]));
    return MeanKl(*policy, acted_, states, n);
  };
  double low = 0, high = 1;
  for (int k = 0; k < 10; ++k) {
    const double middle = (low + high) / 2;
    (step(middle) <= bound ? low : high) = middle;
  }
  if (low > 0) return step(low);
  policy->net.values = near;
  return 0;
}

void TrustRegion::OnSettings(const config::Settings& before, const config::Settings& after) {
  const double now = after.Of<TrustSettings>().beta;
  if (now != before.Of<TrustSettings>().beta) beta_ = now;
}

}  // namespace equipoise::learn
