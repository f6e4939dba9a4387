#include <ottla/kafka/consumer/batch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace ottla::kafka;

namespace {

/// Notes the acknowledged ranges, as in `10-12`. The end is exclusive.
struct noting_sink : ack_sink {
  using ack_sink::ack_sink;
  void done(std::int64_t first, std::int64_t next) const override {
    noted += (noted.empty() ? "" : " ") + std::to_string(first) + '-' + std::to_string(next);
  }
  mutable std::string noted;
};

/// A batch of the offsets 10 to 19, of which the log has only 12, 13 and 17.
struct with_gaps {
  const topic_partition from{"t", 3};
  const std::vector<message> messages{{12, "a", "1", nullptr, nullptr},
                                      {13, "b", "2", nullptr, nullptr},
                                      {17, "c", "3", nullptr, nullptr}};
  std::shared_ptr<std::atomic<bool>> worker_ends = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<lease_progress> progress = std::make_shared<lease_progress>(worker_ends);
  std::shared_ptr<const noting_sink> noting = std::make_shared<const noting_sink>(progress);
  std::shared_ptr<const ack_sink> sink = noting;
  batch all{from, messages, 10, 20, sink};
};

} // namespace

TEST_SUITE("batch") {
  TEST_CASE_FIXTURE(with_gaps, "each message covers the log gap before it, and the last message "
                               "also covers the gap up to the end") {
    CHECK(all.first_of(0) == 10);
    CHECK(all.next_of(0) == 13);
    CHECK(all.first_of(1) == 13);
    CHECK(all.next_of(1) == 14);
    CHECK(all.first_of(2) == 14);
    CHECK(all.next_of(2) == 20);
  }

  TEST_CASE_FIXTURE(with_gaps, "ack handles of all messages cover the batch without overlap") {
    auto expected = all.ack_later().first();
    for (std::size_t index = 0; index < all.size(); ++index) {
      const auto handle = all.ack_later(index);
      CHECK(handle.first() == expected);
      expected = handle.next();
    }
    CHECK(expected == all.ack_later().next());
  }

  TEST_CASE_FIXTURE(with_gaps, "an ack handle acknowledges through the sink of the batch") {
    all.ack_later(1).ack();
    all.ack_later().ack();
    CHECK(noting->noted == "13-14 10-20");
  }

  TEST_CASE_FIXTURE(with_gaps, "an ack handle still acknowledges after the batch's sink is reset") {
    const auto handle = all.ack_later();
    sink = nullptr;
    handle.ack();
    CHECK(noting->noted == "10-20");
  }

  TEST_CASE_FIXTURE(with_gaps, "drain_requested() is true when the worker must end") {
    CHECK_FALSE(all.drain_requested());
    *worker_ends = true;
    CHECK(all.drain_requested());
  }

  TEST_CASE_FIXTURE(with_gaps, "drain_requested() is true when the lease has ended") {
    progress->end();
    CHECK(all.drain_requested());
  }

  TEST_CASE_FIXTURE(with_gaps, "a batch that a test constructs covers only its messages, requests "
                               "no drain, and ignores acknowledgements") {
    const batch plain{from, messages};
    CHECK(plain.first_of(0) == 12);
    CHECK(plain.next_of(2) == 18);
    CHECK_FALSE(plain.drain_requested());
    plain.ack_later().ack();
    plain.ack_later(1).ack_until(13);
    CHECK(plain.from() == from);
    CHECK(plain[1].key() == "b");
    CHECK(&plain.front() == &*plain.begin());
    CHECK(plain.end() - plain.begin() == 3);
  }
}
