#include "engine/record/fraction_counter.h"

#include <cmath>

namespace equipoise::run {

double FractionCounter::Add(bool model_free) {
  recent_.push_back(model_free);
  model_free_ += model_free;
  if (static_cast<int>(recent_.size()) > window_) {
    model_free_ -= recent_.front();
    recent_.pop_front();
  }
  return value();
}

double FractionCounter::value() const {
  return recent_.empty() ? std::nan("") : static_cast<double>(model_free_) / static_cast<double>(recent_.size());
}

}  // namespace equipoise::run
