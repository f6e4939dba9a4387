#pragma once

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ottla::test {

/// A temporary folder of keys and certificates, made by the program openssl. `ca.pem` is an
/// authority, which signs the other certificates.
class certificates {
public:
  certificates() {
    std::string folder = (std::filesystem::temp_directory_path() / "ottla_tls_XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
      throw std::runtime_error{"cannot create a folder for certificates"};
    folder_ = folder;
    make_authority("ca");
  }
  ~certificates() { std::filesystem::remove_all(folder_); }
  certificates(const certificates&) = delete;
  certificates& operator=(const certificates&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// Creates `NAME.pem` and `NAME.key`.
  void make_authority(const std::string& name) const {
    run("req -x509 " + elliptic + " -nodes -keyout " + path(name + ".key") + " -out "
        + path(name + ".pem") + " -days 2 -subj /CN=" + name);
  }

  /// Creates `NAME.pem` and `NAME.key` for a host, as in `DNS:localhost`.
  void sign(const std::string& name, const std::string& host) const {
    request(name, host);
    run("x509 -req -in " + path(name + ".csr") + " -CA " + path("ca.pem") + " -CAkey "
        + path("ca.key") + " -CAcreateserial -extfile " + path(name + ".ext") + " -days 2 -out "
        + path(name + ".pem"));
  }

  /// Like sign, but valid only for a day in 2020. `openssl x509` of version 3.5 rejects negative
  /// days.
  void sign_expired(const std::string& name, const std::string& host) const {
    request(name, host);
    std::ofstream{path("index")};
    std::ofstream{path("ca.conf")}
      << "[ca]\ndefault_ca = it\n[it]\ndatabase = " << path("index")
      << "\nnew_certs_dir = " << folder_.string()
      << "\nrand_serial = yes\npolicy = any\n[any]\ncommonName = supplied\n";
    run("ca -batch -notext -config " + path("ca.conf") + " -cert " + path("ca.pem") + " -keyfile "
        + path("ca.key") + " -md sha256 -startdate 20200101000000Z -enddate "
        + "20200102000000Z -extfile " + path(name + ".ext") + " -in " + path(name + ".csr")
        + " -out " + path(name + ".pem"));
  }

  void run(const std::string& arguments) const {
    if (std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) != 0)
      throw std::runtime_error{"openssl " + arguments};
  }

private:
  /// Creates `NAME.csr`, `NAME.key`, and the extensions of the certificate in `NAME.ext`.
  void request(const std::string& name, const std::string& host) const {
    run("req " + elliptic + " -nodes -keyout " + path(name + ".key") + " -out "
        + path(name + ".csr") + " -subj /CN=" + name);
    std::ofstream{path(name + ".ext")} << "subjectAltName=" << host << '\n';
  }

  const std::string elliptic = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1";
  std::filesystem::path folder_;
};

/// A server on a loopback port that speaks TLS but not Kafka. The destructor kills the server.
class tls_server {
public:
  tls_server(const certificates& of, const std::string& name, std::vector<std::string> more = {}) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
      throw std::runtime_error{"cannot create a pipe"};
    const auto certificate = of.path(name + ".pem");
    const auto key = of.path(name + ".key");
    std::vector<const char*> arguments{"openssl",           "s_server", "-accept",  "127.0.0.1:0",
                                       "-naccept",          "1000",     "-www",     "-cert",
                                       certificate.c_str(), "-key",     key.c_str()};
    for (const auto& each : more)
      arguments.push_back(each.c_str());
    arguments.push_back(nullptr);
    child_ = fork();
    if (child_ < 0)
      throw std::runtime_error{"fork failed"};
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execvp("openssl", const_cast<char* const*>(arguments.data()));
      _exit(1);
    }
    close(ends[1]);
    output_ = ends[0];
    // The line to parse is `ACCEPT 127.0.0.1:40001`.
    std::string line;
    for (char one = 0; port_.empty() && read(output_, &one, 1) == 1; line += one)
      if (one == '\n') {
        if (line.find("ACCEPT") != std::string::npos)
          port_ = line.substr(line.rfind(':') + 1);
        line.clear();
      }
    if (port_.empty())
      throw std::runtime_error{"openssl s_server did not start"};
  }
  ~tls_server() {
    ::kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    ::close(output_);
  }
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;

  std::string port() const { return port_; }

private:
  pid_t child_ = -1;
  int output_ = -1;
  std::string port_;
};

} // namespace ottla::test
