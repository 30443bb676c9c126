// dropout_lstm_settings.h: what the dropout LSTM and its fit go by: the section "model".
//
// Ranges, units and meanings stand in dropout_lstm_settings.cc. Defaults are the paper's (Freed et al. 2024) or, where
// it is silent, those of the code bases its authors most likely used.
#pragma once

#include <string>

namespace equipoise::config {
struct Section;
}

namespace equipoise::model {

struct DropoutLstmSettings {
  static constexpr const char* kSection = "model";

  int hidden = 200;
  double dropout = 0.1;
  std::string masks = "tied";
  double eta = 100.0;
  int steps = 100;
  double first_fit_factor = 5.0;
  int batch = 100;
  double lr = 0.001;
  double lr_final = 1.0;
  double clip = 1.0;
  double sd_min = 0.001;
  double sd_max = 5.0;
  bool compensate_normaliser = false;
};

config::Section DropoutLstmSection();

}  // namespace equipoise::model
