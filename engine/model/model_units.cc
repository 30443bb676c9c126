#include "engine/model/model_units.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"

namespace equipoise::model {

void PutNormaliser(const replay::Normaliser& n, const std::string& name, ArchiveWriter& out) {
  out.Put(name + ".x_mean", n.x_mean);
  out.Put(name + ".x_sd", n.x_sd);
  out.Put(name + ".y_mean", n.y_mean);
  out.Put(name + ".y_sd", n.y_sd);
}

replay::Normaliser NormaliserFrom(const ArchiveReader& in, const std::string& name) {
  return {in.Floats(name + ".x_mean"), in.Floats(name + ".x_sd"), in.Floats(name + ".y_mean"),
          in.Floats(name + ".y_sd")};
}

void EditNormaliser(int64_t states, int64_t count, const replay::Normaliser& inserted, replay::Normaliser* n) {
  if (!n->ready()) return;
  const int64_t at = count > 0 ? states : states + count;
  const auto edit = [count, at](std::vector<float>& v, const std::vector<float>& with) {
    const auto position = v.begin() + at;
    if (count > 0) v.insert(position, with.begin(), with.end());
    if (count < 0) v.erase(position, position - count);
  };
  edit(n->x_mean, inserted.x_mean);
  edit(n->x_sd, inserted.x_sd);
  edit(n->y_mean, inserted.y_mean);
  edit(n->y_sd, inserted.y_sd);
}

void RescaleInputs(const replay::Normaliser& before, const replay::Normaliser& now, int w, int b, nets::Parameters* net,
                   nets::Adam* adam) {
  const int64_t inputs = net->layout[w].rows, H = net->layout[w].cols;
  EQ_CHECK(static_cast<int64_t>(now.x_mean.size()) == inputs, "model and data differ in width");
  float *weights = net->at(w), *biases = net->at(b);
  float *mw = adam->m.data() + net->layout[w].offset, *vw = adam->v.data() + net->layout[w].offset;
  const float *mb = adam->m.data() + net->layout[b].offset, *vb = adam->v.data() + net->layout[b].offset;
  // Rescales the input rows and moves the offset into the bias, which uses the old rows.
  for (int64_t j = 0; j < inputs; ++j) {
    const auto k = static_cast<size_t>(j);
    const float ratio = now.x_sd[k] / before.x_sd[k];
    const float shift = (now.x_mean[k] - before.x_mean[k]) / before.x_sd[k], d = shift / ratio;
    for (int64_t h = 0; h < H; ++h) {
      biases[h] += weights[j * H + h] * shift;
      weights[j * H + h] *= ratio;
      mw[j * H + h] = mw[j * H + h] / ratio - d * mb[h];
      vw[j * H + h] = vw[j * H + h] / (ratio * ratio) + d * d * vb[h];
    }
  }
}

void RescaleMeans(const replay::Normaliser& before, const replay::Normaliser& now, int w, int b, int gradient_power,
                  nets::Parameters* net, nets::Adam* adam) {
  const int64_t H = net->layout[w].rows, columns = net->layout[w].cols;
  float *weights = net->at(w), *biases = net->at(b);
  for (size_t k = 0; k < now.y_sd.size(); ++k) {
    const auto d = static_cast<int64_t>(k);
    const float ratio = before.y_sd[k] / now.y_sd[k], factor = gradient_power > 0 ? ratio : 1.0f / ratio;
    for (int64_t h = 0; h < H; ++h) {
      weights[h * columns + d] *= ratio;
      nets::ScaleMoments(net->layout[w].offset + h * columns + d, 1, factor, adam);
    }
    biases[d] = (biases[d] * before.y_sd[k] + before.y_mean[k] - now.y_mean[k]) / now.y_sd[k];
    nets::ScaleMoments(net->layout[b].offset + d, 1, factor, adam);
  }
}

RolloutUnits::RolloutUnits(int64_t states, int64_t actions, const replay::Normaliser& n) {
  EQ_CHECK(n.ready(), "imagination before the first normaliser");
  const auto S = static_cast<size_t>(states);
  for (size_t j = 0; j < static_cast<size_t>(actions); ++j) {
    action_scale.push_back(1.0f / n.x_sd[S + j]);
    action_shift.push_back(-n.x_mean[S + j] / n.x_sd[S + j]);
  }
  // Raw: s' = s + y_mean + y_sd y. In units of the input normaliser, z = (s - x_mean) / x_sd:
  for (size_t j = 0; j < S; ++j) {
    delta_shift.push_back(n.y_mean[j] / n.x_sd[j]);
    delta_scale.push_back(n.y_sd[j] / n.x_sd[j]);
  }
}

void ClampMeans(int64_t rows, int64_t states, float* mean) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < states; ++j) {
      float& m = mean[r * (states + 1) + j];
      m = std::clamp(m, -kClampLimit, kClampLimit);
    }
}

Angles::Angles(std::vector<int> wrapped, int64_t states, const replay::Normaliser& n)
    : wrapped_(std::move(wrapped)), states_(states) {
  for (int state : wrapped_) {
    const auto j = static_cast<size_t>(state);
    turn_.push_back(6.283185307179586f / n.x_sd[j]);
    zero_.push_back(-n.x_mean[j] / n.x_sd[j]);
  }
}

void Angles::Resize(int64_t slots, int64_t rows) {
  rows_ = rows;
  before_.resize(static_cast<size_t>(slots * rows) * turn_.size());
}

void Angles::Wrap(int64_t slot, float* z) {
  float* before = before_.data() + Slot(slot);
  for (int64_t r = 0; r < rows_; ++r) {
    for (size_t k = 0; k < turn_.size(); ++k) {
      float& angle = z[r * states_ + wrapped_[k]];
      *before++ = angle;
      angle -= turn_[k] * std::nearbyint((angle - zero_[k]) / turn_[k]);
    }
  }
}

const float* Angles::Unwrapped(int64_t slot, const float* z) {
  if (turn_.empty()) return z;
  z_.assign(z, z + rows_ * states_);
  const float* before = before_.data() + Slot(slot);
  for (int64_t r = 0; r < rows_; ++r)
    for (int state : wrapped_) z_[static_cast<size_t>(r * states_ + state)] = *before++;
  return z_.data();
}

}  // namespace equipoise::model
