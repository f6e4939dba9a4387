#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/secret.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <ostream>
#include <utility>

namespace ottla::kafka {

namespace {

enum class origin { text, environment, file };

/// Overwrites the whole buffer. The compiler may not remove the writes, since they are volatile.
void wipe(std::string& text) noexcept {
  text.resize(text.capacity());
  volatile char* at = text.data();
  for (std::size_t left = text.size(); left > 0; --left)
    *at++ = '\0';
  text.clear();
}

error fault(std::string why) {
  return {.code = errc::bad_setting, .text = std::move(why)};
}

result<std::string> read_variable(const std::string& name) {
  const auto* value = name.find('\0') == std::string::npos ? std::getenv(name.c_str()) : nullptr;
  if (value == nullptr)
    return fault(fmt::format("the environment variable \"{}\" is not set", shown(name)));
  if (*value == '\0')
    return fault(fmt::format("the environment variable \"{}\" is empty", shown(name)));
  return std::string{value};
}

result<std::string> read_file(const std::string& path) {
  constexpr std::size_t most_bytes = 1024 * 1024;
  const auto refuse
    = [&](const char* why) { return fault(fmt::format("the file \"{}\" {}", shown(path), why)); };
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  std::string text(most_bytes + 1, '\0');
  if (in.is_open())
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    const auto why = errno;
    wipe(text);
    return fault(fmt::format("the file \"{}\" cannot be read: {}", shown(path),
                             why == 0 ? "unknown error" : std::strerror(why)));
  }
  const auto size = static_cast<std::size_t>(in.gcount());
  std::string value;
  if (size <= most_bytes)
    value = text.substr(0, size);
  wipe(text);
  if (size > most_bytes)
    return refuse("has more than 1 MiB, too much for a secret");
  while (value.ends_with('\n') || value.ends_with('\r'))
    value.pop_back();
  if (value.empty())
    return refuse("is empty");
  return value;
}

} // namespace

struct secret::source {
  source(origin from, std::string what) : kind{from}, text{std::move(what)} {}
  source(const source&) = delete;
  source& operator=(const source&) = delete;
  ~source() { wipe(text); }

  origin kind;
  /// The secret, the name of the variable, or the path of the file.
  std::string text;
};

secret::secret() = default;
secret::secret(const secret&) = default;
secret::secret(secret&&) noexcept = default;
secret& secret::operator=(const secret&) = default;
secret& secret::operator=(secret&&) noexcept = default;
secret::~secret() = default;

secret::secret(std::shared_ptr<const source> from) : source_{std::move(from)} {}

secret::secret(std::string text) {
  if (!text.empty())
    source_ = std::make_shared<const source>(origin::text, text);
  wipe(text);
}

secret::secret(const char* text) : secret{std::string{text}} {}

secret secret::from_environment(std::string variable) {
  return secret{std::make_shared<const source>(origin::environment, std::move(variable))};
}

secret secret::from_file(std::string path) {
  return secret{std::make_shared<const source>(origin::file, std::move(path))};
}

result<std::string> secret::read() const {
  if (source_ == nullptr)
    return std::string{};
  switch (source_->kind) {
    case origin::text: return source_->text;
    case origin::environment: return read_variable(source_->text);
    case origin::file: return read_file(source_->text);
  }
  return std::string{};
}

std::string to_string(const secret& hidden) {
  return hidden.empty() ? "" : "***";
}

std::ostream& operator<<(std::ostream& out, const secret& hidden) {
  return out << to_string(hidden);
}

} // namespace ottla::kafka
