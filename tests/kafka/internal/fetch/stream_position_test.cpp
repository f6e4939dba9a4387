#include <ottla/kafka/internal/fetch/stream_position.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

namespace {

/// A stream of partition t/0 from offset 10 to offset 100.
struct positioned {
  stream_position position;

  stream_part offer(std::int64_t next, bool is_end = false) {
    return position.offer(
      {.is_end = is_end, .progress = {{.at = {"t", 0}, .first = 10, .end = 100, .next = next}}});
  }
  bool reads_on(std::optional<std::uint64_t> after) {
    return std::holds_alternative<stream_position::read_on>(position.decide(after));
  }
  /// The number of the part that is repeated, or 0.
  std::uint64_t repeats(std::optional<std::uint64_t> after) {
    const auto reply = position.decide(after);
    const auto* part = std::get_if<stream_part>(&reply);
    return part == nullptr ? 0 : part->number;
  }
  std::string refusal(std::uint64_t after) {
    const auto reply = position.decide(after);
    const auto* no = std::get_if<stream_position::refused>(&reply);
    return no == nullptr ? "" : no->why;
  }
  std::int64_t confirmed() const {
    return position.confirmed().empty() ? -1 : position.confirmed()[0].next;
  }
};

} // namespace

TEST_SUITE("stream_position") {
  TEST_CASE_FIXTURE(positioned, "parts are numbered from 1 on") {
    CHECK(reads_on(std::nullopt));
    CHECK(offer(20).number == 1);
    CHECK(reads_on(1));
    CHECK(offer(30).number == 2);
  }

  TEST_CASE_FIXTURE(positioned, "a part counts as read when its number is confirmed") {
    CHECK(reads_on(0));
    offer(20);
    CHECK(confirmed() == 10);
    CHECK(reads_on(1));
    CHECK(confirmed() == 20);
    offer(30);
    CHECK(confirmed() == 20);
  }

  TEST_CASE_FIXTURE(positioned, "a part that is not confirmed is repeated") {
    offer(20);
    CHECK(repeats(std::nullopt) == 1);
    CHECK(repeats(0) == 1);
    CHECK(reads_on(1));
    offer(30);
    CHECK(repeats(1) == 2);
    CHECK(repeats(std::nullopt) == 2);
  }

  TEST_CASE_FIXTURE(positioned, "a repeated confirmation reads on") {
    offer(20);
    CHECK(reads_on(1));
    CHECK(reads_on(1));
    CHECK(confirmed() == 20);
  }

  TEST_CASE_FIXTURE(positioned, "a number that is not the last or the one before is refused") {
    CHECK(refusal(3) == "next_part_request::after must be the number of the last part, 0, got 3");
    offer(20);
    CHECK(refusal(2)
          == "next_part_request::after must be the number of the last part, 1, or of the part "
             "before it, got 2");
    CHECK(reads_on(1));
    offer(30);
    CHECK(refusal(0) != "");
    CHECK(refusal(3) != "");
    CHECK(confirmed() == 20);
  }

  TEST_CASE_FIXTURE(positioned, "the end is repeated, whether it is confirmed or not") {
    offer(100, true);
    CHECK(repeats(std::nullopt) == 1);
    CHECK(repeats(0) == 1);
    CHECK(repeats(1) == 1);
    CHECK(refusal(2) != "");
  }

  TEST_CASE_FIXTURE(positioned, "a part whose messages are released is read again, and keeps its "
                                "number") {
    offer(20);
    CHECK(reads_on(1));
    offer(30);
    position.release_messages();
    CHECK(confirmed() == 20);
    CHECK(reads_on(1));
    CHECK(offer(35).number == 2);
    CHECK(repeats(1) == 2);
    CHECK(reads_on(2));
    CHECK(confirmed() == 35);
    offer(100, true);
    position.release_messages();
    CHECK(repeats(2) == 3);
  }

  TEST_CASE_FIXTURE(positioned, "a part whose messages are released can be confirmed") {
    offer(20);
    position.release_messages();
    CHECK(reads_on(1));
    CHECK(confirmed() == 20);
    CHECK(offer(30).number == 2);
  }

  TEST_CASE_FIXTURE(positioned, "a stream that was never opened has no progress") {
    CHECK(confirmed() == -1);
    CHECK(reads_on(std::nullopt));
    position.release_messages();
    CHECK(confirmed() == -1);
  }
}
