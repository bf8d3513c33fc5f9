// Turns one request of any wire format into a batch: refuses what is no request of that format as a
// whole (Error), quarantines single records that break a rule, and takes the rest.
//
//   Decoder decoder(keys);
//   const Result<Decoded> decoded = decoder.Decode(request);
//
// A decoder keeps buffers between requests: one per thread. Costs one pass over the body and one
// over its tree; memory is a small multiple of the body, at most kMaxInflatedSize.
//
// Errors, by Error::name(): "bad_json", "bad_encoding" (400), "unauthorized" (401), "too_large"
// (413), "unsupported" (415). Texts in two languages: model/error_texts.h.
#pragma once

#include "base/result.h"
#include "ingest/identity_list.h"
#include "ingest/json_parser.h"
#include "ingest/record_writer.h"
#include "ingest/wire_request.h"

namespace waypost::ingest {

class Decoder {
 public:
  // `keys` must outlive the decoder.
  explicit Decoder(const WriteKeys& keys) : keys_(keys) {}

  // REQUIRES: FormatOfPath(request.path)
  Result<Decoded> Decode(const WireRequest& request);

 private:
  Result<Decoded> DecodeOwn(const WireRequest& request);
  Result<Decoded> DecodeSegment(const WireRequest& request);
  Result<Decoded> DecodeSensors(const WireRequest& request);

  const WriteKeys& keys_;
  JsonParser parser_;
  GoodNames names_;
  IdentityList identities_;
  std::string dedup_key_;
};

}  // namespace waypost::ingest
