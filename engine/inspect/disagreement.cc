#include "engine/inspect/disagreement.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/base/check.h"
#include "engine/base/flush_to_zero.h"
#include "engine/base/quantile.h"
#include "engine/env/sees_terms.h"
#include "engine/eps/information.h"
#include "engine/model/imagination.h"

namespace equipoise::run {
namespace {

size_t PlaceOf(const eps::CheckInputs& in, const eps::Pick& policy) {
  size_t which = 0;
  while (which < in.policies.size() && in.policies[which].id != policy) ++which;
  EQ_CHECK(which < in.policies.size(), "a policy that was not kept");
  return which;
}

// Null: nothing of its reward follows from what is observed.
const env::SeesTerms* Seeing(const env::Task& task) { return dynamic_cast<const env::SeesTerms*>(&task); }

std::vector<std::string> TermNames(const env::Task& task) {
  const env::SeesTerms* sees = Seeing(task);
  return sees != nullptr ? sees->SeenTermNames() : std::vector<std::string>();
}

// Adds what one policy's rollouts earn to the parts, with a sign; `worth` by rollout.
class Adder {
 public:
  Adder(const eps::CheckInputs& in, const env::Task& task, int mask, int rollouts, const model::Belief& belief)
      : in_(in), sees_(Seeing(task)), mask_(mask), rollouts_(rollouts), belief_(belief) {}

  void Add(size_t which, double sign, std::vector<double>* worth, DifferenceParts* parts) const {
    model::Imagination rolled(in_.model, *in_.policies[which].policy);
    std::unique_ptr<eps::Information> taught;
    if (in_.bonus > 0) taught = std::make_unique<eps::Information>(in_.model, eps::ProbesOf(in_));
    int64_t done = 0;
    for (int block = 0; done < rollouts_ && in_.BlockSize(block) > 0; ++block) {
      const int64_t here = in_.BlockSize(block);
      const eps::Draws draws = eps::DrawsOf(in_, which, mask_, 1, block);
      {
        const ScopedFlushToZero flush;
        rolled.Run({here, in_.horizon, draws.start.data(), nullptr, &belief_, draws.action_noise.data(),
                    draws.dynamics_noise.data()},
                   model::Keep::kSteps);
        if (taught != nullptr) taught->Measure(rolled);
      }
      for (int64_t row = 0; row < here && done < rollouts_; ++row, ++done)
        AddRollout(rolled, taught.get(), row, sign, &(*worth)[static_cast<size_t>(done)], parts);
    }
  }

 private:
  void AddRollout(const model::Imagination& rolled, const eps::Information* taught, int64_t row, double sign,
                  double* worth, DifferenceParts* parts) const {
    const replay::Normaliser& n = in_.model.normaliser();
    const int64_t S = in_.model.states(), A = in_.model.actions();
    const double share = sign / rollouts_;
    std::vector<double> action(static_cast<size_t>(A)), observation(static_cast<size_t>(S)),
        terms(parts->by_term.size());
    for (int64_t t = 0; t < in_.horizon; ++t) {
      const double reward = rolled.raw_reward(t, row);
      const double bonus = taught != nullptr ? in_.bonus * taught->nats(t, row) : 0;
      *worth += sign * (reward + bonus);
      parts->by_step[static_cast<size_t>(t)] += share * (reward + bonus);
      parts->bonus += share * bonus;
      double rest = reward;
      if (!terms.empty()) {
        for (int64_t j = 0; j < A; ++j) action[static_cast<size_t>(j)] = rolled.action(t)[row * A + j];
        for (int64_t j = 0; j < S; ++j) {
          const auto k = static_cast<size_t>(j);
          observation[k] = rolled.z(t + 1)[row * S + j] * n.x_sd[k] + n.x_mean[k];
        }
        sees_->SeenTerms(action.data(), observation.data(), terms.data());
        for (size_t k = 0; k < terms.size(); ++k) {
          parts->by_term[k] += share * terms[k];
          rest -= terms[k];
        }
      }
      parts->rest += share * rest;
    }
  }

  const eps::CheckInputs& in_;
  const env::SeesTerms* sees_;
  const int mask_;
  const int rollouts_;
  const model::Belief& belief_;
};

}  // namespace

Disagree DisagreeOf(const eps::Decision& decision) {
  const eps::Comparison& turned = decision.turned_on();
  return {decision.episode, turned.preferred, turned.challenger, static_cast<int>(turned.delta.size()),
          decision.mask_rollouts};
}

bool operator==(const Disagree& a, const Disagree& b) {
  return a.episode == b.episode && a.preferred == b.preferred && a.challenger == b.challenger && a.masks == b.masks &&
         a.mask_rollouts == b.mask_rollouts;
}

DifferenceParts PartsOfDifference(const eps::CheckInputs& in, const env::Task& task, const eps::Pick& preferred,
                                  const eps::Pick& challenger, int mask, int rollouts, const model::Belief& belief) {
  DifferenceParts parts;
  parts.by_step.assign(static_cast<size_t>(in.horizon), 0.0);
  parts.by_term.assign(TermNames(task).size(), 0.0);
  std::vector<double> worth(static_cast<size_t>(rollouts), 0.0);  // challenger - preferred, by pair
  const Adder adder(in, task, mask, rollouts, belief);
  adder.Add(PlaceOf(in, challenger), 1, &worth, &parts);
  adder.Add(PlaceOf(in, preferred), -1, &worth, &parts);
  double square = 0;
  for (const double w : worth) parts.delta += w / rollouts;
  for (const double w : worth) square += (w - parts.delta) * (w - parts.delta);
  parts.standard_error = rollouts > 1 ? std::sqrt(square / (rollouts - 1) / rollouts) : NAN;
  return parts;
}

void Split(const eps::CheckInputs& in, const env::Task& task, Disagreement* out) {
  const auto T = static_cast<size_t>(in.horizon);
  out->horizon = in.horizon;
  out->term_names = TermNames(task);
  out->has_bonus = in.bonus > 0;
  for (int mask = 0; mask < out->request.masks; ++mask) {
    const auto i = static_cast<size_t>(mask);
    const int rollouts = i < out->request.mask_rollouts.size() ? out->request.mask_rollouts[i] : in.rollouts;
    out->masks.push_back(PartsOfDifference(in, task, out->request.preferred, out->request.challenger, mask, rollouts,
                                           eps::MaskOf(in, mask)));
  }
  DifferenceParts& all = out->all;
  all.by_step.assign(T, 0.0);
  all.by_term.assign(out->term_names.size(), 0.0);
  all.standard_error = NAN;
  std::vector<const DifferenceParts*> finite;
  for (const DifferenceParts& parts : out->masks)
    if (std::isfinite(parts.delta)) finite.push_back(&parts);
  const auto count = static_cast<double>(finite.size());
  for (const DifferenceParts* parts : finite) {
    all.delta += parts->delta / count;
    all.bonus += parts->bonus / count;
    all.rest += parts->rest / count;
    for (size_t t = 0; t < T; ++t) all.by_step[t] += parts->by_step[t] / count;
    for (size_t k = 0; k < all.by_term.size(); ++k) all.by_term[k] += parts->by_term[k] / count;
  }
  if (finite.empty()) return;
  std::vector<double> sums(finite.size(), 0.0);
  for (size_t t = 0; t < T; ++t) {
    for (size_t i = 0; i < finite.size(); ++i) sums[i] += finite[i]->by_step[t];
    out->lowest.push_back(Quantile(sums, 0.05));
    out->highest.push_back(Quantile(sums, 0.95));
  }
}

}  // namespace equipoise::run
