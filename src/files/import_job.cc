#include "files/import_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/hash.h"
#include "files/csv_writer.h"
#include "files/import_state.h"
#include "files/row_encoder.h"
#include "files/table_file.h"
#include "model/batch.h"

namespace waypost::files {
namespace {

// Where chunks end. Part of what names a chunk: with other numbers a rerun would load rows twice.
constexpr uint64_t kChunkRows = 32'768;
constexpr uint64_t kChunkBytes = 4 << 20;

constexpr size_t kMaxRejectedRow = 4'096;  // bytes of a rejected row that are kept
constexpr int64_t kStateEveryNs = 1'000'000'000;
constexpr int64_t kProgressEveryNs = 1'000'000'000;

// Some rows of a file, encoded, and everything to remember once they are durable.
struct Chunk {
  size_t file = 0;
  uint64_t number = 0;
  Position end;
  bool last = false;  // of its file
  ImportReport counts;
  std::string rejects;  // lines for the rejects file
  Bytes payload;        // empty when no row is to be loaded
};

// Chunks handed to the sink, and those it answered. Callbacks of the sink share it with the run.
class InFlight {
 public:
  explicit InFlight(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Waits until there is room for `bytes` more. False when the run is to end.
  bool Reserve(size_t bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ending_ || bytes_ == 0 || bytes_ + bytes <= max_bytes_; });
    if (ending_) return false;
    bytes_ += bytes;
    return true;
  }
  void Answer(std::unique_ptr<Chunk> chunk, size_t bytes, Result<> result) {
    const std::lock_guard lock(mutex_);
    bytes_ -= bytes;
    if (result.ok()) {
      durable_.push_back(std::move(chunk));
    } else {
      SetError(std::move(result).error());
    }
    changed_.notify_all();
  }
  void End(Error error) {
    const std::lock_guard lock(mutex_);
    SetError(std::move(error));
    changed_.notify_all();
  }
  void ReaderStarted() {
    const std::lock_guard lock(mutex_);
    ++readers_;
  }
  void ReaderStopped() {
    const std::lock_guard lock(mutex_);
    --readers_;
    changed_.notify_all();
  }
  bool ending() {
    const std::lock_guard lock(mutex_);
    return ending_;
  }
  // Takes what became durable, after waiting for some for up to a moment. *finished: no more will
  // come.
  std::vector<std::unique_ptr<Chunk>> Take(bool* finished) {
    std::unique_lock lock(mutex_);
    const auto idle = [&] { return readers_ == 0 && bytes_ == 0; };
    changed_.wait_for(lock, std::chrono::milliseconds(100),
                      [&] { return !durable_.empty() || idle(); });
    *finished = idle();
    return std::exchange(durable_, {});
  }
  std::optional<Error> error() {
    const std::lock_guard lock(mutex_);
    return error_;
  }

 private:
  void SetError(Error error) {
    if (!error_) error_ = std::move(error);
    ending_ = true;
  }

  const size_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t bytes_ = 0;
  int readers_ = 0;
  bool ending_ = false;
  std::optional<Error> error_;
  std::vector<std::unique_ptr<Chunk>> durable_;
};

// One Run() of a job.
class ImportRun {
 public:
  ImportRun(io::FileSystem& files, const Clock& clock, Sink* sink, const ImportOptions& options,
            const std::atomic<bool>& stopped)
      : files_(files),
        clock_(clock),
        sink_(sink),
        options_(options),
        stopped_(stopped),
        in_flight_(std::make_shared<InFlight>(options.max_in_flight_bytes)) {}

  Result<ImportReport> Run() {
    TRY(Prepare());
    StartReaders();
    const Result<> result = Follow();
    for (std::thread& reader : readers_) reader.join();
    if (!result.ok()) return result.error();
    if (auto error = in_flight_->error()) return std::move(*error);
    if (of_rows() && !options_.dry_run) TRY(EndLoad());
    return Report();
  }

 private:
  struct File {
    SourceFile source;
    std::string fingerprint;
    FileState* state = nullptr;
    std::map<uint64_t, std::unique_ptr<Chunk>> waiting;  // durable, but one before them is not
  };

  Result<> Prepare();
  Result<> TakeUpState(const std::string& id);
  bool of_rows() const { return options_.mapping.kind == Mapping::Kind::kRows; }
  Result<> EndLoad();
  Result<> OpenRejects();
  void StartReaders();
  void ReadFiles();
  Result<> ReadFile(size_t index);
  Result<std::unique_ptr<Chunk>> ReadChunk(RecordSource& source, RowEncoder& encoder, size_t file,
                                           uint64_t number);
  void AddReject(const Record& record, const Reject& reject, Chunk* chunk);
  bool Send(std::unique_ptr<Chunk> chunk);

  Result<> Follow();
  Result<> Apply(std::unique_ptr<Chunk> chunk);
  Result<> SaveState();
  void ShowProgress();
  ImportReport Report() const;

  io::FileSystem& files_;
  const Clock& clock_;
  Sink* sink_;
  const ImportOptions& options_;
  const std::atomic<bool>& stopped_;
  const int64_t start_ms_ = clock_.NowMs();
  const int64_t start_ns_ = clock_.MonotonicNs();

  std::vector<File> sources_;
  std::atomic<size_t> next_source_ = 0;
  std::atomic<uint64_t> bytes_read_ = 0, rows_read_ = 0;
  std::vector<std::thread> readers_;
  std::shared_ptr<InFlight> in_flight_;

  // Of Run's thread alone.
  ImportState state_;
  ImportReport report_;
  std::unique_ptr<io::WritableFile> rejects_;
  uint64_t bytes_total_ = 0;
  int64_t saved_ns_ = 0, shown_ns_ = 0;
};

std::string_view NameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Rows that are known by their file's name need it to be one file's.
Result<> CheckFileName(const Mapping& mapping, std::string_view path, std::set<std::string>* seen) {
  const bool counts = mapping.rows.numbered ||
                      std::ranges::any_of(mapping.identities, [](const IdentityRule& rule) {
                        return rule.column == kRowColumn;
                      });
  if (!counts || seen->emplace(NameOf(path)).second) return {};
  return Error(Code::kInvalid, "bad_file",
               std::string(path) +
                   ": another file of the import has that name, and the mapping "
                   "knows rows by the file's name; import it under another one");
}

std::string DefaultImportId(const ImportOptions& options) {
  return fmt::format("{:016x}", Hash64(MappingText(options.mapping), Hash64(options.source)));
}

Result<> ImportRun::Prepare() {
  const std::string id =
      options_.import_id.empty() ? DefaultImportId(options_) : options_.import_id;
  if (id.find_first_of(" \t\r\n") != id.npos) {
    return Error(Code::kInvalid, "bad_import_id", "an import id must have no blanks");
  }
  std::set<std::string> seen, names;
  for (SourceFile& source : TRY(ListSources(files_, options_.sources))) {
    std::string fingerprint = TRY(Fingerprint(files_, source.path));
    if (!seen.insert(fingerprint).second) continue;  // the same content again
    TRY(CheckFileName(options_.mapping, source.path, &names));
    bytes_total_ += source.size;
    sources_.push_back({std::move(source), std::move(fingerprint), nullptr, {}});
  }
  TRY(TakeUpState(id));
  for (File& file : sources_) file.state = &state_.files[file.fingerprint];
  return OpenRejects();
}

// Events that were loaded are loaded; but a table that had these rows once may have others since.
// So rows are loaded again whenever they are given, as a load of its own, unless one of the same
// files was begun and did not come to its end: its state is there still.
Result<> ImportRun::TakeUpState(const std::string& id) {
  state_.import_id = of_rows() ? fmt::format("{}@{}", id, start_ms_) : id;
  if (options_.state_path.empty() || options_.dry_run) return {};
  ImportState begun = TRY(LoadImportState(files_, options_.state_path, id));
  const bool same = std::ranges::all_of(begun.files, [&](const auto& file) {
    return std::ranges::find(sources_, file.first, &File::fingerprint) != sources_.end();
  });
  if (!of_rows() || (same && begun.import_id != id)) state_ = std::move(begun);
  return {};
}

// When every row is safe.
Result<> ImportRun::EndLoad() {
  if (options_.mapping.rows.mode == RowsRule::Mode::kReplace) {
    const ImportReport report = Report();
    if (report.rows > 0 && report.loaded == 0) {
      return Error(Code::kInvalid, "bad_file",
                   fmt::format("none of the {} rows fits, so what was there stays", report.rows));
    }
    const std::string name = state_.import_id + "/end";
    BatchWriter batch({.project = options_.project,
                       .source = options_.source,
                       .ingest_ms = start_ms_,
                       .import_chunk = name});
    batch.BeginItem(ItemKind::kRowsReplace, options_.mapping.rows.table, {},
                    {.time_ms = start_ms_});
    batch.EndItem();
    auto answer = std::make_shared<std::promise<Result<>>>();
    auto done = answer->get_future();
    sink_->Append(batch.Finish(),
                  [answer](Result<> result) { answer->set_value(std::move(result)); });
    TRY(done.get());
  }
  return options_.state_path.empty() ? Result<>() : files_.Remove(options_.state_path);
}

// A file that this import wrote before goes on; any other begins anew.
Result<> ImportRun::OpenRejects() {
  const std::string& path = options_.rejects_path;
  if (path.empty()) return {};
  const bool there = files_.FileSize(path).ok();
  if (there && path == state_.rejects_path) {
    rejects_ = TRY(files_.OpenAppend(path));
    if (rejects_->size() < state_.rejects_bytes) {
      return Error(
          Code::kConflict, "rejects_changed",
          path +
              " is shorter than this import left it; remove it and the state file to start again");
    }
    return rejects_->Truncate(state_.rejects_bytes);
  }
  if (there) TRY(files_.Remove(path));
  rejects_ = TRY(files_.Create(path));
  state_.rejects_path = path;
  return rejects_->Append(AsBytes("file,line,column,reason,row\n"));
}

void ImportRun::StartReaders() {
  const size_t count =
      std::clamp<size_t>(options_.threads, 1, std::max<size_t>(sources_.size(), 1));
  for (size_t i = 0; i < count; ++i) {
    in_flight_->ReaderStarted();
    readers_.emplace_back([this] {
      ReadFiles();
      in_flight_->ReaderStopped();
    });
  }
}

void ImportRun::ReadFiles() {
  for (size_t i = next_source_++; i < sources_.size() && !in_flight_->ending();
       i = next_source_++) {
    if (Result<> result = ReadFile(i); !result.ok()) in_flight_->End(std::move(result).error());
  }
}

Result<> ImportRun::ReadFile(size_t index) {
  const File& file = sources_[index];
  const FileState state = *file.state;  // as the run before left it
  if (state.done) {
    bytes_read_ += file.source.size;
    return {};
  }
  const Mapping& mapping = options_.mapping;
  const std::string& path = file.source.path;
  auto source = TRY(OpenTable(files_, path, mapping.table, MappedColumns(mapping), &bytes_read_));
  auto encoder =
      RowEncoder::Bind(mapping, options_.source, std::string(NameOf(path)), source->columns());
  if (!encoder.ok()) return std::move(encoder).error().While(path);
  if (state.chunks > 0) TRY(source->Seek(state.position));
  for (uint64_t number = state.chunks;; ++number) {
    if (stopped_)
      return Error(Code::kUnavailable, "stopped", "the import was stopped; run it again to go on");
    auto chunk = ReadChunk(*source, encoder.value(), index, number);
    if (!chunk.ok()) return std::move(chunk).error().While(path);
    const bool last = chunk.value()->last;
    if (!Send(std::move(chunk).value()) || last) return {};
  }
}

Result<std::unique_ptr<Chunk>> ImportRun::ReadChunk(RecordSource& source, RowEncoder& encoder,
                                                    size_t file, uint64_t number) {
  auto chunk = std::make_unique<Chunk>();
  chunk->file = file;
  chunk->number = number;
  const std::string name =
      fmt::format("{}/{}:{}", state_.import_id, sources_[file].fingerprint, number);
  BatchWriter batch({.project = options_.project,
                     .source = options_.source,
                     .ingest_ms = start_ms_,
                     .import_chunk = name});
  const uint64_t start = source.position().offset;
  uint64_t rows = 0, rejected = 0;
  while (rows < kChunkRows && source.position().offset - start < kChunkBytes) {
    const Record* record = TRY(source.Next());
    chunk->last = record == nullptr;
    if (!record) break;
    ++rows;
    const auto reject = encoder.Encode(*record, start_ms_, &batch);
    if (!reject) continue;
    ++rejected;
    AddReject(*record, *reject, chunk.get());
  }
  rows_read_ += rows;
  chunk->end = source.position();
  chunk->counts.Add(encoder.TakeReport());
  chunk->counts.rows = rows;
  chunk->counts.rejected = rejected;
  if (batch.item_count() > 0) chunk->payload = batch.Finish();
  return chunk;
}

void ImportRun::AddReject(const Record& record, const Reject& reject, Chunk* chunk) {
  chunk->counts.CountReject(reject.column, reject.reason);
  if (!rejects_) return;
  std::string& out = chunk->rejects;
  AppendCsvText(sources_[chunk->file].source.path, &out);
  out += ',' + std::to_string(record.line) + ',';
  AppendCsvText(reject.column, &out);
  out += ',';
  AppendCsvText(reject.reason, &out);
  out += ',';
  AppendCsvText(record.raw.substr(0, kMaxRejectedRow), &out);
  out += '\n';
}

bool ImportRun::Send(std::unique_ptr<Chunk> chunk) {
  Bytes payload = std::move(chunk->payload);
  const size_t size = payload.size();
  if (!in_flight_->Reserve(size)) return false;
  if (options_.dry_run || payload.empty()) {
    in_flight_->Answer(std::move(chunk), size, {});
    return true;
  }
  // std::function must be copyable, so it shares the chunk.
  auto held = std::make_shared<std::unique_ptr<Chunk>>(std::move(chunk));
  sink_->Append(std::move(payload), [in_flight = in_flight_, held, size](Result<> result) {
    in_flight->Answer(std::move(*held), size, std::move(result));
  });
  return true;
}

// Applies what becomes durable until there is nothing more to come. An error of this thread ends
// the readers and is returned when they and the sink are done.
Result<> ImportRun::Follow() {
  Result<> result;
  for (bool finished = false; !finished;) {
    for (auto& chunk : in_flight_->Take(&finished)) {
      if (result.ok()) result = Apply(std::move(chunk));
    }
    const int64_t now = clock_.MonotonicNs();
    if (result.ok() && now - saved_ns_ >= kStateEveryNs) result = SaveState();
    if (options_.progress && now - shown_ns_ >= kProgressEveryNs) ShowProgress();
    if (!result.ok()) in_flight_->End(result.error());
  }
  if (result.ok()) result = SaveState();
  if (options_.progress) ShowProgress();
  return result;
}

Result<> ImportRun::Apply(std::unique_ptr<Chunk> chunk) {
  File& file = sources_[chunk->file];
  const uint64_t number = chunk->number;
  file.waiting.emplace(number, std::move(chunk));
  while (!file.waiting.empty() && file.waiting.begin()->first == file.state->chunks) {
    const std::unique_ptr<Chunk> next = std::move(file.waiting.begin()->second);
    file.waiting.erase(file.waiting.begin());
    if (rejects_ && !next->rejects.empty()) TRY(rejects_->Append(AsBytes(next->rejects)));
    ++file.state->chunks;
    file.state->position = next->end;
    file.state->loaded += next->counts.loaded;
    file.state->rejected += next->counts.rejected;
    file.state->done = next->last;
    report_.Add(next->counts);
  }
  return {};
}

Result<> ImportRun::SaveState() {
  saved_ns_ = clock_.MonotonicNs();
  if (rejects_) {
    TRY(rejects_->Sync());
    state_.rejects_bytes = rejects_->size();
  }
  if (options_.state_path.empty() || options_.dry_run) return {};
  return SaveImportState(files_, options_.state_path, state_);
}

void ImportRun::ShowProgress() {
  shown_ns_ = clock_.MonotonicNs();
  const double seconds = static_cast<double>(shown_ns_ - start_ns_) / 1e9;
  ImportProgress progress{.bytes_read = bytes_read_,
                          .bytes_total = bytes_total_,
                          .rows = rows_read_,
                          .rejected = report_.rejected};
  if (seconds > 0) progress.rows_per_second = static_cast<double>(progress.rows) / seconds;
  if (progress.bytes_read > 0 && progress.bytes_read < bytes_total_) {
    progress.seconds_left = seconds * static_cast<double>(bytes_total_ - progress.bytes_read) /
                            static_cast<double>(progress.bytes_read);
  }
  options_.progress(progress);
}

ImportReport ImportRun::Report() const {
  ImportReport report = report_;
  report.files = sources_.size();
  report.rows = report.loaded = report.rejected = 0;
  for (const File& file : sources_) {
    report.rows += file.state->position.records;
    report.loaded += file.state->loaded;
    report.rejected += file.state->rejected;
  }
  return report;
}

}  // namespace

ImportJob::ImportJob(io::FileSystem& files, const Clock& clock, Sink* sink)
    : files_(files), clock_(clock), sink_(sink) {}

Result<ImportReport> ImportJob::Run(const ImportOptions& options) {
  CHECK(sink_ || options.dry_run);
  if (options.check_first && !options.dry_run) {
    ImportOptions check = options;
    check.dry_run = true;
    check.state_path.clear();
    check.rejects_path.clear();
    TRY(ImportRun(files_, clock_, nullptr, check, stopped_).Run());
  }
  return ImportRun(files_, clock_, sink_, options, stopped_).Run();
}

}  // namespace waypost::files
