// error: ottla: a message must be copyable (a std::shared_ptr makes any member copyable)
#include <ottla/actors/call.hpp>
#include <ottla/actors/type_ids.hpp>

#include <memory>

struct add {
  std::unique_ptr<int> number;
};
OTTLA_MESSAGES(shop, ottla::first_user_type_id, add)

void send(const ottla::process_ref& shop) {
  ottla::post(shop, add{});
}
