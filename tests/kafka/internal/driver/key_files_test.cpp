#include <ottla/kafka/internal/driver/librdkafka/key_files.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace ottla::kafka;

namespace {

/// A configuration for TLS, and a folder for its files.
struct configured {
  configured() {
    std::filesystem::create_directories(folder);
    set("security.protocol", "ssl");
  }
  ~configured() { std::filesystem::remove_all(folder); }
  configured(const configured&) = delete;
  configured& operator=(const configured&) = delete;

  void set(const char* key, const std::string& value) const {
    REQUIRE(rd_kafka_conf_set(conf.get(), key, value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK);
  }

  /// Sets the key to the path of a new file, and returns the path.
  std::string set_file(const char* key, const std::string& content) const {
    const auto file = (folder / key).string();
    std::ofstream{file} << content;
    set(key, file);
    return file;
  }

  std::string explained(const std::string& text) const {
    return explain_key_files(conf.get(), text);
  }

  std::filesystem::path folder
    = std::filesystem::temp_directory_path() / ("key-files-test-" + std::to_string(getpid()));
  owned_conf conf{rd_kafka_conf_new()};
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("key_files") {
  TEST_CASE_FIXTURE(configured, "a handle with TLS reports one line for each missing file") {
    const auto missing = (folder / "missing.pem").string();
    set("ssl.key.location", missing);
    set("ssl.certificate.location", missing);
    set_file("ssl.crl.location", "");
    const auto lines = unreadable_files(conf.get());
    REQUIRE(lines.size() == 2);
    CHECK(has(lines[0], "\"ssl.certificate.location\""));
    CHECK(has(lines[1], "\"ssl.key.location\""));
    for (const auto& line : lines)
      CHECK(has(line, "cannot be read: No such file or directory"));
  }

  TEST_CASE_FIXTURE(configured, "a handle without TLS needs no files") {
    set("ssl.key.location", (folder / "missing.pem").string());
    set("security.protocol", "sasl_plaintext");
    CHECK(unreadable_files(conf.get()).empty());
    set("security.protocol", "sasl_ssl");
    CHECK(unreadable_files(conf.get()).size() == 1);
  }

  TEST_CASE_FIXTURE(configured, "only the path of the CA certificates may be a folder or `probe`") {
    set("ssl.ca.location", folder.string());
    CHECK(unreadable_files(conf.get()).empty());
    set("ssl.ca.location", "probe");
    CHECK(unreadable_files(conf.get()).empty());
    set("ssl.certificate.location", folder.string());
    const auto lines = unreadable_files(conf.get());
    REQUIRE(lines.size() == 1);
    CHECK(has(lines[0], "it is a folder"));
  }

  TEST_CASE_FIXTURE(configured, "a key that does not match its certificate is explained with both "
                                "settings and librdkafka's text") {
    set_file("ssl.key.location", "");
    set_file("ssl.certificate.location", "");
    const auto text = explained("ssl: key values mismatch");
    CHECK(has(text, "\"ssl.key.location\""));
    CHECK(has(text, "does not match the certificate \"ssl.certificate.location\""));
    CHECK(has(text, "ssl: key values mismatch"));
  }

  TEST_CASE_FIXTURE(configured,
                    "the error of a wrong key store password names the password's setting") {
    const auto text = explained("PKCS#12: mac verify failure");
    CHECK(has(text, "\"ssl.keystore.password\" does not open the key store"));
    CHECK_FALSE(has(explained("PKCS#12: no such thing"), "ssl.keystore.password"));
  }

  TEST_CASE_FIXTURE(
    configured,
    "the error of an unusable key names the password's setting only if the key is encrypted") {
    const std::string failed = "ssl.key.location failed: bad decrypt";
    set_file("ssl.key.location", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    CHECK(has(explained(failed), "\"ssl.key.password\" does not open the encrypted key"));
    set_file("ssl.key.location", "-----BEGIN PRIVATE KEY-----\n");
    CHECK_FALSE(has(explained(failed), "ssl.key.password"));
    CHECK(has(explained(failed), "\"ssl.key.location\""));
    CHECK(has(explained(failed), "cannot be used: " + failed));
  }

  TEST_CASE_FIXTURE(configured, "an error text that is not about key files stays unchanged") {
    CHECK(explained("no bootstrap servers") == "no bootstrap servers");
    CHECK(explained("") == "");
  }
}
