#include "engine/report/page.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "engine/base/version.h"
#include "engine/base/xml_text.h"
#include "engine/config/task_name.h"
#include "engine/report/text.h"

namespace equipoise::report {
namespace {

std::string EpisodesText(const Grid& grid) {
  std::string text;
  for (const Column& column : grid.columns)
    text += (text.empty() ? "" : ", ") + config::TaskStem(column.task) +
            (column.failure.empty() ? "" : " (" + column.failure + ")") + " " + std::to_string(column.episodes);
  return text;
}

// Which presets the runs were started with: a number without it says little.
std::string PresetsText(const Collected& collected) {
  std::vector<std::string> presets;
  for (const ReportRun& run : collected.runs) {
    const std::string& preset = run.curve.identity.settings.run.preset;
    if (run.counted && std::find(presets.begin(), presets.end(), preset) == presets.end()) presets.push_back(preset);
  }
  std::sort(presets.begin(), presets.end());
  std::string text;
  for (const std::string& preset : presets) text += (text.empty() ? "" : ", ") + preset;
  return text;
}

std::string CountsText(const Collected& collected) {
  size_t counted = 0, steered = 0;
  for (const ReportRun& run : collected.runs) {
    counted += run.counted ? 1 : 0;
    steered += run.curve.identity.steered ? 1 : 0;
  }
  std::string text = std::to_string(counted) + " of " + Count(collected.planned, "run") + " counted";
  if (collected.planned > collected.runs.size())
    text += ", " + std::to_string(collected.planned - collected.runs.size()) + " missing or unreadable";
  if (steered > 0) text += ", " + std::to_string(steered) + " steered by hand";
  return text + ".";
}

}  // namespace

std::string PageMarkdown(const Collected& collected, const std::vector<ScoreTable>& tables,
                         const std::vector<ScoreTable>& failures, const Aggregates& aggregates,
                         const std::vector<PageFigure>& figures) {
  std::string out = "# Report\n\n" + CountsText(collected) + " Equipoise " + Version() + ".\n\n";
  const std::string presets = PresetsText(collected);
  if (!presets.empty()) out += "Presets: " + presets + ". ";
  out +=
      "A return is the undiscounted sum of the rewards of an episode that was acted while learning. Episodes that "
      "count: " +
      EpisodesText(collected.scores) +
      (collected.failures.columns.empty() || collected.scores.columns.empty() ? "" : "; ") +
      EpisodesText(collected.failures) + ".\n\n";
  if (!collected.notes.empty()) {
    out += "## What is not as planned\n\n";
    for (const std::string& note : collected.notes) out += "- " + note + "\n";
    out += "\n";
  }
  const std::vector<Stretch> stretches = StretchesOf(10);
  for (size_t k = 0; k < tables.size() && !tables[k].rows.empty(); ++k) {
    out += "## " + std::string(k == 0 ? "Table 1: m" : "M") + stretches[k].title.substr(1) + "\n\n";
    if (k == 0)
      out +=
          "Mean \xc2\xb1 half the 95 % confidence interval (Student's t) over as many runs as stand in brackets. Bold: "
          "the "
          "best of a task and what is not significantly below it (two-sided t-test, equal variances, p \xe2\x89\xa5 "
          "0.05). "
          "\\*: significantly above the better of its parts alone, which is the max row: the larger of their means, in "
          "hindsight. Normalised: min-max over the means of a task, averaged over the tasks.\n\n";
    out += ScoreMarkdown(tables[k]) + "\n";
  }
  for (size_t k = 0; k < failures.size() && !failures[k].rows.empty(); ++k)
    out += "## Failures: m" + stretches[k].title.substr(1) + "\n\n" + ScoreMarkdown(failures[k]) + "\n";
  if (!tables.empty() && !tables[0].rows.empty()) {
    out += "## Over all tasks\n\n";
    if (!aggregates.nothing.empty()) {
      out += aggregates.nothing + "\n\n";
    } else {
      out +=
          "Normalised scores of single runs (0: the worst row of a task, 1: the best); in brackets 95 % stratified "
          "bootstrap intervals of " +
          std::to_string(kResamples) +
          " resamples, after Agarwal et al. 2021. The optimality gap is "
          "the distance from 1, so less is better.\n\n" +
          AggregatesMarkdown(aggregates) +
          "\nThe probability that a run of X is above a run of Y, mean over the tasks:\n\n" +
          ImprovementsMarkdown(aggregates) + "\n";
    }
  }
  if (!figures.empty()) out += "## Figures\n\n";
  for (const PageFigure& figure : figures)
    out += "![" + figure.caption + "](" + figure.name + ".svg)\n\n" + figure.caption + "\n\n";
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out + "\n";
}

namespace {

// Bold, code and escapes of a line; everything else is text.
std::string Inline(const std::string& line) {
  std::string out, text;
  bool bold = false, code = false;
  const auto flush = [&] {
    out += XmlText(text);
    text.clear();
  };
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && std::ispunct(static_cast<unsigned char>(line[i + 1])) != 0) {
      text += line[++i];
    } else if (!code && line.compare(i, 2, "**") == 0) {
      flush();
      out += bold ? "</b>" : "<b>";
      bold = !bold;
      ++i;
    } else if (line[i] == '`') {
      flush();
      out += code ? "</code>" : "<code>";
      code = !code;
    } else {
      text += line[i];
    }
  }
  flush();
  return out;
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      cell += line[i];
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(std::move(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

constexpr char kStyle[] =
    "body{font:15px/1.5 Inter,'DejaVu Sans',sans-serif;color:#1c1f24;background:#fff;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.2rem}table{border-collapse:collapse;"
    "display:block;overflow-x:auto}td,th{padding:.25rem .7rem;border-bottom:1px solid #dfe3e8;text-align:right;"
    "white-space:nowrap}td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto}code{background:#"
    "f2f4f6}";

}  // namespace

std::string HtmlPage(const std::string& markdown, const std::string& title,
                     const std::map<std::string, std::string>& pictures) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>" +
      XmlText(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n";
  std::string open;  // "ul" or "table"
  bool head = false;
  const auto within = [&](const std::string& element) {
    if (open == element) return;
    if (!open.empty()) out += "</" + open + ">\n";
    if (!element.empty()) out += "<" + element + ">\n";
    open = element;
    head = true;
  };
  std::istringstream lines(markdown);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) {
      within("");
    } else if (line[0] == '#') {
      within("");
      const size_t level = line.find_first_not_of('#');
      const std::string tag = "h" + std::to_string(level);
      out += "<" + tag + ">" + Inline(line.substr(level + 1)) + "</" + tag + ">\n";
    } else if (line.rfind("- ", 0) == 0) {
      within("ul");
      out += "<li>" + Inline(line.substr(2)) + "</li>\n";
    } else if (line.rfind("|---", 0) == 0) {
      continue;
    } else if (line[0] == '|') {
      within("table");
      out += "<tr>";
      for (const std::string& cell : Cells(line))
        out += (head ? "<th>" : "<td>") + Inline(cell) + (head ? "</th>" : "</td>");
      out += "</tr>\n";
      head = false;
    } else if (line.rfind("![", 0) == 0) {
      within("");
      const size_t from = line.rfind('(') + 1;
      const auto picture = pictures.find(line.substr(from, line.rfind(')') - from));
      if (picture != pictures.end()) out += "<figure>\n" + picture->second + "</figure>\n";
    } else {
      within("");
      out += "<p>" + Inline(line) + "</p>\n";
    }
  }
  within("");
  return out + "</body>\n</html>\n";
}

}  // namespace equipoise::report
