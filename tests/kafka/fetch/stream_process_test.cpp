#include <ottla/actors/call.hpp>
#include <ottla/kafka/fetch/stream_process.hpp>
#include <ottla/supervision/application.hpp>

#include "fetched_topic.hpp"

#include <limits>
#include <utility>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;

namespace {

/// Reads Elsa's topic through the process "history".
struct read_by_process : fetched_topic {
  application app{
    {.id = "reader",
     .children = {stream_process{.name = "history", .cluster = at, .what = {.topic = "t"}}}}};

  /// An error of code `closed` if the process ends, or is just being replaced.
  next_part_request::answer part(std::optional<std::uint64_t> after, std::size_t most) {
    auto got = ottla::call<next_part_request::answer>(
      app.system(), app.find("history"), 30s, next_part_request{.after = after, .most = most});
    if (!got)
      return error{.code = errc::closed};
    return *got;
  }
};

} // namespace

TEST_SUITE("stream_process" * doctest::timeout(60)) {
  TEST_CASE_FIXTURE(read_by_process, "a process reads a topic part by part, each partition in "
                                     "order, up to the end") {
    std::vector<stored_record> all;
    for (std::uint64_t done = 0;; ++done) {
      const auto got = part(done, 4);
      REQUIRE(got);
      CHECK(got->number == done + 1);
      CHECK(got->messages.size() <= 4);
      if (got->is_end)
        break;
      for (const auto& each : got->messages)
        all.push_back(copy_of(each, got->messages.from()));
    }
    CHECK(values_of(sorted(all)) == values_between(1, 30));
  }

  TEST_CASE_FIXTURE(read_by_process, "a killed process is replaced, and nothing is lost") {
    std::vector<stored_record> all;
    bool was_killed = false;
    for (std::uint64_t done = 0;;) {
      if (done == 3 && !std::exchange(was_killed, true))
        kill(app.find("history").resolve());
      const auto got = part(done, 2);
      if (!got) {
        CHECK(got.error().code == errc::closed);
        continue;
      }
      if (got->is_end)
        break;
      for (const auto& each : got->messages)
        all.push_back(copy_of(each, got->messages.from()));
      done = got->number;
    }
    CHECK(values_of(sorted(all)) == values_between(1, 30));
  }

  TEST_CASE_FIXTURE(read_by_process, "a request may ask for as many messages as there are") {
    const auto got = part(std::nullopt, std::numeric_limits<std::size_t>::max());
    REQUIRE(got);
    CHECK(got->messages.size() > 0);
  }

  TEST_CASE("the settings of the cluster are checked") {
    const auto faults = validate(stream_process{.name = "history", .what = {.topic = "t"}});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0] == "stream \"history\": brokers must not be empty, got \"\"");
  }
}
