// Uses every public aggregate with designated initializers that leave out fields. This file must
// compile without a warning under -Wall -Wextra -Werror, with and without optimization, because the
// optimizer has warnings of its own.
#include <ottla/actors/introspection.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/process_label.hpp>
#include <ottla/actors/process_messages.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/kafka/consumer/handle_batch.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/fetch/fetch.hpp>
#include <ottla/kafka/fetch/search.hpp>
#include <ottla/kafka/fetch/stream_process.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/producer/in_order.hpp>
#include <ottla/kafka/producer/partitioner.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/registry/name_events.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/partition_supervisor_spec.hpp>
#include <ottla/supervision/process_manager.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace kafka = ottla::kafka;

/// Declared only, so that the optimizer must construct and destroy each argument.
void keep(const void* aggregate);

template <class... Aggregates>
void use(const Aggregates&... all) {
  (keep(&all), ...);
}

void actors() {
  use(ottla::process_label{.id = "shop"}, ottla::process_label{.name = "shop"},
      ottla::process_started{.text = "up"}, ottla::process_status{.name = "shop"},
      ottla::count_messages{.on = false}, ottla::process_statistics{.messages_in = 1},
      ottla::process_trace{.text = "add"}, ottla::trace_ref{.number = 1},
      ottla::trace_to{.whom = {}}, ottla::trace_with{.report = {}}, ottla::stop_trace{.which = {}},
      ottla::monitor_ref{.number = 1}, ottla::process_down{.name = "shop"},
      ottla::replied<int>{.answer = 1});
}

void registry() {
  use(ottla::registered{.name = "shop"}, ottla::registered{.value = {}},
      ottla::name_registered{.name = "shop"}, ottla::name_unregistered{.name = "shop"});
}

void supervision() {
  use(ottla::child_spec{.id = "shop"}, ottla::child_spec{.start = {}},
      ottla::child_spec{.name = "shop"}, ottla::supervisor_spec{.id = "root"},
      ottla::supervisor_spec{.children = {}}, ottla::application_spec{.id = "orders"},
      ottla::application_spec{.children = {{.id = "shop"}}}, ottla::stop_report{.left = {}},
      ottla::dynamic_supervisor_spec{.id = "carts"},
      ottla::dynamic_supervisor_spec{.max_children = 1},
      ottla::partition_supervisor_spec{.id = "parts"},
      ottla::partition_supervisor_spec{.partitions = 4}, ottla::resize_partitions{.partitions = 4},
      ottla::process_manager_spec{.id = "carts"},
      ottla::process_manager_spec{.initializer = {}, .name = "carts"},
      ottla::restart_limit{.at_most = 1}, ottla::backoff_settings{.at_once = 2},
      ottla::process_event{.path = "root/shop"}, ottla::process_event{.restarts = 1},
      ottla::tree_node{.id = "shop"}, ottla::tree_node{.children = {}});
  use(ottla::child_result{.text = "no"}, ottla::adopt_child{.process = {}},
      ottla::terminate_child{.id = "shop"}, ottla::restart_child{.id = "shop"},
      ottla::delete_child{.id = "shop"}, ottla::get_child_spec{.id = "shop"},
      ottla::child_spec_found{.spec = {}}, ottla::child_list{.children = {{.id = "shop"}}},
      ottla::child_list::row{.type = ottla::child_type::worker}, ottla::child_counts{.active = 1},
      ottla::describe_tree{.within = {}}, ottla::subscribe{.who = {}},
      ottla::unsubscribe{.who = {}});
}

void connections() {
  use(kafka::connection{.name = "orders"}, kafka::connection{.brokers = "localhost:9092"},
      kafka::connection{.group_consumer = kafka::group_consumer{.group = "printers"}},
      kafka::group_consumer{.topics = {"orders"}}, kafka::group_consumer{.handler = {}},
      kafka::assigned_partition{.group = "printers"},
      kafka::assigned_partition{.where = {.topic = "orders"}},
      kafka::fetch_settings{.topic = "orders"}, kafka::fetched_records{.next = 1},
      kafka::stream_settings{.topic = "orders"}, kafka::search_settings{.in = {.topic = "orders"}},
      kafka::stream_process{.name = "history"}, kafka::stream_part{.number = 1},
      kafka::next_part_request{.after = 1}, kafka::partition_progress{.end = 1},
      kafka::topic_partition{.topic = "orders"}, kafka::topic_partition{.partition = 1},
      kafka::topic_producer_settings{.topic = "orders"},
      kafka::topic_producer_settings{.acks = kafka::ack_level::all},
      kafka::cluster_settings{.brokers = "localhost:9092"}, kafka::cluster_settings{.extra = {}},
      kafka::producer_settings{.idempotent = false}, kafka::topic_info{.partitions = 1},
      kafka::producer_settings{.partitioner = kafka::md5{}},
      kafka::topic_producer_settings{.topic = "orders", .partitioner = kafka::round_robin{}},
      kafka::fixed_partition{.partition = 1}, kafka::custom{.function = {}},
      kafka::produced_in_order{.stored = 1}, kafka::produced_in_order{.not_stored = {}},
      kafka::new_topic{.name = "orders"}, kafka::new_topic{.partitions = 1},
      kafka::embedded_cluster::settings{.topics = {{.name = "orders"}}},
      kafka::embedded_cluster::topic{.partitions = 1}, kafka::oauth_token{.value = "token"},
      kafka::oauth_token{.principal = "shop"}, kafka::error{.text = "no"}, kafka::since{.when = {}},
      kafka::at_offset{.offset = 5}, kafka::unfinished{.count = 1}, kafka::log_line{.level = 4},
      kafka::log_line{.facility = "CONFWARN"}, kafka::log_line{.text = "no such key"});
}

// Durations in every unit that converts without loss, and points in time in every unit.
void durations() {
  using namespace std::chrono_literals;
  using namespace std::chrono;
  const duration<double> half_a_second{0.5};
  use(ottla::child_spec{.shutdown = 1h}, ottla::child_spec{.shutdown = half_a_second},
      ottla::child_spec{.start_timeout = 1us}, ottla::child_spec{.start_timeout = hours::max()},
      ottla::restart_limit{.at_most = 3, .within = 5min}, ottla::restart_limit{.within = 1.5s},
      ottla::backoff_settings{.first = 1ns, .longest = 1h, .healthy_after = half_a_second},
      ottla::application_spec{.stop_within = seconds::max()},
      ottla::process_manager_spec{
        .retry_after = 0.5s, .poll = hours::max(), .initializer_timeout = half_a_second},
      ottla::describe_tree{.within = 100ms});
  use(kafka::cluster_settings{.metadata_interval = 1h},
      kafka::cluster_settings{.metadata_interval = half_a_second},
      kafka::producer_settings{.linger = 5us, .delivery_timeout = 2min},
      kafka::producer_settings{.linger = 1.5ms, .delivery_timeout = half_a_second},
      kafka::connection{.metadata_interval = 5min},
      kafka::group_consumer{.commit_interval = 1s, .drain_within = 0.5s},
      kafka::group_consumer{.handle_within = seconds::max(), .rebalance_delay = 1ms},
      kafka::group_consumer{.max_poll_interval = hours::max(), .fetch_wait = 0ms},
      kafka::group_consumer{.session_timeout = 45s,
                            .heartbeat_interval = 3s,
                            .max_poll_interval = 5min,
                            .fetch_wait = half_a_second});
  use(kafka::since{.when = system_clock::now() - 1h}, kafka::since{.when = sys_seconds::max()},
      kafka::since{sys_days{2026y / 1 / 1}}, kafka::record{.timestamp = system_clock::now()},
      kafka::record{.timestamp = sys_time<milliseconds>{1ms}},
      kafka::oauth_token{.expires = system_clock::now() + 1h},
      kafka::oauth_token{.expires = sys_seconds{1s}});
  const kafka::begin_offset begin = kafka::since{.when = sys_seconds{1s}};
  const std::optional<system_clock::time_point> sent = kafka::record{}.timestamp;
  use(begin, sent);
}

void messages() {
  use(kafka::record{.key = "7"}, kafka::record{.value = "a book"}, kafka::header{.name = "trace"},
      kafka::header{.value = "1"},
      kafka::produce{.topic = "orders", .records = {{.value = "a book"}}},
      kafka::produced{.stored = 1}, kafka::produced::failure{.index = 1},
      kafka::record_place{.offset = 5}, kafka::assignment{.group = "printers"},
      kafka::assignment{.where = {.topic = "orders"}}, kafka::handle_batch{.lease = {}},
      kafka::verdict{.offset = 5}, kafka::health_report{.reasons = {}},
      kafka::health_report::reason{.why = "no broker"}, kafka::subscribe_topics{.topics = {}},
      kafka::subscription{.topics = {}}, kafka::pause_topics{.topics = {}},
      kafka::resume_topics{.topics = {}}, kafka::paused_topics{.topics = {}},
      kafka::lag_report{.partitions = {{.next = 5}}},
      kafka::committed_offsets{.partitions = {{.offset = 5}}},
      kafka::find_worker{.where = {.topic = "orders"}}, kafka::worker_found{.process = {}});
}

/// Variables whose values the compiler does not know.
void variables(const std::map<std::string, std::string>& extra, const std::string& name) {
  const kafka::connection constant{.name = name, .brokers = "b", .extra = extra};
  kafka::connection with_group{
    .name = name,
    .brokers = name,
    .producers = {{.topic = name, .compression = kafka::codec::lz4, .extra = extra}},
    .group_consumer = kafka::group_consumer{.group = name, .topics = {name}, .extra = extra}};
  use(constant, with_group);
  with_group.producing
    = kafka::producer_settings{.linger = std::chrono::milliseconds{1}, .extra = extra};
  const kafka::connection producing{
    .name = name, .producing = kafka::producer_settings{.extra = extra}, .extra = extra};
  kafka::group_consumer group{.group = name, .topics = {name}};
  const kafka::cluster_settings cluster{.brokers = name, .extra = extra};
  const kafka::producer_settings producer{.idempotent = false, .extra = extra};
  use(with_group, producing, group, cluster, producer);
  const ottla::application_spec application{.id = name, .children = {constant, with_group}};
  ottla::supervisor_spec supervisor{.id = name, .children = {producing}};
  const ottla::child_spec child{.id = name, .name = name};
  use(application, supervisor, child);
  const kafka::record record{
    .key = name, .value = name, .headers = {{name, name}, {name, std::nullopt}}};
  const kafka::produce produce{.topic = name, .records = {record, {.value = name}}};
  const kafka::assignment assignment{.group = name, .where = {.topic = name}};
  use(record, produce, assignment);
}

/// Temporaries whose values the compiler does not know.
void temporaries(const std::map<std::string, std::string>& extra, const std::string& name) {
  use(kafka::connection{.name = name, .brokers = "b", .extra = extra},
      kafka::connection{.producing = kafka::producer_settings{.extra = extra}},
      kafka::connection{.group_consumer = kafka::group_consumer{.group = name, .extra = extra}});
  use(ottla::application_spec{
    .id = name,
    .children = {kafka::connection{.name = name, .brokers = "b"},
                 ottla::supervisor_spec{.id = name, .children = {{.id = "shop"}}}}});
}
