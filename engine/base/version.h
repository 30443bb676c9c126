// version.h: which Equipoise this is, e.g. "0.1.0".
#pragma once

namespace equipoise {

const char* Version();

}  // namespace equipoise
