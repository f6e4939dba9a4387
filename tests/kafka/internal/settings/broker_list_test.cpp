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

/// The addresses that the driver gets, or the faults.
std::string addresses(std::string_view text) {
  const auto list = parse_brokers(text);
  return list.faults.empty() ? to_string(list) : "FAULTS: " + faults(text);
}

} // namespace

TEST_SUITE("broker_list") {
  TEST_CASE("parse_brokers keeps the order of hosts and ports") {
    CHECK(addresses("a:1,b-2.example.com:65535,10.0.0.1:9092,kafka_0:80")
          == "a:1,b-2.example.com:65535,10.0.0.1:9092,kafka_0:80");
  }

  TEST_CASE("the port of an address without a port is 9092") {
    CHECK(addresses("a,[::1]") == "a:9092,[::1]:9092");
  }

  TEST_CASE("blanks and line ends around an address are ignored") {
    CHECK(addresses(" a:1 ,\tb:2\r\n") == "a:1,b:2");
  }

  TEST_CASE("an IPv6 address must be valid and in brackets") {
    CHECK(addresses("[::1]:9092,[fe80::1%eth0]:1,[::ffff:10.0.0.1]:2")
          == "[::1]:9092,[fe80::1%eth0]:1,[::ffff:10.0.0.1]:2");
    CHECK(faults("::1")
          == "broker 1 contains more than one ':': write an IPv6 address in brackets, as in "
             "\"[::1]:9092\"");
    CHECK(faults("::1:9092").find("write an IPv6 address in brackets") != std::string::npos);
    CHECK(faults("[::1") == "broker 1 has a '[' without a ']'");
    CHECK(faults("[::1]9092") == "broker 1 has text other than ':' and a port after its ']'");
    CHECK(faults("[a.b]:1") == "broker 1 has no valid IPv6 address in its brackets");
    for (const std::string text :
         {"[:::]", "[1::2::3]:1", "[1:2:3:4:5:6:7:8:9]", "[12345::]", "[1.2.3.4]", "[:::]:9092"}) {
      CAPTURE(text);
      CHECK(faults(text) == "broker 1 has no valid IPv6 address in its brackets");
    }
    CHECK(faults("[]:1") == "broker 1 has no valid IPv6 address in its brackets");
    CHECK(faults("[fe80::1%]:1") == "broker 1 has no valid IPv6 address in its brackets");
  }

  TEST_CASE("a port must be a number from 1 to 65535") {
    CHECK(faults("a:65536") == "broker 1: the port of \"a\" must be from 1 to 65535, got 65536");
    CHECK(faults("a:123456")
          == "broker 1: the port of \"a\" must be from 1 to 65535, got a number of 6 digits");
    CHECK(faults("a:74628") == "broker 1: the port of \"a\" must be from 1 to 65535, got 74628");
    CHECK(faults("a:0") == "broker 1: the port of \"a\" must be from 1 to 65535, got 0");
    CHECK(faults("[::1]:0").find("the port of \"[::1]\"") != std::string::npos);
    CHECK(faults("a:-1") == "broker 1: the port of \"a\" must be a number");
    CHECK(faults("a:+1") == "broker 1: the port of \"a\" must be a number");
    CHECK(faults("a:0x10") == "broker 1: the port of \"a\" must be a number");
    CHECK(faults("a:9092/topic") == "broker 1: the port of \"a\" must be a number");
    CHECK(faults("a: 1") == "broker 1: the port of \"a\" must be a number");
    CHECK(faults("a:") == "broker 1 \"a:\" has no port after the colon");
    CHECK(addresses("a:09092") == "a:9092");
  }

  TEST_CASE("a port of more than five digits is not quoted, since it may be a password") {
    CHECK(faults("anna:31415926535")
          == "broker 1: the port of \"anna\" must be from 1 to 65535, got a number of 11 "
             "digits");
  }

  TEST_CASE("the error for brokers separated by semicolons or blanks asks for commas") {
    CHECK(faults("h:9092;g:9092") == "broker 1 contains a semicolon: separate brokers with commas");
    CHECK(faults("h;g") == "broker 1 contains a semicolon: separate brokers with commas");
    CHECK(faults("h:9092 g:9092") == "broker 1 contains blanks: separate brokers with commas");
  }

  TEST_CASE("an empty entry is rejected, even after the last comma") {
    CHECK(faults("") == "broker 1 is empty");
    CHECK(faults(" ") == "broker 1 is empty");
    CHECK(faults("a:1,") == "broker 2 is empty");
    CHECK(faults(",a:1") == "broker 1 is empty");
    CHECK(faults("a:1,,b:1, ,c:1") == "broker 2 is empty; broker 4 is empty");
  }

  TEST_CASE("a scheme is rejected, and is quoted only if the scheme is known") {
    CHECK(faults("SASL_SSL://a:1")
          == "broker 1 has the scheme \"SASL_SSL://\" before the host: set security.protocol in "
             "extra");
    CHECK(faults("b:1,kafka://a").find("broker 2 has the scheme \"kafka://\"") == 0);
    CHECK(faults("hunter2://a:1").find("broker 1 has a scheme before the host") == 0);
  }

  TEST_CASE("credentials are rejected and never quoted") {
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
    CHECK(
      faults("anna:hunter2@a:9092")
      == "broker 1 contains credentials before '@': set sasl.username and sasl.password in extra");
  }

  TEST_CASE(
    "a host must have only letters, digits, dots, hyphens and underscores, and at most 249 bytes") {
    for (const std::string text : {"a b:1", "a/b:1", "a?b", "a\"b:1", "a\tb:1", "h\xc3\xb6st:1"}) {
      CAPTURE(text);
      CHECK(faults(text)
            == "broker 1 has a host with characters other than letters, digits, '.', '-' and '_'");
    }
    CHECK(faults(":9092") == "broker 1 has no host before the port");
    CHECK(faults(std::string(249, 'a') + ":65535") == "");
    CHECK(faults(std::string(250, 'a') + ":1") == "broker 1 has a host longer than 249 bytes");
  }

  TEST_CASE("a host of digits and dots must be a valid IPv4 address") {
    for (const std::string text : {"9092", "1.2.3:1", "1.2.3.256:1", "1.2.3.4.5:1", "1.2.3.4.:1"}) {
      CAPTURE(text);
      CHECK(faults(text)
            == "broker 1 has an invalid IPv4 address: a host of digits and dots must have four "
               "numbers from 0 to 255");
    }
    CHECK(addresses("1.2.3.4,1.2.3.4a:1,4a.5:1") == "1.2.3.4:9092,1.2.3.4a:1,4a.5:1");
  }

  TEST_CASE("a host with an empty label is rejected, and a dot at its end is accepted") {
    for (const std::string text : {"a..b:1", ".a:1", "a..", ".", "..:9092"}) {
      CAPTURE(text);
      CHECK(faults(text) == "broker 1 has a host with a leading dot, or two dots in a row");
    }
    CHECK(addresses("kafka.example.com.:1") == "kafka.example.com.:1");
  }

  TEST_CASE("an address with a NUL byte is rejected") {
    CHECK(faults({"a:1\0,b:1", 8}) == "broker 1 contains a NUL byte");
  }

  TEST_CASE("a repeated broker is rejected, even with different upper and lower case") {
    CHECK(faults("a:9092,b:1,A") == "broker 3 repeats broker 1: \"A:9092\"");
    CHECK(faults("a:1,,a:1") == "broker 2 is empty; broker 3 repeats broker 1: \"a:1\"");
    CHECK(addresses("a:1,a:2") == "a:1,a:2");
  }

  TEST_CASE("parse_brokers returns the faults of all entries") {
    CHECK(parse_brokers("a:0,,ssl://b,u:p@c").faults.size() == 4);
  }
}
