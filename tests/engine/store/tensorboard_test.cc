// A second, independent reader of TensorBoard's format: records, protobuf fields, checksums computed bit by bit.
#include "engine/store/tensorboard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace equipoise::store {
namespace {

uint32_t SlowCrc32C(const std::string& bytes) {
  uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78u : 0);
  }
  return ~crc;
}

uint32_t Mask(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u; }

template <class T>
T Take(const std::string& bytes, size_t* at) {
  T value;
  if (*at + sizeof(T) > bytes.size()) throw std::runtime_error("cut off");
  std::memcpy(&value, bytes.data() + *at, sizeof(T));
  *at += sizeof(T);
  return value;
}

// The payloads of all whole records.
std::vector<std::string> Records(const std::string& bytes) {
  std::vector<std::string> out;
  for (size_t at = 0; at + 12 <= bytes.size();) {
    const std::string length_bytes = bytes.substr(at, 8);
    const uint64_t length = Take<uint64_t>(bytes, &at);
    EXPECT_EQ(Take<uint32_t>(bytes, &at), Mask(SlowCrc32C(length_bytes)));
    if (at + length + 4 > bytes.size()) break;
    out.push_back(bytes.substr(at, length));
    at += length;
    EXPECT_EQ(Take<uint32_t>(bytes, &at), Mask(SlowCrc32C(out.back())));
  }
  return out;
}

struct Fields {
  std::map<int, uint64_t> varint;
  std::map<int, double> fixed64;
  std::map<int, float> fixed32;
  std::multimap<int, std::string> bytes;
};

Fields Parse(const std::string& message) {
  Fields out;
  size_t at = 0;
  const auto varint = [&] {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const unsigned char c = static_cast<unsigned char>(Take<char>(message, &at));
      value |= static_cast<uint64_t>(c & 0x7F) << shift;
      if (c < 0x80) return value;
    }
  };
  while (at < message.size()) {
    const uint64_t key = varint();
    const int field = static_cast<int>(key >> 3);
    switch (key & 7) {
      case 0:
        out.varint[field] = varint();
        break;
      case 1:
        out.fixed64[field] = Take<double>(message, &at);
        break;
      case 2: {
        const uint64_t length = varint();
        out.bytes.emplace(field, message.substr(at, length));
        at += length;
        break;
      }
      case 5:
        out.fixed32[field] = Take<float>(message, &at);
        break;
      default:
        throw std::runtime_error("wire type");
    }
  }
  return out;
}

TEST(TensorBoard, IsReadBackByAnIndependentReader) {
  const std::vector<std::string> records =
      Records(TensorBoardHead(1.5e9) +
              TensorBoardRecord(1.5e9, 300, {{"episode.return", 1.5}, {"sac.alpha", 0.0}, {"absent", std::nan("")}}) +
              TensorBoardRecord(1.5e9 + 7, 1000000, {{"a.b.c", -2}}));
  ASSERT_EQ(records.size(), 3u);
  const Fields first = Parse(records[0]);
  EXPECT_EQ(first.bytes.find(3)->second, "brain.Event:2");
  EXPECT_EQ(first.fixed64.at(1), 1.5e9);

  const Fields second = Parse(records[1]);
  EXPECT_EQ(second.varint.at(2), 300u);
  const Fields summary = Parse(second.bytes.find(5)->second);
  std::map<std::string, float> values;
  for (const auto& [field, bytes] : summary.bytes) {
    const Fields value = Parse(bytes);
    values[value.bytes.find(1)->second] = value.fixed32.at(2);  // written even when it is 0
  }
  EXPECT_EQ(values, (std::map<std::string, float>{{"episode/return", 1.5f}, {"sac/alpha", 0.0f}}));

  const Fields third = Parse(records[2]);
  EXPECT_EQ(third.varint.at(2), 1000000u);
  EXPECT_EQ(third.fixed64.at(1), 1.5e9 + 7);
  EXPECT_EQ(Parse(Parse(third.bytes.find(5)->second).bytes.find(1)->second).bytes.find(1)->second, "a/b.c");
}

TEST(TensorBoard, StaysReadableWhenCutOffInARecord) {
  const std::string bytes =
      TensorBoardHead(0) + TensorBoardRecord(0, 1, {{"a", 1}}) + TensorBoardRecord(0, 2, {{"a", 2}});
  EXPECT_EQ(Records(bytes.substr(0, bytes.size() - 3)).size(), 2u);
}

TEST(TensorBoard, ARecordOfNothingIsNone) {
  EXPECT_EQ(TensorBoardRecord(0, 1, {{"a", std::nan("")}}), "");
  EXPECT_EQ(TensorBoardRecord(0, 1, {}), "");
}

TEST(TensorBoard, FilesThatDifferInTheirClocksAloneAreTheSame) {
  const auto file = [](double clock, float value) {
    return TensorBoardHead(clock) + TensorBoardRecord(clock + 1, 40, {{"a.b", value}, {"c", 2}});
  };
  EXPECT_TRUE(SameButForTheClock(file(1e9, 1), file(1.6e9, 1)));
  EXPECT_FALSE(SameButForTheClock(file(1e9, 1), file(1e9, 3)));
  EXPECT_FALSE(SameButForTheClock(file(1e9, 1), file(1e9, 1) + TensorBoardRecord(1e9, 80, {{"c", 2}})));
  const std::string noise(file(1e9, 1).size(), '\xFF');
  EXPECT_FALSE(SameButForTheClock(noise, noise)) << "no records at all";
}

TEST(TensorBoard, ATimeOfRunJsonIsAWallTime) {
  EXPECT_EQ(WallTimeOf("2024-05-01T10:00:00Z"), 1714557600.0);
  EXPECT_EQ(WallTimeOf(""), 0);
  EXPECT_EQ(TensorBoardFileName().rfind("events.out.tfevents.", 0), 0u);
}

}  // namespace
}  // namespace equipoise::store
