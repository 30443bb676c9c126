// said.h: what a run's newest episodes would say, for the findings of a part.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "engine/nets/finding.h"

namespace equipoise::test {

struct Said : nets::Readings {
  Said(const config::Settings& s, std::map<std::string, double> means) : Readings(s), means_(std::move(means)) {}
  double Last(const std::string& name) const override { return Mean(name); }
  double Mean(const std::string& name) const override {
    const auto at = means_.find(name);
    return at != means_.end() ? at->second : NAN;
  }
  double Median(const std::string& name) const override { return Mean(name); }
  nets::Trend TrendOf(const std::string&) const override { return nets::Trend::kUnknown; }
  std::map<std::string, double> means_;
};

}  // namespace equipoise::test
