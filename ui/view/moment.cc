#include "ui/view/moment.h"

#include <algorithm>

#include "ui/view/facts.h"
#include "ui/view/scene_choices.h"

namespace equipoise::ui {
namespace {

// The newest decision may already be that of the next episode.
std::string WhyOf(const run::Snapshot& snapshot, int episode, bool random) {
  if (random) {  // it may not be recorded yet
    eps::Decision decision;
    decision.reason = eps::Reason::kRandom;
    return eps::Explain(decision, PartsOf(snapshot)).Why();
  }
  if (snapshot.decision != nullptr && snapshot.decision->episode == episode)
    return eps::Explain(*snapshot.decision, PartsOf(snapshot)).Why();
  const run::EpisodeSummary* record = FindEpisode(snapshot, episode);
  return record != nullptr ? eps::Explain(record->decision, PartsOf(snapshot)).Why() : "";
}

// The pose after `step` steps; `known`: steps whose rewards may be read.
Moment MomentOf(const run::Snapshot& snapshot, const run::EpisodeTrace& trace, int step, int known) {
  Moment m;
  m.any = true;
  m.episode = trace.episode;
  m.pick = trace.pick;
  m.reason = trace.reason;
  const bool random = trace.pick.random();
  m.why = WhyOf(snapshot, trace.episode, random);
  m.step = step;
  m.steps = trace.steps();
  m.qpos_size = trace.qpos_size;
  const auto at = static_cast<size_t>(step);
  const auto row = [at](const std::vector<double>& all, int size) -> const double* {
    const size_t first = at * static_cast<size_t>(size);
    return size > 0 && first + static_cast<size_t>(size) <= all.size() ? all.data() + first : nullptr;
  };
  m.qpos = row(trace.qpos, trace.qpos_size);
  m.qvel = row(trace.qvel, trace.qvel_size);
  m.ctrl = row(trace.ctrl, trace.ctrl_size);
  if (m.qvel == nullptr || m.ctrl == nullptr) m.qvel = m.ctrl = nullptr;
  m.reward = trace.reward.data();
  m.known = known;
  if (step > 0) {
    m.reward_now = trace.reward[at - 1];
    if (at - 1 < trace.terms.size()) m.terms = &trace.terms[at - 1];
  }
  for (size_t i = 0; i < at; ++i) m.return_so_far += trace.reward[i];
  return m;
}

}  // namespace

Moment LiveMoment(const run::Snapshot& snapshot) {
  const run::LiveStep& live = snapshot.live;
  Moment m;
  if (live.trace != nullptr) m = MomentOf(snapshot, *live.trace, live.step, live.step);
  m.live = true;
  if (m.steps == 0) m.steps = snapshot.info != nullptr ? snapshot.info->horizon : 0;
  m.return_so_far = live.episode_return;
  return m;
}

Moment PlaybackMoment(const run::Snapshot& snapshot, const Playback& playback) {
  const run::EpisodeTrace* trace = playback.trace().get();
  if (trace == nullptr) return {};
  return MomentOf(snapshot, *trace, std::clamp(playback.step(), 0, trace->steps()), trace->steps());
}

// At full speed an episode is acted in milliseconds: the scene would only flicker, so the loop stays.
bool ShowsLive(const run::Snapshot& snapshot, const SceneChoices& scene) {
  // Where nothing was acted in this process there is no live body; the last episode is the nearest to it.
  const bool any = snapshot.live.trace != nullptr || snapshot.trace == nullptr;
  if (scene.source != SceneSource::kAutomatic) return scene.source == SceneSource::kLive && any;
  if (scene.playback.pinned()) return false;
  if (!snapshot.live.acting) return false;
  return snapshot.speed > 0 || snapshot.state == run::RunState::kPaused || snapshot.trace == nullptr;
}

Moment SceneMoment(const run::Snapshot& snapshot, const SceneChoices& scene) {
  return ShowsLive(snapshot, scene) ? LiveMoment(snapshot) : PlaybackMoment(snapshot, scene.playback);
}

}  // namespace equipoise::ui
