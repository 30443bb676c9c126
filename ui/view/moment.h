// moment.h: what the scene shows right now: a step of the episode being acted, or of the last one in the loop.
//
// Everything in it is of the body that is shown: while learners train for the next episode, the live one still stands
// where the last episode ended, and its name, actor and return are that episode's.
//
// Units    rewards raw; steps are environment steps, step 0 is the start pose
// Thread   window thread
#pragma once

#include <string>
#include <vector>

#include "engine/record/snapshot.h"
#include "ui/view/playback.h"

namespace equipoise::ui {

struct SceneChoices;

struct Moment {
  bool live = false;
  bool any = false;  // false: nothing has been acted yet; the initial pose is shown
  int episode = 0;
  eps::Pick pick;
  eps::Reason reason = eps::Reason::kRandom;
  std::string why;               // one clause or two
  const double* qpos = nullptr;  // points into the snapshot or the trace
  int qpos_size = 0;
  const double *qvel = nullptr, *ctrl = nullptr;  // null: not recorded
  int step = 0, steps = 0;                        // of the whole episode
  const double* reward = nullptr;                 // by step, as many as are known
  int known = 0;                                  // of the live one those up to where acting is, else all
  const std::vector<double>* terms = nullptr;     // of the step that led here; null at step 0
  double reward_now = 0, return_so_far = 0;       // of the step that led here; the sum up to it
};
Moment LiveMoment(const run::Snapshot& snapshot);
Moment PlaybackMoment(const run::Snapshot& snapshot, const Playback& playback);

// Does the scene, when it shows no imagination, show the live body? Else the loop. And what it shows then.
bool ShowsLive(const run::Snapshot& snapshot, const SceneChoices& scene);
Moment SceneMoment(const run::Snapshot& snapshot, const SceneChoices& scene);

}  // namespace equipoise::ui
