#include "engine/env/file_task/table_reader.h"

#include <algorithm>
#include <charconv>

#include "engine/base/nearest.h"

namespace equipoise::env {

TableReader::TableReader(const toml::table& table, std::string path, std::string place)
    : table_(table), path_(std::move(path)), place_(std::move(place)) {}

void TableReader::Fail(int line, const std::string& what) const {
  throw TaskFileError(path_ + ":" + std::to_string(line) + ": " + what);
}

const toml::node* TableReader::Get(const char* key) {
  asked_.emplace_back(key);
  return table_.get(key);
}

std::string NumberText(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  return std::string(digits, end);
}

Written TableReader::TextOf(const char* key, const toml::node& node, bool number_too) const {
  if (const auto* text = node.as_string()) return {text->get(), LineOf(node)};
  if (number_too && node.is_integer()) return {std::to_string(node.as_integer()->get()), LineOf(node)};
  if (number_too && node.is_floating_point()) return {NumberText(node.as_floating_point()->get()), LineOf(node)};
  Fail(LineOf(node), place_ + "." + key + " should be " + (number_too ? "a number or a formula" : "a text"));
}

Written TableReader::Text(const char* key, bool number_too) {
  const toml::node* node = Get(key);
  return node == nullptr ? Written{"", line()} : TextOf(key, *node, number_too);
}

Written TableReader::NeedText(const char* key) {
  if (!Has(key)) Fail(line(), place_ + " needs the key " + key);
  return Text(key);
}

std::optional<int> TableReader::Whole(const char* key, int lowest, int highest) {
  const toml::node* node = Get(key);
  if (node == nullptr) return std::nullopt;
  const auto* whole = node->as_integer();
  if (whole == nullptr || whole->get() < lowest || whole->get() > highest)
    Fail(LineOf(*node), place_ + "." + key + " should be a whole number from " + std::to_string(lowest) + " to " +
                            std::to_string(highest));
  return static_cast<int>(whole->get());
}

std::optional<bool> TableReader::Flag(const char* key) {
  const toml::node* node = Get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_boolean()) Fail(LineOf(*node), place_ + "." + key + " should be true or false");
  return node->as_boolean()->get();
}

std::vector<Written> TableReader::Texts(const char* key) {
  const toml::node* node = Get(key);
  if (node == nullptr) return {};
  const toml::array* array = node->as_array();
  if (array == nullptr) return {TextOf(key, *node, true)};
  std::vector<Written> texts;
  for (const toml::node& element : *array) texts.push_back(TextOf(key, element, true));
  return texts;
}

std::optional<std::pair<double, double>> TableReader::Limits(const char* key) {
  const toml::node* node = Get(key);
  if (node == nullptr) return std::nullopt;
  const auto number = [](const toml::node& n) { return n.value<double>(); };
  if (const toml::array* array = node->as_array(); array != nullptr && array->size() == 2) {
    const auto lowest = number(*array->get(0)), highest = number(*array->get(1));
    if (lowest && highest && *lowest <= *highest) return std::pair(*lowest, *highest);
  } else if (const auto both = array == nullptr ? number(*node) : std::nullopt; both && *both >= 0) {
    return std::pair(-*both, *both);
  }
  Fail(LineOf(*node), place_ + "." + key + " should be a number of at least 0, or [lowest, highest]");
}

const toml::table* TableReader::Table(const char* key) {
  const toml::node* node = Get(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table())
    Fail(LineOf(*node), place_ + "." + key + " should be a table, written [" + place_ + "." + key + "]");
  return node->as_table();
}

std::vector<const toml::table*> TableReader::Tables(const char* key) {
  const toml::node* node = Get(key);
  if (node == nullptr) return {};
  const auto wrong = [&](const toml::node& at) {
    Fail(LineOf(at), place_ + "." + key + " should be an array of tables, written " + key + " = [{of = \"...\"}, ...]");
  };
  if (!node->is_array()) wrong(*node);
  std::vector<const toml::table*> tables;
  for (const toml::node& element : *node->as_array()) {
    if (!element.is_table()) wrong(element);
    tables.push_back(element.as_table());
  }
  return tables;
}

void TableReader::Finish() const {
  for (const auto& [name, node] : InWrittenOrder(table_))
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
      Fail(LineOf(*node),
           place_ + " has no key \"" + name + "\"; the nearest known one is " + NearestName(name, asked_));
}

std::vector<std::pair<std::string, const toml::node*>> InWrittenOrder(const toml::table& table) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, node] : table) entries.emplace_back(std::string(key.str()), &node);
  const auto at = [](const toml::node* node) {
    const toml::source_position begin = node->source().begin;
    return std::pair(begin.line, begin.column);
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const auto& a, const auto& b) { return at(a.second) < at(b.second); });
  return entries;
}

}  // namespace equipoise::env
