// archive.h: named arrays in one block of bytes; how networks, moments, counters and the simulator are saved.
//
// Format "EQPS" 1, little endian: magic, version, number of entries; per entry name, type, count, data; at the end a CRC-32
// over everything before. Values are stored as they are in memory, so what is read is what was written, to the bit.
// Reading throws FormatError when an entry is absent, has another type or another size; the message names entry and file.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise {

class FormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ArchiveWriter {
 public:
  void Put(const std::string& name, const float* data, size_t count);
  void Put(const std::string& name, const double* data, size_t count);
  void Put(const std::string& name, const int64_t* data, size_t count);
  void Put(const std::string& name, const std::string& text);
  void Put(const std::string& name, double value) { Put(name, &value, 1); }
  void Put(const std::string& name, int64_t value) { Put(name, &value, 1); }
  void Put(const std::string& name, const std::vector<float>& v) { Put(name, v.data(), v.size()); }
  void Put(const std::string& name, const std::vector<double>& v) { Put(name, v.data(), v.size()); }
  void Put(const std::string& name, const std::vector<int64_t>& v) { Put(name, v.data(), v.size()); }
  // The finished block, checksum included.
  std::string Finish() const;

 private:
  void Entry(const std::string& name, uint8_t type, const void* data, size_t count, size_t size);
  std::string body_;
  uint64_t entries_ = 0;
};

class ArchiveReader {
 public:
  // `origin` (a file name) stands in every error. Fails on a wrong magic, version, length or checksum.
  static Result<ArchiveReader> Parse(std::string bytes, const std::string& origin);

  bool Has(const std::string& name) const;
  size_t Count(const std::string& name) const;
  void Get(const std::string& name, float* out, size_t count) const;  // count must match
  std::vector<float> Floats(const std::string& name) const;
  std::vector<double> Doubles(const std::string& name) const;
  std::vector<int64_t> Ints(const std::string& name) const;
  double Real(const std::string& name) const;
  int64_t Int(const std::string& name) const;
  std::string Text(const std::string& name) const;

 private:
  struct Slot {
    uint8_t type;
    size_t count, offset;
  };
  const Slot& Find(const std::string& name, uint8_t type) const;
  std::string bytes_, origin_;
  std::map<std::string, Slot> slots_;
};

}  // namespace equipoise
