#include <ottla/kafka/internal/driver/librdkafka/reserved_keys.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("reserved_keys") {
  TEST_CASE("a key that a field of the settings sets is reserved, and the reason names the field") {
    CHECK(why_reserved("bootstrap.servers") == "set connection.brokers");
    CHECK(why_reserved("metadata.broker.list") == why_reserved("bootstrap.servers"));
    CHECK(why_reserved("session.timeout.ms") == "set group_consumer.session_timeout");
    CHECK(why_reserved("delivery.timeout.ms") == why_reserved("message.timeout.ms"));
    CHECK(why_reserved("linger.ms") == why_reserved("queue.buffering.max.ms"));
  }

  TEST_CASE("no user can set the keys that would commit unacknowledged offsets") {
    for (const auto* key : {"enable.auto.commit", "auto.commit.enable", "enable.auto.offset.store",
                            "offset.store.method"})
      CHECK(why_reserved(key) == "ottla commits only acknowledged offsets");
  }

  TEST_CASE("the first and the last key of the list are reserved") {
    CHECK(is_reserved_by_name("auto.commit.enable"));
    CHECK(is_reserved_by_name("transactional.id"));
  }

  TEST_CASE("keys that a user may set are not reserved") {
    for (const auto* key : {"security.protocol", "isolation.level", "client.rack", "debug", "",
                            "group", "group.id.x", "aaa", "zzz", "GROUP.ID"}) {
      CHECK_FALSE(why_reserved(key));
      CHECK_FALSE(is_reserved_by_name(key));
    }
  }

  TEST_CASE("keys of other clients and of callbacks are reserved by their first or last word, "
            "since the rest may be a secret") {
    for (const auto* key : {"go.hunter2", "dotnet.x", "hunter2_cb", "rebalance_cb"}) {
      CHECK(why_reserved(key));
      CHECK_FALSE(is_reserved_by_name(key));
    }
    CHECK_FALSE(why_reserved("google.x"));
    CHECK_FALSE(why_reserved("x_cbx"));
  }
}
