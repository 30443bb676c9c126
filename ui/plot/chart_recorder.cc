#include "ui/plot/chart_recorder.h"

#include <utility>

namespace equipoise::ui {
namespace {

ChartRecorder* recorder = nullptr;

}  // namespace

ChartRecorder::ChartRecorder(std::string note) : note_(std::move(note)) { recorder = this; }
ChartRecorder::~ChartRecorder() { recorder = nullptr; }

void ChartRecorder::Note(const char* id, const ChartSpec& spec, const Axis& x, const Axis& y) {
  if (recorder == nullptr) return;
  SvgOptions options;
  options.title = ChartTitle(id);
  options.note = recorder->note_;
  recorder->charts_[id] = ChartSvg(spec, x, y, options);
}

std::string ChartTitle(const std::string& id) {
  if (id == "return") return "Return per episode";
  if (id == "fraction") return "Model-free fraction of the last 20 picks";
  if (id == "nll") return "Model NLL on the newest episode";
  if (id == "error") return "Open-loop state error, in sd of the data";
  return id;
}

}  // namespace equipoise::ui
