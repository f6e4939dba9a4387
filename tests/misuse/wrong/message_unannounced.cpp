// error: ottla: announce this type of message with OTTLA_MESSAGES
// error: ottla: announce this type of message with OTTLA_MESSAGES
#include <ottla/actors/call.hpp>

struct add {
  int number = 0;
};
struct get {
  int number = 0;
};

void send(const ottla::process_ref& shop) {
  ottla::post(shop, add{});
}

void ask(caf::actor_system& system, const ottla::process_ref& shop) {
  static_cast<void>(ottla::call<int>(system, shop, ottla::infinity, get{}));
}
