// formula.h: an expression over named quantities, compiled once (muParser) and evaluated at every step.
//
//   1.5 * (x - x_before) / dt - 0.1 * sumsq(action)       alive && height > 0.2 ? 1 : 0
//
// Beside muParser's own functions (sin, cos, atan2, sqrt, abs, exp, ln, min, max, sum, avg, sign, ...) and operators
// (+ - * / ^ == != < <= > >= && || ?:) there are pi, and:
//   sumsq(..), norm(..), sumabs(..)   of all arguments: the sum of squares, its root, the sum of magnitudes
//   clip(x, lowest, highest)          wrap(angle): into [-pi, pi)
//   tolerance(x, lower, upper, margin[, value_at_margin])      dm_control's: 1 within the bounds, Gaussian outside of
//     them; and tolerance_linear, _quadratic, _hyperbolic, _long_tail, _cosine, _tanh_squared, each such a fall
// A name that stands for several quantities is written out inside a call: sumsq(action) is sumsq(action_1, action_2).
//
// Units    angles in radians; numbers are doubles
// Thread   one; it reads the slots that its names stand for
// Errors   FormulaError: what is wrong, the nearest name
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace equipoise::env {

struct FormulaError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What a formula may speak of: where each number lies, and which names stand for several of them.
struct Vocabulary {
  std::map<std::string, double*> numbers;
  std::map<std::string, std::vector<std::string>> groups;

  void Add(const std::string& name, double* slot) { numbers[name] = slot; }
  // `slots` of more than one number: name_1, name_2, ... (and name_x, name_y where there are two, name_z where there are
  // three), together `name`; each with `ending` behind it.
  void Add(const std::string& name, const std::vector<double*>& slots, const std::string& ending = "");
  bool Has(const std::string& name) const { return numbers.count(name) > 0 || groups.count(name) > 0; }
};

// May a quantity be called so? A letter, then letters, digits and "_"; no function's or constant's name.
bool IsQuantityName(const std::string& name);

class Formula {
 public:
  Formula(const std::string& text, const Vocabulary& vocabulary);
  Formula(Formula&&) noexcept;
  Formula& operator=(Formula&&) noexcept;
  ~Formula();
  double Value() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace equipoise::env
