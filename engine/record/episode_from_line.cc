// A line of episodes.jsonl as a record (declared in records.h). Logs run to a gigabyte, so this is the one place that
// reads JSON with simdjson: 10 microseconds a line instead of 150, to the same bits (both round correctly).
#include <simdjson.h>
#include <limits>
#include <optional>

#include "engine/base/archive.h"
#include "engine/record/episode_fields.h"
#include "engine/record/older_names.h"
#include "engine/record/records.h"

namespace equipoise::run {
namespace {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;

std::string Quoted(std::string_view key) { return "\"" + std::string(key) + "\""; }
[[noreturn]] void Expected(std::string_view key, const char* what) {
  throw FormatError(Quoted(key) + " should be " + what);
}

Element MemberOf(const Object& object, std::string_view key) {
  Element member;
  if (object.at_key(key).get(member)) throw FormatError(Quoted(key) + " is missing");
  return member;
}

bool Has(const Object& object, std::string_view key) {
  Element member;
  return !object.at_key(key).get(member);
}

template <class T>
T As(const Element& element, std::string_view key, const char* what) {
  T value;
  if (element.get(value)) Expected(key, what);
  return value;
}

double RealOf(const Element& element, std::string_view key) {
  if (element.is_number()) return As<double>(element, key, "a number");
  if (element.is_null()) return std::numeric_limits<double>::quiet_NaN();
  std::string_view text;
  if (!element.get(text)) {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  Expected(key, "a number, null, \"Infinity\" or \"-Infinity\"");
}

Object ObjectFrom(const Object& o, std::string_view key) { return As<Object>(MemberOf(o, key), key, "an object"); }
double RealFrom(const Object& o, std::string_view key) { return RealOf(MemberOf(o, key), key); }
int64_t IntFrom(const Object& o, std::string_view key) { return As<int64_t>(MemberOf(o, key), key, "a whole number"); }
int SmallFrom(const Object& o, std::string_view key) {
  const int64_t value = IntFrom(o, key);
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
    Expected(key, "a whole number of at most 31 bits");
  return static_cast<int>(value);
}
bool BoolFrom(const Object& o, std::string_view key) { return As<bool>(MemberOf(o, key), key, "true or false"); }
std::string_view TextFrom(const Object& o, std::string_view key) {
  return As<std::string_view>(MemberOf(o, key), key, "a text");
}

// Takes a field's number from the object, as the kind of number that it is.
struct Reader {
  const Object& from;
  void operator()(const Field& field, double& to) const { to = RealFrom(from, field.name); }
  void operator()(const Field& field, int64_t& to) const { to = IntFrom(from, field.name); }
  void operator()(const Field& field, int& to) const { to = SmallFrom(from, field.name); }
  void operator()(const Field& field, bool& to) const { to = BoolFrom(from, field.name); }
};

template <class T>
std::vector<T> ArrayFrom(const Object& o, std::string_view key) {
  const auto array = As<simdjson::dom::array>(MemberOf(o, key), key, "an array of numbers");
  std::vector<T> out;
  out.reserve(array.size());
  for (const Element element : array) out.push_back(static_cast<T>(RealOf(element, key)));
  return out;
}

std::map<std::string, double> NumbersFrom(const Object& o, std::string_view key) {
  std::map<std::string, double> out;
  for (const auto field : ObjectFrom(o, key)) out[std::string(field.key)] = RealOf(field.value, field.key);
  return out;
}

// Names are remembered for good, so that a file of nonsense must not fill the memory with them.
eps::Pick PickOf(const Object& object, const char* key) {
  constexpr size_t kMost = 1000;
  const std::string_view name = TextFrom(object, key);
  if (!eps::Pick::IsId(name)) throw FormatError(Quoted(key) + " " + Quoted(name) + " is no name of a learner");
  if (eps::Pick::known() > kMost) throw FormatError(Quoted(key) + ": more learners than there can be");
  return PickFrom(name);
}

eps::Reason ReasonOf(const Object& line) {
  const std::string_view name = TextFrom(line, "reason");
  const std::optional<eps::Reason> reason = ReasonFrom(name);
  if (!reason) throw FormatError("reason " + Quoted(name) + " is unknown");
  return *reason;
}

template <class Read>
void EachOf(const Object& o, std::string_view key, Read read) {
  for (const Element element : As<simdjson::dom::array>(MemberOf(o, key), key, "an array"))
    read(As<Object>(element, key, "an array of objects"));
}

// One array for each of two roles: written before there could be any number of policies.
void OlderMasksFrom(const Object& json, eps::Decision* d) {
  const std::vector<double> challenger = ArrayFrom<double>(json, "return_mb"),
                            preferred = ArrayFrom<double>(json, "return_mf");
  const eps::Pick based = PickFrom("model-based"), free = PickFrom("model-free");
  if (d->checked) d->policies.push_back({free, preferred});
  if (d->checked || !challenger.empty()) d->policies.push_back({based, challenger});
  if (d->checked)
    d->comparisons.push_back(
        {free, based, ArrayFrom<double>(json, "delta"), ArrayFrom<double>(json, "standard_error")});
}

void MasksFrom(const Object& json, eps::Decision* d) {
  EachOf(json, "policies", [&](const Object& p) {
    d->policies.push_back({PickOf(p, "id"), ArrayFrom<double>(p, "returns")});
    if (Has(p, "information")) d->policies.back().information = ArrayFrom<double>(p, "information");
  });
  EachOf(json, "comparisons", [&](const Object& c) {
    d->comparisons.push_back({PickOf(c, "preferred"), PickOf(c, "challenger"), ArrayFrom<double>(c, "delta"),
                              ArrayFrom<double>(c, "standard_error")});
  });
  d->decisive = As<uint64_t>(MemberOf(json, "decisive"), "decisive", "a whole number");
  if (Has(json, "bonus")) d->bonus = RealFrom(json, "bonus");
  if (Has(json, "most_rollouts")) {
    d->most_rollouts = As<int64_t>(MemberOf(json, "most_rollouts"), "most_rollouts", "a whole number");
    d->mask_rollouts = ArrayFrom<int>(json, "mask_rollouts");
  }
  if (d->decisive > 0 && d->decisive >= d->comparisons.size()) throw FormatError("\"decisive\" names no comparison");
}

eps::Decision DecisionFrom(const Object& line, const Object& json, double seconds) {
  eps::Decision d;
  d.pick = PickOf(line, "pick");
  d.reason = ReasonOf(line);
  d.episode = SmallFrom(json, "episode");
  VisitRuling(Reader{json}, d);
  d.pairing = std::string(TextFrom(json, "pairing"));
  d.seed = As<uint64_t>(MemberOf(json, "seed"), "seed", "a whole number");
  if (Element delta; !json.at_key("delta").get(delta)) {
    OlderMasksFrom(json, &d);
  } else {
    MasksFrom(json, &d);
  }
  d.seconds = seconds;
  return d;
}

EpisodeRecord RecordFrom(const Object& line) {
  const Object clock = ObjectFrom(line, "clock");
  EpisodeRecord r;
  r.episode = SmallFrom(line, "episode");
  r.decision = DecisionFrom(line, ObjectFrom(line, "decision"), RealFrom(clock, "decision_seconds"));
  VisitCourse(Reader{line}, r);
  VisitMeasured(Reader{line}, r);
  r.scalars = NumbersFrom(line, "scalars");
  r.open_loop_error = ArrayFrom<float>(line, "open_loop_error");
  r.open_loop_lo = ArrayFrom<float>(line, "open_loop_lo");
  r.open_loop_hi = ArrayFrom<float>(line, "open_loop_hi");
  if (Has(line, "open_loop_by_state")) r.open_loop_by_state = ArrayFrom<float>(line, "open_loop_by_state");
  if (Has(line, "nll_by_output")) r.nll_by_output = ArrayFrom<float>(line, "nll_by_output");
  VisitClock(Reader{clock}, r);
  for (const auto& [stage, seconds] : NumbersFrom(clock, "seconds")) r.seconds[StageFrom(stage)] = seconds;
  return r;
}

}  // namespace

Result<EpisodeRecord> EpisodeFromLine(std::string_view line, const std::string& origin) {
  static thread_local simdjson::dom::parser parser;  // keeps its memory from line to line
  Element root;
  if (const auto problem = parser.parse(line.data(), line.size()).get(root))
    return Error{origin + ": not valid JSON: " + simdjson::error_message(problem)};
  try {
    return RecordFrom(As<Object>(root, "line", "an object"));
  } catch (const FormatError& problem) {
    return Error{origin + ": " + problem.what()};
  }
}

}  // namespace equipoise::run
