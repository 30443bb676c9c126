// section.h: how a struct of settings is described, field by field, for all that parse, check, show or save them.
//
// The struct has the types and the defaults, the table what else there is to say:
//
//   Section CloneSection() {
//     using S = CloneSettings;
//     return PartSection<S>("clone",
//                           {{EQ_FIELD(batch), 1, 65536, "transitions", kEpisode, "transitions in one update"},
//                            {EQ_FIELD(layer_norm), kFixed, "layer normalisation in the critics"},
//                            {EQ_FIELD(actor_value), {"min", "mean"}, kEpisode, "the least of all critics, or ..."}},
//                           Relations);
//   }
//
// kFixed: it stays as it was at the start of the run. kEpisode: a change made while the run goes on takes effect before
// the next episode's learning begins, is recorded in events.jsonl and drawn on every curve.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/config/settings.h"

namespace equipoise::config {

[[maybe_unused]] inline constexpr When kFixed = When::kFixed, kEpisode = When::kEpisode;

// Within a function where S is the struct.
#define EQ_FIELD(name) &S::name, #name

template <class S>
struct Field {
  using Member = std::variant<int S::*, double S::*, bool S::*, std::string S::*>;
  Member member;
  Spec spec;  // its key without the section

  // Lowest and highest are allowed.
  Field(int S::*m, const char* name, int lowest, int highest, const char* unit, When when, const char* help)
      : member(m), spec{name, Spec::Type::kInt, S{}.*m, double(lowest), double(highest), unit, {}, when, help} {}
  Field(double S::*m, const char* name, double lowest, double highest, const char* unit, When when, const char* help)
      : member(m), spec{name, Spec::Type::kReal, S{}.*m, lowest, highest, unit, {}, when, help} {}
  Field(bool S::*m, const char* name, When when, const char* help)
      : member(m), spec{name, Spec::Type::kBool, S{}.*m, 0, 0, "", {}, when, help} {}
  Field(std::string S::*m, const char* name, std::vector<std::string> choices, When when, const char* help)
      : member(m), spec{name, Spec::Type::kChoice, S{}.*m, 0, 0, "", std::move(choices), when, help} {}
  Field(std::string S::*m, const char* name, When when, const char* help)  // any text
      : member(m), spec{name, Spec::Type::kText, S{}.*m, 0, 0, "", {}, when, help} {}
};

struct Section {
  std::string id;           // "model"
  std::string title;        // for people: "dynamics model"
  bool central = false;     // every run has it
  std::vector<Spec> specs;  // in the order in which they are shown
  std::function<Value(const Settings&, size_t field)> get;
  std::function<void(Settings&, size_t field, const Value&)> put;  // of the field's type and inside its range
  std::function<Status(const Settings&)> validate;                 // relations that no single range can state
};

inline bool Contains(const std::vector<const Section*>& sections, const Section& section) {
  return std::find(sections.begin(), sections.end(), &section) != sections.end();
}

// `own` finds the struct in a Settings value, const or not.
template <class S, class Own>
Section MakeSection(std::string id, std::string title, std::initializer_list<Field<S>> fields, Own own,
                    Status (*relations)(const S&, const Settings&)) {
  Section section;
  section.id = std::move(id);
  section.title = std::move(title);
  std::vector<typename Field<S>::Member> members;
  for (const Field<S>& field : fields) {
    section.specs.push_back(field.spec);
    section.specs.back().key = section.id + "." + field.spec.key;
    members.push_back(field.member);
  }
  section.get = [own, members](const Settings& settings, size_t field) {
    return std::visit([&](auto member) { return Value(own(settings).*member); }, members[field]);
  };
  section.put = [own, members](Settings& settings, size_t field, const Value& value) {
    std::visit(
        [&](auto member) {
          auto& slot = own(settings).*member;
          slot = std::get<std::decay_t<decltype(slot)>>(value);
        },
        members[field]);
  };
  section.validate = [own, relations](const Settings& settings) {
    return relations != nullptr ? relations(own(settings), settings) : Status();
  };
  return section;
}

// Of a part: settings.Of<S>(). Or of one of several that have this struct: settings.Of<S>(id), with defaults of its own.
template <class S>
Section PartSection(std::string title, std::initializer_list<Field<S>> fields,
                    Status (*relations)(const S&, const Settings&) = nullptr) {
  return MakeSection<S>(
      S::kSection, std::move(title), fields, [](auto& settings) -> auto& { return settings.template Of<S>(); },
      relations);
}
template <class S>
Section PartSection(const std::string& id, std::string title, std::initializer_list<Field<S>> fields,
                    Status (*relations)(const S&, const Settings&) = nullptr) {
  Section section = MakeSection<S>(
      id, std::move(title), fields, [id](auto& settings) -> auto& { return settings.template Of<S>(id); }, relations);
  for (size_t i = 0; i < section.specs.size(); ++i) section.specs[i].fallback = section.get(Settings(), i);
  return section;
}

// Of every run: a member of Settings.
template <class S>
Section CentralSection(std::string id, std::string title, S Settings::*where, std::initializer_list<Field<S>> fields,
                       Status (*relations)(const S&, const Settings&) = nullptr) {
  Section section = MakeSection<S>(
      std::move(id), std::move(title), fields, [where](auto& settings) -> auto& { return settings.*where; }, relations);
  section.central = true;
  return section;
}

}  // namespace equipoise::config
