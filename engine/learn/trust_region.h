// trust_region.h: how far a policy that learns in a model may move from the one that acted last: KL(pi | pi_acted), in
// the mean over states that were imagined, stays below a bound.
//
//   a penalty beta * KL in every gradient step; after each batch beta *= 1.5 where KL > 2 eps, *= 1/2 where KL < eps/2;
//   no further batch when KL > 1.5 eps;  in the end, where KL > eps, back along the straight line to pi_acted, by ten
//   bisections, so that the bound holds and not only nearly
//
// Both are tanh-Gaussians, so their KL is that of the Gaussians before tanh, in closed form. eps is
// trust.target * actions. Inputs are normalised by the same numbers from the first batch to the last.
//
// Thread   one
#pragma once

#include <string>
#include <vector>

#include "engine/config/settings.h"
#include "engine/nets/policy.h"

namespace equipoise::config {
struct Section;
}

namespace equipoise::learn {

struct TrustSettings {
  static constexpr const char* kSection = "trust";

  double target = 0.02;
  double beta = 0.2;
};
config::Section TrustSection();

// Mean over the rows of KL(policy | other) in raw observations s [n, S]. Both see them through their own normaliser.
double MeanKl(const nets::Policy& policy, const nets::Policy& other, const float* s, int64_t n);
// [n, 2A]: what a policy's network says there.
std::vector<float> RawOutputs(const nets::Policy& policy, const float* s, int64_t n);

class TrustRegion {
 public:
  explicit TrustRegion(const config::Settings& s) : beta_(s.Of<TrustSettings>().beta) {}

  // Before the first batch: what `policy` is now has acted.
  void Begin(const nets::Policy& policy) { acted_ = policy; }
  const nets::Policy& acted() const { return acted_; }
  double beta() const { return beta_; }
  // After a batch with these states: false: no further one.
  bool Goes(const config::Settings& s, const nets::Policy& policy, const float* states, int64_t n);
  // In the end; the KL that is left.
  double Hold(const config::Settings& s, const float* states, int64_t n, nets::Policy* policy) const;

  void OnSettings(const config::Settings& before, const config::Settings& after);
  void Save(ArchiveWriter& out, const std::string& name) const { out.Put(name, beta_); }
  void Load(const ArchiveReader& in, const std::string& name) { beta_ = in.Real(name); }

 private:
  static double Bound(const config::Settings& s, const nets::Policy& policy) {
    return s.Of<TrustSettings>().target * static_cast<double>(policy.actions());
  }

  double beta_;
  nets::Policy acted_;
};

}  // namespace equipoise::learn
