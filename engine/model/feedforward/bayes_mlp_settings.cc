#include "engine/model/feedforward/bayes_mlp_settings.h"

#include "engine/config/section.h"

namespace equipoise::model {
namespace {

Status Relations(const BayesMlpSettings& s, const config::Settings&) {
  if (s.log_variance_high <= s.log_variance_low)
    return Error{"bayes.log_variance_high = " + config::ToText(s.log_variance_high) +
                 " must be above bayes.log_variance_low = " + config::ToText(s.log_variance_low)};
  return {};
}

}  // namespace

config::Section BayesMlpSection() {
  using S = BayesMlpSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "Bayesian model",
      {
          {EQ_FIELD(hidden), 4, 4096, "units", kFixed, "width of the hidden layers"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers"},
          {EQ_FIELD(activation), {"relu", "tanh", "swish"}, kFixed, "what follows each hidden layer"},
          {EQ_FIELD(steps), 0, 100000, "steps", kEpisode,
           "gradient steps of the fit in each episode; 0 freezes the model and its normaliser, so that its function "
           "stays"},
          {EQ_FIELD(first_fit_factor), 1.0, 100.0, "x", kFixed, "the first fit takes so many times as many steps"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "recorded steps in one gradient step"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size, of means and spreads alike"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest gradient norm; 0 does not clip"},
          {EQ_FIELD(lr_final), 0.001, 1.0, "x lr", kEpisode,
           "the step size falls linearly to this share within each fit after the first"},
          {EQ_FIELD(prior_weight), 0.0, 1000.0, "", kEpisode,
           "weight of the divergence from the prior; 1 is Bayes' rule, below it the model is surer than its data "
           "allow"},
          {EQ_FIELD(prior_sd), 0.001, 1000.0, "", kEpisode,
           "spread of every weight before any data, which are normalised"},
          {EQ_FIELD(rho), -20.0, 5.0, "", kFixed,
           "where the spreads start, as softplus(rho): at -5 0.0067, so that the first fit sees means"},
          {EQ_FIELD(log_variance_low), -30.0, 10.0, "", kFixed,
           "where the lower bound of the log-variances starts, in units of the data's variance"},
          {EQ_FIELD(log_variance_high), -30.0, 10.0, "", kFixed, "where the upper bound starts"},
          {EQ_FIELD(bound_penalty), 0.0, 100.0, "", kEpisode,
           "pulls the two bounds together while they are learned; 0: they stay where they started"},
          {EQ_FIELD(compensate_normaliser), kEpisode,
           "rescale the weights when the normaliser is refit, so that the function stays"},
      },
      Relations);
}

}  // namespace equipoise::model
