#include "engine/inspect/imagine.h"

#include <mujoco/mujoco.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/quantile.h"
#include "engine/base/view.h"
#include "engine/eps/information.h"
#include "engine/model/diagnostics.h"
#include "engine/model/imagination.h"

namespace equipoise::run {
namespace {

using model::Imagination;

std::vector<float> Normalised(const replay::Normaliser& n, const std::vector<float>& rows, int64_t states) {
  const View<const float> mean(n.x_mean), sd(n.x_sd);
  std::vector<float> z;
  for (const float raw : rows) {
    const int64_t j = static_cast<int64_t>(z.size()) % states;
    z.push_back((raw - mean[j]) / sd[j]);
  }
  return z;
}

// The poses of one rollout. `start`: its first pose where that is known, else null.
void Pose(const ImagineScene& scene, const Imagination& rolled, int64_t row, const double* start, Trajectory* out) {
  const DecisionMoment& m = scene.moment;
  const View<const float> mean(m.model->normaliser().x_mean), sd(m.model->normaliser().x_sd);
  const int64_t S = m.model->states(), T = m.horizon;
  const int nq = scene.task.info().qpos_size;
  std::vector<double> pose(scene.task.model()->qpos0, scene.task.model()->qpos0 + nq), observation;
  for (int64_t t = 0; t <= T; ++t) {
    const float* z = rolled.z(t) + row * S;
    observation.clear();
    for (int64_t j = 0; j < S; ++j) {
      const float raw = z[j] * sd[j] + mean[j];
      out->observation.push_back(raw);
      observation.push_back(raw);
    }
    if (t == 0 && start != nullptr) {
      std::copy_n(start, nq, pose.data());
    } else {
      scene.task.PoseFromObservation(observation.data(), pose.data(), pose.data());
    }
    out->qpos.insert(out->qpos.end(), pose.begin(), pose.end());
    if (t < T) out->reward.push_back(rolled.raw_reward(t, row));
  }
}

void Summarise(const Imagination& rolled, int64_t horizon, MaskImagined* out) {
  const auto rows = static_cast<double>(rolled.rows());
  out->measured = static_cast<int>(rolled.rows());
  out->clamped_fraction = rolled.clamped_fraction();
  const std::vector<double>& returns = rolled.Returns();
  for (int64_t t = 0; t < horizon; ++t) {
    double sum = 0;
    for (int64_t r = 0; r < rolled.rows(); ++r) sum += rolled.raw_reward(t, r);
    out->reward_mean.push_back(sum / rows);
  }
  double sum = 0, square = 0;
  for (double r : returns) sum += r;
  out->return_mean = sum / rows;
  for (double r : returns) square += (r - out->return_mean) * (r - out->return_mean);
  if (rolled.rows() > 1) out->return_sd = std::sqrt(square / (rows - 1));
}

void Compare(const ImagineScene& scene, const Imagination& rolled, const std::vector<float>& real, MaskImagined* out) {
  const int64_t S = scene.moment.model->states(), P = scene.moment.physics_states, T = scene.moment.horizon;
  const int64_t n = rolled.rows();
  std::vector<double> values, differences;
  const View<double> value = Room(values, n), apart = Room(differences, n * P);
  const View<const double> reward(scene.real->trajectory.reward);
  const View<const float> sd(scene.moment.model->normaliser().x_sd);
  int64_t inside = 0;
  double reward_error = 0;
  for (int64_t t = 1; t <= T; ++t) {
    const float* z = rolled.z(t);
    const float* truth = real.data() + t * S;
    for (int64_t r = 0; r < n; ++r)
      for (int64_t j = 0; j < P; ++j) apart[r * P + j] = z[r * S + j] - truth[j];
    for (int j : scene.moment.wrapped) {  // the short way round
      for (int64_t r = 0; r < n; ++r) {
        double& d = apart[r * P + j];
        d = replay::Wrapped(static_cast<float>(d) * sd[j]) / sd[j];
      }
    }
    for (int64_t r = 0; r < n; ++r) {
      double square = 0;
      for (int64_t j = 0; j < P; ++j) square += std::pow(apart[r * P + j], 2);
      value[r] = std::sqrt(square / static_cast<double>(P));
      reward_error += std::abs(rolled.raw_reward(t - 1, r) - reward[t - 1]);
    }
    out->error.push_back(static_cast<float>(Quantile(values, 0.5)));
    out->error_lo.push_back(static_cast<float>(Quantile(values, 0.05)));
    out->error_hi.push_back(static_cast<float>(Quantile(values, 0.95)));
    for (int64_t j = 0; j < P; ++j) {
      for (int64_t r = 0; r < n; ++r) value[r] = apart[r * P + j];
      inside += Quantile(values, 0.05) <= 0 && Quantile(values, 0.95) >= 0;
    }
  }
  out->coverage = static_cast<double>(inside) / static_cast<double>(T * P);
  out->reward_error = reward_error / static_cast<double>(T * n);
}

}  // namespace

MaskImagined ImaginePolicy(const ImagineScene& scene, eps::Pick policy, int mask, int shown) {
  const DecisionMoment& m = scene.moment;
  const eps::CheckInputs in = m.Check(scene.starts);
  size_t which = 0;
  while (which < in.policies.size() && in.policies[which].id != policy) ++which;
  EQ_CHECK(which < in.policies.size(), "a policy that was not kept");
  const int64_t M = in.rollouts, T = in.horizon;
  const eps::Draws draws = eps::DrawsOf(in, which, mask, 1);
  const model::Belief belief = eps::MaskOf(in, mask);
  Imagination rolled(*m.model, *in.policies[which].policy);
  {
    const ScopedFlushToZero flush;
    rolled.Run({M, T, draws.start.data(), nullptr, &belief, draws.action_noise.data(), draws.dynamics_noise.data()},
               model::Keep::kSteps);
  }
  MaskImagined out;
  out.mask = mask;
  Summarise(rolled, T, &out);
  for (int64_t r = 0; r < std::min<int64_t>(M, shown); ++r)
    Pose(scene, rolled, r, nullptr, &out.rollouts.emplace_back());
  if (in.bonus <= 0) return out;
  eps::Information taught(*m.model, eps::ProbesOf(in));
  {
    const ScopedFlushToZero flush;
    taught.Measure(rolled);
  }
  for (size_t r = 0; r < out.rollouts.size(); ++r)
    for (int64_t t = 0; t < T; ++t) out.rollouts[r].information.push_back(taught.nats(t, static_cast<int64_t>(r)));
  return out;
}

MaskImagined ImagineRealActions(const ImagineScene& scene, int mask, int shown) {
  const DecisionMoment& m = scene.moment;
  const eps::CheckInputs in = m.Check(scene.starts);
  const int64_t T = in.horizon;
  const int64_t rows = mask >= 0 ? kMeasured : in.masks;
  model::Belief beliefs;
  if (mask >= 0) beliefs = eps::MaskOf(in, mask);
  for (int i = 0; mask < 0 && i < in.masks; ++i) beliefs.Append(eps::MaskOf(in, i));
  const std::vector<float> real =
      Normalised(m.model->normaliser(), scene.real->trajectory.observation, m.model->states());
  Stream noise(in.seed, "inspect.dyn", in.iteration, static_cast<uint64_t>(mask + 1));
  const Imagination rolled = [&] {
    const ScopedFlushToZero flush;
    return model::RollRecorded(*m.model, real.data(), scene.real->recorded.actions.data(), T, rows, beliefs, noise);
  }();
  MaskImagined out;
  out.mask = mask;
  Summarise(rolled, T, &out);
  Compare(scene, rolled, real, &out);
  for (int64_t r = 0; mask >= 0 && r < std::min<int64_t>(rows, shown); ++r)
    Pose(scene, rolled, r, scene.real->trajectory.qpos.data(), &out.rollouts.emplace_back());
  return out;
}

}  // namespace equipoise::run
