#include "ui/panels/curves/fork_marks.h"

#include <algorithm>
#include <cmath>

#include "ui/view/run_request.h"

namespace equipoise::ui {

bool AreForks(const Relation& a, const Relation& b) {
  if (a.forked && SameFolder(a.forked->folder, b.folder)) return true;
  if (b.forked && SameFolder(b.forked->folder, a.folder)) return true;
  return a.forked && b.forked && a.forked->folder == b.forked->folder;
}

std::optional<int> FirstDiffering(const CurveData& own, const CurveData& other) {
  const CurveSeries &a = own.Series(CurveChart::kReturn), &b = other.Series(CurveChart::kReturn);
  for (size_t i = 0; i < std::min(a.y.size(), b.y.size()); ++i) {
    const int episode = own.episode[a.entry[i]];
    if (episode != other.episode[b.entry[i]]) return {};  // not of one start
    const bool same = a.y[i] == b.y[i] || (std::isnan(a.y[i]) && std::isnan(b.y[i]));
    if (!same) return episode;
  }
  return {};
}

EventMark PartingMark(const CurveData& own, int episode, const std::string& name) {
  EventMark mark;
  mark.kind = MarkKind::kParting;
  mark.x = FlagPosition(own, episode);
  mark.episode = episode;
  mark.text = "Episode " + std::to_string(episode) + " is the first with another return in " + name + ".";
  return mark;
}

}  // namespace equipoise::ui
