// pick.h: who acts in an episode: a learner by its id, or nobody, which is uniformly random actions.
//
// A small value: a run may hold 100,000 of them, and agents have a handful of learners.
//
// Thread   any
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace equipoise::eps {

class Pick {
 public:
  Pick() = default;  // random actions
  // "random", or a learner's id. Names are remembered for the life of the process, 65,535 of them at most.
  static Pick Of(std::string_view id);

  // Could it be one: small letters, digits, '-' and '_', 32 at most?
  static bool IsId(std::string_view id);
  static size_t known();  // names remembered so far

  bool random() const { return number_ == 0; }
  const std::string& id() const;  // "random" where it is that

  bool operator==(Pick o) const { return number_ == o.number_; }
  bool operator!=(Pick o) const { return number_ != o.number_; }
  bool operator<(Pick o) const { return number_ < o.number_; }

 private:
  uint16_t number_ = 0;
};

}  // namespace equipoise::eps
