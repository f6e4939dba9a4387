#pragma once

#include <ottla/kafka/batch.hpp>
#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/client/first_offset.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include "clockwork.hpp"
#include "lease_model.hpp"
#include "trace.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::simulation {

/// An invariant that did not hold.
struct finding {
  std::string invariant;
  std::string details;
};

/// Watches what goes over the seam and through the handlers, and compares it with a model of its
/// own. A member is a number; a tenure is the time from one assignment of a partition to the end of
/// it, under which there are leases, one after the other.
class invariants {
public:
  /// `prompt`: nothing holds up the tree, so what it is asked for it does at once.
  invariants(trace& log, const clockwork& clock, std::size_t most_open, bool prompt)
    : log_{log}, clock_{clock}, most_open_{most_open}, prompt_{prompt} {}

  /// Keeps the first that does not hold.
  template <class... Args>
  void demand(bool holds, const char* invariant, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds && !found_)
      note(invariant, fmt::format(text, std::forward<Args>(args)...));
  }

  const std::optional<finding>& found() const noexcept { return found_; }

  // -- the seam

  /// `from`: what resolve answered.
  void assigned(std::size_t member, const beginning& from, std::int32_t generation);
  /// What was assigned is not its any more by then.
  void assigned_too_late(std::size_t member, const topic_partition& what);
  void given_up(std::size_t member, const topic_partition& what);
  void taken(std::size_t member, const topic_partition& from, std::span<const message> messages);
  /// Everything below was taken.
  void reached(std::size_t member, const topic_partition& in, std::int64_t end);
  /// `held`: what the log holds. `added`: the partition is newer than the group.
  void resolved(std::size_t member, const beginning& where, const log_range& held, bool added);
  void sought(std::size_t member, const topic_partition& in, std::int64_t offset);
  /// The broker's wish to have it back was seen.
  void asked_back(std::size_t member, const topic_partition& what);
  /// That it is another's already was seen.
  void lost(std::size_t member, const topic_partition& what);
  /// It is given back, in order.
  void handed_back(std::size_t member, const topic_partition& what);
  void commit_asked(std::size_t member, const topic_partition& of, std::int64_t next);
  void commit_stored(std::size_t member, const topic_partition& of, std::int64_t next);

  /// A handle is opened. `unprovoked`: nothing but the end of the one before is a reason.
  void opened(std::size_t member, moment now, bool unprovoked);
  /// It has seen that another member uses its instance, whose sessions last so long.
  void fenced(std::size_t member, moment session);

  // -- handlers

  void leased(std::size_t member, const assignment& lease);
  /// `late`: through a process, which may look at it when the lease is over. Answers whether what
  /// it says can count.
  bool delivered(std::size_t member, const assignment& lease, const batch& what, bool late);
  /// By a handler that takes messages one by one, before the verdict.
  void begun(std::size_t member, const assignment& lease, std::int64_t offset);
  void judged(std::size_t member, const assignment& lease, const verdict& what, std::int64_t first,
              std::int64_t next);
  void finished(std::size_t member, const assignment& lease, std::int64_t first, std::int64_t next);

  // -- the program's hooks

  void hook_received(std::size_t member, const topic_partition& what);
  void hook_revoked(std::size_t member, const topic_partition& what);
  /// The application has ended in order.
  void stopped();

  // -- the stop of the application

  void stop_began() { stopping_ = true; }
  /// What a member had counted of a partition that it held when the stop began, or later.
  struct owed_commit {
    std::size_t member = 0;
    topic_partition of;
    std::int64_t counted = 0;
  };
  std::vector<owed_commit> owed_at_end() const;

  // -- the observer

  void counted(std::size_t member, const topic_partition& of, std::int64_t next);
  void commit_counted(std::size_t member, const topic_partition& of, std::int64_t next);
  void failed(std::size_t member, const error& what);

  /// Something was delivered that handlers have not acknowledged: an ack_handle, a later verdict or
  /// a new lease is needed.
  bool waits(std::size_t member, const topic_partition& in) const;

private:
  struct tenure {
    std::int32_t generation = -1;
    std::int64_t beginning = 0;
    /// The log did not hold it any more.
    std::optional<std::int64_t> missing;
    /// What the tree said to have counted.
    std::int64_t counted = 0;
    std::int64_t commit_asked = -1;
    std::optional<std::int64_t> owed;
    /// When the wish to have it back was seen.
    std::optional<moment> asked_back;
    bool lost = false;
    /// Offsets handed out by the queue.
    std::vector<std::int64_t> taken;
    std::map<std::uint64_t, lease_model> leases;

    /// The ends of the log that were reached.
    std::set<std::int64_t> ends;

    std::int64_t front() const;
    /// From there to the last end that was reached with nothing to be read in between.
    std::int64_t pass(std::int64_t front) const;
  };
  using place = std::pair<std::size_t, topic_partition>;

  tenure* find(std::size_t member, const topic_partition& what);
  void note(const char* invariant, std::string details);
  void note_lease(tenure& of, std::size_t member, const assignment& lease);
  std::vector<std::string> take_gaps_told(std::size_t member, const topic_partition& of);
  void check_wanted(const tenure& of, std::size_t member, const topic_partition& where,
                    std::int64_t offset);
  void check_content(std::size_t member, const batch& what, const tenure& of, std::int64_t next);

  trace& log_;
  const clockwork& clock_;
  std::size_t most_open_;
  bool prompt_;
  std::optional<finding> found_;
  std::map<place, tenure> tenures_;
  std::map<place, std::set<std::int64_t>> stored_;
  std::map<std::size_t, std::uint64_t> last_epoch_;
  /// What the program's hook was told of, and not yet of its end.
  std::set<place> hooked_;
  bool stopping_ = false;
  std::vector<owed_commit> given_up_at_end_;
  /// Until when a fenced member stays out, at least.
  std::map<std::size_t, moment> fenced_until_;
  /// What the observer was told of gaps in logs, until their partitions are assigned.
  std::map<std::size_t, std::vector<std::string>> gaps_told_;
  /// When each member opened its last handles.
  std::map<std::size_t, std::deque<moment>> opened_;
};

} // namespace ottla::kafka::simulation
