#include "engine/learn/temperature.h"

#include <algorithm>
#include <cmath>

namespace equipoise::learn {

void Temperature::Set(double alpha) {
  alpha_ = alpha;
  log_alpha_[0] = static_cast<float>(std::log(std::max(alpha, 1e-8)));
  adam_ = nets::Adam(1);
}

void Temperature::Tune(double entropy, double target, double lr) {
  if (!std::isfinite(entropy)) return;
  const float gradient = static_cast<float>(std::exp(static_cast<double>(log_alpha_[0])) * (entropy - target));
  adam_.Step(log_alpha_, {gradient}, lr, 0.0);
  alpha_ = std::exp(static_cast<double>(log_alpha_[0]));
}

void Temperature::Save(ArchiveWriter& out, const std::string& name) const {
  out.Put(name + ".alpha", alpha_);
  out.Put(name + ".log_alpha", log_alpha_);
  adam_.Save(out, name + ".adam");
}

void Temperature::Load(const ArchiveReader& in, const std::string& name) {
  alpha_ = in.Real(name + ".alpha");
  in.Get(name + ".log_alpha", log_alpha_.data(), 1);
  adam_.Load(in, name + ".adam", 1);
}

}  // namespace equipoise::learn
