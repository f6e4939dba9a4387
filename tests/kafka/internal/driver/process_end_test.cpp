// How an operating system process with Kafka handles ends while its brokers answer, hang or are
// down. The process is kafka_process.cpp. Its stop_within is 3 s.

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

/// stop_within of kafka_process, plus a reserve for a busy machine.
std::chrono::milliseconds stop_within() {
  return 3s + patience() / 5;
}

/// A kafka_process and the lines that it has reported.
class program {
public:
  explicit program(const std::string& mode, const std::string& brokers = {})
    : child_{{OTTLA_KAFKA_PROCESS, mode, brokers}, out_.take_writer(), error_.take_writer()} {}

  /// Waits until the program has reported this line.
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

  /// Returns the first line that the program reports.
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

  /// Returns the exit status, or 128 plus the signal. Returns nullopt if the program still runs.
  std::optional<int> wait(std::chrono::milliseconds within = patience()) {
    return child_.wait(within);
  }

  /// Sends SIGTERM. Returns nullopt if the program does not end within its stop_within.
  std::optional<int> stop() {
    child_.signal(SIGTERM);
    return wait(stop_within());
  }

  /// Returns everything that the program wrote on stderr. Call after the program has ended.
  std::string errors() { return error_.read_until("a text that no line contains"); }

private:
  test_pipe out_;
  test_pipe error_;
  std::string told_;
  child_process child_;
};

/// A member that owns the partition of its group, and the group's cluster.
struct member_of_cluster {
  program cluster{"cluster"};
  program member{"run", cluster.first_line()};

  member_of_cluster() { REQUIRE(member.tells("assigned")); }

  /// Makes the member acknowledge messages without committing them.
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
                    "a program whose brokers answer stops in order and prints nothing") {
    acknowledge();
    CHECK(member.stop() == 0);
    CHECK(member.errors() == "");
    CHECK(member.tells("ended"));
  }

  TEST_CASE("an idle program stops in order if its brokers are down or never answer") {
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

  TEST_CASE(
    "a stop ends in time and reports records in flight if brokers are down or never answer") {
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

  TEST_CASE_FIXTURE(
    member_of_cluster,
    "a stop ends in time and reports an unconfirmed leave if the member's broker hangs") {
    REQUIRE(cluster.suspend());
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "the group did not confirm the leave"));
  }

  TEST_CASE_FIXTURE(
    member_of_cluster,
    "a stop ends in time and reports uncommitted messages if the member's broker hangs") {
    acknowledge();
    REQUIRE(cluster.suspend());
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "were not confirmed as committed"));
  }

  TEST_CASE_FIXTURE(member_of_cluster, "a stop ends in time and reports records in flight and "
                                       "uncommitted messages if the broker hangs") {
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

  TEST_CASE_FIXTURE(
    member_of_cluster,
    "a stop ends in time and reports uncommitted messages if the member's broker dies") {
    acknowledge();
    cluster.kill();
    CHECK(member.stop() == 1);
    const auto errors = member.errors();
    CAPTURE(errors);
    CHECK(holds(errors, "were not confirmed as committed"));
  }

  TEST_CASE(
    "an exit of the program stops its connection in order, wherever the application object is") {
    // All programs run in parallel, because each program joins a group first.
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

  TEST_CASE("an embedded cluster in a global or leaked object does not block the exit") {
    for (const std::string mode : {"global_cluster", "leaked_cluster"}) {
      INFO(mode);
      program ended{mode};
      CHECK(ended.wait() == 5);
    }
  }
}
