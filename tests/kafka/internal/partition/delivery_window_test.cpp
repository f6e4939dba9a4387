#include <ottla/kafka/internal/partition/delivery_window.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace ottla::kafka;

namespace {

/// A batch of messages with the same value.
class made_batch final : public batch_memory {
public:
  made_batch(std::int64_t first, std::int64_t next) {
    for (auto offset = first; offset < next; ++offset)
      messages_.emplace_back(offset, std::string_view{}, value_, this, nullptr);
  }

  std::span<const message> messages() const { return messages_; }
  std::size_t bytes() const { return messages_.size() * value_.size(); }

  std::optional<std::chrono::system_clock::time_point> timestamp(const message&) const override {
    return std::nullopt;
  }
  std::vector<header> headers(const message&) const override { return {}; }

private:
  std::string value_ = std::string(44, 'x'); // 300 bytes with bytes_beside_message
  std::vector<message> messages_;
};

fetched batch(std::int64_t first, std::int64_t next) {
  auto made = std::make_shared<const made_batch>(first, next);
  return {.memory = made, .messages = made->messages(), .bytes = made->bytes()};
}

/// A share whose window is half of `bytes`.
constexpr memory_share share_of(std::size_t bytes) {
  return {.bytes = bytes,
          .fetching = {.queue_bytes = 0, .part_bytes = 0, .answer_bytes = 0, .shared_bytes = 0}};
}

/// A window with the batches [10, 15), [15, 20) and so on.
delivery_window with_batches(std::size_t count, std::size_t most_open = 100) {
  delivery_window window{10, most_open};
  for (std::size_t which = 0; which < count; ++which) {
    auto fresh = batch(window.taken(), window.taken() + 5);
    window.add(fresh);
  }
  return window;
}

} // namespace

TEST_SUITE("delivery_window") {
  TEST_CASE("a new window is empty and begins at its beginning") {
    delivery_window window{10, 100};
    CHECK(window.acknowledged() == 10);
    CHECK(window.taken() == 10);
    CHECK(window.unacknowledged() == 0);
    CHECK_FALSE(window.has_batch_to_redeliver());
    CHECK(window.room(50) == 50);
  }

  TEST_CASE("a batch covers the gap of the log before its first record") {
    delivery_window window{10, 100};
    auto fresh = batch(13, 15);
    window.add(fresh);
    CHECK(fresh.first == 10);
    CHECK(fresh.next == 15);
    CHECK(window.taken() == 15);
    CHECK(window.unacknowledged() == 5);
  }

  TEST_CASE("the acknowledged offset never falls and never exceeds the taken offset") {
    auto window = with_batches(1);
    CHECK_FALSE(window.acknowledge(10));
    CHECK(window.acknowledge(12));
    CHECK_FALSE(window.acknowledge(11));
    CHECK(window.acknowledged() == 12);
    CHECK(window.acknowledge(99));
    CHECK(window.acknowledged() == 15);
  }

  TEST_CASE("a window skips to the end of the log only if all its offsets are acknowledged") {
    auto window = with_batches(1);
    CHECK_FALSE(window.skip_to(20));
    window.acknowledge(15);
    CHECK_FALSE(window.skip_to(15));
    CHECK(window.skip_to(20));
    CHECK(window.acknowledged() == 20);
    CHECK(window.taken() == 20);
  }

  TEST_CASE("the number of open offsets limits the room") {
    auto window = with_batches(2, 12);
    CHECK(window.room(5) == 2);
    CHECK(window.has_room());
    auto fresh = batch(20, 22);
    window.add(fresh);
    CHECK(window.room(5) == 0);
    CHECK_FALSE(window.has_room());
    window.acknowledge(13);
    CHECK(window.room(5) == 3);
  }

  TEST_CASE("a number of open offsets beyond 63 bits means no limit") {
    const delivery_window window{0, std::numeric_limits<std::size_t>::max()};
    CHECK(window.room(1'000'000) == 1'000'000);
  }

  TEST_CASE("bytes limit the room after the first batch has shown the size of messages") {
    delivery_window window{10, 100};
    window.limit_bytes(share_of(6'000)); // ten messages
    CHECK(window.room(50) == 50);
    auto fresh = batch(10, 14);
    window.add(fresh);
    CHECK(window.room(50) == 6);
    fresh = batch(14, 20);
    window.add(fresh);
    CHECK(window.room(50) == 0);
    CHECK_FALSE(window.has_room());
  }

  TEST_CASE("an empty window has room for one message of any size") {
    auto window = with_batches(1);
    window.limit_bytes(share_of(1));
    CHECK(window.room(50) == 0);
    CHECK_FALSE(window.has_room());
    window.acknowledge(15);
    CHECK(window.has_room());
    window.take_out_done();
    CHECK(window.room(50) == 1);
  }

  TEST_CASE("a new lease takes all batches of the window again, in order") {
    auto window = with_batches(2);
    CHECK_FALSE(window.has_batch_to_redeliver());
    window.begin_lease();
    REQUIRE(window.has_batch_to_redeliver());
    CHECK(window.redeliver().first == 10);
    REQUIRE(window.has_batch_to_redeliver());
    const auto second = window.redeliver();
    CHECK(second.first == 15);
    CHECK(second.next == 20);
    CHECK(second.more);
    CHECK_FALSE(window.has_batch_to_redeliver());
  }

  TEST_CASE("a redelivered batch lacks its acknowledged messages") {
    auto window = with_batches(1);
    window.acknowledge(12);
    window.begin_lease();
    const auto again = window.redeliver();
    CHECK(again.first == 12);
    CHECK(again.next == 15);
    REQUIRE(again.messages.size() == 3);
    CHECK(again.messages.front().offset() == 12);
  }

  TEST_CASE("a lease does not take a fresh batch again") {
    auto window = with_batches(1);
    window.begin_lease();
    window.redeliver();
    auto fresh = batch(15, 20);
    window.add(fresh);
    CHECK_FALSE(window.has_batch_to_redeliver());
  }

  TEST_CASE("removed batches do not change which batches the lease takes next") {
    auto window = with_batches(3);
    window.begin_lease();
    window.redeliver();
    window.redeliver();
    window.acknowledge(15);
    CHECK(window.take_out_done().size() == 1);
    REQUIRE(window.has_batch_to_redeliver());
    CHECK(window.redeliver().first == 20);
    CHECK_FALSE(window.has_batch_to_redeliver());
  }

  TEST_CASE("a batch that is acknowledged before its lease takes it is not redelivered") {
    auto window = with_batches(2);
    window.begin_lease();
    window.acknowledge(15);
    CHECK(window.take_out_done().size() == 1);
    CHECK(window.redeliver().first == 15);
    CHECK_FALSE(window.has_batch_to_redeliver());
  }

  TEST_CASE("take_out_done() removes a batch after its last offset is acknowledged") {
    auto window = with_batches(2);
    window.acknowledge(14);
    CHECK(window.take_out_done().empty());
    window.acknowledge(16);
    CHECK(window.take_out_done().size() == 1);
    window.acknowledge(20);
    CHECK(window.take_out_done().size() == 1);
    CHECK(window.take_out_done().empty());
  }

  TEST_CASE("take_out_all() keeps the offsets") {
    auto window = with_batches(2);
    window.acknowledge(12);
    CHECK(window.take_out_all().size() == 2);
    CHECK(window.acknowledged() == 12);
    CHECK(window.taken() == 20);
    CHECK_FALSE(window.has_batch_to_redeliver());
  }

  TEST_CASE("a batch is copied at the second call, without its acknowledged messages") {
    auto window = with_batches(1);
    CHECK(window.copy_what_stays().empty());
    window.acknowledge(12);
    const auto originals = window.copy_what_stays();
    REQUIRE(originals.size() == 1);
    CHECK(window.copy_what_stays().empty());
    window.begin_lease();
    const auto again = window.redeliver();
    CHECK(again.memory != originals.front());
    REQUIRE(again.messages.size() == 3);
    CHECK(again.messages.front().offset() == 12);
    CHECK(again.messages.front().value().size() == 44);
  }

  TEST_CASE("one call copies batches until an eighth of the window is copied") {
    auto window = with_batches(4);
    window.limit_bytes(share_of(32'000)); // an eighth of the window is 2,000 bytes
    window.copy_what_stays();
    CHECK(window.copy_what_stays().size() == 2);
    CHECK(window.copy_what_stays().size() == 2);
    CHECK(window.copy_what_stays().empty());
  }
}
