#include <ottla/kafka/internal/settings/broker_list.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace ottla::kafka;

namespace {

std::string faults(std::string_view text) {
  std::string all;
  for (const auto& each : parse_brokers(text).faults)
    all += (all.empty() ? "" : "; ") + each;
  return all;
}

/// What the driver is given; faults would show.
std::string addresses(std::string_view text) {
  const auto list = parse_brokers(text);
  return list.faults.empty() ? to_string(list) : "FAULTS: " + faults(text);
}

} // namespace

TEST_SUITE("broker_list") {
  TEST_CASE("a list of hosts and ports is parsed in its order") {
    CHECK(addresses("a:1,b-2.example.com:65535,10.0.0.1:9092,kafka_0:80")
          == "a:1,b-2.example.com:65535,10.0.0.1:9092,kafka_0:80");
  }

  TEST_CASE("a missing port is Kafka's") {
    CHECK(addresses("a,[::1]") == "a:9092,[::1]:9092");
  }

  TEST_CASE("blanks and line ends around an address are ignored") {
    CHECK(addresses(" a:1 ,\tb:2\r\n") == "a:1,b:2");
  }

  TEST_CASE("an IPv6 address stands in brackets") {
    CHECK(addresses("[::1]:9092,[fe80::1%eth0]:1,[::ffff:10.0.0.1]:2")
          == "[::1]:9092,[fe80::1%eth0]:1,[::ffff:10.0.0.1]:2");
    CHECK(faults("::1")
          == "broker 1 holds more than one ':': an IPv6 address needs brackets, as in "
             "\"[::1]:9092\"");
    CHECK(faults("::1:9092").find("an IPv6 address needs brackets") != std::string::npos);
    CHECK(faults("[::1") == "broker 1 has a '[' without a ']'");
    CHECK(faults("[::1]9092") == "broker 1 has something other than a port behind its ']'");
    CHECK(faults("[a.b]:1") == "broker 1 has no IPv6 address between its brackets");
    for (const std::string text :
         {"[:::]", "[1::2::3]:1", "[1:2:3:4:5:6:7:8:9]", "[12345::]", "[1.2.3.4]", "[:::]:9092"}) {
      CAPTURE(text);
      CHECK(faults(text) == "broker 1 has no IPv6 address between its brackets");
    }
    CHECK(faults("[]:1") == "broker 1 has no IPv6 address between its brackets");
    CHECK(faults("[fe80::1%]:1") == "broker 1 has no IPv6 address between its brackets");
  }

  TEST_CASE("a port is a number from 1 to 65535") {
    CHECK(faults("a:65536")
          == "broker 1 is wrong: the port of \"a\" must be from 1 to 65535, got 65536");
    CHECK(
      faults("a:123456")
      == "broker 1 is wrong: the port of \"a\" must be from 1 to 65535, got a number of 6 digits");
    CHECK(faults("a:74628")
          == "broker 1 is wrong: the port of \"a\" must be from 1 to 65535, got 74628");
    CHECK(faults("a:0") == "broker 1 is wrong: the port of \"a\" must be from 1 to 65535, got 0");
    CHECK(faults("[::1]:0").find("the port of \"[::1]\"") != std::string::npos);
    CHECK(faults("a:-1") == "broker 1 is wrong: the port of \"a\" is not a number");
    CHECK(faults("a:+1") == "broker 1 is wrong: the port of \"a\" is not a number");
    CHECK(faults("a:0x10") == "broker 1 is wrong: the port of \"a\" is not a number");
    CHECK(faults("a:9092/topic") == "broker 1 is wrong: the port of \"a\" is not a number");
    CHECK(faults("a: 1") == "broker 1 is wrong: the port of \"a\" is not a number");
    CHECK(faults("a:") == "broker 1 \"a:\" has no port behind its colon");
    CHECK(addresses("a:09092") == "a:9092");
  }

  TEST_CASE("a number beyond every port is not quoted, since passwords are numbers at times") {
    CHECK(faults("anna:31415926535")
          == "broker 1 is wrong: the port of \"anna\" must be from 1 to 65535, got a number of 11 "
             "digits");
  }

  TEST_CASE("brokers that are separated by something else are told about commas") {
    CHECK(faults("h:9092;g:9092") == "broker 1 holds a ';': separate brokers with commas");
    CHECK(faults("h;g") == "broker 1 holds a ';': separate brokers with commas");
    CHECK(faults("h:9092 g:9092") == "broker 1 holds blanks: separate brokers with commas");
  }

  TEST_CASE("an empty entry is refused, also behind the last comma") {
    CHECK(faults("") == "broker 1 is empty");
    CHECK(faults(" ") == "broker 1 is empty");
    CHECK(faults("a:1,") == "broker 2 is empty");
    CHECK(faults(",a:1") == "broker 1 is empty");
    CHECK(faults("a:1,,b:1, ,c:1") == "broker 2 is empty; broker 4 is empty");
  }

  TEST_CASE("a scheme is refused and named if it is a known one") {
    CHECK(faults("SASL_SSL://a:1")
          == "broker 1 has the scheme \"SASL_SSL://\" before its host: set security.protocol in "
             "extra");
    CHECK(faults("b:1,kafka://a").find("broker 2 has the scheme \"kafka://\"") == 0);
    CHECK(faults("hunter2://a:1").find("broker 1 has a scheme before its host") == 0);
  }

  TEST_CASE("credentials are refused and never quoted") {
    constexpr std::array texts{"anna:hunter2@a:9092",
                               "hunter2@a:9092",
                               "SASL_SSL://anna:hunter2@a:9092",
                               "anna:hunter2",
                               "anna:hunter2:1",
                               "hunter2://a:9092",
                               "a:1,anna:hun@hunter2@a:9092",
                               "[hunter2]:9092",
                               "a:1, anna hunter2 :9092",
                               "[::1]hunter2",
                               "[hunter2",
                               "a:9092hunter2",
                               "a:9092?password=hunter2",
                               "/hunter2:9092",
                               "bob:p,hunter2:x,y@h",
                               "hunter2,hunter2,y@h",
                               "bob:p,hunter2:,y@h:1,b:2"};
    for (const std::string text : texts) {
      CAPTURE(text);
      CHECK(faults(text) != "");
      CHECK(faults(text).find("hunter2") == std::string::npos);
    }
    CHECK(faults("anna:hunter2@a:9092")
          == "broker 1 holds credentials (a '@'): set sasl.username and sasl.password in extra");
  }

  TEST_CASE("a host is of letters, digits, dots, hyphens and underscores") {
    for (const std::string text : {"a b:1", "a/b:1", "a?b", "a\"b:1", "a\tb:1", "h\xc3\xb6st:1"}) {
      CAPTURE(text);
      CHECK(faults(text) == "broker 1 has a host that is not of letters, digits, '.', '-' and '_'");
    }
    CHECK(faults(":9092") == "broker 1 has no host before its port");
    CHECK(faults(std::string(251, 'a') + ":1") == "broker 1 has a host longer than 250 bytes");
  }

  TEST_CASE("a host of digits and dots is an IPv4 address") {
    for (const std::string text : {"9092", "1.2.3:1", "1.2.3.256:1", "1.2.3.4.5:1", "1.2.3.4.:1"}) {
      CAPTURE(text);
      CHECK(faults(text)
            == "broker 1 has a host that is not a valid IPv4 address: a host of digits and dots "
               "needs four numbers from 0 to 255");
    }
    CHECK(addresses("1.2.3.4,1.2.3.4a:1,4a.5:1") == "1.2.3.4:9092,1.2.3.4a:1,4a.5:1");
  }

  TEST_CASE("no label of a host is empty, but what follows the last dot") {
    for (const std::string text : {"a..b:1", ".a:1", "a..", ".", "..:9092"}) {
      CAPTURE(text);
      CHECK(faults(text)
            == "broker 1 has a host with nothing between two dots, or before the first one");
    }
    CHECK(addresses("kafka.example.com.:1") == "kafka.example.com.:1");
  }

  TEST_CASE("a NUL is refused, since a C string would end there") {
    CHECK(faults({"a:1\0,b:1", 8}) == "broker 1 holds a NUL");
  }

  TEST_CASE("a broker that is there twice is refused, also in other letters") {
    CHECK(faults("a:9092,b:1,A") == "broker 3 is broker 1 again: \"A:9092\"");
    CHECK(faults("a:1,,a:1") == "broker 2 is empty; broker 3 is broker 1 again: \"a:1\"");
    CHECK(addresses("a:1,a:2") == "a:1,a:2");
  }

  TEST_CASE("all that is wrong is told at once") {
    CHECK(parse_brokers("a:0,,ssl://b,u:p@c").faults.size() == 4);
  }
}
