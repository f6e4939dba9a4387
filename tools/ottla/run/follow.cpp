#include "run/commands.hpp"
#include "run/consumer_output.hpp"
#include "run/consumer_run.hpp"
#include "run/interruption.hpp"
#include "run/start_filter.hpp"
#include "run/topic_reader.hpp"

#include <algorithm>
#include <chrono>

namespace command {

namespace kafka = ottla::kafka;

namespace {

/// New partitions are found within this time.
constexpr std::chrono::seconds metadata_interval{5};

kafka::connection follower_of(const session& with, const consume_records& what,
                              const partition_offsets& ends,
                              const std::shared_ptr<consumer_output>& to) {
  auto follower = with.connection;
  follower.producing = std::nullopt;
  follower.producers.clear();
  follower.group_consumer = std::nullopt;
  follower.observer = to;
  follower.metadata_interval
    = std::min<std::chrono::milliseconds>(follower.metadata_interval, metadata_interval);
  kafka::consumer one{.topic = what.topic,
                      .partitions = what.partitions,
                      .handler = kafka::handler<printing_handler>(to),
                      .begin = kafka::begin_function{[from = what.from.value_or(kafka::earliest{}),
                                                      ends](const kafka::topic_partition& which) {
                        return first_offset(from, ends, which.partition);
                      }},
                      // Handlers block while the reader of a pipe is slow, for example a pager.
                      .run_as = ottla::execution::detached,
                      .handle_within = std::chrono::milliseconds{0}};
  if (what.read_uncommitted)
    one.extra["isolation.level"] = "read_uncommitted";
  follower.consumers = {std::move(one)};
  return follower;
}

} // namespace

int run_follow(session& with, const consume_records& what) {
  interruption signals;
  const topic_reader reader{with, what.topic, what.partitions, what.read_uncommitted};
  const auto ends = signals.or_end([&] { return reader.ends(); });
  if (!ends)
    return static_cast<int>(with.faults.fail(ends.error()));
  const auto to
    = std::make_shared<consumer_output>(with.out, with.faults, with.common.output, what.show,
                                        start_filter{what.from.value_or(kafka::earliest{}), *ends});
  return run_consumer(with, what, follower_of(with, what, *ends, to), to, signals);
}

} // namespace command
