// task_file.h: the table [task] of a TOML file, read and checked as far as that goes without the model.
//
// assets/tasks/README.md describes the format. What else the file holds are settings, as in configs/.
//
// Thread   any; values
// Errors   "file:line: what is wrong, the nearest name, what to do"
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::env {

// A text of the file and its line. Numbers are texts too: "0.1".
struct Written {
  std::string text;
  int line = 0;
};

// Thrown within file_task/ and caught where a Result leaves it.
struct TaskFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One or several numbers: where they come from and what is done to each.
struct ValueSpec {
  Written name;                // "": after what it is taken from
  Written of;                  // "qpos[hip]", "site[tip].pos", a quantity; or
  Written formula;             // one number
  std::vector<Written> minus;  // numbers or formulas; one for all or one for each
  Written minus_of;            // taken as `of`
  Written each;                // a formula of "it"
  double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
  std::vector<Written> as;     // value, cos, sin, wrapped; empty: value
  std::vector<Written> names;  // of the entries; empty: made
  int line = 0;
};

struct ResetSpec {
  enum class Kind { kKeyframe, kSet, kBetween, kUniform, kNormal } kind = Kind::kSet;
  Written of;                    // entries of qpos or qvel; a keyframe's name
  std::vector<Written> numbers;  // kSet: one or one for each; kBetween: lowest, highest; kUniform, kNormal: the width
  int line = 0;
};

struct ActionSpec {
  bool clip = true;      // to [-1, 1]
  bool to_range = true;  // [-1, 1] becomes the actuator's ctrlrange
  Written formula;       // in place of that: ctrl of each actuator
  struct PerActuator {
    std::string name;
    std::vector<Written> numbers;
    int line = 0;
  };
  std::vector<PerActuator> lists;  // what the formula may speak of besides
};

struct TermSpec {
  std::string name;
  Written formula;
};

struct TaskFile {
  std::string path, stem, title;
  Written model;  // relative to the file
  int horizon = 0, frame_skip = 1;
  bool fresh = true;        // positions and sensors belong to the state after the step, not to its last stage
  bool is_product = false;  // how the terms make the reward; else their sum
  Written healthy;          // "": always
  std::vector<ResetSpec> reset;
  std::vector<ValueSpec> quantities, observed;
  ActionSpec action;
  std::vector<TermSpec> terms;
  uint64_t sum = 0;  // over all that the table says

  std::string ModelPath() const;
};

Result<TaskFile> ReadTaskFile(const std::string& path);
// `path` stands in errors, and the model is looked for beside it.
Result<TaskFile> ParseTaskFile(const std::string& text, const std::string& path);
// Does the text hold a table [task]? False for what is no TOML.
bool HoldsTask(const std::string& text);

}  // namespace equipoise::env
