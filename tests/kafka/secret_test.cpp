#include <ottla/kafka/secret.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

using namespace ottla::kafka;

namespace {

/// A file that is removed at the end.
struct temporary_file {
  explicit temporary_file(const std::string& content)
    : path{(std::filesystem::temp_directory_path() / ("ottla_secret_" + std::to_string(::getpid())))
             .string()} {
    std::ofstream{path, std::ios::binary} << content;
  }
  ~temporary_file() { std::filesystem::remove(path); }

  std::string path;
};

} // namespace

TEST_SUITE("secret") {
  TEST_CASE("a secret is read from a text, a file or an environment variable") {
    CHECK(*secret{"hunter2"}.read() == "hunter2");
    CHECK(*secret{}.read() == "");
    CHECK(secret{}.empty());
    CHECK(secret{""}.empty());
    const temporary_file file{"from a file\r\n\n"};
    CHECK(*secret::from_file(file.path).read() == "from a file");
    ::setenv("OTTLA_TEST_SECRET", "from a variable", 1);
    const auto of_variable = secret::from_environment("OTTLA_TEST_SECRET");
    CHECK(*of_variable.read() == "from a variable");
    // A new handle gets the value of that time.
    ::setenv("OTTLA_TEST_SECRET", "changed", 1);
    CHECK(*of_variable.read() == "changed");
    ::unsetenv("OTTLA_TEST_SECRET");
  }

  TEST_CASE("a missing or empty source is a fault that names it") {
    ::unsetenv("OTTLA_TEST_SECRET");
    const auto unset = secret::from_environment("OTTLA_TEST_SECRET").read();
    REQUIRE(!unset);
    CHECK(unset.error().code == errc::bad_setting);
    CHECK(unset.error().text == "the environment variable \"OTTLA_TEST_SECRET\" is not set");
    ::setenv("OTTLA_TEST_SECRET", "", 1);
    CHECK(secret::from_environment("OTTLA_TEST_SECRET").read().error().text
          == "the environment variable \"OTTLA_TEST_SECRET\" is empty");
    ::unsetenv("OTTLA_TEST_SECRET");
    CHECK(secret::from_file("/nowhere/secret").read().error().text
          == "the file \"/nowhere/secret\" cannot be read: No such file or directory");
    CHECK(secret::from_file("/tmp").read().error().text.starts_with(
      "the file \"/tmp\" cannot be read"));
    const temporary_file empty{"\n"};
    CHECK(secret::from_file(empty.path).read().error().text
          == "the file \"" + empty.path + "\" is empty");
    const temporary_file large{std::string(1024 * 1024 + 1, 'x')};
    CHECK(secret::from_file(large.path).read().error().text
          == "the file \"" + large.path + "\" has more than 1 MiB, too much for a secret");
  }

  TEST_CASE("a secret is printed as ***") {
    std::ostringstream out;
    out << secret{"hunter2"} << ' ' << secret::from_environment("NAME") << ' ' << secret{};
    CHECK(out.str() == "*** *** ");
    CHECK(to_string(secret{"hunter2"}) == "***");
    CHECK(format_as(secret{"hunter2"}) == "***");
  }

  TEST_CASE("a copy keeps the text after the original is destroyed") {
    secret copy;
    {
      const secret original{"hunter2"};
      copy = original;
    }
    CHECK(*copy.read() == "hunter2");
  }
}
