#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor.hpp>

#include <fmt/format.h>

namespace kafka = ottla::kafka;

struct printer : kafka::message_handler {
  kafka::verdict handle(kafka::batch orders) override {
    for (const auto& order : orders)
      fmt::print("{} {}\n", order.offset(), order.value());
    return kafka::ack();
  }
};

int main() {
  kafka::embedded_cluster cluster{{.topics = {{.name = "orders"}}}};
  ottla::application app{{.id = "order-service",
                          .children = {kafka::connection{
                            .name = "orders",
                            .brokers = cluster.brokers(),
                            .group_consumer = kafka::group_consumer{
                              .group = "printers",
                              .topics = {"orders"},
                              .handler = kafka::handler<printer>(),
                            },
                          }}}};
  return app.tree() && app.stop() ? 0 : 1;
}
