#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ottla::test {

/// Expected journal lines, in sequence, or side by side if their order is not specified. Parts that
/// are side by side have no line in common.
class course {
public:
  course() = default;
  explicit course(std::string line) : line_{std::move(line)}, size_{1} {}

  void then(std::string line) { then(course{std::move(line)}); }

  void then(course next) {
    if (next.size_ == 0)
      return;
    size_ += next.size_;
    parts_.push_back(std::move(next));
  }

  void then_side_by_side(std::vector<course> all) {
    course next;
    next.side_by_side_ = true;
    for (auto& each : all) {
      next.size_ += each.size_;
      next.parts_.push_back(std::move(each));
    }
    then(std::move(next));
  }

  std::size_t size() const { return size_; }

  bool allows(std::span<const std::string> lines) const {
    if (lines.size() != size_)
      return false;
    if (parts_.empty())
      return lines.empty() || lines.front() == line_;
    return side_by_side_ ? each_allows(lines) : allows_in_turn(lines);
  }

  /// Formats the course, as in `end a, (end b | end c), start a`.
  std::string text() const {
    auto result = line_;
    for (const auto& each : parts_)
      result += (result.empty() ? "" : side_by_side_ ? " | " : ", ") + each.text();
    return side_by_side_ && parts_.size() > 1 ? "(" + result + ")" : result;
  }

private:
  bool allows_in_turn(std::span<const std::string> lines) const {
    for (const auto& each : parts_) {
      if (!each.allows(lines.first(each.size_)))
        return false;
      lines = lines.subspan(each.size_);
    }
    return true;
  }

  bool each_allows(std::span<const std::string> lines) const {
    std::size_t known = 0;
    for (const auto& each : parts_) {
      std::set<std::string> of_part;
      each.collect(of_part);
      std::vector<std::string> side;
      for (const auto& line : lines)
        if (of_part.contains(line))
          side.push_back(line);
      known += side.size();
      if (!each.allows(side))
        return false;
    }
    return known == lines.size();
  }

  void collect(std::set<std::string>& into) const {
    if (parts_.empty() && size_ != 0)
      into.insert(line_);
    for (const auto& each : parts_)
      each.collect(into);
  }

  std::string line_;
  bool side_by_side_ = false;
  std::vector<course> parts_;
  std::size_t size_ = 0;
};

} // namespace ottla::test
