// The events or customers of a snapshot as rows.
#pragma once

#include <memory>

#include "files/export_job.h"
#include "files/row_cursor.h"

namespace waypost::files {

// Events: identity_key, identity, event, time, then the properties. Customers: identity_key,
// identity, then the attributes; a customer of several identities is one row under the first of
// them, an attribute being that of the first identity that has it. Erased customers are left out.
// Snapshot and names must outlive the cursor. kInvalid for an event or property that is not there.
Result<std::unique_ptr<RowCursor>> MakeSnapshotRows(const column::SnapshotView& snapshot,
                                                    const ExportNames& names,
                                                    const ExportOptions& options);

}  // namespace waypost::files
