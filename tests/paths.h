// paths.h: where this build lies: known in paths.cc alone, so that another folder recompiles one file.
#pragma once

#include <string>

namespace equipoise::tests {

const std::string& SourceFolder();   // the source tree
const std::string& FixtureFolder();  // tests/fixtures in it
const std::string& Program();        // the built program, as tests start it

}  // namespace equipoise::tests
