// error: ottla: a handler is a function or a lambda that names its message's type
// error: ottla: a call's handler takes the message
// error: ottla: the second argument of a call's handler is an ottla::caller<Answer>
// error: ottla: a call's handler answers with a value
// error: ottla: a cast's handler takes the message
// error: ottla: a cast's handler returns nothing, or next
// error: ottla: a handler takes its message by value
// error: ottla: announce this type of message with OTTLA_MESSAGES
#include <ottla/actors/server.hpp>

struct add {
  int number = 0;
};

struct shop : ottla::server {
  using server::server;
  ottla::init_result init(handlers& on) override {
    on.call([](auto) { return 1; });
    on.call([] { return 1; });
    on.call([](int, int) { return 1; });
    on.call([](int) { return ottla::next{}; });
    on.cast([](int, int) {});
    on.cast([](int) { return 5; });
    on.cast([](int&&) {});
    on.cast([](add) {});
    return {};
  }
};
