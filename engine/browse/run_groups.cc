#include "engine/browse/run_groups.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "engine/config/section.h"
#include "engine/env/task.h"

namespace equipoise::run {
namespace {

constexpr std::array<std::string_view, 9> kChangeNoNumber = {"run.seed",          "run.episodes",    "run.threads",
                                                             "run.preset",        "log.tensorboard", "log.moments",
                                                             "log.moments_every", "log.states",      "log.kept"};

// The task's own number of steps; 0 when there is no such task here.
int OwnHorizon(const std::string& task) {
  static thread_local std::map<std::string, int> known;  // making a task compiles its model
  const auto [at, is_new] = known.try_emplace(task, 0);
  if (is_new)
    if (const auto made = env::MakeTask(task, env::AliveBonus::kWhileHealthy))
      at->second = made.value()->info().horizon;
  return at->second;
}

// A text for each entry of the table, "" for those that do not count: they change no number, or this agent has no such
// part.
using Identity = std::vector<std::string>;

Identity TextsOf(const config::Settings& settings) {
  Identity texts;
  const std::vector<const config::Section*> own = config::SectionsOf(settings);
  for (const config::Section& section : config::Sections()) {
    const bool has = config::Contains(own, section);
    for (size_t i = 0; i < section.specs.size(); ++i) {
      const std::string& key = section.specs[i].key;
      const bool counts =
          has && std::find(kChangeNoNumber.begin(), kChangeNoNumber.end(), key) == kChangeNoNumber.end();
      texts.push_back(counts ? config::ToText(section.get(settings, i)) : "");
      if (key == "env.horizon" && settings.env.horizon == 0)
        if (const int horizon = OwnHorizon(settings.run.task); horizon > 0) texts.back() = std::to_string(horizon);
    }
  }
  return texts;
}

// Numbers by their value, other texts by their letters.
bool ComesBefore(const std::string& a, const std::string& b) {
  char *end_a = nullptr, *end_b = nullptr;
  const double x = std::strtod(a.c_str(), &end_a), y = std::strtod(b.c_str(), &end_b);
  if (*end_a == '\0' && *end_b == '\0' && x != y) return x < y;
  return a < b;
}

}  // namespace

RunIdentity IdentityOf(const config::Settings& at_start, const store::RunDescription& description) {
  return {at_start, description.steered, description.forked.has_value()};
}

std::vector<RunGroup> GroupRuns(const std::vector<RunIdentity>& runs) {
  std::map<std::pair<Identity, std::pair<bool, bool>>, std::vector<size_t>> together;
  for (size_t i = 0; i < runs.size(); ++i)
    together[{TextsOf(runs[i].settings), {runs[i].steered, runs[i].forked}}].push_back(i);
  const std::vector<config::Spec>& table = config::Table();
  std::vector<size_t> differing;
  for (size_t k = 0; k < table.size(); ++k) {
    std::set<std::string> values;
    for (const auto& [identity, members] : together)
      if (!identity.first[k].empty()) values.insert(identity.first[k]);
    if (values.size() > 1 && table[k].key != "run.agent") differing.push_back(k);
  }
  std::vector<RunGroup> groups;
  for (auto& [identity, members] : together) {
    RunGroup& group = groups.emplace_back();
    group.agent = runs[members.front()].settings.run.agent;
    std::tie(group.steered, group.forked) = identity.second;
    std::stable_sort(members.begin(), members.end(),
                     [&](size_t a, size_t b) { return runs[a].settings.run.seed < runs[b].settings.run.seed; });
    group.runs = members;
    for (const size_t k : differing) group.differs.emplace_back(table[k].key, identity.first[k]);
  }
  std::sort(groups.begin(), groups.end(), [](const RunGroup& a, const RunGroup& b) {
    if (a.agent != b.agent) return a.agent < b.agent;
    for (size_t k = 0; k < a.differs.size(); ++k)
      if (a.differs[k].second != b.differs[k].second) return ComesBefore(a.differs[k].second, b.differs[k].second);
    return std::tie(a.steered, a.forked) < std::tie(b.steered, b.forked);
  });
  return groups;
}

std::string Distinction(const RunGroup& group, size_t most) {
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  std::vector<std::string> all;
  for (const auto& [key, value] : group.differs)
    if (!value.empty()) all.push_back(key + " = " + value);
  const size_t named = all.size() > most + 1 ? most : all.size();
  for (size_t k = 0; k < named; ++k) add(all[k]);
  if (named < all.size()) text += " and " + std::to_string(all.size() - named) + " more";
  if (group.steered) add("steered");
  if (group.forked) add("forked");
  return text;
}

}  // namespace equipoise::run
