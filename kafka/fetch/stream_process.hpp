#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/saturating.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/fetch/held_messages.hpp>
#include <ottla/kafka/fetch/partition_progress.hpp>
#include <ottla/kafka/fetch/stream.hpp>
#include <ottla/kafka/result.hpp>
#include <ottla/supervision/child_spec.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A stream as a supervised process, for actors. An actor requests one part of the stream after the
/// other with next_part_request. The process reads only on request, so a slow actor slows the
/// stream down, and no parts pile up in a mailbox.
///
///     const kafka::stream_process history{
///       .name = "history",
///       .cluster = {.brokers = "localhost:9092"},
///       .what = {.topic = "orders"},
///     };
///     return ottla::run({.id = "shop", .children = {history, …}});
///
/// The process opens the stream at the first request, and looks up the ends of the partitions then.
/// After a crash, the supervisor's new process resumes after the last part that was confirmed, and
/// keeps these ends. If the stream fails, for example because no broker is reachable, the process
/// answers with the error and lives on. The next request resumes the stream. At the end of the
/// stream, the process closes its Kafka handles. It still answers requests until its supervisor
/// ends it.
///
/// Reading blocks, so it happens on a thread of its own while the process waits for records.
struct stream_process {
  /// The name of the process, and the id of its child spec. Required.
  std::string name = {};
  cluster_settings cluster = {};
  /// on_progress must be null: each part has the progress.
  stream_settings what = {};
  /// Longest time to open the stream, as for open_stream.
  saturating<std::chrono::milliseconds> open_within{30'000};

  /// Bad settings become faults of the spec. Convert the settings once for each process: all
  /// processes of one spec share one position.
  operator child_spec() const;
};

/// Checks the settings. Returns each fault as one line; empty if there is no fault.
std::vector<std::string> validate(const stream_process& settings);

/// A part of a stream.
struct stream_part {
  /// Numbers the parts of the stream, from 1 on.
  std::uint64_t number = 0;
  /// Records of one partition. Empty in the part that ends the stream.
  held_messages messages = {};
  /// The whole stream is read.
  bool is_end = false;
  /// The progress of each partition, this part included.
  std::vector<partition_progress> progress = {};
};

/// Requests the next part of a stream. The answer comes when records arrive, at the latest after
/// stream_process::open_within plus stream_settings::patience.
///
///     ottla::call<kafka::next_part_request::answer>(
///       this, "history", 70s, kafka::next_part_request{.after = done_},
///       [this](ottla::call_result<kafka::next_part_request::answer> part) { … });
///
/// The errors are those of open_stream and of stream::failure(), errc::bad_setting for a wrong
/// request, and errc::closed if the process ends first.
struct next_part_request {
  using answer = result<stream_part>;

  /// The number of the last part that the caller has handled. This part counts as read. The process
  /// repeats the part after it until that part is confirmed too, for example to a caller whose call
  /// has timed out. nullopt if the caller does not know the number, for example after its restart:
  /// the answer is the first part that is not confirmed.
  std::optional<std::uint64_t> after = std::nullopt;
  /// Upper bound for the number of messages in a new part. A larger number counts as longest_part.
  std::size_t most = 1'000;

  static constexpr std::size_t longest_part = 100'000;
};

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_fetch, ottla::kafka_type_ids + 260)
OTTLA_MESSAGE(ottla_kafka_fetch, (ottla::kafka::next_part_request))
OTTLA_MESSAGE(ottla_kafka_fetch, (ottla::kafka::next_part_request::answer))
OTTLA_MESSAGES_END(ottla_kafka_fetch)
