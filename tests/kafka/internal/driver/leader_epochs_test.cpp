#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

namespace {

const topic_partition zero{"t", 0};
const topic_partition one{"t", 1};
constexpr auto unknown = leader_epochs::unknown;

struct noted : leader_epochs {
  noted() {
    note(zero, 9, 2);
    note(zero, 20, 5);
  }
};

} // namespace

TEST_SUITE("leader_epochs") {
  TEST_CASE_FIXTURE(
    noted, "an epoch applies from its first record up to the first record of the next epoch") {
    CHECK(before(zero, 9) == unknown);
    CHECK(before(zero, 10) == 2);
    CHECK(before(zero, 20) == 2);
    CHECK(before(zero, 21) == 5);
    CHECK(before(zero, 1'000) == 5);
    CHECK(before(one, 10) == unknown);
  }

  TEST_CASE_FIXTURE(noted,
                    "a later note overrides earlier notes for all records from its offset on") {
    note(zero, 15, 3);
    CHECK(before(zero, 15) == 2);
    CHECK(before(zero, 16) == 3);
    CHECK(before(zero, 21) == 3);
    note(zero, 15, 4);
    CHECK(before(zero, 16) == 4);
  }

  TEST_CASE_FIXTURE(noted, "an unknown epoch is not noted") {
    note(zero, 15, unknown);
    CHECK(before(zero, 21) == 5);
  }

  TEST_CASE_FIXTURE(noted, "a forgotten partition has no epochs") {
    note(one, 0, 1);
    forget(zero);
    CHECK(before(zero, 21) == unknown);
    CHECK(before(one, 1) == 1);
  }

  TEST_CASE_FIXTURE(noted, "a record may be lost if its epoch is not the newest of its partition") {
    CHECK(may_be_lost(zero, 10));
    CHECK_FALSE(may_be_lost(zero, 21));
    CHECK_FALSE(may_be_lost(zero, 9));
    CHECK_FALSE(may_be_lost(one, 10));
  }

  TEST_CASE_FIXTURE(noted, "a lost record is recognized by its offset and epoch") {
    lost(zero, 10);
    forget(zero);
    CHECK(is_lost(zero, 10, 2));
    CHECK_FALSE(is_lost(zero, 10, 6));
    CHECK_FALSE(is_lost(zero, 11, 2));
    CHECK_FALSE(is_lost(one, 10, 2));
  }

  TEST_CASE_FIXTURE(noted, "a record with an unknown epoch is never recognized as lost") {
    lost(one, 10);
    CHECK_FALSE(is_lost(one, 10, unknown));
  }

  TEST_CASE("a partition with many leaders keeps the newest epochs") {
    leader_epochs many;
    for (std::int32_t epoch = 0; epoch < 1'000; ++epoch)
      many.note(zero, epoch * 10, epoch);
    CHECK(many.before(zero, 9'991) == 999);
    CHECK(many.before(zero, 9'990) == 998);
    CHECK(many.before(zero, 10) == unknown);
  }
}
