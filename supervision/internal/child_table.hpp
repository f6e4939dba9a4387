#pragma once

#include <ottla/supervision/internal/child_row.hpp>

#include <cstddef>
#include <iterator>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ottla {

/// The children of a supervisor in the order of their starts, found by id.
class child_table {
  using rows = std::list<std::shared_ptr<child_row>>;

  template <class Row>
  class cursor {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = child_row;
    using difference_type = std::ptrdiff_t;
    using pointer = Row*;
    using reference = Row&;

    cursor() = default;
    explicit cursor(rows::const_iterator at) : row_{at} {}

    Row& operator*() const { return **row_; }
    Row* operator->() const { return row_->get(); }
    cursor& operator++() {
      ++row_;
      return *this;
    }
    cursor operator++(int) { return cursor{row_++}; }
    bool operator==(const cursor&) const = default;

  private:
    rows::const_iterator row_ = {};
  };

public:
  child_row& add(child_row row);
  void erase(const child_row& row);

  child_row* find(std::string_view id);

  /// A shared row for child_processes, which keeps the row of a child while the child runs.
  std::shared_ptr<child_row> share(const child_row& row) const;

  bool empty() const noexcept { return rows_.empty(); }
  std::size_t size() const noexcept { return rows_.size(); }
  child_row& back() noexcept { return *rows_.back(); }
  auto begin() noexcept { return cursor<child_row>{rows_.begin()}; }
  auto end() noexcept { return cursor<child_row>{rows_.end()}; }
  auto begin() const noexcept { return cursor<const child_row>{rows_.begin()}; }
  auto end() const noexcept { return cursor<const child_row>{rows_.end()}; }

  std::vector<std::string> ids() const;
  void clear();

private:
  rows rows_;
  /// The keys point into the rows' specs.
  std::unordered_map<std::string_view, rows::iterator> by_id_;
};

} // namespace ottla
