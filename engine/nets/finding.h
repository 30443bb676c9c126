// finding.h: what is wrong with a part, as a value: what is the case, and what to try. Each part judges its own numbers
// beside its own code; what concerns a whole run stands in record/health.h.
//
// Advice is given only where it can be followed and can help: no setting that is at its end, is tuned by itself or
// belongs to what is frozen.
//
// Thread   values; any
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "engine/config/settings.h"

namespace equipoise::nets {

struct Finding {
  std::string id;                     // what it is, whatever its numbers are: "model.asleep"
  std::string what;                   // is the case: whole sentences
  std::vector<std::string> remedies;  // to be tried, the first one first: "lower model.lr", without a full stop
  bool decides = false;               // what else could be said of the part follows from it
};
// "The model sleeps: ... Lower model.eta below 25, or wait for episode 47."
std::string Sentence(const Finding& finding);

struct Remedy {
  bool helps;  // it can be done, and can help
  std::string text;
};
std::vector<std::string> Helping(std::initializer_list<Remedy> remedies);

// printf for the numbers in them.
std::string Format(const char* format, ...) __attribute__((format(printf, 1, 2)));

enum class Trend { kUnknown, kFalling, kFlat, kRising };

// What a run's newest episodes say, by the names of scalars. Means are over the newest kHealthWindow episodes that have
// the number (record/health.h), NaN where fewer than kHealthLeast do.
class Readings {
 public:
  explicit Readings(const config::Settings& in_force) : settings(in_force) {}
  virtual ~Readings() = default;
  virtual double Last(const std::string& scalar) const = 0;  // NaN: the newest episode has none
  virtual double Mean(const std::string& scalar) const = 0;
  virtual double Median(const std::string& scalar) const = 0;
  virtual Trend TrendOf(const std::string& scalar) const = 0;

  const config::Settings& settings;
  int trajectories = 0;  // real episodes so far, random ones included
  bool goes_on = false;  // more episodes will come
  int outputs = 0;       // numbers that a model predicts for a step, reward included; 0: not known
  // The model's newest numbers are of the observation in force, whose size is known: no distractor came or went.
  bool comparable = false;
  // Mean NLL of episodes before they were fitted to, less that of the fit; NaN where it cannot be told.
  double unseen_minus_fit = 0;
};

// What a run as a whole may suffer from; parts say what can be done about it with their settings.
enum class Trouble {
  kLeavesData,     // imagination goes where there are no data
  kOverratesOwn,   // the model promises a policy that was trained in it more than it earns
  kOverrates,      // another one
  kUnderrates,     // either
  kTooSure,        // reality lies outside the masks' band too often
  kUnsure,         // or too seldom
  kGivesNoAnswer,  // most masks give no finite return
};

// From this share of imagined state entries on that lie beyond anything seen, imagination leaves the data.
inline constexpr double kLeavesDataShare = 0.01;

}  // namespace equipoise::nets
