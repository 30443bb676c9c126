// values.h: the quantities and the observation of a task file, as one list of numbers that is computed after every step.
//
// Entries refer to mjData, to earlier entries, and to the action; what is taken from where is found once.
//
// Thread   that of its task; the numbers that it borrows stay where they are
// Errors   TaskFileError: file and line, what is not known, the nearest name
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "engine/env/file_task/formula.h"
#include "engine/env/file_task/source.h"
#include "engine/env/file_task/task_file.h"

namespace equipoise::env {

// One number of the observation, for people and for ghosts.
struct ObservedEntry {
  std::string name, source;  // "tip x", "site[tip].pos"
  enum class As { kValue, kCos, kSin, kWrapped } as = As::kValue;
  Origin origin;  // of what stands there as it is but for `as` and clipping
};

class Values {
 public:
  // Adds quantities and the observation in the order of the file. `constants`: what formulas may speak of besides.
  Values(const TaskFile& file, SourceFinder* finder, Vocabulary constants);

  // From mjData; what is of before the step stays.
  void Compute();
  // What formulas call x_before is from now on what x is now.
  void KeepAsBefore() { before_ = now_; }

  // Quantities, those before the step, and the constants.
  const Vocabulary& vocabulary() const { return vocabulary_; }
  const std::vector<ObservedEntry>& observed() const { return observed_; }
  void Observe(double* observation) const;
  // All numbers, to be saved and put back.
  std::vector<double> Save() const { return {now_.begin(), now_.end()}; }
  void Restore(const double* numbers);
  size_t size() const { return now_.size(); }

 private:
  struct Step {
    const double* from = nullptr;  // null: `formula`
    const double* minus = nullptr;
    int formula = -1, each = -1;  // entries of formulas_
    double lowest, highest;
    ObservedEntry::As as = ObservedEntry::As::kValue;
    double* out = nullptr;
  };
  void Add(const ValueSpec& spec, bool is_quantity);
  std::vector<SourceEntry> Take(const Written& of);
  double* Constant(double value);
  int Compiled(const Written& formula, const Vocabulary& vocabulary);
  [[noreturn]] void Fail(int line, const std::string& what) const;

  const std::string path_;
  SourceFinder* finder_;
  Vocabulary vocabulary_;
  std::map<std::string, std::vector<SourceEntry>> quantities_;
  std::deque<double> now_, before_, constants_;  // a deque's numbers stay where they are
  double it_ = 0;
  std::vector<Formula> formulas_;
  std::vector<Step> steps_;
  std::vector<ObservedEntry> observed_;
  std::vector<const double*> observation_;
};

// The constant that a number or a formula of constants stands for.
double ConstantOf(const Written& number, const std::string& path);

}  // namespace equipoise::env
