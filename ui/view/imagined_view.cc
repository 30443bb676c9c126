#include "ui/view/imagined_view.h"

#include <algorithm>
#include <cmath>

#include "ui/view/facts.h"

namespace equipoise::ui {
namespace {

constexpr double kPauseAtEnd = 0.6;  // seconds, so that the end is seen before the loop starts again
constexpr int kShownRollouts = 3;

}  // namespace

void Advance(ImaginedView* view, double seconds, double dt) {
  if (!view->playing || view->last() == 0 || !(dt > 0) || !(seconds > 0)) return;
  view->position += seconds / dt;
  if (view->position < view->last()) return;
  view->held += (view->position - view->last()) * dt;
  view->position = view->last();
  if (view->held < kPauseAtEnd || !view->loop) return;
  view->position = view->held = 0;
}

void Seek(ImaginedView* view, double position) {
  view->playing = false;
  view->held = 0;
  view->position = std::clamp(position, 0.0, static_cast<double>(view->last()));
}

void StepBy(ImaginedView* view, int steps) { Seek(view, std::floor(view->position) + steps); }

void TogglePlaying(ImaginedView* view) {
  view->playing = !view->playing;
  if (view->playing && view->position >= view->last()) view->position = view->held = 0;
}

double NextIn(const ImaginedView& view, double dt) {
  if (!view.playing || view.last() == 0) return INFINITY;
  if (view.position >= view.last()) return view.loop ? std::max(0.0, kPauseAtEnd - view.held) : INFINITY;
  return (std::floor(view.position) + 1 - view.position) * dt;
}

run::Shared<eps::Decision> ImaginedDecision(const run::Snapshot& snapshot, std::optional<int> selected_episode,
                                            const ImaginedView& view) {
  const bool real = !view.policy.has_value();
  if (selected_episode) {
    const run::EpisodeSummary* record = FindEpisode(snapshot, *selected_episode);
    if (record != nullptr) return run::WholeDecision(*record);
    if (!real && snapshot.decision != nullptr && snapshot.decision->episode == *selected_episode)
      return snapshot.decision;
  }
  if (!real && snapshot.decision != nullptr && snapshot.decision->evaluated > 0) return snapshot.decision;
  if (!snapshot.episodes) return nullptr;
  for (size_t i = snapshot.episodes->size(); i-- > 0;) {
    const run::EpisodeSummary& record = *(*snapshot.episodes)[i];
    if (record.episode > 0 && record.decision.evaluated > 0) return run::WholeDecision(record);
  }
  return nullptr;
}

int DecidingMask(const eps::Decision& decision) {
  const auto& delta = decision.delta();
  return delta.empty() ? 0 : static_cast<int>(std::min_element(delta.begin(), delta.end()) - delta.begin());
}

std::optional<run::Imagine> NewRequest(const eps::Decision* decision, std::optional<int> mask_a,
                                       const ImaginedView& view) {
  if (decision == nullptr || decision->episode < 1) return std::nullopt;
  run::Imagine request;
  request.episode = decision->episode;
  request.policy = view.policy;
  request.rollouts = kShownRollouts;
  const int a = mask_a.value_or(DecidingMask(*decision));
  request.masks = {std::min(a, std::max(0, decision->masks - 1))};
  if (view.second_mask && *view.second_mask != a && *view.second_mask < decision->masks)
    request.masks.push_back(*view.second_mask);
  if (view.asked && SameRequest(*view.asked, request)) return std::nullopt;
  return request;
}

bool SameRequest(const run::Imagine& a, const run::Imagine& b) {
  return a.episode == b.episode && a.policy == b.policy && a.masks == b.masks && a.rollouts == b.rollouts;
}

double ReturnUpTo(const run::Trajectory& trajectory, int step) {
  double sum = 0;
  const size_t count = std::min(trajectory.reward.size(), static_cast<size_t>(std::max(0, step)));
  for (size_t i = 0; i < count; ++i) sum += trajectory.reward[i];
  return sum;
}

double MostInformation(const run::Imagined& imagined) {
  double most = 0;
  for (const run::MaskImagined& mask : imagined.masks)
    for (const run::Trajectory& rollout : mask.rollouts)
      for (const double nats : rollout.information) most = nats > most ? nats : most;
  return most;
}

Spread ReturnUpTo(const run::MaskImagined& mask, int step) {
  Spread out{NAN, NAN};
  const auto n = static_cast<double>(mask.rollouts.size());
  if (mask.rollouts.empty()) return out;
  out.mean = 0;
  for (const run::Trajectory& rollout : mask.rollouts) out.mean += ReturnUpTo(rollout, step) / n;
  if (mask.rollouts.size() < 2) return out;
  double square = 0;
  for (const run::Trajectory& rollout : mask.rollouts) square += std::pow(ReturnUpTo(rollout, step) - out.mean, 2);
  out.sd = std::sqrt(square / (n - 1));
  return out;
}

}  // namespace equipoise::ui
