#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_queue.hpp>
#include <ottla/kafka/internal/driver/librdkafka/forgotten_generation.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>
#include <ottla/kafka/internal/driver/librdkafka/membership_queries.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reaper.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

std::shared_ptr<handle> take_over(rd_kafka_t* native, std::unique_ptr<interceptors> threads,
                                  const fetch_memory& memory, pausing pauses) {
  // Errors of the whole client arrive in the group's queue too, so this object reads only one
  // queue.
  rd_kafka_poll_set_consumer(native);
  auto taken = std::make_shared<handle>(native, owned_queue{rd_kafka_queue_get_consumer(native)},
                                        std::move(threads));
  taken->open_pool(memory, std::move(pauses));
  return taken;
}

} // namespace

group_member::group_member(rd_kafka_t* native, std::unique_ptr<interceptors> threads,
                           const fetch_memory& memory, std::unique_ptr<offset_lookup> lookup,
                           pausing pauses)
  : handle_{take_over(native, std::move(threads), memory, std::move(pauses))},
    events_{std::make_unique<event_box<consumer_event>>()},
    reader_{handle_->native(), handle_->brokers()},
    lookup_{std::move(lookup)},
    commits_{*handle_, *events_, lookup_->starts(), *lookup_->epochs()},
    resolver_{std::make_unique<lookup_thread>([over = lookup_] { over->close(); })} {
  events_->bell().attach(handle_->events());
  watch_joins();
}

group_member::~group_member() {
  if (closing_ == closing_state::open)
    note_fitness();
  commits_.close();
  commits_.release();
  if (std::exchange(subscribed_anew_, false))
    rd_kafka_unsubscribe(handle_->native());
  handle_->joins().bell().connect({});
  events_->bell().connect({});
  doorbell::detach(handle_->events());
  resolver_->stop();
  close_all_sources();
  const bool silently
    = closing_ != closing_state::begun && closing_ != closing_state::over && leaves_silently();
  auto rest = std::make_shared<departing_member>(
    departing_member{.of = std::move(handle_),
                     .events = std::move(events_),
                     .resolver = std::move(resolver_),
                     .unanswered = std::move(unanswered_),
                     .closing = closing_ == closing_state::begun,
                     .leaves_silently = silently,
                     .answered_while_closing = answered_while_closing_,
                     .belated = std::move(belated_),
                     .unfit_to_be_destroyed = unfit_to_be_destroyed_});
  const bool has_left = closing_ == closing_state::over;
  reap(
    "a Kafka consumer that is leaving its group",
    [rest](const background_work& work) { depart(std::move(*rest), work); },
    has_left ? background::dispensable : background::owed);
}

void group_member::wake_on_event(waker wake) {
  events_->connect(std::move(wake));
  if (rd_kafka_queue_length(handle_->events()) > 0)
    events_->bell().ring();
}

void group_member::watch_joins() {
  handle_->joins().bell().connect([events = events_.get()] { events->bell().ring(); });
}

std::optional<consumer_event> group_member::next_event() {
  commits_.read_probes();
  while (auto event = owned_event{rd_kafka_queue_poll(handle_->events(), 0)})
    if (closing_ == closing_state::begun && is_belated(event.get(), answered_while_closing_))
      belated_ = std::move(event);
    else if (auto answer = translate(event.get()))
      return answer;
  if (auto own = events_->next())
    return own;
  return on_close();
}

std::optional<consumer_event> group_member::translate(rd_kafka_event_t* event) {
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_REBALANCE: return on_rebalance(event);
    case RD_KAFKA_EVENT_OFFSET_COMMIT: return commits_.answered(event);
    case RD_KAFKA_EVENT_LOG: return handle_logged{reader_.read_log(event)};
    case RD_KAFKA_EVENT_ERROR:
      // The end of a partition is not a failure. The partition's own queue reports the end.
      if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        return std::nullopt;
      if (auto what = reader_.read_error(event))
        return handle_failed{std::move(*what)};
      return std::nullopt;
    default: return std::nullopt;
  }
}

consumer_event group_member::on_rebalance(rd_kafka_event_t* event) {
  const auto* list = rd_kafka_event_topic_partition_list(event);
  const auto answer = next_token();
  const auto protocol = protocol_of(handle_->native());
  const auto generation = generation_of(handle_->native());
  const bool assigning = rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  const bool lost = !assigning && rd_kafka_assignment_lost(handle_->native()) != 0;
  was_assigned_ = true;
  subscribed_anew_ = false;
  const auto count = static_cast<std::size_t>(list->cnt);
  owned_ = assigning ? owned_ + count : owned_ - std::min(count, owned_);
  if (lost)
    commits_.lost();
  else
    commits_.rebalance_told(!assigning || !is_forgotten(generation));
  unanswered_ = {.answer = answer,
                 .assigning = assigning,
                 .lost = lost,
                 .protocol = protocol,
                 .partitions = partition_list{rd_kafka_topic_partition_list_copy(list)}};
  if (assigning)
    return assigned{.answer = answer,
                    .generation = generation,
                    .protocol = protocol,
                    .partitions = partitions_of(list)};
  return revoked{.answer = answer,
                 .generation = generation,
                 .protocol = protocol,
                 .partitions = partitions_of(list),
                 .lost = lost};
}

void group_member::subscribe(std::span<const std::string> topics) {
  std::vector<topic_partition> wanted;
  for (const auto& topic : topics)
    wanted.push_back({topic, RD_KAFKA_PARTITION_UA});
  const auto list = make_partition_list(wanted);
  if (const auto code = rd_kafka_subscribe(handle_->native(), list.get()))
    report(to_error(code, "cannot subscribe: " + std::string{rd_kafka_err2str(code)}));
}

std::vector<std::unique_ptr<partition_queue>> group_member::assign(token answer,
                                                                   std::span<const position> from) {
  std::vector<std::unique_ptr<partition_queue>> queues;
  const bool in_time = is_unanswered(answer, true);
  for (const auto& each : from) {
    auto source = std::make_shared<fetch_source>(handle_, each.at);
    if (in_time) {
      source->open(unanswered_->protocol);
      sources_[each.at] = source;
    }
    queues.push_back(
      std::make_unique<fetch_queue>(std::move(source), each.offset, lookup_->epochs()));
  }
  if (in_time)
    accept(from);
  return queues;
}

void group_member::accept(std::span<const position> from) {
  commits_.rebalance_answered(prepare_rejoin());
  const auto list = make_partition_list(from);
  for (const auto& each : from)
    set_leader_epoch(list.get(), each.at, lookup_->epochs()->before(each.at, each.offset));
  hand_over(list);
  check_epochs(from);
  answered();
}

void group_member::check_epochs(std::span<const position> from) {
  const auto& epochs = *lookup_->epochs();
  for (const auto& each : from)
    if (epochs.may_be_lost(each.at, each.offset))
      if (const auto source = sources_[each.at].lock())
        source->seek(each.offset, epochs.before(each.at, each.offset));
}

bool group_member::prepare_rejoin() {
  if (unanswered_->protocol != rebalance_protocol::cooperative || closing_ != closing_state::open)
    return false;
  if (is_forgotten(generation_of(handle_->native())))
    subscribed_anew_ = keep_by_joining(handle_->native());
  // After a revocation, librdkafka rejoins at once, so that the group reassigns the revoked
  // partitions.
  const auto joins = handle_->joins().sent();
  const bool gave_back = gave_back_in_ == joins && joins > 0;
  return gave_back || subscribed_anew_;
}

void group_member::hand_over(const partition_list& list) {
  const auto no_pauses = handle_->pool().without_pauses();
  if (unanswered_->protocol == rebalance_protocol::cooperative) {
    if (auto* failure = rd_kafka_incremental_assign(handle_->native(), list.get()))
      report(to_error(failure));
  } else if (const auto code = rd_kafka_assign(handle_->native(), list.get())) {
    report(to_error(code));
  }
}

void group_member::unassign(token answer, std::span<const topic_partition> partitions) {
  if (!is_unanswered(answer, false))
    return;
  if (unanswered_->protocol == rebalance_protocol::cooperative)
    close_sources(partitions);
  else
    close_all_sources();
  if (!unanswered_->lost)
    gave_back_in_ = handle_->joins().sent();
  commits_.rebalance_answered(false);
  {
    const auto no_pauses = handle_->pool().without_pauses();
    refuse(handle_->native(), *unanswered_);
  }
  answered();
}

void group_member::close_sources(std::span<const topic_partition> partitions) {
  for (const auto& each : partitions)
    if (const auto found = sources_.extract(each); !found.empty())
      if (const auto source = found.mapped().lock())
        source->close();
}

void group_member::close_all_sources() {
  for (const auto& [at, weak] : sources_)
    if (const auto source = weak.lock())
      source->close();
  sources_.clear();
}

bool group_member::is_unanswered(token answer, bool assigning) const noexcept {
  return unanswered_ && unanswered_->answer == answer && unanswered_->assigning == assigning;
}

void group_member::answered() {
  unanswered_.reset();
  if (closing_ == closing_state::begun)
    answered_while_closing_ = true;
  close_if_ready();
}

token group_member::commit(std::span<const position> next) {
  const auto asked = next_token();
  std::vector<position> positions{next.begin(), next.end()};
  for (auto& each : positions)
    each.failed.reset();
  if (positions.empty())
    events_->post(committed{.asked = asked, .positions = {}, .failed = {}});
  else if (closing_ == closing_state::over)
    events_->post(committed{.asked = asked,
                            .positions = std::move(positions),
                            .failed = to_error(RD_KAFKA_RESP_ERR__DESTROY)});
  else
    commits_.ask(asked, std::move(positions));
  return asked;
}

token group_member::resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                            begin_offset when_missing) {
  const auto asked = next_token();
  resolver_->ask([=, over = lookup_, native = handle_->native(), to = events_.get(),
                  which = std::vector(partitions.begin(), partitions.end())](const auto& give_up) {
    auto found = over->look_up_beginnings(native, which, {otherwise, when_missing}, give_up);
    if (!give_up())
      to->post(resolved{.asked = asked, .beginnings = std::move(found)});
  });
  return asked;
}

token group_member::look_up_ends(std::span<const topic_partition> partitions) {
  const auto asked = next_token();
  resolver_->ask([=, over = lookup_, to = events_.get(),
                  which = std::vector(partitions.begin(), partitions.end())](const auto& give_up) {
    auto found = over->look_up_ends(which, give_up);
    if (!give_up())
      to->post(ends_known{.asked = asked, .ends = std::move(found)});
  });
  return asked;
}

bool group_member::is_joining() const {
  return handle_->joins().is_asking();
}

std::uint64_t group_member::heartbeats_answered() const {
  return handle_->joins().heartbeats_answered();
}

void group_member::close() {
  if (closing_ != closing_state::open)
    return;
  note_fitness();
  closing_ = closing_state::wanted;
  commits_.close();
  // A close during an unanswered assignment can hang. So unsubscribe now, and close after the
  // answer. A resubscription that librdkafka has not processed yet would make the member rejoin, so
  // unsubscribe in this case too.
  if (unanswered_ || subscribed_anew_ || leaves_silently())
    rd_kafka_unsubscribe(handle_->native());
  close_if_ready();
}

bool group_member::leaves_silently() const {
  auto* native = handle_->native();
  // Before the first assignment, librdkafka does not know the protocol yet, and sends LeaveGroup.
  // A non-empty queue may hold an unread assignment. If the member unsubscribed after that
  // assignment, librdkafka would never finish the close.
  return rd_kafka_queue_length(handle_->events()) == 0 && owned_ == 0
         && protocol_of(native) == rebalance_protocol::cooperative && !is_static(native)
         && has_joined(native);
}

void group_member::close_if_ready() {
  if (closing_ == closing_state::wanted && !unanswered_ && !leaves_silently())
    begin_close();
}

void group_member::begin_close() {
  closing_ = closing_state::begun;
  handle_->pool().end_pauses();
  if (auto* failure = rd_kafka_consumer_close_queue(handle_->native(), handle_->events())) {
    // The handle has failed permanently, so there is no group to leave.
    rd_kafka_error_destroy(failure);
    closing_ = closing_state::over;
    events_->post(closed{});
  }
}

std::optional<consumer_event> group_member::on_close() {
  close_if_ready();
  if (closing_ != closing_state::begun || rd_kafka_consumer_closed(handle_->native()) == 0)
    return std::nullopt;
  // A closed consumer drops its unsent commits.
  if (auto forgotten = commits_.give_up_one())
    return *forgotten;
  closing_ = closing_state::over;
  return closed{};
}

void group_member::note_fitness() {
  // Up to 2.2, rd_kafka_destroy aborts the process if a cooperative member has joined and never got
  // an assignment (librdkafka#4381).
  unfit_to_be_destroyed_ = rd_kafka_version() < 0x020300ff && !was_assigned_
                           && wants_cooperation(handle_->native()) && has_joined(handle_->native());
}

void group_member::report(const error& what) {
  // The failure is fatal, because a member without its assignment or subscription would stay idle
  // forever.
  events_->post(handle_failed{{.code = what.code, .fatal = true, .text = what.text}});
}

} // namespace ottla::kafka
