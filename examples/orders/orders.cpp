// Produces two orders and handles them, until SIGINT. Usage: orders [BROKERS]
// Without BROKERS the orders go through an embedded Kafka.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include <fmt/format.h>

#include <optional>

namespace kafka = ottla::kafka;

struct printer : kafka::message_handler {
  kafka::verdict handle(const kafka::message& order) override {
    fmt::print("{} orders {}\n", order.key(), order.value());
    return kafka::ack(); // after a throw, a new worker resumes after the last ack
  }
};

int main(int count, char** arguments) {
  std::optional<kafka::embedded_cluster> embedded;
  if (count < 2)
    embedded.emplace(kafka::embedded_cluster::settings{});

  const kafka::connection orders{
    .name = "orders",
    .brokers = embedded ? embedded->brokers() : arguments[1],
    .producers = {{.topic = "orders"}},
    .group_consumer = kafka::group_consumer{.group = "printers",
                                            .topics = {"orders"},
                                            .handler = kafka::handler<printer>()},
  };
  return ottla::run({.id = "shop", .children = {orders}}, [](ottla::application& shop) {
    const auto stored = ottla::call<kafka::produced>(
      shop.system(), shop.find("orders/producer/orders"), std::chrono::seconds{30},
      kafka::produce{.records
                     = {{.key = "Ada", .value = "a book"}, {.key = "Ben", .value = "tea"}}});
    fmt::print("{}\n",
               stored ? fmt::format("{} stored", stored->stored) : to_string(stored.error()));
  });
}
