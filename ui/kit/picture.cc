#include "ui/kit/picture.h"

#include <utility>

namespace equipoise::ui {
namespace {

bool drawing_picture = false;

}  // namespace

bool DrawingPicture() { return drawing_picture; }

PictureDrawing::PictureDrawing(bool is_picture) : before_(std::exchange(drawing_picture, is_picture)) {}
PictureDrawing::~PictureDrawing() { drawing_picture = before_; }

}  // namespace equipoise::ui
