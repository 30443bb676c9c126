// result.h: what the world can get wrong is returned, not thrown.
//
// An Error is one message for a person: what went wrong, where, and what to do about it,
// e.g. "configs/hopper.toml:14: sac.entropy_bonus = -3 is outside [0, 100]".
// What only we can get wrong is EQ_CHECK (check.h).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "engine/base/check.h"

namespace equipoise {

struct Error {
  std::string message;
};

// Either a T or an Error. Test with ok() (or as a bool) before value().
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit on purpose, "return value;"
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit on purpose, "return Error{...};"

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const T& value() const& {
    EQ_CHECK(ok(), "value() of an error: " + std::get<1>(state_).message);
    return std::get<0>(state_);
  }
  // By value, so that a loop over what a temporary holds keeps it alive: for (auto& x : Load().value()).
  T value() && {
    EQ_CHECK(ok(), "value() of an error: " + std::get<1>(state_).message);
    return std::get<0>(std::move(state_));
  }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace equipoise
