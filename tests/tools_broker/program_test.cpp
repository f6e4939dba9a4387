// The command `ottla` against Apache Kafka: what the embedded cluster does not support.

#include "broker/broker.hpp"
#include "support/command_run.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

using namespace ottla::kafka::test;
using namespace ottla::test;
using json = nlohmann::json;

namespace {

finished_command run(std::vector<std::string> arguments, std::string_view input = {}) {
  return run_command(std::move(arguments), input, {"OTTLA_BROKERS=" + brokers()});
}

/// The document that a command prints. The command must succeed.
json document(std::vector<std::string> arguments, std::string_view input = {}) {
  arguments.insert(arguments.end(), {"--output", "json"});
  const auto done = run(std::move(arguments), input);
  REQUIRE_MESSAGE(done.status == 0, done.error);
  return json::parse(done.out);
}

/// Brokers show a change some time after they have made it.
bool eventually(const auto& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < until)
    if (holds())
      return true;
  return false;
}

bool exists(const std::string& topic) {
  return run({"topics", "exists", topic}).status == 0;
}

/// A topic of two partitions, with four records in partition 0, and a group that has consumed them.
struct consumed_topic {
  const std::string topic = fresh_topic("command", 2);
  const std::string group = fresh_name("command");

  consumed_topic() {
    REQUIRE(run({"produce", topic, "-p", "0"}, "0\n1\n2\n3\n").status == 0);
    const auto consumed = run({"consume", topic, "-g", group, "-n", "4"});
    REQUIRE_MESSAGE(consumed.status == 0, consumed.error);
    REQUIRE(consumed.out == "0\n1\n2\n3\n");
  }

  json reset(std::vector<std::string> options) const {
    options.insert(options.begin(), {"groups", "reset", group});
    return document(std::move(options));
  }

  std::int64_t lag() const { return document({"groups", "lag", group})["lag"]; }
};

} // namespace

TEST_SUITE("command on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE("topics are created, described, changed and deleted") {
    const auto topic = fresh_name("command");
    REQUIRE(
      run({"topics", "create", topic, "--partitions", "2", "--config", "retention.ms=12345"}).out
      == "created " + topic + '\n');
    CHECK(eventually([&] { return exists(topic); }));
    const auto again = run({"topics", "create", topic});
    CHECK(again.status == 1);
    CHECK(again.error.find("topic_exists") != std::string::npos);
    CHECK(run({"topics", "create", topic, "--if-missing"}).status == 0);

    const auto described = document({"topics", "describe", topic})["topics"][0];
    CHECK(described["partitions"].size() == 2);
    CHECK(described["configs"]
          == json::parse(R"([{"name":"retention.ms","value":"12345","source":"topic",)"
                         R"("sensitive":false,"read_only":false}])"));
    CHECK(document({"topics", "describe", topic, "--all-configs"})["topics"][0]["configs"].size()
          > 10);

    CHECK(run({"topics", "alter-config", topic, "--set", "cleanup.policy=compact", "--unset",
               "retention.ms"})
            .status
          == 0);
    CHECK(eventually([&] {
      const auto configs = document({"topics", "describe", topic})["topics"][0]["configs"];
      return configs.size() == 1 && configs[0]["name"] == "cleanup.policy";
    }));
    CHECK(run({"topics", "add-partitions", topic, "5"}).status == 0);
    CHECK(run({"topics", "add-partitions", topic, "5"}).status == 2);

    REQUIRE(run({"topics", "delete", topic}).status == 2);
    CHECK(exists(topic));
    CHECK(run({"topics", "delete", topic, "--yes"}).status == 0);
    CHECK(eventually([&] { return !exists(topic); }));
    const auto missing = run({"topics", "delete", topic, "--yes", "--output", "json"});
    CHECK(missing.status == 4);
    const auto error = json::parse(missing.error)["error"];
    CHECK(error["kafka_name"] == "UNKNOWN_TOPIC_OR_PARTITION");
    CHECK(error["subject"] == topic);
  }

  TEST_CASE_FIXTURE(consumed_topic, "a group is listed and described, and has a lag") {
    CHECK(eventually([&] {
      return document({"groups", "describe", group})["groups"][0]["state"] == "Empty";
    }));
    bool is_listed = false;
    const auto listed = document({"groups", "list"});
    for (const auto& each : listed["groups"])
      is_listed = is_listed || each["name"] == group;
    CHECK(is_listed);
    CHECK(lag() == 0);
    REQUIRE(run({"produce", topic, "-p", "0"}, "4\n5\n").status == 0);
    CHECK(lag() == 2);
    const auto table = run({"groups", "lag", group});
    CHECK(table.out.ends_with("total lag 2\n"));
    const auto missing = run({"groups", "describe", fresh_name("nobody")});
    CHECK(missing.status == 4);
    CHECK(missing.error.find("unknown_group") != std::string::npos);
  }

  TEST_CASE_FIXTURE(consumed_topic, "a reset prints its plan, and commits the same with --yes") {
    for (const std::vector<std::string>& to : {std::vector<std::string>{"--to", "earliest"},
                                               {"--to", "1"},
                                               {"--to", "latest"},
                                               {"--shift-by", "-3"},
                                               {"--to", "2020-01-01"},
                                               {"--to", "2199-01-01"},
                                               {"--to", "earliest", "--topic", topic},
                                               {"--to", "2", "--topic", topic + "/0"}}) {
      const auto before = document({"groups", "lag", group});
      auto plan = reset(to);
      CHECK(plan["done"] == false);
      CHECK(document({"groups", "lag", group}) == before);
      auto confirmed = to;
      confirmed.emplace_back("--yes");
      auto done = reset(confirmed);
      CHECK(done["done"] == true);
      CHECK_MESSAGE(plan["partitions"] == done["partitions"],
                    to[1] << ": " << plan.dump() << " and " << done.dump());
    }
    CHECK(lag() == 2);
    CHECK(run({"consume", topic, "-g", group, "--until-end"}).out == "2\n3\n");
  }

  TEST_CASE_FIXTURE(consumed_topic, "a group is deleted only with --yes") {
    CHECK(run({"groups", "delete", group}).status == 2);
    CHECK(eventually([&] { return run({"groups", "delete", group, "--yes"}).status == 0; }));
    CHECK(document({"groups", "lag", group})["partitions"].empty());
  }

  TEST_CASE_FIXTURE(consumed_topic, "the oldest records are deleted only with --yes") {
    CHECK(run({"topics", "delete-records", topic, "-p", "0", "--before", "3"}).status == 2);
    CHECK(run({"consume", topic}).out == "0\n1\n2\n3\n");
    const auto done
      = document({"topics", "delete-records", topic, "-p", "0", "--before", "3", "--yes"});
    CHECK(done["partitions"][0]["log_begin"] == 3);
    CHECK(run({"consume", topic}).out == "3\n");
    CHECK(run({"topics", "delete-records", topic, "-p", "0", "--before", "9", "--yes"}).status
          == 1);
  }

  TEST_CASE_FIXTURE(consumed_topic, "records are read by time") {
    CHECK(run({"consume", topic, "--from", "2020-01-01"}).out == "0\n1\n2\n3\n");
    CHECK(run({"consume", topic, "--from", "2199-01-01"}).out.empty());
    CHECK(run({"consume", topic, "--until", "2020-01-01"}).out.empty());
  }

  TEST_CASE("a follower finds new partitions, and waits for a record of a time") {
    const auto topic = fresh_topic("command", 1);
    test_pipe out;
    const memory_file error;
    child_process follower{
      command_line({"consume", topic, "--follow", "--from", "2024-01-01", "--with", "partition"},
                   {"OTTLA_BROKERS=" + brokers()}),
      out.take_writer(), error.share()};
    REQUIRE(run({"produce", topic, "-p", "0", "--format", "json"},
                "{\"value\":\"old\",\"timestamp\":\"2020-01-01T00:00:00Z\"}\n"
                "{\"value\":\"later\",\"timestamp\":\"2024-01-02T00:00:00Z\"}\n"
                "{\"value\":\"next\",\"timestamp\":\"2020-01-01T00:00:00Z\"}\n")
              .status
            == 0);
    CHECK(out.read_until("next\n") == "0\tlater\n0\tnext\n");
    REQUIRE(run({"topics", "add-partitions", topic, "2"}).status == 0);
    REQUIRE(eventually([&] { return run({"produce", topic, "-p", "1"}, "new\n").status == 0; }));
    CHECK(out.read_until("new\n") == "1\tnew\n");
    follower.signal(SIGINT);
    CHECK(follower.wait() == 128 + SIGINT);
    CHECK(error.text().empty());
  }

  TEST_CASE("a time beyond the end of a log is found by no record") {
    const auto topic = fresh_topic("command", 1);
    REQUIRE(run({"produce", topic}, "a\n").status == 0);
    CHECK(run({"consume", topic, "--from", "2262-04-11T23:47:16.854Z"}).out.empty());
    CHECK(run({"consume", topic, "--until", "2262-04-11T23:47:16.854Z"}).out == "a\n");
  }

  TEST_CASE("records of a topic that does not exist are not stored") {
    const auto done = run({"produce", fresh_name("missing")}, "a\nb\n");
    CHECK(done.status == 4);
    CHECK(done.error.find("line 1: unknown_topic") != std::string::npos);
    CHECK(done.out == "0 records stored\n");
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--follow"}, {"--group", fresh_name("command")}}) {
      const auto topic = fresh_name("missing");
      std::vector<std::string> arguments{"consume", topic};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const auto missing = run(arguments);
      CHECK(missing.status == 4);
      CHECK_MESSAGE(missing.error.find("topic \"" + topic + "\" does not exist")
                      != std::string::npos,
                    missing.error);
    }
  }

  TEST_CASE("the cluster is described") {
    const auto cluster = document({"cluster", "describe"});
    CHECK(cluster["brokers"].size() >= 1);
    CHECK(cluster["id"].get<std::string>().size() > 10);
  }
}
