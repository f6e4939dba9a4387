#include <ottla/kafka/internal/driver/librdkafka/fetch_watch.hpp>

#include "event_pump.hpp"

#include <thread>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::size_t kib = 1024;

/// One response fills a queue, and there is little memory to lend.
constexpr fetch_memory tight{
  .queue_bytes = 64 * kib, .part_bytes = 64 * kib, .shared_bytes = 512 * kib};

struct four_partitions {
  embedded_cluster cluster{{.topics = {{"t", 4}}}};
  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = cluster.brokers()});

  /// Stores `batches` batches of 80 KB.
  void fill(std::int32_t partition, std::size_t batches) const {
    for (std::size_t batch = 0; batch < batches; ++batch) {
      std::vector<record> some;
      for (std::size_t index = 0; index < in_a_batch; ++index)
        some.push_back({.key = std::nullopt, .value = value(batch * in_a_batch + index)});
      store(*kafka, "t", some, partition);
    }
  }

  static std::string value(std::size_t number) {
    return std::to_string(number) + std::string(8'000, 'v');
  }

  static std::vector<std::string> values(std::size_t batches) {
    std::vector<std::string> all;
    for (std::size_t number = 0; number < batches * in_a_batch; ++number)
      all.push_back(value(number));
    return all;
  }

  static constexpr std::size_t in_a_batch = 10;
};

/// The queue of `partition` in `all`. `in_order` has the partition of each queue.
partition_queue& of(const queues& all, const std::vector<topic_partition>& in_order,
                    std::int32_t partition) {
  const auto found = std::ranges::find(in_order, partition, &topic_partition::partition);
  return *all.at(static_cast<std::size_t>(found - in_order.begin()));
}

} // namespace

TEST_SUITE("fetch_pool" * doctest::timeout(120)) {
  // Fetch requests leave out a partition whose queue is full, and wait for the quiet partitions.
  TEST_CASE_FIXTURE(four_partitions,
                    "the backlog of one partition does not wait for quiet partitions") {
    constexpr std::size_t batches = 40;
    fill(2, batches);
    auto settings = quick("g");
    settings.fetch_wait = 1s;
    settings.memory = tight;
    member reader{kafka->open_consumer(settings)};
    reader->subscribe(std::vector<std::string>{"t"});
    const auto offer = reader.expect<assigned>();
    const auto all = reader->assign(offer.answer, all_at(offer.partitions, 0));
    CHECK(read(of(all, offer.partitions, 2), batches * in_a_batch, 10s) == values(batches));
  }

  TEST_CASE_FIXTURE(four_partitions, "a partition without takes does not block other partitions") {
    constexpr std::size_t batches = 40;
    fill(0, batches);
    fill(1, batches);
    auto settings = quick("g");
    settings.memory = tight;
    member reader{kafka->open_consumer(settings)};
    reader->subscribe(std::vector<std::string>{"t"});
    const auto offer = reader.expect<assigned>();
    const auto all = reader->assign(offer.answer, all_at(offer.partitions, 0));
    CHECK(read(of(all, offer.partitions, 1), batches * in_a_batch) == values(batches));

    SUBCASE("a late take gets all messages of the partition") {
      CHECK(read(of(all, offer.partitions, 0), batches * in_a_batch) == values(batches));
    }

    SUBCASE("a seek in the full partition resumes at the requested offset") {
      auto& held_up = of(all, offer.partitions, 0);
      held_up.seek(390);
      const auto last = read(held_up, 10);
      REQUIRE(last.size() == 10);
      CHECK(last.front() == value(390));
      CHECK(last.back() == value(399));
    }

    SUBCASE("the next owner of the partition does not get messages that the former owner fetched") {
      leave(reader);
      member next{kafka->open_consumer(quick("g"))};
      next->subscribe(std::vector<std::string>{"t"});
      const auto again = next.expect<assigned>();
      const auto queues = next->assign(again.answer, all_at(again.partitions, 395));
      const auto rest = read(of(queues, again.partitions, 0), 5);
      REQUIRE(rest.size() == 5);
      CHECK(rest.front() == value(395));
    }
  }

  TEST_CASE_FIXTURE(four_partitions,
                    "the messages of partitions that are taken in turn stay in order") {
    constexpr std::size_t batches = 20;
    for (const std::int32_t partition : {0, 1, 2, 3})
      fill(partition, batches);
    auto settings = quick("g");
    settings.memory = tight;
    member reader{kafka->open_consumer(settings)};
    const auto all = join(reader, "t");
    std::vector<std::vector<std::string>> got(all.size());
    const auto until = steady::now() + 15s;
    for (bool done = false; !done && steady::now() < until;) {
      done = true;
      for (std::size_t index = 0; index < all.size(); ++index) {
        const auto left = batches * in_a_batch - got[index].size();
        const auto some = all[index]->take(std::min<std::size_t>(left, 7));
        for (const auto& each : some.messages)
          got[index].emplace_back(each.value());
        done = done && got[index].size() == batches * in_a_batch;
      }
    }
    for (const auto& each : got)
      CHECK(each == values(batches));
  }
}

TEST_SUITE("fetch_pool: fetch_watch" * doctest::timeout(120)) {
  TEST_CASE("a broker is idle between a response and the next request") {
    fetch_watch fetches;
    CHECK(fetches.idle_brokers().empty());
    fetches.answered(1);
    CHECK(fetches.idle_brokers().empty());
    fetches.sent(1);
    fetches.sent(2);
    CHECK(fetches.idle_brokers().empty());
    fetches.answered(1);
    CHECK(fetches.idle_brokers() == std::vector<std::int32_t>{1});
    fetches.sent(1);
    CHECK(fetches.idle_brokers().empty());
  }

  TEST_CASE("wait_for_requests returns when each broker has a pending request") {
    fetch_watch fetches;
    CHECK(fetches.wait_for_requests(0s));
    fetches.sent(1);
    fetches.sent(2);
    fetches.answered(1);
    fetches.answered(2);
    CHECK_FALSE(fetches.wait_for_requests(0s));
    fetches.sent(1);
    CHECK_FALSE(fetches.wait_for_requests(0s));
    const std::jthread other{[&] { fetches.sent(2); }};
    CHECK(fetches.wait_for_requests(30s));
  }

  TEST_CASE("thread_of returns the thread that sent the broker's last request") {
    fetch_watch fetches;
    CHECK(fetches.thread_of(1) == std::thread::id{});
    fetches.sent(1);
    CHECK(fetches.thread_of(1) == std::this_thread::get_id());
  }
}
