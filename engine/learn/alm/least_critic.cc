#include "engine/learn/alm/least_critic.h"

#include <algorithm>

namespace equipoise::learn {

LeastCritic::LeastCritic(const nets::NetworkParts& parts, const nets::MlpSpec& spec, int64_t rows, size_t critics)
    : inputs_(static_cast<size_t>(spec.inputs)),
      least_(static_cast<size_t>(rows)),
      part_(static_cast<size_t>(rows) * inputs_),
      chosen_(static_cast<size_t>(rows)) {
  for (size_t j = 0; j < critics; ++j) passes_.push_back(parts.NewPass(spec, rows));
}

void LeastCritic::Forward(const std::vector<std::unique_ptr<nets::Weights>>& nets, const float* joint) {
  for (size_t j = 0; j < passes_.size(); ++j) passes_[j]->Forward(*nets[j], joint);
  Choose();
}

void LeastCritic::Evaluate(const std::vector<std::unique_ptr<nets::Weights>>& nets, const float* joint) {
  for (size_t j = 0; j < passes_.size(); ++j) passes_[j]->Evaluate(*nets[j], joint);
  Choose();
}

void LeastCritic::Choose() {
  std::copy_n(passes_[0]->output(), least_.size(), least_.begin());
  std::fill(chosen_.begin(), chosen_.end(), size_t{0});
  for (size_t j = 1; j < passes_.size(); ++j) {
    const float* q = passes_[j]->output();
    for (size_t i = 0; i < least_.size(); ++i)
      if (!(least_[i] <= q[i])) {  // what is not a number stays so
        least_[i] = q[i];
        chosen_[i] = j;
      }
  }
}

void LeastCritic::Backward(const float* dleast, std::vector<float>* djoint) {
  djoint->assign(part_.size(), 0.0f);
  for (size_t j = 0; j < passes_.size(); ++j) {
    float* dq = passes_[j]->output_gradient();
    for (size_t i = 0; i < least_.size(); ++i) dq[i] = chosen_[i] == j ? dleast[i] : 0.0f;
    passes_[j]->Backward(nullptr, part_.data());
    for (size_t k = 0; k < part_.size(); ++k) (*djoint)[k] += part_[k];
  }
}

}  // namespace equipoise::learn
