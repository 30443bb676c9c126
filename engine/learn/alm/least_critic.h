// least_critic.h: min_j Q_j(z, a) of critics that stay as they are, forwards and back to what they see.
//
// Shapes   joint [n, L + A]; least and its derivatives [n]; n fixed
// Thread   one thread
#pragma once

#include <memory>
#include <vector>

#include "engine/nets/network_parts.h"

namespace equipoise::learn {

class LeastCritic {
 public:
  LeastCritic(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows, size_t critics);

  // `joint` and `nets` stay as they are until Backward.
  void Forward(const std::vector<std::unique_ptr<nets::Weights>>& nets, const float* joint);
  void Evaluate(const std::vector<std::unique_ptr<nets::Weights>>& nets, const float* joint);
  const std::vector<float>& least() const { return least_; }
  // After Forward: derivatives by least become those by joint. Where critics agree, it is the first one's.
  void Backward(const float* dleast, std::vector<float>* djoint);

 private:
  void Choose();

  size_t inputs_;
  std::vector<std::unique_ptr<nets::NetworkPass>> passes_;
  std::vector<float> least_, part_;
  std::vector<size_t> chosen_;
};

}  // namespace equipoise::learn
