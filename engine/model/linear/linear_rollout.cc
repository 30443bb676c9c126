#include "engine/model/linear/linear_rollout.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/base/view.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {

LinearRollout::LinearRollout(const LinearModel& model)
    : model_(model),
      S_(model.states()),
      A_(model.actions()),
      units_(S_, A_, model.normaliser()),
      angles_(model.wrapped(), S_, model.normaliser()) {}

void LinearRollout::Begin(int64_t rows, int64_t horizon, bool keep, const Belief*, const float* carry) {
  rows_ = rows;
  keep_ = keep;
  clamped_ = done_ = 0;
  begins_.assign(static_cast<size_t>(rows), 0);
  for (int64_t r = 0; carry != nullptr && r < rows; ++r)
    begins_[static_cast<size_t>(r)] = static_cast<int64_t>(std::lround(carry[r]));
  const int64_t slots = keep ? horizon : 1;
  angles_.Resize(slots, rows);
  Room(out_, slots * rows * (S_ + 1));
}

void LinearRollout::Step(int64_t t, const float* z, const float* action, const float*, float* z_next, float* reward) {
  PollInterrupt();
  const int64_t D = S_ + 1;
  float* out = out_.data() + Slot(t) * rows_ * D;
  for (int64_t r = 0; r < rows_; ++r) {
    const float* w = W(r, t);
    float* y = out + r * D;
    std::copy_n(w + (S_ + A_) * D, D, y);  // the column of ones
    for (int64_t i = 0; i < S_ + A_; ++i) {
      const auto j = static_cast<size_t>(i - S_);
      const float x =
          i < S_ ? z[r * S_ + i] : action[r * A_ + i - S_] * units_.action_scale[j] + units_.action_shift[j];
      for (int64_t d = 0; d < D; ++d) y[d] += x * w[i * D + d];
    }
  }
  clamped_ += nets::MeanStep(rows_, S_, out, z, units_.delta_shift.data(), units_.delta_scale.data(), kClampLimit,
                             z_next, reward);
  angles_.Wrap(Slot(t), z_next);
  done_ = t + 1;
}

void LinearRollout::StepBackward(int64_t t, const float* z_next, const float*, const float* dreward, float* gradient,
                                 float* daction) {
  EQ_CHECK(keep_, "StepBackward of a rollout that kept nothing");
  PollInterrupt();
  const int64_t D = S_ + 1;
  std::vector<float> dout(static_cast<size_t>(rows_ * D));
  nets::MeanStepBackward(rows_, S_, out_.data() + t * rows_ * D, angles_.Unwrapped(t, z_next),
                         units_.delta_scale.data(), kClampLimit, dreward, gradient, dout.data());
  for (int64_t r = 0; r < rows_; ++r) {
    const float *w = W(r, t), *dy = dout.data() + r * D;
    for (int64_t i = 0; i < S_ + A_; ++i) {
      float dx = 0;
      for (int64_t d = 0; d < D; ++d) dx += w[i * D + d] * dy[d];
      if (i < S_) {
        gradient[r * S_ + i] += dx;
      } else {
        daction[r * A_ + i - S_] = dx * units_.action_scale[static_cast<size_t>(i - S_)];
      }
    }
  }
}

void LinearRollout::Moments(int64_t t, float* mean, float* sd) {
  const int64_t D = S_ + 1;
  std::copy_n(out_.data() + Slot(t) * rows_ * D, rows_ * D, mean);
  ClampMeans(rows_, S_, mean);
  for (int64_t r = 0; r < rows_; ++r) std::copy_n(model_.residual_sd().data(), D, sd + r * D);
}

void LinearRollout::Carry(float* out) const {
  for (int64_t r = 0; r < rows_; ++r) out[r] = static_cast<float>(begins_[static_cast<size_t>(r)] + done_);
}

}  // namespace equipoise::model
