#include "engine/env/file_task/values.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/base/nearest.h"

namespace equipoise::env {
namespace {

constexpr double kPi = 3.14159265358979323846;

using As = ObservedEntry::As;

As AsOf(const std::string& text) {
  return text == "cos" ? As::kCos : text == "sin" ? As::kSin : text == "wrapped" ? As::kWrapped : As::kValue;
}

double Turned(As as, double value) {
  switch (as) {
    case As::kCos:
      return std::cos(value);
    case As::kSin:
      return std::sin(value);
    case As::kWrapped: {
      double turned = std::fmod(value + kPi, 2 * kPi);
      if (turned < 0) turned += 2 * kPi;
      return turned - kPi;
    }
    case As::kValue:
      break;
  }
  return value;
}

const char* const kSuffix[] = {"", " cos", " sin", ""};

}  // namespace

double ConstantOf(const Written& number, const std::string& path) {
  try {
    return Formula(number.text, {}).Value();
  } catch (const FormulaError& error) {
    throw TaskFileError(path + ":" + std::to_string(number.line) + ": \"" + number.text + "\": " + error.what());
  }
}

Values::Values(const TaskFile& file, SourceFinder* finder, Vocabulary constants)
    : path_(file.path), finder_(finder), vocabulary_(std::move(constants)) {
  for (const ValueSpec& spec : file.quantities) Add(spec, true);
  for (const ValueSpec& spec : file.observed) Add(spec, false);
  std::set<std::string> names;
  for (const ObservedEntry& entry : observed_)
    if (!names.insert(entry.name).second)
      throw TaskFileError(path_ + ": two entries of the observation are called \"" + entry.name +
                          "\"; give one of them a name of its own: {of = \"" + entry.source + "\", name = \"...\"}");
}

void Values::Fail(int line, const std::string& what) const {
  throw TaskFileError(path_ + ":" + std::to_string(line) + ": " + what);
}

double* Values::Constant(double value) { return &constants_.emplace_back(value); }

int Values::Compiled(const Written& formula, const Vocabulary& vocabulary) {
  try {
    formulas_.emplace_back(formula.text, vocabulary);
  } catch (const FormulaError& error) {
    Fail(formula.line, "\"" + formula.text + "\": " + error.what());
  }
  return static_cast<int>(formulas_.size()) - 1;
}

std::vector<SourceEntry> Values::Take(const Written& of) {
  if (const auto known = quantities_.find(of.text); known != quantities_.end()) return known->second;
  if (!SourceFinder::IsSource(of.text)) {
    if (vocabulary_.numbers.count(of.text) > 0) return {{vocabulary_.numbers.at(of.text), of.text, {}}};
    std::vector<std::string> known = {"qpos", "qvel", "action", "last_action", "ctrl", "time"};
    for (const auto& [name, entries] : quantities_) known.push_back(name);
    Fail(of.line, "nothing is called \"" + of.text + "\"; the nearest is " + NearestName(of.text, known));
  }
  try {
    return finder_->Find(of.text);
  } catch (const FormulaError& error) {
    Fail(of.line, error.what());
  }
}

void Values::Add(const ValueSpec& spec, bool is_quantity) {
  std::vector<SourceEntry> taken;
  int formula = -1;
  if (!spec.formula.text.empty()) {
    formula = Compiled(spec.formula, vocabulary_);
    taken = {{nullptr, spec.name.text.empty() ? spec.formula.text : spec.name.text, {}}};
  } else {
    taken = Take(spec.of);
  }
  const size_t count = taken.size();
  std::vector<const double*> minus(count, nullptr);
  const auto check = [&](size_t size, const char* key) {
    if (size != 1 && size != count)
      Fail(spec.line,
           std::string(key) + " has " + std::to_string(size) + " entries for " + std::to_string(count) + " numbers");
  };
  if (!spec.minus_of.text.empty()) {
    const bool known = quantities_.count(spec.minus_of.text) > 0 || SourceFinder::IsSource(spec.minus_of.text);
    std::vector<SourceEntry> others;
    if (known) {
      others = Take(spec.minus_of);
    } else {
      others = {{Constant(ConstantOf(spec.minus_of, path_)), "", {}}};
    }
    check(others.size(), "minus");
    for (size_t i = 0; i < count; ++i) minus[i] = others[others.size() == 1 ? 0 : i].from;
  } else if (!spec.minus.empty()) {
    check(spec.minus.size(), "minus");
    std::vector<double*> slots;
    for (const Written& number : spec.minus) slots.push_back(Constant(ConstantOf(number, path_)));
    for (size_t i = 0; i < count; ++i) minus[i] = slots[slots.size() == 1 ? 0 : i];
  }
  int each = -1;
  if (!spec.each.text.empty()) {
    Vocabulary with_it = vocabulary_;
    with_it.Add("it", &it_);
    each = Compiled(spec.each, with_it);
  }
  std::vector<As> ways;
  for (const Written& as : spec.as) ways.push_back(AsOf(as.text));
  if (ways.empty()) ways = {As::kValue};
  const size_t outputs = count * ways.size();
  if (!spec.names.empty() && spec.names.size() != outputs)
    Fail(spec.line,
         "names has " + std::to_string(spec.names.size()) + " entries for " + std::to_string(outputs) + " numbers");

  std::vector<double*> now, before;
  std::vector<SourceEntry> entries;
  const std::string source = spec.of.text.empty() ? spec.formula.text : spec.of.text;
  for (size_t i = 0; i < count; ++i) {
    const bool plain = minus[i] == nullptr && each < 0;
    for (const As as : ways) {
      now.push_back(&now_.emplace_back(0.0));
      before.push_back(&before_.emplace_back(0.0));
      steps_.push_back({taken[i].from, minus[i], formula, each, spec.lowest, spec.highest, as, now.back()});
      std::string name = taken[i].name;
      if (!is_quantity && !spec.name.text.empty()) {
        static const char* const kAxes[] = {" x", " y", " z"};
        name = spec.name.text;
        if (count == 3) name += kAxes[i];
        if (count > 1 && count != 3) name += " " + std::to_string(i + 1);
      }
      ObservedEntry entry{name + kSuffix[static_cast<int>(as)], source, as, plain ? taken[i].origin : Origin{}};
      // Clipped positions are not those of the body.
      if (entry.origin.kind == Origin::Kind::kQpos && std::isfinite(spec.highest)) entry.origin = {};
      const size_t at = now.size() - 1;
      if (!spec.names.empty()) entry.name = spec.names[at].text;
      entries.push_back({now.back(), name, as == As::kValue ? entry.origin : Origin{}});
      if (is_quantity) continue;
      observed_.push_back(std::move(entry));
      observation_.push_back(now.back());
    }
  }
  if (!is_quantity) return;
  const std::string& name = spec.name.text;
  if (vocabulary_.Has(name)) Fail(spec.line, "two quantities are called \"" + name + "\"");
  vocabulary_.Add(name, now);
  vocabulary_.Add(name, before, "_before");
  for (size_t i = 0; i < entries.size() && entries.size() > 1; ++i)
    quantities_[name + "_" + std::to_string(i + 1)] = {entries[i]};
  quantities_[name] = std::move(entries);
}

void Values::Compute() {
  for (const Step& step : steps_) {
    double value = step.from != nullptr ? *step.from : formulas_[static_cast<size_t>(step.formula)].Value();
    if (step.minus != nullptr) value -= *step.minus;
    if (step.each >= 0) {
      it_ = value;
      value = formulas_[static_cast<size_t>(step.each)].Value();
    }
    *step.out = Turned(step.as, std::clamp(value, step.lowest, step.highest));
  }
}

void Values::Observe(double* observation) const {
  for (const double* number : observation_) *observation++ = *number;
}

void Values::Restore(const double* numbers) { std::copy_n(numbers, now_.size(), now_.begin()); }

}  // namespace equipoise::env
