#include "engine/record/derived_scalars.h"

#include <algorithm>
#include <cmath>

namespace equipoise::run {

std::map<std::string, double> WithDerived(const EpisodeRecord& record) {
  std::map<std::string, double> scalars = record.scalars;
  const eps::Decision& decision = record.decision;
  if (!decision.checked || decision.proved || decision.comparisons.empty() || decision.delta().empty()) return scalars;
  const std::vector<double>&delta = decision.delta(), &error = decision.standard_error();
  const auto least = static_cast<size_t>(std::min_element(delta.begin(), delta.end()) - delta.begin());
  if (!std::isfinite(delta[least])) {
    scalars[kRefusalInDoubt] = 0;
  } else if (least < error.size() && std::isfinite(error[least])) {
    scalars[kRefusalInDoubt] = std::fabs(delta[least]) < 2 * error[least] ? 1 : 0;
  }
  return scalars;
}

}  // namespace equipoise::run
