#include "engine/nets/guard.h"

#include <cmath>

namespace equipoise::nets {

Adam::Outcome Guard::Step(double loss, const std::vector<float>& gradient, double lr, double clip) {
  Adam::Outcome outcome;
  if (std::isfinite(loss)) outcome = adam_->Step(net_->values, gradient, lr * adam_->rate, clip);
  if (outcome.applied) {
    consecutive_ = 0;
    return outcome;
  }
  ++skipped_;
  if (++consecutive_ == 10) {
    const double rate = 0.5 * adam_->rate;
    net_->values = values_;
    *adam_ = moments_;
    adam_->rate = rate;
    consecutive_ = 0;
    reloaded_ = true;
  }
  return outcome;
}

}  // namespace equipoise::nets
