#pragma once

#include <ottla/kafka/internal/driver/consumer_handle.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/driver/reader_handle.hpp>
#include <ottla/kafka/internal/groupless/event_mailbox.hpp>
#include <ottla/kafka/internal/groupless/groupless_settings.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Plays the part of a group for one consumer without a group, so that the processes of a group run
/// such a consumer without a change:
///
///   the processes of a group expect     this handle
///   an assignment                       offers the partitions of the topic, also new partitions
///   a revoke                            takes back partitions that no longer exist, as lost
///   the committed offset                returns the acknowledged offset in kept_offsets, or where
///                                       consumer::begin says
///   a commit                            calls consumer::store_offsets, if set
///   a leave                             is confirmed at once
///
/// A reader_handle fetches. Threads of the seam run look-ups and the program's functions.
class groupless_handle final : public consumer_handle {
public:
  /// Opens the reader. Returns the error if the reader cannot be opened.
  static result<std::unique_ptr<consumer_handle>> open(std::shared_ptr<driver> with,
                                                       std::shared_ptr<const groupless_settings> of,
                                                       const fetch_memory& memory);

  void wake_on_event(waker wake) override { events_->wake_on_event(std::move(wake)); }
  std::optional<consumer_event> next_event() override { return events_->next(); }
  void see_topics(std::span<const topic_info> topics) override;
  void subscribe(std::span<const std::string> topics) override;
  std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                       std::span<const position> from) override;
  void unassign(token answer, std::span<const topic_partition> partitions) override;
  token commit(std::span<const position> next) override;
  token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                begin_offset when_missing) override;
  token look_up_ends(std::span<const topic_partition> partitions) override;
  bool is_joining() const override { return false; }
  /// No group's coordinator can fall silent.
  std::uint64_t heartbeats_answered() const override { return ++heartbeats_; }
  void close() override;

private:
  groupless_handle(std::shared_ptr<driver> with, std::shared_ptr<const groupless_settings> of,
                   std::unique_ptr<reader_handle> reader);

  const std::string& topic() const noexcept { return of_->settings.topic; }
  /// Offers new partitions, or takes back partitions that are gone. One event waits for its answer
  /// at a time.
  void settle();
  void take_back(const std::set<std::int32_t>& gone);
  wanted_beginning wanted_beginning_of(const topic_partition& which,
                                       const begin_offset& otherwise) const;

  const std::shared_ptr<driver> driver_;
  const std::shared_ptr<const groupless_settings> of_;
  const std::unique_ptr<reader_handle> reader_;
  const std::shared_ptr<event_mailbox> events_ = std::make_shared<event_mailbox>();
  token last_token_ = 0;
  /// Token and partitions of the event that is not answered yet; 0 if none.
  token unanswered_ = 0;
  std::set<std::int32_t> offered_;
  std::set<std::int32_t> wanted_;
  std::set<std::int32_t> owned_;
  bool is_subscribed_ = false;
  bool was_offered_ = false;
  bool is_closing_ = false;
  mutable std::uint64_t heartbeats_ = 0;
};

} // namespace ottla::kafka
