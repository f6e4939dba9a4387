// How an operating system process with Kafka handles ends, as the shell sees it, whatever its
// brokers do. kafka_process.cpp is that process; its stop_within is 3 s.

#include "kafka/internal/driver/black_hole.hpp"
#include "support/child_process.hpp"
#include "support/print.hpp"
#include "support/stderr_stand_in.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <string>

using namespace ottla::test;
using namespace std::chrono_literals;
using ottla::kafka::test::black_hole;

namespace {

const std::string nobody_listens = "127.0.0.1:1";

/// stop_within of kafka_process, and a little for a busy machine.
std::chrono::milliseconds stop_within() {
  return 3s + patience() / 5;
}

/// A kafka_process, and what it has reported so far.
class program {
public:
  explicit program(const std::string& mode, const std::string& brokers = {})
    : child_{{OTTLA_KAFKA_PROCESS, mode, brokers}, out_.take_writer(), error_.take_writer()} {}

  /// Waits until the program has reported that line.
  bool tells(const std::string& line) {
    const auto is_told
      = [&] { return ('\n' + told_).find('\n' + line + '\n') != std::string::npos; };
    while (!is_told()) {
      const auto more = out_.read_until("\n");
      told_ += more;
      if (more.empty())
        return false;
    }
    return true;
  }

  /// The first line that the program reports.
  std::string first_line() {
    told_ += out_.read_until("\n");
    return told_.substr(0, told_.find('\n'));
  }

  void send_records() const { child_.signal(SIGUSR1); }
  bool suspend() const { return child_.suspend(); }
  void kill() {
    child_.signal(SIGKILL);
    child_.wait();
  }

  /// The exit status, or 128 plus a signal; nullopt if the program still runs.
  std::optional<int> wait(std::chrono::milliseconds within = patience()) {
    return child_.wait(within);
  }

  /// SIGTERM. nullopt if the program is not gone within its stop_within.
  std::optional<int> stop() {
    child_.signal(SIGTERM);
    return wait(stop_within());
  }

  /// Call when the program has ended: all that it wrote on stderr.
  std::string errors() { return error_.read_until("the end, which no line is"); }

private:
  test_pipe out_;
  test_pipe error_;
  std::string told_;
  child_process child_;
};

/// A member of a group, with its partition, and the cluster of the group.
struct member_of_cluster {
  program cluster{"cluster"};
  program member{"run", cluster.first_line()};

  member_of_cluster() { REQUIRE(member.tells("assigned")); }

  /// Afterwards the member has acknowledged messages, and has committed none of them.
  void acknowledge() {
    member.send_records();
    REQUIRE(member.tells("stored"));
    REQUIRE(member.tells("handled"));
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("process end: Kafka" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(member_of_cluster,
                    "a cluster that answers: all is done, and the program says nothing") {
    acknowledge();
    CHECK(member.stop() == 0);
    CHECK(member.errors() == "");
    CHECK(member.tells("ended"));
  }

  TEST_CASE("brokers that are away, or never answer: a program without work to do ends well") {
    const black_hole hole;
    for (const auto& brokers : {nobody_listens, hole.broker()})
      for (const std::string moment : {"ready", "unreachable"}) {
        CAPTURE(brokers);
        CAPTURE(moment);
        program idle{"run", brokers};
        REQUIRE(idle.tells(moment));
        CHECK(idle.stop() == 0);
        CHECK(idle.errors() == "");
        CHECK(idle.tells("ended"));
      }
  }

  TEST_CASE("brokers that are away, or never answer: records in flight are counted, and it ends") {
    const black_hole hole;
    for (const auto& brokers : {nobody_listens, hole.broker()}) {
      CAPTURE(brokers);
      program busy{"run", brokers};
      REQUIRE(busy.tells("ready"));
      busy.send_records();
      REQUIRE(busy.tells("in flight"));
      CHECK(busy.stop() == 1);
      const auto errors = busy.errors();
      CAPTURE(errors);
      CHECK(holds(errors, "100 of 100 records were not confirmed"));
    }
  }

  TEST_CASE_FIXTURE(member_of_cluster,
                    "a broker that hangs under a member: the leave is reported, and it ends") {
    REQUIRE(cluster.suspend());
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "the group did not confirm the leave"));
  }

  TEST_CASE_FIXTURE(member_of_cluster,
                    "a broker that hangs before the last commit: that is reported, and it ends") {
    acknowledge();
    REQUIRE(cluster.suspend());
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "were not confirmed as committed"));
  }

  TEST_CASE_FIXTURE(member_of_cluster,
                    "a broker that hangs under records in flight: they are counted, and it ends") {
    acknowledge();
    REQUIRE(cluster.suspend());
    member.send_records();
    REQUIRE(member.tells("in flight"));
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "100 of 100 records were not confirmed"));
    CHECK(holds(errors, "were not confirmed as committed"));
  }

  TEST_CASE_FIXTURE(member_of_cluster,
                    "a broker that ends before the last commit: that is reported, and it ends") {
    acknowledge();
    cluster.kill();
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "were not confirmed as committed"));
  }

  TEST_CASE("an exit of the program ends its connection in order, wherever the application is") {
    // All at once, because each of them joins a group first.
    std::map<std::string, program> all;
    for (const std::string mode : {"global", "static", "static_and_cluster_process",
                                   "static_after_cluster", "leak", "exit_in_started"})
      all.try_emplace(mode, mode);
    for (auto& each : all) {
      INFO(each.first);
      CHECK(each.second.tells("assigned"));
      CHECK(each.second.tells("ended"));
      CHECK(each.second.wait() == 5);
      CHECK(each.second.errors() == "");
    }
  }

  TEST_CASE("an embedded cluster that a global holds, or that nobody destroys, holds up no exit") {
    for (const std::string mode : {"global_cluster", "leaked_cluster"}) {
      INFO(mode);
      program ended{mode};
      CHECK(ended.wait() == 5);
    }
  }
}
