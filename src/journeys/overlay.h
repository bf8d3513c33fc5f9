// Journeys that branches make of one that the head office drew: a template says what is open, an
// overlay sets just that, and both together are a definition like any other. docs/journeys.md
// describes the documents.
//
//   const Made made = ApplyOverlay(template_json, 3, overlay);
//   if (made.faults.empty()) Publish(made.definition);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/definition.h"

namespace waypost::journeys {

inline constexpr size_t kMaxOpen = 200;  // places of a template

// What is wrong with a template besides its journey: places that are not there or that nobody may
// open, bounds that make no sense. Fields are "open.3.path".
std::vector<Fault> CheckTemplate(std::string_view json);

// What a branch says. As JSON it is a definition's "template", whose version is that of the
// template.
struct Overlay {
  std::string id;  // of the journey
  std::string name;
  std::string branch;
  std::string scope;  // a condition: whom the branch may reach; empty: everybody
  std::string set;    // a JSON object: values by place, "nodes.hello.text"
};

struct Made {
  std::string definition;  // when nothing is wrong
  // By the place it is about, in `field`: "locked", "unknown_place", "out_of_bounds".
  std::vector<Fault> faults;
};

// REQUIRES: CheckTemplate found nothing in the template; `set` is a JSON object or empty.
// Conditions on who comes in are joined to the template's by AND, never put in their place.
Made ApplyOverlay(std::string_view json, uint32_t version, const Overlay& overlay);

// What a definition was made of.
struct Origin {
  std::string of;  // the template
  uint32_t version = 0;
  Overlay overlay;
};
std::optional<Origin> OriginOf(std::string_view definition);

}  // namespace waypost::journeys
