#include <ottla/configuration/internal/schema.hpp>
#include <ottla/configuration/load_settings.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;

lines faults(const std::string& text, const environment& variables = {}) {
  const auto loaded = parse_settings(text, "f.toml", variables);
  CHECK(loaded.faults.empty() == !loaded.connections.empty());
  return loaded.faults;
}

connection only(const std::string& text, const environment& variables = {}) {
  const auto loaded = parse_settings(text, "f.toml", variables);
  CHECK(loaded.faults == lines{});
  REQUIRE(loaded.connections.size() == 1);
  return loaded.connections.begin()->second;
}

constexpr auto whole_file = R"(
[connections.orders]
brokers = "a:1,[::1]:2"
client_id = "shop"
metadata_interval = "1min"
producers = ["orders", "returns"]
restarts.at_most = 7

[connections.orders.extra]
"socket.timeout.ms" = 5000
socket.keepalive.enable = true

[connections.orders.security.tls]
ca_file = "/etc/ca.pem"

[connections.orders.security.sasl]
mechanism = "SCRAM-SHA-512"
user = "ada"
password = "hunter2"

[connections.orders.producing]
linger = "500us"
buffer_bytes = "32MiB"
idempotent = false
partitioner = "md5"
extra = { "compression.type" = "zstd" }

[connections.orders.group_consumer]
group = "printers"
topics = ["orders"]
begin = "2026-01-31T12:00:00Z"
when_missing = "latest"
batch_size = 100
handle_within = "2h"
strategy = "cooperative_sticky"
allocation = "per_partition"
run_as = "detached"
memory_bytes = 1000000
worker_restarts.jitter = 0.5
)";

} // namespace

TEST_SUITE("load_settings") {
  TEST_CASE("a file sets each kind of setting") {
    const auto orders = only(whole_file);
    CHECK(orders.name == "orders");
    CHECK(orders.brokers == "a:1,[::1]:2");
    CHECK(orders.client_id == "shop");
    CHECK(orders.metadata_interval == 1min);
    REQUIRE(orders.producers.size() == 2);
    CHECK(orders.producers[1].topic == "returns");
    CHECK(orders.restarts.at_most == 7);
    CHECK(orders.extra
          == extra_settings{{"socket.keepalive.enable", "true"}, {"socket.timeout.ms", "5000"}});
    REQUIRE(orders.security.tls);
    REQUIRE(orders.security.tls->ca);
    CHECK(std::get<pem_file>(*orders.security.tls->ca).path == "/etc/ca.pem");
    REQUIRE(orders.security.sasl);
    const auto& scram = std::get<scram_sha_512>(*orders.security.sasl);
    CHECK(scram.user == "ada");
    CHECK(*scram.password.read() == "hunter2");
    CHECK(orders.producing->linger == 500us);
    CHECK(orders.producing->buffer_bytes == 32 * 1024 * 1024);
    CHECK(!orders.producing->idempotent);
    CHECK(std::holds_alternative<md5>(orders.producing->partitioner.value()));
    CHECK(orders.producing->extra == extra_settings{{"compression.type", "zstd"}});
    REQUIRE(orders.group_consumer);
    const auto& group = *orders.group_consumer;
    CHECK(group.group == "printers");
    CHECK(group.topics == lines{"orders"});
    CHECK(std::get<since>(group.begin).when
          == std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h);
    CHECK(std::holds_alternative<latest>(group.when_missing));
    CHECK(group.batch_size == 100);
    CHECK(group.handle_within == 2h);
    CHECK(group.strategy == assignor::cooperative_sticky);
    CHECK(group.allocation == worker_allocation::per_partition);
    CHECK(group.run_as == execution::detached);
    CHECK(group.memory_bytes == 1'000'000);
    CHECK(group.worker_restarts.jitter == 0.5);
  }

  TEST_CASE("settings that a file omits keep their defaults, and absent parts stay absent") {
    const auto plain = only("[connections.c]\nbrokers = \"a:1\"");
    CHECK(plain.client_id == connection{}.client_id);
    CHECK_FALSE(plain.producing);
    CHECK(!plain.group_consumer);
    CHECK(!plain.security.tls);
    CHECK(!plain.security.sasl);
  }

  TEST_CASE("an empty table of TLS turns on TLS") {
    CHECK(only("[connections.c.security.tls]").security.tls);
    CHECK(only("[connections.c]\nsecurity.tls.enabled = true").security.tls);
    CHECK(!only("[connections.c]\nsecurity.tls.enabled = false").security.tls);
    CHECK(
      faults("[connections.c.security.tls]\nenabled = false\nverify_host = false")
      == lines{"f.toml:2:1: connections.c: security.tls.enabled must not be false if other keys "
               "of security.tls are set"});
  }

  TEST_CASE("a variable takes precedence over the file, and the file over the default") {
    const environment variables{{"OTTLA_ORDERS_CLIENT_ID", "from-variable"},
                                {"OTTLA_ORDERS_PRODUCING_LINGER", "7ms"},
                                {"OTTLA_ORDERS_PRODUCING_IDEMPOTENT", "true"},
                                {"OTTLA_ORDERS_PRODUCERS", "one, two"},
                                {"OTTLA_ORDERS_GROUP_CONSUMER_BATCH_SIZE", "5"},
                                {"OTTLA_ORDERS_GROUP_CONSUMER_BEGIN", "17"},
                                {"OTTLA_ORDERS_GROUP_CONSUMER_WORKER_RESTARTS_JITTER", "0.25"},
                                {"OTTLA_ORDERS_EXTRA_SOCKET_TIMEOUT_MS", "70"},
                                {"OTTLA_ORDERS_SECURITY_SASL_PASSWORD_FILE", "/run/secrets/kafka"},
                                {"OTTLA_OTHER_CLIENT_ID", "ignored"},
                                {"PATH", "/bin"}};
    auto orders = only(whole_file, variables);
    CHECK(orders.client_id == "from-variable");
    CHECK(orders.metadata_interval == 1min);
    CHECK(orders.producing->linger == 7ms);
    CHECK(orders.producing->idempotent);
    REQUIRE(orders.producers.size() == 2);
    CHECK(orders.producers[1].topic == "two");
    CHECK(orders.group_consumer->batch_size == 5);
    CHECK(std::get<at_offset>(orders.group_consumer->begin).offset == 17);
    CHECK(orders.group_consumer->worker_restarts.jitter == 0.25);
    CHECK(orders.extra.at("socket.timeout.ms") == "70");
    CHECK(std::get<scram_sha_512>(*orders.security.sasl).password.read().error().text
          == "the file \"/run/secrets/kafka\" cannot be read: No such file or directory");
    // The program's own assignment comes last.
    orders.client_id = "from-code";
    CHECK(orders.client_id == "from-code");
  }

  TEST_CASE("a connection may be described by variables alone") {
    const auto loaded = parse_settings("", "f.toml",
                                       {{"OTTLA_CONNECTIONS", "orders, orders-eu"},
                                        {"OTTLA_ORDERS_BROKERS", "a:1"},
                                        {"OTTLA_ORDERS_EU_BROKERS", "b:1"}});
    CHECK(loaded.faults == lines{});
    CHECK(loaded.connections.at("orders").brokers == "a:1");
    CHECK(loaded.connections.at("orders-eu").brokers == "b:1");
  }

  TEST_CASE("an unknown key names the nearest known key") {
    CHECK(faults(R"([connections.c]
brokrs = "a:1"
[connections.c.producin]
linger = "1ms"
[connections.c.group_consumer]
batch_sze = 1
[conections.d]
brokers = "a:1"
[connections.c.producing]
completely_different = 1
)")
          == lines{"f.toml:2:1: connections.c.brokrs is not a known key; the nearest is "
                   "connections.c.brokers",
                   "f.toml:4:1: connections.c.producin.linger is not a known key; the nearest is "
                   "connections.c.producing.linger",
                   "f.toml:6:1: connections.c.group_consumer.batch_sze is not a known key; the "
                   "nearest is connections.c.group_consumer.batch_size",
                   "f.toml:7:2: conections is not a known key; the nearest is connections",
                   "f.toml:10:1: connections.c.producing.completely_different is not a known key"});
  }

  TEST_CASE("an unknown variable of a known connection names the nearest known variable") {
    CHECK(faults("[connections.c]", {{"OTTLA_C_BROKRS", "a:1"}, {"OTTLA_C_XYZ", "1"}})
          == lines{"OTTLA_C_BROKRS: is not a known variable; the nearest is OTTLA_C_BROKERS",
                   "OTTLA_C_XYZ: is not a known variable of the connection \"c\""});
    CHECK(faults("[connections.a-b]\n[connections.a_b]")
          == lines{"OTTLA_A_B_*: stands for both connections \"a-b\" and \"a_b\""});
  }

  TEST_CASE("all wrong values are reported together, in the order of the file") {
    CHECK(faults(R"([connections.c]
metadata_interval = 500
brokers = "http://a:1"
client_id = 7
producers = "orders"
[connections.c.producing]
linger = "1ns"
buffer_bytes = "1 TiB"
idempotent = "yes"
delivery_timeout = "99999999999999999999h"
[connections.c.group_consumer]
strategy = "sticky"
batch_size = -1
begin = 2026-01-31
)",
                 {{"OTTLA_C_GROUP_CONSUMER_BATCH_SIZE", "many"}})
          == lines{
            "f.toml:2:1: connections.c.metadata_interval must be a duration with a unit of ns, us, "
            "ms, s, min, h or d, such as \"500ms\"",
            "f.toml:3:1: connections.c.brokers is no list of brokers: broker 1 has the scheme "
            "\"http://\" before the host: set security.protocol in extra",
            "f.toml:4:1: connections.c.client_id must be a text in quotes",
            "f.toml:5:1: connections.c.producers must be a list of texts, such as [\"orders\", "
            "\"returns\"]",
            "f.toml:7:1: connections.c.producing.linger must be a whole number of microseconds",
            "f.toml:8:1: connections.c.producing.buffer_bytes must be a number of bytes, or a size "
            "with a unit of B, kB, KiB, MB, MiB, GB or GiB, such as \"64MiB\"",
            "f.toml:9:1: connections.c.producing.idempotent must be true or false",
            "f.toml:10:1: connections.c.producing.delivery_timeout must be a duration with a unit "
            "of ns, us, ms, s, min, h or d, such as \"500ms\"",
            "f.toml:12:1: connections.c.group_consumer.strategy must be one of \"range\", "
            "\"round_robin\", \"cooperative_sticky\"",
            "f.toml:13:1: connections.c.group_consumer.batch_size must be a whole number that is "
            "not negative",
            "f.toml:14:1: connections.c.group_consumer.begin must be \"earliest\", \"latest\", an "
            "offset, or a time from 1970 to 2200 in UTC, such as \"2026-01-31T12:00:00Z\"",
            "OTTLA_C_GROUP_CONSUMER_BATCH_SIZE: must be a whole number that is not negative"});
  }

  TEST_CASE("a secret has one source, and SASL is complete") {
    CHECK(faults(R"([connections.c.security.sasl]
mechanism = "PLAIN"
user = "ada"
password = "hunter2"
password_environment = "NAME"
)")
          == lines{"f.toml:5:1: connections.c.security.sasl.password_environment must not be set "
                   "together with security.sasl.password"});
    CHECK(
      faults("[connections.c.security.sasl]\nuser = \"ada\"")
      == lines{"f.toml:2:1: connections.c: security.sasl.mechanism must be set if other keys of "
               "security.sasl are set"});
    CHECK(faults("[connections.c.security.sasl]\nmechanism = \"PLAIN\"")
          == lines{"f.toml:2:1: connections.c: security.sasl.user and security.sasl.password must "
                   "be set"});
    CHECK(faults("[connections.c.security.sasl]\nmechanism = \"OAUTHBEARER\"\nuser = \"ada\"")
          == lines{"f.toml:2:1: connections.c: security.sasl.user and security.sasl.password must "
                   "not be set for OAUTHBEARER"});
  }

  TEST_CASE("no fault quotes a password") {
    for (const std::string text : {"[connections.c.security.sasl]\npassword = hunter2",
                                   "[connections.c.security.sasl]\npassword = 0hunter2",
                                   "[connections.c.security.sasl]\npassword = \"hunter2",
                                   "[connections.c.security.sasl]\npassword = \"hunter2\" hunter2",
                                   "[connections.c.security.sasl]\npassword = 'hunter2''hunter2'",
                                   "[connections.c.security.sasl]\npassword = [\"hunter2\"]",
                                   "[connections.c]\nmetadata_interval = \"hunter2\"",
                                   "[connections.c]\nbrokers = \"hunter2@a:1\"",
                                   "[connections.c.security.sasl]\nmechanism = \"hunter2\""}) {
      CAPTURE(text);
      const auto found = faults(text);
      REQUIRE(!found.empty());
      CHECK(found[0].starts_with("f.toml:2:"));
      CHECK(found[0].find("hunter2") == std::string::npos);
    }
  }

  TEST_CASE("a key of very many parts is rejected and does not overflow the stack") {
    std::string key = "connections";
    for (int i = 0; i < 400'000; ++i)
      key += ".a";
    CHECK(faults("\n[" + key + "]") == lines{"f.toml:2:1014: the line has more than 500 dots"});
  }

  TEST_CASE("a character outside of strings that is not ASCII is rejected before it is parsed") {
    CHECK(faults("[connections.c]\né = 1")
          == lines{"f.toml:2:1: a character outside of strings and comments is not ASCII"});
  }

  TEST_CASE("a file that does not exist is one fault") {
    CHECK(load_settings("/nowhere/ottla.toml", {}).faults
          == lines{"/nowhere/ottla.toml: cannot be read: No such file or directory"});
  }

  TEST_CASE("load_settings reads a file") {
    const auto path = (std::filesystem::temp_directory_path()
                       / ("ottla_settings_" + std::to_string(::getpid()) + ".toml"))
                        .string();
    std::ofstream{path} << whole_file;
    CHECK(load_settings(path, {}).connections.size() == 1);
    std::filesystem::remove(path);
  }

  TEST_CASE("process_environment has the variables of this process") {
    ::setenv("OTTLA_TEST_VARIABLE", "a=b", 1);
    CHECK(process_environment().at("OTTLA_TEST_VARIABLE") == "a=b");
    ::unsetenv("OTTLA_TEST_VARIABLE");
  }

  TEST_CASE("no two settings share a variable") {
    std::set<std::string> names;
    for (const auto& each : connection_schema())
      CHECK(names.insert(variable_of(each.key)).second);
  }
}
