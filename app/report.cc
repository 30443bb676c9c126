// report.cc: `equipoise report`: tables, figures and a page of many runs.
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "app/commands.h"
#include "app/report_figures.h"
#include "app/standard_streams.h"
#include "engine/base/atomic_file.h"
#include "engine/base/output_folder.h"
#include "engine/report/page.h"
#include "engine/sweep/manifest.h"
#include "ui/figure/chart_svg.h"

#if defined(EQUIPOISE_WITH_UI) && __has_include("ui/offscreen/figure_picture.h")
#include "ui/offscreen/figure_picture.h"
#define EQUIPOISE_CAN_PAINT 1
#else
#define EQUIPOISE_CAN_PAINT 0
#endif

namespace equipoise::app {
namespace {

using Files = std::map<std::string, std::string>;  // name, content

#if EQUIPOISE_CAN_PAINT
constexpr float kScale = 2;

Status AddPictures(const std::deque<Figure>& figures, Files* files) {
  if (figures.empty()) return {};
  auto studio = ui::FigureStudio::Open(/*light=*/true);
  if (!studio) return studio.error();
  for (const Figure& figure : figures) {
    const auto picture = studio.value()->Take(figure.charts, figure.options, kScale);
    if (!picture) return picture.error();
    auto bytes = ui::EncodePng(picture.value());
    if (!bytes) return bytes.error();
    (*files)[figure.name + ".png"] = std::move(bytes).value();
  }
  return {};
}
#else
Status AddPictures(const std::deque<Figure>&, Files*) {
  return Error{"this program was built without its window (ui/) and cannot draw them"};
}
#endif

void AddTables(const std::vector<report::ScoreTable>& tables, const std::string& name, Files* files) {
  const std::vector<report::Stretch> stretches = report::StretchesOf(10);
  for (size_t k = 0; k < tables.size(); ++k) {
    if (tables[k].rows.empty()) continue;
    const std::string file = name + (k == 0 ? "" : "-" + stretches[k].name);
    (*files)[file + ".csv"] = report::ScoreCsv(tables[k]);
    (*files)[file + ".md"] = report::ScoreMarkdown(tables[k]);
  }
}

std::vector<report::ScoreTable> TablesOf(const report::Collected& collected, const report::Grid& grid) {
  std::vector<report::ScoreTable> tables;
  for (size_t k = 0; k < report::StretchesOf(10).size(); ++k) tables.push_back(report::TableOf(collected, grid, k));
  return tables;
}

std::string DefaultFolder(const std::vector<std::string>& folders) {
  return folders.size() == 1 && sweep::HoldsSweep(folders[0]) ? sweep::SweepPaths(folders[0]).report : "report";
}

Status Write(OutputFolder* folder, const Files& files) {
  const Result<std::string> at = folder->Begin();
  if (!at) return at.error();
  for (const auto& [name, content] : files)
    if (Status written = WriteFileAtomically(at.value() + "/" + name, content); !written) return written;
  return folder->Finish();
}

}  // namespace

int Report(const ReportOptions& options) {
  OutputFolderRule rule;
  rule.overwrite = options.overwrite;
  for (const std::string& folder : options.folders) rule.keep.push_back(folder);
  const std::string out = options.out.empty() ? DefaultFolder(options.folders) : options.out;
  Result<OutputFolder> place = OutputFolder::At(out, rule);
  if (!place) return Fail(kFailure, place.error().message);

  report::CollectOptions what;
  what.folders = options.folders;
  what.episodes = options.episodes;
  what.steered = options.steered;
  Result<report::Collected> read = report::Collect(what);
  if (!read) return Fail(kUsageError, read.error().message);
  const report::Collected& collected = read.value();
  const std::vector<report::ScoreTable> tables = TablesOf(collected, collected.scores),
                                        failures = TablesOf(collected, collected.failures);
  const report::Aggregates aggregates = report::AggregatesOf(collected, tables[0]);

  Files files;
  const std::deque<Figure> figures = ReportFigures(collected, aggregates);
  std::vector<report::PageFigure> named;
  Files pictures;
  for (const Figure& figure : figures) {
    named.push_back({figure.name, figure.caption});
    pictures[figure.name + ".svg"] = ui::FigureSvg(figure.charts, figure.options);
  }
  const std::string page = report::PageMarkdown(collected, tables, failures, aggregates, named);
  files = pictures;
  for (const Figure& figure : figures) files[figure.name + ".csv"] = FigureCsv(figure);
  files["report.md"] = page;
  files["report.html"] = report::HtmlPage(page, "Equipoise: report", pictures);
  files["runs.csv"] = report::RunsCsv(collected);
  AddTables(tables, "table1", &files);
  AddTables(failures, "failures", &files);
  if (aggregates.nothing.empty()) {
    files["aggregates.csv"] = report::AggregatesCsv(aggregates);
    files["improvement.csv"] = report::ImprovementsCsv(aggregates);
  }
  if (const Status painted = AddPictures(figures, &files); !painted)
    Warn("the figures are there as SVG alone: " + painted.error().message);

  OutputFolder folder = std::move(place).value();
  if (Status written = Write(&folder, files); !written) return Fail(kFailure, written.error().message);
  // The words without the pictures.
  PrintNow(page.substr(0, page.find("\n## Figures\n")) + "\n" + out + "/report.html\n");
  return kOk;
}

}  // namespace equipoise::app
