#include <ottla/kafka/internal/health/health_board.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace ottla::kafka;

TEST_SUITE("health_board") {
  TEST_CASE("a board without notes reports a healthy connection without reasons") {
    const health_board board;
    CHECK(board.report().state == health_state::healthy);
    CHECK(board.report().reasons.empty());
  }

  TEST_CASE("the report has the worst state of all notes, and the reasons sorted by name") {
    health_board board;
    board.note(health_state::degraded, "worker/b", "failed");
    board.note(health_state::stalled, "partition/t/0", "no permission");
    board.note(health_state::starting, "worker/a", "starts");
    const auto report = board.report();
    CHECK(report.state == health_state::stalled);
    REQUIRE(report.reasons.size() == 3);
    CHECK(report.reasons[0].what == "partition/t/0");
    CHECK(report.reasons[0].state == health_state::stalled);
    CHECK(report.reasons[0].why == "no permission");
    CHECK(report.reasons[1].what == "worker/a");
    CHECK(report.reasons[2].what == "worker/b");
  }

  TEST_CASE("a later note of the same name replaces state and text, even with a better state") {
    health_board board;
    board.note(health_state::stalled, "brokers", "first");
    board.note(health_state::degraded, "brokers", "second");
    const auto report = board.report();
    REQUIRE(report.reasons.size() == 1);
    CHECK(report.reasons[0].why == "second");
    CHECK(report.state == health_state::degraded);
  }

  TEST_CASE(
    "clear() removes only the note with exactly the given name, and ignores unknown names") {
    health_board board;
    board.note(health_state::degraded, "topic/a", "");
    board.note(health_state::degraded, "topic/ab", "");
    board.clear("topic/");
    board.clear("topic/b");
    CHECK(board.report().reasons.size() == 2);
    board.clear("topic/a");
    CHECK_FALSE(board.holds("topic/a"));
    CHECK(board.holds("topic/ab"));
    board.clear("topic/ab");
    CHECK(board.report().state == health_state::healthy);
  }

  TEST_CASE("clear_if() removes every note that its function selects") {
    health_board board;
    for (const auto* name : {"partition/t/0", "partition/t/1", "brokers"})
      board.note(health_state::degraded, name, "");
    board.clear_if([](const std::string& what) { return what.starts_with("partition/"); });
    CHECK_FALSE(board.holds_below("partition/"));
    CHECK(board.holds("brokers"));
  }

  TEST_CASE("holds_below() is true if the name of a note begins with the prefix") {
    health_board board;
    CHECK_FALSE(board.holds_below(""));
    board.note(health_state::degraded, "topic/orders", "");
    board.note(health_state::degraded, "worker/a", "");
    CHECK(board.holds_below(""));
    CHECK(board.holds_below("topic/"));
    CHECK(board.holds_below("topic/orders"));
    CHECK_FALSE(board.holds_below("topic/orders/"));
    CHECK_FALSE(board.holds_below("partition/"));
    CHECK_FALSE(board.holds_below("x"));
  }

  TEST_CASE("the text of a reason stays on one line and is cut after 8 KiB") {
    health_board board;
    board.note(health_state::degraded, "a", "first\nsecond\x1b");
    board.note(health_state::degraded, "b", std::string(longest_shown + 1, 'x'));
    const auto report = board.report();
    REQUIRE(report.reasons.size() == 2);
    CHECK(report.reasons[0].why == "first\\nsecond\\x1b");
    CHECK(report.reasons[1].why == std::string(longest_shown, 'x') + "…");
  }

  TEST_CASE("a failure stalls a connection only if a retry is unlikely to help") {
    using enum errc;
    for (const auto code : {authentication_failed, not_authorized, bad_setting})
      CHECK(state_of({.code = code}) == health_state::stalled);
    for (const auto code :
         {unreachable, timed_out, unknown_topic, topic_exists, record_too_large,
          rebalance_in_progress, fenced, offset_out_of_range, closed, buffer_full, other})
      CHECK(state_of({.code = code}) == health_state::degraded);
  }

  TEST_CASE("only timed_out and unreachable mean that no broker answered") {
    CHECK(is_silence({.code = errc::timed_out}));
    CHECK(is_silence({.code = errc::unreachable}));
    CHECK_FALSE(is_silence({.code = errc::authentication_failed}));
    CHECK_FALSE(is_silence({.code = errc::closed}));
    CHECK_FALSE(is_silence({.code = errc::other}));
  }

  TEST_CASE("health names a partition by its topic and its number") {
    CHECK(health_name_of({"orders", 3}) == "partition/orders/3");
  }

  TEST_CASE("a part of a board sees and clears only its own notes, and the whole board shows them "
            "with the prefix") {
    const auto whole = std::make_shared<health_board>();
    health_board part{whole, "consumer/t/"};
    whole->note(health_state::stalled, "coordinator", "of the group");
    part.note(health_state::degraded, "coordinator", "of the consumer");
    part.note(health_state::degraded, "topic/t", "missing");
    CHECK(part.holds("coordinator"));
    CHECK(part.holds_below("topic/"));
    CHECK(!whole->holds_below("topic/"));
    CHECK(to_string(part.report()) == "degraded: coordinator: of the consumer; topic/t: missing");
    CHECK(whole->report().reasons.size() == 3);
    CHECK(whole->holds("consumer/t/topic/t"));
    part.clear_if([](const std::string& what) { return what == "coordinator"; });
    CHECK(whole->holds("coordinator"));
    CHECK(!whole->holds("consumer/t/coordinator"));
    part.clear("topic/t");
    CHECK(part.report().reasons.empty());
  }

  TEST_CASE("all parts of a board share the fault of the brokers") {
    const auto whole = std::make_shared<health_board>();
    health_board part{whole, "consumer/t/"};
    whole->note(health_state::degraded, std::string{brokers_health}, "silent");
    CHECK(part.holds(brokers_health));
    part.clear(brokers_health);
    CHECK(!whole->holds(brokers_health));
  }
}
