// options.h: what several parts of the command line share.
//
// Each Add... adds sub-commands with their options and help to the program's; what is called writes its exit code. Their
// options live as long as the callbacks that read them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace equipoise::app {

void AddKeeping(CLI::App* app, int* code);   // resume, fork, rerun, repair, audit
void AddSteering(CLI::App* app, int* code);  // status, steer, pause, unpause, stop, step, push
void AddManual(CLI::App* app, int* code);    // manual, completion
void AddSweeps(CLI::App* app, int* code);    // sweep, report

// An empty variable in a script must not count as an option that was left out.
inline const CLI::Validator kNamed([](std::string& text) { return text.empty() ? std::string("it has no name") : ""; },
                                   "");

}  // namespace equipoise::app
