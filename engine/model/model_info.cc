#include "engine/model/model_info.h"

#include <utility>

namespace equipoise::model {

nets::PartInfo LearnedModelInfo(std::string id) {
  nets::PartInfo info;
  info.id = std::move(id);
  info.title = "model fit";
  info.name = "model";
  info.short_name = "Fit";
  info.unit = "gradient step";
  info.kind = nets::PartInfo::Kind::kModel;
  return info;
}

double GuessingNll(const nets::Readings& readings) {
  constexpr double kGaussianEntropy = 1.4189385332046727;  // 1/2 ln(2 pi e)
  return kGaussianEntropy * readings.outputs;
}

}  // namespace equipoise::model
