#include "ui/moment.h"

#include <algorithm>
#include <cmath>

#include "ui/facts.h"

namespace equipoise::ui {
namespace {

std::string WhyOf(const eps::Decision* decision, bool random) {
  if (decision != nullptr) return Why(*decision);
  return random ? "A random episode: learning has not begun." : "";
}

}  // namespace

void Follow(const run::Snapshot& snapshot, LiveTrail* trail) {
  if (!snapshot.live.acting) return;
  const int episode = ActedEpisode(snapshot);
  const auto step = static_cast<size_t>(std::max(0, snapshot.live.step));
  if (trail->episode != episode || step < trail->reward.size()) *trail = {episode, {}};
  if (step == 0) return;
  trail->reward.resize(step, NAN);
  trail->reward.back() = snapshot.live.reward;
}

std::string Why(const eps::Decision& decision) {
  std::string text = eps::Sentence(decision);
  for (const char* who : {" Model-based acts.", " SAC acts.", " Random actions are taken."}) {
    const std::string tail = who;
    if (text.size() > tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0) {
      return text.substr(0, text.size() - tail.size());
    }
  }
  return text;
}

Moment LiveMoment(const run::Snapshot& snapshot, const LiveTrail& trail) {
  Moment m;
  m.live = true;
  const run::LiveStep& live = snapshot.live;
  m.any = !live.qpos.empty();
  m.episode = ActedEpisode(snapshot);
  const bool random = m.episode <= 0;
  const eps::Decision* decision = snapshot.decision.get();
  if (random || (decision != nullptr && decision->episode != m.episode)) decision = nullptr;
  if (decision != nullptr) {
    m.pick = decision->pick;
    m.reason = decision->reason;
  }
  m.why = WhyOf(decision, random);
  m.qpos = live.qpos.empty() ? nullptr : live.qpos.data();
  m.qpos_size = static_cast<int>(live.qpos.size());
  if (!live.qvel.empty() && !live.ctrl.empty()) {
    m.qvel = live.qvel.data();
    m.ctrl = live.ctrl.data();
  }
  m.step = live.step;
  m.steps = snapshot.info != nullptr ? snapshot.info->horizon : 0;
  m.reward = &trail.reward;
  m.terms = live.step > 0 ? &live.terms : nullptr;
  m.reward_now = live.reward;
  m.return_so_far = live.episode_return;
  return m;
}

Moment PlaybackMoment(const run::Snapshot& snapshot, const Playback& playback) {
  Moment m;
  const run::EpisodeTrace* trace = playback.trace().get();
  if (trace == nullptr) return m;
  m.any = true;
  m.episode = trace->episode;
  m.pick = trace->pick;
  m.reason = trace->reason;
  const run::EpisodeRecord* record = FindEpisode(snapshot, trace->episode);
  const bool random = trace->pick == eps::Pick::kRandom;
  m.why = WhyOf(record != nullptr && !random ? &record->decision : nullptr, random);
  m.steps = trace->steps();
  m.step = std::clamp(playback.step(), 0, m.steps);
  m.qpos_size = trace->qpos_size;
  const auto first = static_cast<size_t>(m.step) * static_cast<size_t>(trace->qpos_size);
  if (first + static_cast<size_t>(trace->qpos_size) <= trace->qpos.size()) m.qpos = trace->qpos.data() + first;
  const auto at = static_cast<size_t>(m.step);
  if (trace->qvel_size > 0 && trace->ctrl_size > 0 && m.qpos != nullptr) {
    m.qvel = trace->qvel.data() + at * static_cast<size_t>(trace->qvel_size);
    m.ctrl = trace->ctrl.data() + at * static_cast<size_t>(trace->ctrl_size);
  }
  m.reward = &trace->reward;
  if (m.step > 0) {
    const auto led = static_cast<size_t>(m.step - 1);
    m.reward_now = trace->reward[led];
    if (led < trace->terms.size()) m.terms = &trace->terms[led];
  }
  for (size_t i = 0; i < static_cast<size_t>(m.step); ++i) m.return_so_far += trace->reward[i];
  return m;
}

}  // namespace equipoise::ui
