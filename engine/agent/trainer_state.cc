// Live changes of a trainer and its state as bytes; see trainer.h.
#include <algorithm>
#include <cmath>

#include "engine/agent/decision_moment.h"
#include "engine/agent/episode_block.h"
#include "engine/agent/trainer.h"
#include "engine/base/check.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/record/trace.h"

namespace equipoise::run {

void Trainer::Apply(const std::string& key, const config::Value& value) {
  const config::Settings before = settings_;
  const Status set = config::Set(settings_, key, value);
  EQ_CHECK(set.ok(), "an unchecked change: " + (set.ok() ? std::string() : set.error().message));
  for (const auto& part : agent_.parts) part->OnSettings(before, settings_);
  const env::DistractorSpec spec = env::DistractorSpecOf(settings_), old = env::DistractorSpecOf(before);
  const bool same = spec.groups == old.groups && spec.sinusoids == old.sinusoids && spec.amplitude == old.amplitude &&
                    spec.shortest_period == old.shortest_period && spec.longest_period == old.longest_period;
  if (!same) {
    // Those in force are others now: what the networks know of the old ones goes.
    if (data_.distracted()) SetDistracted(false);
    data_.SetDistractors(spec);
  }
  if (settings_.distractors.active != data_.distracted()) SetDistracted(settings_.distractors.active);
}

void Trainer::SetDistracted(bool on) {
  // Function-preserving: zero weights for new inputs, unit-sd heads for new outputs, and the statistics of
  // a sinusoid of random phase: value sd amplitude / sqrt 2, delta sd amplitude sqrt 2 sin(omega / 2).
  const env::Distractors& d = data_.distractors();
  const int64_t count = on ? d.size() : -d.size();
  const auto sd = static_cast<float>(d.spec().amplitude / std::sqrt(2.0));
  replay::Normaliser inserted;
  for (int g = 0; g < d.spec().groups; ++g) {
    for (double omega : d.omega()) {
      inserted.x_mean.push_back(0.0f);
      inserted.x_sd.push_back(std::max(sd, 1e-3f));
      inserted.y_mean.push_back(0.0f);
      inserted.y_sd.push_back(
          std::max(static_cast<float>(d.spec().amplitude * std::sqrt(2.0) * std::sin(omega / 2)), 1e-4f));
    }
  }
  data_.SetDistracted(on);
  for (const auto& part : agent_.parts) part->EditStates(count, inserted);
}

namespace {

void PutSim(ArchiveWriter& out, const env::SimState& sim) {
  out.Put("sim.qpos", sim.qpos);
  out.Put("sim.qvel", sim.qvel);
  out.Put("sim.warmstart", sim.warmstart);
  out.Put("sim.extra", sim.extra);
  out.Put("sim.time", sim.time);
}

}  // namespace

void Trainer::Save(ArchiveWriter& out) const {
  out.Put("settings", config::ToJson(settings_));
  out.Put("trainer.episodes", data_.size());
  out.Put("trainer.block_bytes", BlockBytes());
  out.Put("trainer.picked", static_cast<int64_t>(picked_));
  out.Put("trainer.gradient_steps", gradient_steps_);
  out.Put("trainer.picks", picks_);
  PutSim(out, collector_.task().Save());
  for (const auto& part : agent_.parts) part->Save(out);
  agent_.arbiter->Save(out);
  if (trace_ != nullptr) SaveTrace(*trace_, out);
}

void Trainer::Load(const ArchiveReader& in, const std::vector<std::string>& blocks) {
  EQ_CHECK(data_.size() == 0, "a trainer is loaded once");
  // The size of a block says how many phases it has room for; they differ between versions.
  const BlockShape recorded = ShapeOf(data_).FittedTo(in.Int("trainer.block_bytes"));
  block_groups_ = recorded.groups;
  block_latents_ = recorded.latents;
  if (block_groups_ < data_.distractors().spec().groups) throw FormatError("recorded episodes of another shape");
  for (const std::string& block : blocks) data_.Append(DecodeBlock(block, Shape()));
  picked_ = static_cast<int>(in.Int("trainer.picked"));
  gradient_steps_ = in.Int("trainer.gradient_steps");
  picks_ = in.Ints("trainer.picks");
  collector_.task().Restore({in.Doubles("sim.qpos"), in.Doubles("sim.qvel"), in.Doubles("sim.warmstart"),
                             in.Doubles("sim.extra"), in.Real("sim.time")});
  for (const auto& part : agent_.parts) part->Load(in);
  agent_.arbiter->Load(in);
  trace_ = LoadTrace(in);
}

BlockShape Trainer::Shape() const {
  BlockShape shape = ShapeOf(data_);
  shape.groups = block_groups_;
  shape.latents = block_latents_;
  return shape;
}

int64_t Trainer::BlockBytes() const { return Shape().bytes(); }

std::string Trainer::EpisodeBlock(int64_t index) const {
  return EncodeBlock(data_[index], Shape(), data_.distracted() ? data_.distractors().spec().groups : 0);
}

bool Trainer::SaveMoment(ArchiveWriter& out) const {
  if (agent_.model != nullptr ? !agent_.model->trained() : !agent_.plans()) return false;
  std::vector<eps::ImaginedPolicy> policies;
  for (const auto& controller : agent_.controllers)
    if (controller->policy() != nullptr) policies.push_back({agent::PickOf(controller.get()), controller->policy()});
  run::SaveMoment({picked_ + 1, settings_, data_.physics_states(), data_.actions(), horizon(), data_.wrapped(),
                   agent_.model, policies, starts_},
                  out);
  return true;
}

}  // namespace equipoise::run
