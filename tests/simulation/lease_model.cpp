#include "lease_model.hpp"

#include <algorithm>

namespace ottla::kafka::simulation {

template <class Change>
void lease_model::each(std::int64_t first, std::int64_t next_offset, Change change) {
  const auto from = std::max(first, base_) - base_;
  const auto to = std::min(next_offset, next()) - base_;
  for (auto at = from; at < to; ++at)
    change(states_[static_cast<std::size_t>(at)]);
}

void lease_model::deliver(std::int64_t next_offset) {
  while (next() < next_offset)
    states_.push_back(state::delivered);
}

void lease_model::pass(std::int64_t next_offset) {
  while (next() < next_offset)
    states_.push_back(state::done);
  advance();
}

void lease_model::apply(const verdict& what, std::int64_t first, std::int64_t next_offset) {
  using kind = verdict::kind;
  const bool held = what.what == kind::no_ack || what.what == kind::later;
  each(first, next_offset, [&](state& one) { one = held ? state::held : state::open; });
  if (what.what == kind::ack)
    close_open(next_offset);
  else if (what.what == kind::ack_until)
    close_open(std::min(what.offset + 1, next_offset));
  advance();
}

void lease_model::finish(std::int64_t first, std::int64_t next_offset) {
  each(first, next_offset, [](state& one) { one = state::done; });
  advance();
}

void lease_model::close_open(std::int64_t below) {
  each(base_, below, [](state& one) { one = one == state::open ? state::done : one; });
}

void lease_model::advance() {
  while (done_ < states_.size() && states_[done_] == state::done)
    ++done_;
}

} // namespace ottla::kafka::simulation
