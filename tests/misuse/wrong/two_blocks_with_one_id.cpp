// error: ottla_two_blocks_of_OTTLA_MESSAGES_start_at_one_id
#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

struct add {};
struct pay {};
OTTLA_MESSAGES(shop, ottla::first_user_type_id, add)
OTTLA_MESSAGES(till, ottla::first_user_type_id, pay)
