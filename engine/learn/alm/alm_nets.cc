#include "engine/learn/alm/alm_nets.h"

#include <algorithm>

#include "engine/nets/orthogonal.h"

namespace equipoise::learn {
namespace {

using nets::Activation;

constexpr int kCritics = 2;

uint64_t SeedOf(const config::Settings& s) { return static_cast<uint64_t>(s.run.seed); }

nets::MlpSpec SpecOf(const AlmSettings& alm, int64_t inputs, int64_t outputs, Activation activation) {
  return {inputs, alm.hidden, alm.layers, outputs, activation};
}

void StartOrthogonal(nets::Parameters* net, Stream& stream) {
  for (int i = 0; i < net->layout.size(); ++i) {
    const nets::Block& block = net->layout[i];
    if (block.name[0] == 'w') nets::FillOrthogonal(i, block.cols, 1.0, stream, net);
    if (block.name[0] == 'b') net->Fill(i, 0.0f);
  }
}

TargetedNet NewEncoder(int64_t states, const config::Settings& s) {
  const AlmSettings& alm = s.Of<AlmSettings>();
  Stream stream(SeedOf(s), "init.alm.encoder");
  TargetedNet encoder(SpecOf(alm, states, 2 * alm.latent, Activation::kElu), stream);
  StartOrthogonal(&encoder.net, stream);
  encoder.target = encoder.net;
  return encoder;
}

AlmNet NewNet(const char* name, const nets::MlpSpec& spec, const config::Settings& s) {
  Stream stream(SeedOf(s), std::string("init.alm.") + name);
  AlmNet made{spec, nets::MakeMlp(spec, stream), {}};
  StartOrthogonal(&made.net, stream);
  made.adam = nets::Adam(made.net.layout.total());
  return made;
}

AlmNet NewModel(int64_t actions, const config::Settings& s) {
  const AlmSettings& alm = s.Of<AlmSettings>();
  nets::MlpSpec spec = SpecOf(alm, alm.latent + actions, 2 * alm.latent, Activation::kElu);
  spec.hidden = alm.model_hidden;
  return NewNet("model", spec, s);
}

KeptCritics NewCritics(int64_t actions, const config::Settings& s) {
  const AlmSettings& alm = s.Of<AlmSettings>();
  KeptCritics critics(AlmSettings::kSection, kCritics, alm.latent,
                      SpecOf(alm, alm.latent + actions, 1, Activation::kLayerNormRelu), SeedOf(s), "init.alm.critic");
  for (size_t j = 0; j < critics.size(); ++j) {
    Stream stream(SeedOf(s), "init.alm.critic_weights", j);
    StartOrthogonal(&critics.nets()[j].net, stream);
    critics.nets()[j].target = critics.nets()[j].net;
  }
  return critics;
}

const TargetedNames& EncoderNames() {
  static const TargetedNames names{"alm.encoder", "alm.encoder_target", "alm.encoder_adam"};
  return names;
}

}  // namespace

AlmNets::AlmNets(int64_t states, int64_t actions, const config::Settings& s)
    : encoder(NewEncoder(states, s)),
      model(NewModel(actions, s)),
      reward(NewNet("reward",
                    SpecOf(s.Of<AlmSettings>(), s.Of<AlmSettings>().latent + actions, 1, Activation::kLayerNormRelu),
                    s)),
      classifier(NewNet(
          "classifier",
          SpecOf(s.Of<AlmSettings>(), 2 * s.Of<AlmSettings>().latent + actions, 2, Activation::kLayerNormRelu), s)),
      actor(NewNet("actor", SpecOf(s.Of<AlmSettings>(), s.Of<AlmSettings>().latent, actions, Activation::kElu), s)),
      critics(NewCritics(actions, s)) {}

void AlmNets::EditStates(int64_t count) { encoder.EditInputs(count > 0 ? states() : states() + count, count); }

bool AlmNets::finite() const { return encoder.net.finite() && actor.net.finite(); }

void AlmNets::Save(ArchiveWriter& out) const {
  learn::Save(encoder, EncoderNames(), out);
  const auto save = [&out](const std::string& name, const AlmNet& net) {
    out.Put("alm." + name, net.net.values);
    net.adam.Save(out, "alm." + name + "_adam");
  };
  save("model", model);
  save("reward", reward);
  save("classifier", classifier);
  save("actor", actor);
  critics.Save(out);
}

void AlmNets::Load(const ArchiveReader& in) {
  learn::Load(in, EncoderNames(), &encoder);
  const auto load = [&in](const std::string& name, AlmNet* net) {
    in.Get("alm." + name, net->net.values.data(), net->net.values.size());
    net->adam.Load(in, "alm." + name + "_adam", net->net.layout.total());
  };
  load("model", &model);
  load("reward", &reward);
  load("classifier", &classifier);
  load("actor", &actor);
  critics.Load(in);
}

AlmWeights::AlmWeights(const nets::NetworkParts& parts, AlmNets* kept)
    : encoder(parts.NewWeights(&kept->encoder.net, &kept->encoder.adam)),
      slow_encoder(parts.NewWeights(&kept->encoder.target, nullptr)),
      model(parts.NewWeights(&kept->model.net, &kept->model.adam)),
      reward(parts.NewWeights(&kept->reward.net, &kept->reward.adam)),
      classifier(parts.NewWeights(&kept->classifier.net, &kept->classifier.adam)),
      actor(parts.NewWeights(&kept->actor.net, &kept->actor.adam)) {
  for (TargetedNet& critic : kept->critics.nets()) {
    critics.push_back(parts.NewWeights(&critic.net, &critic.adam));
    slow_critics.push_back(parts.NewWeights(&critic.target, nullptr));
  }
}

void AlmWeights::MoveSlower(double tau) {
  slow_encoder->MoveTowards(*encoder, tau);
  for (size_t j = 0; j < critics.size(); ++j) slow_critics[j]->MoveTowards(*critics[j], tau);
}

std::vector<nets::Weights*> AlmWeights::Stepped() const {
  std::vector<nets::Weights*> all = {encoder.get(), model.get(), reward.get(), classifier.get(), actor.get()};
  for (const Weights& critic : critics) all.push_back(critic.get());
  return all;
}

void AlmWeights::Store() {
  for (nets::Weights* net : Stepped()) net->Store();
  slow_encoder->Store();
  for (const Weights& critic : slow_critics) critic->Store();
}

int AlmWeights::skipped() const {
  int skipped = 0;
  for (const nets::Weights* net : Stepped()) skipped += net->skipped();
  return skipped;
}

bool AlmWeights::reloaded() const {
  const auto all = Stepped();
  return std::any_of(all.begin(), all.end(), [](const nets::Weights* net) { return net->reloaded(); });
}

void JoinColumns(int64_t n, const std::vector<Columns>& parts, std::vector<float>* joint) {
  int64_t all = 0, first = 0;
  for (const Columns& part : parts) all += part.width;
  joint->resize(static_cast<size_t>(n * all));
  for (const Columns& part : parts) {
    for (int64_t i = 0; i < n; ++i)
      std::copy_n(part.from + i * part.width, part.width, joint->data() + i * all + first);
    first += part.width;
  }
}

void AddColumns(int64_t n, int64_t all, int64_t first, int64_t width, const std::vector<float>& joint, float* to) {
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < width; ++k) to[i * width + k] += joint[static_cast<size_t>(i * all + first + k)];
}

}  // namespace equipoise::learn
