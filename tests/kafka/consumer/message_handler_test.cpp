#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Logs the messages that it handles. Returns the planned verdict of each offset.
class scripted_message_handler : public message_handler {
public:
  struct plan {
    std::map<std::int64_t, verdict> verdicts;
    std::set<std::int64_t> throws_at;
    std::map<std::int64_t, ack_handle> put_off;
    std::vector<std::int64_t> seen;
    std::vector<topic_partition> from;
    std::string started;
  };

  explicit scripted_message_handler(std::shared_ptr<plan> by) : by_{std::move(by)} {}

  void start(const assignment& what) override { by_->started = to_string(what.where); }

  verdict handle(const message& one) override {
    by_->seen.push_back(one.offset());
    by_->from.push_back(from());
    if (by_->throws_at.erase(one.offset()) != 0)
      throw std::runtime_error{"no luck"};
    const auto found = by_->verdicts.find(one.offset());
    if (found == by_->verdicts.end())
      return ack();
    if (found->second.what == verdict::kind::later)
      by_->put_off[one.offset()] = ack_later();
    return found->second;
  }

private:
  std::shared_ptr<plan> by_;
};

struct message_stage : group_stage {
  std::shared_ptr<scripted_message_handler::plan> plan
    = std::make_shared<scripted_message_handler::plan>();

  message_stage() { group().handler = handler<scripted_message_handler>(plan); }
};

} // namespace

TEST_SUITE("message_handler") {
  TEST_CASE_FIXTURE(
    message_stage,
    "a message_handler gets single messages, which are acknowledged once per batch") {
    open_with({zero});
    append(zero, 7);
    CHECK(plan->started == "t/0");
    CHECK(plan->seen == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6});
    CHECK(std::ranges::count_if(notes->lines,
                                [](const auto& line) { return line.starts_with("acknowledged"); })
          == 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@7");
  }

  TEST_CASE_FIXTURE(
    message_stage,
    "an exception in a message_handler keeps the acknowledgements of earlier messages") {
    plan->throws_at = {3};
    open_with({zero});
    append(zero, 5);
    CHECK(plan->seen == std::vector<std::int64_t>{0, 1, 2, 3, 3, 4});
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(
    message_stage,
    "no_ack blocks commits of later messages and allows commits of earlier messages") {
    plan->verdicts = {{2, no_ack()}};
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@2");
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "");
    plan->verdicts.clear();
    plan->seen.clear();
    kill_named("worker/t/0");
    CHECK(plan->seen.front() == 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(message_stage, "an ack also acknowledges earlier messages that were answered "
                                   "with carry_on, even in earlier batches") {
    for (std::int64_t offset = 0; offset < 7; ++offset)
      plan->verdicts[offset] = carry_on();
    open_with({zero});
    append(zero, 7);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@8");
  }

  TEST_CASE_FIXTURE(message_stage,
                    "a message that is answered with later() is acknowledged by its ack_handle") {
    plan->verdicts = {{1, later()}};
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@1");
    plan->put_off[1].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(
    message_stage,
    "from() returns the partition of each message in a worker with several partitions") {
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    const topic_partition other{"u", 0};
    open_with({zero, other});
    append(zero, 1);
    append(other, 2);
    CHECK(plan->from == std::vector<topic_partition>{zero, other, other});
  }

  TEST_CASE_FIXTURE(
    message_stage,
    "a verdict for a message of one partition does not acknowledge messages of another") {
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    const topic_partition other{"u", 0};
    for (std::int64_t offset = 0; offset < 5; ++offset)
      plan->verdicts[offset] = carry_on();
    open_with({zero, other});
    append(zero, 5);
    plan->verdicts = {{0, no_ack()}, {1, no_ack()}, {2, no_ack()}};
    append(other, 4);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@6");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a worker whose message_handler factory returns null fails to start") {
    group().handler = [] { return as_batch_handler(nullptr); };
    open_with({zero});
    CHECK_FALSE(worker(zero));
  }
}
