#include "ui/figure/ticks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace equipoise::ui {
namespace {

constexpr const char* kMinus = "\xe2\x88\x92";
constexpr size_t kMostTicks = 64;

std::string WithRealMinus(std::string text) {
  if (!text.empty() && text[0] == '-') {
    // A value that rounds to nothing has no sign.
    if (text.find_first_of("123456789") == std::string::npos) return text.substr(1);
    return kMinus + text.substr(1);
  }
  return text;
}

std::string Print(double value, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

// "2e-7", with a real minus; `digits` behind the point, zeros at the end left out.
std::string PrintExponent(double value, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*e", digits, value);
  const std::string text = buffer;
  const size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') != std::string::npos) {
    mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  const int exponent = std::atoi(text.c_str() + e + 1);
  return WithRealMinus(mantissa) + "e" + WithRealMinus(std::to_string(exponent));
}

constexpr int kMostDecimals = 4;         // of a label without an exponent
constexpr double kLargest = 1e9;         // from there on labels have one
constexpr double kSmallestBrief = 1e-4;  // below it numbers in sentences have one

// Digits behind the point that tell this value from one a step further on.
int ExponentDigits(double value, double step) {
  const double apart = std::floor(std::log10(std::fabs(value)) + 1e-9) - std::floor(std::log10(step) + 1e-9);
  return std::clamp(static_cast<int>(apart), 0, 9);
}

int BriefDecimals(double value) {
  const double size = std::fabs(value);
  if (size >= 99.95) return 0;
  if (size >= 9.995) return 1;
  if (size >= 0.0995 || size == 0) return 2;
  return std::min(6, 2 - static_cast<int>(std::floor(std::log10(size))) - 1);
}

}  // namespace

std::vector<double> LinearTicks(double lo, double hi, int target) {
  std::vector<double> ticks;
  const double span = hi - lo;
  if (!(span > 0) || !std::isfinite(span) || target < 1) return ticks;
  const double raw = span / target;
  const double magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  const double factor = raw / magnitude;
  const double step = (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10) * magnitude;
  if (!(step > 0)) return ticks;
  // Counting in whole steps keeps rounding errors from adding up; the slack keeps an end that is itself a tick.
  const double first = std::ceil(lo / step - 1e-9);
  for (double i = first; i * step <= hi + step * 1e-9 && ticks.size() < kMostTicks; ++i) {
    const double tick = i * step;
    if (!ticks.empty() && tick <= ticks.back()) break;  // the range is finer than a double
    ticks.push_back(i == 0 ? 0.0 : tick);
  }
  return ticks;
}

std::vector<double> LogTicks(double lo, double hi, int target) {
  std::vector<double> ticks;
  if (!(lo > 0) || !(hi > lo) || !std::isfinite(hi) || target < 1) return ticks;
  const int first = static_cast<int>(std::floor(std::log10(lo)));
  const int last = static_cast<int>(std::ceil(std::log10(hi)));
  const auto collect = [&](std::initializer_list<double> factors, int stride) {
    ticks.clear();
    for (int exponent = first; exponent <= last; ++exponent) {
      if (exponent % stride != 0) continue;
      for (double factor : factors) {
        const double tick = factor * std::pow(10.0, exponent);
        if (tick >= lo * (1 - 1e-9) && tick <= hi * (1 + 1e-9)) ticks.push_back(tick);
      }
    }
    return static_cast<int>(ticks.size()) <= target + 1;
  };
  if (!collect({1, 2, 5}, 1) && !collect({1, 3}, 1)) {
    for (int stride = 1; !collect({1}, stride) && stride < 512; ++stride) {
    }
  }
  return ticks.size() < 2 ? LinearTicks(lo, hi, target) : ticks;  // within one step a logarithm is all but straight
}

std::vector<double> SymmetricTicks(double lo, double hi, double linear, int target) {
  std::vector<double> ticks;
  if (!(hi > lo) || !std::isfinite(hi - lo) || !(linear > 0)) return ticks;
  const double most = std::max(std::fabs(lo), std::fabs(hi));
  const int powers = std::max(0, static_cast<int>(std::ceil(std::log10(most / linear) + 1e-9))) + 1;
  const auto collect = [&](int stride) {
    ticks.clear();
    for (int i = -powers; i <= powers; ++i) {
      if (i != 0 && (std::abs(i) - 1) % stride != 0) continue;
      const double tick = i == 0 ? 0 : (i < 0 ? -1 : 1) * linear * std::pow(10.0, std::abs(i));
      if (tick >= lo && tick <= hi) ticks.push_back(tick);
    }
    return static_cast<int>(ticks.size()) <= target + 1;
  };
  for (int stride = 1; !collect(stride) && stride < 512; ++stride) {
  }
  return ticks.size() < 2 ? LinearTicks(lo, hi, target) : ticks;
}

std::vector<double> TicksOf(const Axis& axis, int target) {
  switch (axis.scale) {
    case AxisScale::kLinear:
      break;
    case AxisScale::kLog:
      return LogTicks(axis.lo, axis.hi, target);
    case AxisScale::kSymmetric:
      return SymmetricTicks(axis.lo, axis.hi, axis.linear, target);
  }
  return LinearTicks(axis.lo, axis.hi, target);
}

double TickStep(const std::vector<double>& ticks) { return ticks.size() > 1 ? ticks[1] - ticks[0] : 1.0; }

std::string TickLabel(double value, double step) {
  if (value == 0) return "0";
  // A value that is a thousand steps away from zero would be no shorter with an exponent.
  const bool tiny = step > 0 && step < std::pow(10.0, -kMostDecimals) * (1 - 1e-9) && std::fabs(value) < 1000 * step;
  if (tiny || std::fabs(value) >= kLargest) return PrintExponent(value, ExponentDigits(value, step));
  const char* suffix = "";
  double unit = 1;
  if (std::fabs(value) >= 1e6 || step >= 1e6) {
    suffix = "M";
    unit = 1e6;
  } else if (std::fabs(value) >= 1e4 || step >= 1e3) {
    suffix = "k";
    unit = 1e3;
  }
  // As many decimals as tell this label from its neighbours: 12.5k beside 10k and 15k, but 10k without any.
  const double scaled = value / unit;
  const double scaled_step = step / unit;
  int decimals = scaled_step >= 1 ? 0 : std::min(9, static_cast<int>(std::ceil(-std::log10(scaled_step) - 1e-9)));
  while (decimals < 9 && unit > 1 &&
         std::fabs(scaled * std::pow(10, decimals) - std::round(scaled * std::pow(10, decimals))) > 1e-6) {
    ++decimals;
  }
  std::string text = Print(scaled, decimals);
  if (unit > 1 && text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return WithRealMinus(text) + suffix;
}

std::string LabelAmong(const std::vector<double>& ticks, double value, bool logarithmic, bool percent) {
  // Powers of ten are steps of their own size; within one of them a logarithmic axis has even steps, as any other.
  const size_t n = ticks.size();
  const double at_end =
      n < 2 ? 1 : std::fabs((ticks[n - 1] - ticks[n - 2]) / std::max(std::fabs(ticks[n - 1]), 1e-300));
  const bool even = n > 2 && std::fabs((ticks[n - 1] - ticks[n - 2]) - (ticks[1] - ticks[0])) < 0.01 * TickStep(ticks);
  const bool own_step = logarithmic && !even && (n < 3 ? n < 2 || at_end > 0.3 : true);
  const double step = own_step ? std::fabs(value) : TickStep(ticks);
  return percent ? TickLabel(100 * value, 100 * step) + " %" : TickLabel(value, step);
}

std::vector<double> WholeTicks(std::vector<double> ticks) {
  const auto is_part = [](double tick) { return tick != std::round(tick); };
  ticks.erase(std::remove_if(ticks.begin(), ticks.end(), is_part), ticks.end());
  return ticks;
}

std::string Fixed(double value, int decimals) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value > 0 ? "infinite" : std::string(kMinus) + "infinite";
  return WithRealMinus(Print(value, decimals));
}

std::string SignedFixed(double value, int decimals) {
  const std::string text = Fixed(value, decimals);
  const bool nothing = text.find_first_of("123456789") == std::string::npos;
  return std::isfinite(value) && value > 0 && !nothing ? "+" + text : text;
}

std::string Brief(double value) {
  if (!std::isfinite(value)) return Fixed(value, 0);
  const double size = std::fabs(value);
  if ((size > 0 && size < kSmallestBrief) || size >= kLargest) return PrintExponent(value, 2);
  return Fixed(value, BriefDecimals(value));
}

std::string SignedBrief(double value) { return (std::isfinite(value) && value > 0 ? "+" : "") + Brief(value); }

std::string WithError(double value, double error) {
  if (!std::isfinite(value) || !std::isfinite(error) || error <= 0) return Brief(value);
  const double size = std::floor(std::log10(error));
  // Of an error two digits where the first is a 1 or a 2, else one.
  const bool two = error / std::pow(10.0, size) < 2.95;
  const int decimals = static_cast<int>((two ? 1 : 0) - size);
  if (decimals > 6) return Brief(value) + " \xc2\xb1 " + Brief(error);
  if (decimals >= 0) return Fixed(value, decimals) + " \xc2\xb1 " + Fixed(error, decimals);
  const double unit = std::pow(10.0, -decimals);
  return Fixed(std::round(value / unit) * unit, 0) + " \xc2\xb1 " + Fixed(std::round(error / unit) * unit, 0);
}

std::string SignedWithError(double value, double error) {
  const std::string text = WithError(value, error);
  const bool nothing = text.substr(0, text.find(' ')).find_first_of("123456789") == std::string::npos;
  return std::isfinite(value) && value > 0 && !nothing ? "+" + text : text;
}

std::string Percent(double fraction) {
  return std::isfinite(fraction) ? Fixed(100 * fraction, 0) + " %" : Fixed(fraction, 0);
}

}  // namespace equipoise::ui
