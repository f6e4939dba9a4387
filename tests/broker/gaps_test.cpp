// Logs with gaps that only a real broker makes: compacted records, control records and aborted
// messages. Gaps must not delay takes, acknowledgements or commits.

#include "broker/compacted_tail.hpp"
#include "broker/group_application.hpp"
#include "kafka/internal/driver/raw_producer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <numeric>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

std::vector<std::int64_t> offsets_of(const deliveries& seen, const topic_partition& where) {
  std::vector<std::int64_t> all;
  for (const auto& [offset, count] : seen.of(where)) {
    CHECK(count == 1);
    all.push_back(offset);
  }
  return all;
}

/// A consumer whose window is narrower than the gaps.
group_consumer narrow_consumer(const std::string& topic, const std::shared_ptr<deliveries>& into) {
  auto how = quick_consumer(topic, into);
  how.batch_size = 5;
  how.max_unacknowledged = 5;
  return how;
}

} // namespace

TEST_SUITE("logs with gaps on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE(
    "a group handles all remaining messages of a compacted topic and commits up to the log's end") {
    const auto topic = fresh_name("compacted");
    make_topic(brokers(), topic,
               {{"cleanup.policy", "compact"},
                {"segment.ms", "100"},
                {"min.cleanable.dirty.ratio", "0.01"},
                {"max.compaction.lag.ms", "100"}});
    constexpr int keys = 10;
    constexpr int messages = 1'000;
    raw_producer to{brokers()};
    for (int number = 0; number < messages; ++number) {
      to.send(topic, std::to_string(number), std::to_string(number % keys));
      if (number % 100 == 99)
        to.flush();
    }
    // The cleaner skips the newest segment. A message that is sent 100 ms later begins a new
    // segment.
    std::vector<std::int64_t> left;
    std::int64_t end = messages;
    const auto until = steady::now() + 60s;
    do {
      to.send(topic, "rolls", "rolls");
      to.flush();
      ++end;
      left = offsets_shown(brokers(), topic);
    } while (left.size() > messages / 2 && steady::now() < until);
    REQUIRE(left.size() <= messages / 2);

    const topic_partition where{topic, 0};
    const auto seen = std::make_shared<deliveries>();
    application app{member_of(narrow_consumer(topic, seen), seen)};
    CHECK(seen->wait_for_commit(where, end));
    CHECK(app.stop());
    // The cleaner may have removed more messages during the wait, but not the last of each key.
    const auto handled = offsets_of(*seen, where);
    CHECK(handled.size() <= left.size());
    CHECK(handled.size() > keys);
    for (int key = 0; key < keys; ++key)
      CHECK(std::ranges::count(handled, messages - keys + key) == 1);
    CHECK(handled.back() == end - 1);
    CHECK(standing(topic, {where}).front().offset == end);
    MESSAGE("the log had " << end << " messages, the cleaner kept " << left.size()
                           << ", the group handled " << handled.size());
  }

  // A broker never cleans the newest segment of a log. So the last two offsets belong to an aborted
  // message and its marker, and the compacted offsets are before them.
  TEST_CASE("a group commits up to the log's end if the last messages were compacted away") {
    const auto [topic, kept, erased, end] = make_compacted_tail();
    std::vector<std::int64_t> wanted(static_cast<std::size_t>(kept));
    std::iota(wanted.begin(), wanted.end(), 0);
    REQUIRE(offsets_shown(brokers(), topic) == wanted);

    const topic_partition where{topic, 0};
    const auto seen = std::make_shared<deliveries>();
    application app{member_of(narrow_consumer(topic, seen), seen)};
    CHECK(seen->wait_for_commit(where, end));
    CHECK(offsets_of(*seen, where) == wanted);
    const auto stands = standing(topic, {where}).front();
    CHECK(stands.log_end == end);
    CHECK(stands.offset == end);

    // A group that begins within the compacted offsets also commits up to the log's end.
    auto inside = narrow_consumer(topic, seen);
    inside.group = topic + "-inside";
    commit_as(brokers(), inside.group, topic, kept + erased);
    const auto seen_inside = std::make_shared<deliveries>();
    inside.handler = handler<noting_handler>(seen_inside);
    application other{member_of(inside, seen_inside)};
    CHECK(seen_inside->wait_for_commit(where, end));
    CHECK(seen_inside->total() == 0);

    // Both members take the next message.
    raw_producer to{brokers()};
    to.send(topic, "behind", "behind");
    to.flush();
    for (const auto& each : {seen, seen_inside}) {
      CHECK(each->wait_for_commit(where, end + 1));
      CHECK(each->of(where).contains(end));
      CHECK(each->failures().empty());
    }
    CHECK(seen_inside->total() == 1);
    CHECK(other.stop());
    CHECK(app.stop());
  }

  TEST_CASE("aborted messages are not handled, and control records do not block commits") {
    const auto topic = fresh_topic("transactions", 1);
    const topic_partition where{topic, 0};
    raw_producer to{brokers(), topic};
    std::vector<std::int64_t> wanted;
    std::int64_t offset = 0;
    const auto transaction = [&](int count, bool keep) {
      to.begin();
      for (int i = 0; i < count; ++i) {
        to.send(topic, keep ? "kept" : "aborted");
        if (keep)
          wanted.push_back(offset);
        ++offset;
      }
      to.flush();
      if (keep)
        to.commit();
      else
        to.abort();
      ++offset; // the control record
    };
    for (int round = 0; round < 20; ++round) {
      transaction(3, true);
      transaction(30, false);
      transaction(1, true);
    }
    const auto seen = std::make_shared<deliveries>();
    application app{member_of(narrow_consumer(topic, seen), seen)};
    REQUIRE(seen->wait_for_commit(where, offset));
    CHECK(offsets_of(*seen, where) == wanted);

    // Messages after aborted messages at the end of the log are handled, too.
    transaction(30, false);
    transaction(2, true);
    CHECK(seen->wait_for_commit(where, offset));
    CHECK(app.stop());
    CHECK(offsets_of(*seen, where) == wanted);
    const auto stands = standing(topic, {where}).front();
    CHECK(stands.log_end == offset);
    CHECK(stands.offset == offset);
    CHECK(seen->failures().empty());
  }

  TEST_CASE(
    "messages after the start of an open transaction are handled when the transaction ends") {
    const auto topic = fresh_topic("open-transaction", 1);
    const topic_partition where{topic, 0};
    raw_producer first{brokers(), topic + "-first"};
    raw_producer second{brokers(), topic + "-second"};
    const auto seen = std::make_shared<deliveries>();
    application app{member_of(quick_consumer(topic, seen), seen)};
    REQUIRE(seen->wait_to_hold(1));
    first.begin();
    first.send(topic, "first");
    first.flush();
    second.begin();
    second.send(topic, "second");
    second.flush();
    second.commit();
    first.send(topic, "first again");
    first.flush();
    // No message after the start of an open transaction is visible, not even a committed one.
    CHECK(offsets_shown(brokers(), topic).empty());
    CHECK(seen->total() == 0);
    first.commit();
    CHECK(seen->wait_for_total(3));
    // Three messages and two control records.
    CHECK(seen->wait_for_commit(where, 5));
    CHECK(app.stop());
    CHECK(seen->distinct() == 3);
    CHECK(standing(topic, {where}).front().offset == 5);
  }
}
