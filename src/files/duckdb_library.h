// DuckDB's C functions, found in libduckdb.so when first asked for, so that a server that touches
// no Parquet does not map 70 MB.
#pragma once

#include <duckdb.h>

#include "base/result.h"

namespace waypost::files {

// clang-format off: a list, which the formatter takes for nested calls
#define WAYPOST_DUCKDB_FUNCTIONS(X) \
  X(open_ext) X(close) X(create_config) X(set_config) X(destroy_config) X(connect) X(disconnect) \
  X(free) X(query) X(destroy_result) X(result_error) X(rows_changed) X(prepare) X(prepare_error) \
  X(bind_varchar) X(destroy_prepare) X(pending_prepared_streaming) X(pending_error) \
  X(execute_pending) X(destroy_pending) X(fetch_chunk) X(destroy_data_chunk) \
  X(data_chunk_get_size) X(data_chunk_set_size) X(data_chunk_get_vector) X(vector_size) \
  X(vector_get_data) X(vector_get_validity) X(vector_ensure_validity_writable) \
  X(vector_assign_string_element_len) X(validity_row_is_valid) X(validity_set_row_invalid) \
  X(list_vector_get_child) X(list_vector_get_size) X(list_vector_set_size) \
  X(list_vector_reserve) X(string_t_length) X(string_t_data) X(create_logical_type) \
  X(create_list_type) X(create_decimal_type) X(destroy_logical_type) X(create_table_function) \
  X(destroy_table_function) X(register_table_function) X(table_function_set_name) \
  X(table_function_set_extra_info) X(table_function_set_bind) X(table_function_set_init) \
  X(table_function_set_function) X(bind_get_extra_info) X(bind_add_result_column) \
  X(init_set_max_threads) X(function_get_extra_info)
// clang-format on

struct DuckDbLibrary {
#define WAYPOST_DECLARE(name) decltype(&::duckdb_##name) name;
  WAYPOST_DUCKDB_FUNCTIONS(WAYPOST_DECLARE)
#undef WAYPOST_DECLARE
};

// The same library for ever after the first success. kUnavailable ("no_parquet") says where it was
// looked for.
Result<const DuckDbLibrary*> LoadDuckDb();

}  // namespace waypost::files
