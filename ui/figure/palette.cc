#include "ui/figure/palette.h"

namespace equipoise::ui {
namespace {

Palette palette;

// Okabe and Ito's orange and sky blue, darker on white, and colours that were searched for: the smallest distance of any
// two, and of each to random actions, is as large as could be found in what each kind of colour-blindness sees.
void MakeSafe(Palette* p) {
  const auto c = [p](unsigned dark, unsigned day) { return Rgb(p->light ? day : dark); };
  p->learner = {c(0xE69F00, 0xA35A00), c(0x56B4E9, 0x005A8C), c(0xF8DA85, 0x78634F), c(0xB4DEBA, 0xB02FE8),
                c(0x667CF2, 0x663A06), c(0x6CA471, 0x3E17A9), c(0x9AF511, 0x5C22FC), c(0x10A645, 0x452D2A)};
  p->mask_a = c(0x33C79B, 0x00704F);
  p->mask_b = c(0xE08FBF, 0x8A3E6B);
  p->note = c(0xF0E442, 0x5E5600);
  p->good = c(0x33C79B, 0x00704F);
  p->bad = c(0xFF8A5C, 0xA83A00);
}

}  // namespace

const Palette& Colors() { return palette; }
void UseColors(const Palette& used) { palette = used; }

Palette MakePalette(bool light, bool safe) {
  const auto c = [light](unsigned dark, unsigned day) { return Rgb(light ? day : dark); };
  Palette p;
  p.light = light;
  p.window = c(0x0E1116, 0xE9EDF2);
  p.card = c(0x151A21, 0xFFFFFF);
  p.raised = c(0x1C222B, 0xF3F6F9);
  p.field = c(0x232B36, 0xE8ECF2);
  p.field_hover = c(0x2D3744, 0xDBE2EA);
  p.field_on = c(0x3A4759, 0xCBD5E1);
  p.line = c(0x2A323D, 0xD2D9E2);
  p.text = c(0xE6EAF0, 0x18202A);
  p.secondary = c(0xA3AEBD, 0x4E5B6C);
  p.faint = c(0x8C98AA, 0x5C6878);
  p.ink = c(0xFFFFFF, 0x0B1420);
  p.learner = {c(0xF47F33, 0xC24E00), c(0x58A9FA, 0x1565C0), c(0xC79BF2, 0x7B3FB5), c(0x5FC07A, 0x1B7A3A),
               c(0xF27FB2, 0xB02A6B), c(0x3FC3C3, 0x00737A), c(0xD8B62E, 0x7A6200), c(0xC9A58B, 0x7B5433)};
  p.random = c(0x8490A2, 0x667282);
  p.mask_a = c(0x86EEDF, 0x087A6D);
  p.mask_b = c(0xFF5C8F, 0x7A0C40);
  p.note = c(0xFBE58A, 0x6B5200);
  p.note_fill = c(0x2C2914, 0xFFF4CC);
  p.on_note = c(0x1A1708, 0xFFFFFF);
  p.good = c(0x4CC795, 0x12744F);
  p.bad = c(0xFF7A85, 0xBE1E3A);
  p.accent = c(0xD5DDE8, 0x26313F);
  p.on_accent = c(0x10151C, 0xFFFFFF);
  p.scrim = light ? Rgb(0xFFFFFF, 226) : Rgb(0x0B0E13, 205);
  if (safe) MakeSafe(&p);
  return p;
}

}  // namespace equipoise::ui
