#include <ottla/actors/caf_messages.hpp>

#include <doctest/doctest.h>

using ottla::detail::shared_ids;

TEST_SUITE("message types") {
  TEST_CASE("adjacent blocks of message ids share no id") {
    CHECK(shared_ids({}) == "");
    CHECK(shared_ids({{.name = "shop", .first = 1000, .count = 2},
                      {.name = "till", .first = 1002, .count = 1}})
          == "");
  }

  TEST_CASE("a block that starts inside another block is reported with both names") {
    CHECK(
      shared_ids(
        {{.name = "shop", .first = 1000, .count = 3}, {.name = "till", .first = 1002, .count = 1}})
      == "ottla: two blocks of OTTLA_MESSAGES share the id 1002: \"shop\" has 1000 to 1002, and "
         "\"till\" starts at 1002");
  }

  TEST_CASE("two blocks of messages with the same first id are reported") {
    CHECK(shared_ids({{.name = "shop", .first = 1000, .count = 1},
                      {.name = "till", .first = 1000, .count = 1}})
          != "");
  }

  TEST_CASE("init_message_types can be called more than once") {
    CHECK_NOTHROW(ottla::init_message_types());
    CHECK_NOTHROW(ottla::init_message_types());
  }
}
