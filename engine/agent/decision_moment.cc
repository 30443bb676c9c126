#include "engine/agent/decision_moment.h"

#include <utility>

#include "engine/agent/recipes.h"
#include "engine/base/checksum.h"
#include "engine/config/config_file.h"
#include "engine/env/configured_task.h"
#include "engine/learn/backend.h"

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

}  // namespace

// What parts borrow stands beside them, at a place of its own.
struct DecisionMoment::Made {
  explicit Made(config::Settings in_force) : settings(std::move(in_force)) {}
  const config::Settings settings;
  const learn::StartPool starts;  // nobody imagines from here without saying from which
  agent::Agent agent;
};

void SaveMoment(const DecisionParts& p, ArchiveWriter& out) {
  out.Put("moment.episode", static_cast<int64_t>(p.episode));
  out.Put("moment.shape", std::vector<int64_t>{p.physics_states, p.actions, p.horizon});
  out.Put("moment.wrapped", std::vector<int64_t>(p.wrapped.begin(), p.wrapped.end()));
  out.Put("moment.starts", static_cast<int64_t>(Checksum(p.starts, p.physics_states)));
  out.Put("settings", config::ToJson(p.settings));
  if (p.model != nullptr) p.model->SaveFunction(out);
  for (const eps::ImaginedPolicy& policy : p.policies) policy.policy->Save(out, PolicyEntry(policy.id.id()));
}

DecisionMoment LoadMoment(const ArchiveReader& in) {
  DecisionMoment m;
  m.episode = static_cast<int>(in.Int("moment.episode"));
  const std::vector<int64_t> shape = in.Ints("moment.shape"), wrapped = in.Ints("moment.wrapped");
  if (shape.size() != 3) throw FormatError("a decision of another shape");
  m.physics_states = shape[0];
  m.actions = shape[1];
  m.horizon = static_cast<int>(shape[2]);
  m.wrapped.assign(wrapped.begin(), wrapped.end());
  m.starts_checksum = static_cast<uint32_t>(in.Int("moment.starts"));
  const auto settings = config::FromJson(in.Text("settings"));
  if (!settings) throw FormatError(settings.error().message);
  m.settings = settings.value();
  const config::Settings& s = m.settings;
  m.distractors = env::Distractors(env::DistractorSpecOf(s));
  const int64_t states = m.physics_states + (s.distractors.active ? m.distractors.size() : 0);
  const agent::Recipe* recipe = agent::FindRecipe(s.run.agent);
  if (recipe == nullptr) throw FormatError("a decision of an agent that this version does not have, " + s.run.agent);
  // Where the decision was made, so that it is made again to the bit; elsewhere, when that device is not here.
  auto backend = learn::FindBackend(s.run.device);
  if (!backend) backend = learn::FindBackend("cpu");
  m.made = std::make_shared<DecisionMoment::Made>(s);
  m.made->agent = recipe->make({m.made->settings, *backend.value(), m.made->starts, states, m.actions, m.wrapped});
  if (model::WorldModel* model = m.made->agent.model) {
    model->LoadFunction(in);
    m.model = model;
  }
  const nets::PartList parts = agent::PartsOf(s);
  for (const nets::PartInfo* part : parts.Learners()) {
    if (!part->imaginable()) continue;
    m.policies.push_back({eps::Pick::Of(part->id), part->new_policy(states, m.actions, s)});
    m.policies.back().policy.Load(in, PolicyEntry(part->id));
  }
  // Somebody may plan by what another one would do. The agent was made here, so it is ours to change.
  for (const auto& controller : m.made->agent.controllers)
    if (const nets::Policy* policy = controller->policy(); policy != nullptr)
      const_cast<nets::Policy*>(policy)->Load(in, PolicyEntry(controller->id()));
  return m;
}

const agent::Agent& DecisionMoment::agent() const { return made->agent; }

agent::Controller* DecisionMoment::Controller(eps::Pick id) const { return made->agent.Find(id); }

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
