#include "engine/run/decision_moment.h"

#include <algorithm>

#include "engine/base/checksum.h"
#include "engine/config/config_file.h"
#include "engine/learn/backend.h"
#include "engine/learn/model_based.h"
#include "engine/learn/sac.h"

namespace equipoise::run {

env::DistractorSpec DistractorSpecOf(const config::Settings& s) {
  const auto& d = s.distractors;
  return {d.groups, d.sinusoids, d.amplitude, d.shortest_period, d.longest_period};
}

uint32_t Checksum(const learn::StartPool& starts, int64_t physics_states) {
  constexpr int64_t kSample = 200;
  std::vector<float> rows(static_cast<size_t>(kSample * physics_states));
  Stream which(0, "moment.starts"), phases(0, "moment.phases");
  starts.Fill(kSample, nullptr, which, phases, rows.data());
  return Crc32(rows.data(), rows.size() * sizeof(float));
}

eps::CheckInputs CheckInputsOf(const config::Settings& s, const model::WorldModel& model,
                               const nets::Policy& model_based, const nets::Policy* model_free,
                               const learn::StartPool& starts, const env::Distractors* distractors,
                               int64_t physics_states, int horizon, int episode) {
  const bool both = model_free != nullptr;
  eps::Pairing pairing = eps::Pairing::kNoise;
  if (s.eps.pairing == "none") pairing = eps::Pairing::kNone;
  if (s.eps.pairing == "starts") pairing = eps::Pairing::kStarts;
  const int masks = both ? s.eps.masks : std::min(s.eps.masks, s.log.holdout_masks);
  const int rollouts = both ? s.eps.rollouts : std::min(s.eps.rollouts, 5);
  return {model,
          &model_based,
          model_free,
          starts,
          distractors,
          physics_states,
          horizon,
          static_cast<uint64_t>(s.run.seed),
          static_cast<uint64_t>(episode),
          masks,
          rollouts,
          pairing,
          both && s.eps.early_exit,
          {}};
}

namespace {

constexpr const char* kModelEntries[] = {"model.net", "model.x_mean", "model.x_sd", "model.y_mean", "model.y_sd"};

}  // namespace

void SaveMoment(const DecisionParts& p, ArchiveWriter& out) {
  out.Put("moment.episode", static_cast<int64_t>(p.episode));
  out.Put("moment.shape", std::vector<int64_t>{p.physics_states, p.actions, p.horizon});
  const std::vector<int>& wrapped = p.model.spec().wrapped;
  out.Put("moment.wrapped", std::vector<int64_t>(wrapped.begin(), wrapped.end()));
  out.Put("moment.starts", static_cast<int64_t>(Checksum(p.starts, p.physics_states)));
  out.Put("moment.model_free", static_cast<int64_t>(p.model_free != nullptr));
  out.Put("settings", config::ToJson(p.settings));
  const replay::Normaliser& n = p.model.normaliser();
  out.Put("model.net", p.model.parameters().values);
  out.Put("model.x_mean", n.x_mean);
  out.Put("model.x_sd", n.x_sd);
  out.Put("model.y_mean", n.y_mean);
  out.Put("model.y_sd", n.y_sd);
  p.model_based.Save(out, "mb.policy");
  if (p.model_free != nullptr) p.model_free->Save(out, "sac.policy");
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
  m.distractors = env::Distractors(DistractorSpecOf(s));
  const int64_t states = m.physics_states + (s.distractors.active ? m.distractors.size() : 0);
  const std::vector<int64_t> wrapped = in.Ints("moment.wrapped");
  Stream unused(0, "moment.init");
  const model::LstmSpec spec = model::LstmSpecOf(s, states, m.actions, {wrapped.begin(), wrapped.end()});
  // Where the decision was made, so that it is made again to the bit; elsewhere, when that device is not here.
  const auto backend = learn::FindBackend(s.run.device);
  m.model = backend.ok() ? backend.value()->NewModel(spec, s.model.dropout, unused)
                         : std::make_unique<model::DropoutLstm>(spec, s.model.dropout, unused);
  // A model loads as a whole; its optimiser was not kept, and nothing trains here.
  ArchiveWriter whole;
  for (const char* name : kModelEntries) whole.Put(name, in.Floats(name));
  whole.Put("model.trained", int64_t{1});
  nets::Adam(m.model->parameters().layout.total()).Save(whole, "model.adam");
  const auto parsed = ArchiveReader::Parse(whole.Finish(), "the kept model");
  EQ_CHECK(parsed.ok(), "an archive of our own cannot be read");
  m.model->Load(parsed.value());
  learn::ModelBasedLearner model_based(states, m.actions, s);
  model_based.mutable_policy().Load(in, "mb.policy");
  m.model_based = model_based.policy();
  if (in.Int("moment.model_free") != 0) {
    learn::SacLearner model_free(states, m.actions, s);
    model_free.mutable_policy().Load(in, "sac.policy");
    m.model_free = model_free.policy();
  }
  return m;
}

}  // namespace equipoise::run
