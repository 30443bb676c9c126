// or_throw.h: in the engine's thread a write that fails ends the run; Run says why.
#pragma once

#include <stdexcept>
#include <utility>

#include "engine/base/result.h"

namespace equipoise::run {

inline void OrThrow(const Status& status) {
  if (!status.ok()) throw std::runtime_error(status.error().message);
}
template <class T>
T OrThrow(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

}  // namespace equipoise::run
