// fraction_counter.h: the share of model-free picks among the newest ones, episode by episode.
//
// Random episodes are not picks: they count neither above nor below the line.
//
// Thread   a value
#pragma once

#include <deque>

namespace equipoise::run {

constexpr int kFractionWindow = 20;  // picks, as records have it

class FractionCounter {
 public:
  explicit FractionCounter(int window) : window_(window) {}
  double Add(bool model_free);  // of a pick
  double value() const;         // NaN before the first pick

 private:
  int window_, model_free_ = 0;
  std::deque<bool> recent_;
};

}  // namespace equipoise::run
