#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>

#include <fmt/format.h>

#include <chrono>

namespace kafka = ottla::kafka;

using namespace std::chrono_literals;

struct add {
  int number = 0;
};
struct get_sum {};
OTTLA_MESSAGES(sums, ottla::first_user_type_id, add, get_sum)

class summer : public ottla::server {
public:
  using server::server;

private:
  ottla::init_result init(handlers& on) override {
    on.cast([this](add what) { sum_ += what.number; });
    on.call([this](get_sum) { return sum_; });
    return {};
  }
  int sum_ = 0;
};

struct printer : kafka::batch_handler {
  kafka::verdict handle(kafka::batch orders) override {
    for (const auto& order : orders)
      fmt::print("{} {}\n", order.offset(), order.value());
    return kafka::ack();
  }
};

int main() {
  kafka::embedded_cluster cluster{{.topics = {{.name = "orders"}}}};
  ottla::application app{{.id = "order-service",
                          .children = {{.id = "summer",
                                        .start = ottla::start<summer>(),
                                        .name = "summer"},
                                       kafka::connection{
                            .name = "orders",
                            .brokers = cluster.brokers(),
                            .producing = kafka::producer_settings{},
                            .group_consumer = kafka::group_consumer{
                              .group = "printers",
                              .topics = {"orders"},
                              .handler = kafka::handler<printer>(),
                            },
                          }}}};
  ottla::post(app.find("summer"), add{2});
  const auto sum = ottla::call<int>(app.system(), app.find("summer"), 1s, get_sum{});
  const auto done = ottla::call<kafka::produced>(
    app.system(), app.find("orders/producer"), 30s,
    kafka::produce{.topic = "orders", .records = {{.key = "7", .value = "a book"}}});
  if (const auto tree = app.tree())
    fmt::print("{}", ottla::draw(*tree));
  return sum && *sum == 2 && done && done->stored == 1 && app.stop() ? 0 : 1;
}
