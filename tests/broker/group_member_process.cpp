// A member of a consumer group as a process of its own, which tests kill. Usage:
// group_member_process BROKERS GROUP TOPIC ASSIGNOR. The member reports events on stdout as lines
// of member_line.hpp. Each line is one write, so that a kill loses no line. SIGTERM requests an
// orderly stop.

#include <ottla/kafka/connection.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/member_line.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace ottla::kafka;
using ottla::kafka::test::member_line;

namespace {

void tell(member_line what) {
  what.when = std::chrono::steady_clock::now().time_since_epoch();
  const auto text = to_text(what) + '\n';
  // A failed write needs no report: the reader closes the pipe only at the end of the test, which
  // also ends this process.
  static_cast<void>(!write(STDOUT_FILENO, text.data(), text.size()));
}

class telling_observer : public observer {
public:
  void assigned(std::int32_t generation, std::span<const topic_partition> partitions) override {
    tell({.what = member_line::kind::assigned,
          .first = generation,
          .next = static_cast<std::int64_t>(partitions.size())});
  }

  void revoked(std::span<const topic_partition> partitions, bool lost) override {
    for (const auto& one : partitions)
      tell({.what = lost ? member_line::kind::lost : member_line::kind::revoked,
            .partition = one.partition});
  }

  void acknowledged(const topic_partition& where, std::int64_t next) override {
    tell({.what = member_line::kind::acknowledged, .partition = where.partition, .next = next});
  }

  void committed(const topic_partition& where, std::int64_t next) override {
    tell({.what = member_line::kind::committed, .partition = where.partition, .next = next});
  }

  void failed(const error& what) override {
    tell({.what = member_line::kind::failed, .text = to_string(what)});
  }
};

/// Reports each batch, and each message whose value is not its offset.
class telling_handler : public batch_handler {
public:
  void start(const assignment& what) override {
    tell({.what = member_line::kind::leased,
          .partition = what.where.partition,
          .first = what.begins_at,
          .epoch = what.epoch});
    epoch_ = what.epoch;
  }

  verdict handle(batch messages) override {
    const auto partition = messages.from().partition;
    for (const auto& one : messages)
      if (one.value() != std::to_string(one.offset()))
        tell({.what = member_line::kind::wrong,
              .partition = partition,
              .first = one.offset(),
              .text = std::string{one.value()}});
    tell({.what = member_line::kind::handled,
          .partition = partition,
          .first = messages.front().offset(),
          .next = messages.back().offset() + 1,
          .epoch = epoch_});
    return ack();
  }

private:
  std::uint64_t epoch_ = 0;
};

assignor to_assignor(std::string_view name) {
  if (name == "cooperative-sticky")
    return assignor::cooperative_sticky;
  return name == "roundrobin" ? assignor::round_robin : assignor::range;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: {} BROKERS GROUP TOPIC range|roundrobin|cooperative-sticky\n",
               argv[0]);
    return 2;
  }
  // Ends this process when the test process ends for any reason.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return ottla::run({.id = "member",
                     .restarts = {.at_most = 100},
                     .children = {connection{
                       .name = "c",
                       .brokers = argv[1],
                       .group_consumer = group_consumer{.group = argv[2],
                                                        .topics = {argv[3]},
                                                        .handler = handler<telling_handler>(),
                                                        .batch_size = 100,
                                                        .commit_interval = 200ms,
                                                        .session_timeout = 6'000ms,
                                                        .heartbeat_interval = 500ms,
                                                        .strategy = to_assignor(argv[4]),
                                                        .fetch_wait = 50ms},
                       .restarts = {.at_most = 100},
                       .observer = std::make_shared<telling_observer>(),
                     }}});
}
