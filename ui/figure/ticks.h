// ticks.h: where an axis is labelled, and with what words.
//
// Steps are 1, 2 or 5 times a power of ten, so that a person can read between them. Labels carry no more digits than
// the step needs, thousands as "k" and "M", and a real minus sign (U+2212), which is as wide as a digit. Where that
// would be long, of the order of 1e-6 or 1e12, they have an exponent: "2e-7", "1.5e12" (with a real minus).
//
// Errors   none: an empty, inverted or infinite range has no ticks
#pragma once

#include <string>
#include <vector>

#include "ui/figure/axis.h"

namespace equipoise::ui {

// Multiples of one step within [lo, hi], in rising order; about `target` of them.
std::vector<double> LinearTicks(double lo, double hi, int target);
// Powers of ten within [lo, hi], 0 < lo < hi, about `target` of them; with 2 and 5, or 3, between them where there is
// room, and multiples of one step where the range holds no two of these.
std::vector<double> LogTicks(double lo, double hi, int target);

// Zero and, on both sides of it, `linear` times powers of ten from ten on within [lo, hi]: about `target` of them.
std::vector<double> SymmetricTicks(double lo, double hi, double linear, int target);
std::vector<double> TicksOf(const Axis& axis, int target);  // by its scale

// The distance of neighbouring ticks; 1 when there are fewer than two.
double TickStep(const std::vector<double>& ticks);
// "0", "250", "-0.05" (with a real minus), "12.5k", "3M", "2e-7".
std::string TickLabel(double value, double step);
// The label of one of `ticks`, told apart from its neighbours: on a logarithmic axis as short as it is alone, in
// percent "2.5 %".
std::string LabelAmong(const std::vector<double>& ticks, double value, bool logarithmic, bool percent);
// Of an axis that counts: the whole ones.
std::vector<double> WholeTicks(std::vector<double> ticks);

// Numbers in sentences and tables, with a real minus sign; "not a number", "infinite" in words.
std::string Fixed(double value, int decimals);
std::string SignedFixed(double value, int decimals);  // "+4.3"
// Three significant digits at most and no decimals from 100 on: "388", "35.6", "0.59", "0.043", "4.3e-5".
std::string Brief(double value);
std::string SignedBrief(double value);
std::string Percent(double fraction);  // "75 %"
// No digit that the error makes meaningless: "1 Â± 11", "82.3 Â± 1.4". The value alone, briefly, where no error is known.
std::string WithError(double value, double error);
std::string SignedWithError(double value, double error);

}  // namespace equipoise::ui
