#include "engine/plan/held_knots.h"

#include "engine/base/view.h"

namespace equipoise::plan {

void HeldKnots::Set(const float* knots, const PlanShape& shape, int64_t particles, const replay::Normaliser& normaliser,
                    float* states) {
  knots_ = knots;
  shape_ = shape;
  particles_ = particles;
  normaliser_ = &normaliser;
  states_ = states;
}

void HeldKnots::Begin(int64_t rows, int64_t, bool) { rows_ = rows; }

void HeldKnots::Act(int64_t t, const float* z, float* action) {
  const int64_t A = shape_.actions, knot = t / shape_.hold;
  for (int64_t r = 0; r < rows_; ++r)
    std::copy_n(knots_ + r / particles_ * shape_.size() + knot * A, A, action + r * A);
  if (states_ == nullptr) return;
  const View<const float> mean(normaliser_->x_mean), sd(normaliser_->x_sd);
  const int64_t S = mean.size() - A;
  for (int64_t r = 0; r < rows_; r += particles_) {
    float* out = states_ + (r / particles_ * shape_.steps + t) * S;
    for (int64_t j = 0; j < S; ++j) out[j] = z[r * S + j] * sd[j] + mean[j];
  }
}

}  // namespace equipoise::plan
