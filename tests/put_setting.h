// put_setting.h: a setting of a part by its key, for what many tests include: no part's header comes with it.
#pragma once

#include "engine/base/check.h"
#include "engine/config/settings.h"

namespace equipoise::test {

inline void Put(config::Settings* settings, const char* key, const config::Value& value) {
  const Status set = config::Set(*settings, key, value);
  EQ_CHECK(set.ok(), set.error().message);
}

}  // namespace equipoise::test
