#include <ottla/kafka/internal/group/hook_ledger.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("hook_ledger") {
  const topic_partition zero{"t", 0};
  const topic_partition one{"t", 1};
  using partitions = std::vector<topic_partition>;

  TEST_CASE("has_seen() matches an assignment by partition and number") {
    hook_ledger ledger;
    CHECK_FALSE(ledger.has_seen(zero, 1));
    ledger.note_seen(zero, 1);
    CHECK(ledger.has_seen(zero, 1));
    CHECK_FALSE(ledger.has_seen(zero, 2));
    CHECK_FALSE(ledger.has_seen(one, 1));
  }

  TEST_CASE("take_ended returns each seen partition once") {
    hook_ledger ledger;
    ledger.note_seen(zero, 1);
    CHECK(ledger.take_ended(partitions{zero, one}) == partitions{zero});
    CHECK(ledger.take_ended(partitions{zero, one}).empty());
  }

  TEST_CASE("take_all_but returns the seen partitions whose number is not current") {
    hook_ledger ledger;
    ledger.note_seen(zero, 1);
    ledger.note_seen(one, 2);
    CHECK(ledger.take_all_but({2, 3}) == partitions{zero});
    CHECK(ledger.has_seen(one, 2));
    CHECK(ledger.take_all_but({}) == partitions{one});
  }
}
