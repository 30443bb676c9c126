#include "engine/model/feedforward/bootstrap_ensemble_settings.h"

#include <string>

#include "engine/config/section.h"

namespace equipoise::model {
namespace {

Status Relations(const BootstrapEnsembleSettings& s, const config::Settings&) {
  if (s.log_variance_high <= s.log_variance_low)
    return Error{"ensemble.log_variance_high = " + config::ToText(s.log_variance_high) +
                 " must be above ensemble.log_variance_low = " + config::ToText(s.log_variance_low)};
  if (s.elites > s.members)
    return Error{"ensemble.elites = " + std::to_string(s.elites) +
                 " is more than ensemble.members = " + std::to_string(s.members)};
  if (s.holdout == 0 && s.elites > 0 && s.elites < s.members)
    return Error{
        "ensemble.elites are chosen by the rows held out: set ensemble.holdout above 0, or ensemble.elites = 0"};
  if (s.holdout == 0 && s.patience > 0)
    return Error{
        "ensemble.patience looks at the rows held out: set ensemble.holdout above 0, or ensemble.patience = 0"};
  return {};
}

}  // namespace

config::Section BootstrapEnsembleSection() {
  using S = BootstrapEnsembleSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "ensemble model",
      {
          {EQ_FIELD(members), 1, 100, "networks", kFixed, "E: networks, each one belief"},
          {EQ_FIELD(elites), 0, 100, "networks", kEpisode,
           "use as many members alone: those that err least on the rows held out; 0: all"},
          {EQ_FIELD(hidden), 4, 4096, "units", kFixed, "width of the hidden layers"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers"},
          {EQ_FIELD(activation), {"relu", "tanh", "swish"}, kFixed, "what follows each hidden layer"},
          {EQ_FIELD(bootstrap), kEpisode,
           "each member learns from a resample of the data of its own; off: all from the same batches"},
          {EQ_FIELD(steps), 0, 100000, "steps", kEpisode,
           "gradient steps of each member in each episode; 0 freezes the model and its normaliser, so that its "
           "function stays"},
          {EQ_FIELD(first_fit_factor), 1.0, 100.0, "x", kFixed, "the first fit takes so many times as many steps"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "recorded steps in one gradient step"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest gradient norm of each member; 0 does not clip"},
          {EQ_FIELD(lr_final), 0.001, 1.0, "x lr", kEpisode,
           "the step size falls linearly to this share within each fit after the first"},
          {EQ_FIELD(decay_in), 0.0, 1.0, "", kEpisode,
           "weight decay of the first layer: this times the weights is added to their gradient"},
          {EQ_FIELD(decay_hidden), 0.0, 1.0, "", kEpisode, "the same of the layers between"},
          {EQ_FIELD(decay_out), 0.0, 1.0, "", kEpisode, "the same of the last layer"},
          {EQ_FIELD(log_variance_low), -30.0, 10.0, "", kFixed,
           "where the lower bound of the log-variances starts, in units of the data's variance"},
          {EQ_FIELD(log_variance_high), -30.0, 10.0, "", kFixed, "where the upper bound starts"},
          {EQ_FIELD(beta_nll), 0.0, 1.0, "", kEpisode,
           "what an output counts for while it is fitted: its predicted variance to this power. 0 is the likelihood, "
           "to which what is precise is nearly all; at 1 means are fitted as if by squared error"},
          {EQ_FIELD(bound_penalty), 0.0, 100.0, "", kEpisode,
           "pulls the two bounds together while they are learned; 0: they stay where they started"},
          {EQ_FIELD(holdout), 0.0, 0.9, "share", kEpisode,
           "share of the recorded steps that no member is fitted to, 5000 of them at most"},
          {EQ_FIELD(patience), 0, 1000, "epochs", kEpisode,
           "the fit ends after more epochs than that in a row without a member improving by 1 % on the rows held out; "
           "0: after all its steps"},
          {EQ_FIELD(epoch), 1, 100000, "steps", kEpisode, "gradient steps between two looks at the rows held out"},
          {EQ_FIELD(compensate_normaliser), kEpisode,
           "rescale the weights when the normaliser is refit, so that the function stays"},
      },
      Relations);
}

}  // namespace equipoise::model
