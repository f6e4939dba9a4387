#include <ottla/kafka/internal/text/gist.hpp>
#include <ottla/kafka/internal/text/repetition.hpp>

#include <algorithm>
#include <functional>

namespace ottla::kafka {

bool repetition::is_new(std::string_view text) {
  const auto gist = std::hash<std::string>{}(gist_of(text));
  const auto known = std::ranges::find(gists_, gist);
  const bool is_known = known != gists_.end();
  if (is_known)
    gists_.erase(known);
  gists_.push_back(gist);
  if (gists_.size() > most_gists)
    gists_.pop_front();
  return !is_known;
}

} // namespace ottla::kafka
