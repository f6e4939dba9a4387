// A broker that worked before and then closes each connection is down. Errors must not blame the
// settings.

#include "event_pump.hpp"
#include "support/administer.hpp"
#include "support/forwarder.hpp"

#include <future>
#include <optional>
#include <string>
#include <variant>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::uint16_t nobody_listens = 1;

std::uint16_t port_of(const embedded_cluster& of) {
  const auto address = of.brokers();
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

/// Returns the first reported failure at this port, except failed attempts to connect.
template <class Pump>
std::string failure_at(Pump& who, const std::string& port) {
  const auto until = steady::now() + 30s;
  while (const auto told = who.template find<handle_failed>(
           std::chrono::ceil<std::chrono::milliseconds>(until - steady::now())))
    if (told->what.text.find(port) != std::string::npos
        && told->what.text.find("Connect to") == std::string::npos)
      return told->what.text;
  return {};
}

} // namespace

TEST_SUITE("a lost broker" * doctest::timeout(120)) {
  TEST_CASE("a broker that worked before and then closes each connection is reported as lost") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    ottla::test::forwarder front{port_of(cluster)};
    const auto address = "127.0.0.1:" + std::to_string(front.port());
    const auto kafka = make_librdkafka_driver({.brokers = address});
    sender to{kafka->open_producer({.linger = 0us})};
    REQUIRE(to->send(make_batch(1, "t", numbered(1)), 0) == 1);
    REQUIRE(to.expect<delivered>().failures.empty());
    cluster.take_broker_down(1);
    front.lead_to(nobody_listens);
    REQUIRE(to->send(make_batch(2, "t", numbered(1)), 0) == 1);
    CHECK(failure_at(to, address) == address + "/bootstrap: the connection was lost");
    const auto probed = [&] {
      std::promise<std::optional<error>> answer;
      kafka->ask_brokers(3s, {}, [&](std::optional<error> what) { answer.set_value(what); });
      return answer.get_future().get();
    }();
    REQUIRE(probed.has_value());
    CHECK(probed->code == errc::unreachable);
    CHECK(probed->text.find("security.protocol") == std::string::npos);
    kafka->stop_asking();
  }

  TEST_CASE("a look-up does not blame settings if an earlier look-up succeeded") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    ottla::test::forwarder front{port_of(cluster)};
    const auto kafka
      = make_librdkafka_driver({.brokers = "127.0.0.1:" + std::to_string(front.port())});
    const auto describe = [&]() -> std::optional<error> {
      std::promise<std::optional<error>> told;
      kafka->describe_topics({"t"}, [&](const auto& answer) {
        const auto* why = std::get_if<error>(&answer);
        told.set_value(why != nullptr ? std::optional{*why} : std::nullopt);
      });
      return told.get_future().get();
    };
    const auto list = [&]() -> std::optional<error> {
      const auto answer = administer(*kafka, list_topics_request{.within = 4s});
      return answer ? std::nullopt : std::optional{answer.error()};
    };
    const auto probe = [&] {
      std::promise<std::optional<error>> told;
      kafka->ask_brokers(3s, {}, [&](std::optional<error> what) { told.set_value(what); });
      return told.get_future().get();
    };
    SUBCASE("the earlier look-up listed all topics") {
      REQUIRE_FALSE(list().has_value());
    }
    SUBCASE("the earlier look-up described some topics, as a health check does") {
      REQUIRE_FALSE(describe().has_value());
    }
    SUBCASE("the earlier look-up probed the brokers") {
      REQUIRE_FALSE(probe().has_value());
    }
    cluster.take_broker_down(1);
    front.lead_to(nobody_listens);
    const auto create = [&]() -> std::optional<error> {
      const auto answer
        = administer(*kafka, create_topics_request{.topics = {{.name = "u"}}, .within = 2s});
      return answer ? std::nullopt : std::optional{answer.error()};
    };
    for (const auto& why : {list(), describe(), probe(), create()}) {
      REQUIRE(why.has_value());
      CAPTURE(why->text);
      CHECK(why->code == errc::unreachable);
      CHECK(why->text.find("security.protocol") == std::string::npos);
    }
    // If a client never reached the broker, a wrong setting is still likely.
    const auto stranger
      = make_librdkafka_driver({.brokers = "127.0.0.1:" + std::to_string(front.port())});
    CHECK(administer(*stranger, list_topics_request{.within = 3s})
            .error()
            .text.find("the port may be a TLS port")
          != std::string::npos);
    kafka->stop_asking();
  }

  TEST_CASE("a failure at a port that never worked suggests that it may be a TLS port") {
    ottla::test::forwarder front{nobody_listens};
    const auto address = "127.0.0.1:" + std::to_string(front.port());
    sender to{make_librdkafka_driver({.brokers = address})->open_producer({.linger = 0us})};
    REQUIRE(to->send(make_batch(1, "t", numbered(1)), 0) == 1);
    CHECK(failure_at(to, address).find("the port may be a TLS port") != std::string::npos);
  }
}
