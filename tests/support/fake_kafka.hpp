#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include "fake_admin.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// A fake of Kafka, for one thread and virtual time. The test plays the broker. The test offers and
// revokes partitions, appends messages, and decides how requests are answered. fake_kafka::asked
// records requests of the tree as lines.

namespace ottla::kafka::test {

/// How the fake answers one kind of request.
struct reply {
  enum class kind { answer, fail, withhold };
  kind what = kind::answer;
  error why = {};

  static reply withheld() { return {kind::withhold, {}}; }
  static reply failing(errc code, std::string text = "no luck") {
    return {kind::fail, {.code = code, .retriable = true, .text = std::move(text)}};
  }
};

struct fake_log {
  struct entry {
    std::int64_t offset;
    std::string value;
  };
  std::deque<entry> entries;
  std::int64_t end = 0;
  std::optional<error> failed;
  /// A seek does not clear `failed`.
  bool fails_for_ever = false;
};

class fake_queue;
class fake_consumer;
class fake_producer;

inline std::string to_text(std::span<const position> positions) {
  std::string text;
  for (const auto& one : positions)
    text += ' ' + to_string(one.at) + '@' + std::to_string(one.offset);
  return text;
}

inline std::string to_text(std::span<const topic_partition> partitions) {
  std::string text;
  for (const auto& one : partitions)
    text += ' ' + to_string(one);
  return text;
}

/// The cluster, its logs and its group. Handles keep this object alive.
struct fake_kafka : std::enable_shared_from_this<fake_kafka> {
  /// Fails the test if the tree violated a rule of the seam.
  ~fake_kafka() { CHECK(violations_ == ""); }

  // -- what the tree has done

  std::vector<std::string> asked;
  /// Number of opened consumers, and the settings of the last one.
  std::size_t joins = 0;
  consumer_handle_settings opened_with;
  /// Number of batches of messages that still exist.
  std::size_t batches_alive = 0;
  /// The group's committed offsets.
  std::map<topic_partition, std::int64_t> group;
  /// Number of answered heartbeats.
  std::uint64_t heartbeats = 0;
  fake_consumer* member = nullptr;
  fake_producer* sender = nullptr;
  std::map<topic_partition, fake_queue*> queues;

  // -- how requests are answered from now on

  reply opens;
  reply commits;
  reply resolves;
  reply closes;
  reply abandons;
  bool joining = true;        ///< consumer_handle::is_joining() while nothing is assigned
  bool joining_again = false; ///< consumer_handle::is_joining() while partitions are assigned
  bool hears = true;          ///< the group's coordinator answers heartbeats
  reply describes;
  /// Number of partitions by topic. Other topics have two partitions. A topic with 0 partitions
  /// does not exist.
  std::map<std::string, std::int32_t> partitions;
  std::size_t descriptions = 0;
  driver::topics_receiver last_description;
  /// Result of driver::view_brokers(). By default, brokers answer all the time.
  broker_view view = {.silent_for = std::chrono::milliseconds{0}};
  /// How driver::ask_brokers() is answered.
  reply answers;
  driver::brokers_receiver last_question;
  std::size_t questions = 0;
  std::size_t ends_of_asking = 0;
  /// How driver::administer() is carried out. `fail` has no meaning here.
  reply administers;
  fake_admin admin;
  struct admin_call {
    std::chrono::milliseconds within;
    std::stop_token stop;
    driver::admin_work work;
  };
  /// Withheld calls of driver::administer().
  std::vector<admin_call> admin_calls;
  /// How driver::look_up() is carried out. `fail` has no meaning here; `resolves` makes look-ups
  /// fail.
  reply look_ups;
  std::vector<driver::lookup_work> withheld_look_ups;
  /// Maximum number of records that a producer holds.
  std::size_t producer_room = 1'000'000;

  /// Returns the requests since the last call, as in `subscribe t, resolve t/0`.
  std::string happened() {
    std::string text;
    for (const auto& line : std::exchange(asked, {}))
      text += (text.empty() ? "" : ", ") + line;
    return text;
  }

  /// Records that the tree violated a rule of the seam. happened() does not clear violations.
  void violated(const std::string& rule) {
    asked.push_back("WRONG: " + rule);
    violations_ += (violations_.empty() ? "" : ", ") + rule;
  }

  // -- the test's calls in the role of the broker, some of them defined in fake_driver.hpp

  /// Offers these partitions to the member. With the cooperative protocol, the member keeps its
  /// earlier partitions. Returns the offer's token.
  token offer(std::vector<topic_partition> partitions);
  token take_back(std::vector<topic_partition> partitions, bool lost = false);
  /// Appends `count` messages. Each value is the message's offset.
  void append(const topic_partition& to, int count);
  /// Appends `count` messages with values of `bytes_each` bytes.
  void append_sized(const topic_partition& to, int count, std::size_t bytes_each);
  /// Adds `count` offsets without records, as after compaction. Does not wake the queue.
  void skip(const topic_partition& in, int count) { logs[in].end += count; }
  /// Like skip, and wakes the queue. Transaction markers leave such a gap at the log's end.
  void end_with_gap(const topic_partition& in, int count);
  void fail_partition(const topic_partition& which, error why);
  void push(const consumer_event& event);
  void answer_commit(token asked_with, std::vector<position> positions,
                     std::optional<error> failed);

  /// Runs the withheld calls of driver::look_up().
  void run_look_ups();

  token next_token() { return ++last_token_; }
  std::vector<topic_info> known_of(const std::vector<std::string>& topics) const {
    std::vector<topic_info> known;
    for (const auto& topic : topics) {
      const auto set = partitions.find(topic);
      const auto count = set == partitions.end() ? 2 : set->second;
      if (count > 0)
        known.push_back({topic, count});
    }
    return known;
  }
  std::int64_t begin_of(const topic_partition& which, const begin_offset& where) {
    if (const auto* number = std::get_if<at_offset>(&where))
      return number->offset;
    return std::holds_alternative<latest>(where) ? logs[which].end : log_start;
  }
  std::map<topic_partition, fake_log> logs;
  std::int32_t generation = 0;
  std::int64_t log_start = 0;

private:
  token last_token_ = 0;
  std::string violations_;
};

} // namespace ottla::kafka::test
