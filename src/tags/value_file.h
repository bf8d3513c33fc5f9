// The values of one tag on one day: a sealed file (store/sealed_file.h) that is written once, and
// anew without those of customers who were erased since.
//
//   u32 type (model/value.h) · u32 count of blocks · for each block, increasing:
//   u32 block · u32 0 · u64 bytes of the image · column image (column/block_image.h), padded to 8
//
// A customer's value stands at the ordinal it was known by when the values were made, and nowhere
// else: a device or a number that is somebody else's later brings nobody's value along. When
// customers merge and unmerge, a customer's value is that of the ordinal it is known by or, when
// that one has none, of its first member that has one (ForSnapshot).
#pragma once

#include <memory>
#include <string>

#include "column/customer_columns.h"
#include "column/snapshot_view.h"
#include "io/file_system.h"
#include "tags/evaluation.h"

namespace waypost::tags {

struct DayValues {
  ValueType type = ValueType::kString;
  column::CustomerColumns columns;
};

// Without those of customers whom the snapshot knows as erased.
Bytes EncodeValues(const Evaluated& values, const column::SnapshotView& snapshot);
// kCorrupt. `bytes` as column::ReadColumnImage wants them; `owner` keeps them.
Result<DayValues> DecodeValues(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner);

// Durable when it returns. Replaces a file of a run that was never recorded.
Result<> WriteValues(io::FileSystem& files, const std::string& path, const Evaluated& values,
                     const column::SnapshotView& snapshot);
// Writes the file anew when it holds values of customers whom the snapshot knows as erased. True:
// it did. Who reads the old one keeps it. Errors as ReadValues.
Result<bool> ForgetValues(io::FileSystem& files, const std::string& path,
                          const column::SnapshotView& snapshot);
// With every page checked. kCorrupt names the file; kNotFound.
Result<std::shared_ptr<const DayValues>> ReadValues(io::FileSystem& files, const std::string& path);

// The values of the customers [first, first + rows) as a column, and what keeps it.
std::pair<column::Column, std::shared_ptr<const void>> BlockColumn(const Evaluated& values,
                                                                   uint32_t first, uint32_t rows);

// The values as an attribute of this number, numbers as doubles, and what keeps it.
std::pair<column::Column, std::shared_ptr<const void>> AsAttribute(ValueType type,
                                                                   const column::Column& values,
                                                                   uint32_t property);

// The values as Evaluate gives them, by ordinal.
Evaluated Unpack(ValueType type, const column::CustomerColumns& columns);

// Where the customer's value stands: at the root or, when that has none, at the first member that
// has one. The column is null when he has none.
std::pair<const column::Column*, uint32_t> FindValue(const column::CustomerColumns& columns,
                                                     const column::Cluster& customer);

// As the customers are known in the snapshot: right at every root. Shares what need not change.
std::shared_ptr<const column::CustomerColumns> ForSnapshot(
    const std::shared_ptr<const DayValues>& values, const column::SnapshotView& snapshot);

// Of values that were kept when the customer's ordinals were perhaps several customers: right at
// his root. Shares what need not change.
std::shared_ptr<const column::CustomerColumns> ForCustomer(
    const std::shared_ptr<const column::CustomerColumns>& columns, const column::Cluster& customer);

}  // namespace waypost::tags
