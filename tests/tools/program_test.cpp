// Runs the command like a user, on the embedded cluster. tests/tools_broker/program_test.cpp has
// what the embedded cluster does not support.

#include <ottla/kafka/embedded_cluster.hpp>

#include "support/command_run.hpp"
#include "support/forwarder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <string>
#include <string_view>
#include <vector>

using namespace ottla::test;
using ottla::kafka::embedded_cluster;
using json = nlohmann::json;

namespace {

/// A cluster with the topic `orders` of two partitions.
struct on_cluster {
  embedded_cluster cluster{{.topics = {{.name = "orders", .partitions = 2}}}};
  const std::string setting = "OTTLA_BROKERS=" + cluster.brokers();

  finished_command run(std::vector<std::string> arguments, std::string_view input = {}) const {
    return run_command(std::move(arguments), input, {setting});
  }

  void produce(std::string_view lines) const {
    const auto done = run({"produce", "orders", "--key-separator", ":"}, lines);
    REQUIRE_MESSAGE(done.status == 0, done.error);
  }
};

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  std::ranges::sort(lines);
  return lines;
}

using texts = std::vector<std::string>;

} // namespace

TEST_SUITE("command on the embedded cluster") {
  TEST_CASE_FIXTURE(on_cluster, "lines are produced and consumed") {
    const auto produced = run({"produce", "orders", "--key", "Ada"}, "a book\ntea");
    CHECK(produced.status == 0);
    CHECK(produced.out == "2 records stored\n");
    CHECK(produced.error.empty());
    const auto consumed = run({"consume", "orders"});
    CHECK(consumed.status == 0);
    CHECK(consumed.out == "a book\ntea\n");
    CHECK(consumed.error.empty());
    CHECK(run({"consume", "orders", "-n", "1", "--with", "key,offset"}).out == "Ada\t0\ta book\n");
  }

  TEST_CASE_FIXTURE(on_cluster, "records copied as JSON keep their bytes") {
    const std::string bytes = "k\xff:v\xfe\n";
    produce(bytes);
    const auto read = run({"consume", "orders", "-o", "json"});
    const auto record = json::parse(read.out);
    CHECK(record["key"] == "a/8=");
    CHECK(record["key_encoding"] == "base64");
    CHECK(record["topic"] == "orders");
    CHECK(run({"produce", "copies", "--format", "json"}, read.out).status == 0);
    CHECK(run({"consume", "copies", "--with", "key"}).out == "k\xff\tv\xfe\n");
  }

  TEST_CASE_FIXTURE(on_cluster, "from and until choose a range of one partition") {
    REQUIRE(run({"produce", "orders", "-p", "1"}, "0\n1\n2\n3\n4\n").status == 0);
    const auto range = [&](std::vector<std::string> options) {
      options.insert(options.begin(), {"consume", "orders", "--partition", "1"});
      return run(std::move(options)).out;
    };
    CHECK(range({"--from", "3"}) == "3\n4\n");
    CHECK(range({"--from", "-2"}) == "3\n4\n");
    CHECK(range({"--from", "latest"}).empty());
    CHECK(range({"--from", "1", "--until", "3"}) == "1\n2\n");
    CHECK(run({"fetch", "orders", "-p", "1", "--from", "-1"}).out == "4\n");
    CHECK(run({"fetch", "orders", "-p", "1", "-n", "2"}).out == "0\n1\n");
    CHECK(run({"fetch", "orders", "-p", "1", "-n", "0"}).out == "0\n1\n2\n3\n4\n");
    CHECK(run({"fetch", "orders", "-p", "1", "--from", "9"}).status == 1);
  }

  TEST_CASE_FIXTURE(on_cluster, "a search finds keys and values, and reports that it finds none") {
    produce("Ada:a book\nBen:tea\nAda:two books\n");
    CHECK(run({"search", "orders", "--key", "Ada", "--value-contains", "two"}).out
          == "two books\n");
    const auto all = run({"search", "orders", "--value-contains", "book"});
    CHECK(sorted_lines(all.out) == texts{"a book", "two books"});
    const auto none = run({"search", "orders", "--key", "Cid"});
    CHECK(none.status == 4);
    CHECK(none.out.empty());
    CHECK(none.error.empty());
  }

  TEST_CASE_FIXTURE(on_cluster, "topics and brokers are shown as tables and as documents") {
    const auto table = run({"topics", "list"});
    CHECK(table.out == "TOPIC   PARTITIONS\norders           2\n");
    CHECK(json::parse(run({"topics", "list", "-o", "json"}).out)
          == json{{"topics", {{{"name", "orders"}, {"partitions", 2}}}}});
    CHECK(run({"topics", "exists", "orders"}).out == "true\n");
    CHECK(run({"topics", "exists", "payments"}).status == 4);
    const auto described = json::parse(run({"cluster", "describe", "-o", "json"}).out);
    CHECK(described["brokers"].size() == 1);
    CHECK(json::parse(
            run({"topics", "describe", "orders", "-o", "json"}).out)["topics"][0]["partitions"]
            .size()
          == 2);
  }

  TEST_CASE_FIXTURE(on_cluster,
                    "a rejected request exits with 1, with an error in the chosen format") {
    const auto text = run({"topics", "create", "payments"});
    CHECK(text.status == 1);
    CHECK(text.error.starts_with("ottla: not_supported: "));
    CHECK(text.out.empty());
    const auto document = run({"groups", "list", "--output", "json"});
    CHECK(document.status == 1);
    const auto error = json::parse(document.error)["error"];
    CHECK(error["code"] == "not_supported");
    CHECK(error["exit_status"] == 1);
  }

  TEST_CASE_FIXTURE(on_cluster, "nothing is deleted without --yes") {
    for (const texts& arguments : {texts{"topics", "delete", "orders"},
                                   {"groups", "delete", "billing"},
                                   {"topics", "delete-records", "orders", "--before", "latest"}}) {
      const auto refused = run(arguments);
      CHECK(refused.status == 2);
      CHECK(refused.error.find("--yes") != std::string::npos);
    }
  }

  TEST_CASE_FIXTURE(on_cluster, "a group resumes where it has stopped") {
    REQUIRE(run({"produce", "orders", "-p", "0"}, "0\n1\n2\n3\n").status == 0);
    // The embedded cluster waits for the session timeout before each later rebalance.
    const texts variables{setting, "OTTLA_CONNECTIONS=quick",
                          "OTTLA_QUICK_GROUP_CONSUMER_SESSION_TIMEOUT=3300ms",
                          "OTTLA_QUICK_GROUP_CONSUMER_HEARTBEAT_INTERVAL=300ms"};
    const auto first = run_command({"consume", "orders", "-g", "g", "-n", "3"}, "", variables);
    CHECK_MESSAGE(first.status == 0, first.error);
    CHECK(first.out == "0\n1\n2\n");
    const auto second
      = run_command({"consume", "orders", "--group", "g", "--until-end"}, "", variables);
    CHECK_MESSAGE(second.status == 0, second.error);
    CHECK(second.out == "3\n");
  }

  TEST_CASE("--until-end ends members without partitions" * doctest::timeout(90)) {
    const embedded_cluster cluster{{.topics = {{.name = "single", .partitions = 1}}}};
    const texts variables{"OTTLA_BROKERS=" + cluster.brokers(), "OTTLA_CONNECTIONS=quick",
                          "OTTLA_QUICK_GROUP_CONSUMER_SESSION_TIMEOUT=3300ms",
                          "OTTLA_QUICK_GROUP_CONSUMER_HEARTBEAT_INTERVAL=300ms"};
    REQUIRE(run_command({"produce", "single"}, "a book\n", variables).status == 0);
    test_pipe out;
    const memory_file error;
    child_process member{command_line({"consume", "single", "-g", "g"}, variables),
                         out.take_writer(), error.share()};
    CHECK(out.read_until("a book\n") == "a book\n");
    // At least one of these two members gets no partition.
    const memory_file shown;
    const memory_file noted;
    child_process second{command_line({"consume", "single", "-g", "g", "--until-end"}, variables),
                         shown.share(), noted.share()};
    child_process third{command_line({"consume", "single", "-g", "g", "--until-end"}, variables),
                        shown.share(), noted.share()};
    CHECK(second.wait(4 * patience()) == 0);
    CHECK(third.wait(4 * patience()) == 0);
    CHECK(noted.text().find("has assigned no partition of \"single\" to this member\n")
          != std::string::npos);
  }

  TEST_CASE_FIXTURE(on_cluster,
                    "a group's topic that does not exist is named at once, with exit status 4") {
    for (const texts& arguments : {texts{"consume", "payments", "--group", "g"},
                                   {"consume", "payments", "--group", "g", "--until-end"}}) {
      const auto missing = run(arguments);
      CHECK(missing.status == 4);
      CHECK(missing.error == "ottla: unknown_topic: topic \"payments\" does not exist\n");
    }
  }

  TEST_CASE_FIXTURE(on_cluster, "SIGINT ends a member with 130, and SIGTERM with 143") {
    REQUIRE(run({"produce", "orders"}, "a book\n").status == 0);
    for (const auto& [number, status] : {std::pair{SIGINT, 130}, {SIGTERM, 143}}) {
      test_pipe out;
      const memory_file error;
      child_process member{
        command_line({"consume", "orders", "-g", "g" + std::to_string(number)}, {setting}),
        out.take_writer(), error.share()};
      CHECK(out.read_until("a book\n") == "a book\n");
      member.signal(number);
      CHECK(member.wait() == status);
      CHECK(error.text().empty());
    }
  }

  TEST_CASE_FIXTURE(on_cluster, "a signal ends a consumer whose reader does not read") {
    REQUIRE(run({"produce", "orders"}, std::string(500'000, 'x') + "\n").status == 0);
    for (const texts& arguments :
         {texts{"consume", "orders", "--follow"}, {"consume", "orders", "--group", "g"}}) {
      test_pipe out;
      const memory_file error;
      child_process consumer{command_line(arguments, {setting}), out.take_writer(), error.share()};
      CHECK_FALSE(out.read_until("x").empty());
      consumer.signal(SIGINT);
      CHECK(consumer.wait() == 128 + SIGINT);
      CHECK(error.text().empty());
    }
  }

  TEST_CASE_FIXTURE(on_cluster, "--follow shows records that are produced later") {
    test_pipe out;
    const memory_file error;
    child_process follower{command_line({"consume", "orders", "--follow"}, {setting}),
                           out.take_writer(), error.share()};
    REQUIRE(run({"produce", "orders", "-p", "0"}, "early\n").status == 0);
    CHECK(out.read_until("early\n") == "early\n");
    REQUIRE(run({"produce", "orders", "-p", "1"}, "late\n").status == 0);
    CHECK(out.read_until("late\n") == "late\n");
    SUBCASE("a signal ends it") {
      follower.signal(SIGINT);
      CHECK(follower.wait() == 128 + SIGINT);
    }
    SUBCASE("a reader that closes the pipe ends it quietly") {
      out.close_reader();
      CHECK(follower.wait() == 0);
    }
    CHECK(error.text().empty());
  }

  TEST_CASE_FIXTURE(on_cluster, "a follower waits for an offset beyond the end") {
    REQUIRE(run({"produce", "orders", "-p", "0"}, "a0\na1\na2\na3\n").status == 0);
    REQUIRE(run({"produce", "orders", "-p", "1"}, "b0\nb1\n").status == 0);
    test_pipe out;
    const memory_file error;
    child_process follower{
      command_line({"consume", "orders", "--follow", "--from", "3"}, {setting}), out.take_writer(),
      error.share()};
    // Shows that the ends of both partitions were looked up.
    CHECK(out.read_until("a3\n") == "a3\n");
    REQUIRE(run({"produce", "orders", "-p", "1"}, "b2\nb3\nb4\n").status == 0);
    CHECK(out.read_until("b4\n") == "b3\nb4\n");
    CHECK(error.text().empty());
  }

  TEST_CASE_FIXTURE(on_cluster, "an offset beyond the end of each partition is an error") {
    REQUIRE(run({"produce", "orders", "-p", "0"}, "a0\na1\na2\na3\n").status == 0);
    REQUIRE(run({"produce", "orders", "-p", "1"}, "b0\nb1\n").status == 0);
    CHECK(run({"consume", "orders", "--from", "3"}).out == "a3\n");
    CHECK(run({"consume", "orders", "--from", "4"}).status == 0);
    for (const texts& arguments : {texts{"consume", "orders", "--from", "5"},
                                   {"search", "orders", "--key", "k", "--from", "5"},
                                   {"fetch", "orders", "--from", "5"}}) {
      const auto beyond = run(arguments);
      CHECK(beyond.status == 1);
      CHECK(beyond.out.empty());
      CHECK(beyond.error
            == "ottla: offset_out_of_range: orders/0: offset 5 is beyond the end of the log, 4\n");
    }
  }

  TEST_CASE_FIXTURE(on_cluster, "a follower opens its connections once") {
    const auto port = std::stoi(cluster.brokers().substr(cluster.brokers().find(':') + 1));
    // Each Kafka handle connects to this address first.
    const forwarder bootstrap{static_cast<std::uint16_t>(port)};
    const auto idle = run({"consume", "orders", "--follow", "--idle", "3s", "--brokers",
                           "127.0.0.1:" + std::to_string(bootstrap.port())});
    CHECK_MESSAGE(idle.status == 0, idle.error);
    CHECK(bootstrap.accepted() < 8);
  }

  TEST_CASE_FIXTURE(on_cluster, "--idle ends a follower without records") {
    const auto idle = run({"consume", "orders", "--follow", "--idle", "500ms"});
    CHECK(idle.status == 0);
    CHECK(idle.out.empty());
  }

  TEST_CASE_FIXTURE(on_cluster, "a reader that closes the pipe ends a long output quietly") {
    std::string lines;
    for (int each = 0; each < 60'000; ++each)
      lines += "a line that is long enough to fill the buffers of a pipe\n";
    REQUIRE(run({"produce", "orders"}, lines).status == 0);
    test_pipe out;
    const memory_file error;
    child_process child{command_line({"consume", "orders"}, {setting}), out.take_writer(),
                        error.share()};
    out.read_until("\n");
    out.close_reader();
    CHECK(child.wait() == 0);
    CHECK(error.text().empty());
  }

  TEST_CASE_FIXTURE(on_cluster, "a full disk fails the command") {
    REQUIRE(run({"produce", "orders"}, "a book\n").status == 0);
    const memory_file error;
    child_process child{command_line({"consume", "orders"}, {setting}),
                        open("/dev/full", O_WRONLY | O_CLOEXEC), error.share()};
    CHECK(child.wait() == 1);
    CHECK(error.text().find("the output cannot be written") != std::string::npos);
  }

  TEST_CASE_FIXTURE(on_cluster,
                    "a bad line of the input is named, and earlier records are stored") {
    const auto done = run({"produce", "orders", "--format", "json", "-o", "json"},
                          "{\"value\":\"good\"}\n{\"vaule\":\"bad\"}\n{\"value\":\"later\"}\n");
    CHECK(done.status == 2);
    CHECK(json::parse(done.error)["error"]["text"] == "line 2 has the unknown key \"vaule\"");
    CHECK(json::parse(done.out)["stored"] == 1);
    CHECK(run({"consume", "orders"}).out == "good\n");
  }

  TEST_CASE_FIXTURE(on_cluster, "a line typed into a terminal or pipe is sent at once") {
    test_pipe in;
    const memory_file out;
    const memory_file error;
    test_pipe seen;
    child_process follower{command_line({"consume", "orders", "--follow"}, {setting}),
                           seen.take_writer(), error.share()};
    std::array<int, 2> pipe{};
    REQUIRE(pipe2(pipe.data(), O_CLOEXEC) == 0);
    child_process producer{command_line({"produce", "orders"}, {setting}), out.share(),
                           error.share(), 0, pipe[0]};
    REQUIRE(write(pipe[1], "typed\n", 6) == 6);
    CHECK(seen.read_until("typed\n") == "typed\n");
    SUBCASE("a signal ends the input, and the outcome is shown") {
      producer.signal(SIGINT);
      CHECK(producer.wait() == 128 + SIGINT);
      close(pipe[1]);
    }
    SUBCASE("the end of the input") {
      close(pipe[1]);
      CHECK(producer.wait() == 0);
    }
    CHECK(out.text() == "1 record stored\n");
  }

  TEST_CASE("a signal ends a producer that waits for brokers, and counts the records") {
    const texts settings{"OTTLA_BROKERS=127.0.0.1:1", "OTTLA_CONNECTIONS=small",
                         "OTTLA_SMALL_PRODUCING_BUFFER_BYTES=100000"};
    std::string lines;
    std::string stored = "0 records stored\n";
    std::string noted = "ottla: 2 records are not stored, the first is line 1\n";
    SUBCASE("for outcomes") {
      lines = "one\ntwo\n";
    }
    SUBCASE("for room in the buffer") {
      lines = std::string(60'000, 'x') + '\n' + std::string(60'000, 'y') + '\n';
    }
    for (const auto& [number, status] : {std::pair{SIGINT, 130}, {SIGTERM, 143}}) {
      const memory_file in{lines};
      const memory_file out;
      test_pipe error;
      child_process producer{command_line({"produce", "orders"}, settings), out.share(),
                             error.take_writer(), 0, in.share()};
      // The first complaint shows that the producer runs.
      const auto complaint = error.read_until("unreachable");
      CHECK_MESSAGE(complaint.find("unreachable") != std::string::npos, complaint);
      producer.signal(number);
      CHECK(producer.wait() == status);
      CHECK(out.text() == stored);
      const auto rest = error.read_until("no such text");
      CHECK_MESSAGE(rest.find(noted) != std::string::npos, rest);
      CHECK_MESSAGE(rest.find("line 2") == std::string::npos, rest);
    }
  }

  TEST_CASE_FIXTURE(on_cluster, "a late timestamp is copied as JSON") {
    const std::string line = R"({"timestamp":"2262-04-11T23:47:16.854Z","value":"late"})"
                             "\n";
    REQUIRE(run({"produce", "orders", "--format", "json"}, line).status == 0);
    const auto read = run({"consume", "orders", "-o", "json"});
    CHECK(json::parse(read.out)["timestamp"] == "2262-04-11T23:47:16.854Z");
    const auto copied = run({"produce", "copies", "--format", "json"}, read.out);
    CHECK_MESSAGE(copied.status == 0, copied.error);
    const auto copy = json::parse(run({"consume", "copies", "-o", "json"}).out);
    CHECK(copy["timestamp"] == "2262-04-11T23:47:16.854Z");
  }

  TEST_CASE("brokers that do not answer exit with 3 within the timeout") {
    const texts nobody{"--brokers", "127.0.0.1:1", "--timeout", "1s"};
    for (texts arguments : {texts{"topics", "list"},
                            {"consume", "orders"},
                            {"consume", "orders", "--follow"},
                            {"consume", "orders", "-g", "g"},
                            {"search", "orders", "--key", "x"},
                            {"produce", "orders"}}) {
      arguments.insert(arguments.end(), nobody.begin(), nobody.end());
      const auto done = run_command(arguments, "a book\n");
      CHECK_MESSAGE(done.status == 3, arguments.front() << ": " << done.error);
      CHECK_FALSE(done.error.empty());
    }
  }

  TEST_CASE("without brokers one error names the three ways, and the exit status is 2") {
    const auto done = run_command({"topics", "list", "--output", "json"});
    CHECK(done.status == 2);
    CHECK(std::ranges::count(done.error, '\n') == 1);
    CHECK(json::parse(done.error)["error"]["text"].get<std::string>().find("ottla.toml")
          != std::string::npos);
    CHECK(run_command({"topics", "list", "--brokers", "ssl://a:1"}).status == 2);
    CHECK(run_command({"topics", "list", "--brokers", "a:65536"}).status == 2);
  }
}
