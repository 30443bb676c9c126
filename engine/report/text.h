// text.h: numbers and names in the cells of tables.
//
// Thread   any; no state
#pragma once

#include <string>

namespace equipoise::report {

std::string Fixed(double value, int decimals);         // "-" of what is not finite
std::string Exact(double value);                       // for CSV: 10 digits; empty of what is not finite
std::string CsvCell(const std::string& text);          // quoted where it must be
std::string MarkdownCell(const std::string& text);     // a bar does not end the cell
std::string Count(size_t n, const std::string& noun);  // "1 run", "3 runs"

}  // namespace equipoise::report
