// error: ottla: OTTLA_MESSAGES must be outside of every namespace and class
// more errors follow
#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

namespace shop {
struct add {};
OTTLA_MESSAGES(shop, ottla::first_user_type_id, add)
} // namespace shop
