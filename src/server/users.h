// The people of a data folder, <data>/people.db or the schema "waypost", and the commands that keep
// them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "people/people.h"
#include "services/audit_trail.h"
#include "services/config.h"
#include "services/machine.h"

namespace waypost::server {

inline constexpr std::string_view kPeopleFile = "/people.db";  // in the data folder

// Made when missing, for its owner alone. Errors: OpenCatalog's.
Result<std::unique_ptr<people::People>> OpenPeople(const services::Machine& machine,
                                                   const services::Config& config);

// One user for each role, named as it, and the head of a branch, each with a new password, which is
// printed. The relationship manager is of that branch, and sees the customers of `manager`.
Result<> MakeDemoUsers(people::People& people, services::ServerAudit& audit,
                       std::string_view manager);

// Bodies of people::UserCall.
std::string UserBody(std::string_view name, std::string_view title,
                     const std::vector<std::string>& roles);
std::string RolesBody(const std::vector<std::string>& roles);

}  // namespace waypost::server
