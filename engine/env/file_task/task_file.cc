#include "engine/env/file_task/task_file.h"

#include <cstring>
#include <filesystem>

#include "engine/base/atomic_file.h"
#include "engine/base/random.h"
#include "engine/config/task_name.h"
#include "engine/env/file_task/formula.h"
#include "engine/env/file_task/table_reader.h"

namespace equipoise::env {
namespace {

namespace fs = std::filesystem;

constexpr int kLongest = 10000, kMostSkipped = 10000;

// All that a node says, without blanks, comments and names of files: what two files that say the same agree in.
void Tell(const toml::node& node, std::string* out) {
  if (const toml::table* table = node.as_table()) {
    *out += "{";
    for (const auto& [name, entry] : InWrittenOrder(*table)) {
      *out += std::to_string(name.size()) + ":" + name;
      Tell(*entry, out);
    }
    *out += "}";
  } else if (const toml::array* array = node.as_array()) {
    *out += "[";
    for (const toml::node& entry : *array) Tell(entry, out);
    *out += "]";
  } else if (const auto* text = node.as_string()) {
    *out += "s" + std::to_string(text->get().size()) + ":" + text->get();
  } else if (const auto number = node.value<double>(); number && !node.is_boolean()) {
    *out += "n" + NumberText(*number) + ";";
  } else if (const auto* flag = node.as_boolean()) {
    *out += flag->get() ? "t" : "f";
  } else {
    *out += "?";  // a date; nothing asks for one
  }
}

ValueSpec ReadValue(const toml::table& table, const std::string& path, const std::string& place) {
  TableReader in(table, path, place);
  ValueSpec spec;
  spec.line = in.line();
  spec.name = in.Text("name");
  spec.of = in.Text("of");
  spec.formula = in.Text("formula", true);
  if (spec.of.text.empty() == spec.formula.text.empty())
    in.Fail(spec.line, place + " needs either \"of\", what it is taken from, or \"formula\"");
  if (in.Has("minus")) {
    const std::vector<Written> minus = in.Texts("minus");
    const bool is_place = minus.size() == 1 && table.get("minus")->is_string();
    if (is_place)
      spec.minus_of = minus[0];
    else
      spec.minus = minus;
  }
  spec.each = in.Text("each");
  if (const auto limits = in.Limits("clip")) std::tie(spec.lowest, spec.highest) = *limits;
  spec.as = in.Texts("as");
  for (const Written& as : spec.as)
    if (as.text != "value" && as.text != "cos" && as.text != "sin" && as.text != "wrapped")
      in.Fail(as.line, place + ".as = \"" + as.text + "\" is not one of value, cos, sin, wrapped");
  spec.names = in.Texts("names");
  in.Finish();
  return spec;
}

ResetSpec ReadReset(const toml::table& table, const std::string& path) {
  TableReader in(table, path, "task.reset");
  ResetSpec spec;
  spec.line = in.line();
  if (in.Has("keyframe")) {
    spec.kind = ResetSpec::Kind::kKeyframe;
    spec.of = in.Text("keyframe");
    in.Finish();
    return spec;
  }
  spec.of = in.NeedText("of");
  const std::pair<const char*, ResetSpec::Kind> kinds[] = {{"set", ResetSpec::Kind::kSet},
                                                           {"between", ResetSpec::Kind::kBetween},
                                                           {"uniform", ResetSpec::Kind::kUniform},
                                                           {"normal", ResetSpec::Kind::kNormal}};
  int found = 0;
  for (const auto& [key, kind] : kinds) {
    const bool has = in.Has(key);
    const std::vector<Written> numbers = in.Texts(key);
    if (!has) continue;
    ++found;
    spec.kind = kind;
    spec.numbers = numbers;
    const size_t wanted = kind == ResetSpec::Kind::kBetween ? 2 : 1;
    if (kind != ResetSpec::Kind::kSet && numbers.size() != wanted)
      in.Fail(spec.line,
              std::string("task.reset.") + key + " takes " + (wanted == 2 ? "[lowest, highest]" : "one number"));
  }
  if (found != 1)
    in.Fail(spec.line,
            "an entry of task.reset needs one of set, between (anew within), uniform (noise of at most), normal (noise "
            "of this deviation)");
  in.Finish();
  return spec;
}

ActionSpec ReadAction(const toml::table& table, const std::string& path) {
  TableReader in(table, path, "task.action");
  ActionSpec spec;
  spec.clip = in.Flag("clip").value_or(true);
  spec.to_range = in.Flag("to_range").value_or(true);
  spec.formula = in.Text("ctrl", true);
  if (const toml::table* lists = in.Table("per_actuator")) {
    TableReader each(*lists, path, "task.action.per_actuator");
    for (const auto& [name, node] : InWrittenOrder(*lists))
      spec.lists.push_back({name, each.Texts(name.c_str()), TableReader::LineOf(*node)});
  }
  in.Finish();
  return spec;
}

// Quantities: a number, a text (what it is taken from) or a table.
ValueSpec ReadQuantity(const std::string& name, const toml::node& node, const std::string& path) {
  const std::string place = "task.quantities." + name;
  ValueSpec spec;
  if (const toml::table* table = node.as_table()) {
    spec = ReadValue(*table, path, place);
    if (!spec.as.empty() && spec.as.size() > 1)
      throw TaskFileError(path + ":" + std::to_string(spec.line) + ": " + place +
                          ".as should be one of cos, sin, wrapped");
  } else if (const auto* text = node.as_string()) {
    spec.of = {text->get(), TableReader::LineOf(node)};
  } else if (const auto number = node.value<double>(); number && !node.is_boolean()) {
    spec.formula = {NumberText(*number), TableReader::LineOf(node)};
  } else {
    throw TaskFileError(path + ":" + std::to_string(TableReader::LineOf(node)) + ": " + place +
                        " should be a number, a text like \"qpos[hip]\", or a table like {formula = \"...\"}");
  }
  spec.line = TableReader::LineOf(node);
  spec.name = {name, spec.line};
  if (!IsQuantityName(name))
    throw TaskFileError(path + ":" + std::to_string(spec.line) + ": a quantity cannot be called \"" + name +
                        "\": formulas take letters, digits and _ , and no name of a function");
  return spec;
}

TaskFile Read(const toml::table& file, const std::string& path) {
  TaskFile task;
  task.path = path;
  task.stem = fs::path(path).stem().string();
  const toml::node* node = file.get("task");
  if (node == nullptr || !node->is_table())
    throw TaskFileError(path + ": there is no table [task] in this file; assets/tasks/README.md describes it");
  if (!config::IsTaskStem(task.stem))
    throw TaskFileError(path + ": the file's name names the task and its runs: take letters, digits, - and _ alone");
  TableReader in(*node->as_table(), path, "task");
  task.title = in.Text("title").text;
  if (task.title.empty()) task.title = task.stem;
  task.model = in.Text("model");
  const std::optional<int> horizon = in.Whole("horizon", 1, kLongest);
  task.frame_skip = in.Whole("frame_skip", 1, kMostSkipped).value_or(1);
  task.fresh = in.Flag("fresh").value_or(true);
  task.healthy = in.Text("healthy");
  const Written reward_is = in.Text("reward_is");
  task.is_product = reward_is.text == "product";
  if (!task.is_product && !reward_is.text.empty() && reward_is.text != "sum")
    in.Fail(reward_is.line, "task.reward_is = \"" + reward_is.text + "\" is not one of sum, product");
  for (const toml::table* entry : in.Tables("reset")) task.reset.push_back(ReadReset(*entry, path));
  if (const toml::table* table = in.Table("quantities"))
    for (const auto& [name, quantity] : InWrittenOrder(*table))
      task.quantities.push_back(ReadQuantity(name, *quantity, path));
  for (const toml::table* entry : in.Tables("observe"))
    task.observed.push_back(ReadValue(*entry, path, "task.observe"));
  if (const toml::table* table = in.Table("action")) task.action = ReadAction(*table, path);
  const toml::table* reward = in.Table("reward");
  in.Finish();  // first: what is missing may only be mistyped
  if (task.model.text.empty()) in.Fail(in.line(), "task needs the key model, the MJCF file beside this one");
  if (!horizon) in.Fail(in.line(), "task needs the key horizon, the steps of an episode");
  task.horizon = *horizon;
  if (task.observed.empty()) in.Fail(in.line(), "task needs the key observe, what is observed");
  if (reward == nullptr || reward->empty())
    in.Fail(in.line(), "task needs the table [task.reward] with a formula for each term");
  TableReader terms(*reward, path, "task.reward");
  for (const auto& [name, formula] : InWrittenOrder(*reward))
    task.terms.push_back({name, terms.Text(name.c_str(), true)});
  std::string told;
  Tell(*node, &told);
  task.sum = HashName(told, 0);
  return task;
}

}  // namespace

std::string TaskFile::ModelPath() const {
  return (fs::path(path).parent_path() / model.text).lexically_normal().string();
}

Result<TaskFile> ParseTaskFile(const std::string& text, const std::string& path) {
  try {
    return Read(toml::parse(text, path), path);
  } catch (const toml::parse_error& problem) {
    return Error{path + ":" + std::to_string(problem.source().begin.line) + ": " + std::string(problem.description())};
  } catch (const TaskFileError& problem) {
    return Error{problem.what()};
  }
}

Result<TaskFile> ReadTaskFile(const std::string& path) {
  const Result<std::string> text = ReadFile(path);
  if (!text) return text.error();
  return ParseTaskFile(text.value(), path);
}

bool HoldsTask(const std::string& text) {
  try {
    return toml::parse(text).contains("task");
  } catch (const toml::parse_error&) {
    return false;
  }
}

}  // namespace equipoise::env
