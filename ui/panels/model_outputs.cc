#include "ui/panels/model_outputs.h"

#include <algorithm>
#include <cmath>

#include "ui/figure/ticks.h"
#include "ui/kit/explain.h"
#include "ui/kit/trace.h"

namespace equipoise::ui {
namespace {

std::string InNats(double nats) { return std::isnan(nats) ? "" : Brief(nats) + " nats"; }

}  // namespace

std::vector<OutputError> OutputErrors(const run::EpisodeRecord& record, const env::TaskInfo& task) {
  const std::vector<float>&errors = record.open_loop_by_state, &nats = record.nll_by_output;
  std::vector<OutputError> outputs;
  if (errors.empty()) return outputs;
  const auto nats_of = [&nats](size_t i) { return i < nats.size() ? nats[i] : std::nan(""); };
  for (size_t i = 0; i < errors.size(); ++i) {
    const bool named = i < task.observation_names.size();
    outputs.push_back({named ? task.observation_names[i] : "state " + std::to_string(i + 1), errors[i], nats_of(i)});
  }
  // One that is not a number is worse than any.
  std::stable_sort(outputs.begin(), outputs.end(), [](const OutputError& a, const OutputError& b) {
    if (std::isnan(a.error) || std::isnan(b.error)) return std::isnan(a.error) && !std::isnan(b.error);
    return a.error > b.error;
  });
  outputs.push_back({"reward", std::nan(""), nats_of(errors.size())});
  return outputs;
}

void DrawOutputErrors(const std::vector<OutputError>& outputs, ImVec2 at, ImVec2 size) {
  ImFont* font = GetFonts().small;
  const float row = FontSize(font) + Px(5);
  const auto rows = static_cast<size_t>(std::max(1.0f, std::floor(size.y / row)));
  // The reward keeps its row, and one says what was left out.
  const bool all = outputs.size() <= rows;
  const size_t states = all ? outputs.size() - 1 : rows > 2 ? rows - 2 : 1;
  float names = 0, nats = 0, numbers = 0;
  double most = 0;
  for (const OutputError& o : outputs) {
    names = std::max(names, TextWidth(font, o.name));
    nats = std::max(nats, TextWidth(font, InNats(o.nats)));
    numbers = std::max(numbers, TextWidth(font, Brief(o.error)));
    if (std::isfinite(o.error)) most = std::max(most, o.error);
  }
  names = std::min(names, 0.4f * size.x);
  const float bar = at.x + names + Px(8), right = at.x + size.x, bar_end = right - nats - numbers - Px(16);
  float y = at.y;
  const auto draw = [&](const OutputError& o) {
    const float middle = y + row / 2;
    TextMiddle(font, {at.x, middle}, Colors().text, Elide(font, o.name, names));
    if (bar_end > bar && std::isfinite(o.error) && most > 0) {
      const auto length = static_cast<float>(o.error / most) * (bar_end - bar);
      Rect({bar, middle - Px(3)}, {bar + std::max(length, Px(1)), middle + Px(3)}, Ink(0.45f), Px(2));
    }
    if (o.name != outputs.back().name)
      TextRight(font, {right - nats - Px(8), y + Px(2)}, Colors().text,
                std::isnan(o.error) ? "no number" : Brief(o.error));
    TextRight(font, {right, y + Px(2)}, Colors().secondary, InNats(o.nats));
    Explain({at.x, y}, {right, y + row}, "Outputs",
            o.name + ": " + (std::isnan(o.error) ? "" : "off by " + Brief(o.error) + " standard deviations, ") +
                "surprise " + (std::isnan(o.nats) ? "unknown" : InNats(o.nats)) + " a step.");
    y += row;
  };
  for (size_t i = 0; i < states; ++i) draw(outputs[i]);
  if (!all && rows > 2) {
    const size_t left_out = outputs.size() - 1 - states;
    const std::string words = left_out == 1 ? "1 more, " : std::to_string(left_out) + " more, each ";
    Text(font, {at.x, y + Px(2)}, Colors().secondary,
         Elide(font, words + "at most " + Brief(outputs[states].error) + " sd", size.x));
    y += row;
  }
  if (all || rows > 1) draw(outputs.back());
  TraceWidget("model.outputs.rows", at, {right, y});
}

}  // namespace equipoise::ui
