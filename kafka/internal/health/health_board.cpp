#include <ottla/kafka/internal/health/health_board.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

std::string health_name_of(const topic_partition& which) {
  return "partition/" + to_string(which);
}

health_state state_of(const error& what) {
  const bool hopeless = what.code == errc::authentication_failed
                        || what.code == errc::not_authorized || what.code == errc::bad_setting;
  return hopeless ? health_state::stalled : health_state::degraded;
}

bool is_silence(const error& what) {
  return what.code == errc::timed_out || what.code == errc::unreachable;
}

std::string health_board::name_in_whole(std::string_view what) const {
  return what == brokers_health ? std::string{what} : prefix_ + std::string{what};
}

void health_board::note(health_state state, std::string what, std::string why) {
  if (whole_) {
    whole_->note(state, name_in_whole(what), std::move(why));
    return;
  }
  // The text may come from an exception of the program's handler or hook.
  why = on_one_line(cut_text(why));
  const std::lock_guard lock{guard_};
  entries_.insert_or_assign(std::move(what), entry{state, std::move(why)});
}

void health_board::clear(std::string_view what) {
  if (whole_) {
    whole_->clear(name_in_whole(what));
    return;
  }
  const std::lock_guard lock{guard_};
  if (const auto found = entries_.find(what); found != entries_.end())
    entries_.erase(found);
}

void health_board::clear_if(const std::function<bool(const std::string& what)>& is_over) {
  if (whole_) {
    whole_->clear_if([&](const std::string& name) {
      return name.starts_with(prefix_) && is_over(name.substr(prefix_.size()));
    });
    return;
  }
  const std::lock_guard lock{guard_};
  std::erase_if(entries_, [&](const auto& one) { return is_over(one.first); });
}

bool health_board::holds(std::string_view what) const {
  if (whole_)
    return whole_->holds(name_in_whole(what));
  const std::lock_guard lock{guard_};
  return entries_.contains(what);
}

bool health_board::holds_below(std::string_view prefix) const {
  if (whole_)
    return whole_->holds_below(prefix_ + std::string{prefix});
  const std::lock_guard lock{guard_};
  const auto first = entries_.lower_bound(prefix);
  return first != entries_.end() && first->first.starts_with(prefix);
}

health_report health_board::report() const {
  health_report report;
  if (whole_) {
    for (auto& one : whole_->report().reasons)
      if (one.what.starts_with(prefix_)) {
        report.state = std::max(report.state, one.state);
        report.reasons.push_back({one.state, one.what.substr(prefix_.size()), std::move(one.why)});
      }
    return report;
  }
  const std::lock_guard lock{guard_};
  for (const auto& [what, one] : entries_) {
    report.state = std::max(report.state, one.state);
    report.reasons.push_back({one.state, what, one.why});
  }
  return report;
}

} // namespace ottla::kafka
