#include <ottla/kafka/internal/driver/librdkafka/key_files.hpp>
#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace ottla::kafka {

namespace {

constexpr std::string_view ca_location = "ssl.ca.location";

constexpr std::array keys_of_files{"ssl.ca.location", "ssl.certificate.location",
                                   "ssl.key.location", "ssl.keystore.location", "ssl.crl.location"};

/// Returns `"ssl.key.location" ("/etc/key.pem")`.
std::string with_file(const rd_kafka_conf_t* conf, const char* key) {
  const auto file = value_of(conf, key);
  if (!may_be_shown(key, file))
    return fmt::format("\"{}\"", key);
  return fmt::format("\"{}\" (\"{}\")", key, file);
}

/// Returns an empty text if the file can be read.
std::string why_unreadable(const std::string& file, bool may_be_a_folder) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0 || access(file.c_str(), R_OK) != 0)
    return std::strerror(errno);
  if (S_ISDIR(found.st_mode) && !may_be_a_folder)
    return "it is a folder";
  return {};
}

/// Searches the first 4 KiB of the PEM file for the word ENCRYPTED, because OpenSSL's last error
/// does not mention a wrong password.
bool is_encrypted(const std::string& file) {
  std::ifstream in{file};
  std::array<char, 4096> begin{};
  in.read(begin.data(), begin.size());
  return std::string_view{begin.data(), static_cast<std::size_t>(in.gcount())}.find("ENCRYPTED")
         != std::string_view::npos;
}

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

} // namespace

std::vector<std::string> unreadable_files(const rd_kafka_conf_t* conf) {
  std::vector<std::string> lines;
  const auto protocol = value_of(conf, "security.protocol");
  if (protocol != "ssl" && protocol != "sasl_ssl")
    return lines;
  for (const auto* key : keys_of_files) {
    const auto file = value_of(conf, key);
    if (file.empty() || (key == ca_location && file == "probe"))
      continue;
    if (const auto why = why_unreadable(file, key == ca_location); !why.empty())
      lines.push_back(
        may_be_shown(key, file)
          ? fmt::format("\"{}\" names \"{}\", which cannot be read: {}", key, file, why)
          : fmt::format("\"{}\" names a file that cannot be read: {}", key, why));
  }
  return lines;
}

std::string explain_key_files(const rd_kafka_conf_t* conf, const std::string& text) {
  if (has(text, "key values mismatch") || has(text, "Private key check failed"))
    return fmt::format("{} does not match the certificate {}: {}",
                       with_file(conf, "ssl.key.location"),
                       with_file(conf, "ssl.certificate.location"), text);
  if (has(text, "PKCS#12") && (has(text, "mac verify failure") || has(text, "invalid password")))
    return fmt::format("\"ssl.keystore.password\" does not open the key store {}: {}",
                       with_file(conf, "ssl.keystore.location"), text);
  if (has(text, "ssl.key.location failed") && is_encrypted(value_of(conf, "ssl.key.location")))
    return fmt::format("\"ssl.key.password\" does not open the encrypted key {}: {}",
                       with_file(conf, "ssl.key.location"), text);
  for (const auto* key : keys_of_files)
    if (has(text, key))
      return fmt::format("{} cannot be used: {}", with_file(conf, key), text);
  return text;
}

} // namespace ottla::kafka
