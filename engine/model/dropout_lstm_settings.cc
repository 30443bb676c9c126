#include "engine/model/dropout_lstm_settings.h"

#include <string>

#include "engine/config/section.h"

namespace equipoise::model {
namespace {

Status Relations(const DropoutLstmSettings& s, const config::Settings&) {
  if (s.sd_max <= s.sd_min)
    return Error{"model.sd_max = " + config::ToText(s.sd_max) +
                 " must be above model.sd_min = " + config::ToText(s.sd_min)};
  return {};
}

}  // namespace

config::Section DropoutLstmSection() {
  using S = DropoutLstmSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "dynamics model",
      {
          {EQ_FIELD(hidden), 4, 4096, "units", kFixed,
           "width of the input layer, the LSTM and the two layers behind it"},
          {EQ_FIELD(dropout), 0.0, 0.9, "", kEpisode, "probability that a mask drops a unit"},
          {EQ_FIELD(masks),
           {"tied", "untied"},
           kFixed,
           "tied: the LSTM's gates share one mask on the input and one on the hidden state; untied: each gate has its "
           "own two"},
          {EQ_FIELD(eta), 0.0, 1000000.0, "", kEpisode,
           "weight of the prior ||W||^2, divided by the number of trajectories"},
          {EQ_FIELD(steps), 0, 100000, "steps", kEpisode,
           "gradient steps of the model fit in each episode; 0 freezes the model and its normaliser, so that its "
           "function stays"},
          {EQ_FIELD(first_fit_factor), 1.0, 100.0, "x", kFixed, "the first fit takes so many times as many steps"},
          {EQ_FIELD(batch), 1, 10000, "trajectories", kEpisode, "whole trajectories in one gradient step"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size of the model"},
          {EQ_FIELD(lr_final), 0.001, 1.0, "x lr", kEpisode,
           "the step size falls linearly to this share within each fit after the first"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode,
           "largest gradient norm of the loss per output and step; 0 does not clip"},
          {EQ_FIELD(sd_min), 0.000001, 1.0, "", kFixed,
           "floor of the predicted standard deviation, in units of the data's"},
          {EQ_FIELD(sd_max), 0.1, 100.0, "", kFixed,
           "ceiling of the predicted standard deviation, in units of the data's"},
          {EQ_FIELD(compensate_normaliser), kEpisode,
           "rescale the weights when the normaliser is refit, so that the function stays"},
      },
      Relations);
}

}  // namespace equipoise::model
