#include "ui/view/effects.h"

#include "engine/base/quantile.h"
#include "ui/view/facts.h"
#include "ui/view/setting_words.h"

#include <algorithm>
#include <cmath>

namespace equipoise::ui {
namespace {

// Of shares the mean, since their median is one of two values; of everything else the median, which one wild episode
// does not move.
double Middle(const std::vector<double>& values, int begin, int end, bool share) {
  const std::vector<double> side(values.begin() + begin, values.begin() + end);
  if (!share) return Quantile(side, 0.5);
  double sum = 0;
  int count = 0;
  for (const double value : side) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++count;
  }
  return count > 0 ? sum / count : NAN;
}

template <class Get>
Effect Measure(const std::vector<const run::EpisodeSummary*>& records, int split, Get get, bool share = false) {
  Effect effect;
  effect.split = split;
  for (const run::EpisodeSummary* record : records) effect.values.push_back(get(*record));
  effect.before = Middle(effect.values, 0, split, share);
  effect.after = Middle(effect.values, split, static_cast<int>(effect.values.size()), share);
  return effect;
}

double Spread(const run::EpisodeSummary& record) {
  return record.decision.checked ? eps::Summarise(record.decision).spread : NAN;
}

// One entry for each boundary.
std::vector<InterventionEffects> Boundaries(const run::Snapshot& snapshot) {
  std::vector<InterventionEffects> out;
  for (const auto& event : *snapshot.events) {
    if (event->kind != run::Event::Kind::kIntervention) continue;
    if (out.empty() || out.back().episode != event->episode) out.push_back({{}, event->episode, "", {}, {}, {}, {}});
    InterventionEffects& here = out.back();
    here.numbers.push_back(event->number);
    here.keys +=
        (here.keys.empty() ? "" : ", ") + (event->key.empty() ? std::string("rolled back") : SettingWords(event->key));
  }
  return out;
}

}  // namespace

std::vector<InterventionEffects> MeasureEffects(const run::Snapshot& snapshot, size_t most) {
  const nets::PartList& parts = PartsOf(snapshot);
  std::vector<InterventionEffects> out = Boundaries(snapshot);
  if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
  for (InterventionEffects& here : out) {
    std::vector<const run::EpisodeSummary*> records;
    int split = 0;
    const auto below = [](const auto& record, int wanted) { return record->episode < wanted; };
    const auto& episodes = *snapshot.episodes;
    auto at = std::lower_bound(episodes.begin(), episodes.end(), std::max(1, here.episode - kEffectWindow), below);
    for (; at != episodes.end() && (*at)->episode < here.episode + kEffectWindow; ++at) {
      records.push_back(at->get());
      split += (*at)->episode < here.episode;
    }
    here.episode_return = Measure(records, split, [](const auto& r) { return r.episode_return; });
    here.nll = Measure(records, split, [](const auto& r) { return r.nll; });
    here.spread = Measure(records, split, Spread);
    here.fraction_model_free = Measure(
        records, split, [&parts](const auto& r) { return parts.ModelFree(r.decision.pick.id()) ? 1.0 : 0.0; }, true);
  }
  return out;
}

}  // namespace equipoise::ui
