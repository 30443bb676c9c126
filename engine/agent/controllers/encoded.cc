#include "engine/agent/controllers/encoded.h"

#include "engine/learn/alm/latent_actor.h"
#include "engine/learn/alm/latent_gaussian.h"

namespace equipoise::agent {

std::optional<nets::ActingFunction> Encoded::function(int64_t index) const {
  const learn::AlmNets& nets = learner_.nets();
  nets::ActingFunction f;
  f.mean.assign(static_cast<size_t>(nets.states()), 0.0f);  // it sees raw observations
  f.sd.assign(f.mean.size(), 1.0f);
  f.encoder_spec = nets.encoder.spec;
  f.encoder = nets.encoder.net;
  f.spec = nets.actor.spec;
  f.net = nets.actor.net;
  f.actions = nets.actions();
  f.noise_sd = learn::AlmNoiseSd(settings_, index);
  f.noise_theta = settings_.Of<learn::AlmSettings>().noise_theta;
  return f;
}

void Encoded::Begin(const EpisodeStart& start) {
  const learn::AlmNets& nets = learner_.nets();
  stream_ = start.NewStream("explore");
  noise_ = {learn::AlmNoiseSd(settings_, start.index), settings_.Of<learn::AlmSettings>().noise_theta};
  now_.assign(static_cast<size_t>(nets.actions()), 0.0f);
  encoder_.Resize(nets.encoder.spec, 1, false);
  actor_.Resize(nets.actor.spec, 1, false);
  mean_.resize(static_cast<size_t>(nets.latent()));
  sd_.resize(mean_.size());
}

ActResult Encoded::Act(const ActInputs& in) {
  const learn::AlmNets& nets = learner_.nets();
  encoder_.Evaluate(nets.encoder.net, in.observation, 0, 1);
  learn::LatentGaussian(1, nets.latent(), encoder_.output(0), mean_.data(), sd_.data());
  drawn_.resize(mean_.size());
  stream_->Normal(drawn_.data(), drawn_.size());
  for (size_t j = 0; j < mean_.size(); ++j) mean_[j] += sd_[j] * drawn_[j];
  actor_.Evaluate(nets.actor.net, mean_.data(), 0, 1);
  drawn_.resize(now_.size());
  stream_->Normal(drawn_.data(), drawn_.size());
  const learn::ExplorationNoise unit{1, noise_.theta};
  for (size_t j = 0; j < now_.size(); ++j) now_[j] = static_cast<float>(unit.Next(now_[j], drawn_[j]));
  ActResult did;
  did.action.resize(now_.size());
  learn::NoisyAction(nets.actions(), actor_.output(0), now_.data(), {noise_.sd, 0}, did.action.data());
  return did;
}

}  // namespace equipoise::agent
