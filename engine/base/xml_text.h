// xml_text.h: text from the world (titles, names of runs, what happened) as text of an SVG.
//
// Markup is escaped for elements and attributes alike. What XML cannot hold (bytes that are not UTF-8, control
// characters) becomes U+FFFD, so that the picture stays well-formed.
//
// Pure: the same text gives the same text
#pragma once

#include <string>

namespace equipoise {

std::string XmlText(const std::string& text);

// An id for use in one SVG, from what it holds: "axes-1b2f00c4". Pictures that differ have different ids and can stand
// in one page without taking each other's.
std::string XmlId(const std::string& name, const std::string& content);

}  // namespace equipoise
