#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_handle.hpp>

#include "event_pump.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <thread>
#include <variant>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;

namespace {

/// A handle with connections to two brokers, of which the second goes down.
class lost_connection {
public:
  lost_connection() {
    for (const auto& each : partitions_)
      cluster_.move_leader(each.topic, each.partition, each.partition + 1);
    ask(false);
    cluster_.take_broker_down(2);
    const auto until = steady::now() + 10s;
    while (handle_.waiting_events() == 0 && steady::now() < until)
      std::this_thread::yield();
    REQUIRE(handle_.waiting_events() > 0);
  }

protected:
  topic_layout find_leaders() { return handle_.find_leaders(partitions_); }

  void ask(bool give_up) {
    if (layout_.leaders.empty())
      layout_ = find_leaders();
    std::vector<position> ends;
    for (const auto& each : partitions_)
      ends.push_back({each, RD_KAFKA_OFFSET_END});
    handle_.ask(layout_, std::array{ends}, [give_up] { return give_up; });
  }

  int waiting_events() const { return handle_.waiting_events(); }

private:
  const std::vector<topic_partition> partitions_{{"t", 0}, {"t", 1}};
  embedded_cluster cluster_{{.brokers = 2, .topics = {{"t", 2}}}};
  lookup_handle handle_{{.brokers = cluster_.brokers()}, quick("g"), "read_committed"};
  topic_layout layout_;
};

} // namespace

TEST_SUITE("lookup_handle" * doctest::timeout(60)) {
  TEST_CASE("a lookup_handle queues no log lines, and keeps the last failure of a connection") {
    lookup_handle alone{{.brokers = "127.0.0.1:1,127.0.0.1:2"}, quick("g"), "read_committed"};
    const topic_partition zero{"t", 0};
    const auto layout = alone.find_leaders(std::array{zero}, 300ms);
    CHECK(std::get<error>(layout.leaders.at(zero)).code == errc::unreachable);
    CHECK(alone.waiting_events() == 0);
    REQUIRE(alone.complaint().has_value());
    CHECK(alone.complaint()->text.find("127.0.0.1:") != std::string::npos);
  }

  TEST_CASE_FIXTURE(lost_connection,
                    "find_leaders drops events that arrived since the last request") {
    find_leaders();
    CHECK(waiting_events() == 0);
  }

  TEST_CASE_FIXTURE(lost_connection, "a query drops events that arrived since the last request") {
    ask(true);
    CHECK(waiting_events() == 0);
  }
}
