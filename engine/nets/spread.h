// spread.h: how a policy's standard deviation follows from what its network says of it.
#pragma once

namespace equipoise::nets {

struct Spread {
  enum class Kind {
    kSoftplus,  // softplus(raw) + 1e-3
    kSigmoid,   // most * sigmoid(raw) + 1e-4
    kLogClamp,  // exp(raw), with raw brought into [-20, 2]
    kNone,      // 0: the policy is deterministic, a = tanh(m), and its log-density counts as 0
  };
  Kind kind = Kind::kSoftplus;
  float most = 0;

  // A sigmoid with this ceiling; 0: softplus, which has none.
  static Spread Below(double most) {
    return most > 0 ? Spread{Kind::kSigmoid, static_cast<float>(most)} : Spread{Kind::kSoftplus, 0.0f};
  }
  static Spread None() { return {Kind::kNone, 0.0f}; }
  bool deterministic() const { return kind == Kind::kNone; }
};

}  // namespace equipoise::nets
