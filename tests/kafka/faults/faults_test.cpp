// Broker errors and missing responses. The whole tree keeps working, and no message is lost.

#include "kafka/faults/cluster_faults.hpp"
#include "kafka/faults/injected_errors.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::size_t at_once = 16;

void check_all(const std::vector<disturbance>& all) {
  for (const auto& one : suffer(all, at_once)) {
    CAPTURE(one.failures);
    CHECK_MESSAGE(one.wrong == "", one.name);
    MESSAGE(one.name << ": " << one.handled << " handled, " << one.repeated << " again, in "
                     << one.generations << " generations");
  }
}

constexpr std::pair<request, std::string_view> requests_of_members[] = {
  {request::fetch, "Fetch"},
  {request::heartbeat, "Heartbeat"},
  {request::join_group, "JoinGroup"},
  {request::sync_group, "SyncGroup"},
  {request::offset_commit, "OffsetCommit"},
  {request::offset_fetch, "OffsetFetch"},
  {request::find_coordinator, "FindCoordinator"},
  {request::list_offsets, "ListOffsets"},
};

} // namespace

TEST_SUITE("faults" * doctest::timeout(600)) {
  TEST_CASE("a group resumes and loses no message after one error of each class") {
    std::vector<disturbance> all;
    for (const auto& each : error_classes())
      all.push_back(injected(each, each.alike.front()));
    check_all(all);
  }

  TEST_CASE("a group resumes and loses no message after brokers, leaders and coordinators moved or "
            "went down") {
    check_all(cluster_faults());
  }
}

TEST_SUITE("all faults" * doctest::skip() * doctest::timeout(1800)) {
  TEST_CASE("a group resumes and loses no message after each error that a broker may return") {
    std::vector<disturbance> all;
    for (const auto& each : error_classes())
      for (std::size_t i = 1; i < each.alike.size(); ++i)
        all.push_back(injected(each, each.alike[i]));
    check_all(all);
  }

  TEST_CASE(
    "a group resumes and loses no message after a connection was closed at each kind of request") {
    std::vector<disturbance> all;
    for (const auto& [which, name] : requests_of_members)
      all.push_back(disconnected(which, name));
    check_all(all);
  }
}
