#include "engine/record/older_names.h"

#include <array>
#include <iterator>
#include <utility>

namespace equipoise::run {
namespace {

using eps::Reason;

constexpr std::pair<std::string_view, std::string_view> kPicks[] = {{"model-based", "mb"}, {"model-free", "sac"}};
constexpr std::pair<std::string_view, std::string_view> kStages[] = {{"random episodes", "random"},
                                                                     {"model fit", "model"},
                                                                     {"model-based policy", "mb"},
                                                                     {"SAC", "sac"},
                                                                     {"acting", "act"}};
constexpr std::string_view kAlone[] = {"only-model-based", "only-model-free"};
constexpr Reason kReasons[] = {Reason::kRandom,      Reason::kProved, Reason::kNotProved, Reason::kForced,
                               Reason::kUndecidable, Reason::kAlone,  Reason::kAlone,     Reason::kNoModel};
constexpr std::string_view kNumbered[] = {"random", "mb", "sac"};

template <class Table>
std::string_view Renamed(const Table& table, std::string_view name) {
  for (const auto& [older, id] : table)
    if (name == older) return id;
  return name;
}

}  // namespace

eps::Pick PickFrom(std::string_view name) { return eps::Pick::Of(Renamed(kPicks, name)); }

std::optional<Reason> ReasonFrom(std::string_view name) {
  for (const std::string_view alone : kAlone)
    if (name == alone) return Reason::kAlone;
  for (const Reason reason : kReasons)
    if (name == eps::Name(reason)) return reason;
  return std::nullopt;
}

std::string StageFrom(std::string_view name) { return std::string(Renamed(kStages, name)); }

std::optional<eps::Pick> OlderPick(int64_t number) {
  if (number < 0 || number >= static_cast<int64_t>(std::size(kNumbered))) return std::nullopt;
  return eps::Pick::Of(kNumbered[number]);
}

std::optional<Reason> OlderReason(int64_t number) {
  if (number < 0 || number >= static_cast<int64_t>(std::size(kReasons))) return std::nullopt;
  return kReasons[number];
}

}  // namespace equipoise::run
