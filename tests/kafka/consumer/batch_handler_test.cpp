// Which state a program may keep in a handler object, and for how long.

#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/handler.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using lines = std::vector<std::string>;

/// Counts its messages, and appends its name, the partition and the count to `into`.
class counting_handler : public batch_handler {
public:
  counting_handler(std::string name, std::shared_ptr<lines> into)
    : name_{std::move(name)}, into_{std::move(into)} {}

  verdict handle(batch messages) override {
    seen_ += messages.size();
    into_->push_back(name_ + ' ' + to_string(messages.from()) + ' ' + std::to_string(seen_));
    return ack();
  }

private:
  std::string name_;
  std::shared_ptr<lines> into_;
  std::size_t seen_ = 0;
};

struct counted : group_stage {
  std::shared_ptr<lines> written = std::make_shared<lines>();

  counted() { group().handler = handler<counting_handler>(std::string{"n"}, written); }
};

} // namespace

TEST_SUITE("batch_handler") {
  TEST_CASE_FIXTURE(counted, "a batch_handler keeps its state between batches") {
    open_with({zero});
    append(zero, 2);
    append(zero, 3);
    CHECK(*written == lines{"n t/0 2", "n t/0 5"});
  }

  TEST_CASE_FIXTURE(counted,
                    "each worker has its own batch_handler, constructed from the same arguments") {
    open_with({zero, one});
    append(zero, 2);
    append(one, 3);
    append(zero, 1);
    CHECK(*written == lines{"n t/0 2", "n t/1 3", "n t/0 3"});
  }

  TEST_CASE_FIXTURE(
    counted, "a replacement worker gets a new batch_handler, constructed from the same arguments") {
    open_with({zero});
    append(zero, 2);
    kill_named("worker/t/0");
    append(zero, 1);
    CHECK(*written == lines{"n t/0 2", "n t/0 1"});
  }
}
