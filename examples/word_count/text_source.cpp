#include "text_source.hpp"

#include "word_counter.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

text_source::text_source(std::vector<std::string> files) : files_{std::move(files)} {}

std::optional<std::string> text_source::next() {
  if (!in_line_ && !fill())
    return std::nullopt;
  return cut();
}

bool text_source::fill() {
  for (; file_ < files_.size(); ++file_) {
    if (!in_.is_open()) {
      in_.open(files_[file_], std::ios::binary);
      if (!in_)
        throw bad_input{fmt::format("\"{}\": {}", files_[file_], std::strerror(errno))};
    }
    if (std::getline(in_, line_)) {
      in_line_ = true;
      return true;
    }
    if (in_.bad())
      throw bad_input{fmt::format("\"{}\" cannot be read to its end", files_[file_])};
    in_ = {};
  }
  return false;
}

std::string text_source::cut() {
  if (line_.size() <= longest_line) {
    in_line_ = false;
    return std::exchange(line_, {});
  }
  auto length = longest_line;
  if (is_word_character(line_[length]))
    while (length > 0 && is_word_character(line_[length - 1]))
      --length;
  if (length == 0)
    throw bad_input{
      fmt::format("\"{}\": a word is longer than {} bytes", files_[file_], longest_line)};
  auto piece = line_.substr(0, length);
  line_.erase(0, length);
  return piece;
}

text_size measure(const std::vector<std::string>& files) {
  text_size total;
  for (const auto& file : files) {
    std::error_code failed;
    const auto status = std::filesystem::status(file, failed);
    if (!std::filesystem::exists(status))
      throw bad_input{fmt::format("\"{}\": no such file", file)};
    if (std::filesystem::is_directory(status))
      throw bad_input{fmt::format("\"{}\" is a directory", file)};
    if (!std::filesystem::is_regular_file(status))
      throw bad_input{fmt::format("\"{}\" is not a regular file", file)};
    if (std::filesystem::file_size(file) == 0)
      throw bad_input{fmt::format("\"{}\" is empty", file)};
    text_source lines{{file}};
    while (const auto line = lines.next()) {
      if (line->find('\0') != std::string::npos)
        throw bad_input{fmt::format("\"{}\" is a binary file (it holds a NUL byte)", file)};
      ++total.lines;
      total.bytes += line->size();
    }
  }
  return total;
}
