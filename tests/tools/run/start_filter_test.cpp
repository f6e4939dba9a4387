#include "run/consumer_output.hpp"
#include "run/start_filter.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace command;
using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

struct timestamped : kafka::batch_memory {
  std::chrono::system_clock::time_point when = {};

  std::optional<std::chrono::system_clock::time_point>
  timestamp(const kafka::message&) const override {
    return when;
  }
  std::vector<kafka::header> headers(const kafka::message&) const override { return {}; }
};

kafka::message at(std::int64_t offset, const timestamped& memory) {
  return {offset, "", "", &memory, nullptr};
}

const partition_offsets ends{{0, 10}, {1, 5}};
const kafka::topic_partition zero{"orders", 0};
const kafka::topic_partition one{"orders", 1};
const kafka::topic_partition newer{"orders", 2};

std::int64_t begin_of(const start_offset& from, std::int32_t partition) {
  const auto begin = first_offset(from, ends, partition);
  REQUIRE(std::holds_alternative<kafka::at_offset>(begin));
  return std::get<kafka::at_offset>(begin).offset;
}

} // namespace

TEST_SUITE("command: start_filter") {
  TEST_CASE("a consumer begins at the end of a log that does not reach the offset") {
    CHECK(begin_of(kafka::at_offset{7}, 0) == 7);
    CHECK(begin_of(kafka::at_offset{7}, 1) == 5);
    CHECK(begin_of(kafka::latest{}, 1) == 5);
    CHECK(begin_of(before_end{3}, 0) == 7);
    CHECK(begin_of(before_end{30}, 0) == 0);
    CHECK(std::holds_alternative<kafka::earliest>(first_offset(kafka::earliest{}, ends, 0)));
    CHECK(std::holds_alternative<kafka::since>(first_offset(kafka::since{}, ends, 0)));
  }

  TEST_CASE("a partition that is created later begins at its first record") {
    CHECK(std::holds_alternative<kafka::earliest>(first_offset(kafka::at_offset{7}, ends, 2)));
    CHECK(std::holds_alternative<kafka::earliest>(first_offset(kafka::latest{}, ends, 2)));
    CHECK(std::holds_alternative<kafka::earliest>(first_offset(kafka::since{}, ends, 2)));
  }

  TEST_CASE("records before an offset are dropped, in each partition until the offset") {
    const timestamped memory;
    start_filter filter{kafka::at_offset{7}, ends};
    CHECK(filter.admits(at(7, memory), zero));
    CHECK_FALSE(filter.admits(at(5, memory), one));
    CHECK_FALSE(filter.admits(at(6, memory), one));
    CHECK(filter.admits(at(0, memory), newer));
    CHECK(filter.admits(at(9, memory), one));
    // The topic was created again.
    CHECK(filter.admits(at(0, memory), one));
  }

  TEST_CASE("records before a time are dropped until the first record of that time") {
    timestamped memory;
    const std::chrono::system_clock::time_point noon{12h};
    start_filter filter{kafka::since{noon}, ends};
    memory.when = noon - 1ms;
    CHECK_FALSE(filter.admits(at(5, memory), one));
    CHECK(filter.admits(at(0, memory), newer));
    memory.when = noon;
    CHECK(filter.admits(at(6, memory), one));
    memory.when = noon - 1ms;
    CHECK(filter.admits(at(7, memory), one));
  }

  TEST_CASE("other beginnings drop nothing") {
    const timestamped memory;
    CHECK(start_filter{}.admits(at(0, memory), zero));
    CHECK(start_filter{before_end{1}, ends}.admits(at(0, memory), zero));
    CHECK(start_filter{kafka::latest{}, ends}.admits(at(0, memory), zero));
  }
}

TEST_SUITE("command: consumer_output") {
  TEST_CASE(
    "a member without partitions is known after its first assignment, and not in a rebalance") {
    output out{-1};
    reporter faults{output_format::text, false};
    consumer_output to{out, faults, output_format::text, {}};
    const auto has_none = [&](std::chrono::milliseconds settles_within) {
      return to.now().has_no_partitions(std::chrono::steady_clock::now(), settles_within);
    };
    CHECK_FALSE(has_none(0ms));
    to.assigned(1, {});
    CHECK(has_none(0ms));
    CHECK_FALSE(has_none(1h));
    to.assigned(2, std::vector{zero, one});
    CHECK_FALSE(has_none(0ms));
    to.revoked(std::vector{zero, one}, false);
    CHECK_FALSE(has_none(0ms));
    to.assigned(3, {});
    CHECK(has_none(0ms));
    to.assigned(4, std::vector{zero});
    to.assigned(4, {});
    CHECK(to.now().partitions == 1);
  }
}
