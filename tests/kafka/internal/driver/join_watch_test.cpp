#include <ottla/kafka/internal/driver/librdkafka/join_watch.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("join_watch") {
  TEST_CASE(
    "a member is joining from its first JoinGroup request until end(), even after responses") {
    join_watch watch;
    CHECK_FALSE(watch.is_joining());
    watch.join_sent();
    watch.join_answered();
    watch.sync_sent();
    watch.join_answered();
    CHECK(watch.is_joining());
    watch.end();
    CHECK_FALSE(watch.is_joining());
  }

  TEST_CASE("expect() marks the member as joining and counts no JoinGroup request") {
    join_watch watch;
    watch.expect();
    CHECK(watch.is_joining());
    CHECK_FALSE(watch.is_asking());
    CHECK(watch.sent() == 0);
  }

  TEST_CASE("a SyncGroup request is pending at a broker and does not mark the member as joining") {
    join_watch watch;
    watch.sync_sent();
    CHECK(watch.is_asking());
    CHECK_FALSE(watch.is_joining());
    CHECK(watch.sent() == 0);
    watch.join_answered();
    CHECK_FALSE(watch.is_asking());
  }

  TEST_CASE("end() does not end a request that is pending at a broker") {
    join_watch watch;
    watch.join_sent();
    watch.end();
    CHECK(watch.is_asking());
    CHECK(watch.sent() == 1);
  }

  TEST_CASE("each answered heartbeat and metadata request counts as a cause to join") {
    join_watch watch;
    watch.heartbeat_answered();
    watch.metadata_answered();
    watch.metadata_answered();
    CHECK(watch.heartbeats_answered() == 1);
    CHECK(watch.causes_to_join() == 3);
    CHECK_FALSE(watch.is_joining());
  }

  TEST_CASE("only a LeaveGroup request rings the bell") {
    join_watch watch;
    int rings = 0;
    watch.bell().connect([&] { ++rings; });
    watch.join_sent();
    watch.sync_sent();
    watch.join_answered();
    watch.heartbeat_answered();
    watch.metadata_answered();
    CHECK(rings == 0);
    watch.leave_sent();
    CHECK(rings == 1);
  }
}
