#include "engine/learn/value.h"

#include <algorithm>

namespace equipoise::learn {

Value::Value(const nets::NetworkParts& parts, const nets::MlpSpec& spec, nets::Parameters* net, nets::Adam* adam,
             double scale)
    : parts_(parts), spec_(spec), scale_(scale), net_(parts.NewWeights(net, adam)), gradient_(net_->NewGradient()) {}

Value::Value(const nets::NetworkParts& parts, TargetedNet* net, double scale)
    : Value(parts, net->spec, &net->net, &net->adam, scale) {
  target_ = parts.NewWeights(&net->target, nullptr);
}

Value::Piece::Piece(const Value& value, int64_t rows)
    : value_(value),
      rows_(rows),
      target_pass_(value.target_ != nullptr ? value.parts_.NewPass(value.spec_, rows) : nullptr),
      pass_(value.parts_.NewPass(value.spec_, rows)),
      gradient_(value.net_->NewGradient()) {}

void Value::Piece::Target(const float* s, float* v) {
  target_pass_->Forward(*value_.target_, s);
  const auto scale = static_cast<float>(value_.scale_);
  const float* y = target_pass_->output();
  for (int64_t i = 0; i < rows_; ++i) v[i] = scale * y[i];
}

void Value::Piece::TargetGradient(const float* dv, float* ds) {
  const auto scale = static_cast<float>(value_.scale_);
  float* dy = target_pass_->output_gradient();
  for (int64_t i = 0; i < rows_; ++i) dy[i] = dv[i] * scale;
  target_pass_->Backward(nullptr, ds);
}

Value::Piece::Fitted Value::Piece::Differentiate(const float* s, const float* y, const double* weight) {
  const double share = 1.0 / static_cast<double>(rows_);
  const float* v = Forward(s);
  float* dv = pass_->output_gradient();
  Fitted fitted;
  for (int64_t i = 0; i < rows_; ++i) {
    const float error = v[i] - y[i] / static_cast<float>(value_.scale_);
    fitted.loss += weight[i] * share * error * error;
    fitted.mean += share * value_.scale_ * v[i];
    dv[i] = static_cast<float>(2.0 * weight[i] * share) * error;
  }
  Backward(dv);
  return fitted;
}

const float* Value::Piece::Forward(const float* s) {
  pass_->Forward(*value_.net_, s);
  return pass_->output();
}

void Value::Piece::Backward(const float* dnet) {
  if (dnet != pass_->output_gradient()) std::copy_n(dnet, rows_, pass_->output_gradient());
  gradient_->Clear();
  pass_->Backward(gradient_.get(), nullptr);
}

void Value::Store() {
  net_->Store();
  if (target_ != nullptr) target_->Store();
}

}  // namespace equipoise::learn
