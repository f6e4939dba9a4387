// How a consumer without a group makes the program store offsets.

#include <ottla/kafka/consumer/group_requests.hpp>

#include "support/groupless_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("consumer without a group: store_offsets") {
  TEST_CASE_FIXTURE(groupless_stage, "the first offsets are stored at once, and acknowledged "
                                     "offsets within store_interval, once each") {
    store_offsets();
    how().begin = at_offset{2};
    kafka->append(zero, 2);
    kafka->append(one, 3);
    open();
    CHECK(stored == std::vector<std::string>{"t/0@2", "t/1@2"});
    stored.clear();
    append(zero, 3);
    CHECK(stored.empty());
    let_store();
    CHECK(stored == std::vector<std::string>{"t/0@5", "t/1@3"});
    CHECK(notes->saw("committed t/0@5"));
    time.advance(1min);
    CHECK(stored.size() == 2);
    const auto heard = ask<committed_offsets>(*this, named("coordinator"), get_committed_offsets{});
    REQUIRE(heard.answer);
    REQUIRE(heard.answer->partitions.size() == 2);
    CHECK(heard.answer->partitions[0].offset == 5);
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "offsets that could not be stored are stored later, and reported meanwhile") {
    store_offsets();
    how().partitions = {0};
    open();
    store_fails = true;
    append(zero, 3);
    let_store();
    CHECK(notes->saw("failed other: store_offsets threw: no database"));
    CHECK(!notes->saw("committed t/0@3"));
    CHECK(health()
          == "degraded: consumer/t/partition/t/0: commit failed: other: store_offsets threw: no "
             "database");
    store_fails = false;
    stored.clear();
    let_store();
    CHECK(stored == std::vector<std::string>{"t/0@3"});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage, "after a crash of the coordinator, messages resume after the "
                                     "last acknowledgement, not after the last stored offset") {
    store_offsets();
    how().partitions = {0};
    open();
    append(zero, 3);
    stored.clear();
    handlers->lines.clear();
    kill_named("coordinator");
    CHECK(handlers->happened() == "start t/0@3");
    CHECK(stored == std::vector<std::string>{"t/0@3"});
  }

  TEST_CASE_FIXTURE(groupless_stage, "a stop stores the last acknowledged offsets") {
    store_offsets();
    how().partitions = {0};
    open();
    append(zero, 3);
    stored.clear();
    ask_to_end(root);
    CHECK(stored == std::vector<std::string>{"t/0@3"});
    CHECK(handlers->alive == 0);
    CHECK(kafka->queues.empty());
    CHECK(notes->unfinished_texts.empty());
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "a stop reports the offsets that could not be stored, and ends "
                    "although the function does not return") {
    store_offsets();
    how().partitions = {0};
    open();
    append(zero, 3);
    kafka->look_ups = reply::withheld();
    request_exit(root, to_error(exit_reason::shutdown()));
    time.advance(10s);
    CHECK(!is_alive(root));
    CHECK(notes->unfinished_texts
          == std::vector<std::string>{
            "consumer of \"t\": up to 3 acknowledged messages of 1 partitions were not confirmed "
            "as committed and may be delivered again"});
    kafka->run_look_ups();
  }

  TEST_CASE_FIXTURE(groupless_stage, "a stop ends while partitions cannot begin and offsets cannot "
                                     "be stored") {
    kafka->partitions["t"] = 1;
    store_offsets();
    how().begin = [this](const topic_partition& where) -> begin_offset {
      if (where == one)
        throw std::runtime_error{"no database"};
      return earliest{};
    };
    open();
    kafka->partitions["t"] = 2;
    let_poll();
    append(zero, 3);
    store_fails = true;
    request_exit(root, to_error(exit_reason::shutdown()));
    time.advance(10s);
    CHECK(!is_alive(root));
    CHECK(handlers->alive == 0);
  }
}
