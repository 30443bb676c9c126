#include "engine/model/feedforward/deterministic_mlp_settings.h"

#include "engine/config/section.h"

namespace equipoise::model {

config::Section DeterministicMlpSection() {
  using S = DeterministicMlpSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "deterministic model",
      {
          {EQ_FIELD(hidden), 4, 4096, "units", kFixed, "width of the hidden layers"},
          {EQ_FIELD(layers), 1, 8, "layers", kFixed, "hidden layers"},
          {EQ_FIELD(activation), {"relu", "tanh", "swish"}, kFixed, "what follows each hidden layer"},
          {EQ_FIELD(steps), 0, 100000, "steps", kEpisode,
           "gradient steps of the fit in each episode; 0 freezes the model and its normaliser, so that its function "
           "stays"},
          {EQ_FIELD(first_fit_factor), 1.0, 100.0, "x", kFixed, "the first fit takes so many times as many steps"},
          {EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "recorded steps in one gradient step"},
          {EQ_FIELD(loss_steps), 1, 100, "steps", kEpisode,
           "how many of its own steps, one after the other, the fit judges it by; not more than an episode has"},
          {EQ_FIELD(lr), 0.0, 1.0, "", kEpisode, "Adam step size"},
          {EQ_FIELD(clip), 0.0, 1000000.0, "", kEpisode, "largest gradient norm; 0 does not clip"},
          {EQ_FIELD(lr_final), 0.001, 1.0, "x lr", kEpisode,
           "the step size falls linearly to this share within each fit after the first"},
          {EQ_FIELD(decay), 0.0, 1.0, "", kEpisode, "weight decay: this times the weights is added to their gradient"},
          {EQ_FIELD(compensate_normaliser), kEpisode,
           "rescale the weights when the normaliser is refit, so that the function stays"},
      });
}

}  // namespace equipoise::model
