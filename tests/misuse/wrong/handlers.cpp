// error: ottla: a handler must be a function or a lambda with one operator()
// error: ottla: a call's handler must take the message
// error: ottla: the second argument of a call's handler must be an ottla::caller<Answer>
// error: ottla: a call's handler must return the answer
// error: ottla: a cast's handler must take the message as its only argument
// error: ottla: a cast's handler must return void or next
// error: ottla: a handler must take its message by value
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
