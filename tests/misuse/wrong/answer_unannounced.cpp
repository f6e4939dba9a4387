// error: ottla: announce the type of this call's answer with OTTLA_MESSAGES
// error: ottla: announce the type of this call's answer with OTTLA_MESSAGES
// error: ottla: announce the type of this call's answer with OTTLA_MESSAGES
// error: ottla: announce the type of this call's answer with OTTLA_MESSAGES
#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/actors/type_ids.hpp>

struct get {
  int number = 0;
};
OTTLA_MESSAGES(shop, ottla::first_user_type_id, get)

struct called {
  int number = 0;
};
struct returned {
  int number = 0;
};
struct replied {
  int number = 0;
};
struct promised {
  int number = 0;
};

void ask(caf::actor_system& system, const ottla::process_ref& shop) {
  static_cast<void>(ottla::call<called>(system, shop, ottla::infinity, get{}));
}

struct shop : ottla::server {
  using server::server;
  ottla::init_result init(handlers& on) override {
    on.call([](get) { return returned{}; });
    on.call([](int) { return ottla::reply(replied{}, ottla::next{}); });
    on.call([](double, ottla::caller<promised>) {});
    return {};
  }
};
