#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/internal/driver/librdkafka/token_refresh.hpp>
#include <ottla/kafka/internal/settings/oauth_check.hpp>
#include <ottla/kafka/internal/text/unsecured_jwt.hpp>

#include "event_pump.hpp"
#include "support/administer.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using wall_clock = std::chrono::system_clock;
using keys = std::map<std::string, std::string>;

const std::string token_value = "a-secret-token";

cluster_settings asking(oauth_provider tokens) {
  return {.brokers = "127.0.0.1:1",
          .oauth_tokens = std::move(tokens),
          .extra = {{"security.protocol", "sasl_plaintext"},
                    {"sasl.mechanisms", "OAUTHBEARER"},
                    {"sasl.oauthbearer.config", "for the provider"}}};
}

oauth_token valid_for(std::chrono::milliseconds life) {
  return {.value = token_value, .expires = wall_clock::now() + life, .principal = "anna"};
}

/// Records the requests to a token provider, and controls whether the provider answers.
class asked_provider {
public:
  explicit asked_provider(std::chrono::milliseconds life = 1h) : life_{life} {}

  std::variant<oauth_token, error> answer(const std::string& config) {
    std::unique_lock guard{lock_};
    configs_.push_back(config);
    threads_.push_back(std::this_thread::get_id());
    changed_.notify_all();
    changed_.wait(guard, [this] { return open_; });
    return valid_for(life_);
  }

  bool wait_until_asked(std::size_t times) {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, 15s, [&] { return configs_.size() >= times; });
  }

  void set_open(bool open) {
    const std::scoped_lock guard{lock_};
    open_ = open;
    changed_.notify_all();
  }

  std::string first_config() {
    const std::scoped_lock guard{lock_};
    return configs_.at(0);
  }

  bool was_asked_here() {
    const std::scoped_lock guard{lock_};
    return std::ranges::find(threads_, std::this_thread::get_id()) != threads_.end();
  }

private:
  const std::chrono::milliseconds life_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<std::string> configs_;
  std::vector<std::thread::id> threads_;
  bool open_ = true;
};

oauth_provider provider_of(const std::shared_ptr<asked_provider>& by) {
  return [by](const std::string& config) { return by->answer(config); };
}

/// Returns the first authentication failure, or an empty text if none arrives.
std::string failure(member& of, std::chrono::milliseconds within = 15s) {
  const auto until = steady::now() + within;
  for (auto left = within; left > 0ms;
       left = std::chrono::ceil<std::chrono::milliseconds>(until - steady::now()))
    if (const auto told = of.find<handle_failed>(left);
        told && told->what.code == errc::authentication_failed)
      return told->what.text;
  return {};
}

std::string failure_with(oauth_provider tokens) {
  member who{make_librdkafka_driver(asking(std::move(tokens)))->open_consumer(quick("g"))};
  return failure(who);
}

} // namespace

TEST_SUITE("oauth" * doctest::timeout(120)) {
  TEST_CASE("OAUTHBEARER settings with no token source, several sources or an unused provider are "
            "rejected") {
    const keys wanted{{"security.protocol", "sasl_ssl"}, {"sasl.mechanisms", "OAUTHBEARER"}};
    const auto with = [&](const std::string& key, const std::string& value) {
      auto more = wanted;
      more[key] = value;
      return more;
    };
    CHECK(check_oauth({}, false) == std::nullopt);
    CHECK(check_oauth({{"sasl.mechanisms", "PLAIN"}}, false) == std::nullopt);
    CHECK(check_oauth(wanted, true) == std::nullopt);
    CHECK(check_oauth(wanted, false).value().find("without a source of tokens")
          != std::string::npos);
    CHECK(check_oauth({{"sasl.mechanism", "OAUTHBEARER"}}, false).has_value());
    CHECK(check_oauth(with("sasl.oauthbearer.method", "oidc"), false) == std::nullopt);
    CHECK(check_oauth(with("enable.sasl.oauthbearer.unsecure.jwt", "true"), false) == std::nullopt);
    CHECK(check_oauth(with("enable.sasl.oauthbearer.unsecure.jwt", "false"), false).has_value());
    CHECK(check_oauth(with("enable.sasl.oauthbearer.unsecure.jwt", "true"), true).has_value());
    CHECK(check_oauth(with("sasl.oauthbearer.method", "OIDC"), true).has_value());
    CHECK(check_oauth(with("security.protocol", "ssl"), true).value().find("\"ssl\"")
          != std::string::npos);
    CHECK(check_oauth({}, true).has_value());

    const connection settings{.name = "c", .brokers = "b", .extra = wanted};
    REQUIRE(validate(settings).size() == 1);
    CHECK(validate(settings)[0].find("connection \"c\": \"sasl.mechanisms\"") == 0);
    // If only one handle's own keys request tokens, opening that handle fails.
    const auto kafka = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
    const auto refused = kafka->open_producer({.extra = wanted});
    REQUIRE(std::holds_alternative<error>(refused));
    CHECK(std::get<error>(refused).code == errc::bad_setting);
    CHECK(std::get<error>(refused).text == check_oauth(wanted, false));
  }

  TEST_CASE("each handle calls the token provider on its own thread, and calls it again if the "
            "token is short-lived") {
    const auto tokens = std::make_shared<asked_provider>(1500ms);
    const auto kafka = make_librdkafka_driver(asking(provider_of(tokens)));
    member who{kafka->open_consumer(quick("g"))};
    REQUIRE(tokens->wait_until_asked(1));
    CHECK(tokens->first_config() == "for the provider");
    CHECK(tokens->wait_until_asked(2));
    const auto others = std::make_shared<asked_provider>();
    const auto another = make_librdkafka_driver(asking(provider_of(others)));
    sender to{another->open_producer({})};
    CHECK(others->wait_until_asked(1));
    static_cast<void>(administer(*another, list_topics_request{.within = 200ms}));
    CHECK(others->wait_until_asked(2));
    CHECK_FALSE(tokens->was_asked_here());
    CHECK_FALSE(others->was_asked_here());
  }

  TEST_CASE("errors about a failing token provider or an unusable token do not contain the token") {
    const auto good = [](const auto& change) {
      return [change](const std::string&) -> std::variant<oauth_token, error> {
        auto token = valid_for(1h);
        change(token);
        return token;
      };
    };
    const std::string begin = "Failed to acquire SASL OAUTHBEARER token: ";
    CHECK(failure_with([](const std::string&) {
            return error{.code = errc::unreachable, .text = "the identity provider is away"};
          })
          == begin + "the identity provider is away");
    CHECK(failure_with([](const std::string&) -> std::variant<oauth_token, error> {
            throw std::runtime_error{"no key"};
          })
          == begin + "no key");
    CHECK(failure_with([](const std::string&) -> std::variant<oauth_token, error> { throw 1; })
          == begin + "the provider of tokens threw an exception");
    CHECK(failure_with(good([](oauth_token& of) { of.value += '\x01'; }))
          == begin + "the token contains a character that cannot be sent");
    // These texts contain a JSON web token, and credentials in a URL.
    for (const auto* text : {"expired: eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.c2VjcmV0",
                             "no answer of https://anna:hunter2@idp/token"}) {
      const auto told = failure_with([&](const std::string&) -> std::variant<oauth_token, error> {
        throw std::runtime_error{text};
      });
      CHECK(told.find("***") != std::string::npos);
      CHECK(told.find("c2VjcmV0") == std::string::npos);
      CHECK(told.find("hunter2") == std::string::npos);
    }
    CHECK(failure_with([](const std::string&) -> std::variant<oauth_token, error> {
            throw std::runtime_error{"no login with password=hunter2\nclient_secret=hunter2 "
                                     "{\"token\":\"hunter2\"} Bearer hunter2"};
          })
          == begin
               + "no login with password=***\\nclient_secret=*** {\"token\":\"***\"} Bearer ***");
    CHECK(failure_with(good([](oauth_token& of) { of.value.clear(); }))
          == begin + "the token is empty");
    CHECK(failure_with(good([](oauth_token& of) { of.expires = wall_clock::now() - 1s; }))
          == begin + "the token has already expired");
    CHECK(failure_with(good([](oauth_token& of) {
            of.extensions = {{"auth", token_value}};
          }))
          == begin + "an extension name must have letters only, and must not be \"auth\"");
    CHECK(failure_with(good([](oauth_token& of) {
            of.extensions = {{"team", token_value + '\x02'}};
          }))
          == begin + "the extension \"team\" contains a character that cannot be sent");
    const auto asked
      = list_topics(asking(good([](oauth_token& of) { of.value += '\x01'; })), 500ms);
    REQUIRE_FALSE(asked);
    CHECK(asked.error().code == errc::authentication_failed);
    CHECK(asked.error().text.find(token_value) == std::string::npos);
  }

  TEST_CASE(
    "a handle can be destroyed while its token provider blocks, and releases the provider later") {
    auto tokens = std::make_shared<asked_provider>();
    tokens->set_open(false);
    {
      const auto kafka = make_librdkafka_driver(asking(provider_of(tokens)));
      member who{kafka->open_consumer(quick("g"))};
      REQUIRE(tokens->wait_until_asked(1));
      const auto began = steady::now();
      who.destroy();
      CHECK(steady::now() - began < 500ms);
    }
    CHECK(tokens.use_count() > 1);
    tokens->set_open(true);
    CHECK(await_reaped(30s) == 0);
    CHECK(tokens.use_count() == 1);
  }

  TEST_CASE("a handle that fails to open releases its token provider") {
    const auto tokens = std::make_shared<asked_provider>();
    auto settings = asking(provider_of(tokens));
    settings.extra["security.protocol"] = "sasl_ssl";
    settings.extra["ssl.ca.location"] = "/no/such/file";
    CHECK(
      std::holds_alternative<error>(make_librdkafka_driver(settings)->open_consumer(quick("g"))));
    settings = {};
    CHECK(tokens.use_count() == 1);
  }

  TEST_CASE("a token may expire at the clock's latest time, and an expired token is rejected") {
    using std::chrono::sys_seconds;
    const auto until = [](saturating_time end) {
      return [end](const std::string&) -> std::variant<oauth_token, error> {
        auto token = valid_for(1h);
        token.expires = end;
        return token;
      };
    };
    for (const saturating_time end :
         {saturating_time{sys_seconds::max()},
          saturating_time{std::chrono::sys_time<std::chrono::hours>::max()}}) {
      member who{make_librdkafka_driver(asking(until(end)))->open_consumer(quick("g"))};
      CHECK(failure(who, 1s) == "");
    }
    for (const saturating_time end : {saturating_time{sys_seconds::min()},
                                      saturating_time{sys_seconds{-1s}}, saturating_time{}})
      CHECK(failure_with(until(end))
            == "Failed to acquire SASL OAUTHBEARER token: the token has already expired");
  }

  TEST_CASE("an unsecured token has the claims of its configuration and no signature") {
    const auto made = make_unsecured_token(
      "principal=anna scope=a,b lifeSeconds=60 principalClaimName=name extension_team=red");
    REQUIRE(std::holds_alternative<oauth_token>(made));
    const auto& token = std::get<oauth_token>(made);
    // The first part is Base64 of {"alg":"none"}. The second part begins with Base64 of
    // {"name":"anna" and a comma.
    CHECK(token.value.starts_with("eyJhbGciOiJub25lIn0.eyJuYW1lIjoiYW5uYSIs"));
    CHECK(token.value.ends_with("."));
    CHECK(std::ranges::count(token.value, '.') == 2);
    CHECK(token.principal == "anna");
    CHECK(token.extensions.at("team") == "red");
    CHECK(token.expires > wall_clock::now() + 50s);
    CHECK(token.expires < wall_clock::now() + 61s);
    CHECK(std::get<oauth_token>(make_unsecured_token("principal=x lifeSeconds=2147483647")).expires
          > wall_clock::now() + 2'147'483'000s);
    for (const auto* bad :
         {"2147483648", "99999999999999999999", "-1", "0", "-99999999999999999999"})
      CHECK(
        std::get<error>(make_unsecured_token(std::string{"principal=x lifeSeconds="} + bad)).text
        == "\"sasl.oauthbearer.config\": lifeSeconds must be a number of seconds, from 1 to "
           "2147483647");
    for (const auto* bad : {"", "scope=a", "principal=", "principal=x lifeSeconds=0",
                            "principal=x lifeSeconds=soon", "principal=x what=this", "principal"})
      CHECK(std::holds_alternative<error>(make_unsecured_token(bad)));
  }

  TEST_CASE("unsecured tokens with a life of one second cause no authentication failure") {
    auto settings = asking(nullptr);
    settings.extra["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
    settings.extra["sasl.oauthbearer.config"] = "principal=anna lifeSeconds=1";
    member who{make_librdkafka_driver(settings)->open_consumer(quick("g"))};
    CHECK(failure(who, 3s) == "");
  }

  TEST_CASE(
    "an error of a token provider does not contain tokens that the provider returned earlier") {
    bool fails = false;
    const auto provider
      = without_tokens_in_texts([&](const std::string&) -> std::variant<oauth_token, error> {
          if (fails)
            return error{.text = "refused: " + token_value};
          return valid_for(1h);
        });
    CHECK(std::holds_alternative<oauth_token>(provider("")));
    fails = true;
    CHECK(std::get<error>(provider("")).text == "refused: ***");
  }
}
