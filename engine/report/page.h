// page.h: a report as Markdown, and that Markdown as one HTML page with its pictures inside.
//
// Thread   any; no state
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/report/summary.h"

namespace equipoise::report {

struct PageFigure {
  std::string name, caption;  // figure2 -> figure2.svg beside the page
};
// `tables`, `failures`: by StretchesOf; the latter empty when there are none.
std::string PageMarkdown(const Collected& collected, const std::vector<ScoreTable>& tables,
                         const std::vector<ScoreTable>& failures, const Aggregates& aggregates,
                         const std::vector<PageFigure>& figures);

// Of what PageMarkdown writes: headings, paragraphs, lists, tables, bold, `code`, pictures on a line of their own.
// `pictures`: SVG texts by the names that stand in the Markdown; they become part of the page.
std::string HtmlPage(const std::string& markdown, const std::string& title,
                     const std::map<std::string, std::string>& pictures);

}  // namespace equipoise::report
