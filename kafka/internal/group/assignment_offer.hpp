#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/internal/driver/events.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka {

/// An assignment that the broker offers and the member has not accepted: the beginnings of its
/// partitions are being looked up. The member accepts all partitions at once, since librdkafka
/// takes one answer for an assignment.
///
/// Thread safety: none.
class assignment_offer {
public:
  /// Partitions that are looked up together.
  struct look_up {
    std::vector<topic_partition> partitions;
    /// For partitions of which the group has committed nothing.
    begin_offset otherwise;
  };

  explicit assignment_offer(assigned offer) : offer_{std::move(offer)} {}

  const assigned& offer() const noexcept { return offer_; }

  /// The look-ups to send: never none, so that an empty offer is accepted by an answer, too.
  /// `begin` is the group's setting. If that is `latest`, partitions of topics that `is_new` begin
  /// at the earliest offset: such a topic was created after the group began.
  std::vector<look_up> look_ups(const begin_offset& begin,
                                const std::function<bool(const std::string&)>& is_new) const;

  /// A look-up was sent.
  void sent(token look_up) { pending_.insert(look_up); }
  bool is_pending() const noexcept { return !pending_.empty(); }

  /// Whether this answers a look-up of this offer.
  bool answers(const resolved& answer) const { return pending_.contains(answer.asked); }

  /// Takes the answer to a look-up. Returns the beginnings that failed with an error that the
  /// look-up before did not have, to be reported.
  std::vector<beginning> take(const resolved& answer);

  /// True if all beginnings are known. Otherwise, and if nothing is pending, the look-ups have to
  /// be sent again.
  bool is_complete() const;

  /// In the order of the offer.
  std::vector<beginning> beginnings() const;

private:
  assigned offer_;
  std::set<token> pending_;
  std::map<topic_partition, beginning> found_;
};

} // namespace ottla::kafka
