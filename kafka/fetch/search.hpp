#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/fetch/stored_record.hpp>
#include <ottla/kafka/fetch/stream.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Decides whether a search returns a record. Runs on the thread of the caller. The message is
/// valid only during the call.
using record_predicate = std::function<bool(const streamed_message&)>;

/// Predicates for search() and std::views::filter. The first two find records whose key or value
/// contains `part`. The other two find records whose key or value is exactly `whole`. A record
/// without a key never matches by key, and a record without a value never matches by value. Bytes
/// are compared as they are.
record_predicate key_contains(std::string part);
record_predicate value_contains(std::string part);
record_predicate key_is(std::string whole);
record_predicate value_is(std::string whole);

struct search_settings {
  /// The records to search. stream_settings::on_progress receives the progress.
  stream_settings in = {};
  record_predicate matches = nullptr;
  /// The search ends when it has found this many records.
  std::size_t most_records = 10'000;
};

/// Returns copies of the records that match, at most `most_records`. Records of one partition are
/// in the order of their offsets. Reads the whole range unless `most_records` are found, with the
/// memory of a stream plus the records found. Fails if the stream fails, even if records were found
/// before. To see matches as they are found, filter a stream:
///
///     for (const auto& order : *orders | std::views::filter(kafka::key_is("42")))
///
/// `within` limits the time to open the stream, as for open_stream. stream_settings::patience
/// limits each wait after that. Errors are those of open_stream and of stream::failure(), and
/// errc::bad_setting if `matches` is null. An exception of the predicate reaches the caller.
/// (Elsa.Fetch.search, search_keys, search_values.)
result<std::vector<stored_record>> search(const cluster_settings& cluster,
                                          const search_settings& what,
                                          saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
