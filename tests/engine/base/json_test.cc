#include "engine/base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/random.h"

namespace equipoise {
namespace {

template <class Bits, class T>
Bits BitsOf(T value) {
  Bits bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

TEST(Json, DoublesReadBackToTheBit) {
  Stream stream(1, "test.json");
  for (int i = 0; i < 20000; ++i) {
    const uint64_t bits = static_cast<uint64_t>(stream.NextU32()) << 32 | stream.NextU32();
    double value;
    std::memcpy(&value, &bits, sizeof(value));
    const Json json = Json::parse(OneLine(Json::object({{"v", ToJson(value)}})));
    const double back = RealFrom(json, "v");
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(back));
    else
      EXPECT_EQ(BitsOf<uint64_t>(back), bits) << value;
  }
}

TEST(Json, FloatsReadBackToTheBitAndStayShort) {
  EXPECT_EQ(OneLine(ToJson(0.1f)), "0.1");
  Stream stream(2, "test.json");
  for (int i = 0; i < 20000; ++i) {
    const uint32_t bits = stream.NextU32();
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    const Json json = Json::parse(OneLine(Json::object({{"v", ToJson(std::vector<float>{value})}})));
    const float back = FloatsFrom(json, "v")[0];
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(back));
    else
      EXPECT_EQ(BitsOf<uint32_t>(back), bits) << value;
  }
}

TEST(Json, WritesWhatIsMissingAsNullAndWhatIsInfiniteAsWords) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(OneLine(ToJson(std::vector<double>{std::nan(""), inf, -inf, -0.0})),
            R"([null,"Infinity","-Infinity",-0.0])");
  EXPECT_EQ(OneLine(ToJson(std::vector<float>{std::nanf(""), std::numeric_limits<float>::infinity()})),
            R"([null,"Infinity"])");
}

TEST(Json, ReadsWhatIsMissingInEveryFormThatWasEverWritten) {
  const Json json = ParseJson(R"({"now": null, "before": "NaN", "all": [null, "NaN", "-Infinity", 2]})", "f").value();
  EXPECT_TRUE(std::isnan(RealFrom(json, "now")));
  EXPECT_TRUE(std::isnan(RealFrom(json, "before")));
  const std::vector<float> all = FloatsFrom(json, "all");
  EXPECT_TRUE(std::isnan(all[0]));
  EXPECT_TRUE(std::isnan(all[1]));
  EXPECT_EQ(all[2], -std::numeric_limits<float>::infinity());
  EXPECT_EQ(all[3], 2);
}

TEST(Json, NamesTheKeyThatIsWrong) {
  const Json json = ParseJson(R"({"a": "x", "b": [1, true], "d": null})", "f").value();
  EXPECT_THROW((void)RealFrom(json, "a"), FormatError);
  EXPECT_THROW((void)RealsFrom(json, "b"), FormatError);
  EXPECT_THROW((void)IntFrom(json, "c"), FormatError);
  EXPECT_THROW((void)IntFrom(json, "d"), FormatError) << "a count cannot be missing";
  EXPECT_THROW((void)RealFrom(json, "c"), FormatError) << "absent is not null";
  EXPECT_NE(ParseJson("{", "run.json").error().message.find("run.json"), std::string::npos);
}

}  // namespace
}  // namespace equipoise
