// source.h: what a task file takes numbers from, found in a model: where each number lies in mjData.
//
//   qpos, qvel               all of it; [hip, ankle]: of these joints; [2:15], [3]: of these entries; qpos[root].z
//   sensor[name]             .x .y .z
//   body[name].pos           of the body's frame in the world; .quat .mat .vel .rot (turn rate, world) .com
//   site[name].pos           .mat .vel .rot                      geom[name].pos  .mat
//   action, last_action      as given; clipped to [-1, 1], 0 after a reset;  ctrl;  [actuator, ..]
//   time                     seconds since the reset
//
// Behind a position .x .y .z take one and .xy two, behind a quaternion .w .x .y .z, behind a matrix .xx .xy .. .zz (row,
// column). Of a free joint .x .y .z .qw .qx .qy .qz (qvel: .x .y .z .wx .wy .wz), .pos and .quat.
//
// Errors   FormulaError: what is not known, the nearest name
#pragma once

#include <mujoco/mujoco.h>

#include <deque>
#include <string>
#include <vector>

namespace equipoise::env {

// What an entry is to a pose: an entry of qpos or qvel as it is, or something else.
struct Origin {
  enum class Kind { kOther, kQpos, kQvel } kind = Kind::kOther;
  int index = 0;
};

struct SourceEntry {
  const double* from = nullptr;
  std::string name;  // for people: "hip", "hip velocity", "tip x"
  Origin origin;
};

// What must be computed after a step before the entries may be read.
enum class Freshness { kState, kKinematics, kVelocities, kSensors };

class SourceFinder {
 public:
  // `action`, `last_action`: nu numbers each. All are borrowed.
  SourceFinder(const mjModel* model, const mjData* data, const double* action, const double* last_action)
      : model_(model), data_(data), action_(action), last_action_(last_action) {}

  // Is the text of this form at all? A quantity's name is not.
  static bool IsSource(const std::string& text);
  std::vector<SourceEntry> Find(const std::string& text);
  Freshness needed() const { return needed_; }
  // Velocities of bodies and sites are not in mjData: computed here, after Freshness::kVelocities.
  void ComputeVelocities();

 private:
  struct Parts;
  std::vector<SourceEntry> OfJoints(const Parts& parts);
  std::vector<SourceEntry> OfObjects(const Parts& parts);
  std::vector<SourceEntry> OfSensors(const Parts& parts);
  std::vector<SourceEntry> OfActuators(const Parts& parts);
  int IdOf(int type, const std::string& name, const char* what) const;
  void Need(Freshness freshness) {
    if (freshness > needed_) needed_ = freshness;
  }
  const double* VelocityOf(int type, int id);

  struct Velocity {
    int type, id;
    double values[6];  // turning, moving; world frame
  };

  const mjModel* model_;
  const mjData* data_;
  const double *action_, *last_action_;
  Freshness needed_ = Freshness::kState;
  std::deque<Velocity> velocities_;
};

// The name of a model's object, or what it is and its number where it has none.
std::string NameOf(const mjModel* model, int type, int id, const char* what);
// All names of a type.
std::vector<std::string> NamesOf(const mjModel* model, int type);

}  // namespace equipoise::env
