#include "text_source.hpp"
#include "word_counter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

/// A temporary folder. The destructor removes it.
struct in_folder {
  std::filesystem::path folder
    = std::filesystem::temp_directory_path() / ("text_source_" + std::to_string(getpid()));

  in_folder() { std::filesystem::create_directories(folder); }
  ~in_folder() { std::filesystem::remove_all(folder); }

  std::string file(const std::string& name, std::string_view text) const {
    const auto path = (folder / name).string();
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }

  static std::vector<std::string> lines_of(std::vector<std::string> files) {
    text_source source{std::move(files)};
    std::vector<std::string> lines;
    while (auto line = source.next())
      lines.push_back(std::move(*line));
    return lines;
  }

  static std::string complaint(const std::string& path) {
    try {
      measure({path});
    } catch (const bad_input& error) {
      return error.what();
    }
    return "nothing";
  }
};

using lines = std::vector<std::string>;

} // namespace

TEST_SUITE("text_source") {
  TEST_CASE_FIXTURE(in_folder, "text_source returns the lines of all files in order") {
    CHECK(lines_of({file("a", "one\n\ntwo\n"), file("b", "three"), file("c", "four\r\n")})
          == lines{"one", "", "two", "three", "four\r"});
  }

  TEST_CASE_FIXTURE(in_folder,
                    "text_source splits a long line between words without losing a byte") {
    std::string text;
    while (text.size() < 3 * text_source::longest_line)
      text += "word" + std::to_string(text.size()) + "  ";
    const auto pieces = lines_of({file("a", text)});
    CHECK(pieces.size() >= 3);
    std::string together;
    for (const auto& piece : pieces) {
      CHECK(piece.size() <= text_source::longest_line);
      together += piece;
    }
    CHECK(together == text);
    word_counts whole;
    count_words(text, whole);
    word_counts apart;
    for (const auto& piece : pieces)
      count_words(piece, apart);
    CHECK(apart == whole);
  }

  TEST_CASE_FIXTURE(in_folder, "text_source returns a line of the maximum length in one piece") {
    const std::string text(text_source::longest_line, ' ');
    CHECK(lines_of({file("a", text + '\n')}) == lines{text});
  }

  TEST_CASE_FIXTURE(in_folder, "measure counts the pieces of long lines as lines") {
    const auto a = file("a", "one\ntwo\n");
    const auto b = file("b", std::string(text_source::longest_line + 1, '-'));
    CHECK(measure({a, b}).lines == 4);
    CHECK(measure({a}).bytes == 6);
  }

  TEST_CASE_FIXTURE(in_folder, "measure names each unusable file and the reason") {
    const auto missing = (folder / "missing").string();
    CHECK(complaint(missing) == "\"" + missing + "\": no such file");
    CHECK(complaint(folder.string()) == "\"" + folder.string() + "\" is a directory");
    CHECK(complaint("/dev/null") == "\"/dev/null\" is not a regular file");
    const auto empty = file("empty", "");
    CHECK(complaint(empty) == "\"" + empty + "\" is empty");
    const auto binary = file("binary", std::string_view{"a\0b", 3});
    CHECK(complaint(binary) == "\"" + binary + "\" is a binary file (it holds a NUL byte)");
    const auto word = file("word", std::string(text_source::longest_line + 1, 'x'));
    CHECK(complaint(word) == "\"" + word + "\": a word is longer than 65536 bytes");
    CHECK(complaint(file("good", "a\n")) == "nothing");
  }

  TEST_CASE_FIXTURE(in_folder, "measure accepts a word of the maximum length") {
    CHECK(complaint(file("a", std::string(text_source::longest_line, 'x') + " y\n")) == "nothing");
    CHECK(complaint(file("b", std::string(text_source::longest_line, 'x') + "\n")) == "nothing");
  }
}
