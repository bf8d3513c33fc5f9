#include "files/parquet.h"

#include <algorithm>
#include <cmath>

#include "files/duckdb_library.h"
#include "model/batch.h"

namespace waypost::files {
namespace {

Error BadParquet(std::string_view message) {
  return {Code::kInvalid, "bad_file", std::string(message.substr(0, message.find('\n')))};
}

// `text` between two `mark`s, those inside doubled: an SQL name (") or literal (').
std::string Quoted(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out.push_back(mark);
    out.push_back(c);
  }
  return out + mark;
}

// A database in memory with one connection and one thread.
class Session {
 public:
  static Result<std::unique_ptr<Session>> Open() {
    std::unique_ptr<Session> session(new Session(TRY(LoadDuckDb())));
    const DuckDbLibrary& duck = session->duck_;
    duckdb_config config = nullptr;
    duck.create_config(&config);
    for (const auto& [name, value] : {std::pair{"threads", "1"},
                                      {"memory_limit", "1GB"},
                                      {"temp_directory", ""},
                                      {"autoinstall_known_extensions", "false"}}) {
      duck.set_config(config, name, value);
    }
    char* message = nullptr;
    const bool opened =
        duck.open_ext(nullptr, &session->database_, config, &message) == DuckDBSuccess;
    duck.destroy_config(&config);
    if (!opened || duck.connect(session->database_, &session->connection_) != DuckDBSuccess) {
      const std::string why = message ? message : "no connection";
      duck.free(message);
      return Error(Code::kUnavailable, "no_parquet", "DuckDB does not start: " + why);
    }
    return session;
  }
  ~Session() {
    if (connection_) duck_.disconnect(&connection_);
    if (database_) duck_.close(&database_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const DuckDbLibrary& duck() const { return duck_; }
  duckdb_connection connection() const { return connection_; }

 private:
  explicit Session(const DuckDbLibrary* duck) : duck_(*duck) {}
  const DuckDbLibrary& duck_;
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

// The rows of one query, chunk by chunk.
class Rows {
 public:
  static Result<std::unique_ptr<Rows>> Query(Session& session, const std::string& sql) {
    std::unique_ptr<Rows> rows(new Rows(session.duck()));
    const DuckDbLibrary& duck = session.duck();
    if (duck.prepare(session.connection(), sql.c_str(), &rows->statement_) != DuckDBSuccess) {
      return BadParquet(duck.prepare_error(rows->statement_));
    }
    if (duck.pending_prepared_streaming(rows->statement_, &rows->pending_) != DuckDBSuccess ||
        duck.execute_pending(rows->pending_, &rows->result_) != DuckDBSuccess) {
      return BadParquet(duck.pending_error(rows->pending_));
    }
    return rows;
  }
  ~Rows() {
    if (chunk_) duck_.destroy_data_chunk(&chunk_);
    duck_.destroy_result(&result_);
    if (pending_) duck_.destroy_pending(&pending_);
    duck_.destroy_prepare(&statement_);
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // The next chunk, or null at the end.
  Result<duckdb_data_chunk> Next() {
    if (chunk_) duck_.destroy_data_chunk(&chunk_);
    chunk_ = duck_.fetch_chunk(result_);
    if (!chunk_) {
      const char* error = duck_.result_error(&result_);
      if (error && *error) return BadParquet(error);
    }
    return chunk_;
  }

 private:
  explicit Rows(const DuckDbLibrary& duck) : duck_(duck) {}
  const DuckDbLibrary& duck_;
  duckdb_prepared_statement statement_ = nullptr;
  duckdb_pending_result pending_ = nullptr;
  duckdb_result result_{};
  duckdb_data_chunk chunk_ = nullptr;
};

// Of a column of text.
std::string_view TextAt(const DuckDbLibrary& duck, duckdb_vector vector, uint64_t row) {
  auto* texts = static_cast<duckdb_string_t*>(duck.vector_get_data(vector));
  return {duck.string_t_data(&texts[row]), duck.string_t_length(texts[row])};
}

// How a column comes out of DuckDB: every Parquet type is cast to one of these.
enum class Form { kBool, kInt, kDouble, kText, kDate, kDateTime, kList };

Form FormOf(std::string_view type) {
  if (type == "BOOLEAN") return Form::kBool;
  if (type == "TINYINT" || type == "SMALLINT" || type == "INTEGER" || type == "BIGINT" ||
      type == "UTINYINT" || type == "USMALLINT" || type == "UINTEGER") {
    return Form::kInt;
  }
  if (type == "FLOAT" || type == "DOUBLE") return Form::kDouble;
  if (type == "DATE") return Form::kDate;
  if (type == "TIMESTAMP WITH TIME ZONE") return Form::kDateTime;
  return type.ends_with("[]") ? Form::kList
                              : Form::kText;  // decimals and local times keep what they say
}

std::string Expression(const std::string& column, Form form) {
  const std::string name = Quoted(column, '"');
  switch (form) {
    case Form::kBool:
      return name;
    case Form::kInt:
      return name + "::BIGINT";
    case Form::kDouble:
      return name + "::DOUBLE";
    case Form::kText:
      return name + "::VARCHAR";
    case Form::kDate:
      return "(" + name + " - DATE '1970-01-01')::BIGINT";
    case Form::kDateTime:
      return "epoch_ms(" + name + ")";
    case Form::kList:
      return name + "::VARCHAR[]";
  }
  return name;
}

class ParquetReader final : public RecordSource {
 public:
  ParquetReader(std::unique_ptr<Session> session, const std::string& path)
      : session_(std::move(session)),
        duck_(session_->duck()),
        file_("read_parquet(" + Quoted(path, '\'') + ")") {}

  // Finds the columns asked for, or all when none is, and how to read them.
  Result<> FindColumns(std::vector<std::string> wanted) {
    auto rows = TRY(Rows::Query(
        *session_, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM " + file_ + ")"));
    while (duckdb_data_chunk chunk = TRY(rows->Next())) {
      for (uint64_t row = 0; row < duck_.data_chunk_get_size(chunk); ++row) {
        const std::string name(TextAt(duck_, duck_.data_chunk_get_vector(chunk, 0), row));
        if (!wanted.empty() && std::ranges::find(wanted, name) == wanted.end()) continue;
        columns_.push_back(name);
        forms_.push_back(FormOf(TextAt(duck_, duck_.data_chunk_get_vector(chunk, 1), row)));
      }
    }
    for (const std::string& name : wanted) {
      if (std::ranges::find(columns_, name) == columns_.end())
        return BadParquet("there is no column \"" + name + "\"");
    }
    fields_.resize(columns_.size());
    texts_.resize(columns_.size());
    return {};
  }

  std::span<const std::string> columns() const override { return columns_; }
  Position position() const override {
    return {.offset = 0, .records = records_, .lines = records_};
  }
  Result<> Seek(const Position& position) override {
    records_ = position.records;
    return {};
  }

  Result<const Record*> Next() override {
    if (!rows_) TRY(Start());
    while (!chunk_ || row_ == chunk_size_) {
      chunk_ = TRY(rows_->Next());
      if (!chunk_) return nullptr;
      chunk_size_ = duck_.data_chunk_get_size(chunk_);
      row_ = 0;
    }
    for (size_t i = 0; i < columns_.size(); ++i) ReadField(i);
    ++row_;
    ++records_;
    record_ = {records_, records_, fields_, {}, {}};
    return &record_;
  }

 private:
  Result<> Start() {
    std::string sql;
    for (size_t i = 0; i < columns_.size(); ++i)
      sql += (i ? ", " : "SELECT ") + Expression(columns_[i], forms_[i]);
    sql += " FROM " + file_;
    if (records_ > 0) sql += " OFFSET " + std::to_string(records_);
    rows_ = TRY(Rows::Query(*session_, sql));
    return {};
  }

  void ReadField(size_t i) {
    duckdb_vector vector = duck_.data_chunk_get_vector(chunk_, i);
    Field& field = fields_[i];
    field.kind = Field::Kind::kAbsent;
    uint64_t* validity = duck_.vector_get_validity(vector);
    if (validity && !duck_.validity_row_is_valid(validity, row_)) return;
    const void* data = duck_.vector_get_data(vector);
    const auto whole = [&] { return static_cast<const int64_t*>(data)[row_]; };
    switch (forms_[i]) {
      case Form::kBool:
        return field.SetTyped(Value::Bool(static_cast<const bool*>(data)[row_]));
      case Form::kInt:
        return field.SetTyped(Value::Int(whole()));
      case Form::kDate:
        return field.SetTyped(Value::Date(whole()));
      case Form::kDateTime:
        return field.SetTyped(Value::DateTime(whole()));
      case Form::kText:
        return field.SetText(TextAt(duck_, vector, row_));
      case Form::kDouble: {
        const double real = static_cast<const double*>(data)[row_];
        return std::isfinite(real) ? field.SetTyped(Value::Double(real))
                                   : field.SetText("not finite");
      }
      case Form::kList: {
        const auto entry = static_cast<const duckdb_list_entry*>(data)[row_];
        duckdb_vector items = duck_.list_vector_get_child(vector);
        uint64_t* present = duck_.vector_get_validity(items);
        ByteWriter packed;
        for (uint64_t at = entry.offset; at < entry.offset + entry.length; ++at) {
          if (!present || duck_.validity_row_is_valid(present, at))
            packed.Text(TextAt(duck_, items, at));
        }
        texts_[i] = AsText(packed.bytes());
        return field.SetTyped(Value::List(texts_[i]));
      }
    }
  }

  std::unique_ptr<Session> session_;
  const DuckDbLibrary& duck_;
  std::string file_;  // as SQL
  std::vector<std::string> columns_;
  std::vector<Form> forms_;
  std::unique_ptr<Rows> rows_;
  duckdb_data_chunk chunk_ = nullptr;
  uint64_t chunk_size_ = 0, row_ = 0, records_ = 0;
  std::vector<Field> fields_;
  std::vector<std::string> texts_;
  Record record_;
};

// --- writing: DuckDB copies from a table function that asks the cursor for rows ---

struct Output {
  const DuckDbLibrary& duck;
  RowCursor& rows;
};

duckdb_logical_type TypeFor(const DuckDbLibrary& duck, ValueType type) {
  switch (type) {
    case ValueType::kBool:
      return duck.create_logical_type(DUCKDB_TYPE_BOOLEAN);
    case ValueType::kInt:
      return duck.create_logical_type(DUCKDB_TYPE_BIGINT);
    case ValueType::kDouble:
      return duck.create_logical_type(DUCKDB_TYPE_DOUBLE);
    case ValueType::kDecimal:
      return duck.create_decimal_type(19, 4);
    case ValueType::kString:
      return duck.create_logical_type(DUCKDB_TYPE_VARCHAR);
    case ValueType::kDateTime:
      return duck.create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ);
    case ValueType::kDate:
      return duck.create_logical_type(DUCKDB_TYPE_DATE);
    case ValueType::kList:
      break;
  }
  duckdb_logical_type text = duck.create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_logical_type list = duck.create_list_type(text);
  duck.destroy_logical_type(&text);
  return list;
}

void PutList(const DuckDbLibrary& duck, duckdb_vector vector, uint64_t row,
             std::string_view packed) {
  const std::vector<std::string_view> items = ListItems(packed);
  const uint64_t start = duck.list_vector_get_size(vector);
  duck.list_vector_reserve(vector, start + items.size());
  duck.list_vector_set_size(vector, start + items.size());
  duckdb_vector child = duck.list_vector_get_child(vector);
  for (size_t i = 0; i < items.size(); ++i) {
    duck.vector_assign_string_element_len(child, start + i, items[i].data(), items[i].size());
  }
  static_cast<duckdb_list_entry*>(duck.vector_get_data(vector))[row] = {start, items.size()};
}

void Put(const DuckDbLibrary& duck, duckdb_vector vector, uint64_t row, const Value& value) {
  void* data = duck.vector_get_data(vector);
  switch (value.type) {
    case ValueType::kBool:
      static_cast<bool*>(data)[row] = value.whole != 0;
      break;
    case ValueType::kInt:
      static_cast<int64_t*>(data)[row] = value.whole;
      break;
    case ValueType::kDouble:
      static_cast<double*>(data)[row] = value.real;
      break;
    case ValueType::kDecimal:
      static_cast<duckdb_hugeint*>(data)[row] = {static_cast<uint64_t>(value.whole),
                                                 value.whole < 0 ? -1 : 0};
      break;
    case ValueType::kDateTime:
      static_cast<int64_t*>(data)[row] = value.whole * 1'000;
      break;
    case ValueType::kDate:
      static_cast<int32_t*>(data)[row] = static_cast<int32_t>(value.whole);
      break;
    case ValueType::kString:
      duck.vector_assign_string_element_len(vector, row, value.text.data(), value.text.size());
      break;
    case ValueType::kList:
      PutList(duck, vector, row, value.text);
      break;
  }
}

void PutNull(const DuckDbLibrary& duck, duckdb_vector vector, uint64_t row) {
  duck.vector_ensure_validity_writable(vector);
  duck.validity_set_row_invalid(duck.vector_get_validity(vector), row);
}

// DuckDB's callbacks find their Output by a pointer kept with the function; only this file's
// library is ever loaded, so LoadDuckDb() cannot fail in them.
void Bind(duckdb_bind_info info) {
  const DuckDbLibrary& duck = *LoadDuckDb().value();
  const auto* output = static_cast<const Output*>(duck.bind_get_extra_info(info));
  for (const OutputColumn& column : output->rows.columns()) {
    duckdb_logical_type type = TypeFor(duck, column.type);
    duck.bind_add_result_column(info, column.name.c_str(), type);
    duck.destroy_logical_type(&type);
  }
}

void Init(duckdb_init_info info) { LoadDuckDb().value()->init_set_max_threads(info, 1); }

void FillChunk(duckdb_function_info info, duckdb_data_chunk chunk) {
  const DuckDbLibrary& duck = *LoadDuckDb().value();
  auto* output = static_cast<Output*>(duck.function_get_extra_info(info));
  uint64_t row = 0;
  for (const uint64_t most = duck.vector_size(); row < most; ++row) {
    const auto cells = output->rows.Next();
    if (cells.empty()) break;
    for (size_t i = 0; i < cells.size(); ++i) {
      duckdb_vector vector = duck.data_chunk_get_vector(chunk, i);
      cells[i] ? Put(duck, vector, row, *cells[i]) : PutNull(duck, vector, row);
    }
  }
  duck.data_chunk_set_size(chunk, row);
}

}  // namespace

Result<std::unique_ptr<RecordSource>> OpenParquet(const std::string& path,
                                                  std::vector<std::string> columns) {
  auto reader = std::make_unique<ParquetReader>(TRY(Session::Open()), path);
  TRY(reader->FindColumns(std::move(columns)));
  return std::unique_ptr<RecordSource>(std::move(reader));
}

Result<uint64_t> WriteParquet(const std::string& path, RowCursor& rows) {
  const auto session = TRY(Session::Open());
  const DuckDbLibrary& duck = session->duck();
  Output output{duck, rows};
  duckdb_table_function function = duck.create_table_function();
  duck.table_function_set_name(function, "waypost_rows");
  duck.table_function_set_extra_info(function, &output, nullptr);
  duck.table_function_set_bind(function, Bind);
  duck.table_function_set_init(function, Init);
  duck.table_function_set_function(function, FillChunk);
  duck.register_table_function(session->connection(), function);
  duck.destroy_table_function(&function);

  duckdb_result result{};
  const std::string sql = "COPY (SELECT * FROM waypost_rows()) TO " + Quoted(path, '\'') +
                          " (FORMAT parquet, COMPRESSION zstd)";
  const bool written = duck.query(session->connection(), sql.c_str(), &result) == DuckDBSuccess;
  const std::string why = written ? "" : duck.result_error(&result);
  const uint64_t count = written ? duck.rows_changed(&result) : 0;
  duck.destroy_result(&result);
  if (!written) return Error(Code::kIo, path + ": " + why.substr(0, why.find('\n')));
  return count;
}

}  // namespace waypost::files
