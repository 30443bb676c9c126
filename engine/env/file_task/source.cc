#include "engine/env/file_task/source.h"

#include <algorithm>
#include <charconv>
#include <regex>

#include "engine/base/nearest.h"
#include "engine/env/file_task/formula.h"

namespace equipoise::env {
namespace {

const std::vector<std::string> kKinds = {"qpos", "qvel", "sensor", "body",        "site",
                                         "geom", "time", "action", "last_action", "ctrl"};

bool ToInt(const std::string& text, int* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

int IndexOf(const std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

const std::vector<std::string> kAxes = {"x", "y", "z"}, kQuaternion = {"w", "x", "y", "z"},
                               kMatrix = {"xx", "xy", "xz", "yx", "yy", "yz", "zx", "zy", "zz"};

// What a component picks: itself, or letter by letter ("xy"). Empty: something that is not there.
std::vector<int> Picked(const std::string& component, const std::vector<std::string>& components) {
  if (const int at = IndexOf(components, component); at >= 0) return {at};
  std::vector<int> picked;
  for (const char letter : component) {
    picked.push_back(IndexOf(components, std::string(1, letter)));
    if (picked.back() < 0) return {};
  }
  return picked;
}

// `from` and the names of its numbers, or those that `component` picks.
std::vector<SourceEntry> Numbers(const double* from, const std::string& name,
                                 const std::vector<std::string>& components, const std::string& component,
                                 const std::string& text) {
  std::vector<SourceEntry> entries;
  if (component.empty()) {
    for (size_t i = 0; i < components.size(); ++i) entries.push_back({from + i, name + " " + components[i], {}});
    return entries;
  }
  for (const int at : Picked(component, components))
    entries.push_back({from + at, name + " " + components[static_cast<size_t>(at)], {}});
  if (entries.empty())
    throw FormulaError("\"" + text + "\" has no part ." + component + "; the nearest is ." +
                       NearestName(component, components));
  return entries;
}

}  // namespace

struct SourceFinder::Parts {
  std::string text, kind, part, component;
  bool chosen = false;             // has brackets
  std::vector<std::string> names;  // within them
};

std::string NameOf(const mjModel* model, int type, int id, const char* what) {
  const char* name = mj_id2name(model, type, id);
  return name != nullptr && *name != '\0' ? name : std::string(what) + " " + std::to_string(id);
}

std::vector<std::string> NamesOf(const mjModel* model, int type) {
  std::vector<std::string> names;
  for (int id = 0;; ++id) {
    const char* name = mj_id2name(model, type, id);
    if (name == nullptr) break;
    if (*name != '\0') names.emplace_back(name);
  }
  return names;
}

bool SourceFinder::IsSource(const std::string& text) {
  const std::string kind = text.substr(0, text.find_first_of("[."));
  return IndexOf(kKinds, Trimmed(kind)) >= 0 || text.find('[') != std::string::npos;
}

int SourceFinder::IdOf(int type, const std::string& name, const char* what) const {
  const int id = mj_name2id(model_, type, name.c_str());
  if (id >= 0) return id;
  const std::vector<std::string> names = NamesOf(model_, type);
  throw FormulaError("the model has no " + std::string(what) + " \"" + name + "\"" +
                     (names.empty() ? "; it names none" : "; the nearest one is " + NearestName(name, names)));
}

std::vector<SourceEntry> SourceFinder::Find(const std::string& text) {
  static const std::regex kForm(R"(\s*([a-z_]+)\s*(\[([^\]]*)\])?\s*(\.([a-z]+))?(\.([a-z]+))?\s*)");
  std::smatch match;
  if (!std::regex_match(text, match, kForm))
    throw FormulaError("\"" + text + "\" is not of the form kind[name].part, such as qpos[hip] or site[tip].pos.x");
  Parts parts;
  parts.text = text;
  parts.kind = match[1];
  parts.chosen = match[2].matched;
  parts.part = match[5];
  parts.component = match[7];
  std::string rest = match[3];
  for (size_t comma = 0; parts.chosen && comma != std::string::npos;) {
    comma = rest.find(',');
    parts.names.push_back(Trimmed(rest.substr(0, comma)));
    if (comma != std::string::npos) rest = rest.substr(comma + 1);
  }
  const std::string& kind = parts.kind;
  if (kind == "qpos" || kind == "qvel") return OfJoints(parts);
  if (kind == "sensor") return OfSensors(parts);
  if (kind == "body" || kind == "site" || kind == "geom") return OfObjects(parts);
  if (kind == "action" || kind == "last_action" || kind == "ctrl") return OfActuators(parts);
  if (kind == "time") return {{&data_->time, "time", {}}};
  throw FormulaError("nothing is called \"" + kind + "\"; the nearest is " + NearestName(kind, kKinds));
}

std::vector<SourceEntry> SourceFinder::OfJoints(const Parts& parts) {
  const bool position = parts.kind == "qpos";
  const int count = position ? model_->nq : model_->nv;
  const double* from = position ? data_->qpos : data_->qvel;
  // Every entry's name, and which joint and part of it it is.
  std::vector<SourceEntry> all;
  std::vector<int> joint_of;
  std::vector<std::string> part_of;
  for (int joint = 0; joint < model_->njnt; ++joint) {
    const std::string name = NameOf(model_, mjOBJ_JOINT, joint, "joint");
    std::vector<std::string> components;
    const int type = model_->jnt_type[joint];
    const bool free = type == mjJNT_FREE;
    if (free) components = {"x", "y", "z"};
    if (free || type == mjJNT_BALL) {
      for (const char* component : {"qw", "qx", "qy", "qz"})
        if (position) components.emplace_back(component);
      for (const char* component : {"wx", "wy", "wz"})
        if (!position) components.emplace_back(component);
    }
    if (components.empty()) components = {""};
    for (const std::string& component : components) {
      const int index = static_cast<int>(all.size());
      const std::string spaced = name + (component.empty() ? "" : " " + component);
      all.push_back({from + index,
                     spaced + (position ? "" : " velocity"),
                     {position ? Origin::Kind::kQpos : Origin::Kind::kQvel, index}});
      joint_of.push_back(joint);
      part_of.push_back(component);
    }
  }
  if (!parts.chosen) return all;
  std::vector<SourceEntry> chosen;
  for (const std::string& name : parts.names) {
    const size_t colon = name.find(':');
    int first = 0, last = count;
    const std::string begin = name.substr(0, colon), end = colon == std::string::npos ? "" : name.substr(colon + 1);
    const bool range =
        colon != std::string::npos && (begin.empty() || ToInt(begin, &first)) && (end.empty() || ToInt(end, &last));
    const bool single = colon == std::string::npos && ToInt(name, &first);
    if (single) last = first + 1;
    if (range || single) {
      if (first < 0 || last > count || first >= last)
        throw FormulaError("\"" + parts.text + "\": " + parts.kind + " has the entries 0 to " +
                           std::to_string(count - 1));
      chosen.insert(chosen.end(), all.begin() + first, all.begin() + last);
      continue;
    }
    const int joint = IdOf(mjOBJ_JOINT, name, "joint");
    std::vector<std::string> known;
    int first_of_joint = -1;
    for (size_t i = 0; i < all.size(); ++i) {
      if (joint_of[i] != joint) continue;
      if (first_of_joint < 0) first_of_joint = static_cast<int>(i);
      known.push_back(part_of[i]);
    }
    std::vector<int> picked;
    for (int i = 0; i < static_cast<int>(known.size()); ++i) {
      const bool turn = known[static_cast<size_t>(i)].size() == 2;
      if (parts.part.empty() || (parts.part == "quat" && turn && position) || (parts.part == "pos" && !turn))
        picked.push_back(i);
    }
    if (picked.empty()) picked = Picked(parts.part, known);
    for (const int i : picked) chosen.push_back(all[static_cast<size_t>(first_of_joint + i)]);
    const bool any = !picked.empty();
    if (!any)
      throw FormulaError("\"" + parts.text + "\": that joint has no part ." + parts.part + "; the nearest is ." +
                         NearestName(parts.part, known));
  }
  return chosen;
}

const double* SourceFinder::VelocityOf(int type, int id) {
  Need(Freshness::kVelocities);
  for (const Velocity& known : velocities_)
    if (known.type == type && known.id == id) return known.values;
  velocities_.push_back({type, id, {}});
  return velocities_.back().values;
}

void SourceFinder::ComputeVelocities() {
  for (Velocity& velocity : velocities_)
    mj_objectVelocity(model_, data_, velocity.type, velocity.id, velocity.values, 0);
}

std::vector<SourceEntry> SourceFinder::OfObjects(const Parts& parts) {
  const bool body = parts.kind == "body", site = parts.kind == "site";
  const int type = body ? mjOBJ_BODY : site ? mjOBJ_SITE : mjOBJ_GEOM;
  std::vector<std::string> known = {"pos", "mat"};
  if (body || site) known.insert(known.end(), {"vel", "rot"});
  if (body) known.insert(known.end(), {"quat", "com"});
  if (!parts.chosen || IndexOf(known, parts.part) < 0)
    throw FormulaError("\"" + parts.text + "\" should be written " + parts.kind + "[name].part; the parts are " + [&] {
      std::string all;
      for (const std::string& part : known) all += (all.empty() ? "" : ", ") + part;
      return all;
    }());
  std::vector<SourceEntry> entries;
  for (const std::string& name : parts.names) {
    const int id = IdOf(type, name, parts.kind.c_str());
    Need(Freshness::kKinematics);
    const double* from = nullptr;
    const std::vector<std::string>* components = &kAxes;
    std::string called = name;
    if (parts.part == "pos") from = (body ? data_->xpos : site ? data_->site_xpos : data_->geom_xpos) + 3 * id;
    if (parts.part == "mat") {
      from = (body ? data_->xmat : site ? data_->site_xmat : data_->geom_xmat) + 9 * id;
      components = &kMatrix;
    }
    if (parts.part == "quat") {
      from = data_->xquat + 4 * id;
      components = &kQuaternion;
    }
    if (parts.part == "com") {
      Need(Freshness::kVelocities);
      from = data_->subtree_com + 3 * id;
      called += " com";
    }
    if (parts.part == "vel" || parts.part == "rot") {
      from = VelocityOf(body ? static_cast<int>(mjOBJ_XBODY) : type, id) + (parts.part == "vel" ? 3 : 0);
      called += parts.part == "vel" ? " velocity" : " turn rate";
    }
    for (SourceEntry& entry : Numbers(from, called, *components, parts.component, parts.text)) {
      // A body that nothing holds is where its joint says.
      const int joint = body && model_->body_jntnum[id] == 1 ? model_->body_jntadr[id] : -1;
      const auto offset = static_cast<int>(entry.from - from);
      if (joint >= 0 && model_->jnt_type[joint] == mjJNT_FREE && (parts.part == "pos" || parts.part == "quat"))
        entry.origin = {Origin::Kind::kQpos, model_->jnt_qposadr[joint] + (parts.part == "quat" ? 3 : 0) + offset};
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

std::vector<SourceEntry> SourceFinder::OfSensors(const Parts& parts) {
  if (!parts.chosen) throw FormulaError("\"" + parts.text + "\" should be written sensor[name]");
  std::vector<SourceEntry> entries;
  for (const std::string& name : parts.names) {
    const int id = IdOf(mjOBJ_SENSOR, name, "sensor"), size = model_->sensor_dim[id];
    Need(Freshness::kSensors);
    const double* from = data_->sensordata + model_->sensor_adr[id];
    if (size == 1) {
      SourceEntry entry{from, name, {}};
      const int joint = model_->sensor_objid[id];
      const bool scales = model_->sensor_cutoff[id] > 0;
      if (!scales && model_->sensor_type[id] == mjSENS_JOINTPOS)
        entry.origin = {Origin::Kind::kQpos, model_->jnt_qposadr[joint]};
      if (!scales && model_->sensor_type[id] == mjSENS_JOINTVEL)
        entry.origin = {Origin::Kind::kQvel, model_->jnt_dofadr[joint]};
      entries.push_back(entry);
      continue;
    }
    std::vector<std::string> components = size == 3 ? kAxes : size == 4 ? kQuaternion : std::vector<std::string>();
    for (int i = static_cast<int>(components.size()); i < size; ++i) components.push_back(std::to_string(i + 1));
    for (SourceEntry& entry : Numbers(from, name, components, parts.part, parts.text))
      entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<SourceEntry> SourceFinder::OfActuators(const Parts& parts) {
  const double* from = parts.kind == "action" ? action_ : parts.kind == "ctrl" ? data_->ctrl : last_action_;
  const std::string what = parts.kind == "last_action" ? " last action" : " " + parts.kind;
  std::vector<SourceEntry> entries;
  const auto add = [&](int id) {
    entries.push_back({from + id, NameOf(model_, mjOBJ_ACTUATOR, id, "actuator") + what, {}});
  };
  if (!parts.chosen)
    for (int id = 0; id < model_->nu; ++id) add(id);
  for (const std::string& name : parts.names) {
    int id = 0;
    if (!ToInt(name, &id)) id = IdOf(mjOBJ_ACTUATOR, name, "actuator");
    if (id < 0 || id >= model_->nu)
      throw FormulaError("\"" + parts.text + "\": the model has " + std::to_string(model_->nu) +
                         " actuators, from 0 on");
    add(id);
  }
  return entries;
}

}  // namespace equipoise::env
