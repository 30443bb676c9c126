#include "engine/base/xml_text.h"

#include <gtest/gtest.h>

namespace equipoise {
namespace {

TEST(XmlText, EscapesWhatIsMarkup) {
  EXPECT_EQ(XmlText("A & B <x> \"y\" 'z'"), "A &amp; B &lt;x&gt; &quot;y&quot; &#39;z&#39;");
  EXPECT_EQ(XmlText("&amp;"), "&amp;amp;") << "what looks escaped is text, too";
}

TEST(XmlText, KeepsEveryLanguage) {
  const std::string text = "\xce\xb4 \xc2\xb1 \xe2\x89\xa4 \xf0\x9f\x90\x9c\tline\nline";
  EXPECT_EQ(XmlText(text), text);
}

TEST(XmlText, ReplacesWhatXmlCannotHold) {
  const std::string r = "\xef\xbf\xbd";
  EXPECT_EQ(XmlText(std::string("a\0b\x01", 4)), "a" + r + "b" + r);
  EXPECT_EQ(XmlText("\x1b[31m"), r + "[31m");
  EXPECT_EQ(XmlText("caf\xe9"), "caf" + r) << "Latin-1";
  EXPECT_EQ(XmlText("\xc0\xaf"), r + r) << "not the shortest form";
  EXPECT_EQ(XmlText("\xed\xa0\x80"), r + r + r) << "half of a surrogate pair";
  EXPECT_EQ(XmlText("\xef\xbf\xbf"), r + r + r) << "U+FFFF is no character";
  EXPECT_EQ(XmlText("x\xe2\x82"), "x" + r + r) << "cut off";
}

TEST(XmlId, FollowsFromTheContentAlone) {
  EXPECT_EQ(XmlId("axes", "a"), XmlId("axes", "a"));
  EXPECT_NE(XmlId("axes", "a"), XmlId("axes", "b"));
  EXPECT_EQ(XmlId("axes", "123456789"), "axes-cbf43926") << "the check value of CRC-32";
}

}  // namespace
}  // namespace equipoise
