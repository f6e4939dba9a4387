#include <ottla/kafka/internal/producer/chunk_plan.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

using namespace ottla::kafka;

namespace {

std::vector<record> letters(char from, char to, bool with_key = false) {
  std::vector<record> result;
  for (auto letter = from; letter <= to; ++letter)
    result.push_back({.key = with_key ? std::optional{std::string(1, letter)} : std::nullopt,
                      .value = std::string(1, letter)});
  return result;
}

template <class Records>
std::string values_of(const Records& all) {
  std::string result;
  for (const record& each : all)
    result += each.value.value_or("-");
  return result;
}

/// The chunks of a list, if all records are stored.
std::vector<std::string> chunks_of(std::vector<record> records, std::size_t chunk_bytes) {
  chunk_plan plan{std::move(records), chunk_bytes};
  std::vector<std::string> result;
  for (; !plan.is_over(); plan.answered({}))
    result.push_back(values_of(plan.chunk()));
  CHECK(plan.chunk().empty());
  return result;
}

const error broken{.code = errc::timed_out, .text = "no answer"};
const error other_error{.code = errc::other, .text = "something else"};

} // namespace

TEST_SUITE("chunk_plan") {
  using chunks = std::vector<std::string>;

  // Elsa's util_test.exs, chunk_by_byte_size.
  TEST_CASE("each chunk counts fewer bytes than chunk_bytes, at 10 bytes a record more") {
    CHECK(chunks_of(letters('a', 'z'), 100) == chunks{"abcdefghi", "jklmnopqr", "stuvwxyz"});
    CHECK(chunks_of(letters('a', 'z'), 99) == chunks{"abcdefgh", "ijklmnop", "qrstuvwx", "yz"});
  }

  TEST_CASE("keys count, and the names and values of headers") {
    CHECK(chunks_of(letters('a', 'z', true), 120) == chunks{"abcdefghi", "jklmnopqr", "stuvwxyz"});
    record one{.key = "key",
               .value = "value",
               .headers = {{"name", "text"}, {"name", ""}, {"null", std::nullopt}}};
    CHECK(chunk_plan::bytes_of(one) == 10 + 3 + 5 + 8 + 4 + 4);
    CHECK(chunk_plan::bytes_of(record{}) == 10);
  }

  TEST_CASE("an empty list is over at once, and all of it is stored") {
    chunk_plan plan{{}};
    CHECK(plan.is_over());
    CHECK(plan.chunk().empty());
    const auto outcome = std::move(plan).outcome();
    CHECK(outcome.stored == 0);
    CHECK_FALSE(outcome.why);
  }

  TEST_CASE("the next chunk follows only when the chunk before is stored") {
    chunk_plan plan{letters('a', 'c'), 12};
    CHECK(values_of(plan.chunk()) == "a");
    CHECK(values_of(plan.chunk()) == "a");
    plan.answered({});
    CHECK(values_of(plan.chunk()) == "b");
    plan.answered({});
    plan.answered({});
    CHECK(plan.is_over());
    const auto outcome = std::move(plan).outcome();
    CHECK(outcome.stored == 3);
    CHECK_FALSE(outcome.why);
    CHECK(outcome.not_stored.empty());
    CHECK(outcome.unknown.empty());
  }

  // Elsa's producer_test.exs, with the same 2,000 records.
  TEST_CASE("a failure returns exactly the records that were not stored, in order") {
    std::vector<record> records;
    for (std::size_t size = 1; size <= 2'000; ++size)
      records.push_back({.key = "", .value = std::string(size, 'x')});
    chunk_plan plan{std::move(records)};
    CHECK(plan.chunk().size() == 1331);
    plan.answered({});
    plan.refused(broken);
    CHECK(plan.is_over());
    CHECK(plan.chunk().empty());
    const auto outcome = std::move(plan).outcome();
    CHECK(to_string(outcome) == "1331 of 2000 records are stored, then: timed_out: no answer");
    REQUIRE(outcome.not_stored.size() == 2'000 - 1331);
    for (std::size_t index = 0; index < outcome.not_stored.size(); ++index)
      CHECK(outcome.not_stored[index].value->size() == 1332 + index);
    CHECK(outcome.unknown.empty());
  }

  TEST_CASE("a chunk that fails in part counts its stored records, and separates unknown ones") {
    chunk_plan plan{letters('a', 'f'), 45};
    CHECK(values_of(plan.chunk()) == "abcd");
    plan.answered({{.index = 2, .why = other_error},
                   {.index = 1, .why = broken, .may_be_stored = true},
                   {.index = 2, .why = broken}});
    CHECK(plan.is_over());
    const auto outcome = std::move(plan).outcome();
    CHECK(outcome.stored == 2);
    CHECK(outcome.why->code == errc::timed_out);
    CHECK(values_of(outcome.not_stored) == "cef");
    CHECK(values_of(outcome.unknown) == "b");
    CHECK(to_string(outcome)
          == "2 of 6 records are stored, the outcome of 1 is unknown, then: timed_out: no answer");
  }

  TEST_CASE("a chunk whose answers are all missing is unknown, and later records are not stored") {
    chunk_plan plan{letters('a', 'd'), 23};
    plan.answered({{.index = 0, .why = broken, .may_be_stored = true},
                   {.index = 1, .why = broken, .may_be_stored = true}});
    const auto outcome = std::move(plan).outcome();
    CHECK(outcome.stored == 0);
    CHECK(values_of(outcome.unknown) == "ab");
    CHECK(values_of(outcome.not_stored) == "cd");
  }

  TEST_CASE("a record that fits into no chunk is refused by its index, and nothing is sent") {
    auto records = letters('a', 'c');
    records[1].value = std::string(40, 'x');
    chunk_plan plan{records, 50};
    CHECK(plan.is_over());
    CHECK(plan.chunk().empty());
    const auto outcome = std::move(plan).outcome();
    CHECK(outcome.stored == 0);
    CHECK(outcome.why->code == errc::record_too_large);
    CHECK(outcome.why->text
          == "records[1] counts 50 bytes, and must count less than chunk_bytes, which is 50");
    CHECK(outcome.not_stored.size() == 3);
    // One byte less fits, alone in its chunk.
    records[1].value->pop_back();
    CHECK(chunks_of(records, 50) == chunks{"a", std::string(39, 'x'), "c"});
  }

  TEST_CASE("records without an answer count as not stored in the outcome") {
    chunk_plan plan{letters('a', 'c'), 12};
    plan.answered({});
    const auto outcome = std::move(plan).outcome();
    CHECK(outcome.stored == 1);
    CHECK_FALSE(outcome.why);
    CHECK(values_of(outcome.not_stored) == "bc");
  }

  TEST_CASE("the records of a chunk stay at their addresses until the outcome") {
    chunk_plan plan{letters('a', 'c'), 12};
    const auto* first = plan.chunk().data();
    plan.answered({});
    CHECK(plan.chunk().data() == first + 1);
    plan.refused(broken);
    CHECK(first->value == "a");
  }
}
