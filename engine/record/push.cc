#include "engine/record/push.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace equipoise::run {

bool IsRelease(const PushBody& push) {
  return std::all_of(push.wrench.begin(), push.wrench.end(), [](double v) { return v == 0; });
}

bool SamePush(const PushBody& a, const PushBody& b) {
  return (IsRelease(a) && IsRelease(b)) || (a.body == b.body && a.wrench == b.wrench);
}

std::string ToText(const std::vector<Stroke>& strokes) {
  std::string text;
  for (const Stroke& s : strokes) {
    if (!text.empty()) text += "; ";
    text += std::to_string(s.attempt) + " " + std::to_string(s.step) + " " + std::to_string(s.push.body);
    for (double v : s.push.wrench) text += " " + config::ToText(config::Value(v));
  }
  return text;
}

Result<std::vector<Stroke>> StrokesFromText(const std::string& text) {
  std::vector<Stroke> strokes;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ';');) {
    std::istringstream in(part);
    Stroke s;
    bool whole = static_cast<bool>(in >> s.attempt >> s.step >> s.push.body);
    for (double& v : s.push.wrench) whole = whole && in >> v && std::isfinite(v);
    std::string rest;
    if (!whole || in >> rest || s.push.body < 0 || s.step < 0)
      return Error{"\"" + part + "\" is no push: attempt, step, body and six numbers were expected"};
    strokes.push_back(s);
  }
  return strokes;
}

Result<std::vector<Stroke>> StrokesOf(const std::vector<Event>& events, int episode) {
  std::vector<Stroke> all;
  for (const Event& event : events) {
    if (event.key != kPushKey || event.episode != episode) continue;
    Result<std::vector<Stroke>> strokes = StrokesFromText(event.to);
    if (!strokes) return strokes.error();
    all.insert(all.end(), strokes.value().begin(), strokes.value().end());
  }
  return all;
}

const PushBody* InForce(const std::vector<Stroke>& strokes, int attempt, int step) {
  const PushBody* found = nullptr;
  for (const Stroke& s : strokes)
    if (s.attempt == attempt && s.step <= step) found = &s.push;
  return found == nullptr || IsRelease(*found) ? nullptr : found;
}

std::string PushSentence(const std::vector<Stroke>& strokes, const std::string& body, int episode, int end) {
  double most = 0, turn = 0;
  for (const Stroke& s : strokes) {
    const auto& w = s.push.wrench;
    most = std::max(most, std::sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]));
    turn = std::max(turn, std::sqrt(w[3] * w[3] + w[4] * w[4] + w[5] * w[5]));
  }
  char size[64];
  std::snprintf(size, sizeof size, most > 0 ? "%.3g N" : "%.3g N m", most > 0 ? most : turn);
  const int first = strokes.empty() ? 0 : strokes.front().step + 1;
  const std::string where = episode > 0 ? "episode " + std::to_string(episode) : "a random episode";
  return "You pushed the " + body + " in " + where + ", steps " + std::to_string(first) + " to " +
         std::to_string(std::max(first, end)) + ", with up to " + size + ".";
}

}  // namespace equipoise::run
