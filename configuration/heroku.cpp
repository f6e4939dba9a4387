#include <ottla/configuration/heroku.hpp>
#include <ottla/kafka/internal/settings/broker_list.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::string_view url = "KAFKA_URL";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

struct scheme {
  std::string_view text;
  bool encrypted;
};

std::optional<scheme> scheme_of(std::string_view address) {
  for (const auto each : {scheme{"kafka+ssl://", true}, scheme{"kafka://", false}})
    if (address.starts_with(each.text))
      return each;
  return std::nullopt;
}

/// The addresses without schemes, and whether they are encrypted.
struct endpoints {
  std::string brokers = {};
  std::optional<bool> encrypted = std::nullopt;
  std::vector<std::string> faults = {};
};

endpoints parse(std::string_view text) {
  endpoints all;
  if (text.find('@') != std::string_view::npos) {
    // A password may contain any character, so no part of the text is parsed or quoted.
    all.faults.push_back(
      fmt::format("{}: contains credentials before '@': Heroku authenticates by certificate", url));
    return all;
  }
  bool mixed = false;
  for (std::size_t begin = 0, number = 1; begin != std::string_view::npos; ++number) {
    const auto end = text.find(',', begin);
    const auto length = end == std::string_view::npos ? end : end - begin;
    auto address = trimmed(text.substr(begin, length));
    begin = end == std::string_view::npos ? end : end + 1;
    const auto found = scheme_of(address);
    if (!found) {
      all.faults.push_back(
        fmt::format("{}: broker {} must begin with kafka:// or kafka+ssl://", url, number));
      continue;
    }
    address.remove_prefix(found->text.size());
    if (address.ends_with('/'))
      address.remove_suffix(1);
    mixed = mixed || (all.encrypted && *all.encrypted != found->encrypted);
    all.encrypted = found->encrypted;
    all.brokers += (all.brokers.empty() ? "" : ",") + std::string{address.empty() ? " " : address};
  }
  if (mixed)
    all.faults.push_back(
      fmt::format("{}: all brokers must have the same scheme, kafka:// or kafka+ssl://", url));
  // The numbers of brokers would be wrong if one has no scheme.
  if (all.faults.empty())
    for (const auto& fault : parse_brokers(all.brokers).faults)
      all.faults.push_back(fmt::format("{}: {}", url, fault));
  return all;
}

/// nullopt if the variable is not set or is empty.
pem text_in(const environment& variables, const std::string& name) {
  const auto found = variables.find(name);
  if (found == variables.end() || found->second.empty())
    return std::nullopt;
  return pem_text{found->second};
}

} // namespace

heroku_settings read_heroku_settings(const environment& variables) {
  heroku_settings read;
  const auto found = variables.find(std::string{url});
  if (found == variables.end() || trimmed(found->second).empty()) {
    read.faults.push_back(fmt::format("{}: must be set and not empty", url));
    return read;
  }
  auto all = parse(found->second);
  if (all.encrypted.value_or(false)) {
    auto& tls = read.security.tls.emplace();
    tls.ca = text_in(variables, "KAFKA_TRUSTED_CERT");
    tls.certificate = text_in(variables, "KAFKA_CLIENT_CERT");
    tls.key = text_in(variables, "KAFKA_CLIENT_CERT_KEY");
    tls.verify_host = !tls.ca;
    if (tls.certificate.has_value() != tls.key.has_value())
      all.faults.push_back(fmt::format("KAFKA_CLIENT_CERT{}: must be set if KAFKA_CLIENT_CERT{} is",
                                       tls.key ? "" : "_KEY", tls.key ? "_KEY" : ""));
  }
  read.faults = std::move(all.faults);
  if (read.faults.empty())
    read.brokers = to_string(parse_brokers(all.brokers));
  else
    read.security = {};
  return read;
}

} // namespace ottla::kafka
