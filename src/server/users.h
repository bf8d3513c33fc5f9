// The people of a data folder, <data>/people.db, and the commands that keep them.
#pragma once

#include <memory>
#include <string_view>

#include "people/people.h"
#include "server/audit_trail.h"
#include "server/config.h"
#include "server/machine.h"

namespace waypost::server {

inline constexpr std::string_view kPeopleFile = "/people.db";  // in the data folder

// Made when missing, for its owner alone. Errors: Catalog::Open's; those of the file system.
Result<std::unique_ptr<people::People>> OpenPeople(const Machine& machine, const Config& config);

// One user for each role, named as it, each with a new password, which is printed; the relationship
// manager belongs to a branch.
Result<> MakeDemoUsers(const Machine& machine, people::People& people, ServerAudit& audit);

}  // namespace waypost::server
