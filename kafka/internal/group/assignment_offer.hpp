#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/internal/driver/events.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka {

/// An assignment that the member has not accepted yet, since the first offsets of its partitions
/// are being looked up. The member accepts all partitions together, because librdkafka takes one
/// answer for each assignment.
///
/// Thread safety: none.
class assignment_offer {
public:
  /// Partitions that are looked up together.
  struct look_up {
    std::vector<topic_partition> partitions;
    /// The first offset of partitions without a committed offset.
    begin_offset otherwise;
  };

  explicit assignment_offer(assigned offer) : offer_{std::move(offer)} {}

  const assigned& offer() const noexcept { return offer_; }

  /// The look-ups to send, at least one. An empty offer has an empty look-up, whose answer makes
  /// the member accept the offer. `begin` is the group's setting. If `begin` is `latest`,
  /// partitions of new topics begin at the earliest offset, since these topics were created after
  /// the group began. `is_new` returns true for a topic that was missing before.
  std::vector<look_up> look_ups(const begin_offset& begin,
                                const std::function<bool(const std::string&)>& is_new) const;

  /// A look-up was sent.
  void sent(token look_up) { pending_.insert(look_up); }
  bool is_pending() const noexcept { return !pending_.empty(); }

  /// Whether `answer` belongs to a pending look-up of this offer.
  bool answers(const resolved& answer) const { return pending_.contains(answer.asked); }

  /// Takes the answer to a look-up. Returns the failures to report. A partition that failed with
  /// the same error in the previous look-up is left out.
  std::vector<beginning> take(const resolved& answer);

  /// True if all beginnings are known. If false and no look-up is pending, send the look-ups again.
  bool is_complete() const;

  /// In the order of the offer.
  std::vector<beginning> beginnings() const;

private:
  assigned offer_;
  std::set<token> pending_;
  std::map<topic_partition, beginning> found_;
};

} // namespace ottla::kafka
