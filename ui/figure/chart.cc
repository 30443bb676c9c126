#include "ui/figure/chart.h"

namespace equipoise::ui {

PixelLine Thinned(const ChartLine& line, const Axis& x, const Axis& y) {
  return line.levels != nullptr ? DecimateLine(*line.x, *line.y, *line.levels, x, y)
                                : DecimateLine(*line.x, *line.y, x, y);
}

PixelLine Thinned(const ChartBand& band, const Axis& x, const Axis& y) {
  return band.lo_levels != nullptr && band.hi_levels != nullptr
             ? DecimateBand(*band.x, *band.lo, *band.hi, *band.lo_levels, *band.hi_levels, x, y)
             : DecimateBand(*band.x, *band.lo, *band.hi, x, y);
}

}  // namespace equipoise::ui
