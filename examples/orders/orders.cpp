// Produces two orders and handles them, until SIGINT. Usage: orders [BROKERS]
// Without BROKERS the orders go through an embedded Kafka.

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/producer/producer.hpp>
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
    .producing = kafka::producer_settings{},
    .group_consumer = kafka::group_consumer{.group = "printers",
                                            .topics = {"orders"},
                                            .handler = kafka::handler<printer>()},
  };
  return ottla::run({.id = "shop", .children = {orders}}, [](ottla::application& shop) {
    const kafka::producer producer{shop.find("orders/producer")};
    const auto done = producer.produce(
      {.topic = "orders",
       .records = {{.key = "Ada", .value = "a book"}, {.key = "Ben", .value = "tea"}}},
      std::chrono::seconds{30});
    fmt::print("{} stored\n", done.stored);
  });
}
