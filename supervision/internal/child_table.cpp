#include <ottla/supervision/internal/child_table.hpp>

#include <iterator>
#include <utility>

namespace ottla {

child_row& child_table::add(child_row row) {
  rows_.push_back(std::make_shared<child_row>(std::move(row)));
  by_id_.emplace(back().id(), std::prev(rows_.end()));
  return back();
}

void child_table::erase(const child_row& row) {
  const auto found = by_id_.find(row.id());
  const auto where = found->second;
  by_id_.erase(found);
  rows_.erase(where);
}

child_row* child_table::find(std::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second->get();
}

std::shared_ptr<child_row> child_table::share(const child_row& row) const {
  return *by_id_.at(row.id());
}

std::vector<std::string> child_table::ids() const {
  std::vector<std::string> result;
  result.reserve(rows_.size());
  for (const auto& row : *this)
    result.push_back(row.id());
  return result;
}

void child_table::clear() {
  by_id_.clear();
  rows_.clear();
}

} // namespace ottla
