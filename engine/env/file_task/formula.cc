#include "engine/env/file_task/formula.h"

#include <muParser.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/base/nearest.h"
#include "engine/env/file_task/tolerance.h"

namespace equipoise::env {
namespace {

constexpr double kPi = 3.14159265358979323846;

bool BeginsName(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool InName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

double SumOfSquares(const double* values, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += values[i] * values[i];
  return sum;
}
double Norm(const double* values, int count) { return std::sqrt(SumOfSquares(values, count)); }
double SumOfMagnitudes(const double* values, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += std::abs(values[i]);
  return sum;
}
double Clip(double x, double lowest, double highest) { return std::min(std::max(x, lowest), highest); }
double Wrap(double angle) {
  double turned = std::fmod(angle + kPi, 2 * kPi);
  if (turned < 0) turned += 2 * kPi;
  return turned - kPi;
}

template <Fall fall>
double ToleranceOf(const double* values, int count) {
  if (count != 4 && count != 5)
    throw mu::ParserError("takes x, lower, upper, margin and perhaps the value at the margin");
  return Tolerance(fall, values[0], values[1], values[2], values[3], count == 5 ? values[4] : 0.1);
}

void DefineWords(mu::Parser* parser) {
  parser->DefineConst("pi", kPi);
  parser->DefineFun("sumsq", SumOfSquares);
  parser->DefineFun("norm", Norm);
  parser->DefineFun("sumabs", SumOfMagnitudes);
  parser->DefineFun("clip", Clip);
  parser->DefineFun("wrap", Wrap);
  parser->DefineFun("tolerance", ToleranceOf<Fall::kGaussian>);
  parser->DefineFun("tolerance_linear", ToleranceOf<Fall::kLinear>);
  parser->DefineFun("tolerance_quadratic", ToleranceOf<Fall::kQuadratic>);
  parser->DefineFun("tolerance_hyperbolic", ToleranceOf<Fall::kHyperbolic>);
  parser->DefineFun("tolerance_long_tail", ToleranceOf<Fall::kLongTail>);
  parser->DefineFun("tolerance_cosine", ToleranceOf<Fall::kCosine>);
  parser->DefineFun("tolerance_tanh_squared", ToleranceOf<Fall::kTanhSquared>);
}

// Names that stand for several numbers, written out.
std::string WrittenOut(const std::string& text, const Vocabulary& vocabulary) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    if (BeginsName(text[i])) {
      while (end < text.size() && InName(text[end])) ++end;
    } else if (std::isdigit(static_cast<unsigned char>(text[i])) != 0) {  // 1e5 holds no name
      while (end < text.size() && (InName(text[end]) || text[end] == '.')) ++end;
    }
    const std::string word = text.substr(i, end - i);
    const auto group = vocabulary.groups.find(word);
    if (group == vocabulary.groups.end()) {
      out += word;
    } else {
      for (size_t k = 0; k < group->second.size(); ++k) out += (k > 0 ? ", " : "") + group->second[k];
    }
    i = end;
  }
  return out;
}

std::string Explained(const mu::ParserError& error, const mu::Parser& parser, const Vocabulary& vocabulary) {
  const std::string& token = error.GetToken();
  const bool is_name = !token.empty() && BeginsName(token[0]);
  if (error.GetCode() != mu::ecUNASSIGNABLE_TOKEN || !is_name) {
    std::string what = error.GetMsg();
    while (!what.empty() && (what.back() == '.' || what.back() == '\n')) what.pop_back();
    return what;
  }
  size_t length = 0;
  while (length < token.size() && InName(token[length])) ++length;
  const std::string name = token.substr(0, length);
  const std::string& text = error.GetExpr();
  const size_t at = text.find(name),
               behind = at == std::string::npos ? at : text.find_first_not_of(' ', at + name.size());
  const bool called = behind != std::string::npos && text[behind] == '(';
  std::vector<std::string> known;
  for (const auto& [function, callback] : parser.GetFunDef()) known.push_back(function);
  if (!called) {
    for (const auto& [number, slot] : vocabulary.numbers) known.push_back(number);
    for (const auto& [group, members] : vocabulary.groups) known.push_back(group);
    known.emplace_back("pi");
  }
  return "there is no " + std::string(called ? "function" : "quantity") + " \"" + name +
         "\"; the nearest known one is " + NearestName(name, known);
}

}  // namespace

void Vocabulary::Add(const std::string& name, const std::vector<double*>& slots, const std::string& ending) {
  if (slots.size() == 1) return Add(name + ending, slots[0]);
  std::vector<std::string> members;
  for (size_t i = 0; i < slots.size(); ++i) {
    members.push_back(name + "_" + std::to_string(i + 1) + ending);
    Add(members.back(), slots[i]);
    if (slots.size() <= 3) Add(name + "_" + "xyz"[i] + ending, slots[i]);
  }
  groups[name + ending] = members;
}

bool IsQuantityName(const std::string& name) {
  if (name.empty() || !BeginsName(name[0]) || name[0] == '_' || !std::all_of(name.begin(), name.end(), InName))
    return false;
  mu::Parser parser;
  DefineWords(&parser);
  return name != "pi" && parser.GetFunDef().count(name) == 0;
}

struct Formula::Parser {
  mu::Parser parser;
};

Formula::Formula(const std::string& text, const Vocabulary& vocabulary) : parser_(std::make_unique<Parser>()) {
  mu::Parser& parser = parser_->parser;
  try {
    DefineWords(&parser);
    for (const auto& [name, slot] : vocabulary.numbers) parser.DefineVar(name, slot);
    parser.SetExpr(WrittenOut(text, vocabulary));
    int results = 0;
    parser.Eval(results);
    if (results != 1)
      throw FormulaError("it has " + std::to_string(results) +
                         " values; a name that stands for several belongs inside sum(..), norm(..) or the like");
  } catch (const mu::ParserError& error) {
    throw FormulaError(Explained(error, parser, vocabulary));
  }
}

Formula::Formula(Formula&&) noexcept = default;
Formula& Formula::operator=(Formula&&) noexcept = default;
Formula::~Formula() = default;

double Formula::Value() const {
  try {
    return parser_->parser.Eval();
  } catch (const mu::ParserError&) {  // an argument that a function refuses
    return NAN;
  }
}

}  // namespace equipoise::env
