#include "engine/model/linear/linear_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/model/linear/linear_model_settings.h"
#include "engine/model/linear/linear_rollout.h"
#include "engine/model/model_units.h"

namespace equipoise::model {
namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274;
constexpr float kResidualFloor = 1e-3f;  // of a spread, in sds of the data
constexpr double kHardlyThere = 1e-9;    // added to what nothing else holds, in rows

// The rows of the newest episodes, episode by episode: x [n, I + 1] with a one behind the inputs, y [n, D].
struct Rows {
  int64_t episodes = 0, horizon = 0, inputs = 0, outputs = 0;
  std::vector<double> x, y;
  const double* X(int64_t episode, int64_t t) const { return x.data() + (episode * horizon + t) * (inputs + 1); }
  const double* Y(int64_t episode, int64_t t) const { return y.data() + (episode * horizon + t) * outputs; }
};

Rows RowsOf(const replay::EpisodeBuffer& data, const replay::Normaliser& norm, int64_t first, int64_t count,
            int64_t inputs, int64_t outputs) {
  Rows rows{count, data.horizon(), inputs, outputs, {}, {}};
  std::vector<float> x(static_cast<size_t>(rows.horizon * inputs)), y(static_cast<size_t>(rows.horizon * outputs));
  for (int64_t e = first; e < first + count; ++e) {
    data.Sequences({e}, norm, x.data(), y.data());
    for (int64_t t = 0; t < rows.horizon; ++t) {
      rows.x.insert(rows.x.end(), x.data() + t * inputs, x.data() + (t + 1) * inputs);
      rows.x.push_back(1.0);
      rows.y.insert(rows.y.end(), y.data() + t * outputs, y.data() + (t + 1) * outputs);
    }
  }
  return rows;
}

}  // namespace

std::vector<double> Ridge(int64_t n, int64_t inputs, int64_t outputs, const double* x, const double* y, double ridge,
                          const double* near, bool free_last) {
  const auto I = static_cast<size_t>(inputs), D = static_cast<size_t>(outputs);
  // (X^T X + L) (W - near) = X^T (Y - X near), by Cholesky's L L^T.
  std::vector<double> a(I * I, 0.0), b(I * D, 0.0), rest(D);
  for (int64_t r = 0; r < n; ++r) {
    const double *row = x + r * inputs, *target = y + r * outputs;
    for (size_t d = 0; d < D; ++d) {
      rest[d] = target[d];
      for (size_t i = 0; near != nullptr && i < I; ++i) rest[d] -= row[i] * near[i * D + d];
    }
    for (size_t i = 0; i < I; ++i) {
      for (size_t j = 0; j <= i; ++j) a[i * I + j] += row[i] * row[j];
      for (size_t d = 0; d < D; ++d) b[i * D + d] += row[i] * rest[d];
    }
  }
  for (size_t i = 0; i < I; ++i) a[i * I + i] += free_last && i + 1 == I ? kHardlyThere : ridge;
  for (size_t i = 0; i < I; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = a[i * I + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * I + k] * a[j * I + k];
      a[i * I + j] = i == j ? std::sqrt(sum) : sum / a[j * I + j];
    }
  }
  for (size_t d = 0; d < D; ++d) {
    for (size_t i = 0; i < I; ++i) {
      for (size_t k = 0; k < i; ++k) b[i * D + d] -= a[i * I + k] * b[k * D + d];
      b[i * D + d] /= a[i * I + i];
    }
    for (size_t i = I; i-- > 0;) {
      for (size_t k = i + 1; k < I; ++k) b[i * D + d] -= a[k * I + i] * b[k * D + d];
      b[i * D + d] /= a[i * I + i];
    }
  }
  for (size_t i = 0; near != nullptr && i < b.size(); ++i) b[i] += near[i];
  return b;
}

std::unique_ptr<WorldModel> NewLinearModel(const ModelPlan& plan, const config::Settings&) {
  return std::make_unique<LinearModel>(plan.states, plan.actions, plan.wrapped);
}

LinearModel::LinearModel(int64_t states, int64_t actions, std::vector<int> wrapped)
    : states_(states), actions_(actions), wrapped_(std::move(wrapped)) {
  residual_sd_.assign(static_cast<size_t>(outputs()), 1.0f);
}

Belief LinearModel::Draw(int64_t count, Stream&) const {
  return {count, std::vector<float>(static_cast<size_t>(count), 0.0f)};
}

std::unique_ptr<Rollout> LinearModel::NewRollout() const { return std::make_unique<LinearRollout>(*this); }

void LinearModel::BurnIn(const float*, int64_t horizon, int64_t batch, const Belief&, float* carries, Team*) const {
  for (int64_t t = 0; t < horizon; ++t) std::fill_n(carries + t * batch, batch, static_cast<float>(t));
}

int LinearModel::NextWork(const nets::Standing& now) const {
  if (now.settings.Of<LinearModelSettings>().episodes == 0 || now.data.size() == 0) return 0;
  return static_cast<int>(now.data.horizon());
}

std::vector<double> LinearModel::SquaredErrors(const replay::EpisodeBuffer& data, int64_t episode) const {
  const Rows rows = RowsOf(data, normaliser_, episode, 1, inputs(), outputs());
  std::vector<double> squares(static_cast<size_t>(outputs()), 0.0);
  for (int64_t t = 0; t < rows.horizon; ++t) {
    const double *x = rows.X(0, t), *y = rows.Y(0, t);
    for (int64_t d = 0; d < outputs(); ++d) {
      double error = -y[d];
      for (int64_t i = 0; i <= inputs(); ++i) error += x[i] * w(t)[i * outputs() + d];
      squares[static_cast<size_t>(d)] += error * error / static_cast<double>(rows.horizon);
    }
  }
  return squares;
}

nets::TrainReport LinearModel::Train(const nets::TrainInputs& in) {
  const LinearModelSettings& s = in.settings.Of<LinearModelSettings>();
  nets::TrainReport report;
  if (in.steps == 0) return report;
  const auto root_mean = [this](const std::vector<double>& squares) {
    return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0) / static_cast<double>(outputs()));
  };
  // The newest episode is new to it: afterwards no one can say what it had not known.
  if (trained()) report.scalars["linear.unseen_error"] = root_mean(SquaredErrors(in.data, in.data.size() - 1));
  normaliser_ = in.data.Fit();
  EQ_CHECK(static_cast<int64_t>(normaliser_.x_mean.size()) == inputs(), "model and data differ in width");
  const int64_t T = in.data.horizon(), I = inputs() + 1, D = outputs();
  const int64_t count = std::min<int64_t>(s.episodes, in.data.size()), first = in.data.size() - count;
  const Rows rows = RowsOf(in.data, normaliser_, first, count, inputs(), D);
  const std::vector<double> all =
      Ridge(count * T, I, D, rows.x.data(), rows.y.data(), s.ridge, nullptr, /*free_last=*/true);
  w_.assign(static_cast<size_t>(T * I * D), 0.0f);
  // So many at a time, whatever the number of threads.
  constexpr int64_t kTogether = 16;
  for (int64_t begin = 0; begin < T; begin += kTogether) {
    RunTasks(in.team, static_cast<int>(std::min(kTogether, T - begin)), [&](int k) {
      PollInterrupt();
      const int64_t t = begin + k, from = std::max<int64_t>(0, t - s.window),
                    to = std::min<int64_t>(T, t + s.window + int64_t{1});
      std::vector<double> x, y;
      for (int64_t e = 0; e < count; ++e) {
        x.insert(x.end(), rows.X(e, from), rows.X(e, from) + (to - from) * I);
        y.insert(y.end(), rows.Y(e, from), rows.Y(e, from) + (to - from) * D);
      }
      const std::vector<double> w =
          Ridge(count * (to - from), I, D, x.data(), y.data(), s.ridge, all.data(), /*free_last=*/false);
      std::copy(w.begin(), w.end(), w_.begin() + t * I * D);
    });
    in.progress(static_cast<int>(std::min(begin + kTogether, T)), static_cast<int>(T));
  }
  std::vector<double> squares(static_cast<size_t>(D), 0.0);
  for (int64_t e = first; e < first + count; ++e) {
    const std::vector<double> of = SquaredErrors(in.data, e);
    for (size_t d = 0; d < squares.size(); ++d) squares[d] += of[d] / static_cast<double>(count);
  }
  double nll = 0;
  for (size_t d = 0; d < squares.size(); ++d) {
    residual_sd_[d] = std::max(static_cast<float>(std::sqrt(squares[d])), kResidualFloor);
    nll += 0.5 * squares[d] / (residual_sd_[d] * residual_sd_[d]) + std::log(residual_sd_[d]) + kHalfLogTwoPi;
  }
  report.steps = in.steps;
  report.scalars["linear.train_error"] = root_mean(squares);
  report.scalars["linear.train_nll"] = nll;
  return report;
}

LinearModel::Nll LinearModel::Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief&,
                                       int64_t physics_states) const {
  const std::vector<double> squares = SquaredErrors(data, episode);
  Nll nll;
  for (int64_t d = 0; d < outputs(); ++d) {
    const auto at = static_cast<size_t>(d);
    const double sd = residual_sd_[at];
    const bool physics = d < physics_states || d == states_;
    const double nats = 0.5 * squares[at] / (sd * sd) + std::log(sd) + kHalfLogTwoPi;
    (physics ? nll.physics : nll.distractors) += nats;
    if (physics) nll.by_output.push_back(nats);
  }
  return nll;
}

bool LinearModel::finite() const {
  return std::all_of(w_.begin(), w_.end(), [](float x) { return std::isfinite(x); });
}

void LinearModel::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const int64_t at = count > 0 ? states_ : states_ + count, T = trained() ? steps() : 0;
  const int64_t I = inputs() + 1, D = outputs(), next_I = I + count, next_D = D + count;
  // Those that stay, at their new places; new ones lead nowhere and stand where their mean is.
  const auto moved = [at, count](int64_t i) {
    return i < at ? i : count < 0 && i < at - count ? int64_t{-1} : i + count;
  };
  std::vector<float> next(static_cast<size_t>(T * next_I * next_D), 0.0f);
  for (int64_t t = 0; t < T; ++t)
    for (int64_t i = 0; i < I; ++i)
      for (int64_t d = 0; d < D; ++d)
        if (moved(i) >= 0 && moved(d) >= 0)
          next[static_cast<size_t>((t * next_I + moved(i)) * next_D + moved(d))] =
              w_[static_cast<size_t>((t * I + i) * D + d)];
  w_ = std::move(next);
  if (count > 0) residual_sd_.insert(residual_sd_.begin() + at, static_cast<size_t>(count), 1.0f);
  if (count < 0) residual_sd_.erase(residual_sd_.begin() + at, residual_sd_.begin() + at - count);
  EditNormaliser(states_, count, inserted, &normaliser_);
  states_ += count;
}

void LinearModel::SaveFunction(ArchiveWriter& out) const {
  out.Put("linear.steps", trained() ? steps() : int64_t{0});
  out.Put("linear.w", w_);
  out.Put("linear.residual_sd", residual_sd_);
  PutNormaliser(normaliser_, "linear", out);
}

void LinearModel::LoadFunction(const ArchiveReader& in) {
  const int64_t T = in.Int("linear.steps");
  std::vector<float> w = in.Floats("linear.w"), residual = in.Floats("linear.residual_sd");
  if (T < 0 || static_cast<int64_t>(w.size()) != T * (inputs() + 1) * outputs() ||
      static_cast<int64_t>(residual.size()) != outputs())
    throw FormatError("linear.w: a model of another shape");
  w_ = std::move(w);
  residual_sd_ = std::move(residual);
  normaliser_ = NormaliserFrom(in, "linear");
}

}  // namespace equipoise::model
