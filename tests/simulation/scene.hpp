#pragma once

#include <ottla/kafka/producer/produce.hpp>

#include "clockwork.hpp"
#include "conditions.hpp"
#include "invariants.hpp"
#include "random_source.hpp"
#include "support/tree.hpp"
#include "trace.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::simulation {

/// A produce request and its answer.
struct asked_produce {
  std::size_t member = 0;
  std::vector<std::string> values;
  std::shared_ptr<const ottla::test::inquiry<produced>> caller;
  /// Whether the request was answered before the application was stopped.
  bool over_before_stop = false;
};

/// The state that all parts of a simulated life share.
struct scene {
  scene(std::uint64_t seed, trace::wanted what)
    : random{seed}, how{draw_conditions(random)}, log{clock, what}, checks{log,
                                                                           clock,
                                                                           turns,
                                                                           how.max_unacknowledged,
                                                                           is_prompt(how),
                                                                           how.without_group} {}

  scene(const scene&) = delete;
  scene& operator=(const scene&) = delete;

  random_source random;
  conditions how;
  clockwork clock;
  trace log;
  /// Number of actors' turns.
  std::uint64_t turns = 0;
  invariants checks;
  /// Whether faults have ended.
  bool calm = false;
  /// Whether faults may prevent Kafka handles from opening. False until the application is up.
  bool up = false;

  /// Live objects: batches of messages, handlers and Kafka handles.
  std::size_t batches = 0;
  std::size_t handlers = 0;
  std::size_t consumers = 0;
  std::size_t producers = 0;

  /// Values of the records that brokers have stored, and every produce request.
  std::map<std::string, record_place> stored_records;
  std::vector<asked_produce> produces;

  /// Without a group: offsets that the members' programs have stored.
  std::map<std::pair<std::size_t, topic_partition>, std::int64_t> own_offsets;
  /// Without a group: partitions that were created while the member had the topic.
  std::set<std::pair<std::size_t, topic_partition>> newer;

  /// Appends a record to the simulated log of produced records, and returns its place.
  record_place store_record(const std::string& value) {
    const record_place where{0, static_cast<std::int64_t>(stored_records.size())};
    const auto [stored, is_new] = stored_records.emplace(value, where);
    checks.demand(is_new, "no record is stored twice", "{}", value);
    return stored->second;
  }

  /// True with a probability of `per_mille` in a thousand. False while the scene is calm.
  bool mishap(int per_mille) { return !calm && random.chance(per_mille); }

  moment within(std::int64_t least_ms, std::int64_t most_ms) {
    return moment{random.between(least_ms * 1'000, most_ms * 1'000)};
  }
  /// Advances virtual time in the middle of a handler, so that other actors run.
  std::function<void(moment)> pass;
  void be_slow() {
    // A slow handler resumes only after the slow handlers that began during its delay have
    // returned. Without the limit, no slow handler might ever return.
    if (slow_handlers_ == most_slow || clock.now() >= how.chaos || !mishap(how.slow_handlers))
      return;
    ++slow_handlers_;
    pass(within(1, how.slowest_handler.count()));
    --slow_handlers_;
  }

  /// Hangs in the destructor of a handler, for seconds longer than handle_within. False if the
  /// destructor returns at once.
  bool hang_at_end() {
    if (slow_handlers_ == most_slow || clock.now() >= how.chaos || !mishap(how.hanging_ends))
      return false;
    ++slow_handlers_;
    pass(moment{how.handle_within} + within(8'000, 10'000));
    --slow_handlers_;
    return true;
  }

  /// The latency of one request.
  moment latency() { return within(0, how.latency_ms); }

private:
  static constexpr int most_slow = 3;
  int slow_handlers_ = 0;
};

} // namespace ottla::kafka::simulation
