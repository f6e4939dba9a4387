// error: ottla: this handler type is abstract, so it must override handle()
// error: ottla: this handler type is abstract, so it must override handle()
// error: ottla: a handler must derive from batch_handler or message_handler
// error: ottla: no constructor of the handler takes these arguments, each as a const&
#include <ottla/kafka/consumer/handler.hpp>

namespace kafka = ottla::kafka;

// This handle() takes the batch by reference, so it does not override batch_handler::handle().
struct printer : kafka::batch_handler {
  kafka::verdict handle(const kafka::batch&) { return kafka::ack(); }
};

struct counter : kafka::message_handler {
  kafka::verdict handle(kafka::message&) { return kafka::ack(); }
};

struct no_handler {};

struct adder : kafka::message_handler {
  explicit adder(int& sum) : sum_{sum} {}
  kafka::verdict handle(const kafka::message&) override {
    ++sum_;
    return kafka::ack();
  }
  int& sum_;
};

const auto abstract_of_batches = kafka::handler<printer>();
const auto abstract_of_messages = kafka::handler<counter>();
const auto of_nothing = kafka::handler<no_handler>();
const auto of_a_reference = kafka::handler<adder>(1);
