#pragma once

#include <ottla/kafka/admin/admin_requests.hpp>
#include <ottla/kafka/internal/driver/admin_session.hpp>

namespace ottla::kafka {

// These functions implement the admin requests with the functions of admin_session. Each function
// blocks, at most until the session's deadline. Callers check fault_of() first.

// -- topics and configs: topic_work.cpp
list_topics_request::answer carry_out(admin_session& over, const list_topics_request& what);
describe_topics_request::answer carry_out(admin_session& over, const describe_topics_request& what);
topic_exists_request::answer carry_out(admin_session& over, const topic_exists_request& what);
count_partitions_request::answer carry_out(admin_session& over,
                                           const count_partitions_request& what);
create_topics_request::answer carry_out(admin_session& over, const create_topics_request& what);
delete_topics_request::answer carry_out(admin_session& over, const delete_topics_request& what);
add_partitions_request::answer carry_out(admin_session& over, const add_partitions_request& what);
describe_configs_request::answer carry_out(admin_session& over,
                                           const describe_configs_request& what);
alter_configs_request::answer carry_out(admin_session& over, const alter_configs_request& what);
delete_records_request::answer carry_out(admin_session& over, const delete_records_request& what);
describe_cluster_request::answer carry_out(admin_session& over,
                                           const describe_cluster_request& what);

// -- groups: group_work.cpp
list_groups_request::answer carry_out(admin_session& over, const list_groups_request& what);
describe_groups_request::answer carry_out(admin_session& over, const describe_groups_request& what);
fetch_committed_offsets_request::answer carry_out(admin_session& over,
                                                  const fetch_committed_offsets_request& what);
fetch_lag_request::answer carry_out(admin_session& over, const fetch_lag_request& what);
reset_offsets_request::answer carry_out(admin_session& over, const reset_offsets_request& what);
delete_groups_request::answer carry_out(admin_session& over, const delete_groups_request& what);

} // namespace ottla::kafka
