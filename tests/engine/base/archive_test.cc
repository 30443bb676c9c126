#include "engine/base/archive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/base/checksum.h"
#include "engine/base/interrupt.h"

namespace equipoise {
namespace {

std::string Sample() {
  ArchiveWriter writer;
  writer.Put("weights", std::vector<float>{1.5f, -0.0f, std::numeric_limits<float>::denorm_min()});
  writer.Put("moments", std::vector<double>{0.1, std::nan("")});
  writer.Put("steps", int64_t{-7});
  writer.Put("empty", std::vector<float>{});
  writer.Put("name", std::string("pi\0mb", 5));
  return writer.Finish();
}

ArchiveReader Read(const std::string& bytes) { return ArchiveReader::Parse(bytes, "state.eqps").value(); }

TEST(Archive, ReadsBackEveryBit) {
  const ArchiveReader reader = Read(Sample());
  const std::vector<float> weights = reader.Floats("weights");
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights[0], 1.5f);
  EXPECT_TRUE(std::signbit(weights[1]));
  EXPECT_EQ(weights[2], std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(reader.Doubles("moments")[0], 0.1);
  EXPECT_TRUE(std::isnan(reader.Doubles("moments")[1]));
  EXPECT_EQ(reader.Int("steps"), -7);
  EXPECT_TRUE(reader.Floats("empty").empty());
  EXPECT_EQ(reader.Text("name"), std::string("pi\0mb", 5));
  EXPECT_TRUE(reader.Has("empty"));
  EXPECT_FALSE(reader.Has("absent"));
  EXPECT_EQ(reader.Count("weights"), 3u);
}

// The layout is a promise to files that exist already: written out by hand, not by the writer.
TEST(Archive, HasTheDocumentedLayout) {
  ArchiveWriter writer;
  writer.Put("a", int64_t{258});
  const std::string bytes = writer.Finish();
  const unsigned char expected[] = {'E', 'Q', 'P', 'S', 1,   0, 0, 0,   // magic, version
                                    1,   0,   0,   0,   0,   0, 0, 0,   // entries
                                    1,   0,   0,   0,   'a', 3,         // name, type int64
                                    1,   0,   0,   0,   0,   0, 0, 0,   // count
                                    2,   1,   0,   0,   0,   0, 0, 0};  // 258
  ASSERT_EQ(bytes.size(), sizeof(expected) + 4);
  EXPECT_EQ(std::memcmp(bytes.data(), expected, sizeof(expected)), 0);
}

// What is large is taken and put together in pieces: the same bytes, and whoever waits may end it.
TEST(Archive, ThatIsLargeCanBeGivenUpBetweenPieces) {
  const std::vector<float> large(3 << 20, 1.25f);
  int asked = 0, most = 1 << 30;
  const ScopedInterruptHandler handler([&] {
    if (asked++ == most) throw Interrupted{};
  });
  ArchiveWriter writer;
  writer.Put("large", large);
  const int of_put = asked;
  EXPECT_GE(of_put, 2);
  EXPECT_EQ(Read(writer.Finish()).Floats("large"), large);
  most = asked + 1;
  EXPECT_THROW((void)writer.Finish(), Interrupted);
  most = asked + 1;
  EXPECT_THROW(writer.Put("again", large), Interrupted);
}

TEST(Archive, RefusesEveryTruncation) {
  const std::string bytes = Sample();
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ArchiveReader::Parse(bytes.substr(0, size), "state.eqps").ok()) << size;
}

TEST(Archive, RefusesEveryFlippedBit) {
  const std::string bytes = Sample();
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(ArchiveReader::Parse(damaged, "state.eqps").ok()) << bit;
  }
}

// A length that lies is refused even when its checksum is right: nothing is allocated or read past the end.
TEST(Archive, RefusesACountBeyondTheEndWithARightChecksum) {
  std::string bytes = Sample();
  const uint64_t huge = ~uint64_t{0} / 4 + 2;  // times four it wraps around to 4
  std::memcpy(bytes.data() + 16 + 4 + 7 + 1, &huge, sizeof(huge));
  const uint32_t crc = Crc32(bytes.data(), bytes.size() - 4);
  std::memcpy(bytes.data() + bytes.size() - 4, &crc, sizeof(crc));
  EXPECT_FALSE(ArchiveReader::Parse(bytes, "state.eqps").ok());
}

TEST(Archive, NamesFileAndEntryInErrors) {
  const ArchiveReader reader = Read(Sample());
  const auto message = [&](auto read) -> std::string {
    try {
      read();
    } catch (const FormatError& error) {
      return error.what();
    }
    return "";
  };
  float three[3], two[2];
  reader.Get("weights", three, 3);
  EXPECT_EQ(three[0], 1.5f);
  EXPECT_EQ(message([&] { reader.Get("weights", two, 2); }),
            "state.eqps: entry \"weights\" has 3 values, not 2 (was it saved with other network sizes?)");
  EXPECT_EQ(message([&] { (void)reader.Doubles("weights"); }),
            "state.eqps: entry \"weights\" holds float32, not float64");
  EXPECT_EQ(message([&] { (void)reader.Text("absent"); }), "state.eqps: entry \"absent\" is missing");
}

// Check values of the two polynomials, from the catalogue of CRC algorithms.
TEST(Checksum, MatchesTheCheckValuesOfBothPolynomials) {
  EXPECT_EQ(Crc32("123456789", 9), 0xCBF43926u);
  EXPECT_EQ(Crc32("6789", 4, Crc32("12345", 5)), 0xCBF43926u) << "goes on from a sum";
  EXPECT_EQ(Crc32(nullptr, 0, 0xCBF43926u), 0xCBF43926u);
  EXPECT_EQ(Crc32("", 0), 0u);
  EXPECT_EQ(Crc32C("123456789", 9), 0xE3069283u);
}

}  // namespace
}  // namespace equipoise
