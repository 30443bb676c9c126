#include "engine/inspect/imagine.h"

#include <mujoco/mujoco.h>

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/interrupt.h"
#include "engine/model/diagnostics.h"
#include "engine/model/imagination.h"

namespace equipoise::run {
namespace {

struct Rolled {  // z [T+1, rows, S] normalised, reward [T, rows] raw
  int64_t rows = 0;
  std::vector<float> z;
  std::vector<double> reward;
  double clamped_fraction = 0;
};

double RawReward(const replay::Normaliser& n, float normalised) {
  return static_cast<double>(normalised) * n.y_sd.back() + n.y_mean.back();
}

std::vector<float> Normalised(const replay::Normaliser& n, const std::vector<float>& rows, int64_t states) {
  std::vector<float> z(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t j = i % static_cast<size_t>(states);
    z[i] = (rows[i] - n.x_mean[j]) / n.x_sd[j];
  }
  return z;
}

// The poses of one rollout. `start`: its first pose where that is known, else null.
void Pose(const ImagineScene& scene, const Rolled& rolled, int64_t row, const double* start, Trajectory* out) {
  const DecisionMoment& m = scene.moment;
  const replay::Normaliser& n = m.model->normaliser();
  const int64_t S = m.model->states(), T = m.horizon;
  const auto nq = static_cast<size_t>(scene.task.info().qpos_size);
  std::vector<double> pose(scene.task.model()->qpos0, scene.task.model()->qpos0 + nq);
  std::vector<double> observation(static_cast<size_t>(S));
  for (int64_t t = 0; t <= T; ++t) {
    const float* z = rolled.z.data() + (t * rolled.rows + row) * S;
    for (int64_t j = 0; j < S; ++j) {
      const auto k = static_cast<size_t>(j);
      const float raw = z[j] * n.x_sd[k] + n.x_mean[k];
      out->observation.push_back(raw);
      observation[k] = raw;
    }
    if (t == 0 && start != nullptr) {
      std::copy_n(start, nq, pose.data());
    } else {
      scene.task.PoseFromObservation(observation.data(), pose.data(), pose.data());
    }
    out->qpos.insert(out->qpos.end(), pose.begin(), pose.end());
    if (t < T) out->reward.push_back(rolled.reward[static_cast<size_t>(t * rolled.rows + row)]);
  }
}

void Summarise(const Rolled& rolled, int64_t horizon, MaskImagined* out) {
  out->measured = static_cast<int>(rolled.rows);
  out->clamped_fraction = rolled.clamped_fraction;
  std::vector<double> returns(static_cast<size_t>(rolled.rows), 0.0);
  for (int64_t t = 0; t < horizon; ++t) {
    double sum = 0;
    for (int64_t r = 0; r < rolled.rows; ++r) {
      const double reward = rolled.reward[static_cast<size_t>(t * rolled.rows + r)];
      returns[static_cast<size_t>(r)] += reward;
      sum += reward;
    }
    out->reward_mean.push_back(sum / static_cast<double>(rolled.rows));
  }
  double sum = 0, square = 0;
  for (double r : returns) sum += r;
  out->return_mean = sum / static_cast<double>(rolled.rows);
  for (double r : returns) square += (r - out->return_mean) * (r - out->return_mean);
  if (rolled.rows > 1) out->return_sd = std::sqrt(square / static_cast<double>(rolled.rows - 1));
}

void Compare(const ImagineScene& scene, const Rolled& rolled, const std::vector<float>& real, MaskImagined* out) {
  const int64_t S = scene.moment.model->states(), P = scene.moment.physics_states, T = scene.moment.horizon;
  const int64_t n = rolled.rows;
  std::vector<double> values(static_cast<size_t>(n)), apart(static_cast<size_t>(n * P));
  int64_t inside = 0;
  double reward_error = 0;
  for (int64_t t = 1; t <= T; ++t) {
    const float* z = rolled.z.data() + t * n * S;
    const float* truth = real.data() + t * S;
    for (int64_t r = 0; r < n; ++r)
      for (int64_t j = 0; j < P; ++j) apart[static_cast<size_t>(r * P + j)] = z[r * S + j] - truth[j];
    for (int j : scene.moment.model->spec().wrapped) {  // the short way round
      const float sd = scene.moment.model->normaliser().x_sd[static_cast<size_t>(j)];
      for (int64_t r = 0; r < n; ++r) {
        double& d = apart[static_cast<size_t>(r * P + j)];
        d = replay::Wrapped(static_cast<float>(d) * sd) / sd;
      }
    }
    for (int64_t r = 0; r < n; ++r) {
      double square = 0;
      for (int64_t j = 0; j < P; ++j) square += std::pow(apart[static_cast<size_t>(r * P + j)], 2);
      values[static_cast<size_t>(r)] = std::sqrt(square / static_cast<double>(P));
      reward_error += std::abs(rolled.reward[static_cast<size_t>((t - 1) * n + r)] -
                               scene.real->trajectory.reward[static_cast<size_t>(t - 1)]);
    }
    out->error.push_back(static_cast<float>(model::Quantile(values, 0.5)));
    out->error_lo.push_back(static_cast<float>(model::Quantile(values, 0.05)));
    out->error_hi.push_back(static_cast<float>(model::Quantile(values, 0.95)));
    for (int64_t j = 0; j < P; ++j) {
      for (int64_t r = 0; r < n; ++r) values[static_cast<size_t>(r)] = apart[static_cast<size_t>(r * P + j)];
      inside += model::Quantile(values, 0.05) <= 0 && model::Quantile(values, 0.95) >= 0;
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
  const int64_t S = m.model->states(), M = in.rollouts, T = in.horizon;
  const eps::Draws draws = eps::DrawsOf(in, which, mask, 1);
  const model::Belief belief = eps::MaskOf(in, mask);
  Rolled rolled;
  rolled.rows = M;
  {
    const ScopedFlushToZero flush;
    model::Imagination imagination(*m.model, *in.policies[which].policy);
    imagination.Run(
        {M, T, draws.start.data(), nullptr, &belief, draws.action_noise.data(), draws.dynamics_noise.data()}, true);
    for (int64_t t = 0; t <= T; ++t) rolled.z.insert(rolled.z.end(), imagination.z(t), imagination.z(t) + M * S);
    for (int64_t t = 0; t < T; ++t)
      for (int64_t r = 0; r < M; ++r)
        rolled.reward.push_back(RawReward(m.model->normaliser(), imagination.reward(t)[r]));
    rolled.clamped_fraction = imagination.clamped_fraction();
  }
  MaskImagined out;
  out.mask = mask;
  Summarise(rolled, T, &out);
  for (int64_t r = 0; r < std::min<int64_t>(M, shown); ++r)
    Pose(scene, rolled, r, nullptr, &out.rollouts.emplace_back());
  return out;
}

MaskImagined ImagineRealActions(const ImagineScene& scene, int mask, int shown) {
  const DecisionMoment& m = scene.moment;
  const eps::CheckInputs in = m.Check(scene.starts);
  const int64_t S = m.model->states(), A = m.actions, T = in.horizon;
  const int64_t rows = mask >= 0 ? kMeasured : in.masks;
  model::Belief beliefs;
  if (mask >= 0) beliefs = eps::MaskOf(in, mask);
  for (int i = 0; mask < 0 && i < in.masks; ++i) beliefs.Append(eps::MaskOf(in, i));
  const std::vector<float> real = Normalised(m.model->normaliser(), scene.real->trajectory.observation, S);
  Rolled rolled;
  rolled.rows = rows;
  rolled.z.resize(static_cast<size_t>((T + 1) * rows * S));
  for (int64_t r = 0; r < rows; ++r) std::copy_n(real.data(), S, rolled.z.data() + r * S);
  std::vector<float> action(static_cast<size_t>(rows * A)), noise(static_cast<size_t>(rows * S)),
      reward(static_cast<size_t>(rows));
  Stream stream(in.seed, "inspect.dyn", in.iteration, static_cast<uint64_t>(mask + 1));
  {
    const ScopedFlushToZero flush;
    auto rollout = m.model->NewRollout();
    rollout->Begin(rows, T, false, &beliefs, nullptr);
    for (int64_t t = 0; t < T; ++t) {
      PollInterrupt();
      for (int64_t r = 0; r < rows; ++r)
        std::copy_n(scene.real->recorded.actions.data() + t * A, A, action.data() + r * A);
      stream.Normal(noise.data(), noise.size());
      const float* z = rolled.z.data() + t * rows * S;
      rollout->Step(t, z, action.data(), noise.data(), rolled.z.data() + (t + 1) * rows * S, reward.data());
      for (float r : reward) rolled.reward.push_back(RawReward(m.model->normaliser(), r));
    }
    rolled.clamped_fraction = static_cast<double>(rollout->clamped()) / static_cast<double>(T * rows * S);
  }
  MaskImagined out;
  out.mask = mask;
  Summarise(rolled, T, &out);
  Compare(scene, rolled, real, &out);
  for (int64_t r = 0; mask >= 0 && r < std::min<int64_t>(rows, shown); ++r)
    Pose(scene, rolled, r, scene.real->trajectory.qpos.data(), &out.rollouts.emplace_back());
  return out;
}

}  // namespace equipoise::run
