#pragma once

#include <ottla/kafka/consumer/batch.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/offset_reset.hpp>
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

/// Watches all calls at the seam and in the handlers, and compares them with a model. Members are
/// identified by number. A tenure lasts from one assignment of a partition to the end of that
/// assignment. A tenure has one or more leases, one after the other.
class invariants {
public:
  /// `turns` is the number of the actors' present turn. `prompt` means that no fault delays the
  /// tree, so the tree obeys requests at the same virtual time. `groupless` means that members have
  /// no group.
  invariants(trace& log, const clockwork& clock, const std::uint64_t& turns, std::size_t most_open,
             bool prompt, bool groupless)
    : log_{log},
      clock_{clock},
      turns_{turns},
      most_open_{most_open},
      prompt_{prompt},
      groupless_{groupless} {}

  /// Records the first invariant that does not hold.
  template <class... Args>
  void demand(bool holds, const char* invariant, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds && !found_)
      note(invariant, fmt::format(text, std::forward<Args>(args)...));
  }

  const std::optional<finding>& found() const noexcept { return found_; }

  // -- the seam

  /// `from` is the beginning that resolve returned.
  void assigned(std::size_t member, const beginning& from, std::int32_t generation);
  /// The tree assigned a partition whose offer was no longer open.
  void assigned_too_late(std::size_t member, const topic_partition& what);
  /// The member destroys its handle.
  void departs(std::size_t member);
  void given_up(std::size_t member, const topic_partition& what);
  void taken(std::size_t member, const topic_partition& from, std::span<const message> messages);
  /// The member has taken every record below `end`, the end of the log.
  void reached(std::size_t member, const topic_partition& in, std::int64_t end);
  /// `held` is the range that the log holds. `added` is true if the partition is newer than the
  /// group.
  void resolved(std::size_t member, const beginning& where, const log_range& held, bool added);
  void sought(std::size_t member, const topic_partition& in, std::int64_t offset);
  /// The member saw the revoke of this partition.
  void asked_back(std::size_t member, const topic_partition& what);
  /// The member saw that it lost this partition.
  void lost(std::size_t member, const topic_partition& what);
  /// The member gives the partition back in an orderly revoke.
  void handed_back(std::size_t member, const topic_partition& what);
  void commit_asked(std::size_t member, const topic_partition& of, std::int64_t next);
  void commit_stored(std::size_t member, const topic_partition& of, std::int64_t next);

  /// The member opens a handle. `unprovoked` is true if only the end of the previous handle can be
  /// the reason.
  void opened(std::size_t member, moment now, bool unprovoked);
  /// The member saw that another member uses its instance id. `session` is the session timeout.
  void fenced(std::size_t member, moment session);

  // -- the seam, without a group

  /// The reader could not start the partition.
  void start_failed(std::size_t member, const beginning& from);
  /// The program stores an offset.
  void own_offset_stored(std::size_t member, const topic_partition& of, std::int64_t next);
  /// The offset that the member has counted, in the present or the last tenure. -1 if none.
  std::int64_t progress(std::size_t member, const topic_partition& of) const;
  bool holds(std::size_t member, const topic_partition& what) const {
    return tenures_.contains({member, what});
  }

  // -- handlers

  void leased(std::size_t member, const assignment& lease);
  /// `late` is true if the handler is a process, which may handle the batch after the end of the
  /// lease. Returns whether the handler's verdict can count.
  bool delivered(std::size_t member, const assignment& lease, const batch& what, bool late);
  /// A handler of single messages receives a message, before its verdict.
  void begun(std::size_t member, const assignment& lease, std::int64_t offset);
  void answered(std::size_t member, const assignment& lease, const verdict& what,
                std::int64_t first, std::int64_t next);
  /// The destructor of the handler under this lease hangs. Returns the number of the partition's
  /// tenure, or 0 if the lease is over.
  std::uint64_t end_began(std::size_t member, const assignment& lease) const;
  /// The destructor returns, long after the worker counts as hung.
  void end_returned(std::size_t member, const assignment& lease, std::uint64_t tenure);
  void finished(std::size_t member, const assignment& lease, std::int64_t first, std::int64_t next);

  // -- the program's hooks

  void hook_received(std::size_t member, const topic_partition& what);
  void hook_revoked(std::size_t member, const topic_partition& what);
  /// The application has ended after an orderly stop.
  void stopped();

  // -- the stop of the application

  void stop_began() { stopping_ = true; }
  /// A partition that a member held when the stop began or later, and the offset that the member
  /// has counted for the partition.
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
  void recovered(std::size_t member);
  /// Whether health must know a process of the member that hangs.
  void silent(std::size_t member, bool is_silent);

  /// True if handlers have not acknowledged everything that was delivered. The partition then needs
  /// an ack_handle, a later verdict or a new lease.
  bool waits(std::size_t member, const topic_partition& in) const;

private:
  struct tenure {
    std::uint64_t number = 0;
    std::int32_t generation = -1;
    std::int64_t beginning = 0;
    /// The committed offset, if the log did not hold it at the assignment.
    std::optional<std::int64_t> missing;
    /// The tree has reported all offsets below this offset as acknowledged.
    std::int64_t counted = 0;
    std::int64_t commit_asked = -1;
    std::optional<std::int64_t> owed;
    /// When the member saw the revoke.
    std::optional<moment> asked_back;
    bool lost = false;
    /// Offsets handed out by the queue.
    std::vector<std::int64_t> taken;
    std::map<std::uint64_t, lease_model> leases;

    /// The ends of the log that the member reached.
    std::set<std::int64_t> ends;

    std::int64_t front() const;
    /// The first offset that is not acknowledged under the newest lease.
    std::int64_t newest_front() const;
    /// The last reached end of the log with no record between `front` and that end. `front` if
    /// there is no such end.
    std::int64_t pass(std::int64_t front) const;
  };
  using place = std::pair<std::size_t, topic_partition>;

  tenure* find(std::size_t member, const topic_partition& what);
  void note(const char* invariant, std::string details);
  void note_lease(tenure& of, std::size_t member, const assignment& lease);
  std::vector<std::string> take_gaps_told(std::size_t member, const topic_partition& of);
  void check_wanted(const tenure& of, std::size_t member, const topic_partition& where,
                    std::int64_t offset);
  /// Without a group: a tenure begins where the last one ended.
  void check_resumes(std::size_t member, const beginning& from);
  void check_content(std::size_t member, const batch& what, const tenure& of, std::int64_t next);

  trace& log_;
  const clockwork& clock_;
  const std::uint64_t& turns_;
  std::size_t most_open_;
  bool prompt_;
  bool groupless_;
  std::optional<finding> found_;
  std::map<place, tenure> tenures_;
  std::map<place, std::set<std::int64_t>> stored_;
  /// Without a group: the offset that each member has counted in the last tenure, and the offset
  /// that its handlers have acknowledged. A lease may end before the tree reports an
  /// acknowledgement.
  struct last_progress {
    std::int64_t counted = 0;
    std::int64_t acknowledged = 0;
  };
  std::map<place, last_progress> progress_;
  std::map<std::size_t, std::uint64_t> last_epoch_;
  /// Assignments that the program's hook received, and whose end the hook has not received.
  std::set<place> hooked_;
  std::uint64_t last_tenure_ = 0;
  /// The turn in which each member's observer last got an offset out of range.
  std::map<std::size_t, std::uint64_t> out_of_range_;
  std::set<std::size_t> silent_;
  bool stopping_ = false;
  std::vector<owed_commit> given_up_at_end_;
  /// The earliest time at which a fenced member may open a handle.
  std::map<std::size_t, moment> fenced_until_;
  /// Reports of gaps that each observer received, until their partitions are assigned.
  std::map<std::size_t, std::vector<std::string>> gaps_told_;
  /// When each member opened its last handles.
  std::map<std::size_t, std::deque<moment>> opened_;
};

} // namespace ottla::kafka::simulation
