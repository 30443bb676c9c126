#include "ui/figure/decimate.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace equipoise::ui {
namespace {

using Kind = MissingMark::Kind;

// The entries to look at: those in view and one more on either side.
std::pair<size_t, size_t> InView(const std::vector<double>& x, const Axis& axis) {
  size_t begin = static_cast<size_t>(std::lower_bound(x.begin(), x.end(), axis.lo) - x.begin());
  size_t end = static_cast<size_t>(std::upper_bound(x.begin(), x.end(), axis.hi) - x.begin());
  if (begin > 0) --begin;
  if (end < x.size()) ++end;
  return {begin, std::max(begin, end)};
}

int Column(float pixel) { return static_cast<int>(std::floor(pixel)); }

void AddMissing(PixelLine* line, float pixel, double value) {
  const Kind kind = std::isnan(value) ? Kind::kNotANumber : value > 0 ? Kind::kPlusInfinity : Kind::kMinusInfinity;
  for (size_t i = line->missing.size(); i-- > 0 && Column(line->missing[i].x) == Column(pixel);) {
    if (line->missing[i].kind == kind) return;
  }
  line->missing.push_back({kind, pixel});
}

// Collects the points of one run and keeps, within a column, only what shapes the picture.
class RunBuilder {
 public:
  explicit RunBuilder(PixelLine* line) : line_(line), begin_(line->points.size()) {}

  void Add(PixelPoint p) {
    if (count_ > 0 && Column(p.x) != Column(last_.x)) Flush();
    if (count_ == 0) {
      first_ = lowest_ = highest_ = p;
      lowest_at_ = highest_at_ = 0;
    }
    if (p.y < lowest_.y) {
      lowest_ = p;
      lowest_at_ = count_;
    }
    if (p.y > highest_.y) {
      highest_ = p;
      highest_at_ = count_;
    }
    last_ = p;
    ++count_;
  }

  void End() {
    Flush();
    if (line_->points.size() > begin_) line_->runs.push_back({begin_, line_->points.size()});
    begin_ = line_->points.size();
  }

 private:
  void Flush() {
    if (count_ == 0) return;
    auto& out = line_->points;
    out.push_back(first_);
    const bool low_first = lowest_at_ < highest_at_;
    const int at[2] = {std::min(lowest_at_, highest_at_), std::max(lowest_at_, highest_at_)};
    const PixelPoint extremes[2] = {low_first ? lowest_ : highest_, low_first ? highest_ : lowest_};
    for (int i = 0; i < 2; ++i) {
      if (at[i] > 0 && at[i] < count_ - 1 && (i == 0 || at[1] != at[0])) out.push_back(extremes[i]);
    }
    if (count_ > 1) out.push_back(last_);
    count_ = 0;
  }

  PixelLine* line_;
  size_t begin_;
  int count_ = 0, lowest_at_ = 0, highest_at_ = 0;
  PixelPoint first_{}, last_{}, lowest_{}, highest_{};
};

}  // namespace

PixelLine DecimateLine(const std::vector<double>& x, const std::vector<double>& y, const Axis& x_axis,
                       const Axis& y_axis) {
  PixelLine line;
  const auto [begin, end] = InView(x, x_axis);
  RunBuilder run(&line);
  for (size_t i = begin; i < end; ++i) {
    const float px = x_axis.ToPixel(x[i]);
    if (std::isfinite(y[i])) {
      run.Add({px, y_axis.ToPixel(y[i])});
      continue;
    }
    run.End();
    if (x[i] >= x_axis.lo && x[i] <= x_axis.hi) AddMissing(&line, px, y[i]);
  }
  run.End();
  return line;
}

PixelLine DecimateBand(const std::vector<double>& x, const std::vector<double>& lo, const std::vector<double>& hi,
                       const Axis& x_axis, const Axis& y_axis) {
  PixelLine band;
  const auto [begin, end] = InView(x, x_axis);
  size_t run_begin = 0;
  const auto end_run = [&] {
    if (band.points.size() > run_begin) band.runs.push_back({run_begin, band.points.size()});
    run_begin = band.points.size();
  };
  for (size_t i = begin; i < end; ++i) {
    if (!std::isfinite(lo[i]) || !std::isfinite(hi[i])) {
      end_run();
      continue;
    }
    const float px = x_axis.ToPixel(x[i]);
    const float low = y_axis.ToPixel(lo[i]), high = y_axis.ToPixel(hi[i]);
    if (band.points.size() > run_begin && Column(band.points.back().x) == Column(px)) {
      PixelPoint& l = band.points[band.points.size() - 2];
      PixelPoint& h = band.points.back();
      // Pixels of an axis that points up fall as values rise.
      const bool up = y_axis.to < y_axis.from;
      l.y = up ? std::max(l.y, low) : std::min(l.y, low);
      h.y = up ? std::min(h.y, high) : std::max(h.y, high);
      continue;
    }
    band.points.push_back({px, low});
    band.points.push_back({px, high});
  }
  end_run();
  return band;
}

std::vector<size_t> ThinMarks(const std::vector<double>& x, const std::vector<double>& y, const Axis& x_axis,
                              const Axis& y_axis, float cell) {
  std::vector<size_t> kept;
  const auto cells = [cell](const Axis& axis, float pixel) {
    return static_cast<long>(std::floor(std::fabs(pixel - axis.from) / cell));
  };
  const long columns = cells(x_axis, x_axis.to) + 1, rows = cells(y_axis, y_axis.to) + 1;
  std::vector<bool> taken(static_cast<size_t>(columns * rows));
  const auto [begin, end] = InView(x, x_axis);
  for (size_t i = end; i-- > begin;) {
    if (!std::isfinite(y[i]) || x[i] < x_axis.lo || x[i] > x_axis.hi) continue;
    if (!y_axis.InStrip(y[i]) && (y[i] < y_axis.lo || y[i] > y_axis.hi)) continue;
    const long column = std::min(cells(x_axis, x_axis.ToPixel(x[i])), columns - 1);
    const long row = std::min(cells(y_axis, y_axis.ToPixel(y[i])), rows - 1);
    const size_t at = static_cast<size_t>(row * columns + column);
    if (taken[at]) continue;
    taken[at] = true;
    kept.push_back(i);
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

}  // namespace equipoise::ui
