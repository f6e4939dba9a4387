#include "text/input_lines.hpp"

namespace command {

void input_lines::add(std::string_view bytes) {
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  buffer_ += bytes;
}

std::optional<std::string_view> input_lines::next() {
  const std::string_view all = buffer_;
  auto end = all.find('\n', searched_);
  if (end == std::string_view::npos) {
    searched_ = all.size();
    if (!ended_ || begin_ == all.size())
      return std::nullopt;
    end = all.size();
  }
  const auto line = all.substr(begin_, end - begin_);
  begin_ = searched_ = end == all.size() ? end : end + 1;
  ++count_;
  return line;
}

bool input_lines::is_too_long() const noexcept {
  return buffer_.size() - begin_ > longest;
}

} // namespace command
