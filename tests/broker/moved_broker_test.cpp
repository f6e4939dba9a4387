// A single broker that restarts at another address, as in a recreated container. The bootstrap
// address of the members leads to the new address.

#include <ottla/kafka/admin/topics.hpp>

#include "broker/cluster_script.hpp"
#include "broker/group_application.hpp"
#include "support/forwarder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

const std::string folder = OTTLA_OWN_CLUSTER "_moved";

std::string run(const std::string& arguments) {
  return cluster_script{.folder = folder, .port = 23'092}.run(arguments);
}

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
}

/// One node of Apache Kafka behind a bootstrap address that stays the same.
struct moving_broker {
  std::string address = run("start");
  ottla::test::forwarder front{port_of(address)};

  ~moving_broker() { run("stop"); }

  std::string brokers() const { return fmt::format("127.0.0.1:{}", front.port()); }

  void end() { run("kill 1"); }

  /// Starts the same node at another port.
  void come_back_elsewhere() {
    const auto file = folder + "/cluster/node-1/server.properties";
    std::stringstream read;
    read << std::ifstream{file}.rdbuf();
    auto text = read.str();
    const auto old = fmt::format("PLAINTEXT://{}", address);
    const auto moved = fmt::format("PLAINTEXT://127.0.0.1:{}", port_of(address) + 500);
    for (auto at = text.find(old); at != std::string::npos; at = text.find(old, at + moved.size()))
      text.replace(at, old.size(), moved);
    std::ofstream{file} << text;
    const auto now = run("start");
    REQUIRE(now != address);
    front.lead_to(port_of(now));
  }
};

} // namespace

TEST_SUITE("moved brokers" * doctest::timeout(300)) {
  TEST_CASE("a member finds a single broker that restarted at another address") {
    moving_broker kafka;
    REQUIRE(kafka.address != "");
    const auto topic = fresh_topic("moved", 2, 1, kafka.brokers());
    const auto seen = std::make_shared<deliveries>();
    auto how = quick_consumer(topic, seen);
    application app{{.id = "app",
                     .children = {connection{.name = "c",
                                             .brokers = kafka.brokers(),
                                             .group_consumer = std::move(how),
                                             .observer = seen}}}};
    REQUIRE(seen->wait_to_hold(2));
    const auto before = seen->assignments();
    kafka.end();
    kafka.come_back_elsewhere();
    // The member's session of 6 s times out first. The new assignment follows up to 6 s later.
    REQUIRE(seen->wait_for_assignments(before + 1));
    CHECK(seen->wait_to_hold(2));
    const auto client = make_librdkafka_driver({.brokers = kafka.brokers()});
    store(*client, topic, numbered(10));
    CHECK(seen->wait_for_total(10));
    CHECK(app.stop());
  }

  TEST_CASE(
    "members of an eager or cooperative group find the cluster's only broker at its new address") {
    moving_broker kafka;
    REQUIRE(kafka.address != "");
    auto strategy = assignor::cooperative_sticky;
    SUBCASE("cooperative-sticky assignor") {}
    SUBCASE("range assignor, which is eager") {
      strategy = assignor::range;
    }
    const auto topic = fresh_topic("moved", 1, 1, kafka.brokers());
    const auto first = std::make_shared<deliveries>();
    const auto second = std::make_shared<deliveries>();
    const auto member = [&](const std::shared_ptr<deliveries>& seen) {
      auto how = quick_consumer(topic, seen);
      how.strategy = strategy;
      return application_spec{.id = "app",
                              .children = {connection{.name = "c",
                                                      .brokers = kafka.brokers(),
                                                      .group_consumer = std::move(how),
                                                      .observer = seen}}};
    };
    application one{member(first)};
    REQUIRE(first->wait_for_assignments(1));
    application other{member(second)};
    REQUIRE(second->wait_for_assignments(1));
    const auto before_first = first->assignments();
    const auto before_second = second->assignments();
    kafka.end();
    kafka.come_back_elsewhere();
    CHECK(first->wait_for_assignments(before_first + 1));
    CHECK(second->wait_for_assignments(before_second + 1));
    CHECK(one.stop());
    CHECK(other.stop());
  }
}
