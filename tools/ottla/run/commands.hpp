#pragma once

#include <ottla/configuration/environment.hpp>

#include "arguments/arguments.hpp"
#include "run/session.hpp"
#include "text/exit_status.hpp"

namespace command {

// The commands that need Kafka. Each blocks until it is done, and returns the exit status.
exit_status run(session& with, const list_topics& what);
exit_status run(session& with, const describe_topics& what);
exit_status run(session& with, const find_topic& what);
exit_status run(session& with, const create_topics& what);
exit_status run(session& with, const delete_topics& what);
exit_status run(session& with, const add_partitions& what);
exit_status run(session& with, const alter_topic_config& what);
exit_status run(session& with, const delete_topic_records& what);
/// Without a group and without --follow.
exit_status run(session& with, const consume_records& what);
exit_status run(session& with, const fetch_records& what);
exit_status run(session& with, const search_records& what);
exit_status run(session& with, const list_groups& what);
exit_status run(session& with, const describe_groups& what);
exit_status run(session& with, const show_lag& what);
exit_status run(session& with, const reset_group& what);
exit_status run(session& with, const delete_groups& what);
exit_status run(session& with, const describe_cluster& what);

// These commands stop in an orderly way at SIGINT and SIGTERM. They return the status, or 128 plus
// the number of the signal.
int run(session& with, const produce_records& what);
int run_group(session& with, const consume_records& what);
int run_follow(session& with, const consume_records& what);

/// `config check`. Needs no Kafka.
exit_status run(output& out, reporter& faults, const common_arguments& common,
                const check_config& what, const ottla::kafka::environment& variables,
                bool has_default_file);

} // namespace command
