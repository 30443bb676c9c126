#include "app/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "engine/base/xml_text.h"

namespace equipoise::app {
namespace {

using run::BlockMeans;
using run::kBlock;
using run::RunCurve;

std::string Format(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string Title(const std::string& agent) {
  return agent == "unified" ? "Unified RL" : agent == "sac" ? "SAC alone" : "MBRL alone";
}

std::map<std::string, std::vector<const RunCurve*>> ByAgent(const std::vector<RunCurve>& runs) {
  std::map<std::string, std::vector<const RunCurve*>> groups;
  for (const RunCurve& run : runs) groups[run.agent].push_back(&run);
  return groups;
}

}  // namespace

std::string CompareMarkdown(const std::vector<RunCurve>& runs) {
  size_t longest = 0;
  for (const RunCurve& run : runs) longest = std::max(longest, run.returns.size());
  const int block = run::BlockForTable(longest);
  const size_t blocks = longest / static_cast<size_t>(block);
  std::string out = "| agent | seed | model-free picks (forced) | mean |";
  for (int b = 0; b < static_cast<int>(blocks); ++b)
    out += " " + std::to_string(b * block + 1) + "-" + std::to_string((b + 1) * block) + " |";
  out += "\n|---|---|---|---|";
  for (size_t b = 0; b < blocks; ++b) out += "---|";
  out += "\n";
  for (const auto& [agent, group] : ByAgent(runs)) {
    std::vector<const RunCurve*> sorted = group;
    std::sort(sorted.begin(), sorted.end(), [](const RunCurve* a, const RunCurve* b) { return a->seed < b->seed; });
    for (const RunCurve* run : sorted) {
      const auto free = std::count(run->model_free.begin(), run->model_free.end(), true);
      const auto forced = std::count(run->forced.begin(), run->forced.end(), true);
      double mean = 0;
      for (double r : run->returns) mean += r / static_cast<double>(run->returns.size());
      out += "| " + run->agent + (run->steered ? " (steered)" : "") + " | " + std::to_string(run->seed) + " | ";
      out += agent == "unified" ? std::to_string(free) + " (" + std::to_string(forced) + ")" : std::string("-");
      out += " of " + std::to_string(run->returns.size()) + " | " + Format("%.1f", mean) + " |";
      const auto means = BlockMeans(run->returns, block);
      for (size_t b = 0; b < blocks; ++b) out += b < means.size() ? " " + Format("%.1f", means[b]) + " |" : " |";
      out += "\n";
    }
  }
  return out;
}

namespace {

// One chart of the picture: maps values to pixels and draws its frame.
struct Chart {
  double left, top, width, height, x_max, y_min, y_max;
  double X(double x) const { return left + width * x / x_max; }
  double Y(double y) const { return top + height * (1 - (y - y_min) / (y_max - y_min)); }
};

double NiceStep(double span, int target) {
  const double raw = span / target, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (double m : {1.0, 2.0, 5.0})
    if (m * power >= raw) return m * power;
  return 10 * power;
}

// As many decimals as tell a tick from the next one.
std::string TickText(double value, double step) {
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
  return Format(("%." + std::to_string(decimals) + "f").c_str(), value);
}

std::string Line(const Chart& c, const std::vector<double>& x, const std::vector<double>& y, const std::string& style) {
  std::string points;
  for (size_t i = 0; i < y.size(); ++i) points += Format("%.1f,", c.X(x[i])) + Format("%.1f ", c.Y(y[i]));
  return "<polyline fill=\"none\" " + style + " points=\"" + points + "\"/>\n";
}

std::string Text(double x, double y, const std::string& anchor, const std::string& text, const std::string& more = "") {
  return "<text x=\"" + Format("%.1f", x) + "\" y=\"" + Format("%.1f", y) + "\" text-anchor=\"" + anchor + "\" " +
         more + ">" + XmlText(text) + "</text>\n";
}

std::string Frame(const Chart& c, const std::string& title, bool percent) {
  std::string out = Text(c.left, c.top - 8, "start", title, "font-weight=\"600\"");
  const double step = percent ? 0.5 : NiceStep(c.y_max - c.y_min, 5);
  const int first = static_cast<int>(std::ceil(c.y_min / step)),
            last = static_cast<int>(std::floor(c.y_max / step + 1e-9));
  for (int tick = first; tick <= last; ++tick) {  // counted, so that zero is exactly 0 and never "-0"
    const double y = tick * step;
    out += "<line x1=\"" + Format("%.1f", c.left) + "\" x2=\"" + Format("%.1f", c.left + c.width) + "\" y1=\"" +
           Format("%.1f", c.Y(y)) + "\" y2=\"" + Format("%.1f", c.Y(y)) + "\" stroke=\"#D2D9E2\"/>\n";
    out += Text(c.left - 6, c.Y(y) + 4, "end", percent ? Format("%.0f %%", 100 * y) : TickText(y, step),
                "fill=\"#4E5B6C\"");
  }
  const double x_step = NiceStep(c.x_max, 6);
  for (double x = 0; x <= c.x_max + 1e-9; x += x_step)
    out += Text(c.X(x), c.top + c.height + 16, "middle", TickText(x, x_step), "fill=\"#4E5B6C\"");
  return out;
}

// Colour and dash: the two learners' colours, unified in ink; shapes differ for those who do not see colours.
std::string Colour(const std::string& agent) {
  return agent == "mbrl" ? "#1565C0" : agent == "sac" ? "#C24E00" : "#18202A";
}

std::string Style(const std::string& agent, bool faint) {
  const std::string dash = agent == "mbrl"  ? "stroke-dasharray=\"7 3\" "
                           : agent == "sac" ? "stroke-dasharray=\"2 3\" "
                                            : "";
  return "stroke=\"" + Colour(agent) + "\" " + dash +
         (faint ? "stroke-width=\"1\" opacity=\"0.35\"" : "stroke-width=\"2.4\"");
}

// The band, every run faintly, and their mean on top.
std::string Group(const Chart& c, const std::vector<run::CurveLine>& lines, const std::string& agent) {
  const run::CurveBand mean = run::MeanOverRuns(lines);
  std::string out;
  if (lines.size() > 1) {
    std::string points;
    const auto add = [&](size_t i, double y) {
      const double inside = std::min(std::max(y, c.y_min), c.y_max);
      if (std::isfinite(y)) points += Format("%.1f,", c.X(mean.x[i])) + Format("%.1f ", c.Y(inside));
    };
    for (size_t i = 0; i < mean.x.size(); ++i) add(i, mean.lo[i]);
    for (size_t i = mean.x.size(); i-- > 0;) add(i, mean.hi[i]);
    out += "<polygon fill=\"" + Colour(agent) + "\" opacity=\"0.12\" points=\"" + points + "\"/>\n";
    for (const run::CurveLine& line : lines) out += Line(c, line.x, line.y, Style(agent, true));
  }
  return out + Line(c, mean.x, mean.mean, Style(agent, false));
}

}  // namespace

std::string CompareSvg(const std::vector<RunCurve>& runs, const std::string& title) {
  Chart top{60, 64, 640, 250, 1, 0, 1}, bottom{60, 372, 640, 80, 1, 0, 1};
  bool any = false;
  for (const RunCurve& run : runs) {
    top.x_max = std::max(top.x_max, static_cast<double>(run.returns.size()));
    for (double v : BlockMeans(run.returns)) {
      top.y_min = any ? std::min(top.y_min, v) : std::min(0.0, v);
      top.y_max = any ? std::max(top.y_max, v) : v;
      any = true;
    }
  }
  if (top.y_max <= top.y_min) top.y_max = top.y_min + 1;
  bottom.x_max = top.x_max;
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 500\" font-family=\"Inter, DejaVu Sans, "
      "sans-serif\" "
      "font-size=\"12\" fill=\"#18202A\">\n<rect width=\"720\" height=\"500\" fill=\"#FFFFFF\"/>\n";
  out += Text(60, 26, "start", title, "font-size=\"15\" font-weight=\"600\"");
  bool several = false;
  for (const auto& group : ByAgent(runs)) several = several || group.second.size() > 1;
  out += Frame(
      top, std::string("Return, means of ten episodes") + (several ? "; band: mean \xc2\xb1 1 sd over the runs" : ""),
      false);
  out += Frame(bottom, "Model-free fraction of unified, last 20 picks (dashed: floor of the forced ones)", true);
  out += Line(bottom, {0, bottom.x_max}, {0.1, 0.1}, "stroke=\"#7C8898\" stroke-dasharray=\"4 4\"");
  out += Text(380, 492, "middle", "picked episode", "fill=\"#4E5B6C\"");
  double legend = 330;
  for (const auto& [agent, group] : ByAgent(runs)) {
    std::vector<run::CurveLine> lines, fractions;
    for (const RunCurve* run : group) {
      lines.push_back({{}, BlockMeans(run->returns)});
      while (lines.back().x.size() < lines.back().y.size())
        lines.back().x.push_back((static_cast<double>(lines.back().x.size()) + 0.5) * kBlock);
      fractions.push_back({{}, run::ModelFreeFraction(run->model_free, 20)});
      while (fractions.back().x.size() < fractions.back().y.size())
        fractions.back().x.push_back(static_cast<double>(fractions.back().x.size()) + 1);
    }
    out += Group(top, lines, agent);
    if (agent == "unified") out += Group(bottom, fractions, agent);
    out += "<line x1=\"" + Format("%.0f", legend) + "\" x2=\"" + Format("%.0f", legend + 26) +
           "\" y1=\"22\" y2=\"22\" " + Style(agent, false) + "/>\n";
    out += Text(legend + 32, 26, "start", Title(agent) + " (" + std::to_string(group.size()) + ")");
    legend += 130;
  }
  return out + "</svg>\n";
}

}  // namespace equipoise::app
