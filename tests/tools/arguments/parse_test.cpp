#include "arguments/parse.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace command;
using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

using words = std::vector<std::string>;

arguments good(const words& given) {
  auto parsed = parse_arguments(given);
  const auto* text = std::get_if<only_text>(&parsed);
  REQUIRE_MESSAGE(text == nullptr, text->fault);
  return std::get<arguments>(std::move(parsed));
}

template <class Command>
Command read(const words& given) {
  const auto parsed = good(given);
  REQUIRE(std::holds_alternative<Command>(parsed.command));
  return std::get<Command>(parsed.command);
}

only_text text_of(const words& given) {
  const auto parsed = parse_arguments(given);
  REQUIRE(std::holds_alternative<only_text>(parsed));
  return std::get<only_text>(parsed);
}

std::string fault_of(const words& given) {
  const auto text = text_of(given);
  CHECK(text.status == exit_status::usage);
  CHECK(text.out.empty());
  CHECK(text.fault.find('\n') == std::string::npos);
  CHECK_FALSE(text.fault.empty());
  return text.fault;
}

} // namespace

TEST_SUITE("command: parse") {
  TEST_CASE("common options stand before or after the command") {
    for (const words& given :
         {words{"--brokers", "a:1", "-o", "json", "--timeout", "5s", "topics", "list"},
          words{"topics", "list", "--brokers=a:1", "--output=json", "--timeout", "5s"}}) {
      const auto parsed = good(given);
      CHECK(parsed.common.brokers == "a:1");
      CHECK(parsed.common.output == output_format::json);
      CHECK(parsed.common.timeout == 5s);
      CHECK(std::holds_alternative<list_topics>(parsed.command));
    }
    CHECK(good({"topics", "list"}).common.timeout == 30s);
  }

  TEST_CASE("topics create takes several topics and configs") {
    const auto create
      = read<create_topics>({"topics", "create", "a", "b", "--config", "x=1", "--config", "y=a=b",
                             "--partitions", "12", "--replicas", "-1", "--if-missing"});
    CHECK(create.topics == words{"a", "b"});
    CHECK(create.configs == std::map<std::string, std::string>{{"x", "1"}, {"y", "a=b"}});
    CHECK(create.partitions == 12);
    CHECK(create.replicas == -1);
    CHECK(create.if_missing);
  }

  TEST_CASE("an option of a list takes one value, so that topics may follow") {
    CHECK(read<create_topics>({"topics", "create", "--config", "x=1", "orders"}).topics
          == words{"orders"});
    CHECK(read<consume_records>({"consume", "-p", "1,2", "orders"}).partitions
          == std::vector<std::int32_t>{1, 2});
    CHECK(read<consume_records>({"consume", "--with", "key,offset", "orders"}).show.parts
          == std::vector{record_part::key, record_part::offset});
  }

  TEST_CASE("consume takes a negative number as --from") {
    const auto consume = read<consume_records>({"consume", "orders", "--from", "-5", "-n", "3"});
    CHECK(std::get<before_end>(*consume.from).offsets == 5);
    CHECK(consume.show.most == 3);
    CHECK_FALSE(read<consume_records>({"consume", "orders"}).from);
  }

  TEST_CASE("contradictions of consume are faults") {
    fault_of({"consume"});
    fault_of({"consume", "orders", "--until-end"});
    fault_of({"consume", "orders", "--idle", "5s"});
    fault_of({"consume", "orders", "--follow", "--until", "5"});
    fault_of({"consume", "orders", "--group", "g", "--follow"});
    fault_of({"consume", "orders", "--group", "g", "--until", "5"});
    fault_of({"consume", "orders", "--group", "g", "--partition", "0"});
    fault_of({"consume", "orders", "--group", "g", "--from", "-5"});
    read<consume_records>({"consume", "orders", "--group", "g", "--until-end", "--idle", "5s"});
  }

  TEST_CASE("produce takes a key or a separator, and neither for JSON") {
    CHECK(read<produce_records>({"produce", "orders", "--key", ""}).key == "");
    fault_of({"produce", "orders", "--key", "k", "--key-separator", ":"});
    fault_of({"produce", "orders", "--format", "json", "--key", "k"});
    fault_of({"produce", "orders", "--format", "csv"});
    CHECK(read<produce_records>({"produce", "orders", "--header", "a=b=c"}).headers.front().second
          == "b=c");
    fault_of({"produce", "orders", "--header", "=x"});
  }

  TEST_CASE("values are literal texts") {
    for (const std::string value :
         {"[a,b]", "[[a,b]]", "[]",  "{}",  "{{}}", "%%",   "%",        "-x",
          "--key", "--",      "-",   "",    "a,b",  "\x01", "\x01\x03", "\x01\x02x",
          "'a'",   "\"a\"",   " a ", "a=b", "=",    "$(x)", "produce",  "{\"a\":[1,2]}",
          "\xff"}) {
      CAPTURE(value);
      CHECK(read<produce_records>({"produce", "t", "--key", value}).key == value);
      CHECK(read<produce_records>({"produce", "t", "--key=" + value}).key == value);
      CHECK(read<produce_records>({"produce", "--key=" + value, "t"}).topic == "t");
      const auto headers
        = read<produce_records>({"produce", "t", "--header", "x=" + value, "--header=y=" + value})
            .headers;
      CHECK(headers.size() == 2);
      CHECK(headers.front().second == value);
      CHECK(headers.back().second == value);
      CHECK(read<search_records>({"search", "t", "--value=" + value}).value_is == value);
      CHECK(read<search_records>({"search", "t", "--value-contains", value}).value_contains
            == value);
      CHECK(read<create_topics>({"topics", "create", "t", "--config", "k=" + value}).configs
            == std::map<std::string, std::string>{{"k", value}});
      if (value.empty())
        continue;
      CHECK(read<consume_records>({"consume", "t", "-g", value}).group == value);
      CHECK(read<consume_records>({"consume", "t", "-g" + value}).group == value);
      CHECK(read<produce_records>({"produce", "--", value}).topic == value);
      CHECK(read<delete_topics>({"topics", "delete", "--", value, "b"}).topics
            == words{value, "b"});
    }
    CHECK(read<produce_records>({"produce", "t", "--header=[a]=b"}).headers.front().first == "[a]");
    CHECK(read<reset_group>({"groups", "reset", "g", "--to", "latest", "--topic=[a,b]"}).topics
          == words{"[a,b]"});
    CHECK(read<produce_records>({"produce", "[a,b]"}).topic == "[a,b]");
    CHECK(read<delete_topics>({"topics", "delete", "[a,b]", "c"}).topics == words{"[a,b]", "c"});
    CHECK(read<produce_records>({"produce", "search"}).topic == "search");
  }

  TEST_CASE("an empty value is a fault where a name is needed, and takes no other word") {
    CHECK(fault_of({"consume", "t", "--group="}) == "-g,--group: must not be empty");
    CHECK(fault_of({"consume", "t", "--group", ""}) == "-g,--group: must not be empty");
    CHECK(fault_of({"topics", "delete", ""}) == "TOPIC: must not be empty");
    fault_of({"consume", "t", "-p", ""});
    fault_of({"consume", "t", "-p", ","});
    fault_of({"consume", "t", "--with="});
    fault_of({"topics", "list", "--output="});
    fault_of({"groups", "reset", "g", "--to", "latest", "--topic="});
  }

  TEST_CASE("a fault quotes the words as they were given") {
    CHECK(fault_of({"topics", "list", "--nonsense=[x]"}).find("--nonsense=[x]")
          != std::string::npos);
    CHECK(fault_of({"consume", "t", "--output=[x]"}).find("\\x01") == std::string::npos);
  }

  TEST_CASE("search needs a condition") {
    fault_of({"search", "orders"});
    const auto search = read<search_records>(
      {"search", "orders", "--value-contains", "refund", "--from", "2026-01-31", "--until", "900"});
    CHECK(search.value_contains == "refund");
    CHECK(std::get<kafka::below>(search.until).offset == 900);
  }

  TEST_CASE("groups reset moves to a point or by a number") {
    const auto reset = read<reset_group>(
      {"groups", "reset", "g", "--to", "1200", "--topic", "a", "--topic", "b/3"});
    CHECK(std::get<kafka::at_offset>(reset.to).offset == 1200);
    CHECK(reset.topics == words{"a"});
    CHECK(reset.partitions == std::vector<kafka::topic_partition>{{"b", 3}});
    CHECK_FALSE(reset.confirmed);
    const auto shift = read<reset_group>({"groups", "reset", "g", "--shift-by", "-100", "--yes"});
    CHECK(std::get<kafka::shift_by>(shift.to).offsets == -100);
    CHECK(shift.confirmed);
    fault_of({"groups", "reset", "g"});
    fault_of({"groups", "reset", "g", "--to", "latest", "--shift-by", "1"});
    fault_of({"groups", "reset", "g", "--to", "-5"});
    fault_of({"groups", "reset", "g", "--to", "latest", "--topic", "b/x"});
  }

  TEST_CASE("topics delete-records needs --before, and alter-config needs --set or --unset") {
    CHECK(read<delete_topic_records>({"topics", "delete-records", "a", "--before", "7"}).before
          == 7);
    CHECK_FALSE(
      read<delete_topic_records>({"topics", "delete-records", "a", "--before", "latest"}).before);
    fault_of({"topics", "delete-records", "a"});
    fault_of({"topics", "delete-records", "a", "--before", "-7"});
    const auto alter
      = read<alter_topic_config>({"topics", "alter-config", "a", "--set", "k=v", "--unset", "l"});
    REQUIRE(alter.changes.size() == 2);
    CHECK(alter.changes[0].value == "v");
    CHECK_FALSE(alter.changes[1].value);
    fault_of({"topics", "alter-config", "a"});
  }

  TEST_CASE("numbers are decimal and within their range") {
    fault_of({"topics", "create", "a", "--partitions", "0x10"});
    fault_of({"topics", "create", "a", "--partitions", "2147483648"});
    fault_of({"topics", "create", "a", "--replicas", "40000"});
    fault_of({"consume", "a", "-p", "-1"});
    fault_of({"consume", "a", "-n", "-1"});
    CHECK(read<create_topics>({"topics", "create", "a", "--partitions", "010"}).partitions == 10);
  }

  TEST_CASE("a wrong command line is one fault, in the wanted format") {
    fault_of({});
    CHECK(fault_of({"topic"}) == "unknown command: topic");
    CHECK(fault_of({"[topic]", "list"}) == "unknown command: [topic]");
    fault_of({"topics"});
    fault_of({"topics", "list", "--nonsense"});
    fault_of({"topics", "list", "extra"});
    fault_of({"--timeout", "10", "topics", "list"});
    fault_of({"--brokers", "", "topics", "list"});
    CHECK(text_of({"topics"}).output == output_format::text);
    CHECK(text_of({"topics", "--output", "json"}).output == output_format::json);
    CHECK(text_of({"-ojson", "--nonsense"}).output == output_format::json);
  }

  TEST_CASE("no fault passes control characters to the terminal") {
    CHECK(fault_of({"topics", "\x1b[31m"}).find('\x1b') == std::string::npos);
  }

  TEST_CASE("every command has a help text with an example, and the help says why passwords have "
            "no options") {
    CHECK(text_of({"--help"}).out.find("because every user of a machine can see")
          != std::string::npos);
    for (const words& command : {words{"topics"},
                                 {"topics", "list"},
                                 {"topics", "describe"},
                                 {"topics", "exists"},
                                 {"topics", "create"},
                                 {"topics", "delete"},
                                 {"topics", "add-partitions"},
                                 {"topics", "alter-config"},
                                 {"topics", "delete-records"},
                                 {"produce"},
                                 {"consume"},
                                 {"fetch"},
                                 {"search"},
                                 {"groups"},
                                 {"groups", "list"},
                                 {"groups", "describe"},
                                 {"groups", "lag"},
                                 {"groups", "reset"},
                                 {"groups", "delete"},
                                 {"cluster", "describe"},
                                 {"config", "check"},
                                 {"completion", "bash"}}) {
      auto given = command;
      given.emplace_back("--help");
      const auto help = text_of(given);
      CHECK(help.status == exit_status::ok);
      CHECK_MESSAGE(help.out.find("Example") != std::string::npos, command.back());
      CHECK_MESSAGE(help.out.find("ottla " + command.front()) != std::string::npos, command.back());
    }
    CHECK(text_of({"--version"}).out.starts_with("ottla 0."));
  }
}
