#include <ottla/kafka/internal/driver/librdkafka/owed_answers.hpp>

#include <algorithm>

namespace ottla::kafka {

bool owed_answers::line::is_late(time_point now, const receipt& received) const {
  if (connecting_since)
    return now - *connecting_since >= longest_delay;
  if (owed.empty() || !owed.front().what.may_take)
    return false;
  const auto& [what, since] = owed.front();
  if (now - since < longest_delay || now - since - longest_delay < *what.may_take)
    return false;
  const auto last = received(what.socket);
  return !last || *last >= longest_delay;
}

void owed_answers::line::check(time_point now, const receipt& received) {
  if (owes_nothing() && now - last_event >= longest_pause)
    is_silent = false;
  if (!is_late(now, received))
    late_since.reset();
  else if (!late_since)
    late_since = now;
  else if (now - *late_since >= last_grace)
    is_silent = true;
}

owed_answers::line& owed_answers::line_of(connection over, const broker& to, time_point now) {
  auto& found = lines_[over];
  const bool is_other
    = found.to.id >= 0 && to.id >= 0 ? found.to.id != to.id : found.to.address != to.address;
  // Another broker means that the earlier connection ended without an event, or that the group has
  // another coordinator now.
  if (is_other)
    found = {};
  found.to = to;
  found.last_event = now;
  if (to.id >= 0 && !to.address.empty())
    addresses_[to.id] = to.address;
  return found;
}

void owed_answers::connecting(connection over, const broker& to, time_point now) {
  line_of(over, to, now).connecting_since = now;
}

void owed_answers::connected(connection over, time_point now) {
  const auto found = lines_.find(over);
  if (found == lines_.end())
    return;
  found->second.connecting_since.reset();
  found->second.last_event = now;
}

void owed_answers::sent(connection over, const broker& to, const request& what, time_point now) {
  line_of(over, to, now).owed.push_back({what, now});
}

void owed_answers::answered(connection over, std::int16_t kind, time_point now) {
  const auto found = lines_.find(over);
  if (found == lines_.end())
    return;
  auto& answering = found->second;
  auto& owed = answering.owed;
  // A broker answers in order, so the client has given up the requests before the answered one.
  const auto same
    = kind < 0 ? owed.begin()
               : std::ranges::find(owed, kind, [](const pending& one) { return one.what.kind; });
  if (same != owed.end())
    owed.erase(owed.begin(), same + 1);
  if (!owed.empty())
    owed.front().since = now;
  answering.last_event = now;
  answering.late_since.reset();
  answering.is_silent = false;
  // Closed connections to the same broker never answer, so this answer also ends their silence.
  const auto name = name_of(answering.to);
  for (auto& [other, one] : lines_)
    if (one.is_silent && one.owes_nothing() && name_of(one.to) == name)
      one.is_silent = false;
}

void owed_answers::wants_no_answer(connection over, std::int16_t kind) {
  const auto found = lines_.find(over);
  if (found == lines_.end() || found->second.owed.empty()
      || found->second.owed.back().what.kind != kind)
    return;
  found->second.owed.pop_back();
}

void owed_answers::closed(connection over, time_point now) {
  const auto found = lines_.find(over);
  if (found == lines_.end())
    return;
  if (!found->second.is_silent) {
    lines_.erase(found);
    return;
  }
  found->second.connecting_since.reset();
  found->second.owed.clear();
  found->second.last_event = now;
}

std::vector<std::string> owed_answers::silent(time_point now, const receipt& received) {
  std::vector<std::string> names;
  for (auto& [over, one] : lines_) {
    one.check(now, received);
    if (one.is_silent)
      names.push_back(name_of(one.to));
  }
  std::erase_if(lines_, [](const auto& entry) {
    return !entry.second.is_silent && entry.second.owes_nothing();
  });
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string owed_answers::name_of(const broker& which) const {
  const auto known = which.id >= 0 ? addresses_.find(which.id)
                                   : std::ranges::find_if(addresses_, [&](const auto& entry) {
                                       return entry.second == which.address;
                                     });
  if (known != addresses_.end())
    return "broker " + std::to_string(known->first) + " (" + known->second + ")";
  return which.id >= 0 ? "broker " + std::to_string(which.id) : which.address;
}

std::string address_in(std::string_view name) {
  if (const auto scheme = name.find("://"); scheme != std::string_view::npos)
    name.remove_prefix(scheme + 3);
  name = name.substr(0, name.find('/'));
  return std::string{name.find(':') == std::string_view::npos ? std::string_view{} : name};
}

} // namespace ottla::kafka
