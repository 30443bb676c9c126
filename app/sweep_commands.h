// sweep_commands.h: the command lines of `equipoise sweep` and `equipoise report`.
#pragma once

namespace CLI {
class App;
}

namespace equipoise::app {

// `code`: where the exit code of what was called goes.
void AddSweepCommands(CLI::App* app, int* code);

}  // namespace equipoise::app
