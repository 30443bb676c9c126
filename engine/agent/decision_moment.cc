#include "engine/agent/decision_moment.h"

#include <utility>

#include "engine/agent/recipes.h"
#include "engine/base/checksum.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/learn/backend.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::run {

uint32_t Checksum(const learn::StartPool& starts, int64_t physics_states) {
  constexpr int64_t kSample = 200;
  std::vector<float> rows(static_cast<size_t>(kSample * physics_states));
  Stream which(0, "moment.starts"), phases(0, "moment.phases");
  starts.Fill(kSample, nullptr, which, phases, rows.data());
  return Crc32(rows.data(), rows.size() * sizeof(float));
}

namespace {

std::string PolicyEntry(const std::string& id) { return id + ".policy"; }

constexpr const char* kModelEntries[] = {"model.net", "model.x_mean", "model.x_sd", "model.y_mean", "model.y_sd"};

}  // namespace

void SaveMoment(const DecisionParts& p, ArchiveWriter& out) {
  out.Put("moment.episode", static_cast<int64_t>(p.episode));
  out.Put("moment.shape", std::vector<int64_t>{p.physics_states, p.actions, p.horizon});
  out.Put("moment.wrapped", std::vector<int64_t>(p.wrapped.begin(), p.wrapped.end()));
  out.Put("moment.starts", static_cast<int64_t>(Checksum(p.starts, p.physics_states)));
  out.Put("settings", config::ToJson(p.settings));
  p.model.SaveFunction(out);
  for (const eps::ImaginedPolicy& policy : p.policies) policy.policy->Save(out, PolicyEntry(policy.id.id()));
}

DecisionMoment LoadMoment(const ArchiveReader& in) {
  DecisionMoment m;
  m.episode = static_cast<int>(in.Int("moment.episode"));
  const std::vector<int64_t> shape = in.Ints("moment.shape");
  if (shape.size() != 3) throw FormatError("a decision of another shape");
  m.physics_states = shape[0];
  m.actions = shape[1];
  m.horizon = static_cast<int>(shape[2]);
  m.starts_checksum = static_cast<uint32_t>(in.Int("moment.starts"));
  const auto settings = config::FromJson(in.Text("settings"));
  if (!settings) throw FormatError(settings.error().message);
  m.settings = settings.value();
  const config::Settings& s = m.settings;
  const model::DropoutLstmSettings& lstm = s.Of<model::DropoutLstmSettings>();
  m.distractors = env::Distractors(env::DistractorSpecOf(s));
  const int64_t states = m.physics_states + (s.distractors.active ? m.distractors.size() : 0);
  const std::vector<int64_t> wrapped = in.Ints("moment.wrapped");
  Stream unused(0, "moment.init");
  const model::LstmSpec spec = model::LstmSpecOf(s, states, m.actions, {wrapped.begin(), wrapped.end()});
  // Where the decision was made, so that it is made again to the bit; elsewhere, when that device is not here.
  const auto backend = learn::FindBackend(s.run.device);
  m.model = std::make_unique<model::DropoutLstm>(spec, lstm.dropout, unused,
                                                 backend.ok() ? backend.value()->parts() : model::CpuParts());
  // A model loads as a whole; its optimiser was not kept, and nothing trains here.
  ArchiveWriter whole;
  for (const char* name : kModelEntries) whole.Put(name, in.Floats(name));
  whole.Put("model.trained", int64_t{1});
  nets::Adam(m.model->parameters().layout.total()).Save(whole, "model.adam");
  const auto parsed = ArchiveReader::Parse(whole.Finish(), "the kept model");
  EQ_CHECK(parsed.ok(), "an archive of our own cannot be read");
  m.model->Load(parsed.value());
  const nets::PartList parts = agent::PartsOf(s.run.agent);
  for (const nets::PartInfo* part : parts.Learners()) {
    m.policies.push_back({eps::Pick::Of(part->id), part->new_policy(states, m.actions, s)});
    m.policies.back().policy.Load(in, PolicyEntry(part->id));
  }
  return m;
}

const nets::Policy* DecisionMoment::Find(eps::Pick id) const {
  for (const Kept& kept : policies)
    if (kept.id == id) return &kept.policy;
  return nullptr;
}

eps::CheckInputs DecisionMoment::Check(const learn::StartPool& starts) const {
  std::vector<eps::ImaginedPolicy> all;
  for (const Kept& kept : policies) all.push_back({kept.id, &kept.policy});
  return eps::CheckInputsOf(settings, *model, std::move(all), starts, ActiveDistractors(), physics_states, horizon,
                            episode);
}

}  // namespace equipoise::run
