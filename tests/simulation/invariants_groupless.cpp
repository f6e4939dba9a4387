// The invariants of members that read without a group.

#include "invariants.hpp"

namespace ottla::kafka::simulation {

void invariants::check_resumes(std::size_t member, const beginning& from) {
  const auto last = progress_.find({member, from.at});
  if (last == progress_.end())
    return;
  const auto resumes = from.missing.value_or(from.offset);
  const auto& [counted, acknowledged] = last->second;
  demand(resumes >= counted, "without a group, no acknowledged message is delivered again",
         "m{} {} at {}, {} is acknowledged", member, to_string(from.at), resumes, counted);
  demand(resumes <= acknowledged, "without a group, no message is skipped",
         "m{} {} at {}, {} is acknowledged", member, to_string(from.at), resumes, acknowledged);
}

void invariants::start_failed(std::size_t member, const beginning& from) {
  take_gaps_told(member, from.at);
  progress_[{member, from.at}] = {from.offset, from.offset};
}

std::int64_t invariants::progress(std::size_t member, const topic_partition& of) const {
  if (const auto now = tenures_.find({member, of}); now != tenures_.end())
    return now->second.counted;
  const auto last = progress_.find({member, of});
  return last == progress_.end() ? -1 : last->second.counted;
}

void invariants::own_offset_stored(std::size_t member, const topic_partition& of,
                                   std::int64_t next) {
  // After the end of a tenure, the next tenure may have begun below the offset of a late call.
  if (const auto* in = find(member, of); in != nullptr && !in->missing)
    demand(next <= in->counted, "only acknowledged offsets are stored", "m{} {} at {}, counted {}",
           member, to_string(of), next, in->counted);
  stored_[{member, of}].insert(next);
}

} // namespace ottla::kafka::simulation
