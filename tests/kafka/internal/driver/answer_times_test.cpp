#include <ottla/kafka/internal/driver/librdkafka/answer_times.hpp>
#include <ottla/kafka/internal/driver/librdkafka/request_kinds.hpp>

#include <doctest/doctest.h>

#include <chrono>

using namespace std::chrono_literals;
using namespace ottla::kafka;

TEST_SUITE("answer_times") {
  TEST_CASE("a fetch, produce or commit request may stay unanswered for the time of its setting") {
    const answer_times times{.fetch = 1ms, .produce = 2ms, .commit = 3ms};
    CHECK(times.of(request_kind::fetch) == 1ms);
    CHECK(times.of(request_kind::produce) == 2ms);
    CHECK(times.of(request_kind::offset_commit) == 3ms);
  }

  TEST_CASE(
    "a broker may wait for other members without limit before it answers a join or a sync") {
    CHECK(answer_times{}.of(request_kind::join_group) == std::nullopt);
    CHECK(answer_times{}.of(request_kind::sync_group) == std::nullopt);
  }

  TEST_CASE("requests other than fetch, produce, commit, join and sync have no waiting time at the "
            "broker") {
    using namespace request_kind;
    for (const auto kind : {metadata, heartbeat, leave_group, sasl_handshake, api_versions,
                            sasl_authenticate, std::int16_t{999}, std::int16_t{-1}})
      CHECK(answer_times{}.of(kind) == 0ms);
  }
}
