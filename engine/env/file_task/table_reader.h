// table_reader.h: a table of a TOML file, taken apart key by key; what nobody asked for is an error.
//
// Errors   TaskFileError: file, line, key, what is wanted
#pragma once

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/env/file_task/task_file.h"

namespace equipoise::env {

class TableReader {
 public:
  // `place`: how errors call it, "task.action".
  TableReader(const toml::table& table, std::string path, std::string place);

  bool Has(const char* key) const { return table_.contains(key); }
  // Texts; numbers count as texts where `number_too`.
  Written Text(const char* key, bool number_too = false);
  Written NeedText(const char* key);
  std::optional<int> Whole(const char* key, int lowest, int highest);
  std::optional<bool> Flag(const char* key);
  // A text, a number, or an array of them.
  std::vector<Written> Texts(const char* key);
  // Its own limit both ways, or [lowest, highest].
  std::optional<std::pair<double, double>> Limits(const char* key);
  // A table, its entries in the order in which they are written; null: absent.
  const toml::table* Table(const char* key);
  // The tables of an array.
  std::vector<const toml::table*> Tables(const char* key);
  // Of what is left: an error that names the nearest known key.
  void Finish() const;

  int line() const { return LineOf(table_); }
  const std::string& path() const { return path_; }
  [[noreturn]] void Fail(int line, const std::string& what) const;
  static int LineOf(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

 private:
  const toml::node* Get(const char* key);
  Written TextOf(const char* key, const toml::node& node, bool number_too) const;

  const toml::table& table_;
  std::string path_, place_;
  std::vector<std::string> asked_;
};

// The entries of a table as they are written, not by the alphabet.
std::vector<std::pair<std::string, const toml::node*>> InWrittenOrder(const toml::table& table);
std::string NumberText(double value);

}  // namespace equipoise::env
