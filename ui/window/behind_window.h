// behind_window.h: a run that a window shows gets the processor after the window: a frame is a few milliseconds, and
// whoever moves the mouse waits for it. Where nothing is to be drawn the run has all of it.
//
// Threads inherit this from those that start them: an engine is made and started by one that stands back.
#pragma once

#include "engine/run/engine.h"

namespace equipoise::ui {

// Of the thread that makes an engine, before it does.
void StandBehindTheWindow();
// Engine::Start, by such a thread.
void StartBehindTheWindow(run::Engine* engine, bool paused);

}  // namespace equipoise::ui
