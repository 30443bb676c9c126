#include "app/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "engine/agent/recipes.h"
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

// Does it pick one of several learners before every episode?
bool Chooses(const std::string& agent) { return agent::PartsOf(agent).learners() > 1; }

std::string Title(const std::string& agent) {
  const agent::Recipe* recipe = agent::FindRecipe(agent);
  const std::string title = recipe != nullptr ? recipe->short_title : agent;
  return Chooses(agent) ? (recipe != nullptr ? recipe->title : agent) : title + " alone";
}

std::vector<run::RunGroup> GroupsOf(const std::vector<RunCurve>& runs) {
  std::vector<run::RunIdentity> identities;
  for (const RunCurve& run : runs) identities.push_back(run.identity);
  return run::GroupRuns(identities);
}

// "unified, eps.masks = 20"
std::string Named(const std::string& agent, const run::RunGroup& group) {
  const std::string distinction = run::Distinction(group);
  return agent + (distinction.empty() ? "" : ", " + distinction);
}

// Of a group in blocks: NaN where no run has the block whole.
struct BlockMean {
  double mean = NAN, sd = NAN;
  int n = 0;
};
BlockMean MeanOf(const std::vector<std::vector<double>>& runs, size_t block) {
  BlockMean out;
  double sum = 0, squares = 0;
  for (const auto& means : runs) {
    if (block >= means.size()) continue;
    sum += means[block];
    ++out.n;
  }
  if (out.n == 0) return out;
  out.mean = sum / out.n;
  for (const auto& means : runs)
    if (block < means.size()) squares += (means[block] - out.mean) * (means[block] - out.mean);
  if (out.n > 1) out.sd = std::sqrt(squares / (out.n - 1));
  return out;
}

// The row of a group: mean and sd over its runs; how many have the block, where not all do.
std::string GroupRow(const std::string& name, const std::vector<std::vector<double>>& runs, size_t blocks) {
  std::string row = "| " + name + " | mean of " + std::to_string(runs.size()) + " | | |";
  for (size_t b = 0; b < blocks; ++b) {
    const BlockMean m = MeanOf(runs, b);
    if (m.n > 0) row += " " + Format("%.1f", m.mean);
    if (m.n > 1) row += " \xc2\xb1 " + Format("%.1f", m.sd);
    if (m.n > 0 && m.n < static_cast<int>(runs.size())) row += " (n = " + std::to_string(m.n) + ")";
    row += " |";
  }
  return row + "\n";
}

// What Distinction had no room for: every setting in which the groups differ, with all its values.
std::string DifferencesText(const std::vector<run::RunGroup>& groups) {
  if (groups.empty() || groups.front().differs.empty()) return "";
  std::string out = "\nSettings that differ:";
  for (size_t k = 0; k < groups.front().differs.size(); ++k) {
    out += std::string(k > 0 ? ";" : "") + " " + groups.front().differs[k].first + " =";
    std::vector<std::string> said;
    for (const run::RunGroup& group : groups) {
      const std::string& value = group.differs[k].second;
      if (std::find(said.begin(), said.end(), value) != said.end()) continue;
      out += (said.empty() ? " " : ", ") + (value.empty() ? std::string("(empty)") : value);
      said.push_back(value);
    }
  }
  return out + "\n";
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
  const std::vector<run::RunGroup> groups = GroupsOf(runs);
  for (const run::RunGroup& group : groups) {
    const std::string name = Named(group.agent, group);
    std::vector<std::vector<double>> all;
    for (const size_t i : group.runs) {
      const RunCurve& run = runs[i];
      const auto free = std::count(run.model_free.begin(), run.model_free.end(), true);
      const auto forced = std::count(run.forced.begin(), run.forced.end(), true);
      double mean = run.returns.empty() ? NAN : 0;
      for (double r : run.returns) mean += r / static_cast<double>(run.returns.size());
      out += "| " + name + " | " + std::to_string(run.identity.settings.run.seed) + " | ";
      out += Chooses(group.agent) ? std::to_string(free) + " (" + std::to_string(forced) + ")" : std::string("-");
      out += " of " + std::to_string(run.returns.size()) + " | " + (run.returns.empty() ? "-" : Format("%.1f", mean)) +
             " |";
      all.push_back(BlockMeans(run.returns, block));
      for (size_t b = 0; b < blocks; ++b)
        out += b < all.back().size() ? " " + Format("%.1f", all.back()[b]) + " |" : " |";
      out += "\n";
    }
    if (all.size() > 1) out += GroupRow(name, all, blocks);
  }
  return out + DifferencesText(groups);
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

// Of a long run the lowest and the highest point in each pixel are all that can be seen.
std::vector<size_t> Visible(const Chart& c, const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<size_t> visible;
  const bool all = y.size() <= static_cast<size_t>(4 * c.width);
  for (size_t i = 0; i < y.size();) {
    size_t next = i + 1, low = i, high = i;
    while (!all && next < y.size() && std::isfinite(y[next]) == std::isfinite(y[i]) &&
           std::floor(c.X(x[next])) == std::floor(c.X(x[i]))) {
      if (y[next] < y[low]) low = next;
      if (y[next] > y[high]) high = next;
      ++next;
    }
    visible.push_back(std::min(low, high));
    if (low != high) visible.push_back(std::max(low, high));
    i = next;
  }
  return visible;
}

// Broken where there is no number.
std::string Line(const Chart& c, const std::vector<double>& x, const std::vector<double>& y, const std::string& style) {
  std::string out, points;
  const auto end = [&] {
    if (!points.empty()) out += "<polyline fill=\"none\" " + style + " points=\"" + points + "\"/>\n";
    points.clear();
  };
  for (const size_t i : Visible(c, x, y)) {
    if (std::isfinite(y[i])) {
      points += Format("%.1f,", c.X(x[i])) + Format("%.1f ", c.Y(y[i]));
    } else {
      end();
    }
  }
  end();
  return out;
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

// Colour and dash: the two learners' colours, unified in ink; shapes differ for those who do not see colours. Further
// groups of an agent keep its dash and get colours of their own.
struct Look {
  std::string colour, dash;
  std::string Style(bool faint) const {
    return "stroke=\"" + colour + "\" " + dash +
           (faint ? "stroke-width=\"1\" opacity=\"0.35\"" : "stroke-width=\"2.4\"");
  }
};

std::vector<Look> LooksOf(const std::vector<run::RunGroup>& groups) {
  const std::vector<std::string> more = {"#7B3FA0", "#1B7F4B", "#9A6A00", "#B3256B", "#4B6584"};
  std::map<std::string, size_t> met;
  std::vector<Look> looks;
  size_t others = 0;
  for (const run::RunGroup& group : groups) {
    const std::string& agent = group.agent;
    // The colour of its only learner on white; an agent of several has none of theirs.
    static const std::map<int, const char*> kOwn = {{0, "#C24E00"}, {1, "#1565C0"}};
    const nets::PartList parts = agent::PartsOf(agent);
    const std::vector<const nets::PartInfo*> learners = parts.Learners();
    const int slot = learners.size() == 1 ? parts.SlotOf(learners.front()->id) : -1;
    const std::string own = kOwn.count(slot) > 0 ? kOwn.at(slot) : "#18202A";
    const std::string dash = slot < 0 ? "" : slot % 2 ? "stroke-dasharray=\"7 3\" " : "stroke-dasharray=\"2 3\" ";
    looks.push_back({met[agent]++ == 0 ? own : more[others++ % more.size()], dash});
  }
  return looks;
}

// The band, every run faintly, and their mean on top. `name` is what a browser says of the mean.
std::string Group(const Chart& c, const std::vector<run::CurveLine>& lines, const Look& look, const std::string& name) {
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
    out += "<polygon fill=\"" + look.colour + "\" opacity=\"0.12\" points=\"" + points + "\"/>\n";
    for (const run::CurveLine& line : lines) out += Line(c, line.x, line.y, look.Style(true));
  }
  return out + "<g><title>" + XmlText(name) + "</title>\n" + Line(c, mean.x, mean.mean, look.Style(false)) + "</g>\n";
}

// "SAC alone, sac.batch = 128 (3 runs, 2 after 40)"; as short as it can be: "SAC alone (3)".
std::string LegendText(const run::RunGroup& group, const std::vector<RunCurve>& runs) {
  std::vector<double> ends;  // in whole blocks, as the curves are drawn
  for (const size_t i : group.runs)
    ends.push_back(static_cast<double>(runs[i].returns.size() / static_cast<size_t>(kBlock) * kBlock));
  const std::vector<run::FewerRuns> fewer = run::FewerAfter(ends);
  const int n = static_cast<int>(group.runs.size());
  return Named(Title(group.agent), group) + " (" + (fewer.empty() ? std::to_string(n) : run::CountText(n, fewer)) + ")";
}

}  // namespace

std::string CompareSvg(const std::vector<RunCurve>& runs, const std::string& title) {
  const std::vector<run::RunGroup> groups = GroupsOf(runs);
  std::vector<std::string> names;
  bool several = false, is_short = groups.size() <= 3;
  for (const run::RunGroup& group : groups) {
    names.push_back(LegendText(group, runs));
    several = several || group.runs.size() > 1;
    is_short = is_short && names.back().size() <= 16;
  }
  // Short names stand beside the title, longer ones in lines of their own below it.
  const double down = is_short ? 0 : 18 * static_cast<double>(groups.size());
  Chart top{60, 64 + down, 640, 250, 1, 0, 1}, bottom{60, 372 + down, 640, 80, 1, 0, 1};
  bool any = false;
  for (const RunCurve& run : runs) {
    top.x_max = std::max(top.x_max, static_cast<double>(run.returns.size()));
    for (double v : BlockMeans(run.returns)) {
      if (!std::isfinite(v)) continue;
      top.y_min = any ? std::min(top.y_min, v) : std::min(0.0, v);
      top.y_max = any ? std::max(top.y_max, v) : v;
      any = true;
    }
  }
  if (top.y_max <= top.y_min) top.y_max = top.y_min + 1;
  bottom.x_max = top.x_max;
  const std::string height = Format("%.0f", 500 + down);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 " + height +
                    "\" font-family=\"Inter, DejaVu Sans, sans-serif\" font-size=\"12\" fill=\"#18202A\">\n" +
                    "<rect width=\"720\" height=\"" + height + "\" fill=\"#FFFFFF\"/>\n";
  out += Text(60, 26, "start", title, "font-size=\"15\" font-weight=\"600\"");
  out += Frame(
      top, std::string("Return, means of ten episodes") + (several ? "; band: mean \xc2\xb1 1 sd over the runs" : ""),
      false);
  out += Frame(bottom, "Model-free fraction of unified, last 20 picks (dashed: floor of the forced ones)", true);
  out += Line(bottom, {0, bottom.x_max}, {0.1, 0.1}, "stroke=\"#7C8898\" stroke-dasharray=\"4 4\"");
  out += Text(380, 492 + down, "middle", "picked episode", "fill=\"#4E5B6C\"");
  const std::vector<Look> looks = LooksOf(groups);
  for (size_t g = 0; g < groups.size(); ++g) {
    std::vector<run::CurveLine> lines, fractions;
    for (const size_t i : groups[g].runs) {
      lines.push_back({{}, BlockMeans(runs[i].returns)});
      while (lines.back().x.size() < lines.back().y.size())
        lines.back().x.push_back((static_cast<double>(lines.back().x.size()) + 0.5) * kBlock);
      fractions.push_back({{}, run::ModelFreeFraction(runs[i].model_free, 20)});
      while (fractions.back().x.size() < fractions.back().y.size())
        fractions.back().x.push_back(static_cast<double>(fractions.back().x.size()) + 1);
    }
    out += Group(top, lines, looks[g], names[g]);
    if (Chooses(groups[g].agent)) out += Group(bottom, fractions, looks[g], names[g]);
    const double x = is_short ? 330 + 130 * static_cast<double>(g) : 60;
    const double y = is_short ? 22 : 40 + 18 * static_cast<double>(g);
    out += "<line x1=\"" + Format("%.0f", x) + "\" x2=\"" + Format("%.0f", x + 26) + "\" y1=\"" + Format("%.0f", y) +
           "\" y2=\"" + Format("%.0f", y) + "\" " + looks[g].Style(false) + "/>\n";
    out += Text(x + 32, y + 4, "start", names[g]);
  }
  return out + "</svg>\n";
}

}  // namespace equipoise::app
