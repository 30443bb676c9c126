// check_text.h: the words and numbers beside the dots of the check.
//
// Pure: no ImGui call.
#pragma once

#include <string>
#include <vector>

#include "engine/record/snapshot.h"

namespace equipoise::ui {

struct CheckRow {
  std::string label, value;
  enum class Tone { kPlain, kChallenger, kPreferred, kBroken } tone = Tone::kPlain;  // whom a difference favours
};

// Masks agreeing, least, mean and spread of delta, errors, both returns. The most telling first: a low window
// shows fewer.
std::vector<CheckRow> CheckRows(const eps::Decision& decision, const nets::PartList& parts);

// With an exploration bonus: what each policy is worth by its return and by what it would teach the model, means over
// masks in raw reward, in the order of the row of returns. Empty: without one.
struct BonusBar {
  eps::Pick policy;
  double mean_return = 0, bonus = 0;  // NaN: no mask gave a number
};
std::vector<BonusBar> BonusBars(const eps::Decision& decision);

// "numbers of the 14 evaluated masks" when the check stopped early, "" otherwise.
std::string PartialNote(const eps::Decision& decision, const nets::PartList& parts);

// "for episode 213 . 50 masks, M = 5 paired rollouts . whisker: 1 standard error"; shorter when compact.
std::string CheckHint(const eps::Decision& decision, const nets::PartList& parts, bool compact);

// What stands in place of the dots when there are none: what is the case, and what comes next.
std::string NothingChecked(const run::Snapshot& snapshot, const eps::Decision* decision);

}  // namespace equipoise::ui
